/** Content codings that are decoded (RFC 9110 section 8.4.1, RFC 7932, RFC 8878). */
export const CODINGS = ['gzip', 'deflate', 'br', 'zstd'] as const;
export type Coding = (typeof CODINGS)[number];

/** What a Content-Encoding says: the codings in the order they were applied, or that one of them is unknown or there are too many. */
export type ContentEncoding = { readonly kind: 'codings'; readonly codings: readonly Coding[] } | { readonly kind: 'unknown' };

/**
 * Reads a Content-Encoding header; several headers of that name are one, joined by commas. `identity` and empty elements say nothing.
 * More than `CODINGS_MAX` are unknown: each is a decoder with a window of its own, and no honest sender uses more than two.
 */
export function readContentEncoding(value: string | undefined): ContentEncoding {
  if (value === undefined) return PLAIN;
  const codings: Coding[] = [];
  for (const name of elementsOf(value)) {
    if (name === 'identity') continue;
    const coding = codingOf(name);
    if (coding === undefined || codings.length === CODINGS_MAX) return UNKNOWN;
    codings.push(coding);
  }
  return codings.length === 0 ? PLAIN : { kind: 'codings', codings };
}

/** Codings of one body. */
export const CODINGS_MAX = 3;

/**
 * An Accept-Encoding header without the codings that cannot be decoded here, and without `*`, which asks for any; the value itself when
 * there are none; undefined when nothing is left.
 */
export function decodableEncodings(acceptEncoding: string): string | undefined {
  const elements = acceptEncoding.split(',').map((element) => element.trim());
  const known = elements.filter((element) => isDecodable((element.split(';')[0] ?? '').trim().toLowerCase()));
  if (known.length === elements.length) return acceptEncoding;
  return known.length === 0 ? undefined : known.join(', ');
}

const PLAIN: ContentEncoding = { kind: 'codings', codings: [] };
const UNKNOWN: ContentEncoding = { kind: 'unknown' };

const isDecodable = (name: string): boolean => name === 'identity' || codingOf(name) !== undefined;

/** `x-gzip` is gzip (RFC 9110, 8.4.1.3). */
function codingOf(name: string): Coding | undefined {
  return name === 'x-gzip' ? 'gzip' : CODINGS.find((coding) => coding === name);
}

function elementsOf(value: string): readonly string[] {
  return value
    .toLowerCase()
    .split(',')
    .map((element) => element.trim())
    .filter((element) => element !== '');
}
