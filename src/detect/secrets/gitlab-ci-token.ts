import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'gitlab-ci-token',
  family: 'secret',
  summary: 'GitLab CI job tokens and pipeline trigger tokens: glcbt- with a partition, glptt- with 40 digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  // docs.gitlab.com/security/tokens; the job token starts with its partition in hexadecimal.
  pattern: /\bgl(?:cbt-[0-9a-f]{1,5}_[A-Za-z0-9_-]{19}(?:\w\b|-\B)|ptt-[a-f0-9]{40}\b)/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `export CI_JOB_TOKEN='${'glcbt-'}64_${'dl7k'}QokMNCwtNYI9CJLE'; make deploy`,
    `{"token":"${'glcbt-'}64_${'JA78'}QykB0JAgFrqejiOl"}`,
    `my GitLab key is ${'glcbt-'}64_${'e77o'}Q-kvLZinOvwoVgHF, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'glcbt-'}64_${'DF7W'}QvkPjG9ewe9sXOMq" https://api.example.org/v1`,
    `--token ${'glcbt-'}64_${'vl73'}Q5krFvOLyABUK7BR --verbose`,
    `TRIGGER=${'glptt-'}1e32080f1af1e4fee7ae782211895a8b4e9584b7`,
  ],
  ignores: [
    `${'glcbt-'}4r7iQikPea`,
    `${'glptt-'}0000000000000000000000000000000000000000`,
    `a${'glcbt-'}64_${'Zq7K'}QVkPNYcZyXSOCuZ8`,
    'tokens of GitLab begin with glcbt- and are kept in the vault',
    'CI_JOB_TOKEN=<your GitLab key>',
  ],
});
