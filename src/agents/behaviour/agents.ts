import { createDrip, DRIP_ALARM, DRIP_FIELDS, type Drip } from './drip.ts';
import { BEHAVIOUR_NAMES, type BehaviourName, type Measure, type Subject } from './finding.ts';
import { amountOf, learned, WEEK_RISE } from './level.ts';
import { alikeHours, dayOf, HOURS_OF_WEEK, hourOfWeek } from './season.ts';
import { DAY_MS, HOUR_MS } from './settings.ts';
import { type CurrentPolicy, expectation, type Moment, type Sighting } from './sighting.ts';
import { addDistinct, countDistinct } from './sketch.ts';
import { createStanding, type Standing, standingFields } from './standing.ts';
import { createTable, type Table } from './table.ts';

/** What an hour is judged by, against the same hours of earlier weeks. */
const HOURLY = ['requests', 'tokens', 'sensitiveValues', 'names'] as const satisfies readonly Measure[];
/** What a day is judged by: the highest of its turns, runs and ten minutes. `otherRepeats`: of calls beside those that it usually repeats. */
const DAILY = ['toolCalls', 'repeats', 'otherRepeats', 'refusals', 'distinctIds'] as const;
export type DailyMeasure = (typeof DAILY)[number];

const HOURLY_RULES = { requests: 'rate', tokens: 'tokens', sensitiveValues: 'volume', names: 'fan-out' } as const satisfies Record<
  (typeof HOURLY)[number],
  BehaviourName
>;

const NAMES_BYTES = 16;
const LEVEL_MAX = 255;
const WEEK_DAYS = 7;
/** An event that comes this many hours late still counts, in the hour that runs. */
const LATE_HOURS = 2;
/** A part of the week's peak is never strange, at whichever hour. */
const PEAK_SHARE = 8;
/** A refusal or denial weighs four answers: a run goes on as long as more than every fifth request is refused. */
const RUN_WEIGHT = 4;
const RUN_MAX = 60_000;
/** First uses of one agent that are told in one day; more of them are a matter of `fan-out`. */
const FIRST_USES_MAX = 5;

const FIELDS = {
  season: { type: 'u8', length: HOURS_OF_WEEK * HOURLY.length },
  peak: { type: 'u8', length: HOURLY.length },
  cap: { type: 'u8', length: HOURLY.length },
  daily: { type: 'u8', length: DAILY.length },
  dailyCap: { type: 'u8', length: DAILY.length },
  dayMost: { type: 'u16', length: DAILY.length },
  firstDay: { type: 'u16', length: 1 },
  week: { type: 'u16', length: 1 },
  hour: { type: 'u32', length: 1 },
  counts: { type: 'f64', length: HOURLY.length },
  bounds: { type: 'f32', length: HOURLY.length },
  quiet: { type: 'u8', length: 1 },
  names: { type: 'u8', length: NAMES_BYTES },
  pollingUntil: { type: 'f64', length: 1 },
  daySensitive: { type: 'u32', length: 1 },
  refusals: { type: 'u16', length: 1 },
  denials: { type: 'u16', length: 1 },
  firstUses: { type: 'u8', length: 1 },
  ...DRIP_FIELDS,
  ...standingFields(BEHAVIOUR_NAMES.length),
} as const;

/** How busy an agent is says nothing before it is known; what it takes does. */
const JUDGED_COLD: ReadonlySet<BehaviourName> = new Set(['volume', 'fan-out']);

/** What one exchange adds to its agent. */
export interface AgentAmounts {
  readonly tokens: number;
  readonly sensitive: number;
  /** Fingerprints of its endpoint and tools. */
  readonly names: readonly number[];
  /** Whether the service refused it (4xx but 408 and 429, which ask for patience). */
  readonly refused: boolean;
  readonly denied: boolean;
}

/** Whom and when an exchange is about, and where to put what is seen. */
export interface Watch {
  readonly subject: Subject;
  readonly moment: Moment;
  readonly sightings: Sighting[];
}

export interface Agents {
  readonly table: Table<keyof typeof FIELDS>;
  readonly standing: Standing;
  /** The row of an agent, its hours and days ended up to now. Valid until the next `open`. */
  open(fingerprint: number, moment: Moment): number;
  observe(row: number, amounts: AgentAmounts, watch: Watch): void;
  /** Whether its history is long enough to judge it by. */
  isKnown(row: number, day: number): boolean;
  /** The upper bound that was learned, and notes the value of today; undefined while the agent is not known. */
  dailyBound(row: number, measure: DailyMeasure, value: number, moment: Moment): number | undefined;
  /** Notes that it repeats a call as it usually does, and is expected to go on until then, Unix milliseconds. */
  pollsUntil(row: number, untilMs: number): void;
  isPolling(row: number, nowMs: number): boolean;
  /** Whether today may be learned from. */
  mayLearn(row: number, hour: number): boolean;
  /** Counts something the agent uses for the first time; false: there were too many today to tell each. */
  firstUse(row: number): boolean;
  /** From now on as if new: what it does is learned, and nothing stands. */
  accept(row: number): void;
}

/** What is known of each agent: a learned week of hours, a learned day, and what runs at the moment. */
export function createAgents(rowsMax: number, policy: CurrentPolicy): Agents {
  const table = createTable({ rowsMax, fields: FIELDS });
  const standing = createStanding(table, BEHAVIOUR_NAMES.length, () => policy().standingHours);
  const drip: Drip = createDrip(table, () => policy().rules['slow-drip'].floor);

  /** As long as an agent is not known it is learned as it comes; later not while anything stands. */
  const mayLearn = (row: number, hour: number): boolean => !isKnown(row, dayOf(hour)) || !standing.any(row, hour);
  const namesOf = (row: number) => ({ column: table.columns.names, start: row * NAMES_BYTES, length: NAMES_BYTES });

  function isKnown(row: number, day: number): boolean {
    return day - table.columns.firstDay[row]! >= policy().coldStartDays;
  }

  function begin(row: number, moment: Moment): void {
    table.columns.firstDay[row] = moment.day;
    table.columns.cap.fill(LEVEL_MAX, row * HOURLY.length, (row + 1) * HOURLY.length);
    table.columns.dailyCap.fill(LEVEL_MAX, row * DAILY.length, (row + 1) * DAILY.length);
    enter(row, moment);
  }

  /** Learns the hour that ran, and silence for the hours since; after a week of silence nothing is learned from it. */
  function closeHour(row: number, last: number, hour: number): void {
    if (mayLearn(row, last)) {
      learnHour(row, last, table.columns.counts.subarray(row * HOURLY.length, (row + 1) * HOURLY.length));
      if (hour - last <= HOURS_OF_WEEK) for (let silent = last + 1; silent < hour; silent++) learnHour(row, silent, SILENCE);
    }
    clearHour(row);
  }

  function learnHour(row: number, hour: number, counts: ArrayLike<number>): void {
    const season = table.columns.season;
    const cap = table.columns.cap;
    const start = (row * HOURS_OF_WEEK + hourOfWeek(hour)) * HOURLY.length;
    for (let at = 0; at < HOURLY.length; at++) {
      season[start + at] = learned(season[start + at]!, counts[at]!, cap[row * HOURLY.length + at]!);
    }
  }

  function clearHour(row: number): void {
    table.columns.counts.fill(0, row * HOURLY.length, (row + 1) * HOURLY.length);
    table.columns.names.fill(0, row * NAMES_BYTES, (row + 1) * NAMES_BYTES);
  }

  /** Ends a day, and the silent days after it that silence may be learned from. */
  function closeDay(row: number, last: number, day: number, lastHour: number): void {
    const learn = mayLearn(row, lastHour);
    drip.close(row, last, table.columns.daySensitive[row]!, learn);
    if (day - last <= WEEK_DAYS) for (let silent = last + 1; silent < day; silent++) drip.close(row, silent, 0, learn);
    const { daily, dailyCap: cap, dayMost: most } = table.columns;
    for (let cell = row * DAILY.length; cell < (row + 1) * DAILY.length; cell++) {
      if (learn) daily[cell] = learned(daily[cell]!, most[cell]!, cap[cell]!);
      most[cell] = 0;
    }
    table.columns.daySensitive[row] = 0;
    table.columns.firstUses[row] = 0;
  }

  /** Once in a week of the agent: how much more than now it may learn until the next one. */
  function capWeek(row: number, moment: Moment): void {
    const week = Math.floor((moment.day - table.columns.firstDay[row]!) / WEEK_DAYS);
    if (week === table.columns.week[row]) return;
    table.columns.week[row] = week;
    const { peak, cap, daily, dailyCap } = table.columns;
    const known = isKnown(row, moment.day);
    for (let at = 0; at < HOURLY.length; at++) {
      const cell = row * HOURLY.length + at;
      peak[cell] = seasonPeak(row, at);
      cap[cell] = known ? Math.min(LEVEL_MAX, peak[cell]! + WEEK_RISE) : LEVEL_MAX;
    }
    for (let cell = row * DAILY.length; cell < (row + 1) * DAILY.length; cell++) {
      dailyCap[cell] = known ? Math.min(LEVEL_MAX, daily[cell]! + WEEK_RISE) : LEVEL_MAX;
    }
  }

  function seasonPeak(row: number, measure: number): number {
    const season = table.columns.season;
    let peak = 0;
    for (let at = 0; at < HOURS_OF_WEEK; at++) peak = Math.max(peak, season[(row * HOURS_OF_WEEK + at) * HOURLY.length + measure]!);
    return peak;
  }

  /** Looks up what the new hour is expected to have at most, once, so that each exchange has only to compare. */
  function enter(row: number, { hour }: Moment): void {
    table.columns.hour[row] = hour;
    const { bounds, peak } = table.columns;
    const slot = hourOfWeek(hour);
    for (let at = 0; at < HOURLY.length; at++) {
      const cell = row * HOURLY.length + at;
      bounds[cell] = Math.max(amountOf(highest(row, at, ALIKE[slot]!)), amountOf(peak[cell]!) / PEAK_SHARE);
    }
    table.columns.quiet[row] = highest(row, 0, ALIKE_WIDE[slot]!) === 0 ? 1 : 0;
  }

  function highest(row: number, measure: number, slots: readonly number[]): number {
    const season = table.columns.season;
    let level = 0;
    for (const slot of slots) level = Math.max(level, season[(row * HOURS_OF_WEEK + slot) * HOURLY.length + measure]!);
    return level;
  }

  function open(fingerprint: number, moment: Moment): number {
    const row = table.open(fingerprint);
    const last = table.columns.hour[row]!;
    if (last === 0) begin(row, moment);
    else if (moment.hour > last) {
      closeHour(row, last, moment.hour);
      const lastDay = dayOf(last);
      if (moment.day > lastDay) closeDay(row, lastDay, moment.day, last);
      capWeek(row, moment);
      enter(row, moment);
    } else if (last - moment.hour > LATE_HOURS) {
      // The clock went back: what ran is dropped, nothing is learned of it.
      clearHour(row);
      table.columns.daySensitive[row] = 0;
      table.columns.firstDay[row] = Math.min(table.columns.firstDay[row]!, moment.day);
      table.columns.pollingUntil[row] = 0;
      enter(row, moment);
    }
    return row;
  }

  function count(row: number, { tokens, sensitive, names }: AgentAmounts): void {
    const counts = table.columns.counts;
    const start = row * HOURLY.length;
    counts[start]! += 1;
    counts[start + 1]! += tokens;
    counts[start + 2]! += sensitive;
    for (const name of names) addDistinct(namesOf(row), name);
    if (names.length > 0) counts[start + 3] = countDistinct(namesOf(row));
    table.columns.daySensitive[row]! += sensitive;
  }

  function hourly(row: number, { subject, moment, sightings }: Watch): void {
    const { counts, bounds } = table.columns;
    const known = isKnown(row, moment.day);
    for (let at = 0; at < HOURLY.length; at++) {
      const measure = HOURLY[at]!;
      const name = HOURLY_RULES[measure];
      const cell = row * HOURLY.length + at;
      const rule = policy().rules[name];
      if (counts[cell]! <= rule.floor || (!known && !JUDGED_COLD.has(name))) continue;
      const { expected, basis } = expectation(rule, known ? bounds[cell]! : undefined);
      if (counts[cell]! > expected) sightings.push({ name, subject, measure, expected, seen: counts[cell]!, windowMs: HOUR_MS, basis });
    }
    const { floor } = policy().rules['unusual-time'];
    const requests = counts[row * HOURLY.length]!;
    if (known && table.columns.quiet[row] === 1 && requests > floor) {
      sightings.push({
        name: 'unusual-time',
        subject,
        measure: 'requests',
        expected: 0,
        seen: requests,
        windowMs: HOUR_MS,
        basis: 'learned',
      });
    }
  }

  /** A run of what should be rare: each adds to it, every other answer takes a quarter of one away. */
  function run(row: number, field: 'refusals' | 'denials', goesOn: boolean): number {
    const column = table.columns[field];
    column[row] = goesOn ? Math.min(RUN_MAX, column[row]! + RUN_WEIGHT) : Math.max(0, column[row]! - 1);
    return goesOn ? Math.floor(column[row]! / RUN_WEIGHT) : 0;
  }

  function runs(row: number, { refused, denied }: AgentAmounts, { subject, moment, sightings }: Watch): void {
    const refusals = run(row, 'refusals', refused);
    if (refusals > 0) {
      const { expected, basis } = expectation(policy().rules.errors, dailyBound(row, 'refusals', refusals, moment));
      if (refusals > expected)
        sightings.push({ name: 'errors', subject, measure: 'refusals', expected, seen: refusals, windowMs: 0, basis });
    }
    const denials = run(row, 'denials', denied);
    const expected = policy().rules.denials.floor;
    if (denials > expected)
      sightings.push({ name: 'denials', subject, measure: 'denials', expected, seen: denials, windowMs: 0, basis: 'default' });
  }

  function drips(row: number, { sensitive }: AgentAmounts, { subject, moment, sightings }: Watch): void {
    if (sensitive === 0 || !isKnown(row, moment.day)) return;
    const seen = table.columns.daySensitive[row]!;
    const expected = drip.expected(row, moment.day);
    if (seen <= expected || drip.sumWith(row, moment.day, seen) <= DRIP_ALARM) return;
    sightings.push({ name: 'slow-drip', subject, measure: 'sensitiveValues', expected, seen, windowMs: DAY_MS, basis: 'learned' });
  }

  function dailyBound(row: number, measure: DailyMeasure, value: number, moment: Moment): number | undefined {
    const cell = row * DAILY.length + DAILY.indexOf(measure);
    const most = table.columns.dayMost;
    if (value > most[cell]!) most[cell] = Math.min(value, 0xffff);
    return isKnown(row, moment.day) ? amountOf(table.columns.daily[cell]!) : undefined;
  }

  return {
    table,
    standing,
    open,
    isKnown,
    dailyBound,
    pollsUntil(row, untilMs) {
      table.columns.pollingUntil[row] = Math.max(table.columns.pollingUntil[row]!, untilMs);
    },
    isPolling: (row, nowMs) => nowMs < table.columns.pollingUntil[row]!,
    mayLearn,
    observe(row, amounts, watch) {
      count(row, amounts);
      hourly(row, watch);
      runs(row, amounts, watch);
      drips(row, amounts, watch);
    },
    firstUse(row) {
      const uses = table.columns.firstUses;
      uses[row] = Math.min(LEVEL_MAX, uses[row]! + 1);
      return uses[row]! <= FIRST_USES_MAX;
    },
    accept(row) {
      standing.clear(row);
      table.columns.dripSum[row] = 0;
      table.columns.dripDays.fill(0, 2 * row, 2 * row + 2);
      table.columns.firstDay[row] = dayOf(table.columns.hour[row]!);
      table.columns.week[row] = 0;
      table.columns.cap.fill(LEVEL_MAX, row * HOURLY.length, (row + 1) * HOURLY.length);
      table.columns.dailyCap.fill(LEVEL_MAX, row * DAILY.length, (row + 1) * DAILY.length);
    },
  };
}

const SILENCE = HOURLY.map(() => 0);
const SLOTS = Array.from({ length: HOURS_OF_WEEK }, (_, slot) => slot);
const ALIKE = SLOTS.map((slot) => alikeHours(slot, 1));
const ALIKE_WIDE = SLOTS.map((slot) => alikeHours(slot, 2));
