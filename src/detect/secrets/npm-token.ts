import { base62 } from '../checks/base62.ts';
import { crc32 } from '../checks/crc32.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'npm-token',
  family: 'secret',
  summary: 'npm access tokens: prefix npm_ and 36 characters whose last six are the CRC-32 of the others.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.99,
  // GitHub blog, "Behind GitHub’s new authentication token formats"; npm uses the same checksum.
  pattern: /\bnpm_[A-Za-z0-9]{36}\b/,
  check: isNpmToken,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `NPM_TOKEN="${'npm_'}ZC7BQ6k3M0jBqVBAHJsNYPCOCceRDJ03LgUZ"`,
    `token: ${'npm_'}Pi7QQNkMBGpdzLmNKNbA2VT2xXyxr93nSsS3\nregion: eu`,
    `my npm key is ${'npm_'}8573QTkGfhwJH6kmpVIqyvRDHTDqb62XzwrH, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'npm_'}tC7xQzk2oyZpV6zO8QXsYr2CB7jiwK1ru0o1" https://api.example.org/v1`,
    `${'npm_'}it7sQGkquCO0mNu30jBCuVQk4GrH5Z35kus8`,
  ],
  ignores: [
    `${'npm_'}8G77Qvkp9y6H19d1BudzJFn33y4CrWLljV2`,
    `${'npm_'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'npm_'}5B7gQ7kOsVcW2SZ2nKUGz1bzZqbIdj3oppNJ`,
    'tokens of npm begin with npm_ and are kept in the vault',
    'NPM_TOKEN=<your npm key>',
    `${'npm_'}rc7rQ4kaXtqR1oyXmFXkf56YA3HU1uCgVFub`,
    'npm_config_registry_and_other_settings',
  ],
});

const PREFIX_LENGTH = 4;
const RANDOM_LENGTH = 30;

/** The check of a candidate: the last six characters are the CRC-32 of the 30 before them in base 62. */
function isNpmToken(candidate: string): boolean {
  const random = candidate.slice(PREFIX_LENGTH, PREFIX_LENGTH + RANDOM_LENGTH);
  return candidate.slice(PREFIX_LENGTH + RANDOM_LENGTH) === base62(crc32(random), 6);
}
