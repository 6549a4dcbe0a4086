import { dayType } from './season.ts';
import type { Field, Table } from './table.ts';

type DripField = 'dripMean' | 'dripSpread' | 'dripDays' | 'dripSum';

/** The columns of a table that follows a daily total of each row: for working days and for weekends apart. */
export const DRIP_FIELDS = {
  dripMean: { type: 'f32', length: 2 },
  dripSpread: { type: 'f32', length: 2 },
  dripDays: { type: 'u8', length: 2 },
  dripSum: { type: 'f32', length: 1 },
} as const satisfies Record<DripField, Field>;

/** Of a day's surprise this much is usual: one spread. */
const ALLOWANCE = 1;
/** One day counts no more than this many spreads: a single loud day is for the other findings. */
const SURPRISE_MAX = 3;
/** So much must have come together: three of the loudest days, five of two spreads each, ten of one and a half. */
export const DRIP_ALARM = 5;
/** A suspicion from here on: its days are not learned. */
const SUSPICION = 2;
/** Weight of a new day; the past week and a half of its kind is what is known. */
const WEIGHT = 0.12;

export interface Drip {
  /** How high the sum of surprises is with a day on which there were `total` so far. Alarm over `DRIP_ALARM`. */
  sumWith(row: number, day: number, total: number): number;
  /** What this day was expected to have at most for nothing to add up. */
  expected(row: number, day: number): number;
  /** Ends a day. */
  close(row: number, day: number, total: number, learn: boolean): void;
}

/**
 * Slow drips: a little more each day, each day by itself within bounds. The surprises of days add up (a one-sided CUSUM, E. S. Page 1954) and
 * usual days take away from the sum. `floor` is what a day may always have more; a third of it is the least spread.
 */
export function createDrip(table: Pick<Table<DripField>, 'columns'>, floor: () => number): Drip {
  const spreadAt = (cell: number, mean: number): number => Math.max(1.25 * table.columns.dripSpread[cell]!, floor() / 3, 0.2 * mean);

  function surprise(row: number, day: number, total: number): number {
    const cell = 2 * row + dayType(day);
    const mean = table.columns.dripMean[cell]!;
    if (table.columns.dripDays[cell] === 0) return 0;
    return Math.min(SURPRISE_MAX, (total - mean) / spreadAt(cell, mean)) - ALLOWANCE;
  }

  function learn(cell: number, total: number): void {
    const { dripMean: means, dripSpread: spreads, dripDays: days } = table.columns;
    const seen = days[cell]!;
    const mean = means[cell]!;
    const highest = seen < 4 ? total : mean + SURPRISE_MAX * spreadAt(cell, mean);
    const value = Math.min(total, highest);
    const weight = Math.max(WEIGHT, 1 / (seen + 1));
    means[cell] = mean + weight * (value - mean);
    spreads[cell]! += weight * (Math.abs(value - (seen === 0 ? value / 2 : mean)) - spreads[cell]!);
    days[cell] = Math.min(255, seen + 1);
  }

  const sumWith = (row: number, day: number, total: number): number => Math.max(0, table.columns.dripSum[row]! + surprise(row, day, total));

  return {
    sumWith,
    expected(row, day) {
      const cell = 2 * row + dayType(day);
      const mean = table.columns.dripMean[cell]!;
      return mean + ALLOWANCE * spreadAt(cell, mean);
    },
    close(row, day, total, mayLearn) {
      const sum = sumWith(row, day, total);
      table.columns.dripSum[row] = Math.min(sum, 2 * DRIP_ALARM);
      if (mayLearn && sum <= SUSPICION) learn(2 * row + dayType(day), total);
    },
  };
}
