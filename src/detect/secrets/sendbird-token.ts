import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'sendbird-token',
  family: 'secret',
  summary: 'Sendbird API tokens, by the name of the service: 40 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.88,
  pattern: assignment('\\bsendbird[\\w .-]{0,12}(?:key|token|secret)', '\\b[a-f0-9]{40}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `SENDBIRD_API_TOKEN=${'a3b782'}033735f15434f3cb8fecb37f8cc701e66c`,
    `{"sendbirdToken": "${'2f9d02'}c37744458d540c4d292cf6312de70342ea"}`,
    `Sendbird token is ${'36a7b8'}c57cd7139e0f05cb07947c8f5664027fcc`,
    `SENDBIRD_API_TOKEN = '${'171522'}72ec924358a2f15c7c830a7b511159a5c3'`,
  ],
  ignores: [
    'SENDBIRD_API_TOKEN=process.env.SENDBIRD_API_TOKEN',
    'SENDBIRD_API_TOKEN=<your Sendbird key>',
    `checksum=${'9aaf82'}aba8b4b8aeccf7a8e381fb6d82cd07a079`,
    `SENDBIRD_API_TOKEN=${'x'.repeat(40)}`,
    `Sendbird answered in 120 ms, request ${'9aaf82'}aba8b4b8aeccf7a8e381fb6d82cd07a079`,
    'sendbirdToken=9aaf82aba',
  ],
});
