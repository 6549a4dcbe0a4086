import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'alibaba-access-key',
  family: 'secret',
  summary: 'Alibaba Cloud access key ids: prefix LTAI and 12, 16 or 20 letters and digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  // Alibaba Cloud RAM; the id belongs to a secret that is usually next to it.
  pattern: /\bLTAI(?:[A-Za-z0-9]{12}|[A-Za-z0-9]{16}|[A-Za-z0-9]{20})\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `ALIBABA_CLOUD_ACCESS_KEY_ID="${'LTAI'}tq7NQ1k0cePqAMjRRxbA"`,
    `{"token":"${'LTAI'}pL7eQUkKCxHCpE6QEGo9"}`,
    `my Alibaba Cloud key is ${'LTAI'}Lz7UQ3kN0igBW68TH8Hg, what do I do with it?`,
    `client = Client("${'LTAI'}fU7oQAkgKqygEAg95pLs")`,
    `--token ${'LTAI'}mq7fQJkoMe7BJjR9YvFf --verbose`,
  ],
  ignores: [
    `${'LTAI'}En7eQgkDREC5Iq`,
    `${'LTAI'}xxxxxxxxxxxxxxxxxxxx`,
    `a${'LTAI'}927cQ0kYQfPRQOdSWW4m`,
    'tokens of Alibaba Cloud begin with LTAI and are kept in the vault',
    'ALIBABA_CLOUD_ACCESS_KEY_ID=<your Alibaba Cloud key>',
  ],
});
