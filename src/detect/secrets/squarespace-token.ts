import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'squarespace-token',
  family: 'secret',
  summary: 'Squarespace API keys, by the name of the service: a UUID.',
  tier: 'block',
  severity: 'high',
  confidence: 0.88,
  pattern: assignment('\\bsquarespace[\\w .-]{0,12}(?:key|token|secret)', '\\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `SQUARESPACE_API_KEY=${'acf1be'}40-892d-4d05-af6b-666cbdbf504d`,
    `{"squarespaceToken": "${'e0965c'}5d-c8a0-46b9-ab6b-3b3c4421d5bb"}`,
    `Squarespace token is ${'a5dffe'}af-755b-4e4e-aaa7-09aa8053e9e2`,
    `SQUARESPACE_API_KEY = '${'e6b086'}0e-9dcd-4e53-adb1-2034676408d5'`,
  ],
  ignores: [
    'SQUARESPACE_API_KEY=process.env.SQUARESPACE_API_KEY',
    'SQUARESPACE_API_KEY=<your Squarespace key>',
    `checksum=${'fdd283'}07-63f6-4d4c-ad6a-c6489a844e8c`,
    `SQUARESPACE_API_KEY=${'x'.repeat(36)}`,
    `Squarespace answered in 120 ms, request ${'fdd283'}07-63f6-4d4c-ad6a-c6489a844e8c`,
    'squarespaceToken=fdd28307-',
  ],
});
