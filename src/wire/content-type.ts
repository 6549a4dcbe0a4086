/** How the bytes of a body are to be read. */
export type BodyKind =
  | { readonly kind: 'sse' }
  | { readonly kind: 'json' }
  | { readonly kind: 'json-lines' }
  | { readonly kind: 'aws-eventstream' }
  /** Text in a character set whose ASCII bytes mean ASCII, or not (`readable` false: UTF-16 and the like). */
  | { readonly kind: 'text'; readonly readable: boolean }
  /** Text with parts that may be anything (multipart/form-data). */
  | { readonly kind: 'mixed' }
  | { readonly kind: 'opaque' }
  /** No type was given. */
  | { readonly kind: 'unknown' };

/** Reads a Content-Type header value; undefined or nonsense is `unknown`. */
export function bodyKind(contentType: string | undefined): BodyKind {
  const [essence = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  const type = essence.trim();
  if (!type.includes('/')) return { kind: 'unknown' };
  if (type === 'text/event-stream') return { kind: 'sse' };
  if (JSON_LINES.has(type)) return { kind: 'json-lines' };
  if (type === 'application/vnd.amazon.eventstream') return { kind: 'aws-eventstream' };
  if (type === 'application/json' || type === 'text/json' || type.endsWith('+json')) return { kind: 'json' };
  if (type.startsWith('multipart/')) return { kind: 'mixed' };
  if (type.startsWith('text/') || type.endsWith('+xml') || TEXTS.has(type)) return { kind: 'text', readable: asciiCompatible(parameters) };
  return { kind: 'opaque' };
}

/** Whether a Content-Encoding leaves the bytes as they are. */
export function isIdentity(contentEncoding: string | undefined): boolean {
  return (contentEncoding ?? '').split(',').every((coding) => coding.trim() === '' || coding.trim().toLowerCase() === 'identity');
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
  'application/x-www-form-urlencoded',
  'application/javascript',
  'application/x-javascript',
  'application/ecmascript',
  'application/graphql',
  'application/yaml',
  'application/x-yaml',
  'application/toml',
  'application/sql',
]);
const ASCII_COMPATIBLE: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii', 'iso-8859-1', 'latin1', 'windows-1252']);

function asciiCompatible(parameters: readonly string[]): boolean {
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  return charset === undefined || ASCII_COMPATIBLE.has(charset.slice('charset='.length).replaceAll('"', '').trim());
}
