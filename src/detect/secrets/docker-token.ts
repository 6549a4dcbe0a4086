import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'docker-token',
  family: 'secret',
  summary: 'Docker Hub personal (dckr_pat_) and organisation (dckr_oat_) access tokens.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // docs.docker.com/security, "Access tokens".
  pattern: /\bdckr_(?:pat_[A-Za-z0-9_-]{26}|oat_[A-Za-z0-9_-]{31})(?:\w\b|-\B)/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `DOCKERHUB_TOKEN="${'dckr_pat_'}mj73Q4kwdGyQjA4DpVEBULuY88u"`,
    `token: ${'dckr_pat_'}3U71Q8kAUKTYVUbjkf4Ea734uGf\nregion: eu`,
    `my Docker Hub key is ${'dckr_pat_'}Sz7hQ6kI5725nc9JFrnkEV4gJGe, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'dckr_pat_'}Xd7EQlk1n1sK41PJjrZzEZn4kXM" https://api.example.org/v1`,
    `--token ${'dckr_pat_'}sc7oQgkAkHDI6d9BhNGZZ1FTlr2 --verbose`,
    `docker login -u team -p ${'dckr_oat_'}Xo7KQ0kiNYHilcU1hHL2zicSbT0m-Hzc`,
  ],
  ignores: [
    `${'dckr_pat_'}BO7UQMkUHC1tpMFWzJKC`,
    `${'dckr_pat_'}xxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'dckr_pat_'}dm7EQKky6FTNzDqbbD6ExfBy2WO`,
    'tokens of Docker Hub begin with dckr_pat_ and are kept in the vault',
    'DOCKERHUB_TOKEN=<your Docker Hub key>',
  ],
});
