import { FIXED } from '../../lib/limits.ts';
import { LETTERS, ROTATED_LETTERS, weightOf } from './letters.ts';
import { GRAM_LETTERS, SHINGLE_LETTERS, shingleOf } from './shingle.ts';
import { type Fingerprint, hasGram, hasShingle } from './shingle-set.ts';

/** A part of a text in which every twelve letters in a row are a shingle of the fingerprint. Units of the text, whatever its pieces were. */
export interface Passage {
  readonly start: number;
  readonly end: number;
}

export interface PassageOptions {
  /** Letters that a passage has at least. */
  readonly letters: number;
  /** Told as soon as a passage has them: from its first letter to the last that was read. */
  readonly reached?: (passage: Passage) => void;
  /** Told when one that has them has ended. */
  readonly ended?: (passage: Passage) => void;
  /** Told of each shingle of what may become a passage; `isFirst`: it begins with it. */
  readonly grown?: (shingle: number, isFirst: boolean) => void;
}

/** Looks for passages of a fingerprint in a folded text that comes in pieces. */
export interface Passages {
  push(text: string): void;
  end(): void;
  readonly length: number;
  /** No passage begins before this offset that is not known to have its letters, and none that has them ends later than here or is open. */
  readonly settled: number;
}

/**
 * Reads every letter once. The grams say how much of the end of the text may be the beginning of a shingle; from a shingle's length on the
 * shingles themselves are asked. What is found does not depend on how the text was cut.
 */
export function openPassages(fingerprint: Fingerprint, options: PassageOptions): Passages {
  return new PassageReader(fingerprint, options);
}

class PassageReader implements Passages {
  length = 0;
  readonly #fingerprint: Fingerprint;
  readonly #options: PassageOptions;
  /** The grams that ended with the last eight letters, and where the last sixteen letters stood. */
  readonly #history = new Int32Array(8);
  readonly #places = new Float64Array(16);
  #count = 0;
  #gram = 0;
  /** Letters at the end of the text that may all belong to a passage, as far as grams can tell. */
  #alive = 0;
  /** One past the last letter. */
  #lastEnd = 0;
  /** The passage that is open: where it began, and where its last letter ended. -1: none. */
  #start = -1;
  #end = 0;
  #weight = 0;

  constructor(fingerprint: Fingerprint, options: PassageOptions) {
    this.#fingerprint = fingerprint;
    this.#options = options;
  }

  get settled(): number {
    if (this.#start >= 0) return this.#weight >= this.#options.letters ? this.#end : this.#start;
    const beginnings = Math.min(this.#alive, SHINGLE_LETTERS - 1);
    const isFar = beginnings === 0 || this.length - this.#lastEnd > FIXED.passageGapUnits;
    return isFar ? this.length : this.#places[(this.#count - beginnings) & 15]!;
  }

  push(text: string): void {
    const { passageGapUnits } = FIXED;
    const [fingerprint, history, places] = [this.#fingerprint, this.#history, this.#places];
    // Locals, because a field is read and written in memory for every letter.
    let [read, last, living, lettersEnd] = [this.#count, this.#gram, this.#alive, this.#lastEnd];
    for (let i = 0; i < text.length; i++) {
      const letter = LETTERS[text.charCodeAt(i)]!;
      if (letter === 0) continue;
      const at = this.length + i;
      if (at - lettersEnd > passageGapUnits) {
        this.end();
        living = 0;
      }
      const slot = read & 7;
      const first = history[slot]!;
      last = (last << 8) | (letter & 0xff);
      history[slot] = last;
      places[read & 15] = at;
      read++;
      lettersEnd = at + 1;
      if (living < GRAM_LETTERS - 1) living++;
      else living = hasGram(fingerprint, last) ? living + 1 : GRAM_LETTERS - 1;
      const shingle = living >= SHINGLE_LETTERS ? shingleOf(first, history[slot ^ 4]!, last) : 0;
      if (living >= SHINGLE_LETTERS && hasShingle(fingerprint, shingle)) {
        this.#options.grown?.(shingle, this.#start < 0);
        this.#grow({ letter, from: places[(read - SHINGLE_LETTERS) & 15]!, to: lettersEnd });
      } else if (this.#start >= 0) this.end();
    }
    this.length += text.length;
    [this.#count, this.#gram, this.#alive, this.#lastEnd] = [read, last, living, lettersEnd];
    if (this.length - lettersEnd <= passageGapUnits) return;
    this.end();
    this.#alive = 0;
  }

  end(): void {
    const passage = { start: this.#start, end: this.#end };
    const isOne = this.#start >= 0 && this.#weight >= this.#options.letters;
    this.#start = -1;
    this.#weight = 0;
    if (isOne) this.#options.ended?.(passage);
  }

  /** The last twelve letters are a shingle. */
  #grow({ letter, from, to }: { readonly letter: number; readonly from: number; readonly to: number }): void {
    const { letters, reached } = this.#options;
    const before = this.#start < 0 ? 0 : this.#weight;
    this.#weight = this.#start < 0 ? SHINGLE_LETTERS * weightOf(letter) : this.#weight + weightOf(letter);
    if (this.#start < 0) this.#start = from;
    this.#end = to;
    if (before < letters && this.#weight >= letters) reached?.({ start: this.#start, end: this.#end });
  }
}

/** How far a text was searched for shingles. */
interface SearchState {
  /** The grams that ended with the last eight letters. */
  readonly grams: Int32Array;
  count: number;
  gram: number;
  /** Letters that may be the beginning of a shingle, as far as grams can tell; 0: none that ends here was looked at. */
  living: number;
}

const newSearch = (): SearchState => ({ grams: new Int32Array(8), count: 0, gram: 0, living: 0 });

/** Of the text that is searched now: one at a time, to its end. */
const scratch = newSearch();

/**
 * Whether a folded text that is whole shares a shingle with the fingerprint, wherever it stands. Where it does not, it has no passage: that
 * is so of nearly every text, and asking is a fraction of looking for one.
 */
export function sharesShingle(fingerprint: Fingerprint, text: string, order: LetterOrder = AS_WRITTEN): boolean {
  scratch.count = 0;
  scratch.gram = 0;
  scratch.living = 0;
  return searchOn(fingerprint, scratch, text, order);
}

/** The same for a text that comes in pieces, each of which is asked for what ends in it. */
export function createShingleSearch(fingerprint: Fingerprint): (piece: string) => boolean {
  const state = newSearch();
  return (piece) => searchOn(fingerprint, state, piece, AS_WRITTEN);
}

/** Stops at the first shingle. */
function searchOn(fingerprint: Fingerprint, state: SearchState, text: string, { letters, backwards }: LetterOrder): boolean {
  const { grams } = state;
  const last = text.length - 1;
  let { count, gram, living } = state;
  for (let i = 0; i <= last; i++) {
    const letter = letters[text.charCodeAt(backwards ? last - i : i)]!;
    if (letter === 0) continue;
    const slot = count & 7;
    const first = grams[slot]!;
    gram = (gram << 8) | (letter & 0xff);
    grams[slot] = gram;
    count++;
    if (living === 0) {
      // A shingle has nine grams in a row: one of the first eight of them ends with every eighth letter.
      if ((count & 7) === 0 && hasGram(fingerprint, gram)) living = lettersAlive(fingerprint, grams, count);
    } else if (!hasGram(fingerprint, gram)) living = 0;
    else if (++living >= SHINGLE_LETTERS && hasShingle(fingerprint, shingleOf(first, grams[slot ^ 4]!, gram))) return true;
  }
  state.count = count;
  state.gram = gram;
  state.living = living;
  return false;
}

/** How many letters at the end of what was read are those of grams in a row; the last gram is one. */
function lettersAlive(fingerprint: Fingerprint, grams: Int32Array, count: number): number {
  let first = count;
  while (first > GRAM_LETTERS && first > count - 7 && hasGram(fingerprint, grams[(first - 2) & 7]!)) first--;
  return GRAM_LETTERS + count - first;
}

/** How the letters of a text are read. */
interface LetterOrder {
  /** The letter that each unit is compared as; 0 for none. */
  readonly letters: Uint16Array;
  /** From the end of the text. */
  readonly backwards: boolean;
}

const AS_WRITTEN: LetterOrder = { letters: LETTERS, backwards: false };
const ROTATED: LetterOrder = { letters: ROTATED_LETTERS, backwards: false };
const BACKWARDS: LetterOrder = { letters: LETTERS, backwards: true };

/** The same for what the text says when its letters are moved by 13 or read from the end. */
export function sharesDisguised(fingerprint: Fingerprint, text: string): boolean {
  return sharesShingle(fingerprint, text, ROTATED) || sharesShingle(fingerprint, text, BACKWARDS);
}
