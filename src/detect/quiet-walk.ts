import { atOnce, type Slices } from '../lib/slices.ts';
import type { UnitTable } from './alphabet.ts';
import { ACCEPTS, type Automaton, ROW_SHIFT, type State } from './automaton.ts';
import { Suspects } from './suspects.ts';
import { PART_UNITS, unitsFrom } from './text-units.ts';

/** What an automaton reads a text with, and whose matches count. */
export interface QuietWalk {
  readonly automaton: Pick<Automaton, 'earn' | 'initial' | 'table' | 'rowOf' | 'stateAt' | 'extend' | 'acceptedAtEnd' | 'isSpent'>;
  readonly columnOfUnit: UnitTable;
  /** Whether a match of this pattern counts. */
  speaks(pattern: number): boolean;
  /** Whether one of some patterns does match in a text that is whole: the automaton says that they may. */
  matchesOneOf(suspects: Suspects, text: string): Slices<boolean>;
}

/** Entries with one of these bits are looked at: not filled yet (the sign), or a pattern ends. */
const STOPS = (1 << 31) | ACCEPTS;

/** Walks through a text that is whole, a part after the other, for as long as nothing that counts matches in it. */
export class QuietReading {
  readonly #walk: QuietWalk;
  readonly #text: string;
  /** What may match with an end in the part that is read: it is looked for behind that. */
  readonly #suspects = new Suspects();
  // Not its row, which is another one when the table starts afresh between two parts.
  #state: State;
  #offset = 0;
  /** States that may be made. Below 0: `read` gave up because of that, and the same units may be read again. */
  statesLeft = ANY_NUMBER;

  constructor(walk: QuietWalk, text: string) {
    this.#walk = walk;
    this.#text = text;
    this.#state = walk.automaton.initial('start');
  }

  get automaton(): QuietWalk['automaton'] {
    return this.#walk.automaton;
  }

  get columnOfUnit(): UnitTable {
    return this.#walk.columnOfUnit;
  }

  /**
   * Reads so many units, which `earn` has been told of; `clears` is asked next. False: more may match than is looked for, or the automaton is
   * spent; the rest need not be read.
   */
  read(units: Uint16Array, length: number): boolean {
    const row = walkUnits(this, units, { from: 0, to: length }, this.automaton.rowOf(this.#state));
    if (row === undefined) return false;
    this.#state = this.automaton.stateAt(row);
    this.#offset += length;
    return true;
  }

  /** Nothing follows; `clears` is asked next. False as `read` says it. */
  end(): boolean {
    return this.#passes(this.automaton.acceptedAtEnd(this.#state), this.#offset);
  }

  /** Whether something that was read may match: `clears` need not be asked where nothing does. */
  get hasSuspects(): boolean {
    return !this.#suspects.isEmpty;
  }

  /** Whether what may have matched does not; one pattern in each step. */
  *clears(): Slices<boolean> {
    const isClear = !(yield* this.#walk.matchesOneOf(this.#suspects, this.#text));
    this.#suspects.clear();
    return isClear;
  }

  /** Goes on from an entry with one of `STOPS`, behind the unit at `at`: that entry, filled; undefined where the walk ends. */
  passedStop(row: number, column: number, at: number): number | undefined {
    const { automaton } = this.#walk;
    let entry = automaton.table()[row + column]!;
    if (entry < 0) {
      if (automaton.isSpent() || --this.statesLeft < 0) return undefined;
      entry = automaton.extend(row, column);
    }
    if ((entry & ACCEPTS) === 0) return entry;
    return this.#passes(automaton.stateAt(entry >> ROW_SHIFT).accepted, this.#offset + at + 1) ? entry : undefined;
  }

  /** Whether the walk may go on behind the end of these patterns: it notes those that count. */
  #passes(accepted: readonly number[], end: number): boolean {
    for (const pattern of accepted) if (this.#walk.speaks(pattern) && !this.#suspects.note(pattern, end)) return false;
    return true;
  }
}

/** Whether nothing that counts matches in a folded text that is whole; false too when the automaton is spent before the end. */
export function isQuietIn(walk: QuietWalk, text: string): boolean {
  return atOnce(isQuietInSlices(walk, text));
}

/** The same, a slice in each step. */
export function* isQuietInSlices(walk: QuietWalk, text: string): Slices<boolean> {
  const reading = new QuietReading(walk, text);
  walk.automaton.earn(text.length);
  for (let at = 0; at < text.length; at += PART_UNITS) {
    const part = { from: at, to: Math.min(at + PART_UNITS, text.length) };
    reading.statesLeft = SLICE_STATES;
    const isRead = reading.read(unitsFrom(text, at), part.to - at) || (reading.statesLeft < 0 && (yield* readInSteps(reading, text, part)));
    if (!isRead) return false;
    yield;
    if (reading.hasSuspects && !(yield* reading.clears())) return false;
  }
  return reading.end() && (!reading.hasSuspects || (yield* reading.clears()));
}

/** Reads a part of a text again, in which too many states were made to read it in one slice. False as `QuietReading.read` says it. */
function* readInSteps(reading: QuietReading, text: string, { from, to }: Span): Slices<boolean> {
  reading.statesLeft = ANY_NUMBER;
  for (let at = from; at < to; at += STEP_UNITS) {
    yield;
    const length = Math.min(STEP_UNITS, to - at);
    if (!reading.read(unitsFrom(text, at, length), length)) return false;
  }
  return true;
}

/** States that may be made in one slice, of five to twenty microseconds each. */
const SLICE_STATES = 256;
/** Units of which each may ask for a state in one slice. */
const STEP_UNITS = 512;
const ANY_NUMBER = 1 << 30;

/** Some of the units at hand. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** The row behind some units. Many are read at four places at once: each step waits for the one before it. */
function walkUnits(reading: QuietReading, units: Uint16Array, span: Span, row: number): number | undefined {
  return span.to - span.from < QUARTERED_MIN ? walkSpan(reading, units, span, row) : walkQuarters(reading, units, span, row);
}

/** Units from which on four places are worth it. */
const QUARTERED_MIN = 1024;

function walkSpan(reading: QuietReading, units: Uint16Array, { from, to }: Span, start: number): number | undefined {
  const { automaton, columnOfUnit } = reading;
  let table = automaton.table();
  let row = start;
  for (let i = from; i < to; i++) {
    const column = columnOfUnit[units[i]!]!;
    let entry: number | undefined = table[row + column]!;
    if (entry & STOPS) {
      entry = reading.passedStop(row, column, i);
      if (entry === undefined) return undefined;
      table = automaton.table();
    }
    row = entry >> ROW_SHIFT;
  }
  return row;
}

/**
 * Walks through the four quarters of a span together. What comes before a quarter is not known when it is begun: it begins as behind a unit
 * outside of any match, and the walk through the quarter before goes on into it until both have the same state.
 */
function walkQuarters(reading: QuietReading, units: Uint16Array, span: Span, row: number): number | undefined {
  const { automaton } = reading;
  const quarters = quartersOf(units, span);
  const states = [automaton.stateAt(row), ...quarters.slice(1).map(() => automaton.initial('other'))];
  const together = Math.min(...quarters.map(({ from, to }) => to - from));
  const walked = walkTogether(reading, units, { starts: quarters.map(({ from }) => from), together, states });
  if (walked === undefined) return undefined;
  for (let i = 0; i < quarters.length; i++) {
    const { from, to } = quarters[i]!;
    const end = walkSpan(reading, units, { from: from + walked, to }, automaton.rowOf(states[i]!));
    if (end === undefined) return undefined;
    states[i] = automaton.stateAt(end);
  }
  let state = states[0]!;
  for (let i = 1; i < quarters.length; i++) {
    const caught = catchUp(reading, units, quarters[i]!, state);
    if (caught === undefined) return undefined;
    state = caught === true ? states[i]! : caught;
  }
  return automaton.rowOf(state);
}

/** Four parts of about the same length, cut behind spaces where there are some. */
function quartersOf(units: Uint16Array, { from, to }: Span): readonly Span[] {
  const quarter = (to - from) >> 2;
  const cuts = [from, ...[1, 2, 3].map((i) => behindSpace(units, from + i * quarter)), to];
  return [0, 1, 2, 3].map((i) => ({ from: cuts[i]!, to: cuts[i + 1]! }));
}

const SPACE = 0x20;
/** How far back a space is looked for. */
const BACK_UNITS = 32;

function behindSpace(units: Uint16Array, at: number): number {
  for (let i = at; i > at - BACK_UNITS; i--) if (units[i - 1] === SPACE) return i;
  return at;
}

interface Together {
  /** Where each of the four begins. */
  readonly starts: readonly number[];
  /** Units that each of them has at least. */
  readonly together: number;
  /** Of each, at first before its first unit, then behind the last that was walked through. */
  readonly states: State[];
}

/** Stops after which four places at once are no quicker than one after the other: at each, all four wait. */
const STOPS_TOGETHER_MAX = 16;

/** How many units of each were walked through; undefined when something that counts may match, or the automaton is spent. */
function walkTogether(reading: QuietReading, units: Uint16Array, { starts, together, states }: Together): number | undefined {
  const { automaton, columnOfUnit } = reading;
  const [at0, at1, at2, at3] = starts as [number, number, number, number];
  let stops = 0;
  for (let i = 0; ; i++) {
    // Before the table is asked for: a state that a fresh start of the table has dropped gets a row here, and the table may grow.
    let [row0, row1, row2, row3] = states.map(automaton.rowOf) as [number, number, number, number];
    const table = automaton.table();
    for (; i < together; i++) {
      const entry0 = table[row0 + columnOfUnit[units[at0 + i]!]!]!;
      const entry1 = table[row1 + columnOfUnit[units[at1 + i]!]!]!;
      const entry2 = table[row2 + columnOfUnit[units[at2 + i]!]!]!;
      const entry3 = table[row3 + columnOfUnit[units[at3 + i]!]!]!;
      if ((entry0 | entry1 | entry2 | entry3) & STOPS) break;
      row0 = entry0 >> ROW_SHIFT;
      row1 = entry1 >> ROW_SHIFT;
      row2 = entry2 >> ROW_SHIFT;
      row3 = entry3 >> ROW_SHIFT;
    }
    // States: a row is another one when the table starts afresh.
    [row0, row1, row2, row3].forEach((row, place) => {
      states[place] = automaton.stateAt(row);
    });
    if (i >= together || stops++ === STOPS_TOGETHER_MAX) return i;
    for (let place = 0; place < states.length; place++) {
      const next = stepped(reading, states[place]!, units, starts[place]! + i);
      if (next === undefined) return undefined;
      states[place] = next;
    }
  }
}

/** Goes on into a quarter from the state before it: true as soon as that is the state of a walk that began there, else the one behind it. */
function catchUp(reading: QuietReading, units: Uint16Array, { from, to }: Span, before: State): State | true | undefined {
  const { automaton, columnOfUnit } = reading;
  let fresh = automaton.initial('other');
  let state = before;
  for (let i = from; ; i++) {
    let [row, freshRow] = [automaton.rowOf(state), automaton.rowOf(fresh)];
    const table = automaton.table();
    for (; i < to && row !== freshRow; i++) {
      const column = columnOfUnit[units[i]!]!;
      const [entry, freshEntry] = [table[row + column]!, table[freshRow + column]!];
      if ((entry | freshEntry) & STOPS) break;
      row = entry >> ROW_SHIFT;
      freshRow = freshEntry >> ROW_SHIFT;
    }
    if (row === freshRow) return true;
    [state, fresh] = [automaton.stateAt(row), automaton.stateAt(freshRow)];
    if (i === to) return state;
    const [next, nextFresh] = [stepped(reading, state, units, i), stepped(reading, fresh, units, i)];
    if (next === undefined || nextFresh === undefined) return undefined;
    [state, fresh] = [next, nextFresh];
  }
}

function stepped(reading: QuietReading, state: State, units: Uint16Array, at: number): State | undefined {
  const { automaton, columnOfUnit } = reading;
  const entry = reading.passedStop(automaton.rowOf(state), columnOfUnit[units[at]!]!, at);
  return entry === undefined ? undefined : automaton.stateAt(entry >> ROW_SHIFT);
}
