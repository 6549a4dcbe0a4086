import { DatabaseSync } from 'node:sqlite';
import { Kysely, SqliteDialect, sql } from 'kysely';
import type { Store } from '../store.ts';
import { sqliteMigrations } from './migrations.ts';
import { adaptNodeSqlite } from './node-sqlite.ts';
import { createSqlStore, type Tables } from './sql-store.ts';

/**
 * The inventory in one SQLite file, or `:memory:`. Write-ahead log: a committed batch outlives the process (kill -9); with
 * `synchronous = normal` a power cut may take the last ones and never the file's consistency.
 */
export async function openSqliteStore(file: string): Promise<Store> {
  const database = new DatabaseSync(file);
  try {
    database.exec(
      'pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 5000; pragma foreign_keys = on; pragma case_sensitive_like = on',
    );
    return await createSqlStore(new Kysely<Tables>({ dialect: new SqliteDialect({ database: adaptNodeSqlite(database) }) }), {
      migrations: sqliteMigrations,
      listed,
      rowsOf,
    });
  } catch (error) {
    if (database.isOpen) database.close();
    throw error;
  }
}

/** Columns have the types that JSON has; `where true` tells `on conflict` from the condition of a join. */
const rowsOf = (_table: string, columns: readonly string[], json: string) =>
  sql`select ${sql.join(columns.map((column) => sql`value ->> ${sql.lit(column)}`))} from json_each(${json}) where true`;

const listed = (texts: readonly string[]) => sql`select value, key as at from json_each(${JSON.stringify(texts)})`;
