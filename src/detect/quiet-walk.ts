import { piecesOf, type Slices } from '../lib/slices.ts';
import type { UnitTable } from './alphabet.ts';
import { ACCEPTS, type Automaton, ROW_SHIFT, type State } from './automaton.ts';
import { PART_UNITS, unitsFrom } from './text-units.ts';

/** What an automaton reads a text with, and whose matches count. */
export interface QuietWalk {
  readonly automaton: Pick<Automaton, 'earn' | 'initial' | 'table' | 'rowOf' | 'stateAt' | 'extend' | 'acceptedAtEnd' | 'isSpent'>;
  readonly columnOfUnit: UnitTable;
  /** Whether a match of this pattern counts. */
  speaks(pattern: number): boolean;
}

/** Entries with one of these bits are looked at: not filled yet (the sign), or a pattern ends. */
const STOPS = (1 << 31) | ACCEPTS;

/** Goes on from an entry with one of `STOPS`: that entry, filled; undefined where a match counts, and where the automaton is spent. */
function passedStop({ automaton, speaks }: QuietWalk, row: number, column: number): number | undefined {
  let entry = automaton.table()[row + column]!;
  if (entry < 0) {
    if (automaton.isSpent()) return undefined;
    entry = automaton.extend(row, column);
  }
  return entry & ACCEPTS && automaton.stateAt(entry >> ROW_SHIFT).accepted.some(speaks) ? undefined : entry;
}

/** Whether nothing that counts can match in a folded text that is whole; false too when the automaton is spent before the end. */
export function isQuietIn(walk: QuietWalk, text: string): boolean {
  const row = walkOn(walk, text, walk.automaton.rowOf(walk.automaton.initial('start')));
  return row !== undefined && endsQuietly(walk, row);
}

/** The same for a text that comes in pieces. */
export interface QuietReader {
  /** Reads on; false: something may match, and the rest need not be read. */
  push(piece: string): boolean;
  /** Nothing follows: whether nothing matches. Only after pieces that were all quiet. */
  end(): boolean;
}

export function createQuietReader(walk: QuietWalk): QuietReader {
  const { automaton } = walk;
  // Not its row, which is another one when the table starts afresh between two pieces.
  let state = automaton.initial('start');
  return {
    push(piece) {
      const row = walkOn(walk, piece, automaton.rowOf(state));
      if (row === undefined) return false;
      state = automaton.stateAt(row);
      return true;
    },
    end: () => endsQuietly(walk, automaton.rowOf(state)),
  };
}

/** Gives a text that is whole to a reader, a slice in each step: whether it is quiet. */
export function* readQuietly(reader: QuietReader, text: string): Slices<boolean> {
  for (const piece of piecesOf(text)) {
    if (!reader.push(piece)) return false;
    yield;
  }
  return reader.end();
}

/** The row behind a piece of text; undefined when something that counts may match in it, or the automaton is spent. */
function walkOn(walk: QuietWalk, text: string, from: number): number | undefined {
  walk.automaton.earn(text.length);
  let row: number | undefined = from;
  for (let at = 0; at < text.length && row !== undefined; at += PART_UNITS)
    row = walkUnits(walk, unitsFrom(text, at), { from: 0, to: Math.min(PART_UNITS, text.length - at) }, row);
  return row;
}

/** Some of the units at hand. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** The same for units, which `earn` has been told of. Many are read at four places at once: each step waits for the one before it. */
export function walkUnits(walk: QuietWalk, units: Uint16Array, span: Span, row: number): number | undefined {
  return span.to - span.from < QUARTERED_MIN ? walkSpan(walk, units, span, row) : walkQuarters(walk, units, span, row);
}

/** Units from which on four places are worth it. */
const QUARTERED_MIN = 1024;

function walkSpan(walk: QuietWalk, units: Uint16Array, { from, to }: Span, start: number): number | undefined {
  const { automaton, columnOfUnit } = walk;
  let table = automaton.table();
  let row = start;
  for (let i = from; i < to; i++) {
    const column = columnOfUnit[units[i]!]!;
    let entry: number | undefined = table[row + column]!;
    if (entry & STOPS) {
      entry = passedStop(walk, row, column);
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
function walkQuarters(walk: QuietWalk, units: Uint16Array, span: Span, row: number): number | undefined {
  const { automaton } = walk;
  const quarters = quartersOf(units, span);
  const states = [automaton.stateAt(row), ...quarters.slice(1).map(() => automaton.initial('other'))];
  const together = Math.min(...quarters.map(({ from, to }) => to - from));
  if (!walkTogether(walk, units, { starts: quarters.map(({ from }) => from), together, states })) return undefined;
  for (let i = 0; i < quarters.length; i++) {
    const { from, to } = quarters[i]!;
    const end = walkSpan(walk, units, { from: from + together, to }, automaton.rowOf(states[i]!));
    if (end === undefined) return undefined;
    states[i] = automaton.stateAt(end);
  }
  let state = states[0]!;
  for (let i = 1; i < quarters.length; i++) {
    const caught = catchUp(walk, units, quarters[i]!, state);
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
  /** Of each, at first before its first unit, then behind the last of those. */
  readonly states: State[];
}

/** False when something that counts may match, or the automaton is spent. */
function walkTogether(walk: QuietWalk, units: Uint16Array, { starts, together, states }: Together): boolean {
  const { automaton, columnOfUnit } = walk;
  const [at0, at1, at2, at3] = starts as [number, number, number, number];
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
    if (i >= together) return true;
    for (let place = 0; place < states.length; place++) {
      const next = stepped(walk, states[place]!, units[starts[place]! + i]!);
      if (next === undefined) return false;
      states[place] = next;
    }
  }
}

/** Goes on into a quarter from the state before it: true as soon as that is the state of a walk that began there, else the one behind it. */
function catchUp(walk: QuietWalk, units: Uint16Array, { from, to }: Span, before: State): State | true | undefined {
  const { automaton, columnOfUnit } = walk;
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
    const [next, nextFresh] = [stepped(walk, state, units[i]!), stepped(walk, fresh, units[i]!)];
    if (next === undefined || nextFresh === undefined) return undefined;
    [state, fresh] = [next, nextFresh];
  }
}

function stepped(walk: QuietWalk, state: State, unit: number): State | undefined {
  const { automaton, columnOfUnit } = walk;
  const entry = passedStop(walk, automaton.rowOf(state), columnOfUnit[unit]!);
  return entry === undefined ? undefined : automaton.stateAt(entry >> ROW_SHIFT);
}

/** Whether nothing that counts matches because the text ends in this row. */
export function endsQuietly({ automaton, speaks }: QuietWalk, row: number): boolean {
  return !automaton.acceptedAtEnd(automaton.stateAt(row)).some(speaks);
}
