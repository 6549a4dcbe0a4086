import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'shippo-token',
  family: 'secret',
  summary: 'Shippo API tokens: shippo_, the mode and 40 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\bshippo_(?:live|test)_[0-9a-f]{40}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `export SHIPPO_TOKEN="${'shippo_live_'}57b2b5453a95ff2f3a242cb235a01f9a162f99fd"`,
    `Authorization: Bearer ${'shippo_test_'}d6f06dbd58b843d09f063f42b70bb86442198f2e`,
    `curl -H "X-Token: ${'shippo_live_'}68f060620ab67073c64df54fa137ea25e93c9f17" https://api.example.com/v1`,
    `--token ${'shippo_test_'}5906c54946ddfb72606fab4746f72668784d787b --verbose`,
  ],
  ignores: [
    `${'shippo_live_'}9580e2b3e`,
    `x${'shippo_live_'}9580e2b3e7a6b22ad635da485bebeadb8498a09b`,
    `${'shippo_live_'}${'x'.repeat(40)}`,
    'shippo_live_ is how such a token begins',
    'SHIPPO_TOKEN=process.env.SHIPPO_TOKEN',
    'shippo_token: <your token>',
  ],
});
