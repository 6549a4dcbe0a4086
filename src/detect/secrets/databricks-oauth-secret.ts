import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'databricks-oauth-secret',
  family: 'secret',
  summary: 'Databricks OAuth secrets of service principals: dose and 32 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /\bdose[0-9a-f]{32}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `--token ${'dose'}8032d3456c1514274ba5cbd98701ee29 --verbose`,
    `databricks_oauth_secret: '${'dose'}120e3d68e073e04a128447f4bd2c3cab'`,
    `const client = new Client("${'dose'}5ce3af436bb0b70be2e4afeeb928889f");`,
    `DATABRICKS_OAUTH_SECRET=${'dose'}781de94fd2178cb756cc8f16a932265d`,
  ],
  ignores: [
    `${'dose'}879f018`,
    `x${'dose'}879f01804dc9c4df70816a091c93b9e7`,
    `${'dose'}${'x'.repeat(32)}`,
    'dose is how such a token begins',
    'DATABRICKS_OAUTH_SECRET=process.env.DATABRICKS_OAUTH_SECRET',
    'databricks_oauth_secret: <your token>',
  ],
});
