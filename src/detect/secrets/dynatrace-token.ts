import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'dynatrace-token',
  family: 'secret',
  summary: 'Dynatrace API, platform and service user tokens: dt0, a letter, two digits, an id of 24 and a secret of 64.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\bdt0[a-z]\d{2}\.[A-Z0-9]{8,24}\.[A-Z0-9]{64}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `| DYNATRACE_TOKEN | ${'dt0c01.'}GYZH7H4ML4MQYMRAPG6UAVOO.GO7ASONMJZNZE2QMSJEJOYFUI2ASZUQNVBGBQCDDVX534LHEBDYQSGWUWGX4VDJD |`,
    `const client = new Client("${'dt0s16.'}32OKBYQ4IAH5Z2GT6RR3FCVV.A4KFGN2TIETKL4U2AO2VZGHT24PV66XOHAF7R225GESWEQIQZTTJCUN2QVWN3X6A");`,
    `Authorization: Bearer ${'dt0c01.'}SB3XMGF7ELNIPUAQBVQ6E22L.G3JBTADAWQEO4ZJR4DYLLXEHBXKTGPS3PFENIUI7LXGHGLLYBO2QU2RMRAFZPG2G`,
    `DYNATRACE_TOKEN=${'dt0s16.'}6MUXEWOWCPXJAMA6SQEGGR4J.M3INKEADAVONT3H4K37FMGFKJNLT5O4CIUXC3HISCKGWGK7PPCNQF6RXP5ZB7AHT`,
  ],
  ignores: [
    `${'dt0c01.'}3AJB7FLNMHEAH7RAFCEIR`,
    `x${'dt0c01.'}3AJB7FLNMHEAH7RAFCEIRWMK.MHXAJOTB3LWXHA37TYO3HBGXFZGCOH7N2PM5ABOLFISG6SDF7Y5OO5BYQEMVYYLI`,
    `${'dt0c01.'}${'x'.repeat(89)}`,
    'dt0c01. is how such a token begins',
    'DYNATRACE_TOKEN=process.env.DYNATRACE_TOKEN',
    'dynatrace_token: <your token>',
  ],
});
