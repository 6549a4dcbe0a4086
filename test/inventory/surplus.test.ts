import { expect, it } from 'vitest';
import { surplusOf } from '../../src/inventory/surplus.ts';

const ROWS: readonly (readonly [what: string, ids: readonly string[], surplus: readonly string[], ranked: number])[] = [
  ['fewer than the bound', ['a', 'b'], [], 0],
  ['as many as the bound', ['a', 'b', 'c'], [], 0],
  ['as many as the bound and the row of the others', ['a', 'more', 'b', 'c'], [], 0],
  ['one more than the bound', ['d', 'b', 'a', 'c'], ['d'], 4],
  ['two more than the bound and the row of the others', ['e', 'b', 'more', 'a', 'd', 'c'], ['d', 'e'], 5],
];

it('has the rows it should have', () => expect(ROWS.length).toBe(5));

it.each(ROWS)('of %s those with the greatest hashes go, and nothing is ranked in vain', (_what, ids, surplus, ranked) => {
  const asked: string[] = [];
  const rank = (id: string): string => {
    asked.push(id);
    return id;
  };
  const facts = new Map(ids.map((id) => [id, undefined]));
  expect(surplusOf(facts, { rows: 3, overflowId: 'more', rank })).toEqual(surplus);
  expect(asked.length).toBe(ranked);
});
