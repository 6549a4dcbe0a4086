import { expect, test } from 'vitest';
import { heldDelays } from '../../bench/harness/held.ts';

test('an event that arrives before the next one leaves is not held', () => {
  expect(heldDelays({ startedMs: 0, sentMs: [1, 21, 41], arrivedMs: [3, 22, 45] })).toEqual({
    held: [0, 0, 0],
    delaysMs: [2, 1, 4],
    firstMs: 3,
    gapsMs: [19, 23],
  });
});

test('one that waited for the next is timed from there', () => {
  expect(heldDelays({ startedMs: 0, sentMs: [1, 21, 41], arrivedMs: [23, 42, 44] })).toEqual({
    held: [1, 1, 0],
    delaysMs: [2, 1, 3],
    firstMs: 3,
    gapsMs: [19, 2],
  });
});

test('one that waited for more than the next is timed from the next: that is delay', () => {
  expect(heldDelays({ startedMs: 0, sentMs: [1, 21, 41], arrivedMs: [46, 47, 48] })).toEqual({
    held: [2, 1, 0],
    delaysMs: [25, 6, 7],
    firstMs: 26,
    gapsMs: [1, 1],
  });
});
