import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'opsgenie-key',
  family: 'secret',
  summary: 'Opsgenie API keys, by the name of the service or its scheme: a UUID.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment(
    '(?:opsgenie[\\w .-]{0,12}key|genie[ ._-]?key)',
    '(?:GenieKey )?\\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\b',
  ),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `OPSGENIE_API_KEY=${'2e1561'}1c-e549-457e-a888-8311ba72c412`,
    `{"opsgenieApiKey": "${'7fc738'}46-9fdf-4b89-ae22-d0e1431a200f"}`,
    `Opsgenie API key is ${'452461'}78-23e6-42f3-9eb2-025f724c47a6`,
    `GENIE_KEY = '${'256c93'}00-bd90-46eb-a546-d3aa59674bff'`,
  ],
  ignores: [
    'OPSGENIE_API_KEY=process.env.OPSGENIE_API_KEY',
    'OPSGENIE_API_KEY=<your Opsgenie key>',
    `checksum=${'705776'}d8-8f7c-41d2-a40d-ac5cd18ad33e`,
    `OPSGENIE_API_KEY=${'x'.repeat(36)}`,
    `Opsgenie answered in 120 ms, request ${'705776'}d8-8f7c-41d2-a40d-ac5cd18ad33e`,
    'opsgenieApiKey=8a3c0eec-e0cf-410',
  ],
});
