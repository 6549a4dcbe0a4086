import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'sonar-token',
  family: 'secret',
  summary: 'SonarQube and SonarCloud tokens: squ_, sqp_ or sqa_ and 40 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // docs.sonarsource.com: user (squ), project (sqp) and global analysis (sqa) tokens.
  pattern: /\bsq[upa]_[A-Za-z0-9]{40}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `SONAR_TOKEN="${'squ_'}99447358e0e7ddcbfa333e76e5d1bdaa9af13c16"`,
    `{"token":"${'squ_'}b36b8d6d12f18c302db94364d2c2d92ce6b28dba"}`,
    `my SonarQube key is ${'squ_'}649feb946225f6eec7d254b7d5b9ed45fe621a76, what do I do with it?`,
    `client = Client("${'squ_'}5f854aa86c1bc4b24f6667bd48dadf11997c5fba")`,
    `--token ${'squ_'}612e9297c4ec1c17a5982b9720a7722a7c49608c --verbose`,
    `-Dsonar.login=${'sqp_'}92f9f72291f78de06b87097296259fc9e55d95f0`,
    `${'sqa_'}8ad50e71a8977b9d04a73267896b55ebc522c7db`,
  ],
  ignores: [
    `${'squ_'}23aae80119e7381bc19e021f2851f963e1af996`,
    `${'squ_'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'squ_'}b0e7b63c9c73d6d744388bdb181c042d37989cda`,
    'tokens of SonarQube begin with squ_ and are kept in the vault',
    'SONAR_TOKEN=<your SonarQube key>',
  ],
});
