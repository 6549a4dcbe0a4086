import { createHash, createHmac } from 'node:crypto';
import { FIXED } from '../../lib/limits.ts';
import { unitAt } from '../../lib/unit-at.ts';
import type { ObservedId } from './event.ts';

/** Fingerprints under a key: whole numbers from 1 to 2^53 - 1. The text cannot be read from one, nor met on purpose without the key. */
export interface Fingerprints {
  /** Says under which key; 16 hexadecimal digits. */
  readonly keyId: string;
  /** Of a text in a space of its own (`kind`), which stands below another fingerprint or 0. A million of them meet once in 10,000 times. */
  of(kind: number, text: string, below: number): number;
}

/** Seeded from a key of any length. Two multiplying lanes of 32 bits over the UTF-16 units: for tables, not for secrets. */
export function createFingerprints(key: Uint8Array): Fingerprints {
  const seed = createHash('sha256').update('behaviour\0').update(key).digest();
  const [low, high] = [seed.readInt32LE(0), seed.readInt32LE(4)];
  return {
    keyId: seed.toString('hex', 8, 16),
    of(kind, text, below) {
      const length = Math.min(text.length, FIXED.behaviourNameUnits);
      let a = low ^ Math.imul(kind + 1, 0x9e37_79b1) ^ text.length;
      let b = high ^ Math.imul(below | 0, 0x85eb_ca6b) ^ Math.imul((below / 0x1_0000_0000) | 0, 0xc2b2_ae35);
      for (let at = 0; at < length; at++) {
        const unit = unitAt(text, at);
        a = Math.imul(a ^ unit, 0x9e37_79b1);
        b = Math.imul(b ^ unit, 0x5f35_6495);
        a ^= a >>> 15;
        b ^= b >>> 13;
      }
      a = mixed(a ^ b);
      b = mixed(b ^ Math.imul(a, 0x27d4_eb2f));
      return (b & 0x1f_ffff) * 0x1_0000_0000 + (a >>> 0) || 1;
    },
  };
}

/** The last steps of MurmurHash3 (A. Appleby): every bit of the input moves every bit of the result. */
function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85eb_ca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35);
  return bits ^ (bits >>> 16);
}

/** Digits that a whole number may have to be followed in order: 2^53 has 16, and the offset needs room. */
const ORDER_DIGITS_MAX = 15;

/**
 * An id of a request as behaviour may see it: 16 hexadecimal digits of an HMAC under the installation's key, and for a whole number of up to
 * 15 digits the number shifted by a secret offset, so that 7, 8, 9 are still three in a row.
 */
export function createIdObserver(key: Uint8Array): (id: string) => ObservedId {
  const offset = createHmac('sha256', key).update('order\0').digest().readUInt32LE(0) * 1_000_003;
  return (id) => {
    const hash = createHmac('sha256', key).update(`id\0${id}`).digest('hex').slice(0, 16);
    return isWholeNumber(id) ? { hash, order: Number(id) + offset } : { hash };
  };
}

function isWholeNumber(id: string): boolean {
  if (id.length === 0 || id.length > ORDER_DIGITS_MAX) return false;
  for (let at = 0; at < id.length; at++) if (unitAt(id, at) < 0x30 || unitAt(id, at) > 0x39) return false;
  return true;
}
