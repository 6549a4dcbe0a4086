import { GRAM_LETTERS } from './shingle.ts';

/**
 * What is kept of a system text to compare answers with: the set of its shingles, each twelve letters in a row (Schleimer, Wilkerson and
 * Aiken, 2003, take the same of documents and thin it out; here all are kept, because whether the end of a text may still become a passage
 * must be known with every letter). The text itself is not kept. Immutable once made.
 */
export interface Fingerprint {
  /** A bit for every gram, and for its first letters, by the upper bits of their hash: most texts end here. */
  readonly grams: Uint32Array;
  /** By how much the hash of a gram is shifted to be its bit's number. */
  readonly gramShift: number;
  /** An open hash table of shingles, 0 where there is none. */
  readonly shingles: Uint32Array;
  readonly shingleShift: number;
  /** What an exchange keeps for it. */
  readonly bytes: number;
  /** The system text is longer than `FIXED.promptLetters`; the rest of it is not compared. */
  readonly cut: boolean;
}

/** Fewest bits of a gram's number, and most: 1 to 32 KiB. */
const GRAM_BITS = { min: 13, max: 18 } as const;

/** One with room for the shingles of so many letters. */
export function emptyFingerprint(letters: number, cut: boolean): Fingerprint {
  const gramBits = Math.min(GRAM_BITS.max, Math.max(GRAM_BITS.min, bitsFor(8 * letters)));
  // At most two of three places are taken.
  const shingleBits = bitsFor(Math.ceil(1.5 * letters));
  const grams = new Uint32Array(1 << (gramBits - 5));
  const shingles = new Uint32Array(1 << shingleBits);
  return { grams, shingles, gramShift: 32 - gramBits, shingleShift: 32 - shingleBits, bytes: grams.byteLength + shingles.byteLength, cut };
}

/** One that may be changed and leaves the other as it is; grams are never taken out. */
export function copyOf(one: Fingerprint): Fingerprint {
  return { ...one, shingles: one.shingles.slice() };
}

const bitsFor = (count: number): number => 32 - Math.clz32(Math.max(1, count - 1));

/** The number of the bit of a gram, or of its first letters. */
function gramBit(letters: number, shift: number): number {
  return Math.imul(letters, 0x9e37_79b1) >>> shift;
}

/** In a place whose shingle was taken out again; a search goes on behind it. */
const ERASED = 1;

/** What stands in the table for a shingle: neither 0 nor `ERASED`. */
const tagOf = (shingle: number): number => Math.max(ERASED + 1, shingle >>> 0);

/** The place of a shingle, or the empty one where its search ends. */
function placeOf({ shingles, shingleShift }: Fingerprint, shingle: number): number {
  const tag = tagOf(shingle);
  const mask = shingles.length - 1;
  let place = shingle >>> shingleShift;
  while (shingles[place] !== 0 && shingles[place] !== tag) place = (place + 1) & mask;
  return place;
}

/** Adds what a `ShingleReader` gives. */
export function add(made: Fingerprint, gram: number, shingle: number | undefined): void {
  for (let left = 0; left < GRAM_LETTERS; left++) {
    const bit = gramBit(gram >>> (8 * left), made.gramShift);
    made.grams[bit >>> 5]! |= 1 << (bit & 31);
  }
  if (shingle === undefined) return;
  made.shingles[placeOf(made, shingle)] = tagOf(shingle);
}

export function hasGram({ grams, gramShift }: Fingerprint, gram: number): boolean {
  const bit = gramBit(gram, gramShift);
  return (grams[bit >>> 5]! & (1 << (bit & 31))) !== 0;
}

/** How many of the last letters may be the first of a passage. `gram` ends with them; `most`: fewer than a gram has. */
export function beginningIn(made: Fingerprint, gram: number, most: number): number {
  let letters = most;
  while (letters > 0 && !hasGram(made, gram & ((1 << (8 * letters)) - 1))) letters--;
  return letters;
}

/** Whether the system text has a shingle that nobody else had. */
export function hasShingle(made: Fingerprint, shingle: number): boolean {
  return made.shingles[placeOf(made, shingle)] !== 0;
}

/** Shingles of a fingerprint that may be taken out of it together: as many as it has, however often each is noted. */
export class Erasure {
  readonly #made: Fingerprint;
  /** A bit for every place of the table. */
  readonly #noted: Uint32Array;
  readonly #places: number[] = [];

  constructor(made: Fingerprint) {
    this.#made = made;
    this.#noted = new Uint32Array((made.shingles.length + 31) >>> 5);
  }

  /** The fingerprint must have it. */
  note(shingle: number): void {
    const place = placeOf(this.#made, shingle);
    const bit = 1 << (place & 31);
    if ((this.#noted[place >>> 5]! & bit) !== 0) return;
    this.#noted[place >>> 5]! |= bit;
    this.#places.push(place);
  }

  forget(): void {
    for (const place of this.#places) this.#noted[place >>> 5] = 0;
    this.#places.length = 0;
  }

  erase(): void {
    for (const place of this.#places) this.#made.shingles[place] = ERASED;
    this.forget();
  }
}
