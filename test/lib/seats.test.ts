import { expect, test } from 'vitest';
import { Seats } from '../../src/lib/seats.ts';
import { openCollector } from '../support/collector.ts';

test('each has its place until it leaves, and then somebody else may have it', () => {
  const seats = new Seats<string>();
  const [a, b, c] = [seats.take('a'), seats.take('b'), seats.take('c')];
  seats.leave(b);
  expect([seats.size, seats.at(a), seats.at(b), seats.at(c), [...seats.all()]]).toEqual([2, 'a', undefined, 'c', ['a', 'c']]);
  const d = seats.take('d');
  expect([d, seats.size, seats.at(d), [...seats.all()]]).toEqual([b, 3, 'd', ['a', 'd', 'c']]);
});

test('a place that is left twice is given to one', () => {
  const seats = new Seats<string>();
  const a = seats.take('a');
  for (const place of [a, a, -1, 7]) seats.leave(place);
  expect([seats.size, seats.take('b'), seats.take('c'), seats.size]).toEqual([0, a, a + 1, 2]);
});

test('who leaves while all are looked at is not given', () => {
  const seats = new Seats<string>();
  const places = ['a', 'b', 'c'].map((one) => seats.take(one));
  const given: string[] = [];
  for (const one of seats.all()) {
    given.push(one);
    if (one === 'a') for (const place of places.slice(0, 2)) seats.leave(place);
  }
  expect(given).toEqual(['a', 'c']);
});

test('the collector keeps nothing of those who have left, though it does not go through the whole heap', () => {
  const collector = openCollector();
  const seats = new Seats<{ readonly load: readonly number[] }>();
  const open: number[] = [];
  const come = (): void => void open.push(seats.take({ load: new Array<number>(LOAD_BYTES / 8).fill(0.5) }));
  for (let i = 0; i < AT_ONCE; i++) come();
  collector.everything(); // they are old from here on
  const before = collector.usedBytes();
  for (let round = 0; round < 100; round++) {
    for (let i = 0; i < 10 * AT_ONCE; i++) {
      come();
      seats.leave(open.shift()!);
    }
    collector.young();
  }
  const passed = 1000 * AT_ONCE * LOAD_BYTES;
  expect(collector.usedBytes() - before).toBeLessThan(passed / 20);
});

const AT_ONCE = 32;
const LOAD_BYTES = 1024;
