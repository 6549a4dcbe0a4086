import { createWords, EMPTY_HASH, hashedUnit, isWordUnit, mixedHash, type Words, wordHash } from './words.ts';

/**
 * Finds some words, and pairs of neighbouring words, in a text, by their hashes: a wrong find is rare and costs a closer look, none is
 * missed. No string is made.
 */
export interface KeyFilter<T> {
  mayHave(text: string): boolean;
  /** All words of a text, and which of them may be one of those, or the second of a pair. */
  cut(text: string): Words;
  /** What is listed under a word of a text, alone and with the one before it. */
  listed(words: Words, number: number): readonly T[];
}

/** Bits of the filter: with some thousand keys, one word in a hundred passes without being one. */
const BITS = 1 << 19;

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
    mayHave(text) {
      let hash = EMPTY_HASH;
      let previous = 0;
      for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i);
        if (isWordUnit(unit)) {
          hash = hashedUnit(hash, unit);
          continue;
        }
        if (hash === EMPTY_HASH) continue;
        const word = mixedHash(hash);
        if (isKey(word) || isKey(pairHash(previous, word))) return true;
        previous = word;
        hash = EMPTY_HASH;
      }
      return hash !== EMPTY_HASH && (isKey(mixedHash(hash)) || isKey(pairHash(previous, mixedHash(hash))));
    },
    cut,
    listed({ hashes }, number) {
      const hash = hashes[number]!;
      const alone = byHash.get(hash);
      const paired = byHash.get(pairHash(hashes[number - 1] ?? 0, hash));
      return alone === undefined || paired === undefined ? (alone ?? paired ?? []) : [...alone, ...paired];
    },
  };

  function cut(text: string): Words {
    const [starts, ends, hashes, keys]: [number[], number[], number[], number[]] = [[], [], [], []];
    let previous = 0;
    for (let i = 0; i < text.length; i++) {
      if (!isWordUnit(text.charCodeAt(i))) continue;
      starts.push(i);
      let hash = EMPTY_HASH;
      for (; i < text.length && isWordUnit(text.charCodeAt(i)); i++) hash = hashedUnit(hash, text.charCodeAt(i));
      hash = mixedHash(hash);
      if (isKey(hash) || isKey(pairHash(previous, hash))) keys.push(ends.length);
      ends.push(i);
      hashes.push(hash);
      previous = hash;
    }
    return createWords(text, { starts, ends, hashes, keys });
  }

  function isKey(hash: number): boolean {
    return (bits[(hash & (BITS - 1)) >> 5]! & (1 << (hash & 31))) !== 0 && byHash.has(hash);
  }
}

const pairHash = (first: number, second: number): number => mixedHash(Math.imul(first, 0x9e3779b1) ^ second);
