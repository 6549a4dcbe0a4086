import { detector } from '../detector.ts';

export default detector({
  name: 'automation-webhook',
  family: 'secret',
  summary: 'Webhook URLs of Zapier, Make, IFTTT, Pipedream and n8n cloud: whoever has one can start the automation.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.93,
  pattern:
    /\b(?:hooks\.zapier\.com\/hooks\/catch\/\d{4,10}\/(?:v\/)?[A-Za-z0-9]{6,24}|hook\.(?:[a-z]{2}\d\.)?(?:make|integromat)\.com\/[a-z0-9]{28,40}|maker\.ifttt\.com\/(?:trigger\/[A-Za-z0-9_{}-]{1,40}\/(?:json\/)?with|use)\/(?:key\/)?[A-Za-z0-9_-]{20,50})\b/,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `AUTOMATION_WEBHOOK=https://${'hooks.zapier.com/hooks/catch/'}7836795/blzoofd`,
    `curl -X POST https://${'hook.eu1.make.com/'}vq2dyu3javvt9x9wzx4v1eqj8n9lckbz`,
    `{"url":"https://${'maker.ifttt.com/trigger/door_open/with/key/'}zcV3ZjzzGqDVJC6PjNxazx"}`,
    `posts to https://${'hook.integromat.com/'}kt2c5i0nmv1o7ognpn0xmekzrdn966b3 daily`,
  ],
  ignores: [
    'https://hooks.zapier.com/hooks/catch/',
    'https://zapier.com/apps/webhook/integrations',
    'https://maker.ifttt.com/trigger/{event}/with/key/',
    'https://www.make.com/en/help/tools/webhooks',
    'AUTOMATION_WEBHOOK=process.env.AUTOMATION_WEBHOOK',
    'automation_webhook: <your token>',
  ],
});
