import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'typeform-token',
  family: 'secret',
  summary: 'Typeform personal access tokens: tfp_ and 40 to 59 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  pattern: /\btfp_[A-Za-z0-9_=-]{40,64}/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `const client = new Client("${'tfp_'}DMDT2hbCJLZRb4DBZf4VaW3bXqVpfRSAhkFr64rmb9fx");`,
    `typeform_token: '${'tfp_'}elJ5Y0wj4raK3r1KNDeaylnYECVHvAHg8rBKOiEHOeFo0_lRHZ2rKY7WAFv'`,
    `the key is ${'tfp_'}1odhPrvLYGxWsjliphpzkmL2-wk843rIKEg_NdEgUOCk, please rotate it`,
    `Authorization: Bearer ${'tfp_'}eg14YxG2ZPOnvuNE0mg4VULpYppkqTP2Kq2OupSnRYP6x4puL--_bG-yIXs`,
  ],
  ignores: [
    `${'tfp_'}0eyGUYdsxY`,
    `x${'tfp_'}0eyGUYdsxYP_zbrcRMlSyxT6tK70Zc10NGRupOu_8_zX`,
    `${'tfp_'}${'x'.repeat(44)}`,
    'tfp_ is how such a token begins',
    'TYPEFORM_TOKEN=process.env.TYPEFORM_TOKEN',
    'typeform_token: <your token>',
  ],
});
