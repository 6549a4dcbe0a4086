import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'adobe-secret',
  family: 'secret',
  summary: 'Adobe client secrets: p8e- and 32 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /\bp8e-[A-Za-z0-9_-]{32}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `ADOBE_SECRET=${'p8e-'}r7QkVSVxBCKisDSliOQCrjRhdgH4bKjj`,
    `the key is ${'p8e-'}r7QMcr1X7hFThNq4LFZ334FTH1MXDPli, please rotate it`,
    `const client = new Client("${'p8e-'}r7Qu9CXaz1c4pBZIywKwCFVWkLqwTUTQ");`,
    `{"token":"${'p8e-'}r7Q0JYt7X39HVYE7yelaiW007xT6bIYB"}`,
  ],
  ignores: [
    `${'p8e-'}r7QUyKY`,
    `x${'p8e-'}r7QUyKYEwmpHtUWVrcd7nCfVIi0qL3B5`,
    `${'p8e-'}${'x'.repeat(32)}`,
    'p8e- is how such a token begins',
    'ADOBE_SECRET=process.env.ADOBE_SECRET',
    'adobe_secret: <your token>',
  ],
});
