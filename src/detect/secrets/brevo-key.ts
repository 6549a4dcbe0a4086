import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'brevo-key',
  family: 'secret',
  summary: 'Brevo (Sendinblue) API and SMTP keys.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\bx(?:keysib|smtpsib)-[0-9a-f]{64}-[A-Za-z0-9]{16}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `--token ${'xkeysib-'}34d75e3dbdd5221708768ee97dc750cd374aadfd80bc45bf1326fe386be1e2d7-r7Q5NmaydJ8i0nWJ --verbose`,
    `const client = new Client("${'xsmtpsib-'}39830f7b968eeef17ffc81bfb93b5643bc004c8aeb74bf3e7c6e00555e27a14e-r7Qt7SeURbw4qNXW");`,
    `BREVO_KEY=${'xkeysib-'}aeafbc536d16d174edba67dd827066122e165614dfcb352e5585e0d7b5705d87-r7QYFMjmkj7PJGEZ`,
    `brevo_key: '${'xsmtpsib-'}2653c581d4e39b4bd00576d4786583c55e25f830045e195e5cafe9387a373f26-r7QEWuGHTAr5RTe6'`,
  ],
  ignores: [
    `${'xkeysib-'}a520761c4434ba41ab5`,
    `x${'xkeysib-'}a520761c4434ba41ab5f954f389edf875825db568a92d1f45bbd68600cabfdb8-r7QkYy6n9GQDUtGy`,
    `${'xkeysib-'}${'x'.repeat(81)}`,
    'xkeysib- is how such a token begins',
    'BREVO_KEY=process.env.BREVO_KEY',
    'brevo_key: <your token>',
  ],
});
