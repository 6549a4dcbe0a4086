import { basicPlane, CASED, unitsOf } from '../charset.ts';

/** 2^17 weights: with half of them every fold is a little worse, with twice as many none is better. */
export const BUCKET_BITS = 17;

/** Units that make one block. A window is two blocks that touch, so that an instruction of a few sentences stands whole in one of them. */
export const BLOCK_UNITS = 512;

/** How much of a text is read: its beginning and its end, where instructions to a model stand. */
export const READ_UNITS = { head: 4_000, tail: 1_000 } as const;

/** Called for each block in order with the distinct buckets of its features; the array is used again for the next block. */
export type BlockVisitor = (buckets: Int32Array, count: number) => void;

/**
 * Reads the beginning and the end of a text in one pass and hands out its features block by block: every run of 3, 4 and 5 units, every
 * word and every two words that follow each other, as hash buckets. White space counts as one space, a digit as any digit, capitals as
 * small letters. Each character of a script without spaces between words is a word. No string is made, whatever the text.
 */
export function readFeatures(text: string, visit: BlockVisitor): void {
  const { head, tail } = READ_UNITS;
  if (text.length <= head + tail) return readPart(text, { start: 0, end: text.length }, visit);
  readPart(text, { start: 0, end: head }, visit);
  readPart(text, { start: text.length - tail, end: text.length }, visit);
}

const SPACE = 0x20;
const DIGIT = 0x30;
const KIND = { other: 0, word: 1, ideograph: 2 } as const;

/** A prime below 2^32 with bits everywhere: `h * P + unit` is the polynomial hash of the units so far. */
const PRIME = 0x01000193;
/** Knuth's multiplier for Fibonacci hashing: the high bits of the product depend on all bits of the hash. */
const SPREAD = 0x9e3779b1 | 0;
const SHIFT = 32 - BUCKET_BITS;
/** Keeps words apart from runs of units with the same letters. */
const WORD_SEED = 0x5bd1e995;

/** At most three runs of units and two features of words for each unit, and the word that ends with the text. */
const found = new Int32Array(BLOCK_UNITS * 5 + 2);
const seen = new Uint8Array(1 << BUCKET_BITS);
const { folded, kinds } = makeUnitTables();

function readPart(text: string, { start, end }: { readonly start: number; readonly end: number }, visit: BlockVisitor): void {
  // Hashes of the last 1 to 4 units; a text begins as if after a space, so that its first word looks like any other.
  let one = SPACE;
  let two = SPACE;
  let three = SPACE;
  let four = SPACE;
  let last = SPACE;
  let word = WORD_SEED;
  let wordBefore = WORD_SEED;
  let count = 0;
  for (let blockStart = start; blockStart < end; blockStart += BLOCK_UNITS) {
    const blockEnd = Math.min(blockStart + BLOCK_UNITS, end);
    for (let i = blockStart; i < blockEnd; i++) {
      const code = text.charCodeAt(i);
      const unit = folded[code]!;
      const kind = kinds[code]!;
      if (kind !== KIND.word && word !== WORD_SEED) {
        count = add(word, count);
        count = add(Math.imul(wordBefore, SPREAD) + word, count);
        wordBefore = word;
        word = WORD_SEED;
      }
      if (unit === SPACE && last === SPACE) continue;
      last = unit;
      const five = Math.imul(four, PRIME) + unit;
      four = Math.imul(three, PRIME) + unit;
      three = Math.imul(two, PRIME) + unit;
      two = Math.imul(one, PRIME) + unit;
      one = unit;
      count = add(three, count);
      count = add(four, count);
      count = add(five, count);
      if (kind === KIND.word) word = Math.imul(word, PRIME) + unit;
      else if (kind === KIND.ideograph) {
        const alone = Math.imul(WORD_SEED, PRIME) + unit;
        count = add(alone, count);
        count = add(Math.imul(wordBefore, SPREAD) + alone, count);
        wordBefore = alone;
      }
    }
    if (blockEnd === end && word !== WORD_SEED) {
      count = add(word, count);
      count = add(Math.imul(wordBefore, SPREAD) + word, count);
    }
    visit(found, count);
    for (let i = 0; i < count; i++) seen[found[i]!] = 0;
    count = 0;
  }
}

/** Adds the bucket of a hash unless the block has it. */
function add(hash: number, count: number): number {
  const bucket = Math.imul(hash ^ (hash >>> 15), SPREAD) >>> SHIFT;
  if (seen[bucket]! !== 0) return count;
  seen[bucket] = 1;
  found[count] = bucket;
  return count + 1;
}

/** What each UTF-16 unit counts as. */
function makeUnitTables(): { readonly folded: Uint16Array; readonly kinds: Uint8Array } {
  const changes = unitsOf(basicPlane(CASED));
  const folded = new Uint16Array(0x10000);
  for (let code = 0; code < folded.length; code++) folded[code] = changes[code] === 1 ? smallLetter(code) : code;
  const kinds = new Uint8Array(0x10000);
  const isWord = unitsOf(basicPlane(/[\p{L}\p{N}\p{M}]+/gu));
  const isIdeograph = unitsOf(basicPlane(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu));
  const isDigit = unitsOf(basicPlane(/\p{Nd}+/gu));
  const isSpace = unitsOf(basicPlane(/[\s\p{Cc}]+/gu));
  for (let code = 0; code < kinds.length; code++) {
    if (isSpace[code] === 1) folded[code] = SPACE;
    else if (isDigit[code] === 1) folded[code] = DIGIT;
    if (isIdeograph[code] === 1) kinds[code] = KIND.ideograph;
    else if (isWord[code] === 1) kinds[code] = KIND.word;
  }
  return { folded, kinds };
}

function smallLetter(code: number): number {
  const small = String.fromCharCode(code).toLowerCase();
  return small.length === 1 ? small.charCodeAt(0) : code;
}
