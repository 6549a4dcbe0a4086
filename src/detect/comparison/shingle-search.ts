import { PART_UNITS, unitsFrom } from '../text-units.ts';
import { LETTERS, ROTATED_LETTERS } from './letters.ts';
import { GRAM_LETTERS, SHINGLE_LETTERS, shingleOf } from './shingle.ts';
import { type Fingerprint, hasGram, hasShingle } from './shingle-set.ts';

/**
 * Whether a folded text that is whole shares a shingle with the fingerprint, wherever it stands. Where it does not, it has no passage: that
 * is so of nearly every text, and asking is a fraction of looking for one.
 */
export function sharesShingle(fingerprint: Fingerprint, text: string): boolean {
  return sharesAmong(fingerprint, keepLetters(text, 0), AS_WRITTEN);
}

/** The same for what the text says when its letters are moved by 13 or read from the end. */
export function sharesDisguised(fingerprint: Fingerprint, text: string): boolean {
  const count = keepLetters(text, 0);
  return sharesAmong(fingerprint, count, ROTATED) || sharesAmong(fingerprint, count, BACKWARDS);
}

/** As `sharesShingle`, for a text that comes in pieces, each of which is asked for what ends in it. */
export function createShingleSearch(fingerprint: Fingerprint): (piece: string) => boolean {
  /** The last letters: a shingle that ends in the next piece begins with one of them, or behind them. */
  const before = new Uint16Array(SHINGLE_LETTERS - 1);
  let known = 0;
  return (piece) => {
    kept.set(before.subarray(0, known));
    const count = keepLetters(piece, known);
    known = Math.min(before.length, count);
    before.set(kept.subarray(count - known, count));
    return sharesAmong(fingerprint, count, AS_WRITTEN);
  };
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

/** The units of a text that are letters, one behind the other; used again for the next text. */
let kept = new Uint16Array(PART_UNITS);

/** Adds those of a text behind the first `before`; how many there are then. Written without a branch: which units are letters is hard to guess. */
function keepLetters(text: string, before: number): number {
  if (kept.length <= before + text.length) {
    const larger = new Uint16Array(2 * (before + text.length));
    larger.set(kept.subarray(0, before));
    kept = larger;
  }
  let count = before;
  for (let from = 0; from < text.length; from += PART_UNITS) {
    const units = unitsFrom(text, from);
    const length = Math.min(PART_UNITS, text.length - from);
    for (let i = 0; i < length; i++) {
      const unit = units[i]!;
      kept[count] = unit;
      count += -LETTERS[unit]! >>> 31;
    }
  }
  return count;
}

/** Grams that a shingle has in a row. */
const GRAMS = SHINGLE_LETTERS - GRAM_LETTERS + 1;
/** One of the first eight grams of a shingle ends with every eighth letter. */
const STEP = GRAMS - 1;

/** Whether the first letters that are kept have a shingle of the fingerprint. */
function sharesAmong(fingerprint: Fingerprint, count: number, order: LetterOrder): boolean {
  for (let end = STEP; end <= count; end += STEP) {
    if (!hasGram(fingerprint, gramBefore(end, count, order))) continue;
    let first = end;
    while (first > GRAM_LETTERS && first > end - STEP + 1 && hasGram(fingerprint, gramBefore(first - 1, count, order))) first--;
    let last = end;
    while (last < count && hasGram(fingerprint, gramBefore(last + 1, count, order))) last++;
    for (let at = first + STEP; at <= last; at++) if (hasShingle(fingerprint, shingleBefore(at, count, order))) return true;
    end = last - (last % STEP);
  }
  return false;
}

function shingleBefore(end: number, count: number, order: LetterOrder): number {
  const [first, second] = [gramBefore(end - 2 * GRAM_LETTERS, count, order), gramBefore(end - GRAM_LETTERS, count, order)];
  return shingleOf(first, second, gramBefore(end, count, order));
}

/** The gram of the four letters before one of `count`, in an order. */
function gramBefore(end: number, count: number, { letters, backwards }: LetterOrder): number {
  const from = backwards ? count - 1 - (end - GRAM_LETTERS) : end - GRAM_LETTERS;
  const step = backwards ? -1 : 1;
  return (
    (byteAt(letters, from) << 24) |
    (byteAt(letters, from + step) << 16) |
    (byteAt(letters, from + 2 * step) << 8) |
    byteAt(letters, from + 3 * step)
  );
}

const byteAt = (letters: Uint16Array, at: number): number => letters[kept[at]!]! & 0xff;
