import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'square-token',
  family: 'secret',
  summary: 'Square access tokens (EAAA, sq0atp-) and application secrets (sq0csp-).',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /\b(?:EAAA[A-Za-z0-9_-]{60}|sq0atp-[A-Za-z0-9_-]{22}|sq0csp-[A-Za-z0-9_-]{43})\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `{"token":"${'EAAAE'}6_lB6TmBOoBjHLXxwaTBaFFCahFJQQUR6R_fvQoSnembAeBWtR0rVKgM58v"}`,
    `const client = new Client("${'sq0atp-'}FdiIHq3IK6FDqYbGqdBqfy");`,
    `export SQUARE_TOKEN="${'sq0csp-'}bjGnUOsU7RChaA9X4Cz4j23aK1lTQlwzcKmEl7o8jgx"`,
    `Authorization: Bearer ${'EAAAE'}cY6bsyVeg9TicvP_qo8Ycnjr68ffSezjKQJYQ972J4JS9DqrG0PvpLY8DCI`,
  ],
  ignores: [
    `${'EAAAE'}IKhyU6CstpYi4`,
    `x${'EAAAE'}IKhyU6CstpYi4JA-_zxPgBbubGE4293SP7mkCBTjQ7STnEU8g30z8ldW9UY`,
    `${'EAAAE'}${'x'.repeat(59)}`,
    'EAAAE is how such a token begins',
    'sq0idp-Jm2ZcQvT0LrW8sXy5BnK4A',
    'aws-cli@sha256:eaaa7b0c1d2e3f405162738495a6b7c8d9eaf00112233445566778899aabbccd',
  ],
});
