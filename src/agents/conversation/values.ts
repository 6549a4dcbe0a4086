/** Words of a text, as hashes. Identifying ones (an address, a number, a name with digits) can be followed from text to text. */
export interface Values {
  /** 32-bit FNV-1a of each word of at least three units, lower case. */
  readonly words: ReadonlySet<number>;
  /** Those of `words` that name one thing: four digits or more in a row, an `@`, a dot between letters, letters beside digits. */
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

export function createValueGather(max: number, from: Values = NO_VALUES): ValueGather {
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
      readWords(text, (hash, isIdentifying) => {
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

/**
 * Tells every word of a text: runs of letters, digits and `@ . _ + - % # :` between other characters, without the points around them; dates are
 * none. One pass, no pattern: the text comes from traffic.
 */
export function readWords(text: string, onWord: (hash: number, isIdentifying: boolean) => void): void {
  let start = -1;
  for (let at = 0; at <= text.length; at++) {
    const isWord = at < text.length && isWordUnit(text.charCodeAt(at));
    if (isWord) {
      if (start < 0) start = at;
    } else if (start >= 0) {
      tellWord(text, { start, end: at }, onWord);
      start = -1;
    }
  }
}

function tellWord(
  text: string,
  range: { readonly start: number; readonly end: number },
  onWord: (hash: number, is: boolean) => void,
): void {
  let { start, end } = range;
  while (start < end && isPoint(text.charCodeAt(start))) start++;
  while (end > start && isPoint(text.charCodeAt(end - 1))) end--;
  if (end - start < WORD_UNITS_MIN || isDate(text, { start, end })) return;
  let hash = FNV_OFFSET;
  let digits = 0;
  let digitRun = 0;
  let longestRun = 0;
  let letters = 0;
  let marks = 0;
  for (let at = start; at < end; at++) {
    const unit = lower(text.charCodeAt(at));
    hash = Math.imul(hash ^ unit, FNV_PRIME);
    digitRun = isDigit(unit) ? digitRun + 1 : 0;
    longestRun = Math.max(longestRun, digitRun);
    if (isDigit(unit)) digits++;
    else if (unit === AT || (unit === DOT && isLetter(text.charCodeAt(at - 1)) && isLetter(text.charCodeAt(at + 1)))) marks++;
    else if (isLetter(unit)) letters++;
  }
  onWord(hash >>> 0, marks > 0 || longestRun >= 4 || (letters > 0 && digits > 0));
}

/** `2026-11-22`, also with a time behind a `T`: people say it in other words, and it names nobody. */
function isDate(text: string, { start, end }: { readonly start: number; readonly end: number }): boolean {
  if (end - start < DATE_FORM.length || (end - start > DATE_FORM.length && lower(text.charCodeAt(start + DATE_FORM.length)) !== LETTER_T))
    return false;
  for (let at = 0; at < DATE_FORM.length; at++) {
    const unit = text.charCodeAt(start + at);
    if (DATE_FORM[at] === '-' ? unit !== HYPHEN : !isDigit(unit)) return false;
  }
  // A time has no more than hours, minutes, seconds, a fraction and a zone: nothing longer hides behind a date.
  return end - start <= DATE_UNITS_MAX;
}

const DATE_FORM = '0000-00-00';
/** `2026-11-22T15:00:00.000000+01:00` */
const DATE_UNITS_MAX = 32;
const HYPHEN = 0x2d;
const LETTER_T = 0x74;

const WORD_UNITS_MIN = 3;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const AT = 0x40;
const DOT = 0x2e;

const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39;
const isLetter = (unit: number): boolean => (unit | 0x20) >= 0x61 && ((unit | 0x20) <= 0x7a || unit > 0x7f);
const lower = (unit: number): number => (unit >= 0x41 && unit <= 0x5a ? unit | 0x20 : unit);
/** `. _ + - % # :` */
const isPoint = (unit: number): boolean =>
  unit === DOT || unit === 0x5f || unit === 0x2b || unit === 0x2d || unit === 0x25 || unit === 0x23 || unit === 0x3a;
const isWordUnit = (unit: number): boolean => isDigit(unit) || isLetter(unit) || unit === AT || isPoint(unit);
