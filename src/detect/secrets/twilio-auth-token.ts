import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'twilio-auth-token',
  family: 'secret',
  summary: 'Twilio auth tokens and key secrets, by the name of the service.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('twilio[\\w .-]{0,12}(?:token|secret)', '\\b[A-Za-z0-9]{32}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `TWILIO_AUTH_TOKEN=${'828f92'}a4d067dfe264af730d9731c23f`,
    `{"twilioAuthToken": "${'cde79d'}41efc44278c7ff19deff324708"}`,
    `Twilio auth token is ${'3e87fd'}51eb020e44176e26294a8e4a00`,
    `TWILIO_API_SECRET = '${'d7e6ae'}949e7a7f2f697fe5d8b5152e15'`,
  ],
  ignores: [
    'TWILIO_AUTH_TOKEN=process.env.TWILIO_AUTH_TOKEN',
    'TWILIO_AUTH_TOKEN=<your Twilio key>',
    `checksum=${'3e29fc'}79e7270d498ecc66a5d15a1692`,
    `TWILIO_AUTH_TOKEN=${'x'.repeat(32)}`,
    `Twilio answered in 120 ms, request ${'3e29fc'}79e7270d498ecc66a5d15a1692`,
    'twilioAuthToken=9d4035045ef82ec',
  ],
});
