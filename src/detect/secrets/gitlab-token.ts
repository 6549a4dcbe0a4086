import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'gitlab-token',
  family: 'secret',
  summary: 'GitLab personal, project, group, deploy, feed, agent, OAuth and other tokens with a gl…- prefix.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // docs.gitlab.com/security/tokens: each kind has its own prefix. Routable ones end in a version, a length and a checksum.
  pattern: /\bgl(?:pat|dt|ft|soat|imt|agent|ffct|wt|oas)-[A-Za-z0-9_-]{19,80}(?:\w\b|-\B)(?:\.(?:0[0-9a-z]\.)?[0-9a-z]{9}\b)?/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `export GITLAB_TOKEN='${'glpat-'}I37wQ1kcED4uEB2MExbd'; make deploy`,
    `{"token":"${'glpat-'}oI7UQUk47hzjsEKVc3-0"}`,
    `my GitLab key is ${'glpat-'}Nm7gQKktsIqXE5My64YZ, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'glpat-'}OF7RQ2k81mJBJVSEUzva" https://api.example.org/v1`,
    `(${'glpat-'}T87MQwk8IZ5emJC3OBPG)`,
    `routable ${'glpat-'}Fh7ZQukt5BsglO0Y3iFPXf1j5x3Dt7O7kKFXZ.01.11aupmymw`,
    `deploy ${'gldt-'}t67BQEkjCjgnc-CxG5-W`,
    `agent.token: ${'glagent-'}sh7SQTkk6RFEWe7bGILa_UBR481wZE47UJI4gMiN4E5QF11-ZG`,
    `secret=${'gloas-'}1b410f0faee6e3ccb85fe8c4e065314047fc491b38c5c9157501c195c4172317`,
    `rss?feed_token=${'glft-'}oz70QjkZDiDM62WAhx1A`,
  ],
  ignores: [
    `${'glpat-'}3O7LQ8k7i1c-JHyHeKF`,
    `${'glpat-'}xxxxxxxxxxxxxxxxxxxx`,
    `a${'glpat-'}Ug71Qkkf67oOUsGn4cav`,
    'tokens of GitLab begin with glpat- and are kept in the vault',
    'GITLAB_TOKEN=<your GitLab key>',
  ],
});
