import { unitAt } from '../../lib/unit-at.ts';
/** Header fields of a request by name, pseudo-header fields included; values of one name are joined with ", ". */
export type RequestHeaders = ReadonlyMap<string, string>;

/** A request's fields, names and values in turn, or undefined when they are malformed (RFC 9113, 8.2 and 8.3.1). */
export function readRequestHeaders(fields: readonly string[]): RequestHeaders | undefined {
  const headers = new Map<string, string>();
  let isPseudo = true;
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index]!;
    const value = fields[index + 1]!;
    const before = headers.get(name);
    if (unitAt(name, 0) === COLON) {
      if (!isPseudo || before !== undefined || !PSEUDO_NAMES.has(name) || !isValue(value)) return undefined;
    } else {
      isPseudo = false;
      if (!isField(name, value)) return undefined;
    }
    headers.set(name, before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`);
  }
  return isComplete(headers) ? headers : undefined;
}

/** Whether these fields may end a request: no pseudo-header field, and each well-formed. */
export function areTrailers(fields: readonly string[]): boolean {
  for (let index = 0; index < fields.length; index += 2) if (!isField(fields[index]!, fields[index + 1]!)) return false;
  return true;
}

/** Bytes the request says it has; -1 when it does not say, undefined when it is no number. */
export function contentLengthOf(headers: RequestHeaders): number | undefined {
  const text = headers.get('content-length');
  if (text === undefined) return -1;
  if (text.length === 0 || text.length > LENGTH_DIGITS_MAX) return undefined;
  for (let index = 0; index < text.length; index++) {
    const unit = unitAt(text, index);
    if (unit < 0x30 || unit > 0x39) return undefined;
  }
  return Number(text);
}

const COLON = 0x3a;
const LENGTH_DIGITS_MAX = 15;
const PSEUDO_NAMES: ReadonlySet<string> = new Set([':method', ':scheme', ':authority', ':path', ':protocol']);
/** Fields of HTTP/1 connections (RFC 9113, 8.2.2). */
const CONNECTION_NAMES: ReadonlySet<string> = new Set(['connection', 'proxy-connection', 'keep-alive', 'transfer-encoding', 'upgrade']);

/** CONNECT has neither scheme nor path, and is nothing that is served here; what extends it (RFC 8441) was not offered. */
function isComplete(headers: RequestHeaders): boolean {
  if (headers.has(':protocol')) return false;
  const method = headers.get(':method');
  if (method === undefined || method === '') return false;
  if (method === 'CONNECT') return headers.has(':authority') && !headers.has(':scheme') && !headers.has(':path');
  return (headers.get(':scheme') ?? '') !== '' && (headers.get(':path') ?? '') !== '';
}

function isField(name: string, value: string): boolean {
  if (!isName(name) || !isValue(value)) return false;
  if (name === 'te') return value === 'trailers';
  return !CONNECTION_NAMES.has(name);
}

/** Signs of a name: those of a token, in lower case (RFC 9110, 5.6.2). */
const NAME_SIGNS = new Uint8Array(256);
for (const sign of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz") NAME_SIGNS[unitAt(sign, 0)] = 1;

function isName(name: string): boolean {
  for (let index = 0; index < name.length; index++) if (NAME_SIGNS[unitAt(name, index)] === 0) return false;
  return name.length > 0;
}

function isValue(value: string): boolean {
  for (let index = 0; index < value.length; index++) {
    const unit = unitAt(value, index);
    if (unit === 0 || unit === 0x0a || unit === 0x0d) return false;
  }
  return true;
}
