import { PART_UNITS, unitsFrom } from '../text-units.ts';
import { comparable, EMPTY_HASH, hashedLetter, lettersOfUnits, mixedHash, TOKEN_UNITS_MAX, type Words, wordHash } from './words.ts';

/**
 * Finds some words, and pairs of neighbouring words, in a text, by their hashes: a wrong find is rare and costs a closer look, none is
 * missed. No string is made.
 */
export interface KeyFilter<T> {
  /** All words of a text, and which of them may be one of those, or the second of a pair. */
  cut(text: string): Words;
  /** What is listed under a word of a text alone, */
  listedAlone(words: Words, number: number): readonly T[];
  /** and under it with the one before it. */
  listedPaired(words: Words, number: number): readonly T[];
}

/** Bits of the filter: with some thousand keys, one word in thirty passes without being one, and the bits stay in the nearest cache. */
const BITS = 1 << 16;

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
    cut,
    listedAlone: ({ hashes }, number) => byHash.get(hashes[number]!) ?? [],
    listedPaired: ({ hashes }, number) => byHash.get(pairHash(number === 0 ? 0 : hashes[number - 1]!, hashes[number]!)) ?? [],
  };

  function cut(text: string): Words {
    const { starts, ends, hashes, keys } = placesFor(text.length);
    let count = 0;
    let keyCount = 0;
    let start = -1;
    let hash = EMPTY_HASH;
    let previous = 0;
    for (let from = 0; from <= text.length; from += PART_UNITS) {
      const units = unitsFrom(text, from);
      // The 0 behind the last unit ends the last word.
      const length = Math.min(PART_UNITS, text.length + 1 - from);
      for (let i = 0; i < length; i++) {
        const letter = LETTERS[units[i]!]!;
        if (letter !== 0) {
          if (start < 0) start = from + i;
          hash = hashedLetter(hash, letter);
        } else if (start >= 0) {
          const word = mixedHash(hash);
          starts[count] = start;
          ends[count] = from + i;
          hashes[count] = word;
          if (isKey(word) || isKey(pairHash(previous, word))) keys[keyCount++] = count;
          count++;
          previous = word;
          start = -1;
          hash = EMPTY_HASH;
        }
      }
    }
    return { count, starts, ends, hashes, keys, keyCount, word: (number) => wordIn(text, starts[number]!, ends[number]!) };
  }

  function isKey(hash: number): boolean {
    return (bits[(hash & (BITS - 1)) >> 5]! & (1 << (hash & 31))) !== 0 && byHash.has(hash);
  }
}

const LETTERS = lettersOfUnits();

const pairHash = (first: number, second: number): number => mixedHash(Math.imul(first, 0x9e3779b1) ^ second);

/** What `Words` are written into. */
let places = createPlaces(1024);

/** Room for the words of a text of so many units. */
function placesFor(units: number): typeof places {
  const most = (units >> 1) + 1;
  if (places.starts.length < most) places = createPlaces(2 * most);
  return places;
}

function createPlaces(words: number) {
  return { starts: new Int32Array(words), ends: new Int32Array(words), hashes: new Int32Array(words), keys: new Int32Array(words) };
}

function wordIn(text: string, start: number, end: number): string {
  return end - start > TOKEN_UNITS_MAX ? '' : comparable(text.slice(start, end));
}
