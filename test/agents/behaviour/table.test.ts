import { describe, expect, test } from 'vitest';
import { createTable } from '../../../src/agents/behaviour/table.ts';
import { createRandom } from '../../support/random.ts';

const FIELDS = { count: { type: 'u32', length: 1 }, pair: { type: 'f64', length: 2 } } as const;

describe('a table', () => {
  test('holds what a map with the least recently used forgotten first holds', () => {
    const random = createRandom();
    const table = createTable({ rowsMax: 200, fields: FIELDS });
    const model = new Map<number, number>();
    let forgotten = 0;
    for (let step = 0; step < 50_000; step++) {
      const key = 1 + random.below(400) * 0x1_0000_0001 + random.below(2);
      const row = table.open(key);
      const count = (model.get(key) ?? 0) + 1;
      model.delete(key);
      model.set(key, count);
      const over = Math.max(0, model.size - 200);
      for (const old of model.keys().take(over)) model.delete(old);
      forgotten += over;
      table.columns.count[row]! += 1;
      table.columns.pair[2 * row + 1] = key;
    }
    const held = new Map([...model.keys()].map((key) => [key, table.columns.count[table.find(key)]]));
    expect(held).toEqual(model);
    expect(table.size).toBe(200);
    expect(table.forgotten).toBe(forgotten);
  });

  test('begins small, grows to its bound and no further', () => {
    const table = createTable({ rowsMax: 1_000, fields: FIELDS });
    const small = table.bytes;
    for (let key = 1; key <= 1_000; key++) table.open(key);
    const full = table.bytes;
    for (let key = 1_001; key <= 10_000; key++) table.open(key);
    expect(small).toBeLessThan(full / 10);
    expect(table.bytes).toBe(full);
    expect([table.size, table.forgotten]).toEqual([1_000, 9_000]);
    expect([table.find(9_000), table.find(9_001) >= 0]).toEqual([-1, true]);
  });

  test('comes back from its snapshot: the same rows, and the same ones forgotten first', () => {
    const random = createRandom();
    const table = createTable({ rowsMax: 200, fields: FIELDS });
    const use = (one: typeof table) => (key: number) => {
      const row = one.open(key);
      one.columns.count[row]! += 1;
      one.columns.pair[2 * row + 1] = key;
    };
    for (let step = 0; step < 5_000; step++) use(table)(1 + random.below(300));
    const other = createTable({ rowsMax: 300, fields: FIELDS });
    use(other)(1_000);
    expect(restoreAll(other, table.snapshot(100))).toBe(true);
    const after = createTable({ rowsMax: 200, fields: FIELDS });
    expect(restoreAll(after, other.snapshot())).toBe(true);
    const keys = Array.from({ length: 3_000 }, () => 1 + random.below(400));
    for (const key of keys) {
      use(table)(key);
      use(after)(key);
    }
    expect(rowsOf(after)).toEqual(rowsOf(table));
    expect(after.size).toBe(200);
  });

  test('comes back empty from the snapshot of an empty one', () => {
    const table = createTable({ rowsMax: 10, fields: FIELDS });
    table.open(7);
    expect(restoreAll(table, createTable({ rowsMax: 10, fields: FIELDS }).snapshot())).toBe(true);
    expect([table.size, table.find(7)]).toEqual([0, -1]);
  });

  test('may change between two pieces: a row is as it was at one time, and one that was forgotten is as if never seen', () => {
    const random = createRandom();
    const table = createTable({ rowsMax: 64, fields: FIELDS });
    let time = 0;
    const use = () => {
      const key = 1 + random.below(90);
      const row = table.open(key);
      time++;
      table.columns.count[row] = time;
      table.columns.pair.set([time, key], 2 * row);
    };
    for (let step = 0; step < 500; step++) use();
    const pieces = [];
    for (const piece of table.snapshot(100)) {
      pieces.push(structuredClone(piece));
      for (let step = 0; step < 10; step++) use();
    }
    const other = createTable({ rowsMax: 64, fields: FIELDS });
    expect(restoreAll(other, pieces)).toBe(true);
    const rows = [...rowsOf(other)];
    const zeros = rows.filter(([, cells]) => cells[0] === 0);
    const whole = rows.filter(([key, [count, at, of]]) => count !== 0 && count === at && of === key);
    expect([rows.length, zeros.length + whole.length]).toEqual([64, 64]);
    expect(zeros.every(([, cells]) => cells.every((cell) => cell === 0))).toBe(true);
    expect([zeros.length > 0, whole.length > 0]).toEqual([true, true]);
  });

  const rowsPiece = (change: object) => ({
    kind: 'rows',
    fingerprints: Float64Array.of(5, 6, 7),
    newer: Int32Array.of(1, 2, -1),
    oldest: 0,
    ...change,
  });
  const cellsPiece = (change: object) => ({
    kind: 'cells',
    from: 0,
    rows: 1,
    columns: { count: new Uint32Array(1), pair: new Float64Array(2) },
    ...change,
  });

  test.each([
    ['three rows', rowsPiece({}), true],
    ['the same in another order', rowsPiece({ newer: Int32Array.of(-1, 0, 1), oldest: 2 }), true],
    ['nothing', undefined, false],
    ['a text', 'rows', false],
    ['another kind', rowsPiece({ kind: 'row' }), false],
    ['fingerprints of another type', rowsPiece({ fingerprints: [5, 6, 7] }), false],
    ['no fingerprint', rowsPiece({ fingerprints: Float64Array.of(5, Number.NaN, 7) }), false],
    ['a fingerprint of 0', rowsPiece({ fingerprints: Float64Array.of(5, 0, 7) }), false],
    ['one fingerprint twice', rowsPiece({ fingerprints: Float64Array.of(5, 6, 5) }), false],
    ['fewer links than rows', rowsPiece({ newer: Int32Array.of(1, -1) }), false],
    ['a chain that ends before', rowsPiece({ newer: Int32Array.of(1, -1, -1) }), false],
    ['a chain that is a ring', rowsPiece({ newer: Int32Array.of(1, 2, 0) }), false],
    ['a chain that comes back', rowsPiece({ newer: Int32Array.of(1, 2, 1) }), false],
    ['a chain that leaves the rows', rowsPiece({ newer: Int32Array.of(1, 3, -1) }), false],
    ['a chain from nowhere', rowsPiece({ oldest: -1 }), false],
    ['a chain from half a row', rowsPiece({ oldest: 0.5 }), false],
    ['more rows than it may have', rowsPiece({ fingerprints: Float64Array.of(4, 5, 6, 7), newer: Int32Array.of(1, 2, 3, -1) }), false],
  ])('takes %s as its rows: %#', (_, piece, isTaken) => {
    expect(createTable({ rowsMax: 3, fields: FIELDS }).restore(piece)).toBe(isTaken);
  });

  test.each([
    ['the first row', cellsPiece({}), true],
    ['the last row', cellsPiece({ from: 2 }), true],
    ['a row after the last', cellsPiece({ from: 3 }), false],
    ['a row before the first', cellsPiece({ from: -1 }), false],
    ['half a row', cellsPiece({ from: 0.5 }), false],
    ['no columns', cellsPiece({ columns: null }), false],
    ['a column too few', cellsPiece({ columns: { count: new Uint32Array(1) } }), false],
    ['a column too short', cellsPiece({ columns: { count: new Uint32Array(1), pair: new Float64Array(1) } }), false],
    ['a column too long', cellsPiece({ columns: { count: new Uint32Array(2), pair: new Float64Array(2) } }), false],
    ['a column of another type', cellsPiece({ columns: { count: new Int32Array(1), pair: new Float64Array(2) } }), false],
  ])('takes %s as its cells: %#', (_, piece, isTaken) => {
    const table = createTable({ rowsMax: 3, fields: FIELDS });
    expect(table.restore(rowsPiece({}))).toBe(true);
    expect(table.restore(piece)).toBe(isTaken);
  });
});

type TestTable = ReturnType<typeof createTable<keyof typeof FIELDS>>;

/** Pieces go through a copy, as through a file. */
function restoreAll(table: TestTable, pieces: Iterable<unknown>): boolean {
  return [...pieces].every((piece) => table.restore(structuredClone(piece)));
}

function rowsOf({ find, columns }: TestTable): ReadonlyMap<number, readonly number[]> {
  const found = Array.from({ length: 400 }, (_, at) => at + 1).filter((key) => find(key) >= 0);
  return new Map(found.map((key) => [key, [columns.count[find(key)]!, columns.pair[2 * find(key)]!, columns.pair[2 * find(key) + 1]!]]));
}
