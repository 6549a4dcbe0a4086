import { FIXED } from '../../lib/limits.ts';

/** One client certificate in `x-forwarded-client-cert`. Keys that are no names of the client (`Cert`, `Chain`) are left out. */
export interface XfccElement {
  /** Whether it carries the certificate's hash, as every element that Envoy writes does. */
  readonly hashed: boolean;
  readonly subject: string | undefined;
  readonly uris: readonly string[];
  readonly dns: readonly string[];
}

/**
 * Reads `x-forwarded-client-cert` by Envoy's grammar (HTTP header manipulation, x-forwarded-client-cert): elements parted by commas, each
 * of `Key=value` pairs parted by semicolons; a value with one of `,;=` stands in double quotes, in which a backslash takes the mark behind
 * it along. Keys in either case. Undefined for anything else: what cannot be read exactly is not believed at all.
 */
export function parseXfcc(header: string): readonly XfccElement[] | undefined {
  if (header.length > FIXED.xfccUnits) return undefined;
  const elements: XfccElement[] = [];
  let pairs: Pair[] = [];
  for (let at = 0; at <= header.length; ) {
    const pair = readPair(header, at);
    if (pair === undefined || pairs.length === FIXED.xfccElements) return undefined;
    pairs.push(pair);
    at = pair.end + 1;
    if (header[pair.end] === ';') continue;
    if (elements.length === FIXED.xfccElements) return undefined;
    const element = elementOf(pairs);
    if (element === undefined) return undefined;
    elements.push(element);
    pairs = [];
  }
  return elements;
}

interface Pair {
  /** Lower case. */
  readonly key: string;
  readonly value: string;
  /** Where the separator behind it stands, or the header's length. */
  readonly end: number;
}

function readPair(header: string, from: number): Pair | undefined {
  let start = from;
  while (header[start] === ' ') start++; // proxies join several headers of one name with ", "
  const equals = header.indexOf('=', start);
  if (equals < 0) return undefined;
  const key = header.slice(start, equals).toLowerCase();
  if (!KEYS.has(key)) return undefined;
  const read = header[equals + 1] === '"' ? readQuoted(header, equals + 2) : readBare(header, equals + 1);
  return read === undefined ? undefined : { key, ...read };
}

const KEYS: ReadonlySet<string> = new Set(['by', 'hash', 'cert', 'chain', 'subject', 'uri', 'dns']);

function readBare(header: string, from: number): { readonly value: string; readonly end: number } | undefined {
  let end = from;
  while (end < header.length && header[end] !== ',' && header[end] !== ';') {
    if (header[end] === '"') return undefined;
    end++;
  }
  return { value: header.slice(from, end), end };
}

/** Only `\"` is undone: other backslashes belong to the value (the escapes of RFC 2253 in a subject). */
function readQuoted(header: string, from: number): { readonly value: string; readonly end: number } | undefined {
  let value = '';
  for (let at = from; at < header.length; at++) {
    const unit = header[at]!;
    if (unit === '"') return isSeparator(header[at + 1]) ? { value, end: at + 1 } : undefined;
    if (unit !== '\\') value += unit;
    else {
      at++;
      value += header[at] === '"' ? '"' : `\\${header[at] ?? ''}`;
    }
  }
  return undefined;
}

function isSeparator(unit: string | undefined): boolean {
  return unit === undefined || unit === ',' || unit === ';';
}

function elementOf(pairs: readonly Pair[]): XfccElement | undefined {
  const valuesOf = (key: string): string[] => pairs.filter((pair) => pair.key === key && pair.value !== '').map(({ value }) => value);
  const [subject, ...subjects] = valuesOf('subject');
  const hashes = valuesOf('hash');
  if (subjects.length > 0 || hashes.length > 1) return undefined;
  return { hashed: hashes.length === 1, subject, uris: valuesOf('uri'), dns: valuesOf('dns') };
}
