import { type ByteSpan, byteOffset } from '../lib/units.ts';
import { type HeaderParameter, headerParameters } from './content-type.ts';
import { percentDecoded } from './framing/form.ts';

/** The headers of one part of a multipart body. */
export interface PartHead {
  /** Field name; undefined when there is none or more than one. */
  readonly name: string | undefined;
  readonly fileName: string | undefined;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly transferEncoding: string | undefined;
  /** Where the digits of Content-Length stand. */
  readonly contentLength: ByteSpan | undefined;
  /** A header that decides how the part is read comes twice: receivers differ in which one they take. */
  readonly ambiguous: boolean;
  /** Every text in the headers that is no structure. */
  readonly texts: readonly HeadText[];
}

/** `name`: a field's, which others refer to and nobody may change. `file`: a file's name. `other`: a header line or a value of one. */
export interface HeadText {
  readonly kind: 'name' | 'file' | 'other';
  readonly text: string;
  readonly span: ByteSpan;
  /** The text is not as it stands in the bytes, so it can only be read. */
  readonly fixed: boolean;
}

/**
 * Reads the bytes of a delimiter and the headers after it (RFC 7578, RFC 2183). Header bytes are UTF-8. What is not a structural value
 * of a known header is text.
 */
export function readPartHead(bytes: Buffer): PartHead {
  const head = bytes.toString('latin1'); // one unit for each byte, so offsets are those of the bytes
  const texts: HeadText[] = [];
  const values = new Map<string, string>();
  let ambiguous = false;
  let disposition: Disposition | undefined;
  let contentLength: ByteSpan | undefined;

  for (const { start, end } of headerLines(head)) {
    const colon = head.indexOf(':', start);
    const name = colon < 0 || colon >= end ? '' : head.slice(start, colon).trim().toLowerCase();
    const value = head.slice(colon + 1, end);
    if (KNOWN.has(name)) {
      ambiguous ||= values.has(name);
      values.set(name, value.trim());
    }
    if (name === 'content-disposition') {
      disposition = readDisposition(bytes, { value, base: colon + 1 });
      texts.push(...disposition.texts);
    } else if (!isStructural(name, value)) texts.push(textAt(bytes, 'other', { start, end }));
    if (name === 'content-length') contentLength = digitsAt(value, colon + 1);
  }
  return {
    name: disposition?.name,
    fileName: disposition?.fileName,
    contentType: ambiguous ? undefined : values.get('content-type'),
    contentEncoding: values.get('content-encoding'),
    transferEncoding: values.get('content-transfer-encoding'),
    contentLength,
    ambiguous,
    texts,
  };
}

const KNOWN: ReadonlySet<string> = new Set([
  'content-disposition',
  'content-type',
  'content-encoding',
  'content-transfer-encoding',
  'content-length',
]);

/** Header lines after the delimiter's, folded ones as one (RFC 5322 section 2.2.3), without their line ends. */
function headerLines(head: string): { start: number; end: number }[] {
  const lines: { start: number; end: number }[] = [];
  let at = head.indexOf('\n', head.indexOf('--')) + 1;
  while (at > 0 && at < head.length) {
    const feed = head.indexOf('\n', at);
    const next = feed < 0 ? head.length : feed + 1;
    const end = feed < 0 ? next : head[feed - 1] === '\r' && feed > at ? feed - 1 : feed;
    const folded = head[at] === ' ' || head[at] === '\t';
    if (folded && lines.length > 0) lines.at(-1)!.end = end;
    else if (end > at) lines.push({ start: at, end });
    at = next;
  }
  return lines;
}

interface Disposition {
  readonly name: string | undefined;
  readonly fileName: string | undefined;
  readonly texts: readonly HeadText[];
}

const DISPOSITIONS: ReadonlySet<string> = new Set(['form-data', 'attachment', 'inline']);

function readDisposition(bytes: Buffer, { value, base }: { readonly value: string; readonly base: number }): Disposition {
  const { essence, parameters, clean } = headerParameters(value);
  const names = parameters.filter(({ name }) => name === 'name');
  const files = parameters.filter(({ name }) => name === 'filename' || name === 'filename*');
  const isKnown = clean && DISPOSITIONS.has(essence) && names.length + files.length === parameters.length;
  return {
    name: names.length === 1 ? utf8(names[0]!.value) : undefined,
    fileName: files.length === 0 ? undefined : fileNameOf(files[0]!),
    texts: isKnown
      ? parameters.map((parameter) => parameterText(parameter, base)).filter(({ text }) => text !== '')
      : [textAt(bytes, 'other', { start: base, end: base + value.length })],
  };
}

function parameterText({ name, value, start, end }: HeaderParameter, base: number): HeadText {
  const span = { start: byteOffset(base + start), end: byteOffset(base + end) };
  if (name === 'name') return { kind: 'name', text: utf8(value), span, fixed: true };
  const text = fileNameOf({ name, value });
  return { kind: 'file', text, span, fixed: name !== 'filename' || value.length !== end - start };
}

/** `filename*` is `charset'language'percent-encoded`, RFC 8187. */
function fileNameOf({ name, value }: Pick<HeaderParameter, 'name' | 'value'>): string {
  if (name === 'filename') return utf8(value);
  return percentDecoded(Buffer.from(value.slice(value.lastIndexOf("'") + 1).replaceAll('+', '%2B'), 'latin1')).toString('utf8');
}

const utf8 = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8');

function textAt(bytes: Buffer, kind: HeadText['kind'], { start, end }: { readonly start: number; readonly end: number }): HeadText {
  return { kind, text: bytes.toString('utf8', start, end), span: { start: byteOffset(start), end: byteOffset(end) }, fixed: false };
}

/** Longest value that is taken for what its header says. */
const VALUE_UNITS_MAX = 128;
const ENCODINGS: ReadonlySet<string> = new Set(['7bit', '8bit', 'binary', 'base64', 'quoted-printable']);

function isStructural(name: string, value: string): boolean {
  const plain = value.trim().toLowerCase();
  if (name === 'content-transfer-encoding') return ENCODINGS.has(plain);
  if (name === 'content-length') return digitsAt(value, 0) !== undefined;
  if (name !== 'content-type' || plain.length > VALUE_UNITS_MAX) return false;
  const { parameters, clean } = headerParameters(value);
  return clean && parameters.every((parameter) => parameter.name === 'charset' || parameter.name === 'boundary');
}

/** A value of one to eight digits and nothing else. */
function digitsAt(value: string, base: number): ByteSpan | undefined {
  const digits = value.trim();
  if (digits.length === 0 || digits.length > 8) return undefined;
  for (const digit of digits) if (digit < '0' || digit > '9') return undefined;
  const start = base + value.indexOf(digits);
  return { start: byteOffset(start), end: byteOffset(start + digits.length) };
}
