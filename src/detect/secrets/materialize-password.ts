import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'materialize-password',
  family: 'secret',
  summary: 'Materialize app passwords: prefix mzp_ and 64 hexadecimal digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // materialize.com/docs/console/create-new.
  pattern: /\bmzp_[0-9a-f]{64}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `MZ_PASSWORD=${'mzp_'}a319aac9bbcb3d107abdc5db31971339fbeedb799bb2ab3bdcdd0c0ead770cb5`,
    `{"token":"${'mzp_'}f57b4495f1fbcb401ca9f2b3938ef3eb537e7362853916848f299e595e0894d2"}`,
    `my Materialize key is ${'mzp_'}74b730853094971a20bbf67bf1d390fc82fb1bcab50451c83d5f3ec0088f7499, what do I do with it?`,
    `client = Client('${'mzp_'}cbb2ee5972151d02f91a7507ffb3b523ff67ac177dbc3a296954506eb64c33b9')`,
  ],
  ignores: [
    `${'mzp_'}2963b2c1fbb58d3ebc7f1`,
    `${'mzp_'}0000000000000000000000000000000000000000000000000000000000000000`,
    `q${'mzp_'}20cecf287f29c159e12071183f2205722659e03d4ab850fb55461d3ec9073665`,
    'a key of Materialize begins with mzp_ and is kept in the vault',
    'MZ_PASSWORD=<your Materialize key>',
  ],
});
