import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'finicity-secret',
  family: 'secret',
  summary: 'Finicity application keys and partner secrets, by the name of the service.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('finicity[\\w .-]{0,16}(?:secret|token|key)', '\\b(?:[A-Za-z0-9]{20}|[0-9a-f]{32})\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `FINICITY_PARTNER_SECRET=${'r7QNV6'}W6iRVbIDwPxw6N`,
    `{"finicityAppKey": "${'r7Quke'}2IKTddJcXPweA9"}`,
    `Finicity app key is ${'r7QqYw'}sT9Nq2aodSvkeg`,
    `FINICITY_PARTNER_SECRET = '${'r7QPO2'}2Y3Dv6l1z3FCcv'`,
  ],
  ignores: [
    'FINICITY_PARTNER_SECRET=process.env.FINICITY_PARTNER_SECRET',
    'FINICITY_PARTNER_SECRET=<your Finicity key>',
    `checksum=${'r7Qcls'}alWrXuIBXLHvxV`,
    `FINICITY_PARTNER_SECRET=${'x'.repeat(20)}`,
    `Finicity answered in 120 ms, request ${'r7Qcls'}alWrXuIBXLHvxV`,
    'finicityAppKey=r7Q5hVa8r',
  ],
});
