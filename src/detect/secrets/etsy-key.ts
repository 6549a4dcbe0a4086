import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'etsy-key',
  family: 'secret',
  summary: 'Etsy keystrings and tokens, by the name of the service: 24 letters and digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.88,
  pattern: assignment('\\betsy[\\w .-]{0,12}(?:key|token|secret|keystring)', '\\b[a-z0-9]{24}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `ETSY_API_KEY=${'j65i38'}b0im1xl35fayekepek`,
    `{"etsyToken": "${'9wuji7'}w4q7g718pgq2iqu4y6"}`,
    `Etsy keystring is ${'ela253'}8d56yhe4k2iyoo0ntv`,
    `ETSY_API_KEY = '${'01wzu9'}r4p2oes0rudf3gtchh'`,
  ],
  ignores: [
    'ETSY_API_KEY=process.env.ETSY_API_KEY',
    'ETSY_API_KEY=<your Etsy key>',
    `checksum=${'wnkj3g'}rwsp5yulw463jok7hm`,
    `ETSY_API_KEY=${'x'.repeat(24)}`,
    `Etsy answered in 120 ms, request ${'wnkj3g'}rwsp5yulw463jok7hm`,
    'etsyToken=4stp73ld5gy',
  ],
});
