import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Validator } from '@cfworker/json-schema';
import { afterAll, afterEach, describe, expect, it, test } from 'vitest';
import { apiDocument } from '../../src/inventory/api-document.ts';
import { type Inventory, startInventory } from '../../src/inventory/server.ts';
import { encodeSpans } from '../../src/telemetry/otlp-writer.ts';
import { ownSpan } from './spans.ts';

const ORIGIN = { resource: { 'service.name': 'sluice' }, scopeVersion: '1', schemaUrl: '' };
const DAY_MS = 86_400_000;
const day = (inDays: number): string => new Date(Date.now() + inDays * DAY_MS).toISOString().slice(0, 10);
const SOON = day(30);

const folders: string[] = [];
let running: Inventory[] = [];
afterEach(async () => {
  await Promise.all(running.map((inventory) => inventory.stop()));
  running = [];
});
afterAll(() => folders.map((folder) => rmSync(folder, { recursive: true, force: true })));

const LINE = 'pii.card|pii|high|0.99|user|request|redact|redact|10|16';
const mail = (change: Readonly<Record<string, string>> = {}) => ({
  'sluice.finding.count': 1,
  'sluice.finding.rows': [LINE],
  'gen_ai.agent.name': 'planner',
  'sluice.route.name': 'provider',
  'http.route': '/users/{id}/mails',
  ...change,
});

/** Of one kind, by which they differ from the first. */
const SPANS = [
  mail(),
  mail(),
  mail({ 'gen_ai.agent.name': 'clerk' }),
  mail({ 'sluice.route.name': 'other' }),
  mail({ 'http.route': '/users/{id}/mails/{id}' }),
  mail({ 'http.route': '/USERS/{id}/mails' }),
  mail({ 'server.address': 'other.example' }),
  { ...mail(), 'sluice.finding.rows': [LINE.replace('|user|', '|system|')] },
  { ...mail(), 'sluice.finding.rows': [LINE.replace('pii.card', 'pii.iban')] },
].map((attributes, at) =>
  ownSpan(
    { spanId: at.toString(16).padStart(16, '0'), startUnixMs: Date.now() - 1000 * (at + 1), endUnixMs: Date.now() - 1000 * (at + 1) + 5 },
    { ...attributes, 'sluice.exchange.id': `exchange-${at}` },
  ),
);

async function start(database = ':memory:', spans = SPANS): Promise<Inventory> {
  const inventory = await startInventory({ port: 0, database, openapi: [] });
  running.push(inventory);
  const body = new Uint8Array(encodeSpans(spans, ORIGIN));
  await fetch(`${inventory.url}/v1/traces`, { method: 'POST', body, headers: { 'content-type': 'application/x-protobuf' } });
  return inventory;
}

interface Item {
  readonly id: string;
  readonly exchangeId: string;
  readonly dismissal: string | null;
  readonly policyRow: string | null;
  readonly [name: string]: unknown;
}

interface Answer {
  readonly items: readonly Item[];
  readonly item: Item;
  readonly error?: string;
}

async function call(inventory: Inventory, what: string, { method = 'GET', sent }: { method?: string; sent?: object } = {}) {
  const request = { method, headers: { 'content-type': 'application/json' }, ...(sent && { body: JSON.stringify(sent) }) };
  const response = await fetch(`${inventory.url}/api/v1/${what}`, request);
  return { status: response.status, ...((await response.json()) as Answer) };
}

const findingOf = async (inventory: Inventory, exchangeId: string): Promise<string> =>
  (await call(inventory, `findings?exchangeId=${exchangeId}`)).items[0]!.id;

/** Dismisses the finding of exchange-0. */
const dismiss = async (inventory: Inventory, more: object = {}) =>
  call(inventory, 'dismissals', {
    method: 'POST',
    sent: { finding: await findingOf(inventory, 'exchange-0'), until: SOON, reason: 'SEC-412', ...more },
  });

const exchangesOf = async (inventory: Inventory, state: string): Promise<readonly string[]> =>
  (await call(inventory, `findings?state=${state}`)).items.map(({ exchangeId }) => exchangeId.slice(-1)).toSorted();

const SCOPES = [
  { scope: ['agent', 'route', 'endpoint', 'lane'], dismissed: ['0', '1'] },
  { scope: ['agent', 'endpoint', 'lane'], dismissed: ['0', '1', '3'] },
  { scope: ['route', 'endpoint', 'lane'], dismissed: ['0', '1', '2'] },
  { scope: ['agent', 'route', 'lane'], dismissed: ['0', '1', '4', '5', '6'] },
  { scope: ['agent', 'route', 'endpoint'], dismissed: ['0', '1', '7'] },
  { scope: [], dismissed: ['0', '1', '2', '3', '4', '5', '6', '7'] },
];

describe('a dismissed finding', () => {
  test('has every scope tried without it', () => expect(SCOPES).toHaveLength(6));

  test.each(SCOPES)('covers what is alike in $scope', async ({ scope, dismissed }) => {
    const inventory = await start();
    const { status, item } = await dismiss(inventory, { scope });
    expect(status).toBe(201);
    expect(await exchangesOf(inventory, 'dismissed')).toEqual(dismissed);
    expect(await exchangesOf(inventory, 'open')).toEqual([...'012345678'].filter((one) => !dismissed.includes(one)));
    const all = await call(inventory, 'findings');
    const marked = all.items.filter((finding) => finding.dismissal === item.id).map(({ exchangeId }) => exchangeId.slice(-1));
    expect(marked.toSorted()).toEqual(dismissed);
  });

  it('becomes a row for a policy, with what is known of it as its scope', async () => {
    const { item } = await dismiss(await start(), { by: 'Ann Ode' });
    expect(item.policyRow).toBe(
      `- {detector: pii.card, agent: planner, host: api.bank.example, path: /users/*/mails, routeName: provider, lane: user, until: ${SOON}, reason: SEC-412, by: "Ann Ode"}`,
    );
  });

  it('is not counted among those that are open', async () => {
    const inventory = await start();
    await dismiss(inventory);
    const count = async (state: string) =>
      (await call(inventory, `findings/counts?by=family&state=${state}`)).items.map((one) => one['count']);
    expect([await count('open'), await count('dismissed')]).toEqual([[7], [2]]);
  });

  it('is open again when it is taken back', async () => {
    const inventory = await start();
    const { item } = await dismiss(inventory);
    expect((await call(inventory, `dismissals/${item.id}`, { method: 'DELETE' })).item.id).toBe(item.id);
    expect((await call(inventory, 'dismissals')).items).toEqual([]);
    expect(await exchangesOf(inventory, 'dismissed')).toEqual([]);
    expect((await call(inventory, `dismissals/${item.id}`, { method: 'DELETE' })).status).toBe(404);
  });

  it('stays dismissed when the inventory starts again, and shows in SARIF with its reason', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'sluice-dismissals-'));
    folders.push(folder);
    const first = await start(path.join(folder, 'inventory.sqlite'));
    await dismiss(first);
    await first.stop();
    running = [];
    const again = await start(path.join(folder, 'inventory.sqlite'), []);
    expect(await exchangesOf(again, 'dismissed')).toEqual(['0', '1']);
    const sarif = (await (await fetch(`${again.url}/api/v1/export/sarif`)).json()) as {
      runs: { results: { suppressions?: object[] }[] }[];
    };
    const suppressions = sarif.runs[0]!.results.flatMap((result) => result.suppressions ?? []);
    expect(suppressions).toEqual(Array(2).fill({ kind: 'external', status: 'accepted', justification: 'SEC-412' }));
  });

  it('has one dismissal for one scope: the later one holds', async () => {
    const inventory = await start();
    await dismiss(inventory);
    await dismiss(inventory, { reason: 'another' });
    expect((await call(inventory, 'dismissals')).items.map((one) => (one['row'] as { reason: string }).reason)).toEqual(['another']);
  });

  it('makes an answer of an earlier tag a new one', async () => {
    const inventory = await start();
    const tagOf = async () => (await fetch(`${inventory.url}/api/v1/findings`)).headers.get('etag');
    const before = await tagOf();
    await dismiss(inventory);
    expect(await tagOf()).not.toBe(before);
  });

  it('of what an agent may do is no row for a policy', async () => {
    const line = 'tool.not-permitted|tool|high|1|tool-definition|request|deny|deny|0|0';
    const inventory = await start(':memory:', [ownSpan({}, { 'sluice.exchange.id': 'exchange-0', 'sluice.finding.rows': [line] })]);
    const old = await dismiss(inventory, { scope: ['lane'] });
    expect([old.status, old.item['exceptable'], old.item.policyRow]).toEqual([201, false, null]);
  });

  it.each([
    { name: 'a day that is over', more: { until: day(-1) }, says: 'until is over' },
    { name: 'what is no day', more: { until: '2027-02-30' }, says: 'until is a day, written as 2027-03-31' },
    { name: 'no reason', more: { reason: ' ' }, says: 'the body has other than' },
    { name: 'an unknown scope', more: { scope: ['world'] }, says: 'the body has other than' },
    { name: 'a key too many', more: { detector: '*' }, says: 'the body has other than' },
  ])('is refused with $name', async ({ more, says }) => {
    const { status, error } = await dismiss(await start(), more);
    expect(status).toBe(400);
    expect(error).toContain(says);
  });

  it('is refused where a name would be a pattern, or is not known', async () => {
    const wild = mail({ 'gen_ai.agent.name': '*', 'sluice.route.name': '' });
    const inventory = await start(':memory:', [ownSpan({}, { ...wild, 'sluice.exchange.id': 'exchange-0' })]);
    expect((await dismiss(inventory, { scope: ['agent'] })).error).toContain('the finding has no agent');
    expect((await dismiss(inventory, { scope: ['route'] })).error).toContain('the finding has no route');
    expect((await dismiss(inventory)).item.policyRow).not.toContain('agent');
  });

  it('is refused when nobody knows the finding, or when a form of another page asks', async () => {
    const inventory = await start();
    expect((await call(inventory, 'dismissals', { method: 'POST', sent: { finding: 'x', until: SOON, reason: 'x' } })).status).toBe(404);
    const form = await fetch(`${inventory.url}/api/v1/dismissals`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'text/plain' },
    });
    expect(form.status).toBe(400);
  });

  it('is answered as the document says', async () => {
    const inventory = await start();
    await dismiss(inventory, { by: 'Ann' });
    const document = apiDocument('1');
    const { schema } = document.paths['/api/v1/dismissals'].get.responses[200].content['application/json'];
    const validator = new Validator({ ...schema, components: document.components }, '2020-12');
    const { status, ...answer } = await call(inventory, 'dismissals');
    expect([status, answer.items.length]).toEqual([200, 1]);
    expect(validator.validate(answer).errors).toEqual([]);
  });
});
