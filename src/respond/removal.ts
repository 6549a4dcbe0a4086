import { assert } from '../lib/assert.ts';
import { type ByteSpan, byteOffset } from '../lib/units.ts';

/**
 * The bytes that have to go so that elements of JSON arrays and fields of objects go: each with the comma behind it, the last one with the comma before
 * it, so that what stays is legal whichever are taken; white space around them stays. `bytes` are JSON, or server-sent events with JSON
 * in them. A span that is neither is our bug and throws. Spans are sorted and do not overlap.
 */
export function removedSpans(bytes: Buffer, elements: readonly ByteSpan[]): readonly ByteSpan[] {
  if (elements.length === 0) return [];
  const text = isEventStream(bytes) ? withoutLines(bytes) : bytes;
  const spans: ByteSpan[] = [];
  for (const { start, end } of outermost(elements)) {
    const behind = skipForwards(text, end);
    if (text[behind] === COMMA) {
      spans.push({ start, end: byteOffset(behind + 1) });
      continue;
    }
    assert(CLOSE.has(text[behind]), 'what is removed is an element of an array or a field of an object');
    spans.push({ start: takeComma(text, start, spans), end });
  }
  return spans;
}

const COMMA = 0x2c;
const OPEN: ReadonlySet<number | undefined> = new Set([0x5b, 0x7b]);
const CLOSE: ReadonlySet<number | undefined> = new Set([0x5d, 0x7d]);

/** Where the removal of an array's last element begins: at the last comma that has stayed, if there is one. What lies behind it is in it. */
function takeComma(text: Buffer, start: ByteSpan['start'], before: ByteSpan[]): ByteSpan['start'] {
  const taken = [...before];
  let at: number = skipBackwards(text, start);
  for (let last = taken.at(-1); last !== undefined && last.end === at; last = taken.at(-1)) {
    taken.pop();
    at = skipBackwards(text, last.start);
  }
  if (text[at - 1] !== COMMA) {
    assert(OPEN.has(text[at - 1]), 'what is removed is an element of an array or a field of an object');
    return start;
  }
  before.splice(taken.length);
  return byteOffset(at - 1);
}

/** Sorted, without those that lie in another one and go with it. */
function outermost(elements: readonly ByteSpan[]): readonly ByteSpan[] {
  const sorted = elements.toSorted((a, b) => a.start - b.start || b.end - a.end);
  let end = -1;
  return sorted.filter((element) => {
    const isOuter = element.start >= end;
    if (isOuter) end = element.end;
    return isOuter;
  });
}

const isSpace = (c: number | undefined): boolean => c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09;

function skipForwards(text: Buffer, from: number): number {
  let at = from;
  while (isSpace(text[at])) at++;
  return at;
}

function skipBackwards(text: Buffer, from: number): number {
  let at = from;
  while (at > 0 && isSpace(text[at - 1])) at--;
  return at;
}

/** Lines of events begin with the name of a field or with a colon, JSON with neither; a byte order mark may stand before both. */
function isEventStream(bytes: Buffer): boolean {
  const first = bytes[skipForwards(bytes, bytes[0] === 0xef ? 3 : 0)] ?? 0;
  return first === 0x3a || ((first | 0x20) >= 0x61 && (first | 0x20) <= 0x7a);
}

/** Server-sent events with spaces for all that is no data: JSON may go on from one line of data to the next. */
function withoutLines(bytes: Buffer): Buffer {
  const text = Buffer.from(bytes);
  let from = 0;
  for (let at = 0; at <= text.length; at++) {
    const c = text[at];
    if (c !== undefined && c !== 0x0a && c !== 0x0d) continue;
    text.fill(0x20, from, isData(text, from) ? Math.min(from + 'data:'.length, at) : at);
    from = at + 1;
  }
  return text;
}

const isData = (text: Buffer, from: number): boolean => text.toString('latin1', from, from + 'data:'.length) === 'data:';
