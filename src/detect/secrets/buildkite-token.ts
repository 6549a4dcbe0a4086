import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'buildkite-token',
  family: 'secret',
  summary: 'Buildkite API tokens: prefix bkua_ and 40 hexadecimal digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // buildkite.com/docs/apis.
  pattern: /\bbkua_[a-f0-9]{40}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `BUILDKITE_API_TOKEN="${'bkua_'}6aed41b5a0ccef4b2d0833ab375635d40a18105c"`,
    `{"token":"${'bkua_'}245d6006a162e482f5363d3eba54a1b20fde1dec"}`,
    `my Buildkite key is ${'bkua_'}2e43e151f2ffc9115a659cc4c22f354abfa1b49e, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'bkua_'}274c17079e9c60a6a480fe4f8f9b2c1348afb8f9" https://api.example.org/v1`,
    `(${'bkua_'}8261b56ffcaf07fc4ea51ac36502cee47eeee2eb)`,
  ],
  ignores: [
    `${'bkua_'}20db84af43c20461cff421e1f3f7c5d3b2d996c`,
    `${'bkua_'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'bkua_'}19f114c2fbe1ce4e7fe0f523b52e038957261548`,
    'tokens of Buildkite begin with bkua_ and are kept in the vault',
    'BUILDKITE_API_TOKEN=<your Buildkite key>',
  ],
});
