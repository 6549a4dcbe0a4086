import type { Header } from '../exchange/events.ts';
import { FIXED } from '../lib/limits.ts';

/** A decoded `envoy.service.ext_proc.v3.ProcessingRequest`, as far as the filter reads it. */
export interface ProcessingRequest {
  /** Undefined when no part that this reader knows is set. With several parts the last one counts (oneof). */
  readonly part: RequestPart | undefined;
  /** String attributes of `envoy.filters.http.ext_proc`. Empty when none were sent. */
  readonly attributes: ReadonlyMap<string, string>;
  /**
   * `filter_metadata` of `metadata_context` as plain data, by filter: that of `METADATA_FILTERS`, the rest is skipped. What is larger than
   * `FIXED.metadataValues` or deeper than `FIXED.metadataDepth` is not there at all. Undefined when nothing of it was sent.
   */
  readonly metadata: ReadonlyMap<string, unknown> | undefined;
  readonly observability: boolean;
  /** Numbers of `ProcessingMode.BodySendMode`, not checked against the known ones. Undefined when not sent. */
  readonly protocolConfig: ProtocolConfig | undefined;
}

export interface ProtocolConfig {
  readonly requestBodyMode: number;
  readonly responseBodyMode: number;
}

export type RequestPart =
  | {
      readonly kind: 'request-headers' | 'response-headers';
      readonly headers: readonly Header[];
      /** There are more than `FIXED.headers`, or they are larger than `FIXED.headerBytes`: these are the first. */
      readonly cut: boolean;
      readonly endOfStream: boolean;
    }
  /** `bytes` shares memory with the message. */
  | { readonly kind: 'request-body' | 'response-body'; readonly bytes: Buffer; readonly endOfStream: boolean }
  /** Never more than the headers of one message. */
  | { readonly kind: 'request-trailers' | 'response-trailers'; readonly headers: readonly Header[] };

/** Bytes that are not the protobuf they should be. Messages are fixed sentences: nothing from traffic. gRPC status INVALID_ARGUMENT. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/**
 * Reads a ProcessingRequest. Copies no body bytes. Header names are lower case; `raw_value` is preferred over `value`; bytes that are not
 * UTF-8 become U+FFFD. Unknown fields, and known fields with another wire type, are skipped. Headers beyond their limits are not read.
 * Throws ProtocolError for anything that is not well-formed protobuf, and for more attributes than `FIXED.attributes`.
 * @see protos/envoy/service/ext_proc/v3/external_processor.proto
 */
export function readProcessingRequest(bytes: Buffer): ProcessingRequest {
  const cursor = newCursor(bytes);
  let part: RequestPart | undefined;
  let attributes: Map<string, string> | undefined;
  let metadata: Map<string, unknown> | undefined;
  let observability = false;
  let protocolConfig: ProtocolConfig | undefined;
  while (cursor.at < cursor.end) {
    const tag = readTag(cursor);
    switch (tag) {
      case 0x12: // request_headers = 2
        part = nested(cursor, readRequestHeaders);
        break;
      case 0x1a: // response_headers = 3
        part = nested(cursor, readResponseHeaders);
        break;
      case 0x22: // request_body = 4
        part = nested(cursor, readRequestBody);
        break;
      case 0x2a: // response_body = 5
        part = nested(cursor, readResponseBody);
        break;
      case 0x32: // request_trailers = 6
        part = nested(cursor, readRequestTrailers);
        break;
      case 0x3a: // response_trailers = 7
        part = nested(cursor, readResponseTrailers);
        break;
      case 0x42: // metadata_context = 8
        metadata ??= new Map();
        readMetadata(cursor, metadata);
        break;
      case 0x4a: // attributes = 9
        attributes ??= new Map();
        readAttributesEntry(cursor, attributes);
        break;
      case 0x50: // observability_mode = 10
        observability = readBool(cursor);
        break;
      case 0x5a: // protocol_config = 11
        protocolConfig = nested(cursor, readProtocolConfig);
        break;
      default:
        skip(cursor, tag);
    }
  }
  const sent = metadata === undefined || metadata.size === 0 ? undefined : metadata;
  return { part, attributes: attributes ?? NO_ATTRIBUTES, metadata: sent, observability, protocolConfig };
}

/** Reads the one field of a `grpc.health.v1.HealthCheckRequest`. Throws ProtocolError for bytes that are not protobuf. */
export function readHealthCheckService(bytes: Buffer): string {
  const cursor = newCursor(bytes);
  let service = '';
  while (cursor.at < cursor.end) {
    const tag = readTag(cursor);
    if (tag === 0x0a) service = readString(cursor);
    else skip(cursor, tag);
  }
  return service;
}

/** The name Envoy files the attributes under, whatever the filter is called in its configuration. */
const ATTRIBUTES_KEY = 'envoy.filters.http.ext_proc';
/** Whose metadata says who calls: Envoy files it under the filter's canonical name, whatever it is called in the configuration. */
const METADATA_FILTERS: ReadonlySet<string> = new Set(['envoy.filters.http.jwt_authn']);
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();
const NO_BYTES = Buffer.alloc(0);
/** Groups (long deprecated) inside groups of an unknown field. Over it: ProtocolError. */
const GROUP_DEPTH_MAX = 32;

/** `end` is the border of the innermost message: nothing reads beyond it. */
interface Cursor {
  readonly bytes: Buffer;
  at: number;
  end: number;
  /** Bytes from `textStart` on, one character each, while a header map is read. */
  text: string;
  textStart: number;
}

function newCursor(bytes: Buffer): Cursor {
  return { bytes, at: 0, end: bytes.length, text: '', textStart: 0 };
}

function nested<T>(cursor: Cursor, read: (cursor: Cursor) => T): T {
  const length = readLength(cursor);
  const outer = cursor.end;
  cursor.end = cursor.at + length;
  const value = read(cursor);
  cursor.end = outer;
  return value;
}

const readRequestHeaders = (cursor: Cursor): RequestPart => readHeaders(cursor, 'request-headers');
const readResponseHeaders = (cursor: Cursor): RequestPart => readHeaders(cursor, 'response-headers');
const readRequestBody = (cursor: Cursor): RequestPart => readBody(cursor, 'request-body');
const readResponseBody = (cursor: Cursor): RequestPart => readBody(cursor, 'response-body');
const readRequestTrailers = (cursor: Cursor): RequestPart => readTrailers(cursor, 'request-trailers');
const readResponseTrailers = (cursor: Cursor): RequestPart => readTrailers(cursor, 'response-trailers');

function readHeaders(cursor: Cursor, kind: 'request-headers' | 'response-headers'): RequestPart {
  const headers: Header[] = [];
  let cut = false;
  let endOfStream = false;
  while (cursor.at < cursor.end) {
    const tag = readTag(cursor);
    if (tag === 0x0a) cut = !readHeaderMap(cursor, headers) || cut;
    else if (tag === 0x18) endOfStream = readBool(cursor);
    else skip(cursor, tag);
  }
  return { kind, headers, cut, endOfStream };
}

function readBody(cursor: Cursor, kind: 'request-body' | 'response-body'): RequestPart {
  let bytes: Buffer = NO_BYTES;
  let endOfStream = false;
  while (cursor.at < cursor.end) {
    const tag = readTag(cursor);
    if (tag === 0x0a) bytes = readBytes(cursor);
    else if (tag === 0x10) endOfStream = readBool(cursor);
    else skip(cursor, tag);
  }
  return { kind, bytes, endOfStream };
}

function readTrailers(cursor: Cursor, kind: 'request-trailers' | 'response-trailers'): RequestPart {
  const headers: Header[] = [];
  while (cursor.at < cursor.end) {
    const tag = readTag(cursor);
    if (tag === 0x0a) readHeaderMap(cursor, headers);
    else skip(cursor, tag);
  }
  return { kind, headers };
}

/** False when the map is beyond the limits; it is stepped over then, the first headers apart. */
function readHeaderMap(cursor: Cursor, into: Header[]): boolean {
  const length = readLength(cursor);
  const outer = cursor.end;
  const mapEnd = cursor.at + length;
  cursor.end = mapEnd;
  // One call for all strings of the map: most of what reading headers costs is the call for each.
  const textEnd = Math.min(mapEnd, cursor.at + FIXED.headerBytes);
  cursor.text = cursor.bytes.toString('latin1', cursor.at, textEnd);
  cursor.textStart = cursor.at;
  while (cursor.at < textEnd && into.length < FIXED.headers) {
    const tag = readTag(cursor);
    if (tag === 0x0a) into.push(nested(cursor, readHeaderValue));
    else skip(cursor, tag);
  }
  const whole = cursor.at === mapEnd && textEnd === mapEnd;
  cursor.at = mapEnd;
  cursor.end = outer;
  return whole;
}

function readHeaderValue(cursor: Cursor): Header {
  let name = '';
  let value = '';
  let rawValue = '';
  while (cursor.at < cursor.end) {
    const tag = readTag(cursor);
    if (tag === 0x0a) name = readHeaderName(cursor);
    else if (tag === 0x12) value = readHeaderText(cursor);
    else if (tag === 0x1a) rawValue = readHeaderText(cursor);
    else skip(cursor, tag);
  }
  return [name, rawValue === '' ? value : rawValue];
}

function readHeaderName(cursor: Cursor): string {
  const start = cursor.at;
  const name = readHeaderText(cursor);
  for (let index = start; index < cursor.at; index++) {
    const byte = cursor.bytes[index]!;
    // Envoy sends lower case, so the call is rarely needed.
    if (byte >= 0x80 || (byte >= 0x41 && byte <= 0x5a)) return name.toLowerCase();
  }
  return name;
}

function readHeaderText(cursor: Cursor): string {
  const length = readLength(cursor);
  const { bytes, at: start } = cursor;
  const end = start + length;
  cursor.at = end;
  for (let index = start; index < end; index++) if (bytes[index]! >= 0x80) return bytes.toString('utf8', start, end);
  return cursor.text.substring(start - cursor.textStart, end - cursor.textStart);
}

function readProtocolConfig(cursor: Cursor): ProtocolConfig {
  let requestBodyMode = 0;
  let responseBodyMode = 0;
  while (cursor.at < cursor.end) {
    const tag = readTag(cursor);
    if (tag === 0x08) requestBodyMode = readVarint32(cursor);
    else if (tag === 0x10) responseBodyMode = readVarint32(cursor);
    else skip(cursor, tag);
  }
  return { requestBodyMode, responseBodyMode };
}

/** One entry of `map<string, google.protobuf.Struct>`. */
function readAttributesEntry(cursor: Cursor, into: Map<string, string>): void {
  const entry = nested(cursor, readMapEntry);
  if (entry.key !== ATTRIBUTES_KEY || entry.value === undefined) return;
  const struct = newCursor(entry.value);
  while (struct.at < struct.end) {
    const tag = readTag(struct);
    if (tag === 0x0a) readStructField(struct, into);
    else skip(struct, tag);
  }
}

function readStructField(cursor: Cursor, into: Map<string, string>): void {
  const entry = nested(cursor, readMapEntry);
  const text = entry.value === undefined ? undefined : readStringValue(entry.value);
  if (text === undefined) into.delete(entry.key);
  else into.set(entry.key, text);
  if (into.size > FIXED.attributes) throw new ProtocolError(`more than ${FIXED.attributes} attributes`);
}

/** The text of a `google.protobuf.Value`; undefined when it holds another kind. */
function readStringValue(bytes: Buffer): string | undefined {
  const cursor = newCursor(bytes);
  let text: string | undefined;
  while (cursor.at < cursor.end) {
    const tag = readTag(cursor);
    if (tag === 0x1a) {
      text = readString(cursor);
    } else {
      if (isOtherValueKind(tag)) text = undefined;
      skip(cursor, tag);
    }
  }
  return text;
}

/** Another member of the oneof in `google.protobuf.Value`: null, number, bool, struct, list. */
function isOtherValueKind(tag: number): boolean {
  return tag === 0x08 || tag === 0x11 || tag === 0x20 || tag === 0x2a || tag === 0x32;
}

/** `envoy.config.core.v3.Metadata`. */
function readMetadata(cursor: Cursor, into: Map<string, unknown>): void {
  nested(cursor, (message) => {
    while (message.at < message.end) {
      const tag = readTag(message);
      if (tag === 0x0a) readMetadataEntry(message, into);
      else skip(message, tag);
    }
  });
}

/** Half of a token's claims could mean something else than all of them: over the bounds there is nothing. */
function readMetadataEntry(cursor: Cursor, into: Map<string, unknown>): void {
  const { key, value } = nested(cursor, readMapEntry);
  if (!METADATA_FILTERS.has(key)) return;
  const budget = { values: FIXED.metadataValues };
  const struct = value === undefined ? {} : readStruct(newCursor(value), { budget, depth: 1 });
  if (budget.values < 0) into.delete(key);
  else into.set(key, struct);
}

interface ValueBounds {
  /** Values that may still be read; below zero: a bound was passed, and what was read counts for nothing. */
  readonly budget: { values: number };
  readonly depth: number;
}

/** `google.protobuf.Struct` as a plain object whose keys are all its own, `__proto__` too. Of a key that comes twice the last one counts. */
function readStruct(cursor: Cursor, bounds: ValueBounds): Readonly<Record<string, unknown>> {
  const fields = new Map<string, unknown>();
  while (cursor.at < cursor.end && bounds.budget.values >= 0) {
    const tag = readTag(cursor);
    if (tag === 0x0a) {
      const { key, value } = nested(cursor, readMapEntry);
      fields.set(key, value === undefined ? null : readValue(newCursor(value), bounds));
    } else skip(cursor, tag);
  }
  return Object.fromEntries(fields);
}

/** `google.protobuf.ListValue`. */
function readList(cursor: Cursor, bounds: ValueBounds): readonly unknown[] {
  const values: unknown[] = [];
  while (cursor.at < cursor.end && bounds.budget.values >= 0) {
    const tag = readTag(cursor);
    if (tag === 0x0a) values.push(nested(cursor, (value) => readValue(value, bounds)));
    else skip(cursor, tag);
  }
  return values;
}

/** `google.protobuf.Value`; null for one that holds nothing. After a bound was passed its bytes are stepped over. */
function readValue(cursor: Cursor, { budget, depth }: ValueBounds): unknown {
  if (--budget.values < 0 || depth > FIXED.metadataDepth) {
    budget.values = -1;
    cursor.at = cursor.end;
    return null;
  }
  const inner = { budget, depth: depth + 1 };
  let value: unknown = null;
  while (cursor.at < cursor.end) {
    const tag = readTag(cursor);
    if (tag === 0x11) value = readDouble(cursor);
    else if (tag === 0x1a) value = readString(cursor);
    else if (tag === 0x20) value = readBool(cursor);
    else if (tag === 0x2a) value = nestedWhole(cursor, (struct) => readStruct(struct, inner));
    else if (tag === 0x32) value = nestedWhole(cursor, (list) => readList(list, inner));
    else {
      if (tag === 0x08) value = null;
      skip(cursor, tag);
    }
  }
  return value;
}

/** As `nested`, for a reader that may stop before the end. */
function nestedWhole<T>(cursor: Cursor, read: (cursor: Cursor) => T): T {
  const length = readLength(cursor);
  const end = cursor.at + length;
  const outer = cursor.end;
  cursor.end = end;
  const value = read(cursor);
  cursor.at = end;
  cursor.end = outer;
  return value;
}

function readDouble(cursor: Cursor): number {
  const { bytes, at } = cursor;
  advance(cursor, 8);
  return bytes.readDoubleLE(at);
}

function readMapEntry(cursor: Cursor): { key: string; value: Buffer | undefined } {
  let key = '';
  let value: Buffer | undefined;
  while (cursor.at < cursor.end) {
    const tag = readTag(cursor);
    if (tag === 0x0a) key = readString(cursor);
    else if (tag === 0x12) value = readBytes(cursor);
    else skip(cursor, tag);
  }
  return { key, value };
}

function readTag(cursor: Cursor): number {
  const { bytes, at } = cursor;
  const first = bytes[at]!;
  if (first < 0x80 && first > 0x07) {
    cursor.at = at + 1;
    return first;
  }
  const tag = readVarint32(cursor);
  if (tag >>> 3 === 0) throw new ProtocolError('field number 0');
  return tag;
}

/** The low 32 bits of a varint of at most ten bytes. */
function readVarint32(cursor: Cursor): number {
  const { bytes, end } = cursor;
  let value = 0;
  for (let index = 0; index < 10; index++) {
    if (cursor.at >= end) throw new ProtocolError('a varint is cut off');
    const byte = bytes[cursor.at++]!;
    if (index < 5) value |= (byte & 0x7f) << (index * 7);
    if (byte < 0x80) return value >>> 0;
  }
  throw new ProtocolError('a varint is longer than ten bytes');
}

/** True for any of the 64 bits, as every protobuf reader does. */
function readBool(cursor: Cursor): boolean {
  const { bytes, end } = cursor;
  let any = 0;
  for (let index = 0; index < 10; index++) {
    if (cursor.at >= end) throw new ProtocolError('a varint is cut off');
    const byte = bytes[cursor.at++]!;
    any |= byte & 0x7f;
    if (byte < 0x80) return any !== 0;
  }
  throw new ProtocolError('a varint is longer than ten bytes');
}

function readLength(cursor: Cursor): number {
  const length = readVarint32(cursor);
  if (length > cursor.end - cursor.at) throw new ProtocolError('a field is longer than its message');
  return length;
}

function readBytes(cursor: Cursor): Buffer {
  const length = readLength(cursor);
  const start = cursor.at;
  cursor.at = start + length;
  return cursor.bytes.subarray(start, cursor.at);
}

function readString(cursor: Cursor): string {
  const length = readLength(cursor);
  const start = cursor.at;
  cursor.at = start + length;
  return length === 0 ? '' : cursor.bytes.toString('utf8', start, cursor.at);
}

/** Steps over a field that this reader does not know. */
function skip(cursor: Cursor, tag: number, groupDepth = 0): void {
  switch (tag & 7) {
    case 0:
      readBool(cursor);
      return;
    case 1:
      advance(cursor, 8);
      return;
    case 2:
      advance(cursor, readLength(cursor));
      return;
    case 3:
      skipGroup(cursor, tag >>> 3, groupDepth + 1);
      return;
    case 5:
      advance(cursor, 4);
      return;
    default:
      throw new ProtocolError('a wire type that does not exist, or the end of a group that did not begin');
  }
}

function skipGroup(cursor: Cursor, field: number, depth: number): void {
  if (depth > GROUP_DEPTH_MAX) throw new ProtocolError(`groups nested deeper than ${GROUP_DEPTH_MAX}`);
  while (cursor.at < cursor.end) {
    const tag = readTag(cursor);
    if ((tag & 7) !== 4) {
      skip(cursor, tag, depth);
    } else {
      if (tag >>> 3 !== field) throw new ProtocolError('a group ends with the number of another');
      return;
    }
  }
  throw new ProtocolError('a group is cut off');
}

function advance(cursor: Cursor, length: number): void {
  if (length > cursor.end - cursor.at) throw new ProtocolError('a field is cut off');
  cursor.at += length;
}
