import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'slack-token',
  family: 'secret',
  summary: 'Slack bot, user, legacy and session tokens: xox, a letter, ids in digits and a random part.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\bxox[bepsocd]-(?:\d{1,2}-)?(?:\d{6,14}-){1,3}[A-Za-z0-9]{8,64}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `curl -H "X-Token: ${'xoxb-'}671458072797-3476550682729-r7QixsHrrcLz7ZqfCNuOoVUN" https://api.example.com/v1`,
    `export SLACK_TOKEN="${'xoxp-'}484786301981-933030593258-8338627511295-4e21b1344716d83bd1064bfee9c8c035"`,
    `SLACK_TOKEN=${'xoxs-'}470414466138-966705065-6321995403-1c0593148a`,
    `the key is ${'xoxb-'}934401788297-r7QvrtCFgIbE5QY0SGNTXDC9, please rotate it`,
  ],
  ignores: [
    `${'xoxb-'}87423443554`,
    `x${'xoxb-'}874234435540-4849130474206-r7QTzSIdGl9MveUvIcLQfe7R`,
    `${'xoxb-'}${'x'.repeat(51)}`,
    'xoxb- is how such a token begins',
    'xoxb-99-short',
    'xoxp-12-34-56-0c9e1f2a3b4c5d6e7f8091a2b3c4d5e6',
    'xoxb-the-token-of-our-bot',
  ],
});
