import { COMPARABLE, isWordUnit } from './words.ts';

/** Says quickly that a text has none of some words and pairs of neighbouring words; a wrong yes is rare and costs a closer look. */
export interface KeyFilter {
  mayHave(text: string): boolean;
}

/** Bits of the filter: with some thousand keys, one word in a hundred passes without being one. */
const BITS = 1 << 19;

/** `keys`: words as `comparable` writes them, or two with a space between. */
export function createKeyFilter(keys: Iterable<string>): KeyFilter {
  const bits = new Uint32Array(BITS >> 5);
  for (const key of keys) {
    const [first, second] = key.split(' ').map(hashOf);
    const hash = second === undefined ? first! : pairHash(first!, second);
    bits[(hash & (BITS - 1)) >> 5]! |= 1 << (hash & 31);
  }
  return {
    mayHave(text) {
      let hash = EMPTY;
      let previous = 0;
      for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i);
        if (isWordUnit(unit)) {
          hash = Math.imul(hash ^ COMPARABLE[unit]!, PRIME);
          continue;
        }
        if (hash === EMPTY) continue;
        const pair = pairHash(previous, mixed(hash));
        if (isSet(mixed(hash)) || isSet(pair)) return true;
        previous = mixed(hash);
        hash = EMPTY;
      }
      return hash !== EMPTY && (isSet(mixed(hash)) || isSet(pairHash(previous, mixed(hash))));
    },
  };

  function isSet(hash: number): boolean {
    return (bits[(hash & (BITS - 1)) >> 5]! & (1 << (hash & 31))) !== 0;
  }
}

// FNV-1a over the units of a word.
const EMPTY = 0x811c9dc5 | 0;
const PRIME = 0x01000193;

function hashOf(word: string): number {
  let hash = EMPTY;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ COMPARABLE[word.charCodeAt(i)]!, PRIME);
  return mixed(hash);
}

const mixed = (hash: number): number => hash ^ (hash >>> 15);
const pairHash = (first: number, second: number): number => mixed(Math.imul(first, 0x9e3779b1) ^ second);
