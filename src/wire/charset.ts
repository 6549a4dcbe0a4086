import { isUtf8 } from 'node:buffer';
import { utf8Part } from './framing/text.ts';

/**
 * Character sets that bodies are read in. ISO-8859-1 is read as windows-1252, as the WHATWG has it
 * (https://encoding.spec.whatwg.org/#names-and-labels): each byte is one character and goes back to the same byte.
 */
export type Charset = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** What a Content-Type says: a charset, UTF-16 with the byte order left open, one we do not read, or nothing. */
export type DeclaredCharset = Charset | 'utf-16' | 'unknown' | undefined;

/** Reads the value of a `charset` parameter. US-ASCII is UTF-8 that has no other characters. */
export function charsetByLabel(label: string | undefined): DeclaredCharset {
  if (label === undefined || label.trim() === '') return undefined;
  return LABELS.get(label.trim().toLowerCase()) ?? 'unknown';
}

const LABELS: ReadonlyMap<string, DeclaredCharset> = new Map([
  ...(['utf-8', 'utf8', 'unicode-1-1-utf-8', 'us-ascii', 'ascii', 'ansi_x3.4-1968'] as const).map((label) => [label, 'utf-8'] as const),
  ...(['iso-8859-1', 'iso8859-1', 'iso_8859-1', 'latin1', 'latin-1', 'l1', 'windows-1252', 'cp1252', 'x-cp1252'] as const).map(
    (label) => [label, 'windows-1252'] as const,
  ),
  ['utf-16', 'utf-16'],
  ['utf16', 'utf-16'],
  ['utf-16le', 'utf-16le'],
  ['utf-16be', 'utf-16be'],
]);

/** How many bytes tell what a body begins as, at most. */
export const CHARSET_BYTES = 4;

/** Whether more of them could still change what is told. */
export function isCharsetOpen([a, b, , d]: Buffer): boolean {
  if (a === undefined || b === undefined) return true;
  const mayBeMark = a === 0 || a === 0xef || a >= 0xfe;
  return (mayBeMark || b === 0) && d === undefined;
}

/**
 * What the first bytes of a body say. A byte order mark goes before what is declared. `asciiFirst`: the first character is known to be
 * ASCII (JSON, an event stream), so its zero bytes tell UTF-16 from UTF-8 (RFC 4627 section 3). `'unknown'`: UTF-32.
 */
export function charsetByBytes(start: Buffer, { asciiFirst }: { readonly asciiFirst: boolean }): Charset | 'unknown' | undefined {
  const [a, b, c, d] = start;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'unknown' : 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0 && b === 0 && (d !== undefined || !asciiFirst)) return c === 0xfe || asciiFirst ? 'unknown' : undefined;
  if (!asciiFirst || a === undefined || b === undefined) return undefined;
  if (a !== 0 && b === 0) return c === 0 && d === 0 ? 'unknown' : 'utf-16le';
  return a === 0 ? 'utf-16be' : undefined;
}

/** Decodes a body piece by piece into UTF-8. What it gives always ends with a whole character. */
export interface Transcoder {
  push(bytes: Buffer): Buffer;
  /** Bytes at the end that are no whole character (the odd byte of UTF-16). */
  end(): Buffer;
  /** How many bytes had come when they had looked like another charset than this for a while (`DOUBTFUL_UNITS`); undefined: they do not. */
  doubtfulAt(): number | undefined;
}

/** Units of UTF-16 in a row whose two bytes are both printable ASCII, or would be ASCII in the other byte order: then it is none. */
const DOUBTFUL_UNITS = 12;

/**
 * Half of a surrogate pair becomes its three bytes as UTF-8 would have them, which is invalid UTF-8: readers say so, and `encode`
 * gives it back as it came.
 */
export function createTranscoder(charset: Exclude<Charset, 'utf-8'>): Transcoder {
  if (charset === 'windows-1252') return { push: fromSingleBytes, end: () => EMPTY, doubtfulAt: () => undefined };
  const bigEndian = charset === 'utf-16be';
  let carry: Buffer = EMPTY;
  let run = 0;
  let looked = 0;
  let doubtful: number | undefined;

  function look(bytes: Buffer): void {
    for (let i = 0; i < bytes.length && doubtful === undefined; i += 2) {
      const high = bytes[bigEndian ? i : i + 1]!;
      const low = bytes[bigEndian ? i + 1 : i]!;
      run = isPrintable(high) && (low === 0 || isPrintable(low)) ? run + 1 : 0;
      if (run >= DOUBTFUL_UNITS) doubtful = looked + i;
    }
    looked += bytes.length;
  }

  return {
    push(bytes) {
      const all = carry.length === 0 ? bytes : Buffer.concat([carry, bytes]);
      const whole = wholeUnits(all, bigEndian);
      carry = all.subarray(whole);
      look(all.subarray(0, whole));
      return fromUtf16(all.subarray(0, whole), bigEndian);
    },
    end() {
      const rest = carry;
      carry = EMPTY;
      return rest;
    },
    doubtfulAt: () => doubtful,
  };
}

const EMPTY: Buffer = Buffer.alloc(0);

const isPrintable = (byte: number): boolean => byte >= 0x20 && byte <= 0x7e;

/** Length without an odd byte and without a high surrogate whose other half may follow. */
function wholeUnits(bytes: Buffer, bigEndian: boolean): number {
  const even = bytes.length - (bytes.length % 2);
  if (even < 2) return 0;
  const high = bytes[bigEndian ? even - 2 : even - 1]!;
  return (high & 0xfc) === 0xd8 ? even - 2 : even;
}

function fromUtf16(bytes: Buffer, bigEndian: boolean): Buffer {
  const text = (bigEndian ? Buffer.from(bytes).swap16() : bytes).toString('utf16le');
  return text.isWellFormed() ? Buffer.from(text) : wtf8(text);
}

/** A string as UTF-8, halves of pairs too. */
function wtf8(text: string): Buffer {
  const parts = Array.from(text, (character) => {
    const c = character.charCodeAt(0);
    const half = character.length === 1 && (c & 0xf800) === 0xd800;
    return half ? Buffer.from([0xed, 0x80 | ((c >> 6) & 0x3f), 0x80 | (c & 0x3f)]) : Buffer.from(character);
  });
  return Buffer.concat(parts);
}

/** The bytes in a charset of what its transcoder gave, changed or not. */
export function encode(content: Buffer, charset: Charset): Buffer {
  switch (charset) {
    case 'utf-8':
      return content;
    case 'utf-16le':
      return toUtf16(content);
    case 'utf-16be':
      return toUtf16(content).swap16();
    case 'windows-1252':
      return toSingleBytes(content);
    default:
      return charset satisfies never;
  }
}

function toUtf16(content: Buffer): Buffer {
  if (isUtf8(content)) return Buffer.from(content.toString('utf8'), 'utf16le');
  const units: string[] = [];
  for (let at = 0; at < content.length; ) {
    const half = content[at] === 0xed && content[at + 1]! >= 0xa0;
    const size = half ? 3 : utf8Part(content, at, content.length).size;
    units.push(
      half
        ? String.fromCharCode(0xd000 | ((content[at + 1]! & 0x3f) << 6) | (content[at + 2]! & 0x3f))
        : content.toString('utf8', at, at + size),
    );
    at += size;
  }
  return Buffer.from(units.join(''), 'utf16le');
}

/** How many bytes these whole characters have in a charset. */
export function lengthIn(charset: Exclude<Charset, 'utf-8'>, content: Buffer): number {
  const unit = charset === 'windows-1252' ? 1 : 2;
  let length = 0;
  for (let i = 0; i < content.length; i++) {
    const byte = content[i]!;
    if ((byte & 0xc0) !== 0x80) length += byte >= 0xf0 ? 2 * unit : unit;
  }
  return length;
}

/** Bytes of windows-1252 as UTF-8. */
export function fromSingleBytes(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  return Buffer.from(bytes.some(isRemapped) ? Array.from(text, (c) => REMAPPED[c.charCodeAt(0) - 0x80] ?? c).join('') : text);
}

function toSingleBytes(content: Buffer): Buffer {
  const text = content.toString('utf8');
  const bytes = Buffer.from(text, 'latin1');
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c > 0xff) bytes[i] = 0x80 + REMAPPED.indexOf(text[i]!);
  }
  return bytes;
}

const isRemapped = (byte: number): boolean => byte >= 0x80 && byte <= 0x9f;

/** Characters of the bytes 0x80 to 0x9f, https://encoding.spec.whatwg.org/#windows-1252; five of them are controls. */
const REMAPPED: readonly string[] = [...'€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'];
