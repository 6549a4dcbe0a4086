import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'rollbar-token',
  family: 'secret',
  summary: 'Rollbar access tokens, by the name of the service: 32 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('rollbar[\\w .-]{0,16}token', '\\b[0-9a-f]{32}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `ROLLBAR_ACCESS_TOKEN=${'f63f5a'}8ba1a89b11b62ba4d797c62df7`,
    `{"rollbarServerToken": "${'ea660c'}2eac20b6af3204a5cbd5f5c8d1"}`,
    `Rollbar token is ${'4fb8d7'}1416cada1540a459c6f75b4a64`,
    `ROLLBAR_ACCESS_TOKEN = '${'f039b1'}3313e2cd000e1b3bde972d7b84'`,
  ],
  ignores: [
    'ROLLBAR_ACCESS_TOKEN=process.env.ROLLBAR_ACCESS_TOKEN',
    'ROLLBAR_ACCESS_TOKEN=<your Rollbar key>',
    `checksum=${'7aaff0'}8d1c0e7d0c4d8853e24da1c4f1`,
    `ROLLBAR_ACCESS_TOKEN=${'x'.repeat(32)}`,
    `Rollbar answered in 120 ms, request ${'7aaff0'}8d1c0e7d0c4d8853e24da1c4f1`,
    'rollbarServerToken=67dc1f340bd3652',
  ],
});
