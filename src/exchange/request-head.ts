import { normalisePath } from '../lib/normalise-path.ts';
import { ownText } from '../lib/own-text.ts';
import type { Head, WireFormat } from '../wire/format.ts';
import { generic } from '../wire/formats/generic.ts';
import { recogniseFormat } from '../wire/formats/index.ts';
import type { ExchangeRecord, Header } from './events.ts';

/** First value of a header; names are lower case. */
export function firstHeader(headers: readonly Header[], name: string): string | undefined {
  for (const header of headers) if (header[0] === name) return header[1];
  return undefined;
}

/** All values of a header that is a list, joined by commas (RFC 9110, 5.2). */
export function joinedHeader(headers: readonly Header[], name: string): string | undefined {
  let joined: string | undefined;
  for (const header of headers) if (header[0] === name) joined = joined === undefined ? header[1] : `${joined}, ${header[1]}`;
  return joined;
}

/**
 * What recognises a dialect and a route, from Envoy's request headers. Missing pseudo-headers read as empty. Path and host may stay longer
 * than the headers: they have memory of their own.
 */
export function headOf(headers: readonly Header[]): Head {
  const target = firstHeader(headers, ':path') ?? '';
  const query = target.indexOf('?');
  return {
    method: firstHeader(headers, ':method') ?? '',
    path: ownText(query < 0 ? target : target.slice(0, query)),
    host: ownText((firstHeader(headers, ':authority') ?? firstHeader(headers, 'host') ?? '').toLowerCase()),
    header: reading(headers),
  };
}

/** The same head with no more headers than a record is made of, in memory of their own. */
export function headToRecord(head: Head): Head {
  return { ...head, header: reading(recordedOf(head)) };
}

/** Apart from where the headers come from: functions that are made in one place keep all that any of them knows. */
function reading(headers: readonly Header[]): Head['header'] {
  return (name) => firstHeader(headers, name);
}

function recordedOf({ header }: Head): readonly Header[] {
  return RECORDED_HEADERS.flatMap((name): readonly Header[] => {
    const value = header(name);
    return value === undefined ? [] : [[name, ownText(value)]];
  });
}

/** What a record has of the request's headers, and what dialects ask for to say whose API it is. */
export const RECORDED_HEADERS = [':scheme', 'traceparent', 'tracestate', 'user-agent', 'api-key'] as const;

/**
 * The dialect a request's head speaks. Servers differ in how they read a path, so every spelling of a dialect's path is that dialect:
 * escapes, doubled slashes and dots resolved, parameters after a semicolon left out, letters in either case.
 */
export function formatOfHead(head: Head): WireFormat {
  const resolved = withoutParameters(normalisePath(head.path));
  const own = formatOfPath(head, resolved);
  if (own !== generic) return own;
  const asWritten = head.path === resolved ? generic : formatOfPath(head, head.path);
  if (asWritten !== generic) return asWritten;
  const lower = resolved.toLowerCase();
  return lower === resolved || lower === head.path ? generic : formatOfPath(head, lower);
}

function formatOfPath(head: Head, path: string): WireFormat {
  return recogniseFormat(path === head.path ? head : { ...head, path });
}

function withoutParameters(path: string): string {
  if (!path.includes(';')) return path;
  return path
    .split('/')
    .map((segment) => segment.split(';')[0] ?? '')
    .join('/');
}

/** Kind of credential a request carries. */
export function authOf(headers: readonly Header[]): ExchangeRecord['auth'] {
  const authorization = firstHeader(headers, 'authorization');
  if (authorization !== undefined) {
    const scheme = authorization.slice(0, 7).toLowerCase();
    return scheme.startsWith('bearer ') ? 'bearer' : scheme.startsWith('basic ') ? 'basic' : 'other';
  }
  return apiKey(headers) === undefined ? 'none' : 'api-key';
}

/** The credential itself: to be hashed at once and not kept. */
export function callerCredential(headers: readonly Header[]): string | undefined {
  return firstHeader(headers, 'authorization') ?? apiKey(headers);
}

function apiKey(headers: readonly Header[]): string | undefined {
  for (const name of API_KEY_HEADERS) {
    const value = firstHeader(headers, name);
    if (value !== undefined) return value;
  }
  return undefined;
}

const API_KEY_HEADERS = ['x-api-key', 'api-key', 'x-goog-api-key'];
