import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'bitbucket-app-password',
  family: 'secret',
  summary: 'Bitbucket app passwords: ATBB, 24 letters and digits and eight hexadecimal digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // support.atlassian.com, "App passwords"; the last eight are a checksum that is not published.
  pattern: /\bATBB[A-Za-z0-9]{24}[A-F0-9]{8}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `BITBUCKET_APP_PASSWORD=${'ATBB'}Zu73QkkHXR3nDIaPDRYDpXaG48D1F0EA`,
    `{"token":"${'ATBB'}FF7TQYkzR0bxNwqQaTY3m3a5F3025343"}`,
    `my Bitbucket key is ${'ATBB'}er7tQ8kT6rQycLMWnZZ3vRLBB0B40FC8, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'ATBB'}Qb7wQ6kdU9PTJHL5owbhoYEr8029FF83" https://api.example.org/v1`,
    `(${'ATBB'}xD7tQ7ks9KyYKiihA4Ln3eFk05AC4A6D)`,
  ],
  ignores: [
    `${'ATBB'}2679QdklqMWZuylxTxz73kdJZDjL`,
    `${'ATBB'}xxxxxxxxxxxxxxxxxxxxxxxx00000000`,
    `a${'ATBB'}Bc72QEk1ODoBkK8hvDKnymmy1D537B2A`,
    'tokens of Bitbucket begin with ATBB and are kept in the vault',
    'BITBUCKET_APP_PASSWORD=<your Bitbucket key>',
  ],
});
