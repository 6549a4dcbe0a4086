import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'railway-token',
  family: 'secret',
  summary: 'Railway project and account tokens, by the name of the service: a UUID.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // docs.railway.com, "Public API".
  pattern: assignment('railway[\\w .-]{0,8}(?:token|key|secret)', '\\b[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `RAILWAY_TOKEN=${'8210'}923d-0e83-42c4-a004-1159fd0b707b`,
    `{"railwayToken": "${'f602'}2e27-43dd-419e-a9d7-306844e2d629"}`,
    `export RAILWAY_TOKEN='${'5496'}ba1e-3e9c-40f6-ad63-7fc5031c2c02'; make deploy`,
    `railway_token: ${'14bb'}a539-cdca-4b47-a511-c944d2bc0b5c\nregion: eu`,
  ],
  ignores: [
    'RAILWAY_TOKEN=process.env.RAILWAY_TOKEN',
    'RAILWAY_TOKEN=<your Railway key>',
    `checksum=${'0542'}ca7f-1631-4d3b-aa2c-0956d7bf387c`,
    'RAILWAY_TOKEN=00000000-0000-0000-0000-000000000000',
    `Railway answered in 120 ms, request ${'2333'}2d25-ab5b-4f08-ac85-f3e19bca22c6`,
    'railwayToken=89d0606d-d372-4abc-8abc-ceaee838b6',
  ],
});
