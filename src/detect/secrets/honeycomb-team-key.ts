import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'honeycomb-team-key',
  family: 'secret',
  summary: 'Honeycomb classic keys, by the name of the service or its header: 32 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('(?:honeycomb[\\w .-]{0,12}key|x-honeycomb-team)', '\\b(?:[0-9a-f]{32}|[A-Za-z0-9]{22})\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `HONEYCOMB_API_KEY=${'a07c4e'}d6efb7a78771d7811c0f724630`,
    `{"x-honeycomb-team": "${'e23ca0'}0f9f7467a4d848699bc4fe6e36"}`,
    `Honeycomb API key is ${'7ff7ea'}fcecda6b5211eaaefa90e3ff37`,
    `HONEYCOMB_API_KEY = '${'330e5b'}0dd4a46deb9ff9aeb54cd253c8'`,
  ],
  ignores: [
    'HONEYCOMB_API_KEY=process.env.HONEYCOMB_API_KEY',
    'HONEYCOMB_API_KEY=<your Honeycomb key>',
    `checksum=${'d7923e'}b3341f71efff9b7487b337723d`,
    `HONEYCOMB_API_KEY=${'x'.repeat(32)}`,
    `Honeycomb answered in 120 ms, request ${'d7923e'}b3341f71efff9b7487b337723d`,
    'x-honeycomb-team=e1828803d5f0efe',
  ],
});
