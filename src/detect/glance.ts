import { atOnce } from '../lib/slices.ts';
import { createWordCutter, type WordCutter } from './phrases/cut-words.ts';
import type { KeyFilter } from './phrases/key-filter.ts';
import { placesFor, type WordPlaces, type Words, wordsAt } from './phrases/words.ts';
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

/** What is seen of a text in which no match is looked for. */
export function glanceAt(text: string, filter: Pick<KeyFilter, 'noteKeys'>): Glance {
  const look = new Look(text);
  for (let from = 0; from < text.length; from += PART_UNITS) look.read(unitsFrom(text, from), Math.min(PART_UNITS, text.length - from));
  return look.end(filter);
}

/**
 * Reads a text for all that is asked of each: whether it is quiet, what it may hide, and its words. Each has a loop of its own over units
 * that stay in the nearest cache: all three in one take half as long again, because the processor has too few registers for it (bench
 * scan). Undefined as soon as a match of the walk counts, or its automaton is spent.
 */
export function quietGlanceAt(text: string, filter: Pick<KeyFilter, 'noteKeys'>, walk: QuietWalk): Glance | undefined {
  walk.automaton.earn(text.length);
  const reading = new QuietReading(walk, text);
  const look = new Look(text);
  for (let from = 0; from < text.length; from += PART_UNITS) {
    const units = unitsFrom(text, from);
    const length = Math.min(PART_UNITS, text.length - from);
    if (!reading.read(units, length)) return undefined;
    look.read(units, length);
    if (!isClear(reading)) return undefined;
  }
  return reading.end() && isClear(reading) ? look.end(filter) : undefined;
}

function isClear(reading: QuietReading): boolean {
  return !reading.hasSuspects || atOnce(reading.clears());
}

/** One glance, under way. There is one for each text: its fields are all that it takes. */
class Look {
  readonly #text: string;
  readonly #places: WordPlaces;
  readonly #cutter: WordCutter;
  #hints = 0;

  constructor(text: string) {
    this.#text = text;
    this.#places = placesFor(text.length);
    this.#cutter = createWordCutter(this.#places);
  }

  /** The next units of the text, `PART_UNITS` at most. */
  read(units: Uint16Array, count: number): void {
    this.#hints = readHints(units, count, this.#hints);
    this.#cutter.push(units, count);
  }

  /** Nothing follows. */
  end(filter: Pick<KeyFilter, 'noteKeys'>): Glance {
    this.#cutter.end();
    filter.noteKeys(this.#places);
    return { hints: hintsAtEnd(this.#hints), words: wordsAt(this.#text, this.#places) };
  }
}
