import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { INTAKE, type IncomingSpan } from '../../src/inventory/incoming.ts';
import { decodeJson } from '../../src/inventory/otlp-json.ts';
import { decodeProtobuf } from '../../src/inventory/otlp-protobuf.ts';
import { encodeSpans } from '../../src/telemetry/otlp-writer.ts';
import { SPAN_KINDS } from '../../src/telemetry/span.ts';
import { anySpan } from './spans.ts';

const ORIGIN = { resource: { 'service.name': 'sluice' }, scopeVersion: '1', schemaUrl: 'https://example.com/1' };
const { root } = protobuf.parse(readFileSync(new URL('../../protos/opentelemetry/otlp-trace.proto', import.meta.url), 'utf8'));
const Request = root.lookupType('opentelemetry.ExportTraceServiceRequest');

const nanos = (unixMs: number): string => `${Math.round(unixMs * 1000)}000`;

/** The same span in protobufjs' plain objects, bytes as base64: what another implementation makes of it. */
function plainSpan(span: IncomingSpan) {
  const value = (one: IncomingSpan['attributes'][string]): object => {
    if (typeof one === 'string') return { stringValue: one };
    if (typeof one === 'boolean') return { boolValue: one };
    if (typeof one !== 'number') return { arrayValue: { values: one.map((text) => ({ stringValue: text })) } };
    return Number.isSafeInteger(one) ? { intValue: String(one) } : { doubleValue: one };
  };
  return {
    traceId: Buffer.from(span.traceId, 'hex').toString('base64'),
    spanId: Buffer.from(span.spanId, 'hex').toString('base64'),
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: Buffer.from(span.parentSpanId, 'hex').toString('base64') }),
    name: span.name,
    kind: SPAN_KINDS.indexOf(span.kind),
    startTimeUnixNano: nanos(span.startUnixMs),
    endTimeUnixNano: nanos(span.endUnixMs),
    attributes: Object.entries(span.attributes).map(([key, one]) => ({ key, value: value(one) })),
    ...(span.error ? { status: { code: 2 } } : {}),
  };
}

const plainRequest = (spans: readonly IncomingSpan[], id = (text: string): string => text) => ({
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'sluice' } }] },
      scopeSpans: [
        {
          scope: { name: 'sluice', version: '1' },
          schemaUrl: 'https://example.com/1',
          spans: spans.map(plainSpan).map((span) => ({
            ...span,
            traceId: id(span.traceId),
            spanId: id(span.spanId),
            ...(span.parentSpanId === undefined ? {} : { parentSpanId: id(span.parentSpanId) }),
          })),
        },
      ],
    },
  ],
});

const byProtobufjs = (spans: readonly IncomingSpan[]): Buffer =>
  Buffer.from(Request.encode(Request.fromObject(plainRequest(spans))).finish());
const hexOf = (base64: string): string => Buffer.from(base64, 'base64').toString('hex');

/** Attribute maps compare by content, whatever their prototype; -0 travels as 0. */
const comparable = (spans: readonly IncomingSpan[]) =>
  spans.map((span) => ({ ...span, attributes: JSON.parse(JSON.stringify(span.attributes)) }));

const batches = fc.array(anySpan, { maxLength: 5 });

describe('OTLP by hand says what other implementations say', () => {
  it('is read by protobufjs as it was meant', () => {
    fc.assert(
      fc.property(batches, (spans) => {
        const read = Request.toObject(Request.decode(encodeSpans(spans, ORIGIN)), { longs: String, bytes: String, enums: Number });
        expect(read).toEqual(Request.toObject(Request.decode(byProtobufjs(spans)), { longs: String, bytes: String, enums: Number }));
      }),
    );
  });

  it('reads what protobufjs writes', () => {
    fc.assert(
      fc.property(batches, (spans) => {
        const decoded = decodeProtobuf(byProtobufjs(spans));
        expect({ ...decoded, spans: comparable('spans' in decoded ? decoded.spans : []) }).toEqual({ ok: true, spans: comparable(spans) });
      }),
    );
  });

  it('reads its own writing', () => {
    fc.assert(
      fc.property(batches, (spans) => {
        const decoded = decodeProtobuf(encodeSpans(spans, ORIGIN));
        expect({ ...decoded, spans: comparable('spans' in decoded ? decoded.spans : []) }).toEqual({ ok: true, spans: comparable(spans) });
      }),
    );
  });

  it('reads OTLP JSON', () => {
    fc.assert(
      fc.property(batches, (spans) => {
        const decoded = decodeJson(Buffer.from(JSON.stringify(plainRequest(spans, hexOf))));
        expect({ ...decoded, spans: comparable('spans' in decoded ? decoded.spans : []) }).toEqual({ ok: true, spans: comparable(spans) });
      }),
    );
  });

  it('grows its buffer over any size', () => {
    const spans = Array.from({ length: 3000 }, (_, index) => ({
      ...fc.sample(anySpan, { seed: index, numRuns: 1 })[0]!,
      name: 'n'.repeat(index % 300),
    }));
    const decoded = decodeProtobuf(encodeSpans(spans, ORIGIN));
    expect('spans' in decoded ? decoded.spans.map((span) => span.name) : decoded).toEqual(spans.map((span) => span.name));
  });
});

const spanJson = (change: object) => {
  const spans = [{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), ...change }];
  return decodeJson(Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })));
};

describe('numbers of OTLP JSON have 64 bits', () => {
  it.each([
    ['a time of 1e300', { endTimeUnixNano: 1e300 }, false],
    ['a time beyond 64 bits', { endTimeUnixNano: 1.9e19 }, false],
    ['a time beyond 64 bits as text', { endTimeUnixNano: '18446744073709560000' }, false],
    ['a time before 1970', { startTimeUnixNano: -1 }, false],
    ['an attribute of 1e300', { attributes: [{ key: 'a', value: { intValue: 1e300 } }] }, false],
    ['the last time there is', { endTimeUnixNano: '18446744073709551615' }, true],
    ['a time as a number', { endTimeUnixNano: 1_790_000_000_000_000_000 }, true],
    ['the last number below zero', { attributes: [{ key: 'a', value: { intValue: '-9223372036854775808' } }] }, true],
  ])('%s: %#', (_name, change, taken) => expect(spanJson(change).ok).toBe(taken));
});

describe('fields of one message', () => {
  const empty = (count: number): Buffer => Buffer.alloc(count * 2, Buffer.from([0x0a, 0x00]));

  it.each([
    ['one fewer than the bound', -1, true],
    ['as many as the bound', 0, true],
    ['one more than the bound', 1, false],
  ])('%s', (_name, more, taken) => {
    expect(decodeProtobuf(empty(INTAKE.fieldsPerMessage + more)).ok).toBe(taken);
  });

  it('that stand there once may be repeated a little, and not thousands of times', () => {
    const field = (number: number, bytes: Uint8Array): Uint8Array =>
      protobuf.Writer.create()
        .uint32(number * 8 + 2)
        .bytes(bytes)
        .finish();
    const spanWith = (keys: number): Uint8Array => {
      const attribute = field(9, empty(keys));
      return field(2, Buffer.concat([field(1, new Uint8Array(16).fill(1)), field(2, new Uint8Array(8).fill(1)), attribute]));
    };
    const bodies = [1, 10, 5000].map((keys) => Buffer.from(field(1, field(2, spanWith(keys)))));
    expect(bodies.map((body) => decodeProtobuf(body).ok)).toEqual([true, true, false]);
  });

  it('that nobody reads are stepped over, millions of them too', () => {
    const unknown = Buffer.alloc(4_000_000, Buffer.from([0x18, 0x01, 0x22, 0x00]));
    const decoded = decodeProtobuf(Buffer.concat([unknown, encodeSpans(fc.sample(anySpan, { numRuns: 2, seed: 1 }), ORIGIN)]));
    expect('spans' in decoded ? decoded.spans.length : decoded).toBe(2);
  });
});

describe('no bytes make a reader throw', () => {
  it('any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) =>
        [decodeProtobuf(Buffer.from(bytes)), decodeJson(Buffer.from(bytes))].every((one) => typeof one.ok === 'boolean'),
      ),
    );
  });

  it('one changed byte in a good request', () => {
    const change = fc.tuple(anySpan, fc.nat(), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(change, ([span, at, byte]) => {
        const bytes = encodeSpans([span], ORIGIN);
        bytes[at % bytes.length] = byte;
        return typeof decodeProtobuf(bytes).ok === 'boolean';
      }),
    );
  });

  it('any JSON', () => {
    fc.assert(fc.property(fc.json(), (json) => typeof decodeJson(Buffer.from(`{"resourceSpans":[${json}]}`)).ok === 'boolean'));
  });

  it.each([
    ['a length beyond the end', Buffer.from([0x0a, 0x7f])],
    ['a number of eleven bytes', Buffer.from([0x08, ...new Array(11).fill(0x80)])],
    ['field number 0', Buffer.from([0x02, 0x00])],
    ['a group', Buffer.from([0x0b])],
    ['a request field that is a number', Buffer.from([0x08, 0x01])],
  ])('says no to %s', (_name, bytes) => expect(decodeProtobuf(bytes).ok).toBe(false));
});
