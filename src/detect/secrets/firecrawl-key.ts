import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'firecrawl-key',
  family: 'secret',
  summary: 'Firecrawl API keys: prefix fc- and 32 hexadecimal digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.93,
  // docs.firecrawl.dev.
  pattern: /\bfc-[a-f0-9]{32}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `FIRECRAWL_API_KEY="${'fc-'}bf6101616115bf21aa69e0170ced9c59"`,
    `{"token":"${'fc-'}611ea6fafc3b52a58e46f7d2f84f21fe"}`,
    `my Firecrawl key is ${'fc-'}e66e1a9bfa9a993c68b6dadb40a5d4a1, what do I do with it?`,
    `client = Client("${'fc-'}f9bf5cc298e67954c15e0897563f9b8b")`,
    `${'fc-'}d72471cf50c773fb64f1282b7f60035f`,
  ],
  ignores: [
    `${'fc-'}44e5b4c49628017ddb1deb78d5b25ce`,
    `${'fc-'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'fc-'}b9192f62237aba0e5885e47b44a20c4c`,
    'tokens of Firecrawl begin with fc- and are kept in the vault',
    'FIRECRAWL_API_KEY=<your Firecrawl key>',
  ],
});
