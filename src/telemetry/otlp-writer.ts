import { SCOPE_NAME } from './semconv.ts';
import { type Attributes, type AttributeValue, SPAN_KINDS, type SpanData } from './span.ts';

/** Who sends the spans. */
export interface SpanOrigin {
  readonly resource: Attributes;
  readonly scopeVersion: string;
  readonly schemaUrl: string;
}

/**
 * Spans as one `ExportTraceServiceRequest` (opentelemetry-proto 1.x, `protos/opentelemetry/`): one resource, one scope. Written by hand,
 * so that an idle filter need not load the SDK, and back to front, so that a length is known when its prefix is written.
 */
export function encodeSpans(spans: readonly SpanData[], origin: SpanOrigin): Buffer {
  const out = createBackWriter();
  out.field(1, () => {
    out.field(2, () => {
      out.text(3, origin.schemaUrl);
      for (let at = spans.length - 1; at >= 0; at -= 1) out.field(2, () => writeSpan(out, spans[at]!));
      out.field(1, () => {
        out.text(2, origin.scopeVersion);
        out.text(1, SCOPE_NAME);
      });
    });
    out.field(1, () => writeAttributes(out, 1, origin.resource));
  });
  return out.finish();
}

function writeSpan(out: BackWriter, span: SpanData): void {
  if (span.error) out.field(15, () => out.varint(3, STATUS_ERROR));
  writeAttributes(out, 9, span.attributes);
  out.fixed64(8, nanos(span.endUnixMs));
  out.fixed64(7, nanos(span.startUnixMs));
  out.varint(6, SPAN_KINDS.indexOf(span.kind));
  out.text(5, span.name);
  if (span.parentSpanId !== undefined) out.hex(4, span.parentSpanId);
  out.hex(2, span.spanId);
  out.hex(1, span.traceId);
}

function writeAttributes(out: BackWriter, field: number, attributes: Attributes): void {
  for (const [key, value] of Object.entries(attributes).reverse()) {
    out.field(field, () => {
      out.field(2, () => writeValue(out, value));
      out.text(1, key);
    });
  }
}

/** `AnyValue`. Whole numbers are int_value, others double_value. */
function writeValue(out: BackWriter, value: AttributeValue): void {
  if (typeof value === 'string') out.text(1, value);
  else if (typeof value === 'boolean') out.varint(2, value ? 1 : 0);
  else if (typeof value === 'number') writeNumber(out, value);
  else out.field(5, () => writeTexts(out, value));
}

function writeTexts(out: BackWriter, values: readonly string[]): void {
  for (let at = values.length - 1; at >= 0; at -= 1) out.field(1, () => out.text(1, values[at]!));
}

function writeNumber(out: BackWriter, value: number): void {
  if (Number.isSafeInteger(value)) out.varint(3, value);
  else out.double(4, value);
}

const STATUS_ERROR = 2;

/** Microseconds are what a double holds of a Unix time in milliseconds. */
const nanos = (unixMs: number): bigint => BigInt(Math.max(0, Math.round(unixMs * 1000))) * 1000n;

/** Writes protobuf fields from the last to the first. */
interface BackWriter {
  /** A length-delimited field with what `body` writes. */
  field(number: number, body: () => void): void;
  text(number: number, value: string): void;
  hex(number: number, digits: string): void;
  /** A safe integer, negative ones in two's complement. */
  varint(number: number, value: number): void;
  double(number: number, value: number): void;
  fixed64(number: number, value: bigint): void;
  finish(): Buffer;
}

const [WIRE_VARINT, WIRE_FIXED64, WIRE_BYTES] = [0, 1, 2];

function createBackWriter(): BackWriter {
  let buffer = Buffer.allocUnsafe(16 * 1024);
  let at = buffer.length;

  // May put another buffer in place: its result goes into a constant before `buffer` is named again.
  const reserve = (length: number): number => {
    if (at < length) {
      const written = buffer.subarray(at);
      buffer = Buffer.allocUnsafe(buffer.length * 2 + length);
      at = buffer.length - written.length;
      buffer.set(written, at);
    }
    at -= length;
    return at;
  };
  const raw = (value: number): void => {
    if (value < 128) {
      const start = reserve(1);
      buffer[start] = value;
      return;
    }
    const groups: number[] = [];
    for (let rest = value; rest >= 1; rest = Math.floor(rest / 128)) groups.push(rest % 128);
    const start = reserve(groups.length);
    for (const [index, group] of groups.entries()) buffer[start + index] = index === groups.length - 1 ? group : group | 128;
  };
  const negative = (value: number): void => {
    const start = reserve(10);
    let rest = BigInt.asUintN(64, BigInt(value));
    for (let index = 0; index < 10; index += 1, rest >>= 7n) buffer[start + index] = Number(rest & 127n) | (index === 9 ? 0 : 128);
  };
  const tag = (number: number, wire: number): void => raw(number * 8 + wire);
  const writer: BackWriter = {
    field(number, body) {
      const end = buffer.length - at;
      body();
      raw(buffer.length - at - end);
      tag(number, WIRE_BYTES);
    },
    text(number, value) {
      const length = Buffer.byteLength(value);
      const start = reserve(length);
      buffer.write(value, start, 'utf8');
      raw(length);
      tag(number, WIRE_BYTES);
    },
    hex(number, digits) {
      const start = reserve(digits.length / 2);
      buffer.write(digits, start, 'hex');
      raw(digits.length / 2);
      tag(number, WIRE_BYTES);
    },
    varint(number, value) {
      if (value < 0) negative(value);
      else raw(value);
      tag(number, WIRE_VARINT);
    },
    double(number, value) {
      const start = reserve(8);
      buffer.writeDoubleLE(value, start);
      tag(number, WIRE_FIXED64);
    },
    fixed64(number, value) {
      const start = reserve(8);
      buffer.writeBigUInt64LE(value, start);
      tag(number, WIRE_FIXED64);
    },
    finish: () => buffer.subarray(at),
  };
  return writer;
}
