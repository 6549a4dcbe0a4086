import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'honeycomb-key',
  family: 'secret',
  summary: 'Honeycomb ingest, configuration and management keys.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  pattern: /\bhc[abcdefx](?:ik|ic|lk|lc|mk|mc)_[0-9a-z]{26}[0-9a-z]{26,38}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `const client = new Client("${'hcaik_'}fp5dj9p89l1yop8ie1hs9ic6qivn83kfyxt104qsxfe67aor6mye0n710n");`,
    `{"token":"${'hcbik_'}aj3x17td67s2g3ipip9aeb9t8q8ugzgynbqqfyzi72rok34mz2deygqwdz"}`,
    `HONEYCOMB_KEY=${'hcxmk_'}3cdps03anvi127iajiff89xifm9kgx6umapjhau7ee2pul8opyqq7gjfcx`,
    `export HONEYCOMB_KEY="${'hcaik_'}a9szbbzx25lk9iohbswmx0qp4d18su277s5x8we381qgxdjsssx2hbagrc"`,
  ],
  ignores: [
    `${'hcaik_'}hb6dy2l5q4qal`,
    `x${'hcaik_'}hb6dy2l5q4qalqg012s8f6xwn9eimmi27715wos72scxtkyjwyxtsc5uul`,
    `${'hcaik_'}${'x'.repeat(58)}`,
    'hcaik_ is how such a token begins',
    'HONEYCOMB_KEY=process.env.HONEYCOMB_KEY',
    'honeycomb_key: <your token>',
  ],
});
