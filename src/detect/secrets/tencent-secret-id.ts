import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'tencent-secret-id',
  family: 'secret',
  summary: 'Tencent Cloud secret ids: prefix AKID and 32 letters and digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  // Tencent Cloud CAM; the id belongs to a secret key that is usually next to it.
  pattern: /\bAKID[A-Za-z0-9]{32}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `TENCENTCLOUD_SECRET_ID=${'AKID'}yE7RQzkFNSv4MggbqHGUY22AM5Ly8Vxo`,
    `token: ${'AKID'}ia7aQ0kqqxoDakAtBu2ycvwcUoZuNkZp\nregion: eu`,
    `my Tencent Cloud key is ${'AKID'}Ru7oQBk3uWWqEf2VvAPcZAhTUAUx6IES, what do I do with it?`,
    `client = Client("${'AKID'}C07fQMkTctMAiN1TJoXasJXQXkpePC2N")`,
    `--token ${'AKID'}nG7FQUk9abzTmgixzD2St2er4DGsopOQ --verbose`,
  ],
  ignores: [
    `${'AKID'}ws7rQ1k5MFUMD5SsM1N9UUvBbLJtRVZ`,
    `${'AKID'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'AKID'}GE73QFkVrEhgClSqhvBTfW7WHW0dANTS`,
    'tokens of Tencent Cloud begin with AKID and are kept in the vault',
    'TENCENTCLOUD_SECRET_ID=<your Tencent Cloud key>',
  ],
});
