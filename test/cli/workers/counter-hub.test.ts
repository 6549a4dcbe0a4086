import { expect, test } from 'vitest';
import { createCounterHub } from '../../../src/cli/workers/counter-hub.ts';

const row = (mine: number, name = 'row') => ({ name, mine, keepMs: 100 });

test('each worker gets what the others have counted, and telling a count twice changes nothing', () => {
  const hub = createCounterHub();
  expect(hub.merge('a', [row(3)], 0)).toEqual([0]);
  expect(hub.merge('b', [row(4)], 0)).toEqual([3]);
  expect(hub.merge('b', [row(4)], 0)).toEqual([3]);
  expect(hub.merge('a', [row(5), row(0, 'other')], 0)).toEqual([4, 0]);
});

test('what an ended worker has counted stays for the one that comes after it', () => {
  const hub = createCounterHub();
  hub.merge('0.0', [row(7)], 0);
  expect(hub.merge('0.1', [row(0)], 0)).toEqual([7]);
});

test('a row nobody has asked for within its time begins anew', () => {
  const hub = createCounterHub();
  hub.merge('a', [row(3)], 0);
  expect(hub.merge('b', [row(0)], 99)).toEqual([3]);
  expect(hub.merge('b', [row(0)], 199)).toEqual([0]);
});

test('of too many rows the one unused for the longest goes', () => {
  const hub = createCounterHub(2);
  hub.merge('a', [row(1, 'x'), row(1, 'y')], 0);
  hub.merge('a', [row(1, 'x'), row(1, 'z')], 0);
  expect(hub.merge('b', [row(0, 'x'), row(0, 'z')], 0)).toEqual([1, 1]);
  expect(hub.merge('b', [row(0, 'y')], 0)).toEqual([0]);
});
