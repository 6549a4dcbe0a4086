import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'flutterwave-secret',
  family: 'secret',
  summary: 'Flutterwave secret keys and encryption keys, live and test.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /\bFLWSECK(?:_TEST)?-?(?:[A-Za-z0-9]{32}-X|[0-9a-f]{12})\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `| FLW_SECRET_KEY | ${'FLWSECK-'}r7Q6Gz0FqmgXID991U5cbaYi8A17T019-X |`,
    `FLW_SECRET_KEY=${'FLWSECK_TEST-'}r7QHIAPluTw08qbWT5oZBukahWGWbW2D-X`,
    `Authorization: Bearer ${'FLWSECK_TEST'}4b0cc57a3818`,
    `export FLW_SECRET_KEY="${'FLWSECK-'}r7QTkGPcp0wcxRET1XQHRzWnkbSOjVRg-X"`,
  ],
  ignores: [
    `${'FLWSECK-'}r7Q3xOh`,
    `x${'FLWSECK-'}r7Q3xOhmeWPwo2qMuo59yX8AHEBB8njL-X`,
    `${'FLWSECK-'}${'x'.repeat(34)}`,
    'FLWSECK- is how such a token begins',
    'FLWPUBK_TEST-a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6-X',
    'FLW_SECRET_KEY=process.env.FLW_SECRET_KEY',
  ],
});
