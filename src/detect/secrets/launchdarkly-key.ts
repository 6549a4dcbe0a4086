import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'launchdarkly-key',
  family: 'secret',
  summary: 'LaunchDarkly SDK and API keys: a UUID behind sdk- or api-, where the service is named.',
  tier: 'block',
  severity: 'high',
  confidence: 0.96,
  pattern: /\b(?:sdk|api)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `Authorization: Bearer ${'sdk-'}c1d5913d-85ec-40cf-8a21-aed20a5aefd7`,
    `LAUNCHDARKLY_KEY=${'api-'}9174e6f1-f812-45b4-b897-38afe56f0338`,
    `const client = new Client("${'sdk-'}32748e9d-a532-4801-bcd1-ae9758d578fa");`,
    `launchdarkly_key: '${'api-'}bdabed29-2a51-4b7c-a4c8-9caee7c83e9f'`,
  ],
  ignores: [
    `${'sdk-'}f83ff569`,
    `x${'sdk-'}f83ff569-f099-49d9-a167-b8bb08653793`,
    `${'sdk-'}${'x'.repeat(36)}`,
    'sdk- is how such a token begins',
    'LAUNCHDARKLY_KEY=process.env.LAUNCHDARKLY_KEY',
    'launchdarkly_key: <your token>',
  ],
});
