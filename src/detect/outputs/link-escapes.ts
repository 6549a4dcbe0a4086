import { unitAt } from '../../lib/unit-at.ts';
/** A destination of Markdown as a renderer reads it: character references and backslashes before punctuation are undone. */
export function decodeDestination(written: string): string {
  let out = '';
  for (let i = 0; i < written.length; i++) {
    if (written[i] === '\\' && isPunctuation(unitAt(written, i + 1))) i++;
    out += written[i]!;
  }
  return decodeAttribute(out);
}

/** The value of an attribute as a browser reads it: character references are undone. */
export function decodeAttribute(written: string): string {
  let out = '';
  let from = 0;
  for (let at = written.indexOf('&'); at >= 0; at = written.indexOf('&', at + 1)) {
    const reference = readReference(written, at + 1);
    if (reference === undefined) continue;
    out += written.slice(from, at) + reference.text;
    from = reference.end;
  }
  return out + written.slice(from);
}

/** Longest name or number of a reference that is read. */
const REFERENCE_UNITS_MAX = 10;

function readReference(text: string, from: number): { readonly text: string; readonly end: number } | undefined {
  let end = from;
  while (end - from < REFERENCE_UNITS_MAX && isReferenceUnit(unitAt(text, end))) end++;
  const name = text.slice(from, end);
  const read = name.startsWith('#') ? numbered(name.slice(1)) : NAMED.get(name);
  return read === undefined ? undefined : { text: read, end: text[end] === ';' ? end + 1 : end };
}

function numbered(digits: string): string | undefined {
  const value = digits[0] === 'x' || digits[0] === 'X' ? Number(`0x${digits.slice(1)}`) : Number(digits);
  return digits !== '' && Number.isInteger(value) && value > 0 && value <= 0x10ffff ? String.fromCodePoint(value) : undefined;
}

function isReferenceUnit(c: number): boolean {
  return c === 0x23 || (c >= 0x30 && c <= 0x39) || ((c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a);
}

function isPunctuation(c: number): boolean {
  return (c >= 0x21 && c <= 0x2f) || (c >= 0x3a && c <= 0x40) || (c >= 0x5b && c <= 0x60) || (c >= 0x7b && c <= 0x7e);
}

/** The named references that can make a host of something else. https://html.spec.whatwg.org/#named-character-references */
const NAMED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    amp: '&',
    AMP: '&',
    colon: ':',
    sol: '/',
    bsol: '\\',
    period: '.',
    commat: '@',
    num: '#',
    quest: '?',
    percnt: '%',
    Tab: '\t',
    NewLine: '\n',
    quot: '"',
    apos: "'",
    lt: '<',
    gt: '>',
  }),
);
