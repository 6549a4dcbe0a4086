import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'mercury-token',
  family: 'secret',
  summary: 'Mercury API tokens: secret-token:mercury_, the environment and the key up to _yrucrem.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.99,
  // docs.mercury.com.
  pattern: /\bmercury_(?:production|sandbox)_[a-z]{2,5}_[A-Za-z0-9]{30,60}_yrucrem\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `MERCURY_TOKEN=${'mercury_production_'}rma_CVYpiUljmczXs4M4gmKsG5N5DmVzpnsAzhiT4tGQSS_yrucrem`,
    `{"token":"${'mercury_production_'}rma_1AIRR1dEPYHRg7s1qNxfoUTNUyMIrf9QHrQ0cSEHIy_yrucrem"}`,
    `my Mercury key is ${'mercury_production_'}rma_mArvrzPcYhBVHF9zBNmFkw8oKbaHAV4LyvKdg9108q_yrucrem, what do I do with it?`,
    `client = Client('${'mercury_production_'}rma_taSrZOaDhwAIy7oDYZtMjH7cimaWJTIDceo7vOJdcT_yrucrem')`,
  ],
  ignores: [
    `${'mercury_production_'}rma_ThlpwQZpIjYci3`,
    `${'mercury_production_'}000_000000000000000000000000000000000000000000_0000000`,
    `q${'mercury_production_'}rma_dYxZvBzTjBFgglzL4Je0LXsnqWppPOibtchy8XChE8_yrucrem`,
    'a key of Mercury begins with mercury_production_ and is kept in the vault',
    'MERCURY_TOKEN=<your Mercury key>',
  ],
});
