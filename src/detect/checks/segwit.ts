const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const BECH32 = 1;
const BECH32M = 0x2bc830a3;
const CHECKSUM_UNITS = 6;

/** Source of a class with every character that may follow the separator, in lower case. */
export const BECH32_CLASS = '[02-9ac-hj-np-z]';

/**
 * Whether a text is a segregated witness address: `bc1…` and the like, in one case. Version 0 has the checksum of BIP 173 and a program of
 * 20 or 32 bytes; later versions that of BIP 350 and 2 to 40 bytes.
 */
export function isSegwitAddress(text: string): boolean {
  const address = text.toLowerCase();
  if (text !== address && text !== text.toUpperCase()) return false;
  const separator = address.lastIndexOf('1');
  const values = Array.from(address.slice(separator + 1), (character) => ALPHABET.indexOf(character));
  const [version = -1] = values;
  if (separator < 1 || values.includes(-1) || version > 16) return false;
  if (checksum(address.slice(0, separator), values) !== (version === 0 ? BECH32 : BECH32M)) return false;
  const bits = 5 * (values.length - 1 - CHECKSUM_UNITS);
  const bytes = Math.floor(bits / 8);
  const lengths = version === 0 ? [20, 32] : undefined;
  return bits % 8 < 5 && bytes >= 2 && bytes <= 40 && lengths?.includes(bytes) !== false;
}

/** The checksum of BIP 173 over the prefix, spread into high and low bits, and the values. */
function checksum(prefix: string, values: readonly number[]): number {
  const high = Array.from(prefix, (character) => character.charCodeAt(0) >> 5);
  const low = Array.from(prefix, (character) => character.charCodeAt(0) & 31);
  let remainder = 1;
  for (const value of [...high, 0, ...low, ...values]) {
    const top = remainder >>> 25;
    remainder = ((remainder & 0x1ffffff) << 5) ^ value;
    for (let i = 0; i < GENERATOR.length; i++) if ((top >> i) & 1) remainder ^= GENERATOR[i]!;
  }
  return remainder;
}
