import type { Agents } from './agents.ts';
import { createDrip, DRIP_ALARM, DRIP_FIELDS } from './drip.ts';
import type { ObservedId } from './event.ts';
import type { BehaviourFinding, Subject } from './finding.ts';
import type { Fingerprints } from './fingerprint.ts';
import { KINDS } from './kinds.ts';
import { amountOf, learned, WEEK_RISE } from './level.ts';
import { DAY_MS } from './settings.ts';
import { type CurrentPolicy, expectation, type Moment, type Sighting } from './sighting.ts';
import { addDistinct, countDistinct } from './sketch.ts';
import { createTable, type Table } from './table.ts';

const WINDOW_BYTES = 16;
const DAY_BYTES = 32;
const LEVEL_MAX = 255;
const WEEK_DAYS = 7;
/** Ids that lie this close follow each other: steps of one, and those of lists that leave some out. */
const STEP_MAX = 3;

/** Distinct ids in a window, and the longest sequence: each with a learned upper bound. */
const LEVELS = 2;

const FIELDS = {
  firstDay: { type: 'u16', length: 1 },
  day: { type: 'u16', length: 1 },
  window: { type: 'f64', length: 1 },
  windowIds: { type: 'u8', length: WINDOW_BYTES },
  dayIds: { type: 'u8', length: DAY_BYTES },
  levels: { type: 'u8', length: LEVELS },
  caps: { type: 'u8', length: LEVELS },
  dayMost: { type: 'u16', length: LEVELS },
  week: { type: 'u16', length: 1 },
  lastOrder: { type: 'f64', length: 1 },
  run: { type: 'u16', length: 1 },
  ...DRIP_FIELDS,
} as const;

/** Where ids stood: an endpoint or a tool, as one agent uses it. */
export interface Place {
  readonly fingerprint: number;
  readonly object: NonNullable<BehaviourFinding['object']>;
  readonly ids: readonly ObservedId[];
}

/** The agent who uses it. */
export interface PlaceAgent {
  readonly row: number;
  readonly subject: Subject;
}

export interface Places {
  readonly table: Table<keyof typeof FIELDS>;
  observe(place: Place, agent: PlaceAgent, moment: Moment): readonly Sighting[];
}

/** Ids by place: many different ones in a window, many in sequence, or a few more each day. */
export function createPlaces(rowsMax: number, policy: CurrentPolicy, agents: Agents, fingerprints: Fingerprints): Places {
  const table = createTable({ rowsMax, fields: FIELDS });
  const drip = createDrip(table, () => policy().rules['slow-drip'].floor);
  const windowIds = (row: number) => ({ column: table.columns.windowIds, start: row * WINDOW_BYTES, length: WINDOW_BYTES });
  const dayIds = (row: number) => ({ column: table.columns.dayIds, start: row * DAY_BYTES, length: DAY_BYTES });

  function begin(row: number, { day }: Moment): void {
    table.columns.firstDay[row] = day;
    table.columns.day[row] = day;
    table.columns.caps.fill(LEVEL_MAX, row * LEVELS, (row + 1) * LEVELS);
  }

  function closeDay(row: number, agentRow: number, moment: Moment): void {
    const last = table.columns.day[row]!;
    // A clock that went back only begins the day anew.
    if (moment.day > last) {
      const learn = agents.mayLearn(agentRow, moment.hour);
      drip.close(row, last, countDistinct(dayIds(row)), learn);
      if (moment.day - last <= WEEK_DAYS) for (let day = last + 1; day < moment.day; day++) drip.close(row, day, 0, learn);
      if (learn) learnDay(row);
      capWeek(row, moment.day);
    }
    table.columns.day[row] = moment.day;
    table.columns.dayIds.fill(0, row * DAY_BYTES, (row + 1) * DAY_BYTES);
    table.columns.dayMost.fill(0, row * LEVELS, (row + 1) * LEVELS);
  }

  function learnDay(row: number): void {
    const { levels, caps, dayMost: most } = table.columns;
    for (let cell = row * LEVELS; cell < (row + 1) * LEVELS; cell++) levels[cell] = learned(levels[cell]!, most[cell]!, caps[cell]!);
  }

  function capWeek(row: number, day: number): void {
    const week = Math.floor(Math.max(0, day - table.columns.firstDay[row]!) / WEEK_DAYS);
    if (week === table.columns.week[row]) return;
    table.columns.week[row] = week;
    const { levels, caps } = table.columns;
    for (let cell = row * LEVELS; cell < (row + 1) * LEVELS; cell++) caps[cell] = Math.min(LEVEL_MAX, levels[cell]! + WEEK_RISE);
  }

  function open(fingerprint: number, agentRow: number, moment: Moment): number {
    const row = table.open(fingerprint);
    if (table.columns.firstDay[row] === 0) begin(row, moment);
    if (table.columns.day[row] !== moment.day) closeDay(row, agentRow, moment);
    const window = Math.floor(moment.ms / policy().rules.enumeration.windowMs);
    if (table.columns.window[row] !== window) {
      table.columns.window[row] = window;
      table.columns.windowIds.fill(0, row * WINDOW_BYTES, (row + 1) * WINDOW_BYTES);
    }
    return row;
  }

  function count(row: number, { hash, order }: ObservedId): void {
    const fingerprint = fingerprints.of(KINDS.id, hash, 0);
    addDistinct(windowIds(row), fingerprint);
    addDistinct(dayIds(row), fingerprint);
    if (order === undefined || !Number.isFinite(order)) return;
    const { lastOrder: orders, run: runs } = table.columns;
    const step = Math.abs(order - orders[row]!);
    orders[row] = order;
    if (step === 0) return;
    runs[row] = step <= STEP_MAX ? Math.min(0xffff, runs[row]! + 1) : runs[row]! >> 1;
  }

  /** What was learned of the place; of a new one what was learned of the agent's other places; undefined when the agent is new as well. */
  function boundOf(row: number, level: number, value: number, agent: PlaceAgent, moment: Moment): number | undefined {
    const most = table.columns.dayMost;
    const cell = row * LEVELS + level;
    most[cell] = Math.min(0xffff, Math.max(most[cell]!, value));
    const bound = agents.dailyBound(agent.row, 'distinctIds', value, moment);
    if (bound === undefined || moment.day - table.columns.firstDay[row]! < policy().coldStartDays) return bound;
    return amountOf(table.columns.levels[cell]!);
  }

  function enumeration(
    row: number,
    agent: PlaceAgent,
    moment: Moment,
  ): Pick<Sighting, 'measure' | 'expected' | 'seen' | 'windowMs' | 'basis'> | undefined {
    const rule = policy().rules.enumeration;
    const different = countDistinct(windowIds(row));
    const many = expectation(rule, boundOf(row, 0, different, agent, moment));
    if (different > many.expected) return { measure: 'distinctIds', seen: different, windowMs: rule.windowMs, ...many };
    const run = table.columns.run[row]!;
    const sequence = expectation(rule, boundOf(row, 1, run, agent, moment), rule.floor / 2);
    return run > sequence.expected ? { measure: 'sequentialIds', seen: run, windowMs: 0, ...sequence } : undefined;
  }

  function dripping(
    row: number,
    agent: PlaceAgent,
    { day }: Moment,
  ): Pick<Sighting, 'measure' | 'expected' | 'seen' | 'windowMs' | 'basis'> | undefined {
    if (!agents.isKnown(agent.row, day)) return undefined;
    const seen = countDistinct(dayIds(row));
    const expected = drip.expected(row, day);
    if (seen <= expected || drip.sumWith(row, day, seen) <= DRIP_ALARM) return undefined;
    return { measure: 'distinctIds', expected, seen, windowMs: DAY_MS, basis: 'learned' };
  }

  return {
    table,
    observe({ fingerprint, object, ids }, agent, moment) {
      const row = open(fingerprint, agent.row, moment);
      for (const id of ids) count(row, id);
      const about = { subject: agent.subject, object };
      const fast = enumeration(row, agent, moment);
      if (fast !== undefined) return [{ name: 'enumeration', ...about, ...fast }];
      const slow = dripping(row, agent, moment);
      return slow === undefined ? [] : [{ name: 'slow-drip', ...about, ...slow }];
    },
  };
}
