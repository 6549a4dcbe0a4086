import { type AttributeValue, SPAN_KINDS } from '../telemetry/span.ts';
import { type Decoded, decodedBy, INTAKE, type IncomingSpan, MalformedOtlp } from './incoming.ts';

/**
 * Reads an `ExportTraceServiceRequest` in OTLP's JSON: ids in hex, 64-bit numbers as strings or numbers, enums as numbers, unknown keys
 * ignored. What is there with the wrong type is malformed. No input makes it throw.
 */
export function decodeJson(body: Buffer): Decoded {
  return decodedBy(() => {
    const spans: IncomingSpan[] = [];
    for (const resourceSpans of list(object(parse(body)), 'resourceSpans')) readResourceSpans(object(resourceSpans), spans);
    return spans;
  });
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new MalformedOtlp('the body is not JSON');
  }
}

function readResourceSpans(resourceSpans: Json, out: IncomingSpan[]): void {
  const service = readAttributes(optionalObject(resourceSpans, 'resource'))['service.name'];
  for (const scopeSpans of list(resourceSpans, 'scopeSpans').map(object)) {
    const scope = text(optionalObject(scopeSpans, 'scope'), 'name');
    for (const span of list(scopeSpans, 'spans')) {
      if (out.length >= INTAKE.spans) throw new MalformedOtlp('too many spans in one request');
      out.push({ ...readSpan(object(span)), service: typeof service === 'string' ? service : undefined, scope });
    }
  }
}

function readSpan(span: Json): Omit<IncomingSpan, 'service' | 'scope'> {
  const parent = text(span, 'parentSpanId');
  return {
    traceId: id(text(span, 'traceId'), 32),
    spanId: id(text(span, 'spanId'), 16),
    parentSpanId: parent === '' ? undefined : id(parent, 16),
    name: text(span, 'name'),
    kind: SPAN_KINDS[integer(span['kind'] ?? 0)] ?? 'unspecified',
    startUnixMs: milliseconds(span['startTimeUnixNano'] ?? 0),
    endUnixMs: milliseconds(span['endTimeUnixNano'] ?? 0),
    attributes: readAttributes(span),
    error: integer(optionalObject(span, 'status')['code'] ?? 0) === STATUS_CODE_ERROR,
  };
}

const STATUS_CODE_ERROR = 2;

function readAttributes(holder: Json): Record<string, AttributeValue> {
  const all = list(holder, 'attributes');
  if (all.length > INTAKE.attributesPerSpan) throw new MalformedOtlp('too many attributes');
  const attributes: Record<string, AttributeValue> = Object.create(null);
  for (const attribute of all.map(object)) {
    const value = readValue(optionalObject(attribute, 'value'));
    if (value !== undefined) attributes[text(attribute, 'key')] = value;
  }
  return attributes;
}

/** `AnyValue`; maps and bytes are of no use to the inventory and give undefined. */
function readValue(value: Json): AttributeValue | undefined {
  if (value['stringValue'] !== undefined) return text(value, 'stringValue');
  if (value['boolValue'] !== undefined) return value['boolValue'] === true;
  if (value['intValue'] !== undefined) return integer(value['intValue']);
  if (value['doubleValue'] !== undefined) return Number(value['doubleValue']);
  if (value['arrayValue'] === undefined) return undefined;
  const values = list(optionalObject(value, 'arrayValue'), 'values').slice(0, INTAKE.arrayValues).map(object);
  return values.filter((one) => one['stringValue'] !== undefined).map((one) => text(one, 'stringValue'));
}

type Json = Readonly<Record<string, unknown>>;

function object(value: unknown): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new MalformedOtlp('an object is missing');
  return value as Json;
}

const optionalObject = (holder: Json, key: string): Json => object(holder[key] ?? {});

function list(holder: Json, key: string): readonly unknown[] {
  const value = holder[key] ?? [];
  if (!Array.isArray(value)) throw new MalformedOtlp('a list is missing');
  return value;
}

function text(holder: Json, key: string): string {
  const value = holder[key] ?? '';
  if (typeof value !== 'string') throw new MalformedOtlp('a text is missing');
  return value;
}

/** OTLP's integers have at most 64 bits. */
const INTEGER_MAX = 2 ** 64;

/** Numbers and decimal strings: JSON has no 64-bit integers. */
function integer(value: unknown): number {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || Math.abs(number) > INTEGER_MAX)
    throw new MalformedOtlp('an integer is missing');
  return number;
}

/** Nanoseconds to milliseconds, microseconds kept; a string holds more digits than a double. */
function milliseconds(value: unknown): number {
  const isTime = typeof value === 'string' ? value.length <= 20 && /^[0-9]+$/.test(value) : integer(value) >= 0;
  if (!isTime || Number(value) > INTEGER_MAX) throw new MalformedOtlp('a time is missing');
  if (typeof value !== 'string') return Math.floor(Number(value) / 1000) / 1000;
  return Number(BigInt(value) / 1000n) / 1000;
}

function id(hex: string, digits: number): string {
  const lower = hex.toLowerCase();
  if (lower.length !== digits || [...lower].some((character) => !'0123456789abcdef'.includes(character)))
    throw new MalformedOtlp('an id that is not hex of the right length');
  return lower;
}
