import { Validator } from '@cfworker/json-schema';
import { afterEach, describe, expect, it } from 'vitest';
import { createApi } from '../../src/inventory/api.ts';
import { apiDocument } from '../../src/inventory/api-document.ts';
import { approvedBy } from '../../src/inventory/approved.ts';
import type { Catalog } from '../../src/inventory/catalog.ts';
import { declaredBy } from '../../src/inventory/declared.ts';
import { REVIEWED_KINDS, ROW_KINDS } from '../../src/inventory/rows.ts';
import { type Inventory, type InventoryOptions, startInventory } from '../../src/inventory/server.ts';
import type { Store } from '../../src/inventory/store.ts';
import { createTail, type TailNews } from '../../src/inventory/tail.ts';
import { INVENTORY } from '../../src/lib/limits.ts';
import { encodeSpans } from '../../src/telemetry/otlp-writer.ts';
import type { SpanData } from '../../src/telemetry/span.ts';
import { toldPolicy } from './policy-spans.ts';
import { ownSpan } from './spans.ts';

const ORIGIN = { resource: { 'service.name': 'sluice' }, scopeVersion: '1', schemaUrl: '' };

let running: Inventory[] = [];
afterEach(async () => {
  await Promise.all(running.map((inventory) => inventory.stop()));
  running = [];
});

async function start(spans: readonly SpanData[] = [], options: Partial<InventoryOptions> = {}): Promise<Inventory> {
  const inventory = await startInventory({ port: 0, database: ':memory:', openapi: [], ...options });
  running.push(inventory);
  const body = new Uint8Array(encodeSpans(spans, ORIGIN));
  await fetch(`${inventory.url}/v1/traces`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-protobuf', ...auth(options) },
  });
  return inventory;
}

const auth = ({ token }: Partial<InventoryOptions>): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

interface Answer {
  readonly total?: number;
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly item: Readonly<Record<string, unknown>>;
  readonly next: string | null;
  readonly error?: string;
}

const ask = async (inventory: Inventory, what: string): Promise<Answer> =>
  (await fetch(`${inventory.url}/api/v1/${what}`)).json() as Promise<Answer>;

const rich = (index: number, change: SpanData['attributes'] = {}) =>
  ownSpan(
    { spanId: index.toString(16).padStart(16, '0'), startUnixMs: 1_790_000_000_000 + index, endUnixMs: 1_790_000_000_300 + index },
    {
      'sluice.exchange.id': `exchange-${index}`,
      'sluice.finding.count': 1,
      'sluice.finding.request.detectors': ['pii.card'],
      'sluice.finding.rows': ['pii.card|pii|high|0.99|user|request|redact|redact|10|16'],
      'sluice.tools.declared': ['search'],
      'sluice.tools.called': ['search'],
      'gen_ai.agent.name': 'planner',
      'enduser.pseudo.id': 'p1',
      'sluice.request.shape': [' object', '/name string', '/amount integer'],
      ...change,
    },
  );

const MCP = { 'sluice.dialect': 'mcp', 'http.route': '/mcp', 'sluice.server.name': 'ledger' };

const POLICY = toldPolicy({
  yaml: 'agents: {planner: {identify: {spiffe: "spiffe://c/planner"}, tools: [search, send]}}',
  loadedMs: 1_790_000_000_000,
  heardMs: 1_790_000_060_000,
});

/** Every GET of the document that needs no id, and one row of each list by its id. */
const PATHS = ['overview', ...ROW_KINDS, 'findings', 'findings/counts', 'findings/counts?by=hour', 'changes'] as const;

function schemaOf(path: string): Validator {
  const document = apiDocument('1');
  const paths = document.paths as unknown as Record<
    string,
    { get: { responses: Record<string, { content: Record<string, { schema: object }> }> } }
  >;
  const schema = paths[`/api/v1/${path.split('?')[0]}`]!.get.responses['200']!.content['application/json']!.schema;
  return new Validator({ ...schema, components: document.components }, '2020-12');
}

describe('the API answers what its document says', () => {
  it('has the paths it should have', () => expect(PATHS.length).toBe(16));

  it.each(PATHS)('%s', async (path) => {
    const inventory = await start([rich(1), rich(2, MCP), rich(3, { 'http.route': '/open', 'sluice.auth.kind': 'none' }), ...POLICY]);
    const answer = await ask(inventory, path);
    expect(schemaOf(path).validate(answer).errors).toEqual([]);
  });

  it.each(ROW_KINDS.filter((kind) => kind !== 'orphans'))('one of the %s', async (kind) => {
    const inventory = await start([rich(1), rich(2, MCP), ...POLICY]);
    const { items } = await ask(inventory, kind);
    const answer = await ask(inventory, `${kind}/${String(items[0]?.['id'])}`);
    expect(schemaOf(`${kind}/{id}`).validate(answer).errors).toEqual([]);
    expect(answer.item['id']).toBe(items[0]?.['id']);
  });

  it('what a finding of a detector means', async () => {
    const inventory = await start();
    expect(schemaOf('detectors/{id}').validate(await ask(inventory, 'detectors/pii.card')).errors).toEqual([]);
  });

  it('serves the document itself', async () => {
    const inventory = await start();
    const document = (await (await fetch(`${inventory.url}/api/v1/openapi.json`)).json()) as { openapi: string; paths: object };
    expect([document.openapi, Object.keys(document.paths).length]).toEqual(['3.1.0', 35]);
  });
});

describe('lists', () => {
  it('come in pages that follow each other, in the order asked for', async () => {
    const inventory = await start(
      Array.from({ length: 25 }, (_, index) => rich(index, { 'server.address': `${'abcdefghijklmnopqrstuvwxyz'[index]}.example` })),
    );
    const hosts: unknown[] = [];
    let cursor = '';
    for (let page = 0; page < 3; page += 1) {
      const answer = await ask(inventory, `endpoints?sort=-host&limit=10${cursor}`);
      hosts.push(...answer.items.map((row) => row['host']));
      cursor = `&cursor=${answer.next}`;
    }
    expect(hosts).toEqual([...'abcdefghijklmnopqrstuvwxy'].map((letter) => `${letter}.example`).toReversed());
    expect(cursor).toBe('&cursor=null');
  });

  it.each([
    ['method=POST&host=api.bank.example', 3],
    ['method=GET', 0],
    ['q=CHAT', 1],
    ['kind=agent', 1],
    ['open=true', 1],
    ['auth=bearer', 2],
    ['detector=pii.card', 3],
    ['tool=search&agent=planner', 3],
    ['riskMin=1', 3],
    ['state=approved', 0],
    ['newSince=2026-01-01T00:00:00Z', 3],
    ['seenSince=2030-01-01T00:00:00Z', 0],
  ])('endpoints with %s: %i', async (query, total) => {
    const inventory = await start([rich(1), rich(2, MCP), rich(3, { 'http.route': '/open', 'sluice.auth.kind': 'none' })]);
    expect((await ask(inventory, `endpoints?${query}`)).total).toBe(total);
  });

  it.each([
    'endpoints?limit=0',
    'endpoints?limit=1001',
    'endpoints?sort=x',
    'endpoints?unknown=1',
    'endpoints?cursor=e30',
    'endpoints?open=perhaps',
    'models?cursor=%%',
    'findings?since=x',
    'findings?endpoint=x',
    'findings/counts?by=text',
    'changes?change=x',
  ])('%s is refused with a sentence', async (query) => {
    const inventory = await start([rich(1)]);
    const answer = await fetch(`${inventory.url}/api/v1/${query}`);
    expect([answer.status, await answer.json()]).toEqual([400, { version: 1, error: expect.any(String) }]);
  });

  it('of findings go by endpoint, and by time', async () => {
    const inventory = await start([rich(1), rich(2, MCP), rich(3)]);
    const { items } = await ask(inventory, 'endpoints?q=chat');
    const found = await ask(inventory, `findings?endpoint=${String(items[0]?.['id'])}`);
    expect(found.items.map((row) => [row['exchangeId'], row['endpointId']])).toEqual([
      ['exchange-3', items[0]?.['id']],
      ['exchange-1', items[0]?.['id']],
    ]);
    expect((await ask(inventory, 'findings?until=2020-01-01T00:00:00Z')).items).toEqual([]);
  });

  it('carry a tag with which nothing is sent twice', async () => {
    const inventory = await start([rich(1)]);
    const first = await fetch(`${inventory.url}/api/v1/endpoints`);
    const again = await fetch(`${inventory.url}/api/v1/endpoints`, { headers: { 'if-none-match': first.headers.get('etag') ?? '' } });
    expect([first.status, again.status, await again.text()]).toEqual([200, 304, '']);
  });
});

describe('reviews', () => {
  const patch = (inventory: Inventory, path: string, body: unknown, type = 'application/json') =>
    fetch(`${inventory.url}/api/v1/${path}`, { method: 'PATCH', body: JSON.stringify(body), headers: { 'content-type': type } });

  it.each(REVIEWED_KINDS)('of %s keep owner, state and note', async (kind) => {
    const inventory = await start([rich(1, MCP)]);
    const { items } = await ask(inventory, kind);
    const id = String(items[0]?.['id']);
    await patch(inventory, `${kind}/${id}`, { owner: 'team-a', note: 'asked' });
    expect((await patch(inventory, `${kind}/${id}`, { state: 'approved' })).status).toBe(200);
    expect((await ask(inventory, `${kind}?owner=team-a&state=approved`)).items.map((row) => row['id'])).toEqual([id]);
    expect((await ask(inventory, `${kind}/${id}`)).item).toMatchObject({ owner: 'team-a', state: 'approved', note: 'asked' });
  });

  it.each([
    [{ state: 'great' }, 'application/json', 400],
    [{ color: 'red' }, 'application/json', 400],
    [{ owner: 'x'.repeat(129) }, 'application/json', 400],
    [{ note: 'x'.repeat(20_000) }, 'application/json', 413],
    [{ owner: 'x' }, 'text/plain', 400],
  ])('refuse %j as %s with %i', async (body, type, status) => {
    const inventory = await start([rich(1)]);
    const { items } = await ask(inventory, 'models');
    expect((await patch(inventory, `models/${String(items[0]?.['id'])}`, body, type)).status).toBe(status);
  });

  it('of what is not there are refused', async () => {
    const inventory = await start([rich(1)]);
    expect((await patch(inventory, 'models/nothing', { owner: 'x' })).status).toBe(404);
  });
});

describe('access', () => {
  it('is refused at an address that others reach when nobody would be asked who they are', async () => {
    await expect(startInventory({ host: '0.0.0.0', port: 0, database: ':memory:', openapi: [] })).rejects.toMatchObject({
      code: 'settings-invalid',
    });
  });

  it('needs the token, for spans as well', async () => {
    const inventory = await start([rich(1)], { token: 'correct' });
    const status = async (path: string, authorization?: string) =>
      (await fetch(`${inventory.url}${path}`, authorization === undefined ? {} : { headers: { authorization } })).status;
    const answers = [
      status('/api/v1/overview'),
      status('/api/v1/overview', 'Bearer wrong'),
      status('/v1/traces'),
      status('/api/v1/overview', 'Bearer correct'),
    ];
    expect(await Promise.all(answers)).toEqual([401, 401, 401, 200]);
  });
});

describe('the live tail', () => {
  const events = async (inventory: Inventory, lastId?: string) => {
    const stop = new AbortController();
    const headers: Record<string, string> = lastId === undefined ? {} : { 'last-event-id': lastId };
    const answer = await fetch(`${inventory.url}/api/v1/events`, { signal: stop.signal, headers });
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    const next = async () => (await reader.read()).value ?? '';
    return { next, stop: () => stop.abort() };
  };
  const send = (inventory: Inventory, ...spans: readonly SpanData[]) =>
    fetch(`${inventory.url}/v1/traces`, {
      method: 'POST',
      body: new Uint8Array(encodeSpans(spans, ORIGIN)),
      headers: { 'content-type': 'application/x-protobuf' },
    });
  const idOf = (event: string): string => event.split('id: ')[1]?.split('\n')[0] ?? '';

  it('tells of findings as they are committed', async () => {
    const inventory = await start();
    const reader = await events(inventory);
    await send(inventory, rich(1));
    const event = await reader.next();
    reader.stop();
    expect(event).toContain('event: finding');
    expect(event).toContain('"detector":"pii.card"');
  });

  it('says of a finding that it is dismissed already', async () => {
    const inventory = await start([rich(1)]);
    const [first] = (await ask(inventory, 'findings')).items;
    const body = JSON.stringify({ finding: first?.['id'], scope: [], until: '2999-01-01', reason: 'looked at' });
    const made = await fetch(`${inventory.url}/api/v1/dismissals`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    const { item } = (await made.json()) as Answer;
    const reader = await events(inventory);
    await send(inventory, rich(2));
    expect(await reader.next()).toContain(`"dismissal":"${String(item['id'])}"`);
    reader.stop();
  });

  it('tells a reader that comes back what came while nobody was there', async () => {
    const inventory = await start();
    const before = await events(inventory);
    await send(inventory, rich(1));
    const last = idOf(await before.next());
    before.stop();
    await send(inventory, rich(2), rich(3));
    const after = await events(inventory, last);
    let text = '';
    while (!text.includes('exchange-3')) text += await after.next();
    after.stop();
    expect(text.match(/exchange-\d/g)).toEqual(['exchange-2', 'exchange-3']);
  });
});

const NEWS: TailNews = {
  kind: 'change',
  change: { timeMs: 0, change: 'new', subjectKind: 'models', subjectId: '1', subject: 'x', reason: 'first seen' },
};

describe('what the tail remembers', () => {
  const rememberedAfter = (id: string, published: number): readonly string[] => {
    const tail = createTail('life');
    for (let at = 0; at < published; at += 1) tail.publish(NEWS);
    const heard: string[] = [];
    tail.subscribe((event) => heard.push(event.id), id);
    return heard;
  };

  it.each([
    ['the events after the last one', 'life-3', 5, ['life-4', 'life-5']],
    ['nothing after the newest', 'life-5', 5, []],
    ['nothing after one that is still to come', 'life-9', 5, []],
    ['nothing after one of another life', 'other-3', 5, []],
    ['nothing after something that is no id', 'life-x', 5, []],
  ])('is %s', (_what, id, published, heard) => expect(rememberedAfter(id, published)).toEqual(heard));

  it('is all there is when the last one is forgotten, and bounded', () => {
    const heard = rememberedAfter('life-1', INVENTORY.tailEvents * 2 + 1);
    expect([heard.length, heard.at(-1)]).toEqual([INVENTORY.tailEvents, `life-${INVENTORY.tailEvents * 2 + 1}`]);
  });
});

describe('the API with a desk of its own', () => {
  const apiWith = (catalog: () => Promise<Catalog>) => {
    const errors: unknown[] = [];
    const tail = createTail('life');
    const dismissing = { dismissals: async () => [], dismiss: async () => false, takeBack: async () => undefined };
    const desk = { catalog, review: async () => false, takeStock: async () => [], ...dismissing };
    const none = { declared: declaredBy([]), approved: approvedBy({ version: 1 }), store: undefined as unknown as Store };
    const api = createApi({ ...none, desk, tail, life: 'l', now: () => 0, toolVersion: '1', onError: (error) => errors.push(error) });
    return { api, tail, errors };
  };

  it('tells why it could not answer', async () => {
    const { api, errors } = apiWith(() => Promise.reject(new Error('lost')));
    expect([(await api.request('/api/v1/overview')).status, errors]).toEqual([500, [new Error('lost')]]);
  });

  it.each([
    ['keeps a reader for which as many events wait as may', 0, [1, 0]],
    ['cuts off a reader for which more wait, and its connection', 1, [0, 1]],
  ] as const)('%s', async (_what, more, expected) => {
    const { api, tail } = apiWith(() => new Promise(() => {}));
    let destroyed = 0;
    const outgoing = {
      destroy() {
        destroyed += 1;
      },
    };
    for (let at = 0; at < 50; at += 1) tail.publish(NEWS);
    const answer = await api.request('/api/v1/events', { headers: { 'last-event-id': 'life-0' } }, { outgoing });
    for (let at = 0; at < INVENTORY.tailEvents + more; at += 1) tail.publish(NEWS);
    expect([tail.readers, destroyed]).toEqual(expected);
    await answer.body?.cancel();
    expect(tail.readers).toBe(0);
  });
});
