import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'scaleway-secret-key',
  family: 'secret',
  summary: 'Scaleway secret keys, by the name of the service: a UUID.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // scaleway.com/en/docs/iam.
  pattern: assignment('(?:\\bscw|scaleway)[\\w .-]{0,12}(?:secret|token)', '\\b[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `SCW_SECRET_KEY=${'c14c'}ae8b-0e66-4746-ae01-8eee9b3db853`,
    `{"scalewaySecretKey": "${'db73'}b6e2-3fb6-48e8-a08d-47c92e585a55"}`,
    `export SCW_SECRET_KEY='${'ef27'}5dc6-0cc3-4487-a6bd-afcb54d55fa4'; make deploy`,
    `scw_secret_key: ${'9a2f'}aa94-9549-4ae7-a423-05cab577f993\nregion: eu`,
  ],
  ignores: [
    'SCW_SECRET_KEY=process.env.SCW_SECRET_KEY',
    'SCW_SECRET_KEY=<your Scaleway key>',
    `checksum=${'b5dd'}e7d6-7601-443b-a48a-879379f45755`,
    'SCW_SECRET_KEY=00000000-0000-0000-0000-000000000000',
    `Scaleway answered in 120 ms, request ${'e880'}d99d-5801-4793-a7d9-7b6516fef9c2`,
    'scalewaySecretKey=78b2c55e-94b1-4abc-8abc-6b7b9ccebf',
  ],
});
