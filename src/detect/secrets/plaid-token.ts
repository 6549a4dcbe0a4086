import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'plaid-token',
  family: 'secret',
  summary: 'Plaid access tokens: the environment and a UUID behind access-.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /\baccess-(?:sandbox|development|production)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `const client = new Client("${'access-production-'}2c3d475d-8024-487b-a5d6-26a755bc8328");`,
    `{"token":"${'access-sandbox-'}b8c7040a-df0a-45b0-be8d-e52c2c36f549"}`,
    `| PLAID_TOKEN | ${'access-development-'}936f87ec-49f2-4ad3-a877-24a13c19c94b |`,
    `PLAID_TOKEN=${'access-production-'}47be7d35-0855-407e-ac9b-a8c4f7547568`,
  ],
  ignores: [
    `${'access-production-'}d2a65825`,
    `x${'access-production-'}d2a65825-ff20-4095-addf-d1a2a7fe63a5`,
    `${'access-production-'}${'x'.repeat(36)}`,
    'access-production- is how such a token begins',
    'access-production-cluster',
    'link-production-9b2f6f0c-3d52-4a1e-9a53-0b8f6c1d2e7a',
  ],
});
