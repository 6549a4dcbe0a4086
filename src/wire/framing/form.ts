/** One `name=value` of a form, or what stands between two `&`. Spans are offsets in the bytes; `value` is empty without an `=`. */
export interface FormField {
  readonly start: number;
  readonly nameEnd: number;
  readonly valueStart: number;
  readonly end: number;
}

/** The fields of application/x-www-form-urlencoded bytes from `from` on, in order, https://url.spec.whatwg.org/#urlencoded-parsing. */
export function* formFields(bytes: Buffer, from: number): Generator<FormField> {
  for (let start = from; start <= bytes.length; ) {
    const and = bytes.indexOf(AND, start);
    const end = and < 0 ? bytes.length : and;
    const equals = bytes.subarray(start, end).indexOf(EQUALS);
    const nameEnd = equals < 0 ? end : start + equals;
    yield { start, nameEnd, valueStart: Math.min(end, nameEnd + 1), end };
    start = end + 1;
  }
}

/** Bytes behind `+` and `%XX`; an escape that is none stays as it is written. The same buffer when there is nothing to undo. */
export function percentDecoded(bytes: Buffer): Buffer {
  if (!bytes.includes(PERCENT) && !bytes.includes(PLUS)) return bytes;
  const decoded = Buffer.allocUnsafe(bytes.length);
  let size = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    const high = byte === PERCENT ? hex(bytes[i + 1]) : -1;
    const low = high < 0 ? -1 : hex(bytes[i + 2]);
    decoded[size++] = low >= 0 ? high * 16 + low : byte === PLUS ? SPACE : byte;
    if (low >= 0) i += 2;
  }
  return decoded.subarray(0, size);
}

/** Bytes as a form writes them, https://url.spec.whatwg.org/#application-x-www-form-urlencoded-percent-encode-set. */
export function percentEncoded(bytes: Buffer): Buffer {
  const text = Array.from(bytes, (byte) => (isUnescaped(byte) ? String.fromCharCode(byte) : byte === SPACE ? '+' : written(byte)));
  return Buffer.from(text.join(''), 'latin1');
}

const AND = 0x26;
const EQUALS = 0x3d;
const PERCENT = 0x25;
const PLUS = 0x2b;
const SPACE = 0x20;

const written = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;

const isUnescaped = (c: number): boolean =>
  (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a) || c === 0x2a || c === 0x2d || c === 0x2e || c === 0x5f;

function hex(c: number | undefined): number {
  if (c === undefined) return -1;
  if (c >= 0x30 && c <= 0x39) return c - 0x30;
  const letter = c | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
