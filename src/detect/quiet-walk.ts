import { piecesOf, type Slices } from '../lib/slices.ts';
import type { UnitTable } from './alphabet.ts';
import { ACCEPTS, type Automaton, ROW_SHIFT } from './automaton.ts';

/** What an automaton reads a text with, and whose matches count. */
export interface QuietWalk {
  readonly automaton: Pick<Automaton, 'earn' | 'initial' | 'table' | 'rowOf' | 'stateAt' | 'extend' | 'acceptedAtEnd' | 'isSpent'>;
  readonly columnOfUnit: UnitTable;
  /** Whether a match of this pattern counts. */
  speaks(pattern: number): boolean;
}

/** Entries with one of these bits are looked at: not filled yet (the sign), or a pattern ends. */
export const STOPS = (1 << 31) | ACCEPTS;

/** Goes on from an entry with one of `STOPS`: that entry, filled; undefined where a match counts, and where the automaton is spent. */
export function passedStop({ automaton, speaks }: QuietWalk, row: number, column: number): number | undefined {
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
  const { automaton, columnOfUnit } = walk;
  automaton.earn(text.length);
  let table = automaton.table();
  let row = from;
  for (let i = 0; i < text.length; i++) {
    const column = columnOfUnit[text.charCodeAt(i)]!;
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

/** Whether nothing that counts matches because the text ends in this row. */
export function endsQuietly({ automaton, speaks }: QuietWalk, row: number): boolean {
  return !automaton.acceptedAtEnd(automaton.stateAt(row)).some(speaks);
}
