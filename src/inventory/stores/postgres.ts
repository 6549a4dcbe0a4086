import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { Store } from '../store.ts';
import { postgresMigrations } from './migrations.ts';
import { createSqlStore, type Tables } from './sql-store.ts';

/** Connections of one process: one writer at a time, the others read. */
const CONNECTIONS_MAX = 4;
const CONNECT_MS = 5000;
/** A statement that takes longer has lost its server or meets a table that is not ours. */
const STATEMENT_MS = 60_000;

export interface PostgresStoreOptions {
  /** `postgres://user@host:port/database`; what it leaves out comes from the standard `PG*` variables. */
  readonly url: string;
  /** Told when a waiting connection breaks; the next query opens another one. Default: nobody. */
  readonly onConnectionError?: (error: Error) => void;
}

/**
 * The inventory in PostgreSQL (15 and later), for several processes at once: each takes spans, and what they read is the same. A
 * transaction that is acknowledged is as durable as the server's `synchronous_commit` says.
 */
export async function openPostgresStore({ url, onConnectionError = () => {} }: PostgresStoreOptions): Promise<Store> {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    types: { getTypeParser: parserOf },
  });
  pool.on('error', onConnectionError);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    return await createSqlStore(db, { migrations: postgresMigrations, listed, rowsOf });
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

const listed = (texts: readonly string[]) => sql`select value, at from unnest(${texts}::text[]) with ordinality as listed (value, at)`;

const rowsOf = (table: string, columns: readonly string[], json: string) =>
  sql`select ${sql.join(columns.map((column) => sql.ref(column)))} from json_populate_recordset(null::${sql.table(table)}, ${json}::json)`;

/** `int8` comes as text, because it may be greater than a number can be; ours are not. */
const INT8 = 20;

function parserOf(oid: number, format?: 'text' | 'binary') {
  if (oid === INT8) return Number;
  return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text');
}
