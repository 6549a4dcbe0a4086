import { assert } from '../lib/assert.ts';
import { ROW_SHIFT, type State } from './automaton.ts';
import type { KeyFilter } from './phrases/key-filter.ts';
import { EMPTY_HASH, hashedLetter, mixedHash, placesFor, WORD_LETTERS, type Words, wordsAt } from './phrases/words.ts';
import { endsQuietly, passedStop, type QuietWalk, STOPS } from './quiet-walk.ts';
import { PART_UNITS, unitsFrom } from './text-units.ts';
import { HINT_COLUMNS, HINT_ROW_SHIFT, HINT_TABLE, hintsAtEnd } from './views/hints.ts';

/** What one pass over a text says. */
export interface Glance {
  /** As `hintsOf` gives them. */
  readonly hints: number;
  /** Its words, until the next text is glanced at; undefined where none may be a key. */
  readonly words: Words | undefined;
}

/** What a glance sees where no match is looked for. */
export function glanceAt(text: string, filter: Pick<KeyFilter<unknown>, 'note'>): Glance {
  const glance = quietGlanceAt(text, filter, NO_WALK);
  assert(glance !== undefined, 'nothing matches in this walk');
  return glance;
}

/**
 * Reads every unit of a text once for all that is asked of each text: whether it is quiet, what it may hide, and its words. The three do not
 * wait for each other, so together they take little longer than the longest of them (bench scan). Undefined as soon as a match of the walk
 * counts, or its automaton is spent.
 */
export function quietGlanceAt(text: string, filter: Pick<KeyFilter<unknown>, 'note'>, walk: QuietWalk): Glance | undefined {
  const { automaton, columnOfUnit } = walk;
  const places = placesFor(text.length);
  automaton.earn(text.length);
  let table = automaton.table();
  let row = automaton.rowOf(automaton.initial('start'));
  let hints = 0;
  let hintRow = 0;
  /** Where the open word began; -1: none is open. */
  let start = -1;
  let hash = EMPTY_HASH;
  for (let from = 0; from < text.length; from += PART_UNITS) {
    const units = unitsFrom(text, from);
    const length = Math.min(PART_UNITS, text.length - from);
    for (let i = 0; i < length; i++) {
      const unit = units[i]!;
      const column = columnOfUnit[unit]!;
      let entry: number | undefined = table[row + column]!;
      if (entry & STOPS) {
        entry = passedStop(walk, row, column);
        if (entry === undefined) return undefined;
        table = automaton.table();
      }
      row = entry >> ROW_SHIFT;
      const hint = HINT_TABLE[hintRow + HINT_COLUMNS[unit]!]!;
      hints |= hint;
      hintRow = hint >> HINT_ROW_SHIFT;
      const letter = WORD_LETTERS[unit]!;
      if (letter !== 0) {
        if (start < 0) start = from + i;
        hash = hashedLetter(hash, letter);
      } else if (start >= 0) {
        filter.note(places, start, from + i, mixedHash(hash));
        start = -1;
        hash = EMPTY_HASH;
      }
    }
  }
  if (!endsQuietly(walk, row)) return undefined;
  if (start >= 0) filter.note(places, start, text.length, mixedHash(hash));
  return { hints: hintsAtEnd(hints, hintRow), words: places.keyCount === 0 ? undefined : wordsAt(text, places) };
}

const NO_STATE: State = {
  nodes: [],
  before: 'start',
  accepted: [],
  longestAlive: 0,
  acceptedAtEnd: [],
  row: 0,
  generation: 0,
  sameHash: undefined,
};
const NO_TABLE = new Int32Array(1);

/** A walk in which nothing matches: one state, one column. */
const NO_WALK: QuietWalk = {
  automaton: {
    earn: () => undefined,
    initial: () => NO_STATE,
    table: () => NO_TABLE,
    rowOf: () => 0,
    stateAt: () => NO_STATE,
    extend: () => 0,
    acceptedAtEnd: () => [],
    isSpent: () => false,
  },
  columnOfUnit: new Uint8Array(0x10000),
  speaks: () => false,
};
