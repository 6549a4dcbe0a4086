import { DatabaseSync } from 'node:sqlite';
import { type Generated, Kysely, SqliteDialect, sql, type Transaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Redact } from '../../telemetry/path-template.ts';
import { FACT_KINDS, FACTS, type Fact, type FactKind, fold, type Label, mergeLabels } from '../fold.ts';
import type { IncomingSpan } from '../incoming.ts';
import { OVERFLOW, type Page, STORE_LIMITS, type Store, type StoreLimits } from '../store.ts';
import { migrations } from './migrations.ts';
import { adaptNodeSqlite } from './node-sqlite.ts';

export interface SqliteStoreOptions {
  /** A path, or `:memory:`. */
  readonly file: string;
  readonly limits?: Partial<StoreLimits>;
  readonly redact?: Redact | undefined;
}

/**
 * Facts in one SQLite file (write-ahead log, so that readers and the writer do not wait for each other). Numbers are added, first and last
 * seen are minimum and maximum and labels are united inside the upsert itself: the order of batches does not show.
 */
export async function openSqliteStore({ file, limits, redact }: SqliteStoreOptions): Promise<Store> {
  const { seenSpans, rows } = { ...STORE_LIMITS, ...limits };
  const database = new DatabaseSync(file);
  database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 5000; pragma foreign_keys = on');
  database.function('labels_union', { deterministic: true }, (left, right) =>
    JSON.stringify(mergeLabels(JSON.parse(String(left)), JSON.parse(String(right)))),
  );
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: adaptNodeSqlite(database) }) });
  await migrate(db);
  return {
    add: (spans) => db.transaction().execute((tx) => addSpans(tx, spans, { seenSpans, rows, redact })),
    list: (kind, page) => listFacts(db, kind, page),
    async counts() {
      const counted = await Promise.all(FACT_KINDS.map(async (kind) => [kind, await countRows(db, kind)] as const));
      return Object.fromEntries(counted) as Record<FactKind, number>;
    },
    close: () => db.destroy(),
  };
}

/** Column names are those of the facts in snake case; see `migrations.ts`. */
interface FactTable {
  readonly first_seen_ms: number;
  readonly last_seen_ms: number;
  readonly labels: string;
}

interface Tables extends Record<FactKind, FactTable> {
  readonly seen_spans: { readonly id: string; readonly seq: Generated<number> };
}

async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

interface AddOptions extends StoreLimits {
  readonly redact: Redact | undefined;
}

async function addSpans(tx: Transaction<Tables>, spans: readonly IncomingSpan[], { seenSpans, rows, redact }: AddOptions): Promise<number> {
  const fresh = await unseen(tx, spans);
  const facts = fold(fresh, redact);
  for (const kind of FACT_KINDS) {
    const room = rows - (await countRows(tx, kind));
    const all = [...facts[kind].values()];
    const fitting = all.length <= room ? all : await fit(tx, kind, all, room);
    for (const fact of fitting) await upsert(tx, kind, fact);
  }
  await sql`delete from seen_spans where seq <= (select max(seq) from seen_spans) - ${seenSpans}`.execute(tx);
  return fresh.length;
}

/** Ids in one insert; SQLite takes 32,766 parameters. */
const IDS_PER_INSERT = 500;

/** Remembers the spans and gives back those that were not known; one that stands twice in the batch comes once. */
async function unseen(tx: Transaction<Tables>, spans: readonly IncomingSpan[]): Promise<readonly IncomingSpan[]> {
  const byId = new Map(spans.map((span) => [`${span.traceId}${span.spanId}`, span]));
  const ids = [...byId.keys()];
  const fresh: IncomingSpan[] = [];
  for (let from = 0; from < ids.length; from += IDS_PER_INSERT) {
    const values = ids.slice(from, from + IDS_PER_INSERT).map((id) => ({ id }));
    const inserted = await tx
      .insertInto('seen_spans')
      .values(values)
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .execute();
    for (const { id } of inserted) fresh.push(byId.get(id)!);
  }
  return fresh;
}

/** A full table: rows it knows stay themselves, `room` new ones still fit, the others go into the overflow row. */
async function fit(tx: Transaction<Tables>, kind: FactKind, facts: readonly Fact[], room: number): Promise<readonly Fact[]> {
  const fitting: Fact[] = [];
  let left = room;
  for (const fact of facts) {
    const known = await exists(tx, kind, fact);
    if (!known) left -= 1;
    fitting.push(known || left >= 0 ? fact : { ...fact, key: Object.fromEntries(Object.keys(fact.key).map((name) => [name, OVERFLOW])) });
  }
  return fitting;
}

async function exists(tx: Transaction<Tables>, kind: FactKind, fact: Fact): Promise<boolean> {
  const conditions = FACTS[kind].key.map((name) => sql`${sql.ref(column(name))} = ${fact.key[name]}`);
  const { rows } = await sql`select 1 from ${sql.table(kind)} where ${sql.join(conditions, sql` and `)}`.execute(tx);
  return rows.length > 0;
}

async function upsert(tx: Transaction<Tables>, kind: FactKind, fact: Fact): Promise<void> {
  const { key, sums } = FACTS[kind];
  const columns = [...key, ...sums].map(column).concat('first_seen_ms', 'last_seen_ms', 'labels');
  const values = [
    ...key.map((name) => fact.key[name] ?? ''),
    ...sums.map((name) => fact.sums[name] ?? 0),
    fact.firstSeenMs,
    fact.lastSeenMs,
  ];
  const updates = [
    ...sums.map((name) => sql`${sql.ref(column(name))} = ${sql.ref(`${kind}.${column(name)}`)} + ${sql.ref(`excluded.${column(name)}`)}`),
    sql`first_seen_ms = min(${sql.ref(`${kind}.first_seen_ms`)}, excluded.first_seen_ms)`,
    sql`last_seen_ms = max(${sql.ref(`${kind}.last_seen_ms`)}, excluded.last_seen_ms)`,
    sql`labels = labels_union(${sql.ref(`${kind}.labels`)}, excluded.labels)`,
  ];
  await sql`
    insert into ${sql.table(kind)} (${sql.join(columns.map((name) => sql.ref(name)))})
    values (${sql.join([...values, JSON.stringify(fact.labels)])})
    on conflict (${sql.join(key.map((name) => sql.ref(column(name))))}) do update set ${sql.join(updates)}`.execute(tx);
}

async function countRows(db: Kysely<Tables>, kind: FactKind): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(kind)}`.execute(db);
  return rows[0]?.count ?? 0;
}

async function listFacts(db: Kysely<Tables>, kind: FactKind, { offset, limit }: Page): Promise<readonly Fact[]> {
  const order = sql.join(FACTS[kind].key.map((name) => sql.ref(column(name))));
  const query = sql<Record<string, string | number>>`select * from ${sql.table(kind)} order by ${order} limit ${limit} offset ${offset}`;
  return (await query.execute(db)).rows.map((stored) => factOf(kind, stored));
}

function factOf(kind: FactKind, stored: Readonly<Record<string, string | number>>): Fact {
  const { key, sums } = FACTS[kind];
  return {
    key: Object.fromEntries(key.map((name) => [name, String(stored[column(name)])])),
    sums: Object.fromEntries(sums.map((name) => [name, Number(stored[column(name)])])),
    firstSeenMs: Number(stored['first_seen_ms']),
    lastSeenMs: Number(stored['last_seen_ms']),
    labels: JSON.parse(String(stored['labels'])) as Partial<Record<Label, readonly string[]>>,
  };
}

/** `inputTokens` is the column `input_tokens`. */
const column = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
