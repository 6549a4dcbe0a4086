import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'circleci-token',
  family: 'secret',
  summary: 'CircleCI personal and project tokens: CCIPAT_ or CCIPRJ_, an id and 40 hexadecimal digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // circleci.com/docs, "API tokens".
  pattern: /\bCCIP(?:AT|RJ)_[A-Za-z0-9]{20,24}_[a-f0-9]{40}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `export CIRCLE_TOKEN='${'CCIPAT_'}ab7nQrkPGQbCshh3q0PYBl_${'9264'}5f35d11ed5f491872b1b25acefa39f0f129d'; make deploy`,
    `{"token":"${'CCIPAT_'}Mz74Qck8qT1th3hHoC2h2c_${'001c'}b5bc34df93ed2f7e1f0ed3d729de49ab2e44"}`,
    `my CircleCI key is ${'CCIPAT_'}YR7nQ6kKwEj54Pf2L3uVuf_${'77be'}c20298638ba3dc20e352e9ec76859370bc02, what do I do with it?`,
    `client = Client("${'CCIPAT_'}nq75QPk1xTCSW7H71gvfXH_${'18c7'}3f7efea6b58a54af50a87a1b40f5d70e3204")`,
    `--token ${'CCIPAT_'}VR7ZQfkHX467KgEiYN8CpF_${'14b7'}a71c2d003f7b44bcd2d2d26a92266c15ee4f --verbose`,
  ],
  ignores: [
    `${'CCIPAT_'}t974QAkciLXT7klaIMJhKaxauGIOv9DglM0YNCdETly7yuVgD0DC0Nn8wjkVyb`,
    `${'CCIPAT_'}xxxxxxxxxxxxxxxxxxxxxx_0000000000000000000000000000000000000000`,
    `a${'CCIPAT_'}cF7EQUkuGhlFHYIUlO4aId_${'2f0d'}45a04961c1d5edfd6906852c4128a06255be`,
    'tokens of CircleCI begin with CCIPAT_ and are kept in the vault',
    'CIRCLE_TOKEN=<your CircleCI key>',
  ],
});
