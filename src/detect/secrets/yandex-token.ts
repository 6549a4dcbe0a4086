import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'yandex-token',
  family: 'secret',
  summary: 'Yandex Cloud API keys (AQVN…), static access secrets (YC…) and OAuth tokens (y0_…).',
  tier: 'block',
  severity: 'critical',
  confidence: 0.93,
  // yandex.cloud/docs/iam, "Credentials": API key, static access key, OAuth token.
  pattern: /\b(?:AQVN[A-Za-z0-9_-]{34,37}|YC[A-Za-z0-9_-]{37}|y[0-3]_[A-Za-z0-9_-]{54,57})(?:\w\b|-\B)/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `export YANDEX_API_KEY='${'AQVN'}sb7FQekX0bsDjzFtTljCjhyB2FHZVpVtvPM'; make deploy`,
    `{"token":"${'AQVN'}5f79QZk4_Jm8zNLGnXXoFKKfRjhA5oZMM8f"}`,
    `my Yandex Cloud key is ${'AQVN'}Ra7SQKkHTOWXsCHHa-U2WRI_BQF536vQqQf, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'AQVN'}Fo75QHkAS7CGIAlj1DYA4wu84SocdRuxzPg" https://api.example.org/v1`,
    `--token ${'AQVN'}zU7DQwk1mCEzVFTL6xsv0HoEOa2ru-zWG1F --verbose`,
    `OAUTH=${'y0_'}Bv7oQYkNeg00Rhz04_r3gO1W2jQTOQ8n3d1EVVC0Ndrz8Z6YIITwQHR`,
    `secret: ${'YCO7'}Df7fQakuVz7WvoG_qsAEr0Up8yhNCQ3wX-OC`,
  ],
  ignores: [
    `${'AQVN'}Fc7gQVkwMGET8wXeSJVT`,
    `${'AQVN'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'AQVN'}Li7gQLkf144mhTDAY3Rv3jyAc16Lb9sFp2w`,
    'tokens of Yandex Cloud begin with AQVN and are kept in the vault',
    'YANDEX_API_KEY=<your Yandex Cloud key>',
  ],
});
