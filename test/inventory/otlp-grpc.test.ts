import { credentials, Metadata, makeGenericClientConstructor, type ServiceError } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { createBodyBudget } from '../../src/inventory/body-budget.ts';
import { INTAKE } from '../../src/inventory/incoming.ts';
import { LedgerBusy } from '../../src/inventory/ledger.ts';
import { type OtlpGrpc, type OtlpGrpcOptions, startOtlpGrpc } from '../../src/inventory/otlp-grpc.ts';
import { startInventory } from '../../src/inventory/server.ts';
import { encodeSpans } from '../../src/telemetry/otlp-writer.ts';
import { ownSpan } from './spans.ts';

let cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.toReversed()) await cleanUp();
  cleanUps = [];
});

const raw = (bytes: Buffer): Buffer => bytes;
const method = (service: string) => ({
  path: `/opentelemetry.proto.collector.${service}/Export`,
  requestStream: false,
  responseStream: false,
  requestSerialize: raw,
  requestDeserialize: raw,
  responseSerialize: raw,
  responseDeserialize: raw,
});
const Client = makeGenericClientConstructor(
  { traces: method('trace.v1.TraceService'), logs: method('logs.v1.LogsService'), profiles: method('profiles.v1.ProfilesService') },
  'otlp',
);

interface Sending {
  readonly service?: 'traces' | 'logs' | 'profiles';
  readonly gzip?: boolean;
  readonly token?: string;
}

/** The gRPC status of a call by grpc-js, another implementation; 0 is OK. */
function send(port: number, body: Buffer, { service = 'traces', gzip = false, token }: Sending = {}): Promise<number> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), gzip ? { 'grpc.default_compression_algorithm': 2 } : {});
  cleanUps.push(() => client.close());
  const metadata = new Metadata();
  metadata.set('x-sent-by', 'test');
  const headers = token === undefined ? [] : [`Bearer ${token}`];
  for (const value of headers) metadata.set('authorization', value);
  const call = client[service] as (body: Buffer, metadata: Metadata, done: (error: ServiceError | null) => void) => void;
  return new Promise((resolve) => call.call(client, body, metadata, (error) => resolve(error?.code ?? 0)));
}

const ORIGIN = { resource: {}, scopeVersion: '1', schemaUrl: '' };
const good = encodeSpans([ownSpan()], ORIGIN);

async function start(options: Partial<OtlpGrpcOptions> = {}): Promise<OtlpGrpc> {
  const receiver = await startOtlpGrpc({
    host: '127.0.0.1',
    port: 0,
    add: async (spans) => spans.length,
    budget: createBodyBudget(INTAKE.inflatedBytes * 2),
    onStoreError: () => {},
    token: undefined,
    tls: undefined,
    ...options,
  });
  cleanUps.push(() => receiver.stop());
  return receiver;
}

describe('OTLP over gRPC', () => {
  it('reaches the same inventory as over HTTP, plain and with gzip, and counts a second delivery once', async () => {
    const inventory = await startInventory({ port: 0, grpcPort: 0, database: ':memory:', openapi: [] });
    cleanUps.push(() => inventory.stop());
    const http = fetch(`${inventory.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: new Uint8Array(good),
    });
    expect([await send(inventory.grpcPort!, good), await send(inventory.grpcPort!, good, { gzip: true }), (await http).status]).toEqual([
      0, 0, 200,
    ]);
    const answer = (await (await fetch(`${inventory.url}/api/v1/endpoints`)).json()) as { items: { count: number }[] };
    expect(answer.items.map(({ count }) => count)).toEqual([1]);
  });

  it.each([
    ['malformed spans', Buffer.from([0x0a, 0x7f, 0x01]), {}, 3],
    ['a message over the limit', Buffer.alloc(INTAKE.bodyBytes + 1), {}, 8],
    ['a small message that inflates over the limit', Buffer.alloc(INTAKE.inflatedBytes + 1), { gzip: true }, 8],
    ['logs, which are not kept', Buffer.from('anything'), { service: 'logs' }, 0],
    ['a service that it does not have', good, { service: 'profiles' }, 12],
  ] as const)('answers %s with %#', async (_name, body, sending, status) => {
    const { port } = await start();
    expect(await send(port, body, sending)).toBe(status);
    expect(await send(port, good)).toBe(0);
  });

  it('asks senders to come again when too many spans or bytes wait, or the store fails', async () => {
    const errors: unknown[] = [];
    const busy = await start({ add: () => Promise.reject(new LedgerBusy('full')) });
    const broken = await start({ add: () => Promise.reject(new Error('disk full')), onStoreError: (error) => errors.push(error) });
    const narrow = await start({ budget: createBodyBudget(10) });
    expect(await Promise.all([busy, broken, narrow].map(({ port }) => send(port, good)))).toEqual([14, 14, 14]);
    expect(errors).toEqual([new Error('disk full')]);
  });

  it('needs the token when there is one', async () => {
    const { port } = await start({ token: 'correct' });
    expect([await send(port, good), await send(port, good, { token: 'wrong' }), await send(port, good, { token: 'correct' })]).toEqual([
      16, 16, 0,
    ]);
  });

  it('counts a message as large as it is after gzip, until it is stored', async () => {
    const spans = Array.from({ length: 200 }, (_, at) => ownSpan({ spanId: at.toString(16).padStart(16, '0') }));
    const large = encodeSpans(spans, { resource: {}, scopeVersion: '1', schemaUrl: '' });
    const { port } = await start({ budget: createBodyBudget(large.length) });
    expect([await send(port, large, { gzip: true }), await send(port, good, { gzip: true })]).toEqual([14, 0]);
  });

  it('gives back what a body held, also when its sender breaks off', async () => {
    const budget = createBodyBudget(good.length + 100);
    const { port } = await start({ budget });
    for (let index = 0; index < 5; index += 1) await send(port, Buffer.alloc(good.length + 200));
    expect(await send(port, good)).toBe(0);
  });
});
