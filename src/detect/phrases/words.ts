import { unitAt } from '../../lib/unit-at.ts';
import { basicPlane, CASED, unitsOf, WORD } from '../charset.ts';
import { foldText } from '../views/fold.ts';
import { FOLDED } from '../views/fold-table.ts';

/** The words of a text, by their number. The arrays are used again for the next text that is cut, and may be longer. */
export interface Words {
  readonly count: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** `wordHash` of each. */
  readonly hashes: Int32Array;
  /** Numbers of those that may be what is looked for, in order. */
  readonly keys: Int32Array;
  readonly keyCount: number;
  /** The word with a number, as `comparable` writes it; empty for one that is too long to be a word of a phrase. */
  word(number: number): string;
}

/** What the words of a text are written into, and how many there are. */
export interface WordPlaces {
  count: number;
  keyCount: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly hashes: Int32Array;
  readonly keys: Int32Array;
}

let places = createPlaces(1024);

/** Empty places for the words of a text of so many units; the ones given before are not used any more. */
export function placesFor(units: number): WordPlaces {
  const most = (units >> 1) + 1;
  if (places.starts.length < most) places = createPlaces(2 * most);
  places.count = 0;
  places.keyCount = 0;
  return places;
}

function createPlaces(words: number): WordPlaces {
  const array = (): Int32Array => new Int32Array(words);
  return { count: 0, keyCount: 0, starts: array(), ends: array(), hashes: array(), keys: array() };
}

/** The words of a text whose places are known. */
export function wordsAt(text: string, { count, keyCount, starts, ends, hashes, keys }: WordPlaces): Words {
  const word = (number: number): string => {
    const [start, end] = [starts[number]!, ends[number]!];
    return end - start > TOKEN_UNITS_MAX ? '' : comparable(text.slice(start, end));
  };
  return { count, keyCount, starts, ends, hashes, keys, word };
}

/** Longer words are no words of a phrase. */
export const TOKEN_UNITS_MAX = 40;

/** Letters, digits and marks, as the scan cuts words. */
export function isWordUnit(unit: number): boolean {
  if (unit < 128) return (unit >= 0x30 && unit <= 0x39) || ((unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a);
  return WORD_UNITS[unit] === 1;
}

const WORD_UNITS = unitsOf(WORD);

/** Letters of old manuscripts that are another case of today's (`ᲄ` of `т`): no word is listed with them, and they are read as today's. */
export function isOldCyrillic(unit: number): boolean {
  return unit >= 0x1c80 && unit <= 0x1c8f;
}

// FNV-1a over the units of a word, but from 0: a cutter makes that of what it has without asking whether a word is open.
export const EMPTY_HASH = 0;

/** The hash of a word with one unit more: begin with `EMPTY_HASH`, end with `mixedHash`. */
export const hashedUnit = (hash: number, unit: number): number => hashedLetter(hash, COMPARABLE[unit]!);

/** The same for a unit of which it is known what it is compared as. */
export const hashedLetter = (hash: number, letter: number): number => Math.imul(hash ^ letter, 0x01000193);

/** Never negative, and small enough for V8 to keep it without an object of its own. */
export const mixedHash = (hash: number): number => (hash ^ (hash >>> 15)) & 0x3fffffff;

/** Of a folded word, whatever its case. */
export function wordHash(word: string): number {
  let hash = EMPTY_HASH;
  for (let i = 0; i < word.length; i++) hash = hashedUnit(hash, unitAt(word, i));
  return mixedHash(hash);
}

/** A folded word as words are compared: `COMPARABLE` for each unit. */
export function comparable(word: string): string {
  const lower = word.toLowerCase();
  for (let i = 0; i < lower.length; i++) if (COMPARABLE[unitAt(lower, i)] !== unitAt(lower, i)) return mapped(word);
  return lower;
}

function mapped(word: string): string {
  let made = '';
  for (let i = 0; i < word.length; i++) made += String.fromCharCode(COMPARABLE[unitAt(word, i)]!);
  return made;
}

/**
 * Each unit in lower case; a unit whose lower case is longer stays as it is. Folding may know one case of a letter only: `Н` looks like `H`, `н`
 * like nothing, `п` like `n`. Such a letter is the ASCII one in either case: a word may be written in any mixture.
 */
export const COMPARABLE: Uint16Array = comparableUnits();

/** The same for units of words; 0 for all others. */
export const WORD_LETTERS: Uint16Array = COMPARABLE.map((letter, unit) => (isWordUnit(unit) ? letter : 0));

function comparableUnits(): Uint16Array {
  const changes = unitsOf(basicPlane(CASED));
  const table = new Uint16Array(0x10000);
  for (let unit = 0; unit < table.length; unit++) table[unit] = changes[unit] === 1 || FOLDED[unit] !== unit ? comparableUnit(unit) : unit;
  return table;
}

function comparableUnit(unit: number): number {
  const letter = lowerCase(isOldCyrillic(unit) ? String.fromCharCode(unit).toUpperCase() : String.fromCharCode(unit));
  if (unit < 128) return unitAt(letter, 0);
  const folds = [letter, letter.toUpperCase()].map((one) => lowerCase(foldText(one))).filter((fold) => fold >= 'a' && fold <= 'z');
  // A letter that looks like one in small and like another as a capital (`ν`, `Ν`) is listed both ways.
  return (new Set(folds).size === 1 ? folds[0]! : letter).charCodeAt(0);
}

function lowerCase(letter: string): string {
  const lower = letter.toLowerCase();
  return lower.length === 1 ? lower : letter;
}
