import { FIXED } from '../../lib/limits.ts';
import { LETTERS, weightOf } from './letters.ts';
import { GRAM_LETTERS, SHINGLE_LETTERS, shingleOf } from './shingle.ts';
import { type Fingerprint, gramBit, hasShingle } from './shingle-set.ts';

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
export function openPassages(fingerprint: Fingerprint, { letters, reached, ended }: PassageOptions): Passages {
  const { grams, gramShift } = fingerprint;
  const { passageGapUnits } = FIXED;
  /** The grams that ended with the last eight letters, and where the last sixteen letters stood. */
  const history = new Int32Array(8);
  const places = new Float64Array(16);
  let count = 0;
  let gram = 0;
  /** Letters at the end of the text that may all belong to a passage, as far as grams can tell. */
  let alive = 0;
  /** One past the last letter. */
  let lastEnd = 0;
  let length = 0;
  /** The passage that is open: where it began, and where its last letter ended. -1: none. */
  let start = -1;
  let end = 0;
  let weight = 0;

  return {
    push,
    end: endPassage,
    get length() {
      return length;
    },
    get settled() {
      if (start >= 0) return weight >= letters ? end : start;
      const beginnings = Math.min(alive, SHINGLE_LETTERS - 1);
      return beginnings === 0 || length - lastEnd > passageGapUnits ? length : places[(count - beginnings) & 15]!;
    },
  };

  function push(text: string): void {
    // Locals, because a variable of the closure is read and written in memory for every letter.
    let [read, last, living, lettersEnd] = [count, gram, alive, lastEnd];
    for (let i = 0; i < text.length; i++) {
      const letter = LETTERS[text.charCodeAt(i)]!;
      if (letter === 0) continue;
      const at = length + i;
      if (at - lettersEnd > passageGapUnits) {
        endPassage();
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
      else {
        const bit = gramBit(last, gramShift);
        living = (grams[bit >>> 5]! & (1 << (bit & 31))) === 0 ? GRAM_LETTERS - 1 : living + 1;
      }
      if (living >= SHINGLE_LETTERS && hasShingle(fingerprint, shingleOf(first, history[slot ^ 4]!, last)))
        grow({ letter, from: places[(read - SHINGLE_LETTERS) & 15]!, to: lettersEnd });
      else if (start >= 0) endPassage();
    }
    length += text.length;
    [count, gram, alive, lastEnd] = [read, last, living, lettersEnd];
    if (length - lastEnd <= passageGapUnits) return;
    endPassage();
    alive = 0;
  }

  /** The last twelve letters are a shingle. */
  function grow({ letter, from, to }: { readonly letter: number; readonly from: number; readonly to: number }): void {
    const before = start < 0 ? 0 : weight;
    weight = start < 0 ? SHINGLE_LETTERS * weightOf(letter) : weight + weightOf(letter);
    if (start < 0) start = from;
    end = to;
    if (before < letters && weight >= letters) reached?.({ start, end });
  }

  function endPassage(): void {
    const passage = { start, end };
    const isOne = start >= 0 && weight >= letters;
    start = -1;
    weight = 0;
    if (isOne) ended?.(passage);
  }
}
