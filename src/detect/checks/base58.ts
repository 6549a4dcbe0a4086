import { createHash } from 'node:crypto';

/** The alphabet of Bitcoin and most others; Ripple has the same characters in another order. */
export const BITCOIN_ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
export const RIPPLE_ALPHABET = 'rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz';

/** Source of a class with every base 58 character. */
export const BASE58_CLASS = '[1-9A-HJ-NP-Za-km-z]';

const PAYLOAD_BYTES = 21;
const CHECKSUM_BYTES = 4;

/**
 * The version byte of a Base58Check address: one byte of version, a hash of 20 bytes, and the first four bytes of a double SHA-256 over
 * both. Undefined when the length or the checksum is wrong.
 */
export function base58CheckVersion(address: string, alphabet = BITCOIN_ALPHABET): number | undefined {
  const bytes = decodeBase58(address, alphabet);
  if (bytes === undefined) return undefined;
  const payload = bytes.subarray(0, PAYLOAD_BYTES);
  const checksum = sha256(sha256(payload)).subarray(0, CHECKSUM_BYTES);
  return checksum.equals(bytes.subarray(PAYLOAD_BYTES)) ? payload[0] : undefined;
}

/** A base 58 number as 25 bytes, most significant first; undefined when it needs more or has other characters. */
function decodeBase58(text: string, alphabet: string): Uint8Array | undefined {
  const bytes = new Uint8Array(PAYLOAD_BYTES + CHECKSUM_BYTES);
  for (const character of text) {
    let carry = alphabet.indexOf(character);
    if (carry < 0) return undefined;
    for (let i = bytes.length - 1; i >= 0; i--) {
      carry += bytes[i]! * 58;
      bytes[i] = carry & 0xff;
      carry >>= 8;
    }
    if (carry > 0) return undefined;
  }
  return bytes;
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
