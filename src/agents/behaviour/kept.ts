import type { DeniedSubjects } from './denied-subjects.ts';
import type { Table, TablePiece } from './table.ts';

/** Goes up when what stands in a table means something else: what was written under another one is not read. */
const VERSION = 2;

/** A piece of what behaviour over time knows, as plain data for `v8.serialize`. Fingerprints and numbers only, no name and no value. */
export type BehaviourPiece =
  | {
      /** The first piece. */
      readonly kind: 'head';
      readonly version: typeof VERSION;
      /** The fields of the tables, and what their places are for. */
      readonly layout: string;
      /** Says under which key the fingerprints were made; a hash of it. */
      readonly keyId: string;
      /** The latest event, Unix milliseconds. */
      readonly latestMs: number;
    }
  | { readonly kind: 'table'; readonly table: string; readonly piece: TablePiece }
  | { readonly kind: 'denied'; readonly piece: DeniedPiece };

type DeniedPiece = ReturnType<DeniedSubjects['snapshot']> extends Generator<infer Piece> ? Piece : never;

/** `damaged`: not what a snapshot consists of, or not of these tables. */
export type Restored = 'restored' | 'other-version' | 'other-key' | 'damaged';

export interface KeptOptions {
  readonly tables: Readonly<Record<string, Pick<Table<string>, 'snapshot' | 'restore' | 'clear' | 'shape'>>>;
  /** What places in tables are for, in their order. */
  readonly places: readonly string[];
  readonly denied: DeniedSubjects;
  /** Times of events are read as after its latest one. */
  readonly reader: { latestMs: number };
  readonly keyId: string;
}

/** What is known, out in pieces and in again. */
export interface Kept {
  snapshot(): Generator<BehaviourPiece>;
  restore(pieces: Iterable<unknown>): Restored;
}

export function createKept({ tables, places, denied, reader, keyId }: KeptOptions): Kept {
  const layout = [...Object.entries(tables).map(([name, { shape }]) => `${name}: ${shape}`), ...places].join('\n');

  function* snapshot(): Generator<BehaviourPiece> {
    yield { kind: 'head', version: VERSION, layout, keyId, latestMs: reader.latestMs };
    for (const [name, table] of Object.entries(tables)) {
      for (const piece of table.snapshot()) yield { kind: 'table', table: name, piece };
    }
    for (const piece of denied.snapshot()) yield { kind: 'denied', piece };
  }

  function take(pieces: Iterator<unknown>): Restored {
    const head = fieldsOf(pieces.next().value);
    if (head['kind'] !== 'head' || typeof head['latestMs'] !== 'number') return 'damaged';
    if (head['version'] !== VERSION || head['layout'] !== layout) return 'other-version';
    if (head['keyId'] !== keyId) return 'other-key';
    reader.latestMs = head['latestMs'];
    for (let next = pieces.next(); next.done !== true; next = pieces.next()) if (!takeOne(fieldsOf(next.value))) return 'damaged';
    return 'restored';
  }

  function takeOne({ kind, table, piece }: Readonly<Record<string, unknown>>): boolean {
    if (kind === 'denied') return denied.restore(piece);
    return kind === 'table' && typeof table === 'string' && Object.hasOwn(tables, table) && tables[table]!.restore(piece);
  }

  function clear(): void {
    for (const table of Object.values(tables)) table.clear();
    denied.clear();
    reader.latestMs = 0;
  }

  return {
    snapshot,
    restore(pieces) {
      let restored: Restored = 'damaged';
      try {
        restored = take(pieces[Symbol.iterator]());
      } finally {
        if (restored !== 'restored') clear();
      }
      return restored;
    },
  };
}

function fieldsOf(piece: unknown): Readonly<Record<string, unknown>> {
  return typeof piece === 'object' && piece !== null ? { ...piece } : {};
}
