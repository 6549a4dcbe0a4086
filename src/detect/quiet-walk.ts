import type { UnitTable } from './alphabet.ts';
import { ACCEPTS, type Automaton, ROW_SHIFT } from './automaton.ts';

/** What an automaton reads a text with, and whose matches count. */
export interface QuietWalk {
  readonly automaton: Automaton;
  readonly columnOfUnit: UnitTable;
  /** Whether a match of this pattern counts. */
  speaks(pattern: number): boolean;
}

/** Entries with one of these bits are looked at: not filled yet (the sign), or a pattern ends. */
const STOPS = (1 << 31) | ACCEPTS;

/** Whether nothing that counts can match in a folded text that is whole; false too when the automaton is spent before the end. */
export function isQuietIn({ automaton, columnOfUnit, speaks }: QuietWalk, text: string): boolean {
  automaton.earn(text.length);
  let table = automaton.table();
  let row = automaton.rowOf(automaton.initial('start'));
  for (let i = 0; i < text.length; i++) {
    const column = columnOfUnit[text.charCodeAt(i)]!;
    let entry = table[row + column]!;
    if (entry & STOPS) {
      if (entry < 0) {
        if (automaton.isSpent()) return false;
        entry = automaton.extend(row, column);
        table = automaton.table();
      }
      if (entry & ACCEPTS && automaton.stateAt(entry >> ROW_SHIFT).accepted.some(speaks)) return false;
    }
    row = entry >> ROW_SHIFT;
  }
  return !automaton.acceptedAtEnd(automaton.stateAt(row)).some(speaks);
}
