import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'heroku-key',
  family: 'secret',
  summary: 'Heroku API keys with the prefix HRKU-AA and 58 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // devcenter.heroku.com, tokens since 2024; older ones are UUIDs, see `heroku-legacy-key`.
  pattern: /\bHRKU-AA[A-Za-z0-9_-]{57}(?:\w\b|-\B)/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `export HEROKU_API_KEY='${'HRKU-AA'}we7fQmkH_l1fCmF9xMDjkZGo_oBih3OaC8PihoZ5TSSGWZBTOdZMjV9cZD'; make deploy`,
    `token: ${'HRKU-AA'}P37eQGkcofO8s6IFY4OVMqc82g0uo4Sh-LbLPzI176urFPPj5SY5MgLK0N\nregion: eu`,
    `my Heroku key is ${'HRKU-AA'}ur7fQzkvhwST7E7_bD6uBL3mDKAfWhQXMXXss4LWIVbIYRCv6f2t5G6Rhg, what do I do with it?`,
    `client = Client("${'HRKU-AA'}yk7fQ9kD8l44mow3pX7da2iRzh10bZP-swlToDT1l4boA-543G6Nifk-5l")`,
    `${'HRKU-AA'}IF7iQCkrWW48sQgWoaA1bLjsK_78S6sEx4xj2akSntoVb-fNPV6AsVoa4j`,
  ],
  ignores: [
    `${'HRKU-AA'}gk7dQnknqLM-dAZBrOQaFez-DRBjddlP7PHt7iu63qs8UXJswgaaEtbZY`,
    `${'HRKU-AA'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'HRKU-AA'}rf7uQokIEaKRo-TDum1fZjT2Ra2mHFe5zrssPbXeCmR-CrVT0cTdWA5lUa`,
    'tokens of Heroku begin with HRKU-AA and are kept in the vault',
    'HEROKU_API_KEY=<your Heroku key>',
  ],
});
