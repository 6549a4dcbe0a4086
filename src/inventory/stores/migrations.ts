import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The schema's history, in the order of the names. One that was released is never edited: the next one changes it. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-facts': { up: createFacts },
};

async function createFacts(db: Kysely<unknown>): Promise<void> {
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
