import { mixedHash, type WordPlaces, type Words, wordHash } from './words.ts';

/**
 * Finds some words, and pairs of neighbouring words, in a text, by their hashes: a wrong find is rare and costs a closer look, none is
 * missed. No string is made.
 */
export interface KeyFilter<T> {
  /** Adds the numbers of the words that may be keys, or the second of a pair that may be one. */
  noteKeys(places: WordPlaces): void;
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
    noteKeys(places) {
      const { keys, hashes, count } = places;
      let keyCount = 0;
      let before = 0;
      for (let number = 0; number < count; number++) {
        const hash = hashes[number]!;
        keys[keyCount] = number;
        keyCount += mayBeKey(hash) | mayBeKey(pairHash(before, hash));
        before = hash;
      }
      places.keyCount = keyCount;
    },
    listedAlone: ({ hashes }, number) => listed(hashes[number]!),
    listedPaired: (words, number) => listed(pairHash(before(words, number), words.hashes[number]!)),
  };

  function listed(hash: number): readonly T[] {
    return mayBeKey(hash) === 0 ? NONE : (byHash.get(hash) ?? NONE);
  }

  /** 1 when it may be, else 0. */
  function mayBeKey(hash: number): number {
    return (bits[(hash & (BITS - 1)) >> 5]! >>> (hash & 31)) & 1;
  }
}

const NONE: readonly never[] = [];

/** The hash of the word before one; 0 for the first. */
function before({ hashes }: Pick<Words, 'hashes'>, number: number): number {
  return number === 0 ? 0 : hashes[number - 1]!;
}

const pairHash = (first: number, second: number): number => mixedHash(Math.imul(first, 0x9e3779b1) ^ second);
