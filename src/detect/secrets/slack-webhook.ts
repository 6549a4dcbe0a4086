import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'slack-webhook',
  family: 'secret',
  summary: 'Slack webhook, workflow and trigger URLs: whoever has one can post.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  pattern:
    /\bhooks\.slack(?:-gov)?\.com\/(?:services\/T[A-Za-z0-9]{6,14}\/B[A-Za-z0-9]{6,14}\/[A-Za-z0-9]{20,28}|(?:workflows|triggers)\/[TE][A-Za-z0-9]{6,14}\/(?:[A-Za-z0-9]{6,20}\/){1,2}[A-Za-z0-9]{16,40})\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `SLACK_WEBHOOK=https://${'hooks.slack.com/services/T'}2OMPLFCHE/B1O8PMUOMDR/r7QgqMrrbs6xPVGbd9SAhIS2`,
    `curl -X POST https://${'hooks.slack.com/workflows/T'}A9Y0A21OF/A51SUAHYBL8/191995614963816420/r7QoY6Fq7omnIpqsm7H2lbrw`,
    `{"webhook":"https://${'hooks.slack.com/triggers/T'}OT4F7J9E2/5612427411988/2ce4aea6d3b66abaef412ea2e9398901"}`,
    `posts to https://${'hooks.slack.com/services/T'}WQAIFMERM/BXM87KQ924P/r7QoyIaFtuTswC9VH1jlAZFF.`,
  ],
  ignores: [
    'https://hooks.slack.com/services/',
    'https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX',
    'see https://api.slack.com/messaging/webhooks',
    'SLACK_WEBHOOK=process.env.SLACK_WEBHOOK',
    'slack_webhook: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
  ],
});
