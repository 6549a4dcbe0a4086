import { describe, expect, test } from 'vitest';
import { approvedBy } from '../../src/inventory/approved.ts';
import { type Catalog, createCatalog } from '../../src/inventory/catalog.ts';
import { declaredBy } from '../../src/inventory/declared.ts';
import { fold, mergeFolded } from '../../src/inventory/fold.ts';
import type { IncomingSpan } from '../../src/inventory/incoming.ts';
import { createLedger } from '../../src/inventory/ledger.ts';
import { POLICY_DOCUMENT, readPolicies } from '../../src/inventory/policies.ts';
import { openSqliteStore } from '../../src/inventory/stores/sqlite.ts';
import { INVENTORY } from '../../src/lib/limits.ts';
import { toldPolicy, usingSpan } from './policy-spans.ts';

const BOT = 'bot: {identify: {spiffe: "spiffe://c/bot"}, models: ["gpt-5*"], tools: {allow: [search, send], deny: ["shell*"]}}';
const APP = 'app: {identify: {userAgent: [app/*]}, skills: []}';
const NOON_MS = Date.UTC(2026, 10, 1, 12);
const at = (minutes: number): number => NOON_MS + minutes * 60_000;
const iso = (minutes: number): string => new Date(at(minutes)).toISOString();
const policy = (agents: string, version: string, [loaded, heard]: readonly [number, number]) =>
  toldPolicy({ yaml: `agents: {${agents}}`, version, loadedMs: at(loaded), heardMs: at(heard) });

async function ledgerOf(...batches: readonly (readonly IncomingSpan[])[]) {
  const ledger = createLedger({ store: await openSqliteStore(':memory:') });
  for (const batch of batches) await ledger.add(batch);
  return ledger;
}

async function catalogOf(...batches: readonly (readonly IncomingSpan[])[]): Promise<Catalog> {
  const ledger = await ledgerOf(...batches);
  return createCatalog(await ledger.read(), { declared: declaredBy([]), approved: approvedBy({ version: 1 }) });
}

describe('granted against used', () => {
  test('is told list by list, with what was never used, and what was refused', async () => {
    const uses = [
      'models|2|0|gpt-5-mini',
      'tools|3|0|search',
      'tools|0|1|shell_exec',
      'endpoints|1|0|POST api.example/v1/chat',
      'tools|1|1|',
    ];
    const { rows } = await catalogOf(policy(BOT, 'v1', [0, 1]), [
      usingSpan('bot', uses, at(2)),
      usingSpan('bot', ['tools|1|0|search'], at(4)),
    ]);
    expect(rows.grants).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{24}$/),
        agent: 'bot',
        stated: false,
        policyVersion: 'v1',
        loaded: iso(0),
        inForce: true,
        granted: 3,
        used: 2,
        neverUsed: 1,
        refused: 1,
        lastUsed: iso(4),
        leftOut: 0,
        unnamed: 2,
        lists: [
          { list: 'models', everything: false, entries: [{ name: 'gpt-5*', count: 2, last: iso(2) }], unlisted: [], refused: [] },
          {
            list: 'endpoints',
            everything: true,
            entries: [],
            unlisted: [{ name: 'POST api.example/v1/chat', count: 1, last: iso(2) }],
            refused: [],
          },
          {
            list: 'tools',
            everything: false,
            entries: [
              { name: 'search', count: 4, last: iso(4) },
              { name: 'send', count: 0, last: null },
            ],
            unlisted: [],
            refused: [{ name: 'shell_exec', count: 1, last: iso(2) }],
          },
        ],
      },
    ]);
  });

  test('an agent that nobody has seen yet is there, and one of no policy is not', async () => {
    const { rows } = await catalogOf(policy(APP, 'v1', [0, 1]), [usingSpan('stranger', ['tools|1|0|search'], at(2))]);
    expect(rows.grants).toMatchObject([
      { agent: 'app', stated: true, granted: 0, lastUsed: null, lists: [{ list: 'skills', everything: false }] },
    ]);
  });

  test('a policy makes no call, no endpoint and no agent that was seen', async () => {
    const { rows } = await catalogOf(policy(BOT, 'v1', [0, 1]));
    expect([rows.agents, rows.endpoints, rows.callers]).toEqual([[], [], []]);
  });

  test('of two policies that count which was heard of last; an agent that is not in it any more is told of as it was', async () => {
    const { rows } = await catalogOf(
      policy(`${BOT}, ${APP}`, 'v1', [0, 10]),
      policy(BOT.replace('search, send', 'search'), 'v2', [11, 20]),
    );
    expect(rows.grants.map(({ agent, policyVersion, granted, inForce }) => [agent, policyVersion, granted, inForce])).toEqual([
      ['bot', 'v2', 2, true],
      ['app', 'v1', 0, false],
    ]);
  });

  test('two filters with a policy each have both in force', async () => {
    const { rows, heardMs } = await catalogOf(policy(BOT, 'v1', [0, 18]), policy(APP, 'v2', [5, 20]));
    expect([rows.grants.map(({ inForce }) => inForce), heardMs]).toEqual([[true, true], at(20)]);
  });

  test('nobody was heard of where every span came from elsewhere', async () => {
    const foreign = policy(BOT, 'v1', [0, 1]).map((span) => ({ ...span, scope: 'somebody-else' }));
    const { rows, heardMs } = await catalogOf(foreign);
    expect([rows.grants, heardMs]).toEqual([[], undefined]);
  });

  test('an entry that is not fit to keep is counted, and neither kept nor called unused', async () => {
    const { rows } = await catalogOf(
      policy(`bot: {identify: {spiffe: "spiffe://c/bot"}, tools: [search, ${'x'.repeat(200)}]}`, 'v1', [0, 1]),
    );
    expect(rows.grants).toMatchObject([{ granted: 1, neverUsed: 1, leftOut: 1 }]);
  });
});

describe('what is known of policies', () => {
  const spans = [...policy(BOT, 'v1', [0, 1]), ...policy(`${BOT}, ${APP}`, 'v2', [2, 3]), ...policy(BOT, 'v1', [4, 5])];

  test('does not depend on how it came', () => {
    const plain = (folded: ReturnType<typeof fold>) => [...folded.policies].map((entry) => JSON.stringify(entry)).toSorted();
    const [whole, turned] = [fold(spans), fold(spans.toReversed())];
    const merged = mergeFolded(fold(spans.slice(3)), fold(spans.slice(0, 3)));
    expect(whole.policies.get('v1')).toMatchObject({ loadedMs: at(4), heardMs: at(5) });
    expect(plain(turned)).toEqual(plain(whole));
    expect(plain(merged)).toEqual(plain(whole));
  });

  test('is read back by a second process, and an agent of many entries is put together again', async () => {
    const store = await openSqliteStore(':memory:');
    const many = Array.from({ length: 600 }, (_, index) => `tool-${index}`);
    const told = policy(`bot: {identify: {spiffe: "spiffe://c/bot"}, tools: [${many.join(', ')}]}`, 'v1', [0, 1]);
    expect(told.length).toBe(4);
    for (const span of told) await createLedger({ store }).add([span]);
    const { documents } = await createLedger({ store }).read();
    expect(readPolicies(documents).get('v1')?.agents['bot']?.lines.length).toBe(600);
  });

  test.each([
    [INVENTORY.policies - 1, INVENTORY.policies - 1],
    [INVENTORY.policies, INVENTORY.policies],
    [INVENTORY.policies + 1, INVENTORY.policies],
  ])('of %i policies %i are kept, those heard of last', async (count, kept) => {
    const ledger = await ledgerOf(...Array.from({ length: count }, (_, index) => policy(BOT, `v${index}`, [index, index])));
    const versions = [...((await ledger.read()).documents.get(POLICY_DOCUMENT)?.keys() ?? [])];
    expect([versions.length, versions.includes(`v${count - 1}`), versions.includes('v0')]).toEqual([kept, true, count === kept]);
  });
});
