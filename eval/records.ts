import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One labelled text of a data folder; its `README.md` describes the format. */
export interface DataRecord {
  readonly id: string;
  /** The folder it stands in. */
  readonly set: string;
  readonly text: string;
  /** 1: must be flagged for its kind; 0: must not be. */
  readonly label: 0 | 1;
  readonly kind: string;
  readonly spans?: readonly DataSpan[];
  readonly meta?: { readonly args?: string | null; readonly rule?: string };
}

/** An annotated part of a text, in UTF-16 offsets. */
export interface DataSpan {
  readonly start: number;
  readonly end: number;
  readonly type: string;
}

/** Recorded streams, not labelled texts: `npm run eval -- wire`. */
const NOT_LABELLED = ['stream_fixtures'];

/** Every labelled record of a data folder, by set; undefined when the folder has none. */
export function readDataSets(folder: string): ReadonlyMap<string, readonly DataRecord[]> | undefined {
  if (!existsSync(folder)) return undefined;
  const sets = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !NOT_LABELLED.includes(entry.name))
    .map(({ name }) => [name, readSet(folder, name)] as const)
    .filter(([, records]) => records.length > 0);
  return sets.length === 0 ? undefined : new Map(sets);
}

function readSet(folder: string, set: string): readonly DataRecord[] {
  const files = readdirSync(path.join(folder, set)).filter((file) => /^data.*\.jsonl$/.test(file));
  const lines = files.toSorted().flatMap((file) => readFileSync(path.join(folder, set, file), 'utf8').split('\n'));
  return lines.filter((line) => line !== '').map((line) => recordOf(JSON.parse(line) as DataRecord, set));
}

/** Data sets count code points; a text with characters outside the basic plane has its spans moved. */
function recordOf(record: DataRecord, set: string): DataRecord {
  if (record.spans === undefined || !/[\ud800-\udbff]/.test(record.text)) return { ...record, set };
  const units = (codePoints: number): number => [...record.text].slice(0, codePoints).join('').length;
  return { ...record, set, spans: record.spans.map(({ start, end, type }) => ({ start: units(start), end: units(end), type })) };
}

/**
 * Whether rules may be tuned on a record. The other half is only ever counted: gates are judged on it. Ids that hash to 0–7 are tuned on,
 * so a record stays on its side whatever is added to a set.
 */
export function isTuned({ id }: Pick<DataRecord, 'id'>): boolean {
  return createHash('sha256').update(id).digest('hex')[0]! < '8';
}
