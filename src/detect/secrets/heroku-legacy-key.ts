import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'heroku-legacy-key',
  family: 'secret',
  summary: 'Heroku API keys from before prefixes, by the name of the service: a UUID.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // devcenter.heroku.com, "OAuth": tokens were UUIDs until 2024.
  pattern: assignment(
    'heroku[\\w .-]{0,12}(?:key|token|secret|auth|pass|pat\\b|credential)',
    '\\b[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}\\b',
  ),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `HEROKU_API_KEY=${'bac2'}118c-9472-4792-af50-4fd75608f88b`,
    `{"herokuApiKey": "${'1af8'}d98f-4c7d-47d5-a547-98fd1dea6022"}`,
    `export HEROKU_API_KEY='${'5582'}3be9-ab49-468c-a8b1-01408a72ee17'; make deploy`,
    `heroku_api_key: ${'11bb'}6cb5-2aed-4a48-a35b-f5352871d87b\nregion: eu`,
  ],
  ignores: [
    'HEROKU_API_KEY=process.env.HEROKU_API_KEY',
    'HEROKU_API_KEY=<your Heroku key>',
    `checksum=${'7ff7'}5e80-791b-4ea5-a3d0-0fe8eec3f759`,
    'HEROKU_API_KEY=00000000-0000-0000-0000-000000000000',
    `Heroku answered in 120 ms, request ${'a8c3'}1a6f-a4ab-45ec-a34a-8fee28bff200`,
    'herokuApiKey=42684a69-f0de-4abc-8abc-07e29510ad',
  ],
});
