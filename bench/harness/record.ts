import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Machine, machine, versions } from './machine.ts';
import { renderRecord } from './markdown.ts';
import type { Profile } from './profile.ts';
import { rounded } from './statistics.ts';

/** A row of a table; the keys are its columns. */
export type Row = Readonly<Record<string, string | number | boolean | undefined>>;

/** Something measured that has a goal. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly goal: { readonly most: number } | { readonly least: number };
}

/** What a benchmark gives back. */
export interface BenchResult {
  /** Of the numbers in `rows`, where a column does not say its own. */
  readonly unit?: string;
  /** What else has to be known to read the rows: seed, blocks, sizes, rates. */
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
  readonly rows: readonly Row[];
  /** More tables, by title. */
  readonly tables?: Readonly<Record<string, readonly Row[]>>;
  readonly figures?: readonly Figure[];
  /** Answers that were not 200, and broken connections, in all blocks. */
  readonly non200s?: number;
  /** What each arm did with the same secret before anything was timed. */
  readonly verdicts?: Readonly<Record<string, string>>;
  /** Versions of peers. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Profiles by what was profiled, taken in blocks that are not timed. */
  readonly profiles?: Readonly<Record<string, Profile>>;
}

export interface BenchRecord extends BenchResult {
  readonly schema: typeof RECORD_SCHEMA;
  readonly bench: string;
  /** Day, ISO 8601. */
  readonly date: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
}

/** Raised when a reader of older records would misunderstand a new one. Records before it have none. */
export const RECORD_SCHEMA = 2;

/** Whether a figure meets its goal. A value that is no number does not. */
export function isMet({ value, goal }: Figure): boolean {
  if (!Number.isFinite(value)) return false; // from JSON null, which would be less than anything
  return 'most' in goal ? value <= goal.most : value >= goal.least;
}

export function recordOf(bench: string, result: BenchResult, date = new Date().toISOString().slice(0, 10)): BenchRecord {
  const figures = result.figures?.map((figure) => ({ ...figure, value: rounded(figure.value, 3) }));
  return {
    schema: RECORD_SCHEMA,
    bench,
    date,
    machine: machine(),
    ...result,
    ...(figures === undefined ? {} : { figures }),
    versions: { ...versions(), ...result.versions },
  };
}

/** Writes `<date>-<bench>.json` and the same as Markdown; gives the first file's path. */
export function writeRecord(record: BenchRecord, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${record.date}-${record.bench}`);
  writeFileSync(`${file}.json`, `${JSON.stringify(record, undefined, 2)}\n`);
  writeFileSync(`${file}.md`, renderRecord(record));
  return `${file}.json`;
}

/** The newest record of each bench in a folder, by name; files of an older schema are passed over. */
export function newestRecords(folder: string): ReadonlyMap<string, BenchRecord> {
  const newest = new Map<string, BenchRecord>();
  for (const name of readdirSync(folder).toSorted()) {
    if (!name.endsWith('.json')) continue;
    const record = JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Partial<BenchRecord>;
    if (record.schema === RECORD_SCHEMA) newest.set(record.bench!, record as BenchRecord);
  }
  return newest;
}
