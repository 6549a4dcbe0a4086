import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'ngrok-token',
  family: 'secret',
  summary: 'ngrok auth tokens and API keys, by the name of the service.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('(?:ngrok[\\w .-]{0,12}(?:token|key)|authtoken)', '\\b[12][A-Za-z0-9]{26}_[0-9][A-Za-z0-9]{20}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `NGROK_AUTHTOKEN=${'2r7QwT'}IOmiHs4ami1MliKWPLukF_5r7QcxxmERUs4ej6gXUmb`,
    `{"ngrokAuthToken": "${'2r7QAC'}KTmVQHPrQRR7KLYsve0ja_5r7Qw6Hjr1WYVEjac7WEr"}`,
    `ngrok auth token is ${'2r7QdJ'}jbeOBCL3sgsbYkrbPS5mB_5r7QAITXW853WdsPWBSjA`,
    `NGROK_AUTHTOKEN = '${'2r7Qnq'}eFh1GkYBKCGlmEh4EXiAG_5r7Qavnu2YqRfD1ekRXB0'`,
  ],
  ignores: [
    'NGROK_AUTHTOKEN=process.env.NGROK_AUTHTOKEN',
    'NGROK_AUTHTOKEN=<your ngrok key>',
    `checksum=${'2r7Qpn'}KqvkF81X93LJlB91v4YBc_5r7Q5kw5A8fdmAaGO92ix`,
    `NGROK_AUTHTOKEN=${'x'.repeat(49)}`,
    `ngrok answered in 120 ms, request ${'2r7Qpn'}KqvkF81X93LJlB91v4YBc_5r7Q5kw5A8fdmAaGO92ix`,
    'ngrokAuthToken=2r7QPKy3L8BNqX16n8nLHY2',
  ],
});
