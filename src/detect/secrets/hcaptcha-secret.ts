import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'hcaptcha-secret',
  family: 'secret',
  summary: 'hCaptcha account secrets: ES_ and 32 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  // docs.hcaptcha.com.
  pattern: /\bES_[0-9a-f]{32}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `HCAPTCHA_SECRET=${'ES_'}6ab2aab121fddbad73ce9660b4d34ac2`,
    `{"token":"${'ES_'}da0340b8af8ac8be8615ce36299d5d01"}`,
    `my hCaptcha key is ${'ES_'}cf0d3ad7ef18634778b0443b40aed522, what do I do with it?`,
    `client = Client('${'ES_'}95abb46e07a428bfa80e1ba8d9713f38')`,
  ],
  ignores: [
    `${'ES_'}1eddabaabd`,
    `${'ES_'}00000000000000000000000000000000`,
    `q${'ES_'}53f97128954986bcea91a974868518a8`,
    'a key of hCaptcha begins with ES_ and is kept in the vault',
    'HCAPTCHA_SECRET=<your hCaptcha key>',
  ],
});
