import { crc32 } from '../checks/crc32.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'cloudflare-token',
  family: 'secret',
  summary: 'Cloudflare user, account and global API credentials with a prefix; their CRC-32 must be right.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.99,
  // Cloudflare docs, "Token formats": 40 characters and a checksum, which is their CRC-32 in hexadecimal.
  pattern: /\bcf(?:ut|at|k)_[A-Za-z0-9]{40}[a-f0-9]{8}\b/,
  check: isCloudflareToken,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `export CLOUDFLARE_API_TOKEN='${'cfut_'}Tm7gQJk5p2agHuBr3qNiBBlhPsfFUeD9EBKaNS5uc3ae30b8'; make deploy`,
    `{"token":"${'cfat_'}nX77QlkgQyaD4JQMpyyEzqTQi3fxEi2rRC8UspFn6cfe5731"}`,
    `my Cloudflare key is ${'cfk_'}Kl7WQNkAF7i47jYNXQAlvwTyzERDOiecP8GjxmpP1048dd0a, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'cfut_'}jl7kQXkGOFTAU5xXp6MWa08F0Gbuh2BCIypeswa2c0628273" https://api.example.org/v1`,
    `${'cfat_'}eQ7JQGk6Zf9eEk3gjTyBJZC2su4qb8viskck9jCTd6c02300`,
  ],
  ignores: [
    `${'cfut_'}P87DQtksmfTxShF2A9DnBZRRKXVhmcPbPNrlGt6b6P294em`,
    `${'cfut_'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx00000000`,
    `a${'cfk_'}Wi7bQhkg2t9wP0dK8OpHxKdUlALG5FD0xH4PQKwh457e696d`,
    'tokens of Cloudflare begin with cfut_ and are kept in the vault',
    'CLOUDFLARE_API_TOKEN=<your Cloudflare key>',
    `${'cfat_'}1w7fQmkDfGZEA8XcyD5nNk5Zdk1HDsZB9WoDofRv0badcafe`,
  ],
});

const BODY_LENGTH = 40;

/** The check of a candidate: its last eight characters are the CRC-32 of the 40 before them. */
function isCloudflareToken(candidate: string): boolean {
  const body = candidate.slice(-BODY_LENGTH - 8, -8);
  return candidate.slice(-8) === crc32(body).toString(16).padStart(8, '0');
}
