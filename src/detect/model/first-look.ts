import type { Glance } from '../glance.ts';
import type { Words } from '../phrases/words.ts';
import { HINT } from '../views/hints.ts';
import { BLOCK_UNITS, blockCount, blockPlace, EVERY_BLOCK } from './blocks.ts';

/** A weight for each bucket of words, 2^14: with half of them more is lost, and these stay in the processor's nearest cache. */
export const WORD_BUCKET_BITS = 14;

/** What tells from the words of a window alone whether it is worth a close look. */
export interface FirstLook {
  /** A window is from this score on, in steps of a weight. */
  readonly threshold: number;
  readonly weights: Int8Array;
}

/** What is known of a block, or of two that touch, before it is read. */
export interface WordCount {
  readonly units: number;
  readonly words: number;
}

/** Shorter windows are read at once. */
const WINDOW_UNITS_MIN = 100;
/** With more units for each word, a window is no prose with spaces between its words: it may be Thai, or encoded. */
const WORD_UNITS_MAX = 14;

/** Whether the words of a window say too little to judge it by them. */
export function saysTooLittle({ units, words }: WordCount): boolean {
  return units < WINDOW_UNITS_MIN || units > words * WORD_UNITS_MAX;
}

/** Called for each block in order with the buckets of the words that begin in it; the array is used again for the next block. */
export type WordVisitor = (buckets: Int32Array, count: WordCount, block: number) => void;

const found = new Int32Array(BLOCK_UNITS / 2 + 1);
const BUCKETS = (1 << WORD_BUCKET_BITS) - 1;

/** Hands out the words of a text of so many units block by block, each as often as it stands there. */
export function readWords(length: number, { count, starts, hashes }: Words, visit: WordVisitor): void {
  const blocks = blockCount(length);
  let number = 0;
  for (let block = 0; block < blocks; block++) {
    const { start, end } = blockPlace(length, block);
    while (number < count && starts[number]! < start) number++;
    const first = number;
    for (; number < count && starts[number]! < end; number++) found[number - first] = hashes[number]! & BUCKETS;
    visit(found, { units: end - start, words: number - first }, block);
  }
}

/**
 * The blocks of a text that are worth a close look, as a set: those of windows whose words look a little like an attack, or say too little.
 * All of them where the words were not asked for, or where characters of a script without spaces stand, which are words of their own.
 */
export function blocksToRead(text: string, { hints, words }: Glance, { threshold, weights }: FirstLook): number {
  if (words === undefined || (hints & HINT.unspaced) !== 0) return EVERY_BLOCK;
  let blocks = 0;
  let sumBefore = 0;
  let before: WordCount = { units: 0, words: 0 };
  const isAlone = blockCount(text.length) === 1;
  readWords(text.length, words, (buckets, count, block) => {
    let sum = 0;
    for (let i = 0; i < count.words; i++) sum += weights[buckets[i]!]!;
    const window = { units: before.units + count.units, words: before.words + count.words };
    const isComplete = block > 0 || isAlone;
    if (isComplete && (saysTooLittle(window) || windowScore(sumBefore + sum, window.words) >= threshold)) blocks |= windowOf(block);
    sumBefore = sum;
    before = count;
  });
  return blocks;
}

/** The block and the one before it, as a set. */
function windowOf(block: number): number {
  return block === 0 ? 1 : 0b11 << (block - 1);
}

/** Divided by the root of the number of features, long and short texts have scores of one size: length is no sign of an attack. */
export function windowScore(sum: number, count: number): number {
  return sum / Math.sqrt(Math.max(1, count));
}
