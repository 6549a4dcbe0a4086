import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'klaviyo-key',
  family: 'secret',
  summary: 'Klaviyo private API keys: pk_ and 34 hexadecimal digits. In spite of the prefix they are not public.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  pattern: /\bpk_[0-9a-f]{34}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `Authorization: Bearer ${'pk_'}311fb4e831e06ada3f2386967e140b7155`,
    `KLAVIYO_KEY=${'pk_'}ca701883f190afaada212e008a98a6d274`,
    `the key is ${'pk_'}e89ba5a5b0ecebc863e312aada0aa55061, please rotate it`,
    `--token ${'pk_'}d60c2750b5f75a24fc13ade6bd32a02734 --verbose`,
  ],
  ignores: [
    `${'pk_'}e42992b`,
    `x${'pk_'}e42992b9e6b18c5d84a329b6fd1c7759a7`,
    `${'pk_'}${'x'.repeat(34)}`,
    'pk_ is how such a token begins',
    `${'pk_'}live_TYooMQauvdEDq54NiTphI7jx`,
    'KLAVIYO_KEY=process.env.KLAVIYO_KEY',
  ],
});
