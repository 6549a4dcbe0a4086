import { PART_UNITS } from '../text-units.ts';
import { EMPTY_HASH, hashedLetter, mixedHash, WORD_LETTERS, type WordPlaces } from './words.ts';

/** Cuts a text that comes in parts into its words. */
export interface WordCutter {
  /** Adds the words that end in the next units of the text, `PART_UNITS` at most. */
  push(units: Uint16Array, count: number): void;
  /** Nothing follows: adds the word that is open. */
  end(): void;
}

/** Where words begin and end in the units just read, in turn, and the hash of what was open before each; used again for the next ones. */
const borders = new Int32Array(PART_UNITS + 1);
const hashes = new Int32Array(PART_UNITS + 1);

/** `places`: what the words are added to. */
export function createWordCutter(places: WordPlaces): WordCutter {
  return new PlaceCutter(places);
}

/** There is one for each text: its fields are all that it takes. */
class PlaceCutter implements WordCutter {
  readonly #places: WordPlaces;
  /** Units read. */
  #offset = 0;
  #isOpen = false;
  /** Where the open word began, and its hash so far. */
  #start = 0;
  #hash = EMPTY_HASH;

  constructor(places: WordPlaces) {
    this.#places = places;
  }

  push(units: Uint16Array, count: number): void {
    const offset = this.#offset;
    const wasOpen = this.#isOpen;
    const found = bordersIn(units, { count, hash: this.#hash, isOpen: wasOpen });
    if (wasOpen && found > 0) this.#add(this.#start, offset + borders[0]!, hashes[0]!);
    const first = wasOpen ? 1 : 0;
    this.#addAll(offset, { first, found });
    this.#isOpen = wasOpen === (found % 2 === 0);
    if (this.#isOpen && found > 0) this.#start = offset + borders[found - 1]!;
    this.#hash = hashes[found]!;
    this.#offset = offset + count;
  }

  end(): void {
    if (this.#isOpen) this.#add(this.#start, this.#offset, this.#hash);
  }

  /** Adds the words between pairs of borders, from the first of them on. */
  #addAll(offset: number, { first, found }: { readonly first: number; readonly found: number }): void {
    const { starts, ends, hashes: made, count } = this.#places;
    let number = count;
    for (let at = first; at + 1 < found; at += 2) {
      starts[number] = offset + borders[at]!;
      ends[number] = offset + borders[at + 1]!;
      made[number++] = mixedHash(hashes[at + 1]!);
    }
    this.#places.count = number;
  }

  #add(from: number, to: number, open: number): void {
    const places = this.#places;
    const number = places.count++;
    places.starts[number] = from;
    places.ends[number] = to;
    places.hashes[number] = mixedHash(open);
  }
}

interface Begun {
  readonly count: number;
  /** Whether a word is open before the first unit, and the hash of that. */
  readonly isOpen: boolean;
  readonly hash: number;
}

/**
 * Fills the lists of borders and gives how many there are; the hash behind them is that of what is open at the end. Written without a
 * branch: where a word ends is hard to guess.
 */
function bordersIn(units: Uint16Array, begun: Begun): number {
  let { hash } = begun;
  /** -1 inside of a word, 0 between words. */
  let inside = begun.isOpen ? -1 : 0;
  let found = 0;
  for (let i = 0; i < begun.count; i++) {
    const letter = WORD_LETTERS[units[i]!]!;
    const isLetter = -letter >> 31;
    borders[found] = i;
    hashes[found] = hash;
    found += (isLetter ^ inside) & 1;
    hash = hashedLetter(hash, letter) & isLetter;
    inside = isLetter;
  }
  hashes[found] = hash;
  return found;
}
