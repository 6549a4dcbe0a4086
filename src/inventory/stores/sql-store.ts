import { randomBytes } from 'node:crypto';
import {
  type Expression,
  type ExpressionBuilder,
  type Kysely,
  type RawBuilder,
  type Selectable,
  type SelectQueryBuilder,
  type SqlBool,
  sql,
  type Transaction,
} from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { FindingRow } from '../finding-row.ts';
import {
  type ChangeDraft,
  type ChangeQuery,
  type ChangeRow,
  FINDING_EQUALS,
  type FindingFilter,
  type FindingGroup,
  type FindingQuery,
  type FindingScope,
  type Retention,
  type Store,
  type StoreChanges,
  type StoreWriter,
  type Tally,
} from '../store.ts';

/** The tables, the same in SQLite and PostgreSQL; see `migrations.ts`. */
export interface Tables {
  /** One row, with id 1. Whoever updates it is the only writer until its transaction ends. */
  readonly head: HeadTable;
  readonly documents: { readonly kind: string; readonly id: string; readonly revision: number; readonly doc: string | null };
  readonly findings: FindingTable;
  readonly changes: ChangeTable;
  readonly spans: { readonly id: string; readonly seq: number };
}

interface HeadTable {
  readonly id: number;
  readonly revision: number;
  readonly floor: number;
  readonly change_seq: number;
  readonly span_seq: number;
  readonly salt: string;
  readonly settings: string;
}

/** The column of each part of a finding; everything else that names columns of findings is made from this. */
const FINDING_COLUMNS = {
  id: 'id',
  timeMs: 'time_ms',
  exchangeId: 'exchange_id',
  detector: 'detector',
  family: 'family',
  severity: 'severity',
  confidence: 'confidence',
  lane: 'lane',
  direction: 'direction',
  action: 'action',
  taken: 'taken',
  start: 'start_at',
  length: 'length',
  method: 'method',
  host: 'host',
  path: 'path',
  callerKind: 'caller_kind',
  callerId: 'caller_id',
  agent: 'agent',
  model: 'model',
  route: 'route',
  policyVersion: 'policy_version',
} as const satisfies Record<keyof FindingRow, string>;

type FindingTable = { readonly [Part in keyof FindingRow as (typeof FINDING_COLUMNS)[Part]]: FindingRow[Part] };

interface ChangeTable {
  readonly seq: number;
  readonly time_ms: number;
  readonly change: string;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly subject: string;
  readonly reason: string;
}

type Tx = Transaction<Tables>;

/** Rows in one insert. */
const ROWS_PER_INSERT = 4096;

/** Deletions that are remembered for other processes, in revisions. */
const TOMBSTONE_REVISIONS = 10_000;

/** What a SQL database has of its own. */
export interface SqlDialect {
  readonly migrations: Readonly<Record<string, Migration>>;
  /** A query of the texts, as the columns `value` and `at` (growing): one parameter, however many there are. */
  listed(texts: readonly string[]): RawBuilder<unknown>;
  /** A query of rows of a table, with these of its columns, from a list of objects in JSON: one parameter, however many there are. */
  rowsOf(table: string, columns: readonly string[], json: string): RawBuilder<unknown>;
}

/** A store on any SQL database that kysely speaks to. */
export async function createSqlStore(db: Kysely<Tables>, { migrations, ...dialect }: SqlDialect): Promise<Store> {
  await migrate(db, migrations);
  await db
    .insertInto('head')
    .values({ id: 1, revision: 1, floor: 0, change_seq: 0, span_seq: 0, salt: randomBytes(16).toString('hex'), settings: '' })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await sql`update head set span_seq = (select coalesce(max(seq), 0) from spans) where span_seq = 0`.execute(db);
  return {
    write: (work) => db.transaction().execute(async (tx) => work(writerOn(tx, { ...dialect, head: await lockedHead(tx) }))),
    findings: (query) => readFindings(db, query),
    countFindings: (column, filter) => countFindings(db, column, filter),
    changes: (query) => readChanges(db, query),
    close: () => db.destroy(),
  };
}

async function migrate(db: Kysely<Tables>, migrations: Readonly<Record<string, Migration>>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

type Head = Selectable<HeadTable>;

/** Takes the row's lock in PostgreSQL and the file's in SQLite: from here on there is no other writer. */
const lockedHead = (tx: Tx): Promise<Head> =>
  tx.updateTable('head').set({ id: 1 }).where('id', '=', 1).returningAll().executeTakeFirstOrThrow();

interface Writing extends Omit<SqlDialect, 'migrations'> {
  /** As it was when the transaction began. */
  readonly head: Head;
}

function writerOn(tx: Tx, { listed, rowsOf, head: { revision, floor, salt, settings } }: Writing): StoreWriter {
  return {
    head: { revision, floor, salt, settings },
    async documentsSince(revision) {
      const rows = await tx.selectFrom('documents').select(['kind', 'id', 'doc']).where('revision', '>', revision).execute();
      return rows.map(({ kind, id, doc }) => ({ kind, id, doc: doc ?? undefined }));
    },
    unseen: (ids, window) => unseen(tx, listed(ids), window),
    keepFindings: (findings) => keepFindings(tx, findings, rowsOf),
    save: (changes) => save(tx, changes, rowsOf),
    prune: (retention) => prune(tx, retention),
  };
}

/**
 * Nobody else writes meanwhile: what is not there now is not there when it is inserted. Each id is looked up by itself: of a join
 * PostgreSQL reads the whole table.
 */
async function unseen(tx: Tx, ids: RawBuilder<unknown>, window: number): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`insert into spans (id, seq)
    select value, (select span_seq from head where id = 1) + row_number() over (order by at) from (${ids}) as given
    where (select seq from spans where spans.id = given.value) is null
    returning id`.execute(tx);
  if (rows.length === 0) return [];
  const { span_seq: last } = await tx
    .updateTable('head')
    .set((head) => ({ span_seq: head('span_seq', '+', rows.length) }))
    .where('id', '=', 1)
    .returning('span_seq')
    .executeTakeFirstOrThrow();
  await tx
    .deleteFrom('spans')
    .where('seq', '<=', last - window)
    .execute();
  return rows.map(({ id }) => id);
}

type RowsOf = SqlDialect['rowsOf'];

async function keepFindings(tx: Tx, findings: readonly FindingRow[], rowsOf: RowsOf): Promise<void> {
  for (const part of chunks(findings.map(findingToTable)))
    await insert(tx, { table: 'findings', rows: part, isKnown: sql`on conflict do nothing`, rowsOf });
}

async function save(tx: Tx, { revision, settings, documents, changes }: StoreChanges, rowsOf: RowsOf): Promise<void> {
  const kept = documents.map(({ kind, id, doc }) => ({ kind, id, revision, doc: doc ?? null }));
  const isKnown = sql`on conflict (kind, id) do update set revision = excluded.revision, doc = excluded.doc`;
  for (const part of chunks(kept)) await insert(tx, { table: 'documents', rows: part, isKnown, rowsOf });
  if (changes.length > 0) await saveChanges(tx, changes, rowsOf);
  await tx.updateTable('head').set({ revision, settings }).where('id', '=', 1).execute();
}

async function saveChanges(tx: Tx, changes: readonly ChangeDraft[], rowsOf: RowsOf): Promise<void> {
  const { change_seq: last } = await tx
    .updateTable('head')
    .set((head) => ({ change_seq: head('change_seq', '+', changes.length) }))
    .where('id', '=', 1)
    .returning('change_seq')
    .executeTakeFirstOrThrow();
  const first = last - changes.length + 1;
  for (const part of chunks(changes.map((change, index) => ({ ...change, seq: first + index }))))
    await insert(tx, { table: 'changes', rows: part.map(changeToTable), isKnown: sql``, rowsOf });
}

interface Insertion {
  readonly table: keyof Tables;
  /** One at least, with the same columns. */
  readonly rows: readonly object[];
  /** What becomes of a row whose key is there. */
  readonly isKnown: RawBuilder<unknown>;
  readonly rowsOf: RowsOf;
}

/** As one text: a parameter for each value costs both sides more than what they do with it (`npm run bench -- inventory`). */
async function insert(tx: Tx, { table, rows, isKnown, rowsOf }: Insertion): Promise<void> {
  const columns = Object.keys(rows[0]!);
  const into = sql`insert into ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))})`;
  await sql`${into} ${rowsOf(table, columns, JSON.stringify(rows))} ${isKnown}`.execute(tx);
}

async function prune(tx: Tx, { rows, findings, findingsSinceMs, changesSinceMs }: Retention): Promise<boolean> {
  const oldFindings = sql`select id from findings where time_ms < ${findingsSinceMs} order by time_ms limit ${rows}`;
  const oldChanges = sql`select seq from changes where time_ms < ${changesSinceMs} order by time_ms limit ${rows}`;
  const gone = [
    await affected(tx, sql`delete from findings where id in (${oldFindings})`),
    await affected(tx, sql`delete from changes where seq in (${oldChanges})`),
  ];
  const over = (await countOf(tx)) - findings;
  const surplus = sql`select id from findings order by time_ms, id limit ${Math.min(over, rows)}`;
  if (over > 0) gone.push(await affected(tx, sql`delete from findings where id in (${surplus})`));
  await forgetTombstones(tx);
  return gone.some((count) => count >= rows);
}

const affected = async (tx: Tx, statement: RawBuilder<unknown>): Promise<number> =>
  Number((await statement.execute(tx)).numAffectedRows ?? 0);

async function countOf(tx: Tx): Promise<number> {
  const { count } = await tx.selectFrom('findings').select(sql<number>`count(*)`.as('count')).executeTakeFirstOrThrow();
  return count;
}

async function forgetTombstones(tx: Tx): Promise<void> {
  const { revision, floor: before } = await tx
    .selectFrom('head')
    .select(['revision', 'floor'])
    .where('id', '=', 1)
    .executeTakeFirstOrThrow();
  const floor = revision - TOMBSTONE_REVISIONS;
  if (floor <= before) return;
  await tx.deleteFrom('documents').where('doc', 'is', null).where('revision', '<=', floor).execute();
  await tx.updateTable('head').set({ floor }).where('id', '=', 1).execute();
}

function filtered<O>(
  query: SelectQueryBuilder<Tables, 'findings', O>,
  { equals, paths, sinceMs, untilMs, covered }: FindingFilter,
): SelectQueryBuilder<Tables, 'findings', O> {
  let narrowed = query;
  for (const part of FINDING_EQUALS) {
    const value = equals[part];
    if (value !== undefined) narrowed = narrowed.where(FINDING_COLUMNS[part], '=', value);
  }
  if (paths !== undefined) narrowed = narrowed.where('path', 'in', paths.length === 0 ? [''] : [...paths]);
  if (covered !== undefined)
    narrowed = narrowed.where((of) => {
      const any = of.or(covered.by.map((scope) => inScope(of, scope)));
      return covered.is ? any : of.not(any);
    });
  if (sinceMs !== undefined) narrowed = narrowed.where('time_ms', '>=', sinceMs);
  return untilMs === undefined ? narrowed : narrowed.where('time_ms', '<', untilMs);
}

function inScope(of: ExpressionBuilder<Tables, 'findings'>, { equals, path, untilMs }: FindingScope): Expression<SqlBool> {
  const pairs = Object.entries(equals) as [keyof FindingScope['equals'], string][];
  const parts = [...pairs.map(([name, value]) => of(name, '=', value)), of('time_ms', '<', untilMs)];
  return of.and(path === undefined ? parts : [...parts, ...(path.includes('*') ? pathLike(of, path) : [of('path', '=', path)])]);
}

/** With as many slashes as the pattern has, what stands for a `*` can hold none. */
function pathLike(of: ExpressionBuilder<Tables, 'findings'>, path: string): readonly Expression<SqlBool>[] {
  const pattern = path.replaceAll('!', '!!').replaceAll('%', '!%').replaceAll('_', '!_').replaceAll('*', '%');
  const slashes = path.split('/').length - 1;
  return [
    sql<SqlBool>`${of.ref('path')} like ${pattern} escape '!'`,
    sql<SqlBool>`length(${of.ref('path')}) - length(replace(${of.ref('path')}, '/', '')) = ${sql.lit(slashes)}`,
  ];
}

async function readFindings(db: Kysely<Tables>, { limit, after, ...filter }: FindingQuery): Promise<readonly FindingRow[]> {
  let query = filtered(db.selectFrom('findings').selectAll(), filter).orderBy('time_ms', 'desc').orderBy('id', 'desc').limit(limit);
  if (after !== undefined)
    query = query.where((of) =>
      of.or([of('time_ms', '<', after.timeMs), of.and([of('time_ms', '=', after.timeMs), of('id', '<', after.id)])]),
    );
  return (await query.execute()).map(findingOfTable);
}

/** Groups a query gives at most. */
const GROUPS_MAX = 1000;
const SPAN_MS = { hour: 3_600_000, day: 86_400_000 } as const;

async function countFindings(db: Kysely<Tables>, column: FindingGroup, filter: FindingFilter): Promise<readonly Tally[]> {
  const group =
    column === 'hour' || column === 'day'
      ? sql<string>`(time_ms - time_ms % ${sql.lit(SPAN_MS[column])})`
      : sql<string>`${sql.ref(FINDING_COLUMNS[column])}`;
  const rows = await filtered(db.selectFrom('findings').select([group.as('value'), sql<number>`count(*)`.as('count')]), filter)
    .groupBy(group)
    .orderBy('count', 'desc')
    .orderBy('value')
    .limit(GROUPS_MAX)
    .execute();
  return rows.map(({ value, count }) => ({ value: String(value), count: Number(count) }));
}

async function readChanges(db: Kysely<Tables>, query: ChangeQuery): Promise<readonly ChangeRow[]> {
  const { afterSeq, limit, sinceMs, untilMs, change, subjectKind, subjectId, newestFirst = false } = query;
  let select = db
    .selectFrom('changes')
    .selectAll()
    .orderBy('seq', newestFirst ? 'desc' : 'asc')
    .limit(limit);
  select = newestFirst ? select.where('seq', '<', afterSeq) : select.where('seq', '>', afterSeq);
  if (sinceMs !== undefined) select = select.where('time_ms', '>=', sinceMs);
  if (untilMs !== undefined) select = select.where('time_ms', '<', untilMs);
  if (change !== undefined) select = select.where('change', '=', change);
  if (subjectKind !== undefined) select = select.where('subject_kind', '=', subjectKind);
  if (subjectId !== undefined) select = select.where('subject_id', '=', subjectId);
  return (await select.execute()).map((row) => ({
    seq: Number(row.seq),
    timeMs: Number(row.time_ms),
    change: row.change,
    subjectKind: row.subject_kind,
    subjectId: row.subject_id,
    subject: row.subject,
    reason: row.reason,
  }));
}

const changeToTable = (row: ChangeRow): ChangeTable => ({
  seq: row.seq,
  time_ms: row.timeMs,
  change: row.change,
  subject_kind: row.subjectKind,
  subject_id: row.subjectId,
  subject: row.subject,
  reason: row.reason,
});

const PARTS = Object.keys(FINDING_COLUMNS) as readonly (keyof FindingRow)[];

// Each part goes to its column and back: the types of both follow from the one list.
const findingToTable = (row: FindingRow): FindingTable =>
  Object.fromEntries(PARTS.map((part) => [FINDING_COLUMNS[part], row[part]])) as unknown as FindingTable;
const findingOfTable = (row: Selectable<FindingTable>): FindingRow =>
  Object.fromEntries(PARTS.map((part) => [part, row[FINDING_COLUMNS[part]]])) as unknown as FindingRow;

function* chunks<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += ROWS_PER_INSERT) yield all.slice(from, from + ROWS_PER_INSERT);
}
