import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'linear-key',
  family: 'secret',
  summary: 'Linear API keys, OAuth tokens and webhook secrets.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\blin_(?:api|wh|oauth)_[A-Za-z0-9]{32,64}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `export LINEAR_KEY="${'lin_api_'}r7QknNK35zhiGMU3rBMIBdDlxhguvTgruqZCz7KK"`,
    `const client = new Client("${'lin_oauth_'}29d1ba56c2135a2425b73af8436f05960f8a9883c95396106a5b1b157d5817b3");`,
    `linear_key: '${'lin_wh_'}r7QM8VBHoM6eeOEBchiF0n3dZzj3FuDV1FlCOaOY'`,
    `| LINEAR_KEY | ${'lin_api_'}r7Q9UohUamJDL9Cm3BYUdrMdEHYs6g9mkzt2eM9I |`,
  ],
  ignores: [
    `${'lin_api_'}r7QiWoxUH`,
    `x${'lin_api_'}r7QiWoxUHiaDK6D4H1ViEdXbmickMEAhjF0bKS2K`,
    `${'lin_api_'}${'x'.repeat(40)}`,
    'lin_api_ is how such a token begins',
    'LINEAR_KEY=process.env.LINEAR_KEY',
    'linear_key: <your token>',
  ],
});
