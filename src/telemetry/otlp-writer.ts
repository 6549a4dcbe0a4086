import { type BackWriter, createBackWriter } from './back-writer.ts';
import { SCOPE_NAME } from './semconv.ts';
import { type Attributes, type AttributeValue, SPAN_KINDS, type SpanData } from './span.ts';

/** Who sends the spans. */
export interface SpanOrigin {
  readonly resource: Attributes;
  /** Default: the resource has none. */
  readonly resourceSchemaUrl?: string | undefined;
  readonly scopeVersion: string;
  readonly schemaUrl: string;
}

/** Field numbers of opentelemetry-proto 1.x (`protos/opentelemetry/`). */
const REQUEST = { resourceSpans: 1 } as const;
const RESOURCE_SPANS = { resource: 1, scopeSpans: 2, schemaUrl: 3 } as const;
const SCOPE_SPANS = { scope: 1, spans: 2, schemaUrl: 3 } as const;
const SCOPE = { name: 1, version: 2 } as const;
const SPAN = { traceId: 1, spanId: 2, parent: 4, name: 5, kind: 6, start: 7, end: 8, attributes: 9, status: 15, flags: 16 } as const;
const KEY_VALUE = { key: 1, value: 2 } as const;
const VALUE = { text: 1, flag: 2, int: 3, double: 4, list: 5 } as const;
const STATUS_ERROR = 2;

/**
 * Spans as one `ExportTraceServiceRequest`: one resource, one scope. Written by hand, so that an idle filter need not load the SDK, and a
 * span is bytes as soon as it is known.
 */
export function encodeSpans(spans: readonly SpanData[], origin: SpanOrigin): Buffer {
  const out = createBackWriter();
  return createRequests(origin).make(spans.map((span) => encodeSpan(out, span)));
}

/** Requests made of encoded spans, one after the other. */
export interface Requests {
  /** Copies them. */
  make(spans: readonly Uint8Array[]): Buffer;
  /** The bytes of a request may become those of another one. One that nobody releases is only not used again. */
  release(request: Uint8Array): void;
}

/** Memory of requests that waits to be used again: as many as are under way at once. */
const FREE_REQUESTS_MAX = 4;
/** Longer ones are rare. */
const KEPT_REQUEST_BYTES = 2 * 1024 * 1024;
const REQUEST_STEP_BYTES = 128 * 1024;

export function createRequests(origin: SpanOrigin): Requests {
  const free: ArrayBufferLike[] = [];
  const out = createBackWriter(1024);
  const part = (write: () => void): Buffer => {
    out.begin();
    write();
    return out.finish();
  };
  const resource = part(() => {
    writeAttributes(out, 1, origin.resource);
    out.wrap(RESOURCE_SPANS.resource, 0);
  });
  const resourceEnd = part(() => {
    if (origin.resourceSchemaUrl !== undefined) out.text(RESOURCE_SPANS.schemaUrl, origin.resourceSchemaUrl);
  });
  const scope = part(() => {
    out.text(SCOPE.version, origin.scopeVersion);
    out.text(SCOPE.name, SCOPE_NAME);
    out.wrap(SCOPE_SPANS.scope, 0);
  });
  const scopeEnd = part(() => out.text(SCOPE_SPANS.schemaUrl, origin.schemaUrl));
  const make = (spans: readonly Uint8Array[]): Buffer => {
    let bytes = scope.length + scopeEnd.length;
    for (const span of spans) bytes += span.length;
    const scopeHead = part(() => out.head(RESOURCE_SPANS.scopeSpans, bytes));
    bytes += scopeHead.length + resource.length + resourceEnd.length;
    const head = part(() => out.head(REQUEST.resourceSpans, bytes));
    const request = roomFor(head.length + bytes);
    let at = 0;
    const add = (part: Uint8Array): void => {
      request.set(part, at);
      at += part.length;
    };
    for (const before of [head, resource, scopeHead, scope]) add(before);
    for (const span of spans) add(span);
    for (const after of [scopeEnd, resourceEnd]) add(after);
    return request;
  };
  const roomFor = (bytes: number): Buffer => {
    const fits = free.findIndex((memory) => memory.byteLength >= bytes);
    if (fits >= 0) return Buffer.from(free.splice(fits, 1)[0]!, 0, bytes);
    return Buffer.allocUnsafeSlow(Math.ceil(bytes / REQUEST_STEP_BYTES) * REQUEST_STEP_BYTES).subarray(0, bytes);
  };
  return {
    make,
    release({ buffer }) {
      if (buffer.byteLength > KEPT_REQUEST_BYTES) return;
      free.push(buffer);
      if (free.length > FREE_REQUESTS_MAX) free.shift();
    },
  };
}

/** A span as a field of its scope's spans: what `createRequests` takes. `flags`: `SpanFlags` of OTLP; default: none are said. */
export function encodeSpan(out: BackWriter, span: SpanData, flags?: number): Buffer {
  out.begin();
  writeEnd(out, span.error, flags);
  writeAttributes(out, SPAN.attributes, span.attributes);
  writeTimes(out, span);
  out.text(SPAN.name, span.name);
  writeIds(out, span);
  return out.finish();
}

/** The last part of a span, which is written first. */
export function writeEnd(out: BackWriter, isError: boolean, flags: number | undefined): void {
  if (flags !== undefined) out.fixed32(SPAN.flags, flags);
  if (!isError) return;
  const since = out.length();
  out.varint(3, STATUS_ERROR);
  out.wrap(SPAN.status, since);
}

/** Its times and kind, before its attributes. */
export function writeTimes(out: BackWriter, { startUnixMs, endUnixMs, kind }: Pick<SpanData, 'startUnixMs' | 'endUnixMs' | 'kind'>): void {
  out.time(SPAN.end, endUnixMs);
  out.time(SPAN.start, startUnixMs);
  out.varint(SPAN.kind, SPAN_KINDS.indexOf(kind));
}

export const writeName = (out: BackWriter, name: string): void => out.text(SPAN.name, name);

/** Its first part; the span is whole then. */
export function writeIds(out: BackWriter, { traceId, spanId, parentSpanId }: Pick<SpanData, 'traceId' | 'spanId' | 'parentSpanId'>): void {
  if (parentSpanId !== undefined) out.hex(SPAN.parent, parentSpanId);
  out.hex(SPAN.spanId, spanId);
  out.hex(SPAN.traceId, traceId);
  out.wrap(SCOPE_SPANS.spans, 0);
}

/** Attributes of a span, in their order. */
export const writeSpanAttributes = (out: BackWriter, attributes: Attributes): void => writeAttributes(out, SPAN.attributes, attributes);

/** The key of an attribute that is written often. */
export function encodeKey(name: string): Buffer {
  const out = createBackWriter(256);
  out.text(KEY_VALUE.key, name);
  return out.finish();
}

/** One attribute of a span under such a key. */
export function writeSpanAttribute(out: BackWriter, key: Uint8Array, value: AttributeValue): void {
  const since = out.length();
  writeValue(out, value);
  out.wrap(KEY_VALUE.value, since);
  out.bytes(key);
  out.wrap(SPAN.attributes, since);
}

function writeAttributes(out: BackWriter, field: number, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes).reverse()) {
    const since = out.length();
    writeValue(out, value);
    out.wrap(KEY_VALUE.value, since);
    out.text(KEY_VALUE.key, name);
    out.wrap(field, since);
  }
}

/** `AnyValue`. Whole numbers are int_value, others double_value. */
function writeValue(out: BackWriter, value: AttributeValue): void {
  if (typeof value === 'string') out.text(VALUE.text, value);
  else if (typeof value === 'boolean') out.varint(VALUE.flag, value ? 1 : 0);
  else if (typeof value === 'number') writeNumber(out, value);
  else writeTexts(out, value);
}

function writeTexts(out: BackWriter, values: readonly string[]): void {
  const list = out.length();
  for (let at = values.length - 1; at >= 0; at -= 1) {
    const since = out.length();
    out.text(VALUE.text, values[at]!);
    out.wrap(1, since);
  }
  out.wrap(VALUE.list, list);
}

function writeNumber(out: BackWriter, value: number): void {
  if (Number.isSafeInteger(value)) out.varint(VALUE.int, value);
  else out.double(VALUE.double, value);
}
