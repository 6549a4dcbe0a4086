import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'pagerduty-key',
  family: 'secret',
  summary: 'PagerDuty API tokens and routing keys, by the name of the service.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('pager[_-]?duty[\\w .-]{0,16}(?:key|token)', '\\b(?:[A-Za-z0-9_+-]{20}|[0-9a-f]{32}|R[0-9A-Z]{31})\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `PAGERDUTY_API_KEY=${'r7QATQ'}9dbU9Quwk9NAWH`,
    `{"pagerdutyToken": "${'r7Q7Gj'}dAoCNuavip7S9v"}`,
    `PagerDuty routing key is ${'r7QiAT'}hwj1DOrV3IzTj2`,
    `PAGERDUTY_API_KEY = '${'r7Qo7a'}ELlzs9gEV4KZJy'`,
  ],
  ignores: [
    'PAGERDUTY_API_KEY=process.env.PAGERDUTY_API_KEY',
    'PAGERDUTY_API_KEY=<your PagerDuty key>',
    `checksum=${'r7QXxW'}U8EBIIYa7U0WsX`,
    `PAGERDUTY_API_KEY=${'x'.repeat(20)}`,
    `PagerDuty answered in 120 ms, request ${'r7QXxW'}U8EBIIYa7U0WsX`,
    'pagerdutyToken=r7QAccoGO',
  ],
});
