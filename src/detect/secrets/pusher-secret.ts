import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'pusher-secret',
  family: 'secret',
  summary: 'Pusher app secrets, by the name of the service: 20 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('pusher[\\w .-]{0,12}secret', '\\b[0-9a-f]{20}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `PUSHER_APP_SECRET=${'3b9dd8'}fb2a0dd6ae41ba`,
    `{"pusherSecret": "${'6bcbd2'}898ebd4867f843"}`,
    `Pusher secret is ${'ece7f0'}7bc048df9c1c4f`,
    `PUSHER_APP_SECRET = '${'601928'}dbeea1b1d3b73a'`,
  ],
  ignores: [
    'PUSHER_APP_SECRET=process.env.PUSHER_APP_SECRET',
    'PUSHER_APP_SECRET=<your Pusher key>',
    `checksum=${'aa9f07'}68481d910490fd`,
    `PUSHER_APP_SECRET=${'x'.repeat(20)}`,
    `Pusher answered in 120 ms, request ${'aa9f07'}68481d910490fd`,
    'pusherSecret=23a9c1613',
  ],
});
