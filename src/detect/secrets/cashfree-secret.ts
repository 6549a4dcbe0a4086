import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'cashfree-secret',
  family: 'secret',
  summary: 'Cashfree secret keys: cfsk_ma_, the environment, 32 hexadecimal digits and a check.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.99,
  // cashfree.com/docs/api-reference.
  pattern: /\bcfsk_ma_(?:test|prod)_[0-9a-f]{32}_[0-9a-f]{8}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `CASHFREE_SECRET=${'cfsk_ma_prod_'}23f62f53a893fc5f76a5ab3df799cf74_91fd96d7`,
    `{"token":"${'cfsk_ma_prod_'}968527f18a6a6108db049f15c4db7451_04f61280"}`,
    `my Cashfree key is ${'cfsk_ma_prod_'}e5bfa4502fba01a1f50187d3b895fadd_1401469c, what do I do with it?`,
    `client = Client('${'cfsk_ma_test_'}a7a2a4ddd2d9e0707b6afcdc68255d24_84b255e1')`,
  ],
  ignores: [
    `${'cfsk_ma_prod_'}b3c92edf3d5f2`,
    `${'cfsk_ma_prod_'}00000000000000000000000000000000_00000000`,
    `q${'cfsk_ma_prod_'}3883a696c7a167a9f870c44744af01b7_4b4b4f61`,
    'a key of Cashfree begins with cfsk_ma_prod_ and is kept in the vault',
    'CASHFREE_SECRET=<your Cashfree key>',
  ],
});
