import type { Part } from './phrase-parts.ts';
import { mayHave, placeIn, type WordFilter } from './word-filter.ts';
import type { Words } from './words.ts';

/**
 * Says at which words of a text matches of parts may be: a wrong yes is possible, none is missed. The filters of all parts stand in one
 * array, and where they stand in another: a question touches two places in memory. Those of a part are made when it is first asked for.
 */
export interface PartFilters {
  /** Whether a match of a part may have its key at a word, by what follows that. */
  mayHaveKeyAt(part: number, words: Words, key: number): boolean;
  /** Sets the bits of the words, from a number on, at which a match may begin that has its key there; says whether there are such. */
  markBegins(part: number, words: Words, range: { readonly from: number; readonly key: number }, begins: Int32Array): boolean;
}

/** What is kept of each part: where each of its filters begins and, in the next field, how long it is; and its reach. */
const FIELDS = 8;
const [BEHIND_KEY, FIRST, SECOND, REACH] = [0, 2, 4, 6] as const;

/** Instead of the hash of a word: there is none. */
const NO_WORD = 0;

export function createPartFilters(parts: readonly Part[]): PartFilters {
  const fields = new Int32Array(FIELDS * parts.length);
  let bits = new Int32Array(1024);
  let used = 0;
  return {
    mayHaveKeyAt(part, { hashes, count }, key) {
      const row = FIELDS * part;
      if (fields[row + REACH] === 0) make(part);
      return mayHold(row + BEHIND_KEY, key + 1 < count ? hashes[key + 1]! : NO_WORD);
    },
    markBegins(part, { starts, ends, hashes, count }, { from, key }, begins) {
      const row = FIELDS * part;
      const earliest = ends[key]! - fields[row + REACH]!;
      let next = key + 1 < count ? hashes[key + 1]! : NO_WORD;
      let isMarked = false;
      for (let word = key; word >= from && (word === key || starts[word]! >= earliest); word--) {
        const hash = hashes[word]!;
        if (mayHold(row + FIRST, hash) && mayHold(row + SECOND, next)) {
          begins[word >> 5]! |= 1 << (word & 31);
          isMarked = true;
        }
        next = hash;
      }
      return isMarked;
    },
  };

  function mayHold(field: number, hash: number): boolean {
    return mayHave(bits[fields[field]! + placeIn(hash, fields[field + 1]!)]!, hash) === 1;
  }

  function make(part: number): void {
    const { behindKey, first, second } = parts[part]!.automaton();
    const row = FIELDS * part;
    add(row + BEHIND_KEY, behindKey);
    add(row + FIRST, first);
    add(row + SECOND, second);
    fields[row + REACH] = parts[part]!.reach();
  }

  function add(field: number, filter: WordFilter): void {
    const { length } = filter;
    if (used + length > bits.length) bits = grown(bits, used + length);
    bits.set(filter, used);
    fields[field] = used;
    fields[field + 1] = length;
    used += length;
  }
}

function grown(bits: Int32Array<ArrayBuffer>, least: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * Math.max(bits.length, least));
  larger.set(bits);
  return larger;
}
