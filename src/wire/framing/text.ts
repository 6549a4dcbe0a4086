import { isUtf8 } from 'node:buffer';

/** A piece of plain text: the bytes and what they say. Bytes that are not UTF-8 read as U+FFFD, one for each maximal broken part. */
export interface TextPiece {
  readonly bytes: Buffer;
  readonly text: string;
  readonly valid: boolean;
}

export interface TextFramer {
  /** Adds bytes; gives them back up to the last whole character. Undefined when there is none. */
  push(bytes: Buffer): TextPiece | undefined;
  /** Gives what is left: at most three bytes of a character that never came. */
  end(): TextPiece | undefined;
}

/** Cuts UTF-8 text between characters: at most three bytes wait for the next piece. */
export function createTextFramer(): TextFramer {
  let carry: Buffer | undefined;
  return {
    push(bytes) {
      const all = carry === undefined ? bytes : Buffer.concat([carry, bytes]);
      const whole = wholeCharacters(all);
      carry = whole < all.length ? all.subarray(whole) : undefined;
      return piece(all.subarray(0, whole));
    },
    end() {
      const rest = carry ?? Buffer.alloc(0);
      carry = undefined;
      return piece(rest);
    },
  };
}

function piece(bytes: Buffer): TextPiece | undefined {
  if (bytes.length === 0) return undefined;
  return { bytes, text: bytes.toString('utf8'), valid: isUtf8(bytes) };
}

/** Length without a character at the end that is begun correctly and not complete. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const at = bytes.length - back;
    if ((bytes[at]! & 0xc0) === 0x80) continue;
    const part = utf8Part(bytes, at, bytes.length);
    return part.complete || part.size < back ? bytes.length : at;
  }
  return bytes.length;
}

/**
 * The character at `at`: its bytes, its UTF-16 units, and whether it is complete. A broken one is as long as its valid beginning
 * (at least one byte) and reads as one U+FFFD, as the WHATWG decoder has it.
 */
export function utf8Part(
  bytes: Buffer,
  at: number,
  end: number,
): { readonly size: number; readonly units: 1 | 2; readonly complete: boolean } {
  const lead = bytes[at]!;
  if (lead < 0x80) return { size: 1, units: 1, complete: true };
  const size = lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 1;
  if (size === 1) return { size: 1, units: 1, complete: false };
  for (let i = 1; i < size; i++) {
    const c = at + i < end ? bytes[at + i]! : 0;
    const low = i === 1 && lead === 0xe0 ? 0xa0 : i === 1 && lead === 0xf0 ? 0x90 : 0x80;
    const high = i === 1 && lead === 0xed ? 0x9f : i === 1 && lead === 0xf4 ? 0x8f : 0xbf;
    if (c < low || c > high) return { size: i, units: 1, complete: false };
  }
  return { size, units: size === 4 ? 2 : 1, complete: true };
}

/**
 * First byte that no text has: a control character that is binary data for the WHATWG (https://mimesniff.spec.whatwg.org/#binary-data-byte)
 * or one that is not UTF-8. A character begun at the end counts for text. -1 when there is none.
 */
export function binaryAt(bytes: Buffer): number {
  const wide = !isUtf8(bytes);
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at]!;
    if (isBinaryByte(byte)) return at;
    if (byte < 0x80 || !wide) {
      at++;
      continue;
    }
    const part = utf8Part(bytes, at, bytes.length);
    if (!part.complete) return at + part.size === bytes.length && isBegun(byte) ? -1 : at;
    at += part.size;
  }
  return -1;
}

const isBinaryByte = (c: number): boolean => c <= 0x08 || c === 0x0b || (c >= 0x0e && c <= 0x1a) || (c >= 0x1c && c <= 0x1f);

const isBegun = (lead: number): boolean => lead >= 0xc2 && lead <= 0xf4;
