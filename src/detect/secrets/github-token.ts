import { base62 } from '../checks/base62.ts';
import { crc32 } from '../checks/crc32.ts';
import { shannonBits } from '../checks/entropy.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'github-token',
  family: 'secret',
  summary: 'GitHub tokens: personal, OAuth, user, server and refresh (their CRC-32 must be right), and fine-grained ones.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.99,
  pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b/,
  check: isGithubToken,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `token ${'ghp_'}zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17`,
    `https://x:${'ghs_'}zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17@github.com/a/b`,
    `GH_TOKEN=${'gho_'}zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17`,
    `${'ghu_'}zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17`,
    `${'github_pat_'}11ABCDEFG0abcdefghijkl_${'Zx9'.repeat(19)}Ab`,
  ],
  ignores: [
    `${'ghp_'}zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18`,
    `${'ghp_'}${'x'.repeat(36)}`,
    `${'ghp_'}zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq1`,
    `${'ghx_'}zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17`,
    'ghp_ is the prefix',
    `${'github_pat_'}11ABCDEFG0`,
    `${'github_pat_'}${'x'.repeat(22)}_${'x'.repeat(59)}`,
  ],
});

const PREFIX_LENGTH = 4;
const RANDOM_LENGTH = 30;

/**
 * The check of a candidate: the last six characters are the CRC-32 of the 30 before them in base 62 ("Behind GitHub's new authentication
 * token formats", 2021). Fine-grained tokens have no published checksum; their length is distinctive enough for
 * anything but a row of one letter.
 */
function isGithubToken(candidate: string): boolean {
  if (candidate.startsWith('github_pat_')) return shannonBits(candidate) >= 2.5;
  const random = candidate.slice(PREFIX_LENGTH, PREFIX_LENGTH + RANDOM_LENGTH);
  return candidate.slice(PREFIX_LENGTH + RANDOM_LENGTH) === base62(crc32(random), 6);
}
