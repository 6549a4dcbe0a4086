import { basicPlane, CASED, unitsOf, WORD } from '../charset.ts';
import { foldText } from '../views/fold.ts';
import { FOLDED } from '../views/fold-table.ts';

/** The words of a text, as `comparable` writes them, and where they stand. */
export interface Words {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly words: readonly string[];
}

export function cutWords(text: string): Words {
  const [starts, ends, words]: [number[], number[], string[]] = [[], [], []];
  for (let i = 0; i < text.length; ) {
    if (!isWordUnit(text.charCodeAt(i))) {
      i++;
      continue;
    }
    let end = i;
    let wide = 0;
    for (; end < text.length && isWordUnit(text.charCodeAt(end)); end++) wide |= text.charCodeAt(end);
    starts.push(i);
    ends.push(end);
    words.push(end - i > TOKEN_UNITS_MAX ? '' : wide < 128 ? text.slice(i, end).toLowerCase() : comparable(text.slice(i, end)));
    i = end;
  }
  return { starts, ends, words };
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

/** A folded word as words are compared: `COMPARABLE` for each unit. */
export function comparable(word: string): string {
  const lower = word.toLowerCase();
  for (let i = 0; i < lower.length; i++) if (COMPARABLE[lower.charCodeAt(i)] !== lower.charCodeAt(i)) return mapped(word);
  return lower;
}

function mapped(word: string): string {
  let made = '';
  for (let i = 0; i < word.length; i++) made += String.fromCharCode(COMPARABLE[word.charCodeAt(i)]!);
  return made;
}

/**
 * Each unit in lower case; a unit whose lower case is longer stays as it is. Folding may know one case of a letter only: `Н` looks like `H`, `н`
 * like nothing, `п` like `n`. Such a letter is the ASCII one in either case: a word may be written in any mixture.
 */
export const COMPARABLE: Uint16Array = comparableUnits();

function comparableUnits(): Uint16Array {
  const changes = unitsOf(basicPlane(CASED));
  const table = new Uint16Array(0x10000);
  for (let unit = 0; unit < table.length; unit++) table[unit] = changes[unit] === 1 || FOLDED[unit] !== unit ? comparableUnit(unit) : unit;
  return table;
}

function comparableUnit(unit: number): number {
  const letter = lowerCase(isOldCyrillic(unit) ? String.fromCharCode(unit).toUpperCase() : String.fromCharCode(unit));
  if (unit < 128) return letter.charCodeAt(0);
  const folds = [letter, letter.toUpperCase()].map((one) => lowerCase(foldText(one))).filter((fold) => fold >= 'a' && fold <= 'z');
  // A letter that looks like one in small and like another as a capital (`ν`, `Ν`) is listed both ways.
  return (new Set(folds).size === 1 ? folds[0]! : letter).charCodeAt(0);
}

function lowerCase(letter: string): string {
  const lower = letter.toLowerCase();
  return lower.length === 1 ? lower : letter;
}
