import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'vonage-secret',
  family: 'secret',
  summary: 'Vonage (Nexmo) API secrets, by the name of the service: 16 letters and digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('(?:vonage|nexmo)[\\w .-]{0,12}secret', '\\b[A-Za-z0-9]{16}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `VONAGE_API_SECRET=${'r7Qxwb'}HDVUVsm1JT`,
    `{"nexmoApiSecret": "${'r7QqbQ'}tcQRM3oPzn"}`,
    `Vonage secret is ${'r7Q8v0'}fYKC2tQdSm`,
    `VONAGE_API_SECRET = '${'r7Q7XM'}HIAAWLrSNO'`,
  ],
  ignores: [
    'VONAGE_API_SECRET=process.env.VONAGE_API_SECRET',
    'VONAGE_API_SECRET=<your Vonage key>',
    `checksum=${'r7Q0Ru'}FbBxvPn5FI`,
    `VONAGE_API_SECRET=${'x'.repeat(16)}`,
    `Vonage answered in 120 ms, request ${'r7Q0Ru'}FbBxvPn5FI`,
    'nexmoApiSecret=r7QJCZ4',
  ],
});
