import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'exa-key',
  family: 'secret',
  summary: 'Exa search API keys, by the name of the service: a UUID.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // docs.exa.ai.
  pattern: assignment('\\bexa[_ .-]?(?:api[_ .-]?)?(?:key|token)|exaApiKey', '\\b[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `EXA_API_KEY=${'00ff'}49d5-6709-4d78-a87e-607367cb5ebf`,
    `{"exaApiKey": "${'41f1'}408f-c3f4-4c7e-a7bb-c75b135f5bf9"}`,
    `export EXA_API_KEY='${'b130'}5c4a-1a94-45c8-ad0e-8511ddafe7d4'; make deploy`,
    `exa_api_key: ${'4a47'}bb0f-d29d-4ae7-a4a7-5440e2dff831\nregion: eu`,
  ],
  ignores: [
    'EXA_API_KEY=process.env.EXA_API_KEY',
    'EXA_API_KEY=<your Exa key>',
    `checksum=${'6cd9'}b677-def0-459d-a578-cb23eec862d4`,
    'EXA_API_KEY=00000000-0000-0000-0000-000000000000',
    `Exa answered in 120 ms, request ${'d974'}b1db-10d5-47ea-a84f-6bc2a773621c`,
    'exaApiKey=b4291ff9-3068-4abc-8abc-66403139e0',
  ],
});
