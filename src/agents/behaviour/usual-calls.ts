import type { Agents } from './agents.ts';
import { amountOf, learned, WEEK_RISE } from './level.ts';
import type { CurrentPolicy, Moment } from './sighting.ts';
import { createTable, type Table } from './table.ts';

const LEVEL_MAX = 255;
const WEEK_DAYS = 7;
/** A call that was first repeated so many days ago is usual: one whole day of it is known. */
const USUAL_DAYS = 2;
/** A usual call has ended when it is away for so many of the pauses that it had when it was most frequent. */
const PAUSES = 12;

const FIELDS = {
  firstDay: { type: 'u16', length: 1 },
  day: { type: 'u16', length: 1 },
  week: { type: 'u16', length: 1 },
  dayMost: { type: 'u16', length: 1 },
  level: { type: 'u8', length: 1 },
  cap: { type: 'u8', length: 1 },
} as const;

/** A call, the same tool with the same arguments, that was repeated so often in a window. */
export interface RepeatedCall {
  /** Of the call, below its agent. */
  readonly fingerprint: number;
  readonly seen: number;
}

export interface UsualCalls {
  readonly table: Table<keyof typeof FIELDS>;
  /** How often the agent may be expected to repeat this call, and notes how often it did; undefined while the agent is not known. */
  bound(call: RepeatedCall, agentRow: number, moment: Moment): number | undefined;
}

/**
 * Calls that agents repeat day after day, as pollers do: each has a learned upper bound of its own, and while one goes on it is no excuse for
 * a loop of another call. A call that is repeated when no usual one is (a poll with new arguments, one job after the other) is judged by all
 * that the agent ever repeats.
 */
export function createUsualCalls(rowsMax: number, policy: CurrentPolicy, agents: Agents): UsualCalls {
  const table = createTable({ rowsMax, fields: FIELDS });

  /** Without a level nothing was learned of it, because something stood. */
  const isUsual = (row: number, day: number): boolean => table.columns.level[row]! > 0 && day - table.columns.firstDay[row]! >= USUAL_DAYS;

  function closeDay(row: number, agentRow: number, { day, hour }: Moment): void {
    const { day: days, dayMost: most, level, cap } = table.columns;
    const last = days[row]!;
    // A clock that went back only begins the day anew.
    if (day > last && agents.mayLearn(agentRow, hour)) {
      const isCapped = isUsual(row, last) && agents.isKnown(agentRow, last);
      level[row] = learned(level[row]!, most[row]!, isCapped ? cap[row]! : LEVEL_MAX);
    }
    days[row] = day;
    most[row] = 0;
    capWeek(row, day);
  }

  /** Once in a week: how much more than now it may learn until the next one. */
  function capWeek(row: number, day: number): void {
    const { week: weeks, firstDay, level, cap } = table.columns;
    const week = Math.floor(Math.max(0, day - firstDay[row]! - USUAL_DAYS) / WEEK_DAYS);
    if (week === weeks[row] && cap[row] !== LEVEL_MAX) return;
    weeks[row] = week;
    cap[row] = isUsual(row, day) ? Math.min(LEVEL_MAX, level[row]! + WEEK_RISE) : LEVEL_MAX;
  }

  function open(fingerprint: number, agentRow: number, moment: Moment): number {
    const row = table.open(fingerprint);
    const { firstDay, day, cap } = table.columns;
    if (firstDay[row] === 0) {
      firstDay[row] = moment.day;
      day[row] = moment.day;
      cap[row] = LEVEL_MAX;
    }
    if (day[row] !== moment.day) closeDay(row, agentRow, moment);
    return row;
  }

  return {
    table,
    bound({ fingerprint, seen }, agentRow, moment) {
      const row = open(fingerprint, agentRow, moment);
      const { dayMost, level } = table.columns;
      dayMost[row] = Math.min(0xffff, Math.max(dayMost[row]!, seen));
      const ofAll = agents.dailyBound(agentRow, 'repeats', seen, moment);
      if (isUsual(row, moment.day)) {
        const own = amountOf(level[row]!);
        agents.pollsUntil(agentRow, moment.ms + (PAUSES * policy().rules.loop.windowMs) / Math.max(1, own));
        const ofOthers = agents.dailyBound(agentRow, 'otherRepeats', 0, moment);
        return ofOthers === undefined ? undefined : Math.max(own, ofOthers);
      }
      return agents.isPolling(agentRow, moment.ms) ? agents.dailyBound(agentRow, 'otherRepeats', seen, moment) : ofAll;
    },
  };
}
