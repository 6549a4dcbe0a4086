import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { addSight, addSum, draftFact, encodeFact, FACTS, type FactKind, factId, LABELS, type Label } from '../facts.ts';

/** The schema's history, in the order of the names. One that was released is never edited: the next one changes it. */
export const sqliteMigrations: Readonly<Record<string, Migration>> = {
  '0001-facts': { up: createFactTables },
  '0002-documents': {
    async up(db) {
      await createDocuments(db);
      await moveFacts(db);
    },
  },
};

/** PostgreSQL came with the second schema. */
export const postgresMigrations: Readonly<Record<string, Migration>> = {
  '0002-documents': { up: createDocuments },
};

async function createFactTables(db: Kysely<unknown>): Promise<void> {
  const seen = 'first_seen_ms real not null, last_seen_ms real not null, labels text not null';
  const count = (name: string): string => `${name} integer not null`;
  const table = (name: string, keys: readonly string[], sums: readonly string[]): string =>
    `create table ${name} (${keys.map((key) => `${key} text not null`).join(', ')}, ${sums.map(count).join(', ')}, ${seen}, primary key (${keys.join(', ')})) without rowid`;
  const statements = [
    table('endpoints', ['method', 'host', 'path'], ['count', 'errors', 'findings', 'flagged', 'redacted', 'denied']),
    table('models', ['provider', 'name'], ['count', 'errors', 'findings', 'denied', 'input_tokens', 'output_tokens']),
    table('callers', ['kind', 'id'], ['count', 'errors', 'findings', 'denied']),
    table('tools', ['name'], ['declared', 'called', 'findings', 'denied']),
    'create table seen_spans (seq integer primary key autoincrement, id text not null unique)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

async function createDocuments(db: Kysely<unknown>): Promise<void> {
  const statements = [
    'create table head (id integer primary key, revision bigint not null, floor bigint not null, change_seq bigint not null, span_seq bigint not null, salt text not null, settings text not null)',
    'create table documents (kind text not null, id text not null, revision bigint not null, doc text, primary key (kind, id))',
    'create index documents_revision on documents (revision)',
    `create table findings (
      id text primary key, time_ms bigint not null, exchange_id text not null, detector text not null, family text not null,
      severity text not null, confidence integer not null, lane text not null, direction text not null, action text not null,
      taken text not null, start_at bigint not null, length bigint not null, method text not null, host text not null, path text not null,
      caller_kind text not null, caller_id text not null, agent text not null, model text not null, route text not null,
      policy_version text not null)`,
    'create index findings_time on findings (time_ms, id)',
    'create index findings_endpoint on findings (host, path, time_ms)',
    'create index findings_detector on findings (detector, time_ms)',
    'create index findings_severity on findings (severity, time_ms)',
    'create index findings_caller on findings (caller_id, time_ms)',
    'create index findings_exchange on findings (exchange_id)',
    `create table changes (
      seq bigint primary key, time_ms bigint not null, change text not null, subject_kind text not null, subject_id text not null,
      subject text not null, reason text not null)`,
    'create index changes_time on changes (time_ms)',
    'create index changes_subject on changes (subject_id, seq)',
    'create table spans (id text primary key, seq bigint not null)',
    'create index spans_seq on spans (seq)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

interface OldRow {
  readonly [column: string]: string | number;
}

/** Rows of the first schema become documents; what they did not know (when a label was seen) is as wide as the row. */
async function moveFacts(db: Kysely<unknown>): Promise<void> {
  const old = { endpoints: ['method', 'host', 'path'], models: ['provider', 'name'], callers: ['kind', 'id'], tools: ['name'] } as const;
  for (const [kind, keys] of Object.entries(old) as [FactKind, readonly string[]][]) {
    const { rows } = await sql<OldRow>`select * from ${sql.table(kind)}`.execute(db);
    for (const row of rows) {
      const key = kind === 'tools' ? ['', String(row['name'])] : keys.map((name) => String(row[name]));
      const doc = encodeFact(factOf(kind, key, row));
      await sql`insert into documents (kind, id, revision, doc) values (${kind}, ${factId(kind, key)}, 1, ${doc})`.execute(db);
    }
    await sql`drop table ${sql.table(kind)}`.execute(db);
  }
  await sql`insert into spans (id, seq) select id, seq from seen_spans`.execute(db);
  await sql`drop table seen_spans`.execute(db);
}

function factOf(kind: FactKind, key: readonly string[], row: OldRow) {
  const fact = draftFact(kind, key);
  fact.firstSeenMs = Math.max(0, Math.floor(Number(row['first_seen_ms'])));
  fact.lastSeenMs = Math.max(0, Math.floor(Number(row['last_seen_ms'])));
  for (const name of FACTS[kind].sums)
    addSum(fact, name, Number(row[name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)] ?? 0));
  const sight = { count: 1, firstMs: fact.firstSeenMs, lastMs: fact.lastSeenMs };
  const labels = JSON.parse(String(row['labels'])) as Partial<Record<Label, readonly string[]>>;
  for (const label of LABELS) for (const value of labels[label] ?? []) addSight(fact, label, value, sight);
  return fact;
}
