import { describe, expect, test } from 'vitest';
import { type CounterHub, createCounterHub, isCounts } from '../../../src/cli/workers/counter-hub.ts';

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

describe('after a restart', () => {
  const restarted = (hub: CounterHub, nowMs: number): CounterHub => {
    const next = createCounterHub();
    for (const piece of structuredClone([...hub.snapshot(nowMs)])) next.restore(piece);
    return next;
  };

  test('counts are those of a worker that has ended, also after another one', () => {
    const hub = createCounterHub();
    hub.merge('0.0', [row(3)], 0);
    hub.merge('1.0', [row(4)], 0);
    const next = restarted(hub, 0);
    expect(next.merge('0.0', [row(2)], 0)).toEqual([7]);
    expect(restarted(next, 0).merge('0.0', [row(1)], 0)).toEqual([9]);
  });

  test('a row is forgotten when it would have been', () => {
    const hub = createCounterHub();
    hub.merge('0.0', [row(3)], 0);
    expect(restarted(hub, 99).merge('0.0', [row(0)], 99)).toEqual([3]);
    expect(restarted(hub, 99).merge('0.0', [row(0)], 100)).toEqual([0]);
    expect([...hub.snapshot(100)]).toEqual([]);
  });

  test('of many rows each is known again', () => {
    const hub = createCounterHub();
    const all = Array.from({ length: 12_000 }, (_, at) => row(at + 1, `row-${at}`));
    hub.merge('0.0', all, 0);
    expect([...hub.snapshot(0)].map(({ rows }) => rows.length)).toEqual([5_000, 5_000, 2_000]);
    expect(restarted(hub, 0).merge('0.0', all, 0)).toEqual(all.map(({ mine }) => mine));
  });

  test.each([
    ['counts', { kind: 'counts', rows: [{ name: 'a', count: 1, untilMs: 2 }] }, true],
    ['a piece of another kind', { kind: 'denied', piece: [] }, false],
    ['counts below nothing', { kind: 'counts', rows: [{ name: 'a', count: -1, untilMs: 2 }] }, false],
    ['counts without end', { kind: 'counts', rows: [{ name: 'a', count: 1, untilMs: Number.POSITIVE_INFINITY }] }, false],
    ['nothing', undefined, false],
  ])('%s are counts: %#', (_, piece, isOne) => expect(isCounts(piece)).toBe(isOne));
});
