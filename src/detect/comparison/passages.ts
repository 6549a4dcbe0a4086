import { FIXED } from '../../lib/limits.ts';
import { unitAt } from '../../lib/unit-at.ts';
import { LETTERS, weightOf } from './letters.ts';
import { GRAM_LETTERS, SHINGLE_LETTERS, shingleOf } from './shingle.ts';
import { beginningIn, type Fingerprint, hasGram, hasShingle } from './shingle-set.ts';

/**
 * A part of a text in which every twelve letters in a row are a shingle of the fingerprint, without what it has of a word that began before
 * it where that is a few letters. Units of the text, whatever its pieces were.
 */
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

/**
 * Letters that a passage is begun behind: of words of one or two letters, and at the end of a longer word. Nearly every word of a text that
 * streams is such a word or ends with letters that the system text has before some other: for them alone it would wait for one more word.
 */
const CUT_LETTERS_MAX = { words: 2, wordEnd: 3 } as const;

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
    if (this.length - this.#lastEnd > FIXED.passageGapUnits) return this.length;
    const beginning = this.#beginning();
    if (beginning === 0) return this.length;
    const start = startOf(this.#places, this.#count - beginning, this.#count);
    if (this.length === this.#lastEnd) return this.#places[start & 15]!;
    // The word has ended: the next letter begins one, and with it what may be a passage.
    const isCut = beginning <= CUT_LETTERS_MAX.words || (beginning <= CUT_LETTERS_MAX.wordEnd && !isWordStart(this.#places, start));
    return isCut ? this.length : this.#places[start & 15]!;
  }

  /** Letters at the end of the text that may be the first of a passage. */
  #beginning(): number {
    if (this.#alive < GRAM_LETTERS) return beginningIn(this.#fingerprint, this.#gram, this.#alive);
    return Math.min(this.#alive, SHINGLE_LETTERS - 1);
  }

  push(text: string): void {
    const { passageGapUnits } = FIXED;
    const [fingerprint, history, places] = [this.#fingerprint, this.#history, this.#places];
    // Locals, because a field is read and written in memory for every letter.
    let [read, last, living, lettersEnd] = [this.#count, this.#gram, this.#alive, this.#lastEnd];
    const { length } = text;
    for (let i = 0; i < length; i++) {
      const letter = LETTERS[unitAt(text, i)]!;
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
        this.#grow({ letter, from: places[startOf(places, read - SHINGLE_LETTERS, read) & 15]!, to: lettersEnd });
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

/**
 * Number of the letter with which a passage begins that has this letter and those up to `count`, and maybe more: never a later one than it
 * turns out to be. `places`: of the last sixteen letters before `count`.
 */
function startOf(places: Float64Array, first: number, count: number): number {
  const { words, wordEnd } = CUT_LETTERS_MAX;
  for (let letter = Math.min(first + words, count - 1); letter >= first; letter--) if (isWordStart(places, letter)) return letter;
  return first + wordEnd < count && isWordStart(places, first + wordEnd) ? first + wordEnd : first;
}

function isWordStart(places: Float64Array, letter: number): boolean {
  return letter === 0 || places[letter & 15]! !== places[(letter - 1) & 15]! + 1;
}
