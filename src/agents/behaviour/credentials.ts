import type { Measure, Subject } from './finding.ts';
import { amountOf, learned, WEEK_RISE } from './level.ts';
import { DAY_MS, HOUR_MS } from './settings.ts';
import { type CurrentPolicy, expectation, type Moment, type Sighting } from './sighting.ts';
import { addDistinct, countDistinct } from './sketch.ts';
import { createStanding, type Standing, standingFields } from './standing.ts';
import { createTable, type Table } from './table.ts';

/** Addresses and changes of address in an hour, agents in a day: their highest of a day is learned. */
const MEASURES = ['addresses', 'addressChanges', 'agents'] as const satisfies readonly Measure[];
const ADDRESS_BYTES = 16;
const AGENT_BYTES = 16;
const LEVEL_MAX = 255;
const WEEK_DAYS = 7;
/** Agents that may share a credential unseen: two names of one program are common. */
const AGENTS_FLOOR = 2;
/** Changes of address are that many times more common than addresses: a caller with two goes back and forth. */
const CHANGES_FACTOR = 6;

const FIELDS = {
  firstDay: { type: 'u16', length: 1 },
  hour: { type: 'u32', length: 1 },
  addresses: { type: 'u8', length: ADDRESS_BYTES },
  agents: { type: 'u8', length: AGENT_BYTES },
  lastAddress: { type: 'f64', length: 1 },
  changes: { type: 'u16', length: 1 },
  dayMost: { type: 'u16', length: MEASURES.length },
  levels: { type: 'u8', length: MEASURES.length },
  caps: { type: 'u8', length: MEASURES.length },
  week: { type: 'u16', length: 1 },
  ...standingFields(1),
} as const;

export interface Credentials {
  readonly table: Table<keyof typeof FIELDS>;
  readonly standing: Standing;
  open(fingerprint: number, moment: Moment): number;
  /** `agent` and `address` are fingerprints; an address of 0 is unknown. */
  observe(row: number, use: { readonly agent: number; readonly address: number }, subject: Subject, moment: Moment): Sighting | undefined;
}

/** Credentials that several use: many agents, many addresses, or two addresses by turns. */
export function createCredentials(rowsMax: number, policy: CurrentPolicy): Credentials {
  const table = createTable({ rowsMax, fields: FIELDS });
  const standing = createStanding(table, 1, () => policy().standingHours);
  const addressesOf = (row: number) => ({ column: table.columns.addresses, start: row * ADDRESS_BYTES, length: ADDRESS_BYTES });
  const agentsOf = (row: number) => ({ column: table.columns.agents, start: row * AGENT_BYTES, length: AGENT_BYTES });
  const isKnown = (row: number, day: number): boolean => day - table.columns.firstDay[row]! >= policy().coldStartDays;

  function begin(row: number, { hour, day }: Moment): void {
    table.columns.firstDay[row] = day;
    table.columns.hour[row] = hour;
    table.columns.caps.fill(LEVEL_MAX, row * MEASURES.length, (row + 1) * MEASURES.length);
  }

  function closeHour(row: number): void {
    table.columns.addresses.fill(0, row * ADDRESS_BYTES, (row + 1) * ADDRESS_BYTES);
    table.columns.changes[row] = 0;
  }

  function closeDay(row: number, { hour, day }: Moment): void {
    const { dayMost: most, levels, caps } = table.columns;
    const learn = !isKnown(row, day) || !standing.any(row, hour);
    const week = Math.floor(Math.max(0, day - table.columns.firstDay[row]!) / WEEK_DAYS);
    const newWeek = week !== table.columns.week[row];
    for (let cell = row * MEASURES.length; cell < (row + 1) * MEASURES.length; cell++) {
      if (learn) levels[cell] = learned(levels[cell]!, most[cell]!, caps[cell]!);
      if (newWeek) caps[cell] = Math.min(LEVEL_MAX, levels[cell]! + WEEK_RISE);
      most[cell] = 0;
    }
    table.columns.week[row] = week;
    table.columns.agents.fill(0, row * AGENT_BYTES, (row + 1) * AGENT_BYTES);
  }

  function count(row: number, agent: number, address: number): readonly number[] {
    addDistinct(agentsOf(row), agent);
    if (address !== 0) {
      addDistinct(addressesOf(row), address);
      const { lastAddress: last, changes } = table.columns;
      if (last[row] !== 0 && last[row] !== address) changes[row] = Math.min(0xffff, changes[row]! + 1);
      last[row] = address;
    }
    return [countDistinct(addressesOf(row)), table.columns.changes[row]!, countDistinct(agentsOf(row))];
  }

  return {
    table,
    standing,
    open(fingerprint, moment) {
      const row = table.open(fingerprint);
      const last = table.columns.hour[row]!;
      if (last === 0) begin(row, moment);
      if (last === 0 || last === moment.hour) return row;
      closeHour(row);
      if (Math.floor(last / 24) !== moment.day) closeDay(row, moment);
      table.columns.hour[row] = moment.hour;
      return row;
    },
    observe(row, { agent, address }, subject, { day }) {
      const rule = policy().rules['shared-credential'];
      const floors = [rule.floor, CHANGES_FACTOR * rule.floor, AGENTS_FLOOR];
      const { levels, dayMost: most } = table.columns;
      const all = count(row, agent, address);
      for (let at = 0; at < all.length; at++) {
        const seen = all[at]!;
        const cell = row * MEASURES.length + at;
        if (seen > most[cell]!) most[cell] = seen;
        // How often a busy caller changes between its addresses says nothing before it is known.
        if (seen <= floors[at]! || (MEASURES[at] === 'addressChanges' && !isKnown(row, day))) continue;
        const { expected, basis } = expectation(rule, isKnown(row, day) ? amountOf(levels[cell]!) : undefined, floors[at]!);
        const measure = MEASURES[at]!;
        const windowMs = measure === 'agents' ? DAY_MS : HOUR_MS;
        if (seen > expected) return { name: 'shared-credential', subject, measure, expected, seen, windowMs, basis };
      }
      return undefined;
    },
  };
}
