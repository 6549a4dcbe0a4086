import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'hubspot-token',
  family: 'secret',
  summary: 'HubSpot private app tokens: pat-, the region and a UUID.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\bpat-(?:na|eu|ap)\d-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/i,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `the key is ${'pat-na1-'}b042e606-dc4d-4bdd-abc3-37c98be23aca, please rotate it`,
    `export HUBSPOT_TOKEN="${'pat-eu1-'}63124ab5-635f-491f-99ea-8a268c732a55"`,
    `HUBSPOT_TOKEN=${'pat-na1-'}43915b53-4884-4f56-820a-455a36906f06`,
    `| HUBSPOT_TOKEN | ${'pat-eu1-'}8a192b34-e868-40c7-b135-0987e6296c38 |`,
  ],
  ignores: [
    `${'pat-na1-'}8485f250`,
    `x${'pat-na1-'}8485f250-fa4b-4139-bac4-8e5f08203ab5`,
    `${'pat-na1-'}${'x'.repeat(36)}`,
    'pat-na1- is how such a token begins',
    'HUBSPOT_TOKEN=process.env.HUBSPOT_TOKEN',
    'hubspot_token: <your token>',
  ],
});
