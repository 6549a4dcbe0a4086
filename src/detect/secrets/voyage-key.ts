import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'voyage-key',
  family: 'secret',
  summary: 'Voyage AI API keys: prefix pa- and 43 characters, near the word voyage.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.93,
  // docs.voyageai.com; the prefix is short, so the name must be near.
  pattern: /\bpa-[A-Za-z0-9_-]{42}(?:\w\b|-\B)/,
  check: looksRandomMixed,
  nearby: ['voyage'],
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `VOYAGE_API_KEY=${'pa-'}LI7RQ4kncjcskJ8gqVlsuvnYOVcJBuKdnNnljaEnTpl`,
    `export VOYAGE_API_KEY='${'pa-'}vP7tQ8kbPZOToPiAY39ujy37_Ox8kaPAZodcCNhKQ16'; make deploy`,
    `my Voyage key is ${'pa-'}nc7BQAkzbWV_wSgOKVxkvYl4zXgjwX56ZE_Lw5CI_1y, what do I do with it?`,
    `{"voyage":{"apiKey":"${'pa-'}s-7LQEkHiyW4XMBfepg7KkbbnrckaNHEK6CNpkU2Jsj"}}`,
  ],
  ignores: [
    `key=${'pa-'}VG7fQ3kH8kUPgmrG4i5AK1uZ3a_lx2mdpXseDXDyTQG`,
    `${'pa-'}ik7fQOkUEbmp8hD2NA3gZuRBCZf9w5ELV_g_DmOZNF`,
    `${'pa-'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'pa-'}Be78Q9kB3md244fCiyWBV--TDduKR7kYz7bJxKlMbks`,
    'tokens of Voyage begin with pa- and are kept in the vault',
    'VOYAGE_API_KEY=<your Voyage key>',
  ],
});
