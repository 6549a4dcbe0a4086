import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'xata-api-key',
  family: 'secret',
  summary: 'Xata API keys: xau_ and 36 to 40 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /\bxau_[A-Za-z0-9]{33,44}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `{"token":"${'xau_'}r7QVp4bKh3VA354ZBIYrGhojlyxu3IvAisEWml"}`,
    `the key is ${'xau_'}r7QI1YE4A5ZNelv7hST0oO0I7gXDjtBnL2Jx0w, please rotate it`,
    `XATA_API_KEY=${'xau_'}r7QIGJ6hrTvWtEwfRLmVTvMiQ7pxCmv1dgfE8A`,
    `--token ${'xau_'}r7QCRJoFfwwFeMC55HEK9w7vcnILF5h3EGDdHJ --verbose`,
  ],
  ignores: [
    `${'xau_'}r7QO6AZU`,
    `x${'xau_'}r7QO6AZUCZTMaWWDH5o2qiYyF1n81dLHqG4UNW`,
    `${'xau_'}${'x'.repeat(38)}`,
    'xau_ is how such a token begins',
    'XATA_API_KEY=process.env.XATA_API_KEY',
    'xata_api_key: <your token>',
  ],
});
