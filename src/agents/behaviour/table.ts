/** A field of each row: so many numbers of a type, side by side. */
export interface Field {
  readonly type: keyof typeof ARRAYS;
  readonly length: number;
}

const ARRAYS = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, i32: Int32Array, f32: Float32Array, f64: Float64Array } as const;

/** The numbers of one field, of all rows: row `r` has those from `r * length` on. */
export type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

export interface TableOptions<Name extends string> {
  /** Rows at most. One more: the row that was not asked for the longest is forgotten. */
  readonly rowsMax: number;
  readonly fields: Readonly<Record<Name, Field>>;
}

/**
 * Rows of numbers by a fingerprint (a whole number from 1 to 2^53 - 1), bounded, least recently used forgotten first. Columns of typed arrays:
 * a row costs what its fields are long, about 24 bytes more, and nothing for the garbage collector.
 */
export interface Table<Name extends string> {
  readonly size: number;
  readonly forgotten: number;
  /** Allocated for columns and index. */
  readonly bytes: number;
  /** Row of a fingerprint, or -1. Does not count as use. */
  find(fingerprint: number): number;
  /** Row of a fingerprint, made of zeros when there is none; it is the most recently used then. */
  open(fingerprint: number): number;
  /** By field. Each is valid until the next `open` or `restore`: a table that grows has new ones. */
  readonly columns: Readonly<Record<Name, Column>>;
  /**
   * Copies in pieces of bounded cost, each made when it is asked for: the rows in their order, then their cells. The table may be used
   * between two of them. Rows are then those of the beginning, each with cells of one time, but not all of the same; a row that was
   * forgotten since has zeros, as one that was never seen. `pieceBytes`: of cells in a piece.
   */
  snapshot(pieceBytes?: number): Generator<TablePiece>;
  /** Takes the next piece of a snapshot; rows replace what is there. False: it is none of this table, which is to be cleared then. */
  restore(piece: unknown): boolean;
  /** Forgets all rows. */
  clear(): void;
  /** Its fields, with types and lengths: a snapshot fits where it is the same. */
  readonly shape: string;
}

/** Plain data with typed arrays, for `v8.serialize`. */
export type TablePiece =
  | {
      /** All rows; `newer` links each to the one used after it (-1: none), from `oldest` on. */
      readonly kind: 'rows';
      readonly fingerprints: Float64Array;
      readonly newer: Int32Array;
      readonly oldest: number;
    }
  | {
      /** Of each column the cells of so many rows from row `from` on. */
      readonly kind: 'cells';
      readonly from: number;
      readonly rows: number;
      readonly columns: Readonly<Record<string, Column>>;
    };

const ROWS_AT_FIRST = 64;
/** Copied and serialised in about a millisecond. */
const PIECE_BYTES = 1024 * 1024;
const NONE = -1;

export function createTable<Name extends string>({ rowsMax, fields }: TableOptions<Name>): Table<Name> {
  const names = Object.keys(fields) as unknown as readonly Name[]; // the keys of the record that was given
  let capacity = Math.min(rowsMax, ROWS_AT_FIRST);
  let size = 0;
  let forgotten = 0;
  let fingerprints = new Float64Array(capacity);
  let older = new Int32Array(capacity);
  let newer = new Int32Array(capacity);
  let oldest = NONE;
  let newest = NONE;
  const columns = columnsOf(capacity);
  /** Open addressing, at most half full; row + 1, 0 is free. */
  let index = new Int32Array(indexSize(capacity));
  const rowBytes = names.reduce((sum, name) => sum + fields[name].length * ARRAYS[fields[name].type].BYTES_PER_ELEMENT, 0);

  function columnsOf(rows: number): Record<Name, Column> {
    const made = names.map((name) => [name, new ARRAYS[fields[name].type](rows * fields[name].length)] as const);
    return Object.fromEntries(made) as Record<Name, Column>; // one for each name
  }

  function place(fingerprint: number): number {
    const mask = index.length - 1;
    let at = spread(fingerprint) & mask;
    for (let row = index[at]!; row !== 0 && fingerprints[row - 1] !== fingerprint; row = index[at]!) at = (at + 1) & mask;
    return at;
  }

  /** Closes the gap in the run of places after it, so that a search never stops short (Knuth, TAOCP 6.4, algorithm R). */
  function release(fingerprint: number): void {
    const mask = index.length - 1;
    let gap = place(fingerprint);
    for (let at = (gap + 1) & mask; index[at] !== 0; at = (at + 1) & mask) {
      const home = spread(fingerprints[index[at]! - 1]!) & mask;
      if (((at - home) & mask) < ((at - gap) & mask)) continue;
      index[gap] = index[at]!;
      gap = at;
    }
    index[gap] = 0;
  }

  function resize(rows: number): void {
    capacity = Math.min(rowsMax, rows);
    fingerprints = copied(fingerprints, new Float64Array(capacity));
    older = copied(older, new Int32Array(capacity));
    newer = copied(newer, new Int32Array(capacity));
    for (const name of names) columns[name] = copied(columns[name], new ARRAYS[fields[name].type](capacity * fields[name].length));
    index = new Int32Array(indexSize(capacity));
    for (let row = 0; row < size; row++) index[place(fingerprints[row]!)] = row + 1;
  }

  function unlink(row: number): void {
    const [before, after] = [older[row]!, newer[row]!];
    if (before === NONE) oldest = after;
    else newer[before] = after;
    if (after === NONE) newest = before;
    else older[after] = before;
  }

  function linkNewest(row: number): void {
    older[row] = newest;
    newer[row] = NONE;
    if (newest === NONE) oldest = row;
    else newer[newest] = row;
    newest = row;
  }

  function forgetOldest(): number {
    const row = oldest;
    unlink(row);
    release(fingerprints[row]!);
    for (const name of names) columns[name].fill(0, row * fields[name].length, (row + 1) * fields[name].length);
    forgotten++;
    return row;
  }

  function open(fingerprint: number): number {
    const known = index[place(fingerprint)]! - 1;
    if (known === newest && known !== NONE) return known;
    if (known !== NONE) {
      unlink(known);
      linkNewest(known);
      return known;
    }
    if (size === capacity && capacity < rowsMax) resize(capacity * 2);
    const row = size < capacity ? size++ : forgetOldest();
    fingerprints[row] = fingerprint;
    index[place(fingerprint)] = row + 1;
    linkNewest(row);
    return row;
  }

  function clear(): void {
    size = 0;
    oldest = NONE;
    newest = NONE;
    for (const name of names) columns[name].fill(0);
    index = new Int32Array(index.length);
  }

  function* snapshot(pieceBytes = PIECE_BYTES): Generator<TablePiece> {
    const then = fingerprints.slice(0, size);
    yield { kind: 'rows', fingerprints: then, newer: newer.slice(0, size), oldest };
    const rowsAtOnce = Math.max(1, Math.floor(pieceBytes / rowBytes));
    for (let from = 0; from < then.length; from += rowsAtOnce) yield cellsOf(from, then.subarray(from, from + rowsAtOnce));
  }

  /** `then`: whose rows they were. */
  function cellsOf(from: number, then: Float64Array): TablePiece {
    const copies = names.map((name) => {
      const { length } = fields[name];
      return [name, columns[name].slice(from * length, (from + then.length) * length)] as const;
    });
    for (let at = 0; at < then.length; at++) {
      if (fingerprints[from + at] === then[at]) continue;
      for (const [name, cells] of copies) cells.fill(0, at * fields[name].length, (at + 1) * fields[name].length);
    }
    return { kind: 'cells', from, rows: then.length, columns: Object.fromEntries(copies) };
  }

  function restoreRows({ fingerprints: all, newer: links, oldest: first }: Extract<TablePiece, { kind: 'rows' }>): boolean {
    clear();
    if (all.length > rowsMax || links.length !== all.length) return false;
    if (all.length > capacity) resize(2 ** Math.ceil(Math.log2(all.length)));
    fingerprints.set(all);
    newer.set(links);
    size = all.length;
    oldest = first;
    return indexRows() && linkOlder();
  }

  /** False: one is no fingerprint, or stands twice. */
  function indexRows(): boolean {
    for (let row = 0; row < size; row++) {
      const fingerprint = fingerprints[row]!;
      const at = place(fingerprint);
      if (!Number.isSafeInteger(fingerprint) || fingerprint <= 0 || index[at] !== 0) return false;
      index[at] = row + 1;
    }
    return true;
  }

  /** Walks from the oldest row to the newest. False: that is not one chain over all rows. */
  function linkOlder(): boolean {
    let walked = 0;
    for (let row = oldest; row !== NONE; row = newer[row]!) {
      if (!Number.isInteger(row) || row < 0 || row >= size || walked === size) return false;
      older[row] = newest;
      newest = row;
      walked++;
    }
    return walked === size;
  }

  function restoreCells({ from, rows, columns: copies }: Extract<TablePiece, { kind: 'cells' }>): boolean {
    if (!Number.isInteger(from) || from < 0 || from + rows > size) return false;
    return names.every((name) => {
      const { type, length } = fields[name];
      const cells = copies[name];
      if (!(cells instanceof ARRAYS[type]) || cells.length !== rows * length) return false;
      columns[name].set(cells, from * length);
      return true;
    });
  }

  return {
    get size() {
      return size;
    },
    get forgotten() {
      return forgotten;
    },
    get bytes() {
      const linked = fingerprints.byteLength + older.byteLength + newer.byteLength + index.byteLength;
      return names.reduce((sum, name) => sum + columns[name].byteLength, linked);
    },
    find: (fingerprint) => index[place(fingerprint)]! - 1,
    open,
    columns,
    snapshot,
    restore(piece) {
      if (!isPiece(piece)) return false;
      return piece.kind === 'rows' ? restoreRows(piece) : restoreCells(piece);
    },
    clear,
    shape: names.map((name) => `${name} ${fields[name].type} ${fields[name].length}`).join(', '),
  };
}

function isPiece(value: unknown): value is TablePiece {
  const { kind, fingerprints, newer, oldest, from, rows, columns } = (value ?? {}) as Record<string, unknown>;
  if (kind === 'rows') return fingerprints instanceof Float64Array && newer instanceof Int32Array && typeof oldest === 'number';
  if (kind !== 'cells' || typeof from !== 'number' || typeof rows !== 'number') return false;
  return typeof columns === 'object' && columns !== null;
}

function copied<T extends Column>(from: Column, to: T): T {
  to.set(from);
  return to;
}

/** A power of two of at least twice the rows. */
function indexSize(rows: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(2, rows * 2)));
}

/** 32 bits of both halves of a fingerprint, which is random already. */
function spread(fingerprint: number): number {
  return (fingerprint | 0) ^ Math.imul((fingerprint / 0x1_0000_0000) | 0, 0x9e37_79b1);
}
