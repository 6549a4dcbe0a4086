import { unitAt } from '../../lib/unit-at.ts';
import { type ByteRun, createViewBuilder, type View } from './view.ts';

/**
 * The text with its escapes undone: percent-encoding (UTF-8), HTML character references, and the backslash escapes of JSON, JavaScript,
 * Python and C (`\x41`, `\u0041`, `\u{41}`, `\101` is left alone). Undefined when there is none.
 */
export function decodeEscapes(text: string): View | undefined {
  const out = createViewBuilder(text.length);
  let found = false;
  for (let i = 0; i < text.length; ) {
    const width = addEscape(text, i, out);
    if (width > 0) {
      found = true;
      i += width;
      continue;
    }
    out.add(unitAt(text, i), i, i + 1);
    i++;
  }
  return found ? out.build() : undefined;
}

type Builder = ReturnType<typeof createViewBuilder>;

/** Adds what the escape at an offset stands for; gives its length, 0 when there is none. */
function addEscape(text: string, at: number, out: Builder): number {
  switch (unitAt(text, at)) {
    case 0x25: // %
      return addPercent(text, at, out);
    case 0x26: // &
      return addReference(text, at, out);
    case 0x5c: // \
      return addBackslash(text, at, out);
    default:
      return 0;
  }
}

const PERCENT_UNITS = 3;

function addPercent(text: string, at: number, out: Builder): number {
  const bytes: number[] = [];
  for (let i = at; unitAt(text, i) === 0x25; i += PERCENT_UNITS) {
    const byte = readHex(text, i + 1, i + PERCENT_UNITS);
    if (byte === undefined) break;
    bytes.push(byte);
  }
  const run: ByteRun = {
    bytes,
    count: bytes.length,
    startOf: (i) => at + PERCENT_UNITS * i,
    endOf: (i) => at + PERCENT_UNITS * (i + 1),
  };
  out.addBytes(run);
  return PERCENT_UNITS * bytes.length;
}

/** Named references that stand for what a disguise needs: the signs of HTML, spaces, and the ones that show nothing. */
const NAMED = new Map<string, number>([
  ['lt', 0x3c],
  ['gt', 0x3e],
  ['amp', 0x26],
  ['quot', 0x22],
  ['apos', 0x27],
  ['nbsp', 0x20],
  ['colon', 0x3a],
  ['period', 0x2e],
  ['commat', 0x40],
  ['lowbar', 0x5f],
  ['hyphen', 0x2d],
  ['dash', 0x2d],
  ['sol', 0x2f],
  ['plus', 0x2b],
  ['equals', 0x3d],
  ['lpar', 0x28],
  ['rpar', 0x29],
  ['lsqb', 0x5b],
  ['rsqb', 0x5d],
  ['newline', 0x0a],
  ['tab', 0x09],
  ['shy', 0xad],
  ['zwj', 0x200d],
  ['zwnj', 0x200c],
]);
const NAME_UNITS_MAX = 8;
/** Most digits of a numeric reference: seven after leading zeros. */
const REFERENCE_UNITS_MAX = 12;

function addReference(text: string, at: number, out: Builder): number {
  const isNumeric = unitAt(text, at + 1) === 0x23;
  const stop = Math.min(text.length, at + 2 + (isNumeric ? REFERENCE_UNITS_MAX : NAME_UNITS_MAX));
  const semicolon = indexOfUnit(text, 0x3b, at + 1, stop);
  if (semicolon < 0) return 0;
  const codePoint = isNumeric ? readNumeric(text, at + 2, semicolon) : NAMED.get(text.slice(at + 1, semicolon).toLowerCase());
  if (codePoint === undefined || !addCodePoint(codePoint, at, semicolon + 1, out)) return 0;
  return semicolon + 1 - at;
}

function readNumeric(text: string, from: number, to: number): number | undefined {
  if ((unitAt(text, from) | 0x20) === 0x78) return readHex(text, from + 1, to);
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = unitAt(text, i) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return to > from ? value : undefined;
}

function addBackslash(text: string, at: number, out: Builder): number {
  switch (unitAt(text, at + 1)) {
    case 0x78: // \x41
      return addFixed(text, { at, from: at + 2, to: at + 4 }, out);
    case 0x75: // \u0041 or \u{41}
      if (unitAt(text, at + 2) !== 0x7b) return addFixed(text, { at, from: at + 2, to: at + 6 }, out);
      return addBraced(text, at, out);
    case 0x55: // \U00000041
      return addFixed(text, { at, from: at + 2, to: at + 10 }, out);
    default:
      return 0;
  }
}

function addFixed(
  text: string,
  { at, from, to }: { readonly at: number; readonly from: number; readonly to: number },
  out: Builder,
): number {
  const value = to <= text.length ? readHex(text, from, to) : undefined;
  return value !== undefined && addCodePoint(value, at, to, out) ? to - at : 0;
}

function addBraced(text: string, at: number, out: Builder): number {
  const close = indexOfUnit(text, 0x7d, at + 3, Math.min(text.length, at + 3 + NAME_UNITS_MAX));
  const value = close < 0 ? undefined : readHex(text, at + 3, close);
  return value !== undefined && addCodePoint(value, at, close + 1, out) ? close + 1 - at : 0;
}

function addCodePoint(codePoint: number, start: number, end: number, out: Builder): boolean {
  if (codePoint > 0x10ffff) return false;
  if (codePoint <= 0xffff) out.add(codePoint, start, end);
  else {
    out.add(0xd7c0 + (codePoint >> 10), start, end);
    out.add(0xdc00 + (codePoint & 0x3ff), start, end);
  }
  return true;
}

function indexOfUnit(text: string, unit: number, from: number, to: number): number {
  for (let i = from; i < to; i++) if (unitAt(text, i) === unit) return i;
  return -1;
}

/** Undefined when there is none or one of the units is no hexadecimal digit. */
function readHex(text: string, from: number, to: number): number | undefined {
  if (to <= from || to > text.length || to - from > 8) return undefined;
  let value = 0;
  for (let i = from; i < to; i++) {
    const unit = unitAt(text, i);
    const lower = unit | 0x20;
    const digit = unit >= 0x30 && unit <= 0x39 ? unit - 0x30 : lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
    if (digit < 0) return undefined;
    value = value * 16 + digit;
  }
  return value;
}
