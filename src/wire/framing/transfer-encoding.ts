import { unitAt } from '../../lib/unit-at.ts';
/** How a part's bytes are written, RFC 2045 section 6; bytes that are not written so are `undefined`. */
export interface TransferEncoding {
  decode(bytes: Buffer): Buffer | undefined;
  encode(content: Buffer): Buffer;
}

/** The encoding a Content-Transfer-Encoding header names; `as-is` for those that change nothing, undefined for one we do not know. */
export function transferEncoding(header: string | undefined): TransferEncoding | 'as-is' | undefined {
  switch ((header ?? '').trim().toLowerCase()) {
    case '':
    case '7bit':
    case '8bit':
    case 'binary':
      return 'as-is';
    case 'base64':
      return { decode: fromBase64, encode: toBase64 };
    case 'quoted-printable':
      return { decode: fromQuotedPrintable, encode: toQuotedPrintable };
    default:
      return undefined;
  }
}

/** Whole groups with padding at the end, in lines; a lenient decoder may read anything else in its own way. */
function fromBase64(bytes: Buffer): Buffer | undefined {
  const text = bytes.toString('latin1').replaceAll('\r', '').replaceAll('\n', '').trim();
  const letters = text.endsWith('==') ? text.length - 2 : text.endsWith('=') ? text.length - 1 : text.length;
  if (text.length % 4 !== 0) return undefined;
  for (let i = 0; i < letters; i++) if (!isBase64(unitAt(text, i))) return undefined;
  return Buffer.from(text, 'base64');
}

const isBase64 = (c: number): boolean =>
  (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a) || c === 0x2b || c === 0x2f;

/** Longest line of an encoded part, RFC 2045 section 6.7 and 6.8. */
const LINE_LENGTH_MAX = 76;

function toBase64(content: Buffer): Buffer {
  const text = content.toString('base64');
  const lines = Array.from({ length: Math.ceil(text.length / LINE_LENGTH_MAX) }, (_, i) =>
    text.slice(i * LINE_LENGTH_MAX, (i + 1) * LINE_LENGTH_MAX),
  );
  return Buffer.from(lines.join('\r\n'));
}

const EQUALS = 0x3d;
const LF = 0x0a;
const CR = 0x0d;

/** An escape that is none stays as it is written, as the RFC advises. */
function fromQuotedPrintable(bytes: Buffer): Buffer {
  const decoded = Buffer.allocUnsafe(bytes.length);
  let size = 0;
  for (let at = 0; at < bytes.length; ) {
    const taken = bytes[at] === EQUALS ? escapeAt(bytes, at) : undefined;
    if (taken === undefined) decoded[size++] = bytes[at]!;
    else if (taken.byte !== undefined) decoded[size++] = taken.byte;
    at += taken?.size ?? 1;
  }
  return decoded.subarray(0, size);
}

/** `=XX` or a soft line break, white space before its line end included. */
function escapeAt(bytes: Buffer, at: number): { readonly size: number; readonly byte: number | undefined } | undefined {
  const digits = bytes.toString('latin1', at + 1, at + 3);
  const byte = Number.parseInt(digits, 16);
  if (digits.length === 2 && byte.toString(16).padStart(2, '0') === digits.toLowerCase()) return { size: 3, byte };
  let end = at + 1;
  while (bytes[end] === 0x20 || bytes[end] === 0x09) end++;
  if (bytes[end] === CR && bytes[end + 1] === LF) return { size: end + 2 - at, byte: undefined };
  if (bytes[end] === LF || end === bytes.length) return { size: Math.min(bytes.length, end + 1) - at, byte: undefined };
  return undefined;
}

function toQuotedPrintable(content: Buffer): Buffer {
  let line = '';
  const lines: string[] = [];
  for (let at = 0; at < content.length; at++) {
    const byte = content[at]!;
    if (byte === CR && content[at + 1] === LF) {
      lines.push(line);
      line = '';
      at++;
      continue;
    }
    const plain = byte >= 0x21 && byte <= 0x7e && byte !== EQUALS;
    const inner = byte === 0x20 && at + 1 < content.length && content[at + 1] !== CR;
    const written = plain || inner ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    if (line.length + written.length > LINE_LENGTH_MAX - 1) {
      lines.push(`${line}=`);
      line = '';
    }
    line += written;
  }
  return Buffer.from([...lines, line].join('\r\n'));
}
