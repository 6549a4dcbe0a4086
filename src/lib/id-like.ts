import { unitAt } from './unit-at.ts';
/**
 * Tells names from data: words that somebody wrote into a program from ids, dates and addresses that stand in their place. Linear in the
 * text, for text from traffic.
 */

/** Numbers, UUIDs, hex, ULIDs, tokens like base64, and words with such a one among them. */
export function isIdLike(text: string): boolean {
  const words = parts(text).filter((part) => !isSeparator(unitAt(part, 0)));
  if (words.length === 0) return false;
  if (words.every((word) => every(word, isDigit))) return true;
  if (isUuid(text)) return true;
  if (isNumbered(words)) return true;
  return words.some((word) => isToken(word));
}

/** Ends with 8-4-4-4-12 hex digits, in any case; something may stand in front (`urn:uuid:`). */
export function isUuid(text: string): boolean {
  if (text.length < 36) return false;
  const uuid = text.slice(-36);
  return (
    every(uuid, (code) => isHex(code) || code === HYPHEN) &&
    UUID_HYPHENS.every((at) => unitAt(uuid, at) === HYPHEN) &&
    count(uuid, isHex) === 32
  );
}

const HYPHEN = 45;
const UUID_HYPHENS = [8, 13, 18, 23];

/** `order-1234`: one word and three or more digits. `gpt-4` stays. */
function isNumbered(words: readonly string[]): boolean {
  const [word, digits] = words;
  return (
    words.length === 2 &&
    word !== undefined &&
    digits !== undefined &&
    every(word, isLetter) &&
    digits.length >= 3 &&
    every(digits, isDigit)
  );
}

/** A word that nobody would name a route: long numbers, hex, mixed letters and digits, mixed case, no vowels. */
function isToken(word: string): boolean {
  const digits = count(word, isDigit);
  if (digits === word.length) return digits >= 5 && !isCompactDate(word);
  if (every(word, isHex)) return (word.length >= 8 && digits > 0) || word.length >= 16;
  if (digits > 0 && isMixed(word, digits)) return true;
  if (word.length < 12) return false;
  return classChanges(word) / (word.length - 1) > 0.45 || (digits === 0 && count(word, isVowel) / word.length < 0.15);
}

/** Letters and digits that alternate, or many digits among them: `Nff3kx9Q`, `01ARZ3NDEKTSV4RRFFQ69G5FAV`. `oauth2callback` stays. */
function isMixed(word: string, digits: number): boolean {
  let changes = 0;
  for (let at = 1; at < word.length; at += 1) if (isDigit(unitAt(word, at)) !== isDigit(unitAt(word, at - 1))) changes += 1;
  if (word.length >= 20) return true;
  if (word.length >= 8 && (changes >= 4 || digits >= 5)) return true;
  return word.length >= 6 && digits >= 3 && changes >= 3;
}

/** How often lower case, upper case and digits follow each other: two a word in camel case, every second character in base64. */
function classChanges(word: string): number {
  const classOf = (code: number): number => (isDigit(code) ? 0 : isUpper(code) ? 1 : 2);
  let changes = 0;
  for (let at = 1; at < word.length; at += 1) if (classOf(unitAt(word, at)) !== classOf(unitAt(word, at - 1))) changes += 1;
  return changes;
}

/** Something, an at sign, and a dot behind it. */
export function isEmail(text: string): boolean {
  const at = text.indexOf('@');
  return at > 0 && text.indexOf('.', at) > at + 1;
}

/** `2024-01-31`, `2024-01`, with or without a time behind `T`. */
export function isDate(text: string): boolean {
  const parts = text.slice(0, 10).split('-');
  const [year, month, day] = parts;
  if (year === undefined || month === undefined || year.length !== 4 || !isYear(year) || !isBelow(month, 12)) return false;
  if (day === undefined) return parts.length === 2 && text.length === 7;
  if (!isBelow(day, 31)) return false;
  return text.length === 10 || (text[10] === 'T' && every(text.slice(11), (code) => CLOCK.has(code)));
}

const isYear = (text: string): boolean => every(text, isDigit) && (text.startsWith('19') || text.startsWith('20'));
const isBelow = (text: string, max: number): boolean =>
  text.length === 2 && every(text, isDigit) && Number(text) >= 1 && Number(text) <= max;
/** `20240131`. */
export const isCompactDate = (text: string): boolean =>
  text.length === 8 && isYear(text.slice(0, 4)) && isBelow(text.slice(4, 6), 12) && isBelow(text.slice(6), 31);

/** The text cut at separators, separators included as parts of their own. */
export function parts(text: string): string[] {
  const out: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (!isSeparator(unitAt(text, at))) continue;
    if (at > from) out.push(text.slice(from, at));
    out.push(text[at] ?? '');
    from = at + 1;
  }
  if (from < text.length) out.push(text.slice(from));
  return out;
}

export const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isUpper = (code: number): boolean => code >= 65 && code <= 90;
export const isLower = (code: number): boolean => code >= 97 && code <= 122;
export const isLetter = (code: number): boolean => isUpper(code) || isLower(code);
export const isHex = (code: number): boolean => isDigit(code) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);

const codesOf = (characters: string): ReadonlySet<number> => new Set([...characters].map((character) => unitAt(character, 0)));

/** Unreserved and sub-delims of RFC 3986 that are no letters or digits; braces too, so that a templated path stays as it is. */
const SEPARATORS = codesOf("-._~:,;=@+!$'()*&{}");
/** Whether a character divides words. */
export const isSeparator = (code: number): boolean => !isLetter(code) && SEPARATORS.has(code);
const VOWELS = codesOf('aeiouyAEIOUY');
const isVowel = (code: number): boolean => VOWELS.has(code);
const CLOCK = codesOf('0123456789:.+-Z');

/** Whether every character passes. */
export function every(text: string, test: (code: number) => boolean): boolean {
  for (let at = 0; at < text.length; at += 1) if (!test(unitAt(text, at))) return false;
  return true;
}

/** How many characters pass. */
export function count(text: string, test: (code: number) => boolean): number {
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) if (test(unitAt(text, at))) sum += 1;
  return sum;
}
