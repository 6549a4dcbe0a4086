import { unitAt } from '../../lib/unit-at.ts';
import { COMPARABLE, isWordUnit } from '../phrases/words.ts';

/**
 * The letter that a unit of a folded text is compared as, in lower case; 0 for everything that writing a text anew may change: spaces,
 * signs, and digits, which lists are numbered with.
 */
export const LETTERS = Uint16Array.from({ length: 0x10000 }, (_, unit) => (isLetterUnit(unit) ? COMPARABLE[unit]! : 0));

function isLetterUnit(unit: number): boolean {
  return isWordUnit(unit) && !(unit >= 0x30 && unit <= 0x39);
}

/** How much a letter counts: one of a script without spaces (kana, Han, Hangul) is about half a word. */
export function weightOf(letter: number): 1 | 3 {
  return letter >= 0x3041 && letter <= 0xd7a3 ? 3 : 1;
}

/** How many letters a folded text has. */
export function countLetters(text: string): number {
  const { length } = text;
  let count = 0;
  for (let i = 0; i < length; i++) if (LETTERS[unitAt(text, i)] !== 0) count++;
  return count;
}

/** The same for a text whose letters are moved by 13. */
export const ROTATED_LETTERS = LETTERS.map((letter, unit) => (isAsciiLetter(unit) ? ((letter - 0x61 + 13) % 26) + 0x61 : letter));

function isAsciiLetter(unit: number): boolean {
  return (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a;
}
