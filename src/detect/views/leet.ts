import { unitAt } from '../../lib/unit-at.ts';
import type { InstructionWords } from '../instruction-words.ts';
import { createViewBuilder, type View } from './view.ts';

/** Digits and signs that leetspeak writes for letters. `1`, `!` and `|` may be i or l: see `unleet`. */
const LEET: ReadonlyMap<number, string> = new Map(
  Object.entries({
    0: 'o',
    1: '1',
    3: 'e',
    4: 'a',
    5: 's',
    6: 'g',
    7: 't',
    8: 'b',
    9: 'g',
    '@': 'a',
    $: 's',
    '!': '1',
    '|': '1',
    '+': 't',
    '€': 'e',
  }).map(([sign, letter]) => [unitAt(sign, 0), letter]),
);

type One = 'i' | 'l';

/**
 * The text with leetspeak undone in the words that mix letters with its digits and signs, once with i and, where that can matter, once with
 * l for `1`, `!` and `|`. None where no such word is one of `words`: addresses, versions and names of variables mix them too, and texts
 * about machines are full of those.
 */
export function unleet(text: string, words: InstructionWords): View[] {
  if (!hidesOne(text, words)) return [];
  const first = unleetAs(text, 'i');
  if (first === undefined) return [];
  return first.isAmbiguous ? [first.view, unleetAs(text, 'l')!.view] : [first.view];
}

/** Longer than any word of instructions, whatever it ends in. */
const WORD_UNITS_MAX = 24;

function hidesOne(text: string, words: InstructionWords): boolean {
  for (let i = 0; i < text.length; ) {
    if (KINDS[unitAt(text, i)] !== SIGN) {
      i++;
      continue;
    }
    const to = leetWordEnd(text, i);
    const range = { from: firstLetter(text, i), to: beforeMarks(text, to) };
    if (isOne(text, range, words)) return true;
    i = to;
  }
  return false;
}

/** Where the letters begin that stand before a place. */
function firstLetter(text: string, at: number): number {
  let from = at;
  while (from > 0 && KINDS[unitAt(text, from - 1)] === LETTER) from--;
  return from;
}

/** The end of a word without the exclamation marks there. */
function beforeMarks(text: string, end: number): number {
  let to = end;
  while (to > 0 && unitAt(text, to - 1) === EXCLAMATION) to--;
  return to;
}

function isOne(text: string, { from, to }: { readonly from: number; readonly to: number }, words: InstructionWords): boolean {
  if (to - from > WORD_UNITS_MAX || !isMixed(text, from, to)) return false;
  const word = text.slice(from, to).toLowerCase();
  const plain = plainWord(word, 'i');
  if (words.has(plain)) return true;
  const other = plainWord(word, 'l');
  return other !== plain && words.has(other);
}

function plainWord(word: string, one: One): string {
  let plain = '';
  for (const sign of word) plain += letterFor(unitAt(sign, 0), one) ?? sign;
  return plain;
}

/** Undefined for what stands for no letter. */
function letterFor(unit: number, one: One): string | undefined {
  const letter = LEET.get(unit);
  return letter === '1' ? one : letter;
}

function unleetAs(text: string, one: One): { readonly view: View; readonly isAmbiguous: boolean } | undefined {
  const out = createViewBuilder(text.length);
  let changed = false;
  let isAmbiguous = false;
  for (let i = 0; i < text.length; ) {
    const end = leetWordEnd(text, i);
    const mixed = end > i && isMixed(text, i, end);
    const to = Math.max(end, i + 1);
    for (let at = i; at < to; at++) {
      const unit = unitAt(text, at);
      const letter = mixed && !endsSentence(text, at, to) ? letterFor(unit, one) : undefined;
      if (LEET.get(unit) === '1' && letter !== undefined) isAmbiguous = true;
      changed ||= letter !== undefined;
      out.add(letter === undefined ? unit : unitAt(letter, 0), at, at + 1);
    }
    i = to;
  }
  return changed ? { view: out.build(), isAmbiguous } : undefined;
}

function leetWordEnd(text: string, from: number): number {
  let i = from;
  while (i < text.length && KINDS[unitAt(text, i)] !== 0) i++;
  return i;
}

/** Whether a word has letters and something that stands for one. */
function isMixed(text: string, from: number, to: number): boolean {
  let seen = 0;
  for (let i = from; i < to; i++) seen |= KINDS[unitAt(text, i)]!;
  return seen === (LETTER | SIGN);
}

/** An exclamation mark at the end of a word is one. */
function endsSentence(text: string, at: number, to: number): boolean {
  return unitAt(text, at) === EXCLAMATION && (at + 1 === to || unitAt(text, at + 1) === EXCLAMATION);
}

const EXCLAMATION = 0x21;
/** What a unit is in a word of leetspeak; 0: it stands in none. */
const [LETTER, SIGN] = [1, 2];
const KINDS: Uint8Array = kindsOfUnits();

function kindsOfUnits(): Uint8Array {
  const kinds = new Uint8Array(0x10000);
  for (const unit of LEET.keys()) kinds[unit] = SIGN;
  for (const first of ['a', 'A']) kinds.fill(LETTER, unitAt(first, 0), unitAt(first, 0) + 26);
  return kinds;
}
