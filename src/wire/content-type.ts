import { charsetByLabel, type DeclaredCharset } from './charset.ts';

/** How the bytes of a body are to be read. */
export type BodyKind =
  | { readonly kind: 'sse' }
  | { readonly kind: 'json' }
  | { readonly kind: 'json-lines' }
  | { readonly kind: 'aws-eventstream' }
  | { readonly kind: 'text' }
  /** Percent-encoded names and values. */
  | { readonly kind: 'form' }
  /** Parts that may be anything (multipart/form-data). */
  | { readonly kind: 'multipart' }
  | { readonly kind: 'opaque' }
  /** No type was given. */
  | { readonly kind: 'unknown' };

/** Reads a Content-Type header value; undefined or nonsense is `unknown`. */
export function bodyKind(contentType: string | undefined): BodyKind {
  if (contentType === 'application/json') return JSON_BODY; // most are
  const type = (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase();
  if (!type.includes('/')) return { kind: 'unknown' };
  if (type === 'text/event-stream') return { kind: 'sse' };
  if (JSON_LINES.has(type)) return { kind: 'json-lines' };
  if (type === 'application/vnd.amazon.eventstream') return { kind: 'aws-eventstream' };
  if (type === 'application/json' || type === 'text/json' || type.endsWith('+json')) return { kind: 'json' };
  if (type.startsWith('multipart/')) return { kind: 'multipart' };
  if (type === 'application/x-www-form-urlencoded') return { kind: 'form' };
  if (type.startsWith('text/') || type.endsWith('+xml') || TEXTS.has(type)) return { kind: 'text' };
  return { kind: 'opaque' };
}

const JSON_BODY: BodyKind = { kind: 'json' };

/** The charset a Content-Type declares. Two different ones are none that we know. */
export function declaredCharset(contentType: string | undefined): DeclaredCharset {
  if (contentType === undefined || !contentType.includes(';')) return undefined;
  const { parameters } = headerParameters(contentType);
  const found = new Set(parameters.filter(({ name }) => name === 'charset').map(({ value }) => charsetByLabel(value)));
  return found.size > 1 ? 'unknown' : [...found][0];
}

/** A parameter of a header value. Offsets are those of `value` in the header value, without quotes. */
export interface HeaderParameter {
  /** Lower case. */
  readonly name: string;
  /** Without quotes, escapes undone. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/**
 * A header value like `form-data; name="a"` (RFC 9110 section 5.6.6, RFC 2045 section 5.1). `clean` is false when something stands
 * there that is no parameter: a quote that never ends, text after one, a name without a value.
 */
export function headerParameters(header: string): {
  readonly essence: string;
  readonly parameters: readonly HeaderParameter[];
  readonly clean: boolean;
} {
  const parameters: HeaderParameter[] = [];
  let clean = true;
  let at = endOfToken(header, 0);
  const essence = header.slice(0, at).trim().toLowerCase();
  while (at < header.length) {
    const next = readParameter(header, at + 1);
    if (next.parameter !== undefined) parameters.push(next.parameter);
    clean &&= next.clean;
    at = next.end;
  }
  return { essence, parameters, clean };
}

/** One parameter; `end` stands on the semicolon after it or at the end. */
function readParameter(
  header: string,
  from: number,
): { readonly parameter: HeaderParameter | undefined; readonly clean: boolean; readonly end: number } {
  const stop = endOfToken(header, from);
  const equals = header.indexOf('=', from);
  if (equals < 0 || equals >= stop) return { parameter: undefined, clean: header.slice(from, stop).trim() === '', end: stop };
  const name = header.slice(from, equals).trim().toLowerCase();
  let start = equals + 1;
  while (start < stop && isBlank(header[start]!)) start++;
  if (header[start] === '"') return readQuoted(header, name, start + 1);
  const value = header.slice(start, stop).trimEnd();
  return { parameter: { name, value, start, end: start + value.length }, clean: value !== '', end: stop };
}

function readQuoted(header: string, name: string, start: number): ReturnType<typeof readParameter> {
  let value = '';
  let at = start;
  for (; at < header.length && header[at] !== '"'; at++) {
    if (header[at] === '\\' && at + 1 < header.length) at++;
    value += header[at];
  }
  const end = endOfToken(header, Math.min(header.length, at + 1));
  const clean = at < header.length && header.slice(at + 1, end).trim() === '';
  return { parameter: { name, value, start, end: at }, clean, end };
}

function endOfToken(header: string, from: number): number {
  const semicolon = header.indexOf(';', from);
  return semicolon < 0 ? header.length : semicolon;
}

const isBlank = (c: string): boolean => c === ' ' || c === '\t' || c === '\r' || c === '\n';

/** Whether a Content-Encoding leaves the bytes as they are. */
export function isIdentity(contentEncoding: string | undefined): boolean {
  if (contentEncoding === undefined) return true;
  return contentEncoding.split(',').every((coding) => coding.trim() === '' || coding.trim().toLowerCase() === 'identity');
}

const JSON_LINES: ReadonlySet<string> = new Set([
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/x-jsonlines',
  'application/x-jsonl', // results of Anthropic's batches
  'application/stream+json', // Cohere v1
]);
const TEXTS: ReadonlySet<string> = new Set([
  'application/xml',
  'application/javascript',
  'application/x-javascript',
  'application/ecmascript',
  'application/graphql',
  'application/yaml',
  'application/x-yaml',
  'application/toml',
  'application/sql',
]);
