import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'gitlab-runner-token',
  family: 'secret',
  summary: 'GitLab runner tokens: authentication (glrt-), registration (glrtr-) and the older GR1348941.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // docs.gitlab.com/security/tokens; GR1348941 is how registration tokens began before 17.
  pattern: /\b(?:glrtr?-(?:t\d_)?|GR1348941)[A-Za-z0-9_-]{19,50}(?:\w\b|-\B)/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `REGISTRATION_TOKEN=${'glrt-'}HO7WQikR6kXSQtHBqkx8`,
    `token: ${'glrt-'}5Y7zQ3kt6oUk4uAzhQEp\nregion: eu`,
    `my GitLab key is ${'glrt-'}Us7HQLkgcqWHchYrZpi1, what do I do with it?`,
    `client = Client("${'glrt-'}vY7DQak3JqHZ7d-44OQX")`,
    `(${'glrt-'}so7BQMkv_UVricGcTKyW)`,
    `gitlab-runner register --registration-token ${'GR1348941'}V27uQIkqBJFUYHwU6hET`,
    `token = "${'glrt-'}t1_${'G27r'}Q9kfeeoaWPrjn2Td"`,
  ],
  ignores: [
    `${'glrt-'}tS7fQ6komb1cAte`,
    `${'glrt-'}xxxxxxxxxxxxxxxxxxxx`,
    `a${'glrt-'}J_7fQTknZv-tCb6LwpWa`,
    'tokens of GitLab begin with glrt- and are kept in the vault',
    'REGISTRATION_TOKEN=<your GitLab key>',
    `${'GR1348941'}23123123123123123123`,
  ],
});
