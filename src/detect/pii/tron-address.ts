import { BASE58_CLASS, base58CheckVersion } from '../checks/base58.ts';
import { detector } from '../detector.ts';

const VERSION = 0x41;

export default detector({
  name: 'tron-address',
  family: 'pii',
  summary: 'Tron addresses: 34 characters of base 58 that begin with T, with the version byte and the checksum.',
  tier: 'block',
  severity: 'medium',
  confidence: 0.99,
  pattern: new RegExp(`\\bT(?:${BASE58_CLASS}{4}){8}${BASE58_CLASS}\\b`),
  check: (candidate) => base58CheckVersion(candidate) === VERSION,
  references: ['owasp-llm:LLM02:2026', 'tron:account'],
  finds: [
    'USDT (TRC-20) to TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t',
    'TWuu5oqjbWcoR3J9SoZ7efvK236gjgzwQn',
    '{"owner_address":"TWuu5oqjbWcoR3J9SoZ7efvK236gjgzwQn"}',
    'from TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t, thanks',
  ],
  ignores: [
    'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u',
    'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6',
    'TWuu5oqjbWcoR3J9SoZ7efvK236gjgzwQnx',
    'ThisCakeRecipeKeepsThreeDaysBakeAt',
    'LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1',
  ],
});
