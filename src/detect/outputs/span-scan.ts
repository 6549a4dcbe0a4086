import { atOnce, piecesOf, type Slices } from '../../lib/slices.ts';
import { type Utf16Offset, utf16Offset } from '../../lib/units.ts';
import type { LaneEdit } from '../../text/segment.ts';
import { replacementOf } from '../matches.ts';
import { type Engine, type LaneScan, type Match, NO_LIMITS, type Rule } from '../scan.ts';

/** Finds spans of a text; what it says must not depend on how the text was cut. */
export interface SpanReader {
  /** The next piece of the text, and where it begins. */
  read(piece: string, at: number): void;
  /** The text ends at this offset. */
  end(at: number): void;
  /** From here on it is open whether something belongs to a span; undefined: of all that was read it is known. */
  readonly undecidedFrom: number | undefined;
}

/** What a reader says, in the order of the text: one span at a time. */
export interface SpanSink {
  /** A span begins there, and goes on; that it is one is known when the unit before `known` was read. */
  begin(start: number, known: number): void;
  close(end: number): void;
}

/** The engine of one rule whose spans a reader finds. */
export function createSpanEngine(rule: Rule, openReader: (sink: SpanSink) => SpanReader): Engine {
  const open = (stopAtDenial: boolean): LaneScan => openSpanScan(rule, openReader, stopAtDenial);
  return {
    rules: [rule],
    warm: () => undefined, // nothing is made for it
    longest: 0,
    isQuiet: (text) => atOnce(isQuietIn(open(false), text)),
    isQuietInSlices: (text) => isQuietIn(open(false), text),
    open: ({ stopAtDenial }) => open(stopAtDenial),
  };
}

/** A text is quiet while a scan of it has no match. */
function* isQuietIn(scan: LaneScan, text: string): Slices<boolean> {
  for (const piece of piecesOf(text)) {
    scan.push(piece);
    if (scan.takeMatches().length > 0) return false;
    yield;
  }
  scan.end();
  return scan.takeMatches().length === 0;
}

/** End of a span that still grows. */
const OPEN_END = Number.MAX_SAFE_INTEGER;

function openSpanScan(rule: Rule, openReader: (sink: SpanSink) => SpanReader, stopAtDenial: boolean): LaneScan {
  let length = 0;
  let ended = false;
  let denied: Match | undefined;
  let begun = 0;
  let matches: Match[] = [];
  let edits: LaneEdit[] = [];
  const reader = openReader({ begin, close });

  return {
    push(text) {
      if (denied !== undefined) return;
      const at = length;
      length += text.length;
      reader.read(text, at);
    },
    end() {
      if (ended || denied !== undefined) return;
      ended = true;
      reader.end(length);
    },
    takeMatches() {
      const taken = matches;
      if (taken.length > 0) matches = [];
      return taken;
    },
    forgetBefore: (offset: Utf16Offset) => {
      if (edits.length > 0 && edits[0]!.end <= offset) edits = edits.filter(({ end }) => end > offset);
    },
    get settled() {
      return utf16Offset(settledTo());
    },
    get length() {
      return utf16Offset(length);
    },
    get edits() {
      return edits;
    },
    get denied() {
      return denied;
    },
    exceeded: NO_LIMITS,
  };

  function begin(start: number, known: number): void {
    if (denied !== undefined) return;
    begun = start;
    if (rule.action === 'redact') edits.push({ start: utf16Offset(start), end: utf16Offset(OPEN_END), replacement: replacementOf(rule) });
    if (rule.action !== 'deny') return;
    const match = matchTo(known);
    matches.push(match);
    if (stopAtDenial) denied = match;
  }

  function close(end: number): void {
    if (rule.action === 'deny') return;
    matches.push(matchTo(end));
    if (rule.action === 'redact') edits.at(-1)!.end = utf16Offset(end);
  }

  function matchTo(end: number): Match {
    return { rule, start: utf16Offset(begun), end: utf16Offset(end) };
  }

  function settledTo(): number {
    if (denied !== undefined) return denied.start;
    return ended || rule.action === 'observe' ? length : (reader.undecidedFrom ?? length);
  }
}
