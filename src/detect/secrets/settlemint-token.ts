import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'settlemint-token',
  family: 'secret',
  summary: 'SettleMint access tokens of persons, applications and services: sm_pat_, sm_aat_ or sm_sat_ and 16 letters and digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  // console.settlemint.com/documentation, "Access tokens".
  pattern: /\bsm_(?:pat|aat|sat)_[A-Za-z0-9]{16}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `SETTLEMINT_TOKEN="${'sm_pat_'}E1QufhQNB9reosfh"`,
    `token: ${'sm_pat_'}ypnXLDn8S9wPNWkP\nregion: eu`,
    `my key for SettleMint is ${'sm_pat_'}LR347A7TPdoE2u6Q, what do I do with it?`,
    `(${'sm_pat_'}e1NBPBTrbEpvpDbn)`,
  ],
  ignores: [
    `${'sm_pat_'}IIAp00zKL`,
    `${'sm_pat_'}xxxxxxxxxxxxxxxx`,
    'SETTLEMINT_TOKEN=<your key for SettleMint>',
    'SETTLEMINT_TOKEN=process.env.SETTLEMINT_TOKEN',
    'tokens of SettleMint begin with sm_pat_ and are kept in the vault',
  ],
});
