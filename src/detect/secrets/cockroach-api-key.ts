import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'cockroach-api-key',
  family: 'secret',
  summary: 'CockroachDB Cloud API keys: CCDB1_, an id of 22 and a secret of 40 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\bCCDB1_[A-Za-z0-9]{22}_[A-Za-z0-9]{40}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `{"token":"${'CCDB1_'}r7Q5gfTwf78Z2Ykgg9dwpy_r7QBXc5IXCtMraG3eSAXNWgGY7SDtZs3pSyRMQ1c"}`,
    `the key is ${'CCDB1_'}r7QAR5oKv9WJtyundmSH8z_r7QADrag7hhjf2Mlsn8lpWqXeDaaQHcy1zD4iso6, please rotate it`,
    `COCKROACH_API_KEY=${'CCDB1_'}r7QPU5CwnITpXlmDSuKCEZ_r7Qy8euwOlGKCLxvurcjWnT3pFuxyM2XDjzmdIdV`,
    `export COCKROACH_API_KEY="${'CCDB1_'}r7QY1mESWws7dW88GBSgLE_r7Q5BiblicbjZZdN8uZkF6jmsWxqbzLqzydcFCwX"`,
  ],
  ignores: [
    `${'CCDB1_'}r7QmvlwXhBrSCc`,
    `x${'CCDB1_'}r7QmvlwXhBrSCcqJPvn7wR_r7QboC7XrU5VOtofsduuAvl1SoaDHi6wQsZ0bRoC`,
    `${'CCDB1_'}${'x'.repeat(63)}`,
    'CCDB1_ is how such a token begins',
    'COCKROACH_API_KEY=process.env.COCKROACH_API_KEY',
    'cockroach_api_key: <your token>',
  ],
});
