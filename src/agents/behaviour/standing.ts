import { levelOf } from './level.ts';
import type { Field, Table } from './table.ts';

const DAY_HOURS = 24;
/** A finding that stands is said again after a day, two, four, then every week. */
const AGAIN_HOURS_MAX = 7 * DAY_HOURS;

type StandingField = 'standLast' | 'standNext' | 'standTimes' | 'standLevel';

/** The columns of a table whose rows can have `count` different findings standing. */
export function standingFields(count: number) {
  return {
    standLast: { type: 'u32', length: count },
    standNext: { type: 'u32', length: count },
    standTimes: { type: 'u8', length: count },
    standLevel: { type: 'u8', length: count },
  } as const satisfies Record<StandingField, Field>;
}

export interface Standing {
  /** Whether any finding of the row was seen in the last hours: nothing is learned then. */
  any(row: number, hour: number): boolean;
  /** Notes that a finding was seen, and says whether it is news: the first one, one of twice the amount, or one that stands for long. */
  see(row: number, sight: Sight): boolean;
  clear(row: number): void;
}

/** A finding as it is seen: the how many-th of its row it is, when, and its amount. */
export interface Sight {
  readonly which: number;
  readonly hour: number;
  readonly seen: number;
}

/** Levels from an amount to twice the amount. */
const TWICE = 8;

/** What stands for each row of a table, and for how many hours after it was last seen. */
export function createStanding(table: Pick<Table<StandingField>, 'columns'>, count: number, hours: () => number): Standing {
  /** Times from the future are of a clock that went back since. */
  const stands = (last: number, hour: number): boolean => last !== 0 && last <= hour && hour - last <= hours();

  return {
    any(row, hour) {
      const last = table.columns.standLast;
      for (let at = row * count; at < (row + 1) * count; at++) if (stands(last[at]!, hour)) return true;
      return false;
    },
    see(row, { which, hour, seen }) {
      const at = row * count + which;
      const { standLast: last, standNext: next, standTimes: times } = table.columns;
      const told = table.columns.standLevel;
      const standing = stands(last[at]!, hour);
      last[at] = hour;
      if (standing && hour < next[at]! && levelOf(seen) < told[at]! + TWICE) return false;
      told[at] = levelOf(seen);
      times[at] = standing ? Math.min(times[at]! + 1, 8) : 0;
      next[at] = hour + Math.min(DAY_HOURS * 2 ** times[at]!, AGAIN_HOURS_MAX);
      return true;
    },
    clear(row) {
      for (const name of ['standLast', 'standNext', 'standTimes', 'standLevel'] as const)
        table.columns[name].fill(0, row * count, (row + 1) * count);
    },
  };
}
