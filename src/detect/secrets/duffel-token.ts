import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'duffel-token',
  family: 'secret',
  summary: 'Duffel API tokens: duffel_, the mode and 43 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\bduffel_(?:live|test)_[A-Za-z0-9_=-]{43}/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `| DUFFEL_TOKEN | ${'duffel_live_'}Nq3qy1x4r_deQkTBvysmVB09rz2G_yS1_XmiohA196T |`,
    `--token ${'duffel_test_'}Hqr3ilhtRW1llRpAsDmyd2s18Az5O0NwI6-E38K4gGE --verbose`,
    `Authorization: Bearer ${'duffel_live_'}qZgkW7SLCtKFYUp8E0w6F3Ow75a889XzAadF4aaQDVA`,
    `const client = new Client("${'duffel_test_'}eCeMepQrxWUBRF6hwo5W-I60e-FphaUCZHCyQ78P6cS");`,
  ],
  ignores: [
    `${'duffel_live_'}XTWSrCQAA`,
    `x${'duffel_live_'}XTWSrCQAAKrcBCWFHtXl9Ihu-TQKsbnNrC9x3DDGkqb`,
    `${'duffel_live_'}${'x'.repeat(43)}`,
    'duffel_live_ is how such a token begins',
    'DUFFEL_TOKEN=process.env.DUFFEL_TOKEN',
    'duffel_token: <your token>',
  ],
});
