import { isUtf8 } from 'node:buffer';
import { type AttributeValue, SPAN_KINDS } from '../telemetry/span.ts';
import { type Decoded, decodedBy, INTAKE, type IncomingSpan, MalformedOtlp } from './incoming.ts';

/** What is read of a message. */
interface Reading {
  /** Numbers of the fields; others are stepped over. */
  readonly wanted: ReadonlySet<number>;
  /** Fields at most, also of those that stand there once and may stand there again. */
  readonly most: number;
}

const reading = (most: number, ...numbers: readonly number[]): Reading => ({ wanted: new Set(numbers), most });
const { fieldsPerMessage: MANY, attributesPerSpan: ATTRIBUTES } = INTAKE;
const FEW = 32;

const READ = {
  request: reading(MANY, 1),
  resourceSpans: reading(MANY, 1, 2),
  resource: reading(ATTRIBUTES, 1),
  scopeSpans: reading(MANY, 1, 2),
  scope: reading(FEW, 1),
  span: reading(ATTRIBUTES + FEW, 1, 2, 4, 5, 6, 7, 8, 9, 15),
  status: reading(FEW, 3),
  keyValue: reading(FEW, 1, 2),
  anyValue: reading(FEW, 1, 2, 3, 4, 5),
  arrayValue: reading(MANY, 1),
  anyValueText: reading(FEW, 1),
} as const;

/**
 * Reads an `ExportTraceServiceRequest` in protobuf (`protos/opentelemetry/`). Unknown fields are skipped, as protobuf asks; a field of the
 * wrong wire type, a length that runs over its message or text that is not UTF-8 is malformed. No input makes it throw.
 */
export function decodeProtobuf(body: Buffer): Decoded {
  return decodedBy(() => {
    const spans: IncomingSpan[] = [];
    for (const field of fields(body, READ.request)) readResourceSpans(bytesOf(field), spans);
    return spans;
  });
}

function readResourceSpans(bytes: Buffer, out: IncomingSpan[]): void {
  let service: string | undefined;
  const scopes: Buffer[] = [];
  for (const field of fields(bytes, READ.resourceSpans)) {
    if (field.number === 1) service = readService(bytesOf(field)) ?? service;
    else if (field.number === 2) scopes.push(bytesOf(field));
  }
  for (const scope of scopes) readScopeSpans(scope, service, out);
}

function readService(bytes: Buffer): string | undefined {
  const { attributes } = readAttributes(fields(bytes, READ.resource));
  const service = attributes['service.name'];
  return typeof service === 'string' ? service : undefined;
}

function readScopeSpans(bytes: Buffer, service: string | undefined, out: IncomingSpan[]): void {
  let scope = '';
  const spans: Buffer[] = [];
  for (const field of fields(bytes, READ.scopeSpans)) {
    if (field.number === 1) scope = readScope(bytesOf(field));
    else if (field.number === 2) spans.push(bytesOf(field));
  }
  if (out.length + spans.length > INTAKE.spans) throw new MalformedOtlp('too many spans in one request');
  for (const span of spans) out.push({ ...readSpan(span), service, scope });
}

function readSpan(bytes: Buffer): Omit<IncomingSpan, 'service' | 'scope'> {
  const attributeFields: Field[] = [];
  let [traceId, spanId, parentSpanId, name, kind, start, end, error] = ['', '', '', '', 0, 0, 0, false];
  for (const field of fields(bytes, READ.span)) {
    if (field.number === 1) traceId = idOf(field, 16);
    else if (field.number === 2) spanId = idOf(field, 8);
    else if (field.number === 4) parentSpanId = bytesOf(field).length === 0 ? '' : idOf(field, 8);
    else if (field.number === 5) name = textOf(field);
    else if (field.number === 6) kind = Number(numberOf(field));
    else if (field.number === 7) start = millisecondsOf(field);
    else if (field.number === 8) end = millisecondsOf(field);
    else if (field.number === 9) attributeFields.push(field);
    else if (field.number === 15) error = isError(bytesOf(field));
  }
  if (traceId === '' || spanId === '') throw new MalformedOtlp('a span without trace id or span id');
  const { attributes } = readAttributes(attributeFields);
  const times = { startUnixMs: start, endUnixMs: end };
  return {
    traceId,
    spanId,
    parentSpanId: parentSpanId || undefined,
    name,
    kind: SPAN_KINDS[kind] ?? 'unspecified',
    ...times,
    attributes,
    error,
  };
}

const STATUS_CODE_ERROR = 2;
const isError = (status: Buffer): boolean => fields(status, READ.status).some((field) => Number(numberOf(field)) === STATUS_CODE_ERROR);

function readAttributes(all: readonly Field[]): { readonly attributes: Record<string, AttributeValue> } {
  if (all.length > INTAKE.attributesPerSpan) throw new MalformedOtlp('too many attributes');
  const attributes: Record<string, AttributeValue> = Object.create(null);
  for (const field of all) {
    let key = '';
    let value: AttributeValue | undefined;
    for (const part of fields(bytesOf(field), READ.keyValue)) {
      if (part.number === 1) key = textOf(part);
      else if (part.number === 2) value = readValue(bytesOf(part));
    }
    if (value !== undefined) attributes[key] = value;
  }
  return { attributes };
}

/** `AnyValue`; maps and bytes are of no use to the inventory and give undefined. */
function readValue(bytes: Buffer): AttributeValue | undefined {
  let value: AttributeValue | undefined;
  for (const field of fields(bytes, READ.anyValue)) {
    if (field.number === 1) value = textOf(field);
    else if (field.number === 2) value = Number(numberOf(field)) !== 0;
    else if (field.number === 3) value = signedOf(field);
    else if (field.number === 4) value = doubleOf(field);
    else if (field.number === 5) value = readTexts(bytesOf(field));
  }
  return value;
}

/** `ArrayValue`: its strings. */
function readTexts(bytes: Buffer): readonly string[] {
  const texts: string[] = [];
  for (const field of fields(bytes, READ.arrayValue)) {
    if (texts.length >= INTAKE.arrayValues) break;
    const text = fields(bytesOf(field), READ.anyValueText).at(-1); // the last one counts, as protobuf has it
    if (text !== undefined) texts.push(textOf(text));
  }
  return texts;
}

function readScope(bytes: Buffer): string {
  const [name] = fields(bytes, READ.scope);
  return name === undefined ? '' : textOf(name);
}

type Field =
  | { readonly number: number; readonly wire: 0; readonly value: number | bigint }
  | { readonly number: number; readonly wire: 1 | 2 | 5; readonly bytes: Buffer };

/** The fields of one message that are asked for, in order. Others are stepped over: a small gzip body can hold millions of them. */
function fields(message: Buffer, { wanted, most }: Reading): readonly Field[] {
  const found: Field[] = [];
  const at = { offset: 0 };
  while (at.offset < message.length) {
    const tag = Number(readVarint(message, at));
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (number === 0 || number > 0x1fffffff) throw new MalformedOtlp('a field number that protobuf does not have');
    const field = readField(message, at, { number, wire, isWanted: wanted.has(number) });
    if (field === undefined) continue;
    if (found.length >= most) throw new MalformedOtlp('too many fields in one message');
    found.push(field);
  }
  return found;
}

interface Tag {
  readonly number: number;
  readonly wire: number;
  readonly isWanted: boolean;
}

/** Moves behind the field; undefined when it is not wanted. */
function readField(message: Buffer, at: Cursor, { number, wire, isWanted }: Tag): Field | undefined {
  if (wire === 0) {
    const value = readVarint(message, at);
    return isWanted ? { number, wire, value } : undefined;
  }
  if (wire !== 1 && wire !== 2 && wire !== 5) throw new MalformedOtlp('a wire type that protobuf does not have');
  const length = wire === 2 ? Number(readVarint(message, at)) : wire === 1 ? 8 : 4;
  const start = at.offset;
  if (start + length > message.length) throw new MalformedOtlp('a length that runs over its message');
  at.offset = start + length;
  return isWanted ? { number, wire, bytes: message.subarray(start, at.offset) } : undefined;
}

interface Cursor {
  offset: number;
}

/** A number up to four bytes, a bigint (unsigned, 64 bits) beyond. */
function readVarint(message: Buffer, at: Cursor): number | bigint {
  let small = 0;
  for (let index = 0; index < 4; index += 1) {
    const byte = nextByte(message, at);
    small |= (byte & 127) << (7 * index);
    if (byte < 128) return small;
  }
  let value = BigInt(small);
  for (let shift = 28n; shift < 70n; shift += 7n) {
    const byte = nextByte(message, at);
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) return BigInt.asUintN(64, value);
  }
  throw new MalformedOtlp('a number of more than ten bytes');
}

function nextByte(message: Buffer, at: Cursor): number {
  const byte = message[at.offset];
  if (byte === undefined) throw new MalformedOtlp('the message ends inside a number');
  at.offset += 1;
  return byte;
}

function bytesOf(field: Field): Buffer {
  if (field.wire !== 2) throw new MalformedOtlp('a field of the wrong wire type');
  return field.bytes;
}

function numberOf(field: Field): number | bigint {
  if (field.wire !== 0) throw new MalformedOtlp('a field of the wrong wire type');
  return field.value;
}

/** Two's complement, as int64 is written. */
const signedOf = (field: Field): number => Number(BigInt.asIntN(64, BigInt(numberOf(field))));

function fixed64Of(field: Field): Buffer {
  if (field.wire !== 1) throw new MalformedOtlp('a field of the wrong wire type');
  return field.bytes;
}

function textOf(field: Field): string {
  const bytes = bytesOf(field);
  const text = bytes.toString('utf8');
  // toString puts U+FFFD where bytes are not UTF-8; only then is a second look needed.
  if (text.includes('\ufffd') && !isUtf8(bytes)) throw new MalformedOtlp('text that is not UTF-8');
  return text;
}

function idOf(field: Field, length: number): string {
  const bytes = bytesOf(field);
  if (bytes.length !== length) throw new MalformedOtlp('an id of the wrong length');
  return bytes.toString('hex');
}

const doubleOf = (field: Field): number => fixed64Of(field).readDoubleLE();

/** Nanoseconds to milliseconds, microseconds kept. */
const millisecondsOf = (field: Field): number => Number(fixed64Of(field).readBigUInt64LE() / 1000n) / 1000;
