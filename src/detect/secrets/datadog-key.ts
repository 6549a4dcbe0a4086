import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'datadog-key',
  family: 'secret',
  summary: 'Datadog API and application keys, by the name of the service: 32 or 40 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment(
    '(?:datadog|\\bdd)[ ._-]{0,2}(?:client[ ._-]?)?(?:api|app|application)?[ ._-]?(?:key|secret|token)',
    '\\b(?:[0-9a-f]{32}|[0-9a-f]{40})\\b',
  ),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `DATADOG_API_KEY=${'aead48'}2d22edc4ac24c88d9122fc14e3`,
    `{"datadogAppKey": "${'9b10c8'}37a5dd522275b6d9aa829976b2"}`,
    `Datadog API key is ${'00f893'}9b8ef983f4d2a977a7bb254e10`,
    `DD_APP_KEY = '${'8b8cfe'}f1a1c63d5cb6605ce766523e1d'`,
    `set('DD-API-KEY', '${'3d94f3'}fb3cec4ae2364d3061233ed6c4')`,
  ],
  ignores: [
    'DATADOG_API_KEY=process.env.DATADOG_API_KEY',
    'DATADOG_API_KEY=<your Datadog key>',
    `checksum=${'6ee372'}e038846ec12f6f68a874450d86`,
    `DATADOG_API_KEY=${'x'.repeat(32)}`,
    `Datadog answered in 120 ms, request ${'6ee372'}e038846ec12f6f68a874450d86`,
    'datadogAppKey=902d9a0c89d4079',
    'DD_TRACE_ID=3f786850e387550fdab836ed7e6dc881',
  ],
});
