import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT_CONTEXT, type SpanContext, SpanKind, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ListAnswer } from '../../src/inventory/api.ts';
import { createBodyBudget } from '../../src/inventory/body-budget.ts';
import { INTAKE } from '../../src/inventory/incoming.ts';
import { createIntake, type IntakeOptions } from '../../src/inventory/intake.ts';
import { type Inventory, type InventoryOptions, startInventory } from '../../src/inventory/server.ts';
import { encodeSpans } from '../../src/telemetry/otlp-writer.ts';
import { waitFor } from '../support/processes.ts';
import { ownSpan } from './spans.ts';

const ORIGIN = { resource: { 'service.name': 'sluice' }, scopeVersion: '1', schemaUrl: '' };
const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const JSON_TYPE = { 'content-type': 'application/json' };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-inventory-'));
});
afterAll(() => rm(folder, { recursive: true }));

let running: Inventory[] = [];
afterEach(async () => {
  await Promise.all(running.map((inventory) => inventory.stop()));
  running = [];
});

async function start(options: Partial<InventoryOptions> = {}): Promise<Inventory> {
  const inventory = await startInventory({ port: 0, database: ':memory:', openapi: [], ...options });
  running.push(inventory);
  return inventory;
}

const post = (inventory: Inventory, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>, signal = 'traces') =>
  fetch(`${inventory.url}/v1/${signal}`, { method: 'POST', body, headers });
const get = async (inventory: Inventory, what: string): Promise<ListAnswer<'endpoints'>> =>
  (await fetch(`${inventory.url}/api/v1/${what}`)).json() as Promise<ListAnswer<'endpoints'>>;
const ENDPOINTS = 'endpoints?sort=path';
const bytes = (...spans: Parameters<typeof encodeSpans>[0]) => new Uint8Array(encodeSpans(spans, ORIGIN));

describe('spans become an inventory', () => {
  it('from the real OpenTelemetry exporter to the API', async () => {
    const inventory = await start();
    const sdk = new NodeSDK({
      traceExporter: new OTLPTraceExporter({ url: `${inventory.url}/v1/traces` }),
      metricReaders: [],
      logRecordProcessors: [],
      instrumentations: [],
      serviceName: 'shop',
    });
    sdk.start();
    const parent: SpanContext = { traceId: 'c'.repeat(32), spanId: 'd'.repeat(16), traceFlags: 1, isRemote: true };
    const attributes = {
      'http.request.method': 'GET',
      'url.path': '/users/42',
      'server.address': 'shop.example',
      'user_agent.original': 'curl/8',
      list: ['a', 'b'],
      part: 0.5,
      yes: true,
    };
    const span = trace
      .getTracer('http')
      .startSpan(
        'GET',
        { kind: SpanKind.SERVER, attributes, startTime: new Date(1_790_000_000_000) },
        trace.setSpanContext(ROOT_CONTEXT, parent),
      );
    span.end(new Date(1_790_000_001_000));
    await sdk.shutdown();
    expect(await get(inventory, 'endpoints')).toMatchObject({
      version: 1,
      total: 1,
      next: null,
      items: [
        {
          method: 'GET',
          host: 'shop.example',
          path: '/users/{id}',
          declared: null,
          status: null,
          count: 1,
          errors: 0,
          firstSeen: '2026-09-21T14:13:20.000Z',
          lastSeen: '2026-09-21T14:13:21.000Z',
          latencyMs: { mean: 1000, p50: 1000 },
          labels: { sources: ['http'], callers: ['user-agent:curl/8'] },
        },
      ],
    });
    expect((await get(inventory, 'callers')).items).toMatchObject([{ kind: 'user-agent', name: 'curl/8', count: 1 }]);
  });

  it('marks what an OpenAPI file declares and counts the rest as undeclared', async () => {
    const spec = path.join(folder, 'spec.yaml');
    await writeFile(spec, 'openapi: 3.1.0\npaths: {/v1/chat/completions: {post: {}}}\n');
    const inventory = await start({ openapi: [spec] });
    const secret = ownSpan({ spanId: '1'.repeat(16) }, { 'http.route': '/internal/dev/accounts', 'http.request.method': 'GET' });
    expect((await post(inventory, bytes(ownSpan(), secret), PROTOBUF)).status).toBe(200);
    const { items } = await get(inventory, ENDPOINTS);
    expect(items.map((row) => [row.path, row.status])).toEqual([
      ['/internal/dev/accounts', 'shadow'],
      ['/v1/chat/completions', 'declared'],
    ]);
    expect(await get(inventory, 'overview')).toMatchObject({
      version: 1,
      endpoints: { total: 2, byStatus: { declared: 1, shadow: 1, zombie: 0 } },
      models: 1,
      callers: 1,
      tools: 0,
      exchanges: 2,
      findings: 0,
      denied: 0,
      redacted: 0,
    });
  });

  it('counts a batch that is delivered again once, in another encoding too', async () => {
    const inventory = await start();
    const json = JSON.stringify({
      resourceSpans: [
        { scopeSpans: [{ scope: { name: 'sluice' }, spans: [{ traceId: 'A'.repeat(32), spanId: 'B'.repeat(16), kind: 2, name: 'x' }] }] },
      ],
    });
    const answers = [
      await post(inventory, bytes(ownSpan()), PROTOBUF),
      await post(inventory, gzipSync(bytes(ownSpan())), { ...PROTOBUF, 'content-encoding': 'gzip' }),
      await post(inventory, json, JSON_TYPE),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    expect((await get(inventory, 'endpoints')).items.map((row) => row.count)).toEqual([1]);
  });

  it('keeps everything over a restart', async () => {
    const file = path.join(folder, 'restart.sqlite');
    const first = await startInventory({ port: 0, database: file, openapi: [] });
    await post(first, bytes(ownSpan()), PROTOBUF);
    const before = await get(first, 'endpoints');
    await first.stop();
    const second = await start({ database: file });
    expect(await get(second, 'endpoints')).toEqual(before);
    expect(before.total).toBe(1);
  });

  it('lets no canary of a foreign span through: path, query, credentials, names', async () => {
    const file = path.join(folder, 'canary.sqlite');
    const inventory = await startInventory({
      port: 0,
      database: file,
      openapi: [],
      redact: (text) => text.replaceAll(/canary/gi, '[REDACTED:test]'),
    });
    const attributes = {
      'http.request.method': 'GET',
      'url.full': 'https://canary:canary@canary.example.com/canary/x?canary=1#canary',
      'user_agent.original': 'canary/1',
      'gen_ai.request.model': 'canary-model',
      'gen_ai.response.model': 'canary-model-2',
      'gen_ai.tool.name': 'canary_tool',
      'gen_ai.input.messages': 'canary',
      'sluice.tools.declared': ['canary'],
    };
    await post(inventory, bytes({ ...ownSpan({ scope: 'canary', service: 'canary', name: 'canary' }), attributes }), PROTOBUF);
    const answers = await Promise.all(['endpoints', 'models', 'callers', 'tools', 'flows'].map((kind) => get(inventory, kind)));
    await inventory.stop();
    expect(JSON.stringify(answers).toLowerCase()).not.toContain('canary');
    expect(answers.map((answer) => answer.total)).toEqual([1, 1, 1, 2, 3]);
  });
});

describe('the intake refuses what it cannot keep, and lives', () => {
  it.each([
    ['malformed protobuf', new Uint8Array([0x0a, 0x7f, 0x01]), PROTOBUF, 400],
    ['malformed JSON', '{"resourceSpans":', JSON_TYPE, 400],
    ['JSON of another shape', '{"resourceSpans":[[1]]}', JSON_TYPE, 400],
    ['gzip that is none', 'x', { ...PROTOBUF, 'content-encoding': 'gzip' }, 400],
    ['another content type', 'x', { 'content-type': 'text/plain' }, 415],
    ['no content type', new Uint8Array([1]), {}, 415],
    ['another encoding', 'x', { ...PROTOBUF, 'content-encoding': 'br' }, 415],
    ['a body over the limit', new Uint8Array(INTAKE.bodyBytes + 1), PROTOBUF, 413],
    [
      'a small body that inflates over the limit',
      gzipSync(new Uint8Array(INTAKE.inflatedBytes + 1)),
      { ...PROTOBUF, 'content-encoding': 'gzip' },
      413,
    ],
  ] as const)('%s', async (_name, body, headers, status) => {
    const inventory = await start();
    const answer = await post(inventory, body as string | Uint8Array<ArrayBuffer>, headers as Record<string, string>);
    await answer.arrayBuffer();
    expect(answer.status).toBe(status);
    expect((await post(inventory, bytes(ownSpan()), PROTOBUF)).status).toBe(200);
    expect((await get(inventory, 'endpoints')).total).toBe(1);
  });

  it('takes nothing of a request of which one span is broken', async () => {
    const inventory = await start();
    const spans = [
      {
        traceId: 'a'.repeat(32),
        spanId: 'b'.repeat(16),
        attributes: [{ key: 'http.request.method', value: { stringValue: 'GET' } }],
        kind: 2,
      },
      { traceId: 'zz' },
    ];
    const answer = await post(inventory, JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }), JSON_TYPE);
    expect([answer.status, await answer.json()]).toEqual([400, { code: 3, message: 'an id that is not hex of the right length' }]);
    expect((await get(inventory, 'endpoints')).total).toBe(0);
  });

  it.each(['logs', 'metrics'])('answers %s with success and keeps nothing', async (signal) => {
    const inventory = await start();
    const answer = await post(inventory, new Uint8Array([1, 2, 3]), PROTOBUF, signal);
    expect([answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([200, 0]);
  });
});

describe('bodies under way', () => {
  const GZIP = { ...PROTOBUF, 'content-encoding': 'gzip' };
  const intakeOf = (options: Partial<IntakeOptions>) => {
    const errors: unknown[] = [];
    const add = async (spans: readonly unknown[]) => spans.length;
    const intake = createIntake({ add, budget: createBodyBudget(1_000_000), onStoreError: (error) => errors.push(error), ...options });
    const send = async (body: string | Uint8Array<ArrayBuffer> | ReadableStream, headers: Record<string, string>, signal = 'traces') => {
      const answer = await intake.request(`/v1/${signal}`, { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
      return answer.status;
    };
    return { send, errors };
  };
  const large = bytes(...Array.from({ length: 500 }, (_, index) => ownSpan({ spanId: index.toString(16).padStart(16, '0') })));

  it('count as large as they are after gzip', async () => {
    const { send } = intakeOf({ budget: createBodyBudget(large.length - 1) });
    expect([await send(gzipSync(large), GZIP), await send(gzipSync(bytes(ownSpan())), GZIP)]).toEqual([429, 200]);
  });

  it('hold their room until their spans are stored, and no longer', async () => {
    const stored: (() => void)[] = [];
    const add = (spans: readonly unknown[]) => new Promise<number>((done) => stored.push(() => done(spans.length)));
    const { send } = intakeOf({ add, budget: createBodyBudget(large.length + 100) });
    const first = send(large, PROTOBUF);
    const storeFirst = await waitFor(() => stored[0]);
    expect(await send(large, PROTOBUF)).toBe(429);
    storeFirst();
    expect(await first).toBe(200);
    const second = send(large, PROTOBUF);
    const storeSecond = await waitFor(() => stored[1]);
    storeSecond();
    expect(await second).toBe(200);
  });

  it.each(['logs', 'metrics'])('of %s are not inflated and hold nothing', async (signal) => {
    const { send } = intakeOf({ budget: createBodyBudget(0) });
    expect(await send('no gzip', GZIP, signal)).toBe(200);
    expect(await send(new Uint8Array(INTAKE.bodyBytes + 1), PROTOBUF, signal)).toBe(413);
  });

  it('that their sender breaks off are no failure of the store', async () => {
    const { send, errors } = intakeOf({});
    const broken = () => new ReadableStream({ pull: (controller) => controller.error(new Error('aborted')) });
    expect([await send(broken(), PROTOBUF), await send(broken(), PROTOBUF, 'logs'), errors]).toEqual([400, 400, []]);
  });
});

describe('a store that fails', () => {
  it('makes the sender try again, is heard of, and loses nothing', async () => {
    const failures: unknown[] = [];
    const kept: unknown[] = [];
    const add = async (spans: readonly unknown[]) => (failures.length === 0 ? Promise.reject(new Error('disk full')) : kept.push(...spans));
    const intake = createIntake({ add, budget: createBodyBudget(1_000_000), onStoreError: (error) => failures.push(error) });
    const send = () => intake.request('/v1/traces', { method: 'POST', headers: PROTOBUF, body: bytes(ownSpan()) });
    const answers = [await send(), await send()];
    expect(answers.map((answer) => [answer.status, answer.headers.get('retry-after')])).toEqual([
      [503, '1'],
      [200, null],
    ]);
    expect([failures.length, kept.length]).toEqual([1, 1]);
  });
});

describe('the API', () => {
  it('answers health, pages and what it does not have', async () => {
    const inventory = await start();
    await post(
      inventory,
      bytes(...['a', 'b', 'c'].map((letter, index) => ownSpan({ spanId: `${index}`.repeat(16) }, { 'http.route': `/${letter}` }))),
      PROTOBUF,
    );
    expect(await (await fetch(`${inventory.url}/healthz`)).json()).toEqual({ version: 1, status: 'ok' });
    expect((await get(inventory, 'endpoints?sort=path&limit=2')).items.map((row) => row.path)).toEqual(['/a', '/b']);
    expect(await get(inventory, 'endpoints?limit=0')).toMatchObject({ version: 1, error: expect.any(String) });
    expect((await fetch(`${inventory.url}/nothing`)).status).toBe(404);
  });

  it('answers to loopback names only, so that no web page can rebind its way in', async () => {
    const inventory = await start();
    const statusFor = (host: string) =>
      new Promise((resolve) => {
        request(`${inventory.url}/api/v1/endpoints`, { headers: { host } }, (answer) => resolve(answer.resume().statusCode)).end();
      });
    const hosts = ['attacker.example', '127.attacker.example', '127.0.0.1.attacker.example', 'localhost:1', '127.9.9.9', '[::1]:1'];
    expect(await Promise.all(hosts.map(statusFor))).toEqual([421, 421, 421, 200, 200, 200]);
  });

  it('asks for a token at an address that only looks like one of this machine', async () => {
    await expect(start({ host: '127.attacker.example' })).rejects.toMatchObject({ code: 'settings-invalid' });
  });

  it('answers a probe without the token', async () => {
    const inventory = await start({ token: 'a-token' });
    const paths = ['/healthz', '/api/v1/endpoints', '/healthz/x'];
    expect(await Promise.all(paths.map(async (at) => (await fetch(`${inventory.url}${at}`)).status))).toEqual([200, 401, 401]);
  });

  it('closes its database when its addresses cannot be opened', async () => {
    const file = path.join(folder, 'refused.sqlite');
    await expect(start({ database: file, tls: { cert: 'none', key: 'none' } })).rejects.toThrow();
    expect([existsSync(file), existsSync(`${file}-wal`)]).toEqual([true, false]);
  });

  it('names the address that is taken', async () => {
    const inventory = await start();
    const port = Number(new URL(inventory.url).port);
    await expect(startInventory({ port, database: ':memory:', openapi: [] })).rejects.toMatchObject({
      code: 'address-in-use',
      message: expect.stringContaining(String(port)),
    });
  });

  it('names a database that cannot be opened', async () => {
    await expect(startInventory({ port: 0, database: '/nowhere/x.sqlite', openapi: [] })).rejects.toMatchObject({
      code: 'file-unreadable',
    });
  });
});
