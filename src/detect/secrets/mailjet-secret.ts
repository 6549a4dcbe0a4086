import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'mailjet-secret',
  family: 'secret',
  summary: 'Mailjet keys and secrets, by the name of the service: 32 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('(?:mailjet|mj_apikey)[\\w .-]{0,16}(?:secret|key|private)', '\\b[0-9a-f]{32}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `MAILJET_SECRET_KEY=${'3d8511'}820ff15c56491785f57b7a7a7b`,
    `{"mailjetApiSecret": "${'fa972b'}8016899f71f985f6822ca5cd66"}`,
    `Mailjet API key is ${'f246cc'}83d859295847984c0490dd2873`,
    `MJ_APIKEY_PRIVATE = '${'15a2f5'}ed97aecfa003eda21b5308ca6f'`,
  ],
  ignores: [
    'MAILJET_SECRET_KEY=process.env.MAILJET_SECRET_KEY',
    'MAILJET_SECRET_KEY=<your Mailjet key>',
    `checksum=${'312030'}f1eb2b41f686ae39e46da4d07b`,
    `MAILJET_SECRET_KEY=${'x'.repeat(32)}`,
    `Mailjet answered in 120 ms, request ${'312030'}f1eb2b41f686ae39e46da4d07b`,
    'mailjetApiSecret=f5591be135ee7b0',
  ],
});
