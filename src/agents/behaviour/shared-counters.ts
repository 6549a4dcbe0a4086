import { DAY_MS, MINUTE_MS } from './settings.ts';
import { createTable, type Table } from './table.ts';

/** What is counted for budgets, and over which time: requests, tokens, millionths of a US dollar. */
export const COUNTERS = ['requests-minute', 'requests-day', 'tokens-minute', 'tokens-day', 'microUsd-day'] as const;
export type CounterName = (typeof COUNTERS)[number];

export interface CounterKey {
  /** A fingerprint of the kind and name of who is counted. */
  readonly subject: number;
  readonly counter: CounterName;
}

/**
 * Counters of budgets. Local ones belong to a process; with Redis they are the sum over all processes, as known at the last exchange of
 * sums. Nothing waits for a network and nothing throws. Amounts are whole numbers from 0.
 */
export interface SharedCounters {
  /** Returns what `read` would say after it. */
  add(key: CounterKey, amount: number, nowMs: number): number;
  /** In the last 60 s (the minute before counted by its share), or since midnight UTC. */
  read(key: CounterKey, nowMs: number): number;
}

/** Length of a counter's period: a minute, or a UTC day. */
export function periodMs(counter: CounterName): number {
  return PERIODS_MS[counter];
}

const PERIODS_MS = {
  'requests-minute': MINUTE_MS,
  'requests-day': DAY_MS,
  'tokens-minute': MINUTE_MS,
  'tokens-day': DAY_MS,
  'microUsd-day': DAY_MS,
} as const satisfies Record<CounterName, number>;

/** A minute slides: what is left of the minute before counts by its share. A day does not. */
export function slidingCount(counter: CounterName, { count, before }: { count: number; before: number }, nowMs: number): number {
  if (periodMs(counter) === DAY_MS) return count;
  return count + before * (1 - (nowMs % MINUTE_MS) / MINUTE_MS);
}

export interface LocalCounters extends SharedCounters {
  readonly table: Table<'period' | 'count' | 'before'>;
}

/** Counters of this process, bounded: the subject that was not counted for the longest is forgotten first. */
export function createLocalCounters(rowsMax: number): LocalCounters {
  const length = COUNTERS.length;
  const table = createTable({
    rowsMax,
    fields: { period: { type: 'f64', length }, count: { type: 'f64', length }, before: { type: 'f64', length } },
  });

  /** The place of a counter in its row, in the period of `nowMs`. A clock that went back starts the period anew. */
  function cellOf(row: number, counter: CounterName, nowMs: number): number {
    const cell = row * length + NUMBERS[counter];
    const { period: periods, count: counts, before: befores } = table.columns;
    const period = Math.floor(nowMs / periodMs(counter));
    if (periods[cell] === period) return cell;
    befores[cell] = periods[cell] === period - 1 ? counts[cell]! : 0;
    counts[cell] = 0;
    periods[cell] = period;
    return cell;
  }

  const countAt = (cell: number, counter: CounterName, nowMs: number): number =>
    slidingCount(counter, { count: table.columns.count[cell]!, before: table.columns.before[cell]! }, nowMs);

  return {
    table,
    add({ subject, counter }, amount, nowMs) {
      const cell = cellOf(table.open(subject), counter, nowMs);
      table.columns.count[cell]! += amount;
      return countAt(cell, counter, nowMs);
    },
    read({ subject, counter }, nowMs) {
      const row = table.find(subject);
      return row < 0 ? 0 : countAt(cellOf(row, counter, nowMs), counter, nowMs);
    },
  };
}

const NUMBERS = Object.fromEntries(COUNTERS.map((counter, at) => [counter, at])) as Record<CounterName, number>; // one for each
