import { BASE58_CLASS, base58CheckVersion } from '../checks/base58.ts';
import { BECH32_CLASS, isSegwitAddress } from '../checks/segwit.ts';
import { detector } from '../detector.ts';

const UPPER_BECH32 = BECH32_CLASS.replace('ac-hj-np-z', 'AC-HJ-NP-Z');

export default detector({
  name: 'bitcoin-address',
  family: 'pii',
  summary: 'Bitcoin addresses of the main and the test network: Base58Check, bech32 and bech32m, each with its checksum.',
  tier: 'block',
  severity: 'medium',
  confidence: 0.99,
  pattern: new RegExp(
    `\\b(?:[123mn](?:${BASE58_CLASS}{4}){5}${BASE58_CLASS}{5,14}|(?:bc|tb)1${BECH32_CLASS}{11,71}|(?:BC|TB)1${UPPER_BECH32}{11,71})\\b`,
  ),
  check: isBitcoinAddress,
  references: ['owasp-llm:LLM02:2026', 'bip:173', 'bip:350'],
  finds: [
    'send it to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa today',
    'P2SH 3P14159f73E4gFr7JterCCQh9QjiTjiZrG.',
    '{"to":"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"}',
    'BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4',
    'taproot bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0',
    'testnet tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx',
    'bitcoin:1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2?amount=0.1',
  ],
  ignores: [
    '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb',
    'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5',
    'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7Kv8f3t4',
    'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd',
    'commit 1f3870be274f6c49b3e31a0c6728957f9b3d2a11',
    'id 3kTMd8XyRzWq7bNcVfGhJkLpMnQsTuVwXy',
    'the 1st of nineteen',
    '1111111111111111111111111111111111',
  ],
});

/** Version bytes of the chain: P2PKH and P2SH, main and test network. */
const VERSIONS = [0x00, 0x05, 0x6f, 0xc4];
const FIRST_OF_BASE58 = '123mn';

/** The check of a candidate; its first character says which encoding it has. */
function isBitcoinAddress(candidate: string): boolean {
  if (!FIRST_OF_BASE58.includes(candidate[0]!)) return isSegwitAddress(candidate);
  return VERSIONS.includes(base58CheckVersion(candidate) ?? -1);
}
