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
  snapshot(): TableSnapshot;
  /** Whether it is a snapshot of this shape. */
  fits(snapshot: unknown): snapshot is TableSnapshot;
  /** False, and nothing changed, when it is not one of this shape. Of too many rows the most recently used are taken. */
  restore(snapshot: unknown): boolean;
}

/** Rows from the least to the most recently used. */
export interface TableSnapshot {
  readonly fingerprints: Float64Array;
  readonly columns: Readonly<Record<string, Column>>;
}

const ROWS_AT_FIRST = 64;
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

  function grow(): void {
    capacity = Math.min(rowsMax, capacity * 2);
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
    if (size === capacity && capacity < rowsMax) grow();
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

  function rowsByAge(): number[] {
    const rows: number[] = [];
    for (let row = oldest; row !== NONE; row = newer[row]!) rows.push(row);
    return rows;
  }

  function cellsOf(name: Name, rows: readonly number[]): Column {
    const { type, length } = fields[name];
    const cells = new ARRAYS[type](rows.length * length);
    for (const [at, row] of rows.entries()) cells.set(columns[name].subarray(row * length, (row + 1) * length), at * length);
    return cells;
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
    snapshot() {
      const rows = rowsByAge();
      return {
        fingerprints: Float64Array.from(rows, (row) => fingerprints[row]!),
        columns: Object.fromEntries(names.map((name) => [name, cellsOf(name, rows)])),
      };
    },
    fits: (snapshot) => isSnapshot(snapshot, fields),
    restore(snapshot) {
      if (!isSnapshot(snapshot, fields)) return false;
      clear();
      const count = snapshot.fingerprints.length;
      for (let from = Math.max(0, count - rowsMax); from < count; from++) {
        const row = open(snapshot.fingerprints[from]!);
        for (const name of names) {
          const { length } = fields[name];
          columns[name].set(snapshot.columns[name]!.subarray(from * length, (from + 1) * length), row * length);
        }
      }
      return true;
    },
  };
}

function isSnapshot(value: unknown, fields: Readonly<Record<string, Field>>): value is TableSnapshot {
  if (typeof value !== 'object' || value === null || !('fingerprints' in value) || !('columns' in value)) return false;
  const { fingerprints, columns } = value;
  if (!(fingerprints instanceof Float64Array) || typeof columns !== 'object' || columns === null) return false;
  if (!fingerprints.every((one) => Number.isSafeInteger(one) && one > 0)) return false;
  const cells = new Map<string, unknown>(Object.entries(columns));
  return Object.entries(fields).every(([name, { type, length }]) => {
    const column = cells.get(name);
    return column instanceof ARRAYS[type] && column.length === fingerprints.length * length;
  });
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
