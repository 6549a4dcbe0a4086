import { describe, expect, test } from 'vitest';
import { amountOf, learned, levelOf } from '../../../src/agents/behaviour/level.ts';
import { addDistinct, countDistinct, countFrequent, halveFrequent } from '../../../src/agents/behaviour/sketch.ts';
import { createRandom } from '../../support/random.ts';

describe('counting different things', () => {
  test.each([
    { bytes: 16, distinct: 5, error: 0.12 },
    { bytes: 16, distinct: 40, error: 0.075 },
    { bytes: 16, distinct: 200, error: 0.15 },
    { bytes: 32, distinct: 200, error: 0.09 },
    { bytes: 32, distinct: 600, error: 0.15 },
  ])('$distinct in $bytes bytes, each seen three times, is right within $error on average', ({ bytes, distinct, error }) => {
    const random = createRandom();
    const errors = Array.from({ length: 200 }, () => {
      const cells = { column: new Uint8Array(bytes + 2), start: 1, length: bytes };
      const things = Array.from({ length: distinct }, () => random.below(2 ** 31));
      for (const thing of [...things, ...things, ...things]) addDistinct(cells, thing);
      expect([cells.column[0], cells.column.at(-1)]).toEqual([0, 0]);
      return Math.abs(countDistinct(cells) - new Set(things).size) / distinct;
    });
    expect(errors.reduce((sum, one) => sum + one, 0) / errors.length).toBeLessThan(error);
  });

  test('a full bitmap says so many or more', () => {
    const cells = { column: new Uint8Array(16).fill(255), start: 0, length: 16 };
    expect(countDistinct(cells)).toBe(621);
  });
});

describe('counting the most frequent', () => {
  const frequent = () => ({
    keys: { column: new Uint32Array(8), start: 0, length: 8 },
    counts: new Uint16Array(8),
    errors: new Uint16Array(8),
  });

  test('is never too high, and too low by an eighth of all calls at most', () => {
    const random = createRandom();
    const state = frequent();
    const exact = new Map<number, number>();
    for (let call = 1; call <= 5_000; call++) {
      const key = random.below(3) === 0 ? 7 : 100 + random.below(200);
      const truth = (exact.get(key) ?? 0) + 1;
      exact.set(key, truth);
      const seen = countFrequent(state, key);
      expect(seen).toBeLessThanOrEqual(truth);
      expect(seen).toBeGreaterThanOrEqual(truth - call / 8);
    }
  });

  test('forgets by halves', () => {
    const state = frequent();
    for (let call = 0; call < 10; call++) countFrequent(state, 7);
    halveFrequent(state);
    expect(countFrequent(state, 7)).toBe(6);
  });

  test('stops at the largest number it can hold', () => {
    const state = frequent();
    for (let call = 0; call < 70_000; call++) countFrequent(state, 7);
    expect(countFrequent(state, 7)).toBe(65_535);
  });
});

describe('a learned level', () => {
  test.each([0, 1, 2, 10, 1_000, 123_456, 2e9])('of %d is right within 5 %%', (amount) => {
    expect(Math.abs(amountOf(levelOf(amount)) - amount)).toBeLessThanOrEqual(0.05 * amount);
  });

  test('goes up at once to its cap, down by one step a value, and never below nothing', () => {
    const [ten, hundred] = [levelOf(10), levelOf(100)];
    expect(learned(0, 10, 255)).toBe(ten);
    expect(learned(ten, 100, 255)).toBe(hundred);
    expect(learned(ten, 100, ten + 3)).toBe(ten + 3);
    expect(learned(hundred, 100, ten)).toBe(hundred);
    expect(learned(hundred, 0, 255)).toBe(hundred - 1);
    expect(learned(0, 0, 255)).toBe(0);
  });
});
