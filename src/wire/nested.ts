import { unitAt } from '../lib/unit-at.ts';
import type { Utf16Offset } from '../lib/units.ts';
import { utf16Offset } from '../lib/units.ts';
import type { Lane } from '../text/lane.ts';
import type { NestedPart, OuterSource, Segment } from '../text/segment.ts';

/** Reads text that is itself JSON (tool-call arguments), in any pieces, and gives the texts in it. */
export interface NestedLexer {
  /** Adds a piece: the decoded text of `outer`, from its first unit. */
  push(text: string, outer: OuterSource): void;
  /** No more text follows: everything open is given and every key ends. */
  end(): void;
  /** Stops waiting: what is pending is given as it stands. */
  release(): void;
  /** An escape, a number or a word is begun and not complete: the frames it stands in must be released together. */
  isWaiting(): boolean;
}

export interface NestedOptions {
  /** Key of the outer text. Each inner string gets `<key>/<ordinal>`, what is not JSON `<key>/raw`. */
  readonly key: string;
  readonly lane: Lane;
  readonly emit: (segment: Segment) => void;
  /** A key that gets no more text. */
  readonly ends: (key: string) => void;
}

type Expect = 'value' | 'value-or-close' | 'key' | 'key-or-close' | 'colon' | 'after';
type Token = 'string' | 'number' | 'key' | 'raw';

interface Pending {
  text: string;
  readonly parts: (NestedPart & { readonly text: string })[];
}

/** Longest number or word that waits for its end, in UTF-16 units; a longer one is read as raw text. */
const SCALAR_UNITS_MAX = 512;
/** Nesting that is followed; deeper text is still read, without telling keys from values. */
const DEPTH_MAX = 512;

/** The segments of one complete text, and the keys they have. */
export function lexNested(
  text: string,
  { key, lane, outer }: { readonly key: string; readonly lane: Lane; readonly outer: OuterSource },
): { readonly segments: readonly Segment[]; readonly laneEnds: readonly string[] } {
  const segments: Segment[] = [];
  const laneEnds: string[] = [];
  const lexer = createNestedLexer({ key, lane, emit: (segment) => segments.push(segment), ends: (ended) => laneEnds.push(ended) });
  lexer.push(text, outer);
  lexer.end();
  return { segments, laneEnds };
}

/**
 * An incremental lexer that leaves nothing unread: strings are decoded, numbers of nine and more digits are text, keys are keys.
 * Text that does not begin as JSON is one raw text. From the first error on, strings are still decoded and everything between them,
 * spaces included, is one raw text: a lenient parser behind us might accept it.
 */
export function createNestedLexer({ key, lane, emit, ends }: NestedOptions): NestedLexer {
  let mode: 'start' | 'json' | 'lax' | 'plain' = 'start';
  let expect: Expect = 'value';
  const stack: ('{' | '[')[] = [];
  let ordinal = 0;
  let rawUsed = false;
  let stringKey = '';
  let stringToken: Token | undefined; // set inside a string
  let begun: Pending | undefined;
  let scalar: Pending | undefined;

  function give(token: Token, lane_: string, text: string, part: NestedPart, head?: readonly NestedPart[]): void {
    if (text === '') return;
    const place = { kind: 'nested', outer: part.outer, from: part.from, to: part.to, token } as const;
    emit({ key: lane_, lane, text, source: head === undefined || head.length === 0 ? place : { ...place, head } });
  }

  function raw(text: string, outer: OuterSource, from: number, to: number): void {
    rawUsed = true;
    give('raw', `${key}/raw`, text.slice(from, to), range(outer, from, to));
  }

  function openString(token: Token): void {
    stringToken = token;
    stringKey = `${key}/${ordinal++}`;
  }

  function closeString(): void {
    expect = stringToken === 'key' ? 'colon' : 'after';
    stringToken = undefined;
    ends(stringKey);
  }

  /** Inside a string from `at`; returns where it stopped. */
  function string(text: string, outer: OuterSource, at: number): number {
    const token = stringToken!;
    let p = at;
    if (begun !== undefined) {
      p = resumeEscape(text, outer, at);
      if (begun !== undefined) return p;
    }
    const from = p;
    let run = p;
    let decoded = '';
    while (p < text.length) {
      const c = unitAt(text, p);
      if (c === 0x22) {
        give(token, stringKey, decoded + text.slice(run, p), range(outer, from, p));
        closeString();
        return p + 1;
      }
      if (c !== 0x5c) {
        p++;
        continue;
      }
      const size = innerEscapeUnits(text, p, text.length);
      if (size === 0) break;
      if (size > 1) {
        decoded += text.slice(run, p) + decodeEscape(text.slice(p, p + size));
        run = p + size;
      }
      p += size;
    }
    give(token, stringKey, decoded + text.slice(run, p), range(outer, from, p));
    if (p < text.length) begun = { text: text.slice(p), parts: [{ ...range(outer, p, text.length), text: text.slice(p) }] };
    return text.length;
  }

  /** Goes on with an escape begun in an earlier piece. */
  function resumeEscape(text: string, outer: OuterSource, at: number): number {
    const pending = begun!;
    for (let p = at; p < text.length; p++) {
      const grown = pending.text + text.slice(at, p + 1);
      const size = innerEscapeUnits(grown, 0, grown.length);
      if (size === 0) continue;
      if (size === 1) {
        literally();
        return at;
      }
      begun = undefined;
      give(stringToken!, stringKey, decodeEscape(grown), range(outer, at, p + 1), places(pending.parts));
      return p + 1;
    }
    pending.text += text.slice(at);
    if (at < text.length) pending.parts.push({ ...range(outer, at, text.length), text: text.slice(at) });
    return text.length;
  }

  /** An escape that is none is the characters it is written with. */
  function literally(): void {
    for (const part of begun?.parts ?? []) give(stringToken!, stringKey, part.text, part);
    begun = undefined;
  }

  function scanScalar(text: string, outer: OuterSource, at: number): number {
    let p = at;
    while (p < text.length && !isDelimiter(unitAt(text, p))) p++;
    const pending: Pending = scalar ?? { text: '', parts: [] };
    scalar = pending;
    if (p > at) {
      const part = text.slice(at, p);
      pending.text += part;
      pending.parts.push({ ...range(outer, at, p), text: part });
    }
    if (p < text.length) endScalar();
    else if (pending.text.length > SCALAR_UNITS_MAX) scalarAsRaw();
    return p;
  }

  function endScalar(): void {
    const { parts } = scalar!;
    const text = scalar!.text.trimEnd();
    if (text !== 'true' && text !== 'false' && text !== 'null' && !isNumberLike(text)) return scalarAsRaw();
    scalar = undefined;
    expect = 'after';
    if (digitsIn(text) < 9) return;
    const numberKey = `${key}/${ordinal++}`;
    give('number', numberKey, text, places(parts.slice(-1))[0]!, places(parts.slice(0, -1)));
    ends(numberKey);
  }

  function scalarAsRaw(): void {
    for (const part of scalar?.parts ?? []) {
      rawUsed = true;
      give('raw', `${key}/raw`, part.text, part);
    }
    scalar = undefined;
    mode = 'lax';
  }

  /** Between strings, as long as it is JSON; returns where it stopped. */
  function structure(text: string, outer: OuterSource, at: number): number {
    const c = text[at]!;
    const value = expect === 'value' || expect === 'value-or-close' || (expect === 'after' && stack.length === 0);
    if (isSpace(c)) return at + 1;
    if (c === '"' && value) openString('string');
    else if (c === '"' && (expect === 'key' || expect === 'key-or-close')) openString('key');
    else if ((c === '{' || c === '[') && value && stack.length < DEPTH_MAX) {
      stack.push(c);
      expect = c === '{' ? 'key-or-close' : 'value-or-close';
    } else if (closes(c)) {
      stack.pop();
      expect = 'after';
    } else if (c === ',' && expect === 'after' && stack.length > 0) expect = stack.at(-1) === '{' ? 'key' : 'value';
    else if (c === ':' && expect === 'colon') expect = 'value';
    else if (!isDelimiter(unitAt(c, 0)) && (expect === 'value' || expect === 'value-or-close')) return scanScalar(text, outer, at);
    else {
      mode = 'lax';
      return at;
    }
    return at + 1;
  }

  function closes(c: string): boolean {
    if (c === '}') return stack.at(-1) === '{' && (expect === 'after' || expect === 'key-or-close');
    return c === ']' && stack.at(-1) === '[' && (expect === 'after' || expect === 'value-or-close');
  }

  function betweenStrings(text: string, outer: OuterSource, at: number): number {
    const quote = text.indexOf('"', at);
    const stop = quote < 0 ? text.length : quote;
    if (stop > at) raw(text, outer, at, stop);
    if (quote < 0) return stop;
    openString('string');
    return stop + 1;
  }

  function begin(text: string): number {
    let p = 0;
    while (p < text.length && isSpace(text[p]!)) p++;
    if (p < text.length) mode = text[p] === '{' || text[p] === '[' || text[p] === '"' ? 'json' : 'plain';
    return p;
  }

  function release(): void {
    literally();
    if (scalar !== undefined) scalarAsRaw();
  }

  return {
    push(text, outer) {
      let p = mode === 'start' ? begin(text) : 0;
      if (mode === 'plain' && p < text.length) return raw(text, outer, p, text.length);
      while (p < text.length) {
        if (stringToken !== undefined) p = string(text, outer, p);
        else if (scalar !== undefined) p = scanScalar(text, outer, p);
        else if (mode === 'json') p = structure(text, outer, p);
        else p = betweenStrings(text, outer, p);
      }
    },
    end() {
      literally();
      if (scalar !== undefined) endScalar();
      if (stringToken !== undefined) closeString();
      if (rawUsed) ends(`${key}/raw`);
    },
    release,
    isWaiting: () => begun !== undefined || scalar !== undefined,
  };
}

/**
 * Units of what stands at a backslash: 6 for `\uXXXX`, 2 for the short escapes, 1 when it is no escape (the backslash stands for
 * itself), 0 when it is not complete before `end`. The splice walks by the same rule.
 */
export function innerEscapeUnits(text: string, at: number, end: number): 0 | 1 | 2 | 6 {
  if (at + 1 >= end) return 0;
  const c = text[at + 1]!;
  if ('"\\/bfnrt'.includes(c)) return 2;
  if (c !== 'u') return 1;
  for (let i = at + 2; i < at + 6; i++) {
    if (i >= end) return 0;
    if (!'0123456789abcdefABCDEF'.includes(text[i]!)) return 1;
  }
  return 6;
}

/**
 * An escape that is complete, as JSON or GraphQL has it: its length and what it means. GraphQL has code points of any length in braces
 * beside JSON's. One that is none is the backslash it begins with.
 */
export function innerEscape(text: string, at: number, end: number): { readonly size: number; readonly text: string } {
  const braced = text.startsWith('\\u{', at) ? bracedEscape(text, at, end) : undefined;
  if (braced !== undefined) return braced;
  const size = innerEscapeUnits(text, at, end);
  return size > 1 ? { size, text: decodeEscape(text.slice(at, at + size)) } : { size: 1, text: text.slice(at, at + 1) };
}

function bracedEscape(text: string, at: number, end: number): { readonly size: number; readonly text: string } | undefined {
  let point = 0;
  let p = at + 3;
  for (; p < end && '0123456789abcdefABCDEF'.includes(text[p]!); p++)
    point = Math.min(point * 16 + Number.parseInt(text[p]!, 16), POINT_OVER);
  if (p === at + 3 || p >= end || text[p] !== '}' || point === POINT_OVER) return undefined;
  return { size: p + 1 - at, text: String.fromCodePoint(point) };
}

/** The first number that is no code point. */
const POINT_OVER = 0x11_0000;

function decodeEscape(written: string): string {
  switch (written[1]) {
    case 'u':
      return String.fromCharCode(Number.parseInt(written.slice(2), 16));
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return written[1]!;
  }
}

const range = (outer: OuterSource, from: number, to: number): NestedPart => ({ outer, from: utf16Offset(from), to: utf16Offset(to) });

const places = (parts: readonly NestedPart[]): { outer: OuterSource; from: Utf16Offset; to: Utf16Offset }[] =>
  parts.map(({ outer, from, to }) => ({ outer, from, to }));

const isSpace = (c: string): boolean => c === ' ' || c === '\n' || c === '\r' || c === '\t';

/** What ends a number or a word. White space does not: `4111 1111` is one text to a lenient reader, and no number to a strict one. */
const isDelimiter = (c: number): boolean => c === 0x2c || c === 0x3a || c === 0x22 || c === 0x5b || c === 0x5d || c === 0x7b || c === 0x7d;

function isNumberLike(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!'0123456789+-.eE'.includes(text[i]!)) return false;
  return text !== '';
}

/** Digits in a number as it is written; from nine on a number is text (accounts, cards, phone numbers). */
export function digitsIn(text: string): number {
  let digits = 0;
  for (let i = 0; i < text.length; i++) {
    const c = unitAt(text, i);
    if (c >= 0x30 && c <= 0x39) digits++;
  }
  return digits;
}
