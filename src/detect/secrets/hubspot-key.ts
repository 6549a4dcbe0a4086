import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'hubspot-key',
  family: 'secret',
  summary: 'HubSpot API keys and client secrets, by the name of the service: a UUID.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment(
    '(?:hubspot[\\w .-]{0,12}(?:key|secret|token)|hapikey)',
    '\\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\b',
  ),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `HUBSPOT_API_KEY=${'713a28'}0a-7e36-4858-9174-92f2b38cfdfa`,
    `{"hubspotClientSecret": "${'27a2bc'}b3-16bb-47b6-825f-237950218316"}`,
    `HubSpot key is ${'f099a2'}d8-a5ed-4a87-b72f-b0f851ef0efd`,
    `hapikey = '${'7a2d13'}5a-655d-4673-a0ad-5464da365ede'`,
  ],
  ignores: [
    'HUBSPOT_API_KEY=process.env.HUBSPOT_API_KEY',
    'HUBSPOT_API_KEY=<your HubSpot key>',
    `checksum=${'bb9847'}22-da5e-4ee6-b12b-5cb8f24e0134`,
    `HUBSPOT_API_KEY=${'x'.repeat(36)}`,
    `HubSpot answered in 120 ms, request ${'bb9847'}22-da5e-4ee6-b12b-5cb8f24e0134`,
    'hubspotClientSecret=236c953d-8ff7-43f',
  ],
});
