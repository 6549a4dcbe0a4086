import { mixedHash, type WordPlaces, type Words, wordHash } from './words.ts';

/**
 * Finds some words, and pairs of neighbouring words, in a text, by their hashes: a wrong find is rare and costs a closer look, none is
 * missed. No string is made.
 */
export interface KeyFilter<T> {
  /** Adds a word to those of a text, as a key too when it may be one, or the second of a pair. */
  note(places: WordPlaces, start: number, end: number, hash: number): void;
  /** What is listed under a word of a text alone, */
  listedAlone(words: Words, number: number): readonly T[];
  /** and under it with the one before it. */
  listedPaired(words: Words, number: number): readonly T[];
}

/** Bits of the filter: with some thousand keys, one word in thirty passes without being one, and the bits stay in the nearest cache. */
const BITS = 1 << 17;

/** `keys`: words as `comparable` writes them, or two with a space between, and what is listed under each. */
export function createKeyFilter<T>(keys: ReadonlyMap<string, readonly T[]>): KeyFilter<T> {
  const bits = new Uint32Array(BITS >> 5);
  const byHash = new Map<number, readonly T[]>();
  for (const [key, values] of keys) {
    const [first, second] = key.split(' ').map(wordHash);
    const hash = second === undefined ? first! : pairHash(first!, second);
    bits[(hash & (BITS - 1)) >> 5]! |= 1 << (hash & 31);
    byHash.set(hash, [...(byHash.get(hash) ?? []), ...values]);
  }
  return {
    note(places, start, end, hash) {
      const number = places.count++;
      places.starts[number] = start;
      places.ends[number] = end;
      places.hashes[number] = hash;
      if (mayBeKey(hash) || mayBeKey(pairHash(before(places, number), hash))) places.keys[places.keyCount++] = number;
    },
    listedAlone: ({ hashes }, number) => byHash.get(hashes[number]!) ?? [],
    listedPaired: (words, number) => byHash.get(pairHash(before(words, number), words.hashes[number]!)) ?? [],
  };

  function mayBeKey(hash: number): boolean {
    return (bits[(hash & (BITS - 1)) >> 5]! & (1 << (hash & 31))) !== 0;
  }
}

/** The hash of the word before one; 0 for the first. */
function before({ hashes }: Pick<Words, 'hashes'>, number: number): number {
  return number === 0 ? 0 : hashes[number - 1]!;
}

const pairHash = (first: number, second: number): number => mixedHash(Math.imul(first, 0x9e3779b1) ^ second);
