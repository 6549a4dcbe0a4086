import { expect, test } from 'vitest';
import { SliceQueue } from '../../../src/exchange/inspection/slice-queue.ts';
import { SLICE_UNITS, type Slices } from '../../../src/lib/slices.ts';

function* work(name: string, done: string[]): Slices {
  done.push(`${name}1`);
  yield;
  done.push(`${name}2`);
}

test('work is done in its order, a slice at a time, and is done when its last slice is', () => {
  const done: string[] = [];
  const queue = new SliceQueue();
  queue.add(work('a', done));
  queue.add(work('b', done));
  const ended = [queue.next(), queue.next(), queue.next(), queue.next()];
  expect({ done, ended, isBusy: queue.isBusy }).toEqual({
    done: ['a1', 'a2', 'b1', 'b2'],
    ended: [false, true, false, true],
    isBusy: false,
  });
});

test('what is dropped is not done', () => {
  const done: string[] = [];
  const queue = new SliceQueue();
  queue.add(work('a', done));
  queue.clear();
  expect({ ended: queue.next(), done, isBusy: queue.isBusy }).toEqual({ ended: false, done: [], isBusy: false });
});

test('a slice is full at so many units, and the next one begins empty', () => {
  const queue = new SliceQueue();
  expect([queue.isFull(SLICE_UNITS - 1), queue.isFull(1)]).toEqual([false, true]);
  queue.next();
  expect(queue.isFull(SLICE_UNITS - 1)).toBe(false);
});
