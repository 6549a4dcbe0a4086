import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { absorb, draftFact, encodeFact, FACT_KINDS, type Fact } from '../../src/inventory/facts.ts';
import { fold } from '../../src/inventory/fold.ts';
import { createLedger, type LedgerState } from '../../src/inventory/ledger.ts';
import { startInventory } from '../../src/inventory/server.ts';
import { openPostgresStore } from '../../src/inventory/stores/postgres.ts';
import { encodeSpans } from '../../src/telemetry/otlp-writer.ts';
import { postgresFolder, type RunningPostgres, startPostgres } from '../support/postgres.ts';
import { ownSpan, tellingSpan } from './spans.ts';
import { storeContract } from './store-contract.ts';

const folder = postgresFolder();

it.skipIf(folder === undefined)('PostgreSQL is on this machine; without it the store on it is not tried', () => {
  expect(folder).toBeDefined();
});

const id = (index: number): string => index.toString(16).padStart(16, '0');
const textOf = (facts: Iterable<Fact>): readonly string[] => [...facts].map((fact) => `${fact.kind} ${encodeFact(fact)}`).sort();
const contents = ({ facts }: LedgerState): readonly string[] => textOf(FACT_KINDS.flatMap((kind) => [...facts[kind].values()]));

describe.runIf(folder !== undefined)('with a real PostgreSQL', () => {
  let server: RunningPostgres;
  beforeAll(async () => {
    server = await startPostgres(folder!);
  });
  afterAll(() => server.stop());

  storeContract('postgres', { place: () => server.database(), open: (url) => openPostgresStore({ url }) });

  it('two processes that take spans at the same time say the same, and each span counts once', async () => {
    const url = await server.database();
    const stores = await Promise.all([openPostgresStore({ url }), openPostgresStore({ url })]);
    const ledgers = stores.map((store) => createLedger({ store }));
    const spans = fc.sample(tellingSpan, { numRuns: 400, seed: 11 }).map((span, index) => ({ ...span, spanId: id(index) }));
    const batches = Array.from({ length: 40 }, (_, at) => spans.slice(at * 10, at * 10 + 15));
    const added = await Promise.all([...batches, ...batches.toReversed()].map((batch, at) => ledgers[at % 2]!.add(batch)));
    expect(added.reduce((sum, count) => sum + count, 0)).toBe(400);
    const [left, right] = await Promise.all(ledgers.map((ledger) => ledger.read()));
    expect(contents(left!)).toEqual(contents(right!));
    const folded = textOf([...fold(spans).facts.values()].map((fact) => absorb(draftFact(fact.kind, fact.key), fact)));
    expect(contents(left!)).toEqual(folded);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('a server that goes away is answered with "later", and nothing acknowledged is lost when it comes back', async () => {
    const database = await server.database();
    const inventory = await startInventory({ port: 0, database, openapi: [] });
    const send = (index: number) =>
      fetch(`${inventory.url}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf' },
        body: new Uint8Array(encodeSpans([ownSpan({ spanId: id(index) })], { resource: {}, scopeVersion: '1', schemaUrl: '' })),
      });
    const before = await send(1);
    await server.crash();
    const during = await send(2);
    await server.restart();
    const after = await send(2);
    expect([before.status, during.status, after.status]).toEqual([200, 503, 200]);
    const answer = (await (await fetch(`${inventory.url}/api/v1/endpoints`)).json()) as { items: { count: number }[] };
    expect(answer.items.map(({ count }) => count)).toEqual([2]);
    await inventory.stop();
  });

  it('an address that nobody answers at is an error that does not repeat its password', async () => {
    const started = startInventory({ port: 0, database: `postgres://user:${['hid', 'den'].join('')}@127.0.0.1:1/x`, openapi: [] });
    await expect(started).rejects.toMatchObject({ code: 'store-unreachable', message: expect.not.stringContaining('hidden') });
  });
});
