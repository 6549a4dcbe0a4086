import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'readme-api-key',
  family: 'secret',
  summary: 'ReadMe API keys: rdme_ and 70 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\brdme_[a-z0-9]{70}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `export README_API_KEY="${'rdme_'}peajh5jsrqqs7n8ugpii5ewyrptxbyiftpvqbcsx0ymv9ybl77yif0gtbbyodzf4h3z60b"`,
    `curl -H "X-Token: ${'rdme_'}c58dw8r8ae49kjv2o8jt1h1uw1c2eokr522m3fmbvrhzfs9w786ksz5iwcrw8g26962k75" https://api.example.com/v1`,
    `Authorization: Bearer ${'rdme_'}xehylxp0tsk59jkfc0d2a6x46941h9zkwbredc1bin4xo50uw8zgtejppm9tviz8yoiuri`,
    `| README_API_KEY | ${'rdme_'}qiqrf5dm3w4e4rd03eni3al4tf5w215hwpwx4ym3ps6ot4mpnttfzzdgb6cxs5373rid1z |`,
  ],
  ignores: [
    `${'rdme_'}d8xhqzyln9kf1zzr`,
    `x${'rdme_'}d8xhqzyln9kf1zzrflinowoficrlnmhzicxk6dp3f75qd0ni0qplfo7waeu0oypywcqbz1`,
    `${'rdme_'}${'x'.repeat(70)}`,
    'rdme_ is how such a token begins',
    'README_API_KEY=process.env.README_API_KEY',
    'readme_api_key: <your token>',
  ],
});
