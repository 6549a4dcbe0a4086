import { describe, expect, it } from 'vitest';
import { mean, quantile, shareOf } from '../../eval/statistics.ts';

describe('a share', () => {
  it('has the Wilson interval of published tables', () => {
    const { share, low, high } = shareOf(81, 263); // R. G. Newcombe, 1998, table I: 0.2553 to 0.3662
    expect([share, low, high].map((value) => value.toFixed(4))).toEqual(['0.3080', '0.2553', '0.3662']);
  });

  it('stays between 0 and 1 at either end, and is wide where little was counted', () => {
    expect(shareOf(0, 10)).toMatchObject({ share: 0, low: 0 });
    expect(shareOf(0, 10).high).toBeCloseTo(0.2775, 3);
    expect(shareOf(10, 10).high).toBeCloseTo(1, 12);
    expect(shareOf(0, 0)).toEqual({ hits: 0, of: 0, share: 0, low: 0, high: 1 });
  });
});

it('mean and quantile are of what is there, and 0 of nothing', () => {
  expect([mean([1, 2, 6]), mean([]), quantile([3, 1, 2], 0.99), quantile([], 0.5)]).toEqual([3, 0, 3, 0]);
});
