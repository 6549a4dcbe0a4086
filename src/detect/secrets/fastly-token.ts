import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'fastly-token',
  family: 'secret',
  summary: 'Fastly API tokens, by the name of the service: 32 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // docs.fastly.com, "Using API tokens".
  pattern: assignment('fastly[\\w .-]{0,12}(?:key|token|secret|auth|pass|pat\\b|credential)', '[A-Za-z0-9_-]{31}(?:\\w\\b|-\\B)'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `FASTLY_API_TOKEN=${'G47O'}Qlkm4EKy-wwoAYYSKdtbn_oMYn_d`,
    `{"fastlyApiToken": "${'at73'}Q1k6h9GpGfUhrJVWKIlrTTN5rino"}`,
    `export FASTLY_API_TOKEN='${'WI7F'}Qxk0PpOIKlWSC8ECd_exEu_TMXQd'; make deploy`,
    `fastly_api_token: ${'b67b'}QJkBXouDOXYM0PpmSeP0nDlpkb5T\nregion: eu`,
  ],
  ignores: [
    'FASTLY_API_TOKEN=process.env.FASTLY_API_TOKEN',
    'FASTLY_API_TOKEN=<your Fastly key>',
    `checksum=${'f97n'}Q6kWvLipijqKd7QvbMPbLeuAMh-G`,
    'FASTLY_API_TOKEN=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Fastly answered in 120 ms, request ${'9x7I'}QIkhYLXPT-fJ5GRwbvNnTw58Q3PI`,
    `fastlyApiToken=${'R379'}Qrk-Jjps5TjKyicp7Qm5Tf6ai`,
  ],
});
