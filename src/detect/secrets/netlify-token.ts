import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'netlify-token',
  family: 'secret',
  summary: 'Netlify personal access tokens: prefix nfp_ and 36 letters and digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // docs.netlify.com; tokens without the prefix see `netlify-legacy-token`.
  pattern: /\bnfp_[A-Za-z0-9]{36}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `NETLIFY_AUTH_TOKEN=${'nfp_'}e27BQrkKFETSQElCNpkzuf4i8kAzIFZ89JN3`,
    `{"token":"${'nfp_'}gg7WQRkJ9tac3IV9zrPzm2soCaknpj1tGFnH"}`,
    `my Netlify key is ${'nfp_'}Cm7uQRkHD3ISGaKfM1Bt1YoA6D2VveKBqrAM, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'nfp_'}107EQIkz4zWWlzoiPE3wPM4mq7LQsK3l5tyB" https://api.example.org/v1`,
    `--token ${'nfp_'}pb7RQWkX0Ydk8LrHQYzYPCo9Xy37c0gAOsLP --verbose`,
  ],
  ignores: [
    `${'nfp_'}fI7QQCkaMOFGLOIQCHX4NO2hoN13LWwO04b`,
    `${'nfp_'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'nfp_'}lU7KQYkzUfwuq4DNCkFRBAHFWhNzqg4rVqja`,
    'tokens of Netlify begin with nfp_ and are kept in the vault',
    'NETLIFY_AUTH_TOKEN=<your Netlify key>',
  ],
});
