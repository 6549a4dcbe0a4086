import { wordHash } from './words.ts';

/**
 * Says of the hash of a word (`wordHash`) whether it may be one of some words: a wrong yes is rare, none is missed. Its length is a power
 * of two; each word has two bits of one number, so that a question reads one place in memory.
 */
export type WordFilter = Int32Array;

/** Undefined where they cannot be listed: it may be any. */
export function wordFilter(words: ReadonlySet<string> | undefined): WordFilter {
  return words === undefined ? EVERY_WORD : hashFilter(Array.from(words, wordHash), lengthFor(words.size));
}

/** The same of hashes, in so many numbers; a power of two. */
export function hashFilter(hashes: readonly number[], length: number): WordFilter {
  const filter = new Int32Array(length);
  for (const hash of hashes) filter[placeIn(hash, length)]! |= bitsOf(hash);
  return filter;
}

/** 1 when it may be one of them, else 0. */
export function mayBeOneOf(filter: WordFilter, hash: number): number {
  return mayHave(filter[placeIn(hash, filter.length)]!, hash);
}

/** The same of a filter that is a part of something longer, by the number that stands where `placeIn` says. */
export function mayHave(bits: number, hash: number): number {
  return (bits >>> (hash & 31)) & (bits >>> ((hash >>> 5) & 31)) & 1;
}

/** Which number of a filter has the bits of a hash. */
export const placeIn = (hash: number, length: number): number => (hash >>> 10) & (length - 1);

const bitsOf = (hash: number): number => (1 << (hash & 31)) | (1 << ((hash >>> 5) & 31));

/** With as many numbers as words, or twice as many, one other word in some hundred is taken for one of them. */
function lengthFor(words: number): number {
  let length = 1;
  while (length < words) length *= 2;
  return length;
}

const EVERY_WORD = Int32Array.of(-1);
