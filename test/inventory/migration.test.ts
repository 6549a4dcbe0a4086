import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLedger } from '../../src/inventory/ledger.ts';
import { openSqliteStore } from '../../src/inventory/stores/sqlite.ts';
import { ownSpan } from './spans.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-migration-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A database as the first version left it. */
function firstVersion(file: string): void {
  const database = new DatabaseSync(file);
  database.exec(`
    create table kysely_migration (name varchar(255) not null primary key, timestamp varchar(255) not null);
    create table kysely_migration_lock (id varchar(255) not null primary key, is_locked integer default 0 not null);
    insert into kysely_migration values ('0001-facts', '2026-11-01T00:00:00.000Z');
    insert into kysely_migration_lock values ('migration_lock', 0);
    create table endpoints (method text not null, host text not null, path text not null, count integer not null, errors integer not null,
      findings integer not null, flagged integer not null, redacted integer not null, denied integer not null,
      first_seen_ms real not null, last_seen_ms real not null, labels text not null, primary key (method, host, path)) without rowid;
    create table models (provider text not null, name text not null, count integer not null, errors integer not null, findings integer not null,
      denied integer not null, input_tokens integer not null, output_tokens integer not null,
      first_seen_ms real not null, last_seen_ms real not null, labels text not null, primary key (provider, name)) without rowid;
    create table callers (kind text not null, id text not null, count integer not null, errors integer not null, findings integer not null,
      denied integer not null, first_seen_ms real not null, last_seen_ms real not null, labels text not null, primary key (kind, id)) without rowid;
    create table tools (name text not null, declared integer not null, called integer not null, findings integer not null, denied integer not null,
      first_seen_ms real not null, last_seen_ms real not null, labels text not null, primary key (name)) without rowid;
    create table seen_spans (seq integer primary key autoincrement, id text not null unique);
    insert into endpoints values ('POST', 'api.bank.example', '/v1/chat/completions', 7, 1, 2, 0, 1, 1, 1790000000000.5, 1790000000250.25, '{"auth":["bearer"]}');
    insert into models values ('openai', 'gpt-4o', 7, 0, 2, 1, 70, 90, 1790000000000, 1790000000250, '{"servedAs":["gpt-4o-1"]}');
    insert into callers values ('credential', 'a1b2c3d4e5f6', 7, 0, 2, 1, 1790000000000, 1790000000250, '{}');
    insert into tools values ('search', 3, 2, 0, 0, 1790000000000, 1790000000250, '{}');
    insert into seen_spans (id) values ('${'a'.repeat(32)}${'b'.repeat(16)}');
  `);
  database.close();
}

it('a database of the first version keeps its rows, its labels and the spans it has seen', async () => {
  const file = path.join(folder, 'first.sqlite');
  firstVersion(file);
  const store = await openSqliteStore(file);
  const ledger = createLedger({ store });
  expect(await ledger.add([ownSpan()])).toBe(0);
  expect(await ledger.add([ownSpan({ spanId: 'c'.repeat(16) })])).toBe(1);
  const { facts } = await ledger.read();
  const [endpoint] = facts.endpoints.values();
  expect(endpoint).toMatchObject({
    key: ['POST', 'api.bank.example', '/v1/chat/completions'],
    sums: { count: 8, errors: 1, findings: 2, redacted: 1, denied: 1 },
    firstSeenMs: 1_790_000_000_000,
  });
  expect([...endpoint!.seen.get('auth')!.keys()]).toEqual(['bearer']);
  expect([...facts.models.values()].map(({ sums }) => [sums['count'], sums['inputTokens']])).toEqual([[8, 70]]);
  expect([...facts.tools.values()].map(({ key, sums }) => [key, sums['called']])).toEqual([[['', 'search'], 2]]);
  await store.close();
});
