import { expect, it, test } from 'vitest';
import { createTokenVault } from '../../src/services/token-vault.ts';

const one = (token: string, value = 'x'): ReadonlyMap<string, string> => new Map([[token, value]]);

it('gives what was put for a scope, all of it, and nothing to others', () => {
  const vault = createTokenVault();
  vault.put('a', one('T', '1'), 0);
  vault.put('a', one('U', '2'), 1);
  expect([...vault.get('a', 2)]).toEqual([
    ['T', '1'],
    ['U', '2'],
  ]);
  expect(vault.get('b', 2).size).toBe(0);
});

it('forgets the scope that was not used for the longest time, and counts its tokens', () => {
  const vault = createTokenVault({ entriesMax: 2 });
  vault.put('a', one('T'), 0);
  vault.put('b', one('T'), 1);
  vault.get('a', 2);
  vault.put('c', one('T'), 3);
  expect(['a', 'b', 'c'].map((scope) => vault.get(scope, 4).size)).toEqual([1, 0, 1]);
  expect(vault.stats).toMatchObject({ scopes: 2, entries: 2, forgotten: 1 });
});

test.each([
  [1000, 1],
  [1001, 0],
])('has after %i ms of at most 1000 %i tokens', (ms, size) => {
  const vault = createTokenVault({ forgetMs: 1000 });
  vault.put('a', one('T'), 0);
  expect(vault.get('a', ms).size).toBe(size);
});

it('keeps no more bytes than it may, whatever comes', () => {
  const vault = createTokenVault({ bytesMax: 10_000 });
  for (let i = 0; i < 1000; i++) vault.put(`scope ${i % 50}`, one(`T${i}`, 'y'.repeat(i % 300)), i);
  expect(vault.stats.bytes).toBeLessThanOrEqual(10_000);
  expect(vault.stats.entries + vault.stats.forgotten).toBe(1000);
});

it('forgets even the scope in use when it alone is too much', () => {
  const vault = createTokenVault({ bytesMax: 100 });
  vault.put('a', one('T', 'y'.repeat(100)), 0);
  expect(vault.stats).toEqual({ scopes: 0, entries: 0, bytes: 0, forgotten: 1 });
});
