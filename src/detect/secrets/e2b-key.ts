import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'e2b-key',
  family: 'secret',
  summary: 'E2B API keys: prefix e2b_ and 40 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  // e2b.dev/docs/api-key.
  pattern: /\b(?:e2b|sk_e2b)_[0-9a-f]{40}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `E2B_API_KEY=${'e2b_'}4bdeb021c38782f032e52671ee5f0b2edc770b33`,
    `{"token":"${'e2b_'}f510b199f7141e92fa05f1a63d61a6959895a1fd"}`,
    `my E2B key is ${'e2b_'}96d0ad4ff7321e1453094058d3e99a44087e60ac, what do I do with it?`,
    `client = Client('${'e2b_'}ce5a807aaa68a1af7d781a723f6e803f53bcab1d')`,
  ],
  ignores: [
    `${'e2b_'}91fbc7ea14a0a`,
    `${'e2b_'}0000000000000000000000000000000000000000`,
    `q${'e2b_'}ec55de0db1a2254418f28b7a5833645ac841aca1`,
    'a key of E2B begins with e2b_ and is kept in the vault',
    'E2B_API_KEY=<your E2B key>',
  ],
});
