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

  test('comes back from its snapshot, the most recently used rows when there are too many', () => {
    const table = createTable({ rowsMax: 10, fields: FIELDS });
    for (let key = 1; key <= 10; key++) table.columns.count[table.open(key)] = key;
    table.open(1);
    const smaller = createTable({ rowsMax: 3, fields: FIELDS });
    expect(smaller.restore(structuredClone(table.snapshot()))).toBe(true);
    expect([1, 10, 9, 8].map((key) => smaller.columns.count[smaller.find(key)])).toEqual([1, 10, 9, undefined]);
  });

  test.each([
    ['nothing', undefined],
    ['a text', 'rows'],
    ['no columns', { fingerprints: new Float64Array(1) }],
    ['a column too short', { fingerprints: Float64Array.of(1), columns: { count: new Uint32Array(1), pair: new Float64Array(1) } }],
    ['a column of another type', { fingerprints: Float64Array.of(1), columns: { count: new Int32Array(1), pair: new Float64Array(2) } }],
    ['no fingerprint', { fingerprints: Float64Array.of(Number.NaN), columns: { count: new Uint32Array(1), pair: new Float64Array(2) } }],
  ])('refuses %s as a snapshot and keeps what it has', (_, snapshot) => {
    const table = createTable({ rowsMax: 10, fields: FIELDS });
    table.columns.count[table.open(7)] = 70;
    expect(table.restore(snapshot)).toBe(false);
    expect(table.columns.count[table.find(7)]).toBe(70);
  });
});
