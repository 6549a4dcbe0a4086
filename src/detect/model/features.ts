import { basicPlane, CASED, unitsOf } from '../charset.ts';
import { unitsFrom } from '../text-units.ts';
import { BLOCK_UNITS, blockCount, blockPlace, EVERY_BLOCK, hasBlock } from './blocks.ts';

/** 2^18 weights: with half of them every fold is a little worse; twice as many are a little better, and no longer stay in a cache. */
export const BUCKET_BITS = 18;

/** Called for each block in order with the distinct buckets of its features; the array is used again for the next block. */
export type BlockVisitor = (buckets: Int32Array, count: number, block: number) => void;

/**
 * Reads the blocks of a text in one pass and hands out their features: every run of 4 units, every word and every two words that follow
 * each other, as hash buckets. White space counts as one space, a digit as any digit, capitals as small letters. Each character of a script
 * without spaces between words is a word. No string is made, whatever the text. `blocks`: which ones are read; the first behind a gap
 * begins as a text does. Default: all.
 */
export function readFeatures(text: string, visit: BlockVisitor, blocks = EVERY_BLOCK): void {
  const count = blockCount(text.length);
  for (let from = 0, to = 1; from < count; from = to++) {
    if (!hasBlock(blocks, from)) continue;
    while (to < count && hasBlock(blocks, to) && blockPlace(text.length, to).start === blockPlace(text.length, to - 1).end) to++;
    readStretch(text, { from, to }, visit);
  }
}

const SPACE = 0x20;
const DIGIT = 0x30;
const KIND = { other: 0, word: 1, ideograph: 2 } as const;

/** A prime below 2^32 with bits everywhere: `h * P + unit` is the polynomial hash of the units of a word so far. */
const PRIME = 0x01000193;
/** Knuth's multiplier for Fibonacci hashing: the high bits of the product depend on all bits of the hash. */
const SPREAD = 0x9e3779b1 | 0;
const SHIFT = 32 - BUCKET_BITS;
/** A multiple of 2^8: of a unit nothing is left when four more have come, so `h * M + unit` is the hash of the last 4. */
const RUN_MULTIPLIER = PRIME << 8;
/** The hash of 4 spaces. */
const SPACES = [SPACE, SPACE, SPACE, SPACE].reduce((run, unit) => (Math.imul(run, RUN_MULTIPLIER) + unit) | 0, 0);
/** Keeps words apart from runs of units with the same letters. */
const WORD_SEED = 0x5bd1e995;

/** At most one run of units and two features of words for each unit, and the word that ends with the stretch. */
const found = new Int32Array(BLOCK_UNITS * 3 + 2);
/** A bit for eight buckets: few enough to leave room in the processor's nearest cache. One feature in a hundred is taken for another. */
const SEEN_BITS = 15;
const seen = new Int32Array(1 << (SEEN_BITS - 5));
const SEEN_MASK = seen.length - 1;
const KIND_SHIFT = 16;
const UNIT = (1 << KIND_SHIFT) - 1;
/** What a unit counts as, and above `KIND_SHIFT` its kind. */
const LOOKS = looksOfUnits();

/** Blocks that follow each other without a gap: from the first to one that is not among them. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

function readStretch(text: string, { from, to }: Stretch, visit: BlockVisitor): void {
  // A stretch begins as if after a space, so that its first word looks like any other.
  let run = SPACES;
  let last = SPACE;
  let word = WORD_SEED;
  let wordBefore = WORD_SEED;
  let count = 0;
  for (let block = from; block < to; block++) {
    const { start, end } = blockPlace(text.length, block);
    const units = unitsFrom(text, start, BLOCK_UNITS);
    const length = end - start;
    for (let i = 0; i < length; i++) {
      const look = LOOKS[units[i]!]!;
      const unit = look & UNIT;
      const kind = look >>> KIND_SHIFT;
      if (kind === KIND.word) word = Math.imul(word, PRIME) + unit;
      else {
        if (word !== WORD_SEED) {
          found[count++] = bucketOf(word);
          found[count++] = bucketOf(Math.imul(wordBefore, SPREAD) + word);
          wordBefore = word;
          word = WORD_SEED;
        }
        if (unit === SPACE && last === SPACE) continue;
        if (kind === KIND.ideograph) {
          const alone = Math.imul(WORD_SEED, PRIME) + unit;
          found[count++] = bucketOf(alone);
          found[count++] = bucketOf(Math.imul(wordBefore, SPREAD) + alone);
          wordBefore = alone;
        }
      }
      last = unit;
      run = Math.imul(run, RUN_MULTIPLIER) + unit;
      found[count++] = bucketOf(run);
    }
    if (block + 1 === to && word !== WORD_SEED) {
      found[count++] = bucketOf(word);
      found[count++] = bucketOf(Math.imul(wordBefore, SPREAD) + word);
    }
    visit(found, withoutRepeats(count), block);
    count = 0;
  }
}

function bucketOf(hash: number): number {
  return Math.imul(hash ^ (hash >>> 15), SPREAD) >>> SHIFT;
}

/** Leaves each bucket of a block once; returns how many are left. Written without a branch: whether a bucket repeats is hard to guess. */
function withoutRepeats(count: number): number {
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const bucket = found[i]!;
    const at = (bucket >> 5) & SEEN_MASK;
    const bits = seen[at]!;
    seen[at] = bits | (1 << (bucket & 31));
    found[kept] = bucket;
    kept += ~(bits >> (bucket & 31)) & 1;
  }
  seen.fill(0);
  return kept;
}

/** What each UTF-16 unit looks like. */
function looksOfUnits(): Uint32Array {
  const changes = unitsOf(basicPlane(CASED));
  const isWord = unitsOf(basicPlane(/[\p{L}\p{N}\p{M}]+/gu));
  const isIdeograph = unitsOf(basicPlane(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu));
  const isDigit = unitsOf(basicPlane(/\p{Nd}+/gu));
  const isSpace = unitsOf(basicPlane(/[\s\p{Cc}]+/gu));
  return Uint32Array.from({ length: 0x10000 }, (_, code) => {
    const unit = isSpace[code] === 1 ? SPACE : isDigit[code] === 1 ? DIGIT : changes[code] === 1 ? smallLetter(code) : code;
    const kind = isIdeograph[code] === 1 ? KIND.ideograph : isWord[code] === 1 ? KIND.word : KIND.other;
    return unit | (kind << KIND_SHIFT);
  });
}

function smallLetter(code: number): number {
  const small = String.fromCharCode(code).toLowerCase();
  return small.length === 1 ? small.charCodeAt(0) : code;
}
