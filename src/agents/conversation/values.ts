import { unitAt } from '../../lib/unit-at.ts';
import { createWordHash, type WordHash, type WordKey } from './word-hash.ts';

/** Words of a text, as hashes. Identifying ones (an address, a number, a name with digits) can be followed from text to text. */
export interface Values {
  /** Keyed hashes of 53 bits, of each word in lower case. */
  readonly words: ReadonlySet<number>;
  /** Those of `words` that name one thing: four digits or more in a row, an `@`, a dot between letters, two between digits, letters beside digits. */
  readonly identifying: ReadonlySet<number>;
  /** There were more than `max`: what is not among them may have been said all the same. */
  readonly overflowed: boolean;
}

export const NO_VALUES: Values = { words: new Set(), identifying: new Set(), overflowed: false };

/** Gathers the words of texts, bounded: at most `max` of each kind are kept, the first ones. */
export interface ValueGather {
  add(text: string): void;
  readonly values: Values;
}

export function createValueGather({ max, key }: { readonly max: number; readonly key: WordKey }, from: Values = NO_VALUES): ValueGather {
  const words = new Set(from.words);
  const identifying = new Set(from.identifying);
  const values = { words, identifying, overflowed: from.overflowed };
  const keep = (set: Set<number>, hash: number): void => {
    if (set.size < max) set.add(hash);
    else if (!set.has(hash)) values.overflowed = true;
  };
  return {
    values,
    add(text) {
      readWords(text, key, ({ hash, isIdentifying }) => {
        keep(words, hash);
        if (isIdentifying) keep(identifying, hash);
      });
    },
  };
}

/** Both together, bounded as a gather is. */
export function mergeValues(left: Values, right: Values, max: number): Values {
  if (right.words.size === 0 && !right.overflowed) return left;
  const merge = (a: ReadonlySet<number>, b: ReadonlySet<number>): Set<number> => new Set([...a, ...b].slice(0, max));
  const words = merge(left.words, right.words);
  const identifying = merge(left.identifying, right.identifying);
  const isCut = words.size === max || identifying.size === max;
  return { words, identifying, overflowed: left.overflowed || right.overflowed || isCut };
}

/** One word, where it stands. The object is the same for every word of a text: whoever keeps something copies it. */
export interface Word {
  readonly hash: number;
  readonly isIdentifying: boolean;
  /** It names a place that something can be sent to: an `@` in it, a dot between letters or an address of digits. */
  readonly isAddress: boolean;
  /** UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/**
 * Tells every word of a text: runs of letters, digits and `@ . _ + - % # :` between other characters, without the points around them; dates are
 * none. Full-width forms are what they stand for, and a full stop of another script between letters or digits is a dot, as in names of hosts
 * (UTS #46, 2.3). One pass, no pattern: the text comes from traffic.
 */
export function readWords(text: string, key: WordKey, onWord: (word: Word) => void): void {
  const hash = createWordHash(key);
  let start = -1;
  let hasAt = false;
  for (let at = 0; at <= text.length; at++) {
    const unit: number = at < text.length ? countedUnitAt(text, at, hasAt) : SPACE;
    if (isWordUnit(unit)) {
      if (start < 0) start = at;
      hasAt ||= unit === AT;
    } else if (start >= 0) {
      tellWord({ text, start, end: at, hasAt }, hash, onWord);
      start = -1;
      hasAt = false;
    }
  }
}

interface Run {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly hasAt: boolean;
}

function tellWord({ text, hasAt, ...range }: Run, wordHash: WordHash, onWord: (word: Word) => void): void {
  let { start, end } = range;
  while (start < end && isPoint(countedUnitAt(text, start, hasAt))) start++;
  while (end > start && isPoint(countedUnitAt(text, end - 1, hasAt))) end--;
  if (start === end || isDate(text.slice(start, Math.min(end, start + DATE_UNITS_MAX + 1)))) return;
  let digits = 0;
  let digitRun = 0;
  let longestRun = 0;
  let letters = 0;
  let dots = 0;
  let digitDots = 0;
  let before = SPACE;
  for (let at = start; at < end; at++) {
    const unit = lower(countedUnitAt(text, at, hasAt));
    wordHash.add(unit);
    digitRun = isDigit(unit) ? digitRun + 1 : 0;
    longestRun = Math.max(longestRun, digitRun);
    if (isDigit(unit)) digits++;
    else if (unit !== DOT && isLetter(unit)) letters++;
    else if (unit === DOT) {
      const after = at + 1 < end ? countedUnitAt(text, at + 1, hasAt) : SPACE;
      if (isLetter(before) && isLetter(after)) dots++;
      if (isDigit(before) && isDigit(after)) digitDots++;
    }
    before = unit;
  }
  const isAddress = hasAt || dots > 0 || digitDots >= ADDRESS_DOTS;
  const isIdentifying = isAddress || longestRun >= DIGITS_MIN || (letters > 0 && digits > 0);
  onWord({ hash: wordHash.end(), isIdentifying, isAddress, start, end });
}

/** A unit as it counts. What stands for a dot in names of hosts ends a sentence between letters of the scripts that have it. */
function countedUnitAt(text: string, at: number, hasAt: boolean): number {
  const unit = unitAt(text, at);
  if (unit < 0x3002) return unit;
  if (unit === 0x3002 || unit === 0xff0e || unit === 0xff61)
    return hasAt || (isPlain(unitAt(text, at - 1)) && isPlain(unitAt(text, at + 1))) ? DOT : SPACE;
  return isFullWidth(unit) ? unit - FULL_WIDTH : unit;
}

/** A letter or digit of ASCII, in either width. */
function isPlain(unit: number): boolean {
  const folded = isFullWidth(unit) ? unit - FULL_WIDTH : unit;
  return folded <= 0x7f && (isDigit(folded) || isLetter(folded));
}

/** `2026-11-22`, also with a time behind a `T` (RFC 3339, 5.6): people say it in other words, and it names nobody. */
function isDate(word: string): boolean {
  if (word.length > DATE_UNITS_MAX || !hasForm(word, 0, DATE_FORM)) return false;
  let at = DATE_FORM.length;
  if (at === word.length) return true;
  if (lower(unitAt(word, at)) !== LETTER_T || !hasForm(word, ++at, '00:00')) return false;
  at += 5;
  if (hasForm(word, at, ':00')) at += 3;
  if (unitAt(word, at) === DOT) at = endOfDigits(word, at + 1);
  return isZone(word.slice(at));
}

/** Nothing, `Z`, `+01:00`, `+0100` or `+01`. */
function isZone(text: string): boolean {
  if (text === '' || text === 'Z' || text === 'z') return true;
  const isSigned = text.startsWith('+') || text.startsWith('-');
  return isSigned && ['00:00', '0000', '00'].some((form) => text.length === form.length + 1 && hasForm(text, 1, form));
}

/** Whether a text goes on as the form does from there: `0` is any digit. */
function hasForm(text: string, from: number, form: string): boolean {
  for (let at = 0; at < form.length; at++) {
    const unit = unitAt(text, from + at);
    if (form[at] === '0' ? !isDigit(unit) : unit !== unitAt(form, at)) return false;
  }
  return true;
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (isDigit(unitAt(text, at))) at++;
  return at;
}

const DATE_FORM = '0000-00-00';
/** `2026-11-22T15:00:00.000000000+01:00` */
const DATE_UNITS_MAX = 35;
/** Digits in a row that name one thing: a year does, and is seldom all that a call is given. */
const DIGITS_MIN = 4;
/** Dots between digits that make them an address: one is a fraction's. */
const ADDRESS_DOTS = 2;

const LETTER_T = 0x74;
const SPACE = 0x20;
const AT = 0x40;
const DOT = 0x2e;
/** Between a character of ASCII and its full-width form. */
const FULL_WIDTH = 0xfee0;

const isFullWidth = (unit: number): boolean => unit >= 0xff01 && unit <= 0xff5e;
const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39;
const isLetter = (unit: number): boolean => (unit | 0x20) >= 0x61 && ((unit | 0x20) <= 0x7a || unit > 0x7f);
const lower = (unit: number): number => (unit >= 0x41 && unit <= 0x5a ? unit | 0x20 : unit);
/** `. _ + - % # :` */
const isPoint = (unit: number): boolean =>
  unit === DOT || unit === 0x5f || unit === 0x2b || unit === 0x2d || unit === 0x25 || unit === 0x23 || unit === 0x3a;
const isWordUnit = (unit: number): boolean => isDigit(unit) || isLetter(unit) || unit === AT || isPoint(unit);
