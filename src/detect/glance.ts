import { assert } from '../lib/assert.ts';
import { atOnce } from '../lib/slices.ts';
import type { State } from './automaton.ts';
import { createWordCutter } from './phrases/cut-words.ts';
import type { KeyFilter } from './phrases/key-filter.ts';
import { placesFor, type Words, wordsAt } from './phrases/words.ts';
import { QuietReading, type QuietWalk } from './quiet-walk.ts';
import { PART_UNITS, unitsFrom } from './text-units.ts';
import { hintsAtEnd, readHints } from './views/hints.ts';

/** What is seen of a text before anything in it is looked for. */
export interface Glance {
  /** As `hintsOf` gives them. */
  readonly hints: number;
  /** Its words, until the next text is glanced at; undefined where nobody asks for them. */
  readonly words: Words | undefined;
}

/** What a glance sees where no match is looked for. */
export function glanceAt(text: string, filter: Pick<KeyFilter, 'noteKeys'>): Glance {
  const glance = quietGlanceAt(text, filter, NO_WALK);
  assert(glance !== undefined, 'nothing matches in this walk');
  return glance;
}

/**
 * Reads a text for all that is asked of each: whether it is quiet, what it may hide, and its words. Each has a loop of its own over units
 * that stay in the nearest cache: all three in one take half as long again, because the processor has too few registers for it (bench
 * scan). Undefined as soon as a match of the walk counts, or its automaton is spent.
 */
export function quietGlanceAt(text: string, filter: Pick<KeyFilter, 'noteKeys'>, walk: QuietWalk): Glance | undefined {
  const places = placesFor(text.length);
  const cutter = createWordCutter(places);
  walk.automaton.earn(text.length);
  const reading = new QuietReading(walk, text);
  let hints = 0;
  for (let from = 0; from < text.length; from += PART_UNITS) {
    const units = unitsFrom(text, from);
    const length = Math.min(PART_UNITS, text.length - from);
    if (!reading.read(units, length)) return undefined;
    hints = readHints(units, length, hints);
    cutter.push(units, length);
    if (!isClear(reading)) return undefined;
  }
  if (!reading.end() || !isClear(reading)) return undefined;
  cutter.end();
  filter.noteKeys(places);
  return { hints: hintsAtEnd(hints), words: wordsAt(text, places) };
}

function isClear(reading: QuietReading): boolean {
  return !reading.hasSuspects || atOnce(reading.clears());
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
  *matchesOneOf() {
    yield;
    return false;
  },
};
