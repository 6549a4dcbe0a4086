import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLocalCounters } from '../../src/agents/behaviour/shared-counters.ts';
import { type CounterRow, createMergedCounters } from '../../src/services/merged-counters.ts';

const EXCHANGE_MS = 5;
const NOW = Date.UTC(2026, 0, 5, 9);
const KEY = { subject: 7, counter: 'requests-day' } as const;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Others {
  /** Whether they answer. */
  isThere?: boolean;
  /** Called while sums are exchanged. */
  meanwhile?: () => void;
  /** What they have counted in every row. Default 10. */
  counted?: number;
}

/** Counters of one process that shares with others. */
function counting(others: Others = {}) {
  const told: (readonly CounterRow[])[] = [];
  const states: string[] = [];
  const counters = createMergedCounters({
    local: createLocalCounters(10),
    exchangeMs: EXCHANGE_MS,
    isReady: () => true,
    async exchange(rows) {
      told.push(rows);
      others.meanwhile?.();
      if (others.isThere === false) throw new Error('nobody answers');
      return rows.map(() => others.counted ?? 10);
    },
    onState: (state) => states.push(state),
  });
  return { counters, told: () => told.map((rows) => rows.map(({ mine }) => mine)), states };
}

const exchanges = (times: number) => vi.advanceTimersByTimeAsync(times * EXCHANGE_MS);

test('what is counted is told once, and then nothing runs until something is counted or read again', async () => {
  const { counters, told } = counting();
  await exchanges(1);
  expect([told(), vi.getTimerCount()]).toEqual([[[]], 0]);
  expect(counters.add(KEY, 2, NOW)).toBe(2);
  expect(vi.getTimerCount()).toBe(1);
  await exchanges(3);
  expect([told(), vi.getTimerCount()]).toEqual([[[], [2]], 0]);
  expect(counters.read(KEY, NOW)).toBe(12);
  await exchanges(3);
  expect([told(), vi.getTimerCount()]).toEqual([[[], [2], [2]], 0]);
});

test('what is counted while sums are exchanged is told with the next exchange', async () => {
  const others: Others = {};
  const { counters, told } = counting(others);
  await exchanges(1);
  counters.add(KEY, 1, NOW);
  others.meanwhile = () => {
    delete others.meanwhile;
    counters.add({ ...KEY, subject: 8 }, 3, NOW);
  };
  await exchanges(3);
  expect([told(), vi.getTimerCount()]).toEqual([[[], [1], [3]], 0]);
});

test('while nobody answers it is tried again each time, also where nothing is counted', async () => {
  const others = { isThere: false };
  const { counters, told, states } = counting(others);
  counters.add(KEY, 1, NOW);
  await exchanges(3);
  expect([told(), states]).toEqual([[[1], [1], [1]], ['local']]);
  others.isThere = true;
  await exchanges(1);
  expect([states, vi.getTimerCount()]).toEqual([['local', 'connected'], 0]);
  counters.failed('no connection');
  await exchanges(1);
  expect(states).toEqual(['local', 'connected', 'local', 'connected']);
});

test('what the others counted is not less because who adds it up has forgotten', async () => {
  const others: Others = {};
  const { counters } = counting(others);
  counters.add(KEY, 1, NOW);
  await exchanges(1);
  others.counted = 0;
  counters.failed('no connection');
  await exchanges(1);
  expect(counters.read(KEY, NOW)).toBe(11);
  others.counted = 25;
  await exchanges(1);
  expect(counters.read(KEY, NOW)).toBe(26);
});

test('once closed no timer is left, whatever is counted', async () => {
  const { counters, told } = counting();
  counters.add(KEY, 1, NOW);
  await counters.close();
  counters.add(KEY, 1, NOW);
  expect([told(), vi.getTimerCount()]).toEqual([[[1]], 0]);
});
