import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'porkbun-key',
  family: 'secret',
  summary: 'Porkbun API keys and secrets: prefix pk1_ or sk1_ and 64 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  // porkbun.com/api/json/v3/documentation.
  pattern: /\b[ps]k1_[0-9a-f]{64}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `PORKBUN_SECRET=${'pk1_'}6b573f060dff216088cc482d264e1686311c2356fb820764d282eaa53ebc64f3`,
    `{"token":"${'sk1_'}0ddb5b9acc575fbf5ab8fbf28d73f5da4352d274dad192618db2f4de9d09ba74"}`,
    `my Porkbun key is ${'sk1_'}126db5b4a9772d1b6b54489299f3f6f19ee700b9c70fa04e9b885c9e98811a4b, what do I do with it?`,
    `client = Client('${'pk1_'}6b6ca27e616bdc055ffe09d6b56ee73e1fc3a6cc6bce4aaba1103472aa9cb34b')`,
  ],
  ignores: [
    `${'pk1_'}31f0a063cfd83367d070f`,
    `${'pk1_'}0000000000000000000000000000000000000000000000000000000000000000`,
    `q${'sk1_'}c06a572eefecc988a82e7bdb9bca21e88ef60ca530c060375abe5d7e022c89bc`,
    'a key of Porkbun begins with pk1_ and is kept in the vault',
    'PORKBUN_SECRET=<your Porkbun key>',
  ],
});
