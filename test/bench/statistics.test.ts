import { describe, expect, test } from 'vitest';
import { quantile, rounded, spread } from '../../bench/harness/statistics.ts';

describe('spread', () => {
  test.each([
    [[7], { median: 7, iqr: 0 }],
    [[3, 1, 2], { median: 2, iqr: 2 }],
    [[9, 1, 8, 2, 7, 3, 6, 4, 5], { median: 5, iqr: 4 }],
    [[10, 9, 100, 8, 11, 12, 7], { median: 10, iqr: 4 }],
  ])('of %j is %j', (values, expected) => {
    expect(spread(values)).toEqual(expected);
  });

  test('of nothing is no number', () => {
    expect(spread([])).toEqual({ median: Number.NaN, iqr: Number.NaN });
  });

  test('leaves the values as they stand', () => {
    const values = [3, 1, 2];
    spread(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

test('a quantile is a value that was measured, and the last one is the largest', () => {
  const values = Array.from({ length: 100 }, (_, at) => 100 - at);
  expect([0, 0.5, 0.99, 1].map((share) => quantile(values, share))).toEqual([1, 51, 100, 100]);
});

test('numbers are rounded to digits behind the point', () => {
  expect([rounded(1.005), rounded(2.345, 1), rounded(-0.5, 0), rounded(3)]).toEqual([1, 2.3, -1, 3]);
});
