import { assert } from '../lib/assert.ts';
import type { ByteSpan, Utf16Offset } from '../lib/units.ts';
import type { LaneEdit, NestedPart, OuterSource, Segment, SegmentSource } from '../text/segment.ts';
import type { Carrier, Frame } from '../wire/frame.ts';
import { utf8Part } from '../wire/framing/text.ts';
import { innerEscape } from '../wire/nested.ts';
import { withEmptiedLists } from './emptied-lists.ts';
import { removedSpans } from './removal.ts';

/** One replacement in a frame: a range in the text of one of its segments. `replacement` may be empty. */
export interface FrameCut {
  /** Index in `frame.segments`. */
  readonly segment: number;
  readonly start: Utf16Offset;
  readonly end: Utf16Offset;
  readonly replacement: string;
}

/**
 * The bytes of a frame with some text replaced; everything else is copied as it is. A cut between the halves of a surrogate pair takes
 * the whole character; a replacement is escaped as deep as it stands; a number becomes a string; echoes and broken signatures become `null`.
 * Cuts of one segment must not overlap. `removals` are elements of arrays that go (`ToolDeclaration.span`), with whatever is cut in them, and with lists
 * that they leave empty (`withEmptiedLists`).
 * Object keys cannot be rewritten: asking for that is our bug and throws.
 */
export function spliceFrame(
  frame: Frame,
  cuts: readonly FrameCut[],
  broken: readonly ByteSpan[] = [],
  removals: readonly ByteSpan[] = [],
): Buffer {
  if (cuts.length === 0 && broken.length === 0 && removals.length === 0 && frame.echoes.length === 0) return frame.bytes;
  const { carriers } = frame;
  if (carriers === undefined) return editedBytes(frame.bytes, editsOfFrame(frame, { bytes: frame.bytes, cuts, broken, removals }));
  const bytes = carriers.length === 1 ? carriers[0]!.content : Buffer.concat(carriers.map(({ content }) => content));
  const edits = editsOfFrame(frame, { bytes, cuts, broken, removals });
  const changed = resealed(carriers, edits);
  return frame.seal === undefined ? Buffer.concat(changed) : frame.seal(changed);
}

interface Changes {
  /** What is read of the frame. */
  readonly bytes: Buffer;
  readonly cuts: readonly FrameCut[];
  readonly broken: readonly ByteSpan[];
  readonly removals: readonly ByteSpan[];
}

/** Every change to the bytes that are read, sorted. */
function editsOfFrame(frame: Frame, { bytes, cuts, broken, removals }: Changes): ByteEdit[] {
  const nulls = [...frame.echoes, ...broken].map(({ start, end }) => ({ start, end, text: 'null' }));
  const removed = removedSpans(bytes, withEmptiedLists(bytes, removals)).map(({ start, end }) => ({ start, end, text: '' }));
  const edits = [...segmentEdits(frame, bytes, cuts), ...nulls, ...removed];
  return edits.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** Carriers with what they carry edited; no edit lies in two of them. */
function resealed(carriers: readonly Carrier[], edits: readonly ByteEdit[]): Buffer[] {
  let base = 0;
  return carriers.map(({ bytes, content, seal }) => {
    const from = base;
    base += content.length;
    const own = edits.filter(({ start, end }) => start >= from && end <= base && (start < base || from === base));
    const moved = own.map(({ start, end, text }) => ({ start: start - from, end: end - from, text }));
    return moved.length === 0 ? bytes : seal(editedBytes(content, moved));
  });
}

function editedBytes(bytes: Buffer, edits: readonly ByteEdit[]): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const { start, end, text } of edits) {
    if (end <= at && start < at) continue; // text inside an echo went with it
    assert(start >= at, 'edits do not overlap');
    parts.push(bytes.subarray(at, start), Buffer.from(text));
    at = end;
  }
  parts.push(bytes.subarray(at));
  return Buffer.concat(parts);
}

/** A plain text with its edits applied. Edits are sorted and do not overlap. */
export function renderText(text: string, edits: readonly Pick<LaneEdit, 'start' | 'end' | 'replacement'>[]): string {
  let out = '';
  let at = 0;
  for (const { start, end, replacement } of edits) {
    out += text.slice(at, start) + replacement;
    at = end;
  }
  return out + text.slice(at);
}

interface ByteEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A cut with its bounds on whole characters. */
interface Cut {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

function segmentEdits(frame: Frame, bytes: Buffer, cuts: readonly FrameCut[]): ByteEdit[] {
  const walk = createWalk(bytes);
  const bySegment = Map.groupBy(cuts, (cut) => cut.segment);
  const edits: ByteEdit[] = [];
  for (const [index, ofSegment] of [...bySegment].sort(([a], [b]) => a - b)) {
    const segment = frame.segments[index];
    assert(segment !== undefined, 'a cut names a segment of the frame');
    edits.push(...editsOf(segment, wholeCharacters(segment.text, ofSegment), walk));
  }
  return edits;
}

/** Sorted cuts that do not split a surrogate pair. */
function wholeCharacters(text: string, cuts: readonly FrameCut[]): Cut[] {
  const sorted = [...cuts].sort((a, b) => a.start - b.start);
  let last = 0;
  return sorted.map(({ start, end, replacement }) => {
    assert(start >= 0 && end >= start && end <= text.length, 'a cut lies inside its segment');
    const from = Math.max(last, splitsPair(text, start) && end > start ? start - 1 : start);
    last = Math.max(from, splitsPair(text, end) ? end + 1 : end);
    return { start: from, end: last, replacement };
  });
}

const splitsPair = (text: string, at: number): boolean =>
  at > 0 && at < text.length && (text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;

function editsOf({ text, source }: Segment, cuts: readonly Cut[], walk: Walk): ByteEdit[] {
  switch (source.kind) {
    case 'json-string':
    case 'utf8':
      return cuts.map(({ start, end, replacement }) => walk.edit(source, start, end, replacement));
    case 'json-number':
      return [{ start: source.start, end: source.end, text: JSON.stringify(renderText(text, cuts as readonly LaneEdit[])) }];
    case 'nested':
      return nestedEdits(text, source, cuts, walk);
    case 'json-key':
      assert(false, 'object keys are never rewritten');
      return [];
    default:
      return source satisfies never;
  }
}

type Nested = Extract<SegmentSource, { readonly kind: 'nested' }>;

function nestedEdits(text: string, source: Nested, cuts: readonly Cut[], walk: Walk): ByteEdit[] {
  assert(source.token !== 'key', 'object keys are never rewritten');
  if (source.token === 'number') {
    return movedToFirst(source, JSON.stringify(renderText(text, cuts as readonly LaneEdit[])), walk);
  }
  const inner = (replacement: string): string => (source.token === 'string' ? escaped(replacement) : replacement);
  if (source.head !== undefined) return movedToFirst(source, inner(renderText(text, cuts as readonly LaneEdit[])), walk);
  const outerText = walk.text(source.outer);
  let at: number = source.from;
  let unit = 0;
  const toOuter = (target: number): number => {
    while (unit < target && at < source.to) {
      const written = source.token === 'string' && outerText[at] === '\\' ? innerEscape(outerText, at, source.to) : undefined;
      at += written?.size ?? 1;
      unit += written?.text.length ?? 1;
    }
    return at;
  };
  return cuts.map(({ start, end, replacement }) => {
    const from = toOuter(start);
    return walk.edit(source.outer, from, toOuter(end), inner(replacement));
  });
}

/** A token that stands in several strings: its new text goes where it begins, the rest of it goes. */
function movedToFirst({ head = [], outer, from, to }: Nested, text: string, walk: Walk): ByteEdit[] {
  const parts: readonly NestedPart[] = [...head, { outer, from, to }];
  return parts.map((part, i) => walk.edit(part.outer, part.from, part.to, i === 0 ? text : ''));
}

/** From UTF-16 offsets in a decoded string to its bytes; goes on from the last place, so sorted questions cost one walk. */
interface Walk {
  edit(outer: OuterSource, from: number, to: number, replacement: string): ByteEdit;
  text(outer: OuterSource): string;
}

function createWalk(bytes: Buffer): Walk {
  let current: OuterSource | undefined;
  let unit = 0;
  let at = 0;
  let decoded: { readonly outer: OuterSource; readonly text: string } | undefined;

  function toByte(outer: OuterSource, target: number): number {
    if (current === undefined || !sameOuter(current, outer) || target < unit) {
      current = outer;
      unit = 0;
      at = outer.start;
    }
    while (unit < target && at < outer.end) {
      if (outer.kind === 'json-string' && bytes[at] === 0x5c) {
        at += bytes[at + 1] === 0x75 ? 6 : 2;
        unit++;
      } else if (bytes[at]! < 0x80) {
        at++;
        unit++;
      } else {
        const part = utf8Part(bytes, at, outer.end);
        at += part.size;
        unit += part.units;
      }
    }
    return at;
  }

  return {
    edit(outer, from, to, replacement) {
      const start = toByte(outer, from);
      return { start, end: toByte(outer, to), text: outer.kind === 'json-string' ? escaped(replacement) : replacement };
    },
    text(outer) {
      if (decoded === undefined || !sameOuter(decoded.outer, outer)) decoded = { outer, text: decodeOuter(bytes, outer) };
      return decoded.text;
    },
  };
}

const sameOuter = (a: OuterSource, b: OuterSource): boolean => a === b || (a.kind === b.kind && a.start === b.start && a.end === b.end);

function decodeOuter(bytes: Buffer, { kind, start, end }: OuterSource): string {
  return kind === 'utf8' ? bytes.toString('utf8', start, end) : (JSON.parse(`"${bytes.toString('utf8', start, end)}"`) as string);
}

/** As it stands between the quotes of a JSON string. */
const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);
