import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import protobuf from 'protobufjs';
import { afterEach, describe, expect, it } from 'vitest';
import type { ExchangeRecord } from '../../src/exchange/events.ts';
import { type Inventory, startInventory } from '../../src/inventory/server.ts';
import { startTelemetry } from '../../src/telemetry/telemetry.ts';
import { emptyFacts } from '../../src/wire/frame.ts';
import { callerRecord, deniedRecord, exchangeRecord, finding } from './records.ts';

/** As much of opentelemetry-proto 1.x as the SDK fills in. */
const PROTO = `syntax = "proto3";
message Request { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; string schema_url = 3; }
message Scope { string name = 1; string version = 2; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9;
  optional uint32 dropped_attributes_count = 10; Status status = 15; fixed32 flags = 16;
}
message Status { string message = 2; int32 code = 3; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue {
  oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; ArrayValue array_value = 5; }
}
message ArrayValue { repeated AnyValue values = 1; }`;
const Request = protobuf.parse(PROTO).root.lookupType('Request');

interface Value {
  readonly intValue?: number | string;
  readonly arrayValue?: { readonly values: readonly Value[] };
}
interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: Value }[];
  readonly status?: { readonly code?: number };
  readonly flags: number;
  readonly droppedAttributesCount?: number;
}
interface Batch {
  readonly resourceSpans: readonly {
    readonly resource: Pick<Span, 'attributes'>;
    readonly scopeSpans: readonly { readonly scope: object; readonly schemaUrl: string; readonly spans: readonly Span[] }[];
  }[];
}

let cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.toReversed()) await cleanUp();
  cleanUps = [];
});

/** Sets `OTEL_*` for the SDK, which reads `process.env`, and takes them back afterwards. */
function environment(variables: Readonly<Record<string, string>>): typeof process.env {
  Object.assign(process.env, variables);
  cleanUps.push(async () => {
    for (const name of Object.keys(variables)) delete process.env[name];
  });
  return process.env;
}

/** What a collector gets of the records. */
async function sent(records: readonly ExchangeRecord[], variables: Readonly<Record<string, string>>): Promise<Batch> {
  const bodies: Buffer[] = [];
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => bodies.push(chunk)).on('end', () => response.writeHead(200).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
  cleanUps.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  const env = environment({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url, ...variables });
  const telemetry = startTelemetry({ env, inventoryUrl: undefined, serviceVersion: '1', installationKey: Buffer.from('key') });
  for (const record of records) telemetry.record(record);
  await telemetry.shutdown();
  const body = Buffer.concat(bodies);
  if (body[0] === 0x7b) return JSON.parse(body.toString()) as Batch;
  return Request.toObject(Request.decode(body), { longs: String, arrays: true, bytes: Array }) as Batch;
}

const hex = (id: string | readonly number[] | undefined): string => (typeof id === 'string' ? id : Buffer.from(id ?? []).toString('hex'));
const plain = ({ intValue, arrayValue, ...other }: Value): object => {
  if (arrayValue !== undefined) return { list: arrayValue.values.map(plain) };
  return intValue === undefined ? other : { int: Number(intValue) };
};
const plainAttributes = ({ attributes }: Pick<Span, 'attributes'>) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]));
const spansOf = ({ resourceSpans }: Batch): readonly Span[] =>
  resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));

/** What one batch says, with span ids as their places: those are random. */
function said(batch: Batch) {
  const spans = spansOf(batch);
  const places = new Map(spans.map(({ spanId }, at) => [hex(spanId), `span ${at}`]));
  return {
    around: batch.resourceSpans.map(({ resource, scopeSpans }) => ({
      resource: { ...plainAttributes(resource), 'service.instance.id': 'random' },
      scopes: scopeSpans.map(({ scope, schemaUrl }) => ({ ...scope, schemaUrl })),
    })),
    spans: spans.map((span) => ({
      traceId: span.parentSpanId === undefined || hex(span.parentSpanId) === '' ? 'random' : hex(span.traceId),
      spanId: hex(span.spanId).length,
      parent: places.get(hex(span.parentSpanId)) ?? hex(span.parentSpanId),
      name: span.name,
      kind: span.kind,
      from: span.startTimeUnixNano,
      to: span.endTimeUnixNano,
      attributes: plainAttributes(span),
      status: span.status?.code ?? 0,
      flags: span.flags,
    })),
  };
}

const facts = { ...emptyFacts(), model: 'modèle-✓', finishReasons: ['stop', 'my own'], toolsDeclared: ['a', 'b', 'a'], responseId: 'r-1' };
const uses = [{ list: 'tools', name: 'transfer', permitted: true }] as const;
const RECORDS = {
  'a chat': exchangeRecord(),
  'the same again': exchangeRecord({ exchangeId: 'ex-9', endUnixMs: 1_790_000_000_250.75 }),
  'one without a parent': exchangeRecord({ traceparent: undefined, facts }),
  'a denial, with its finding': deniedRecord(),
  'many findings': exchangeRecord({ findings: [finding(), finding({ detector: 'pii.card', taken: 'observe', subject: 'x'.repeat(200) })] }),
  'an error': exchangeRecord({ status: 503, uninspected: [{ direction: 'response', reason: 'opaque' }] }),
  'a plain call of an agent': exchangeRecord({
    method: 'BREW',
    path: `/users/42/${'long-name/'.repeat(20)}`,
    operation: undefined,
    host: '',
    scheme: 'ftp',
    caller: callerRecord({ uses }),
  }),
} as const satisfies Readonly<Record<string, ExchangeRecord>>;

describe('an exporter of OTLP in protobuf gets spans that this program has encoded', () => {
  it('and they say what those of the SDK say', async () => {
    const records = Object.values(RECORDS);
    const encoded = await sent(records, {});
    const ofSdk = await sent(records, { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
    expect(spansOf(encoded)).toHaveLength(records.length + 3);
    expect(said(encoded)).toEqual(said(ofSdk));
  });

  it('unless an attribute limit is set, which the SDK keeps to', async () => {
    const [first] = spansOf(await sent([exchangeRecord()], { OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '3' }));
    expect([first?.attributes.length, Number(first?.droppedAttributesCount) > 10]).toEqual([3, true]);
  });

  it('which do not count what the SDK has dropped', async () => {
    const spans = spansOf(await sent([exchangeRecord()], {}));
    expect(spans.map((span) => 'droppedAttributesCount' in span)).toEqual([false]);
  });
});

describe('memory is used again, and every exchange arrives as it was', () => {
  const WAYS = [
    ['http/protobuf', {}],
    ['http/protobuf', { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' }],
    ['grpc', {}],
  ] as const;
  const EXCHANGES = 6000;
  it('three ways are tried', () => expect(WAYS).toHaveLength(3));

  it.each(WAYS)('over %s %j, and to the inventory beside it', async (protocol, more) => {
    const inventories = [await inventory(), await inventory()] as const;
    const [backend, own] = inventories;
    const url = protocol === 'grpc' ? `http://127.0.0.1:${backend.grpcPort!}` : `${backend.url}/v1/traces`;
    const env = environment({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: protocol, ...more });
    const telemetry = startTelemetry({ env, inventoryUrl: own.url, serviceVersion: '1', installationKey: undefined });
    for (let index = 0; index < EXCHANGES; index += 1) {
      telemetry.record(exchangeRecord({ exchangeId: `ex-${index}`, path: `/shops/s${'abc'[index % 3]!}/orders`, traceparent: undefined }));
      if (index % 100 === 99) await new Promise((resolve) => setImmediate(resolve));
    }
    await telemetry.shutdown();
    expect(telemetry.lost).toEqual({ queue: 0, inventory: 0, backend: 0 });
    const third = EXCHANGES / 3;
    const counted = { '/shops/sa/orders': third, '/shops/sb/orders': third, '/shops/sc/orders': third };
    expect(await Promise.all(inventories.map(countsOf))).toEqual([counted, counted]);
  });

  async function inventory(): Promise<Inventory> {
    const started = await startInventory({ port: 0, grpcPort: 0, database: ':memory:', openapi: [] });
    cleanUps.push(() => started.stop());
    return started;
  }

  async function countsOf({ url }: Inventory): Promise<Readonly<Record<string, number>>> {
    const answer = await fetch(`${url}/api/v1/endpoints?sort=path`);
    const { items } = (await answer.json()) as { items: readonly { path: string; count: number }[] };
    return Object.fromEntries(items.map(({ path, count }) => [path, count]));
  }
});
