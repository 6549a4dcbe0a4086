import { hashFilter, mayBeOneOf } from './word-filter.ts';
import { mixedHash, type WordPlaces, type Words, wordHash } from './words.ts';

/**
 * Finds some words, and pairs of neighbouring words, in a text, by their hashes: a wrong find is rare and costs a closer look, none is
 * missed. No string is made.
 */
export interface KeyFilter extends KeyLists {
  /** Adds the numbers of the words that may be keys, or the second of a pair that may be one. */
  noteKeys(places: WordPlaces): void;
}

/** What is listed under words, for `lists` one after the other: how many numbers there are, and each of them. */
export interface KeyLists {
  readonly lists: Int32Array;
  /** Where the list of a word of a text alone begins, */
  listAlone(words: Words, number: number): number;
  /** and the one of that with the word before it. */
  listPaired(words: Words, number: number): number;
}

/** Numbers of the filter: with some thousand keys, one word in some hundred passes without being one, and they stay in the nearest cache. */
const FILTER_LENGTH = 1 << 12;

/** `keys`: words as `comparable` writes them, or two with a space between, and the numbers that are listed under each. */
export function createKeyFilter(keys: ReadonlyMap<string, readonly number[]>): KeyFilter {
  const byHash = Map.groupBy(keys, ([key]) => keyHash(key));
  const filter = hashFilter([...byHash.keys()], FILTER_LENGTH);
  const lists: number[] = [0];
  const table = createTable(byHash.size);
  for (const [hash, some] of byHash) {
    const numbers = some.flatMap(([, listed]) => listed);
    if (numbers.length === 0) continue;
    table.add(hash, lists.length);
    lists.push(numbers.length, ...numbers);
  }
  return {
    noteKeys(places) {
      const { keys, hashes, count } = places;
      let keyCount = 0;
      let before = 0;
      for (let number = 0; number < count; number++) {
        const hash = hashes[number]!;
        keys[keyCount] = number;
        keyCount += mayBeOneOf(filter, hash) | mayBeOneOf(filter, pairHash(before, hash));
        before = hash;
      }
      places.keyCount = keyCount;
    },
    lists: Int32Array.from(lists),
    listAlone: ({ hashes }, number) => listOf(hashes[number]!),
    listPaired: ({ hashes }, number) => listOf(pairHash(number === 0 ? 0 : hashes[number - 1]!, hashes[number]!)),
  };

  function listOf(hash: number): number {
    return mayBeOneOf(filter, hash) === 0 ? NO_LIST : table.find(hash);
  }
}

/** Where a list without numbers stands. */
const NO_LIST = 0;

/** Where the list of a hash begins; `NO_LIST` for one that has none. A flat table, searched from the hash's own place on: half of it is free. */
function createTable(entries: number) {
  let length = 2;
  while (length < 2 * entries) length *= 2;
  const hashes = new Int32Array(length);
  const starts = new Int32Array(length);
  return {
    add(hash: number, start: number): void {
      const at = placeOf(hash);
      hashes[at] = hash;
      starts[at] = start;
    },
    find: (hash: number): number => starts[placeOf(hash)]!,
  };

  function placeOf(hash: number): number {
    let at = hash & (length - 1);
    while (starts[at] !== NO_LIST && hashes[at] !== hash) at = (at + 1) & (length - 1);
    return at;
  }
}

function keyHash(key: string): number {
  const [first, second] = key.split(' ').map(wordHash);
  return second === undefined ? first! : pairHash(first!, second);
}

const pairHash = (first: number, second: number): number => mixedHash(Math.imul(first, 0x9e3779b1) ^ second);
