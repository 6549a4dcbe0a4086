import { base62 } from '../checks/base62.ts';
import { crc32 } from '../checks/crc32.ts';
import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'github-token-shaped',
  family: 'secret',
  summary: 'What has the shape of a GitHub or npm token but not its checksum: mistyped, altered or made up; placeholders pass.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.6,
  // Longer ones: refresh tokens had 76 characters before 2023, and GitHub asks to expect up to 255.
  pattern: /\b(?:gh[pousr]|npm)_[A-Za-z0-9]{36,90}\b/,
  check: lacksChecksum,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `GITHUB_TOKEN=${'ghp_'}q8Zt3LmW5xR1nB7vK9d2LkV78zLx9tQw4RbN`,
    `token ${'ghs_'}aZ8kQ2rT9vXc4LmN7pWe1Ys6Gh3Jd5UfQ0iB was refused`,
    `//registry.example.com/:_authToken=${'npm_'}aZ8kQ2rT9vXc4LmN7pWe1Ys6Gh3Jd5UfQ0iB`,
    `"refresh_token":"${'ghr_'}q8Zt3LmW5xR1nB7vK9d2LkV78zLx9tQw4RbNaZ8kQ2rT9vXc4LmN7pWe1Ys6Gh3Jd5UfQ0iB"`,
    `${'gho_'}q8Zt3LmW5xR1nB7vK9d2LkV78zLx9tQw4RbN`,
  ],
  ignores: [
    `${'ghp_'}${'x'.repeat(36)}`,
    `${'ghp_'}zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17`,
    `${'ghp_'}q8Zt3LmW5xR1nB7vK9d2LkV78zLx9tQw4Rb`,
    `${'ghp_'}abcdefghijklmnopqrstuvwxyz0123456789`,
    `${'ghp_'}16C7e42F292c69EXAMPLE8347Ae178B4a01`,
    'npm_config_registry_and_other_settings_of_2024',
    'ghp_ is the prefix',
  ],
});

const PREFIX_LENGTH = 4;
const RANDOM_LENGTH = 30;

/** The check of a candidate: random by its letters, and none that the detectors of tokens with their checksum find. */
function lacksChecksum(candidate: string): boolean {
  const random = candidate.slice(PREFIX_LENGTH, PREFIX_LENGTH + RANDOM_LENGTH);
  return candidate.slice(PREFIX_LENGTH + RANDOM_LENGTH) !== base62(crc32(random), 6) && looksRandomMixed(candidate);
}
