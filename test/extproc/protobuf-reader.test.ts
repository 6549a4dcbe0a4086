import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import { ProtocolError, readHealthCheckService, readProcessingRequest } from '../../src/extproc/protobuf-reader.ts';
import { FIXED } from '../../src/lib/limits.ts';
import { attributes, encode, header, modes, type Plain, protos } from '../support/ext-proc-client.ts';
import { seeded } from './seeded.ts';

const { ProcessingRequest } = protos;

const nameArb = fc.oneof(fc.constantFrom(':method', ':path', 'content-type', 'x-request-id'), fc.stringMatching(/^[a-z0-9-]{0,20}$/));
const textArb = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ minLength: 120, maxLength: 400 }));
const headerArb = fc.oneof(
  fc.record({ key: nameArb, raw_value: textArb.map((text) => Buffer.from(text)) }),
  fc.record({ key: nameArb, value: textArb.map((text) => text.toWellFormed()) }),
);
const headersArb = fc.record({ headers: fc.record({ headers: fc.array(headerArb, { maxLength: 30 }) }), end_of_stream: fc.boolean() });
const bodyArb = fc.record({
  body: fc
    .oneof(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ minLength: 16_000, maxLength: 17_000 }))
    .map((bytes) => Buffer.from(bytes)),
  end_of_stream: fc.boolean(),
});
const trailersArb = fc.record({ trailers: fc.record({ headers: fc.array(headerArb, { maxLength: 5 }) }) });
const partArb = fc.oneof(
  headersArb.map((request_headers) => ({ request_headers })),
  headersArb.map((response_headers) => ({ response_headers })),
  bodyArb.map((request_body) => ({ request_body })),
  bodyArb.map((response_body) => ({ response_body })),
  trailersArb.map((request_trailers) => ({ request_trailers })),
  trailersArb.map((response_trailers) => ({ response_trailers })),
  fc.constant({}),
);
const modeArb = fc.constantFrom('NONE', 'STREAMED', 'BUFFERED', 'BUFFERED_PARTIAL', 'FULL_DUPLEX_STREAMED');
const attributeTextArb = fc.string({ unit: 'grapheme' });
const structArb = fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.jsonValue({ maxDepth: 4 }), { noNullPrototype: true });

/** `google.protobuf.Struct` of plain data, as protobufjs writes it. */
function struct(fields: object): Plain {
  return { fields: Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, messageOf(one)])) };
}

function messageOf(value: unknown): Plain {
  if (value === null) return { nullValue: 0 };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Array.isArray(value) ? { listValue: { values: value.map(messageOf) } } : { structValue: struct(value as object) };
}

/** What `struct` was made of. */
function plainOf(message: Plain): unknown {
  const fields = (message['fields'] ?? {}) as Readonly<Record<string, Plain>>;
  return Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, plainValueOf(one)]));
}

function plainValueOf(value: Plain): unknown {
  const { kind } = value as { kind: string };
  if (kind === 'structValue') return plainOf(value[kind] as Plain);
  if (kind === 'listValue') return ((value[kind] as { values?: readonly Plain[] }).values ?? []).map(plainValueOf);
  return kind === 'nullValue' ? null : value[kind];
}

const extrasArb = fc.record(
  {
    attributes: fc.dictionary(attributeTextArb, attributeTextArb, { noNullPrototype: true }).map(attributes),
    observability_mode: fc.boolean(),
    protocol_config: fc.tuple(modeArb, modeArb).map(([request, response]) => modes(request, response)),
    metadata_context: fc.dictionary(fc.constantFrom('envoy.filters.http.jwt_authn', 'another'), structArb).map((filters) => ({
      filter_metadata: Object.fromEntries(Object.entries(filters).map(([name, fields]) => [name, struct(fields)])),
    })),
  },
  { requiredKeys: [] },
);
const requestArb: fc.Arbitrary<Plain> = fc.tuple(partArb, extrasArb).map(([part, extras]) => ({ ...part, ...extras }));

/** What readProcessingRequest should give, read by protobufjs instead. */
function expected(bytes: Buffer): unknown {
  const message = ProcessingRequest.toObject(ProcessingRequest.decode(bytes), { defaults: true, bytes: Buffer, oneofs: true }) as Record<
    string,
    // biome-ignore lint/suspicious/noExplicitAny: a decoded message of any shape
    any
  >;
  const kind = message['request'] as string | undefined;
  const part = kind === undefined ? undefined : message[kind];
  const headersOf = (map: { headers: { key: string; value: string; raw_value: Buffer }[] } | null) =>
    (map?.headers ?? []).map((one) => [one.key.toLowerCase(), one.raw_value.length > 0 ? one.raw_value.toString() : one.value]);
  const shapes: Record<string, () => unknown> = {
    headers: () => ({ headers: headersOf(part.headers), cut: false, endOfStream: part.end_of_stream }),
    body: () => ({ bytes: Buffer.from(part.body), endOfStream: part.end_of_stream }),
    trailers: () => ({ headers: headersOf(part.trailers) }),
  };
  const fields = message['attributes']['envoy.filters.http.ext_proc']?.fields ?? {};
  const config = message['protocol_config'];
  return {
    part: kind === undefined ? undefined : { kind: kind.replace('_', '-'), ...(shapes[kind.split('_')[1]!]!() as object) },
    attributes: new Map(Object.entries(fields).map(([name, value]) => [name, (value as { stringValue: string }).stringValue])),
    metadata: metadataOf(message['metadata_context']?.filter_metadata['envoy.filters.http.jwt_authn']),
    observability: message['observability_mode'],
    protocolConfig:
      config === null ? undefined : { requestBodyMode: config.request_body_mode, responseBodyMode: config.response_body_mode },
  };
}

function metadataOf(message: Plain | undefined): ReadonlyMap<string, unknown> | undefined {
  return message && new Map([['envoy.filters.http.jwt_authn', plainOf(message)]]);
}

describe('reading a ProcessingRequest', () => {
  test('gives what protobufjs gives, for generated messages', () => {
    fc.assert(
      fc.property(requestArb, (request) => {
        const bytes = encode(ProcessingRequest, request);
        expect(readProcessingRequest(bytes)).toEqual(expected(bytes));
      }),
      seeded(2_000),
    );
  });

  test('skips unknown fields of every wire type wherever they stand', () => {
    const unknown = fc
      .tuple(fc.integer({ min: 100, max: 2 ** 29 - 1 }), fc.constantFrom(0, 1, 2, 3, 5), fc.uint8Array({ maxLength: 40 }))
      .map(([field, wire, bytes]) => unknownField(field, wire, bytes));
    fc.assert(
      fc.property(requestArb, unknown, unknown, (request, before, after) => {
        const bytes = encode(ProcessingRequest, request);
        expect(readProcessingRequest(Buffer.concat([before, bytes, after]))).toEqual(readProcessingRequest(bytes));
      }),
      seeded(500),
    );
  });

  test('throws nothing but ProtocolError for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => expectTotal(Buffer.from(bytes))),
      seeded(20_000),
    );
  });

  test('throws nothing but ProtocolError for a message that is cut off or has a byte changed', () => {
    const damaged = fc.tuple(requestArb, fc.nat(), fc.nat(), fc.integer({ min: 0, max: 255 })).map(([request, cut, at, value]) => {
      const bytes = Buffer.from(encode(ProcessingRequest, request));
      bytes[at % Math.max(1, bytes.length)] = value;
      return bytes.subarray(0, bytes.length - (cut % 4));
    });
    fc.assert(fc.property(damaged, expectTotal), seeded(5_000));
  });

  test('shares the body with the message instead of copying it', () => {
    const message = encode(ProcessingRequest, { response_body: { body: Buffer.alloc(100, 7) } });
    const { part } = readProcessingRequest(message);
    message.fill(9, message.length - 100);
    expect(part).toEqual({ kind: 'response-body', bytes: Buffer.alloc(100, 9), endOfStream: false });
  });

  test('replaces header bytes that are not UTF-8', () => {
    const message = encode(ProcessingRequest, {
      request_headers: { headers: { headers: [header('x-raw', Buffer.from([0x61, 0xff, 0x62]))] } },
    });
    expect(readProcessingRequest(message).part).toEqual({
      kind: 'request-headers',
      headers: [['x-raw', 'a\ufffdb']],
      cut: false,
      endOfStream: false,
    });
  });

  test('keeps the order and number of headers with one name, and lowers names', () => {
    const message = encode(ProcessingRequest, {
      request_headers: { headers: { headers: [header('Set-Cookie', 'a'), header('x', 'b'), header('set-cookie', 'c')] } },
    });
    expect(readProcessingRequest(message).part).toMatchObject({
      headers: [
        ['set-cookie', 'a'],
        ['x', 'b'],
        ['set-cookie', 'c'],
      ],
    });
  });

  test('takes only string attributes', () => {
    const message = encode(ProcessingRequest, {
      attributes: {
        'envoy.filters.http.ext_proc': { fields: { text: { stringValue: 'a' }, number: { numberValue: 1 }, flag: { boolValue: true } } },
        elsewhere: { fields: { other: { stringValue: 'b' } } },
      },
    });
    expect(readProcessingRequest(message).attributes).toEqual(new Map([['text', 'a']]));
  });

  const nestedDeep = (depth: number): unknown => Array.from({ length: depth }).reduce((inner: unknown) => [inner], 'x');
  const bounds: readonly (readonly [string, (over: number) => object])[] = [
    ['values', (over) => ({ payload: Array.from({ length: FIXED.metadataValues - 1 + over }, () => 1) })],
    ['levels', (over) => ({ payload: nestedDeep(FIXED.metadataDepth - 1 + over) })],
  ];
  test.each(bounds)('metadata with as many %s as are read is there, with one more all of it is not', (_name, payload) => {
    const read = (over: number) => {
      const metadata_context = { filter_metadata: { 'envoy.filters.http.jwt_authn': struct(payload(over)) } };
      const { metadata, observability } = readProcessingRequest(encode(ProcessingRequest, { metadata_context, observability_mode: true }));
      return { metadata: metadata?.get('envoy.filters.http.jwt_authn'), observability };
    };
    expect([read(-1), read(0)]).toEqual([-1, 0].map((over) => ({ metadata: payload(over), observability: true })));
    expect(read(1)).toEqual({ metadata: undefined, observability: true });
  });
  test('the table of bounds is whole', () => expect(bounds).toHaveLength(2));

  test('a key named __proto__ is a key like any other', () => {
    const fields = Object.fromEntries([['__proto__', { structValue: struct({ client_id: 'x' }) }]]);
    const message = encode(ProcessingRequest, { metadata_context: { filter_metadata: { 'envoy.filters.http.jwt_authn': { fields } } } });
    const payload = readProcessingRequest(message).metadata?.get('envoy.filters.http.jwt_authn');
    expect(Object.entries(payload as object)).toEqual([['__proto__', { client_id: 'x' }]]);
  });

  const refused: readonly (readonly [string, readonly number[]])[] = [
    ['a length that goes beyond the message', [0x12, 0x05, 0x0a]],
    ['a length that goes beyond its outer message', [0x12, 0x02, 0x0a, 0x05, 0x00, 0x00, 0x00]],
    ['a length of more than 32 bits', [0x12, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['a tag that is cut off', [0x92]],
    ['a varint of eleven bytes', [0x50, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]],
    ['field number 0', [0x02, 0x00]],
    ['wire type 6', [0x16]],
    ['the end of a group that did not begin', [0x14]],
    ['a group that does not end', [0xa3, 0x06, 0x08]],
    ['a group that ends with the number of another', [0xa3, 0x06, 0xac, 0x06]],
    ['groups nested 100 deep', Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? 0xa3 : 0x06))],
    ['a fixed64 that is cut off', [0xa1, 0x06, 0x01]],
  ];
  test.each(refused)('refuses %s', (_name, bytes) => {
    expect(() => readProcessingRequest(Buffer.from(bytes))).toThrow(ProtocolError);
  });
  test('the table of refused bytes is whole', () => expect(refused).toHaveLength(12));

  test('reads the service of a health request', () => {
    expect(readHealthCheckService(encode(protos.HealthCheckRequest, { service: 'a.b.C' }))).toBe('a.b.C');
    expect(readHealthCheckService(Buffer.alloc(0))).toBe('');
  });
});

/** Anything but ProtocolError escapes and fails the test. */
function expectTotal(bytes: Buffer): void {
  try {
    readProcessingRequest(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
  }
}

function unknownField(field: number, wire: number, bytes: Uint8Array): Buffer {
  const writer = protobuf.Writer.create().uint32(((field << 3) | wire) >>> 0);
  const contents: Record<number, () => unknown> = {
    0: () => writer.uint64(bytes.length * 1_000_003),
    1: () => writer.fixed64(bytes.length),
    2: () => writer.bytes(bytes),
    3: () =>
      writer
        .uint32((9 << 3) | 2)
        .bytes(bytes)
        .uint32(((field << 3) | 4) >>> 0),
    5: () => writer.fixed32(bytes.length),
  };
  contents[wire]!();
  return Buffer.from(writer.finish());
}
