import { assignedValue } from '../checks/assigned-value.ts';
import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'crypto-private-key',
  family: 'secret',
  summary: 'Private keys of wallets: extended keys (xprv and its relatives), and 32 bytes in hexadecimal that are named private key.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.95,
  // BIP 32 in base 58; for hexadecimal only the name tells a key from a hash.
  pattern:
    /\b(?:[xyzt]prv[1-9A-HJ-NP-Za-km-z]{107}\b|(?:(?:[Pp]rivate|[Ww]allet|[Dd]eployer|[Ss]igner)[ _.-]?[Kk]ey|(?:PRIVATE|WALLET|DEPLOYER|SIGNER)[ _-]?KEY)(?:_\w{1,8})?["']{0,2}\s{0,2}(?:=|:|is)\s{0,2}["'[]{0,2}(?:0x)?[0-9a-fA-F]{64}\b)/,
  check: isPrivateKey,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `PRIVATE_KEY=0x${'4c0883'}a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318`,
    `privateKey: "${'8da4ef'}21b864d2cc526dbdb2a120bd2874c36c9d0a1fb7f8c63d7f7a8b41de8f"`,
    `my private key is ${'7c8521'}18294e51e653712a81e05800f419141751be58f605c371e15141b007a6`,
    `${'xprv9s21'}ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi`,
  ],
  ignores: [
    'PRIVATE_KEY=process.env.PRIVATE_KEY',
    'PRIVATE_KEY=0xYOUR_PRIVATE_KEY',
    'transaction 0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318',
    `PRIVATE_KEY=0x${'0'.repeat(63)}1`,
    'sha256: 8da4ef21b864d2cc526dbdb2a120bd2874c36c9d0a1fb7f8c63d7f7a8b41de8f',
    'private_key_path=/etc/keys/4c0883a69102937d',
  ],
});

/** The check of a candidate: drawn at random, not zeros with a one at the end. */
function isPrivateKey(candidate: string): boolean {
  const extended = candidate.slice(1, 4) === 'prv';
  return looksRandom(extended ? candidate : assignedValue(candidate));
}
