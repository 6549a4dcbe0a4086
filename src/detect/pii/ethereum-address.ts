import { keccak256 } from '../checks/keccak256.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'ethereum-address',
  family: 'pii',
  summary: 'Ethereum addresses: 0x and 40 hexadecimal digits, in one case or with the checksum of EIP-55; fill patterns pass.',
  tier: 'block',
  severity: 'medium',
  confidence: 0.95,
  pattern: /\b0x[0-9a-fA-F]{40}\b/,
  check: isEthereumAddress,
  references: ['owasp-llm:LLM02:2026', 'eip:55'],
  finds: [
    'wallet 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed today',
    '0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359',
    '{"from":"0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"}',
    '0x52908400098527886E0F7030069857D2E4169EE7.',
    'ethereum:0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359@1',
  ],
  ignores: [
    '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD',
    '0x0000000000000000000000000000000000000000',
    '0xffffffffffffffffffffffffffffffffffffffff',
    '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae',
    '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed00',
    '0x000000000000000000000000000000000000dead',
    'commit 5aaeb6053f3e94c9b9a09f33669435e7ef1beaed',
    '0xdeadbeef',
  ],
});

/** Zeros, precompiled contracts and burn addresses: at most this many different digits, or that many zeros in front. */
const FILL_DIGITS = 4;
const LEADING_ZEROS = 30;

function isEthereumAddress(candidate: string): boolean {
  const digits = candidate.slice(2);
  const lower = digits.toLowerCase();
  if (new Set(lower).size <= FILL_DIGITS || lower.startsWith('0'.repeat(LEADING_ZEROS))) return false;
  return digits === lower || digits === digits.toUpperCase() || hasChecksum(digits, lower);
}

/** EIP-55: a letter is in upper case where the hash of the address in lower case has a digit of at least 8. */
function hasChecksum(digits: string, lower: string): boolean {
  const hash = keccak256(lower);
  for (let i = 0; i < digits.length; i++) {
    if (lower[i]! < 'a') continue;
    const nibble = i % 2 === 0 ? hash[i >> 1]! >> 4 : hash[i >> 1]! & 15;
    if ((digits[i] !== lower[i]) !== nibble >= 8) return false;
  }
  return true;
}
