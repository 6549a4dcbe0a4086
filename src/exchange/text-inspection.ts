import type { LaneScan } from '../detect/scan.ts';
import type { Limits } from '../lib/limits.ts';
import { byteOffset, utf16Offset } from '../lib/units.ts';
import { findingOf, type Verdict, verdictOf } from '../policy/decide.ts';
import type { Finding } from '../policy/finding.ts';
import type { FailMode, Profile } from '../policy/policy.ts';
import { renderText } from '../respond/splice.ts';
import type { Lane } from '../text/lane.ts';
import type { LaneEdit, OuterSource, Segment } from '../text/segment.ts';
import { createNestedLexer, innerEscapeUnits } from '../wire/nested.ts';

export interface TextInspectionOptions {
  readonly lane: Lane;
  readonly profile: Profile;
  readonly mode: 'observe' | 'enforce';
  readonly failMode: FailMode;
  readonly limits: Pick<Limits, 'findings'>;
  /** Units per piece; the text is fed through the streaming path in pieces of this size. Undefined: whole. */
  readonly pieceUnits: number | undefined;
}

export interface TextInspection {
  readonly verdict: Verdict;
  /** Offsets in the text as given. After a denial the denying finding is the last. */
  readonly findings: readonly Finding[];
  /** The text after redaction; undefined when it is denied. */
  readonly output: string | undefined;
}

/**
 * Judges one text of one lane, as it would be judged inside an exchange. Tool arguments that are JSON are read as in an exchange: every
 * string in them is a text of its own.
 */
export function inspectText(text: string, options: TextInspectionOptions): TextInspection {
  const judged = options.lane === 'tool-arguments' ? judgeNested(text, options) : judgePlain(text, options);
  if (judged.stopped) return { verdict: 'deny', findings: judged.findings, output: undefined };
  const edits = options.mode === 'enforce' ? judged.edits : [];
  return {
    verdict: verdictOf(judged.findings, options.mode),
    findings: judged.findings,
    output: edits.length === 0 ? text : renderText(text, edits),
  };
}

interface Judged {
  readonly findings: Finding[];
  readonly edits: readonly LaneEdit[];
  /** Denied by a finding, or by what policy does at a limit. */
  readonly stopped: boolean;
}

function judgePlain(text: string, options: TextInspectionOptions): Judged {
  const engine = options.profile.engine(options.lane, DIRECTIONS[options.lane]);
  if (engine === undefined || engine.isQuiet(text)) return { findings: [], edits: [], stopped: false };
  const scan = engine.open({ stopAtDenial: options.mode === 'enforce' });
  for (const piece of piecesOf(text, options.pieceUnits)) scan.push(piece);
  scan.end();
  const notes = createNotes(options);
  notes.take(scan, { isKey: false, toText: (offset) => offset });
  return { findings: notes.findings, edits: scan.edits, stopped: notes.stopped };
}

/** A lane of nested JSON: where each of its segments stands in the text. */
interface NestedLane {
  readonly scan: LaneScan;
  readonly isKey: boolean;
  readonly parts: { readonly laneStart: number; readonly segment: Segment }[];
}

function judgeNested(text: string, options: TextInspectionOptions): Judged {
  const engine = options.profile.engine(options.lane, DIRECTIONS[options.lane]);
  if (engine === undefined) return { findings: [], edits: [], stopped: false };
  const notes = createNotes(options);
  const bases = new Map<OuterSource, number>();
  const open = new Map<string, NestedLane>();
  const edits: LaneEdit[] = [];
  const place = createPlacing(text, bases);
  const lexer = createNestedLexer({ key: 'arguments', lane: options.lane, emit, ends });
  let at = 0;
  for (const piece of piecesOf(text, options.pieceUnits)) {
    const outer: OuterSource = { kind: 'utf8', start: byteOffset(0), end: byteOffset(0) };
    bases.set(outer, at);
    at += piece.length;
    lexer.push(piece, outer);
  }
  lexer.end();
  for (const key of [...open.keys()]) ends(key);
  return { findings: notes.findings, edits: edits.sort((a, b) => a.start - b.start), stopped: notes.stopped };

  function emit(segment: Segment): void {
    if (notes.stopped) return;
    const { source } = segment;
    const lane = open.get(segment.key) ?? {
      scan: engine!.open({ stopAtDenial: options.mode === 'enforce' }),
      isKey: source.kind === 'nested' && source.token === 'key',
      parts: [],
    };
    open.set(segment.key, lane);
    lane.parts.push({ laneStart: lane.scan.length, segment });
    lane.scan.push(segment.text);
    notes.take(lane.scan, { isKey: lane.isKey, toText: (offset, side) => place.offset(lane, offset, side) });
  }

  function ends(key: string): void {
    const lane = open.get(key);
    if (lane === undefined || notes.stopped) return;
    open.delete(key);
    lane.scan.end();
    notes.take(lane.scan, { isKey: lane.isKey, toText: (offset, side) => place.offset(lane, offset, side) });
    if (!lane.isKey) edits.push(...lane.scan.edits.map((edit) => place.edit(lane, edit)));
  }
}

interface Notes {
  readonly findings: Finding[];
  readonly stopped: boolean;
  take(scan: LaneScan, where: { readonly isKey: boolean; readonly toText: (offset: number, side: 'start' | 'end') => number }): void;
}

/** Takes over what scans decide, with policy's answer to the limits on the way. */
function createNotes({ lane, mode, failMode, limits }: TextInspectionOptions): Notes {
  const findings: Finding[] = [];
  let stopped = false;
  const limit = (decision: FailMode['onLimit']): void => {
    stopped ||= mode === 'enforce' && decision === 'deny';
  };
  return {
    findings,
    get stopped() {
      return stopped;
    },
    take(scan, { isKey, toText }) {
      for (const match of scan.takeMatches()) {
        if (stopped) return;
        if (findings.length >= limits.findings) return limit(failMode.onLimit);
        const finding = findingOf(match, { lane, direction: DIRECTIONS[lane], mode });
        findings.push({ ...finding, start: toText(match.start, 'start'), end: toText(match.end, 'end') });
        if (isKey && match.rule.action === 'redact') limit(failMode.onUninspectable);
      }
      if (scan.exceeded.length > 0) limit(failMode.onLimit);
      stopped ||= scan.denied !== undefined;
    },
  };
}

/** Which way a lane's text usually travels; a record does not say. */
const DIRECTIONS = {
  system: 'request',
  user: 'request',
  'assistant-history': 'request',
  'tool-definition': 'request',
  'tool-arguments': 'response',
  'tool-result': 'request',
  document: 'request',
  output: 'response',
  refusal: 'response',
  reasoning: 'response',
  query: 'request',
  header: 'request',
  other: 'request',
} as const satisfies Record<Lane, Finding['direction']>;

/** From offsets in a nested lane to offsets in the text that the JSON is written in. */
function createPlacing(text: string, bases: ReadonlyMap<OuterSource, number>) {
  return { offset, edit };

  function offset(lane: NestedLane, laneOffset: number, side: 'start' | 'end'): number {
    const inside = side === 'end' ? laneOffset - 1 : laneOffset;
    const part = lane.parts.findLast(({ laneStart }) => laneStart <= inside) ?? lane.parts[0]!;
    const [from, to] = rangeOf(part.segment);
    const units = laneOffset - part.laneStart;
    if (part.segment.text.length === units) return to;
    return isString(part.segment) ? decodedOffset(from, to, units) : from + units;
  }

  function edit(lane: NestedLane, { start, end, replacement }: LaneEdit): LaneEdit {
    const whole = lane.parts.length === 1 && tokenOf(lane.parts[0]!.segment) === 'number';
    if (!whole) return { start: utf16Offset(offset(lane, start, 'start')), end: utf16Offset(offset(lane, end, 'end')), replacement };
    const { segment } = lane.parts[0]!;
    const [from, to] = rangeOf(segment);
    return {
      start: utf16Offset(from),
      end: utf16Offset(to),
      replacement: JSON.stringify(renderText(segment.text, [{ start, end, replacement }])),
    };
  }

  function rangeOf({ source }: Segment): readonly [number, number] {
    if (source.kind !== 'nested') return [0, text.length];
    const first = source.head?.[0] ?? source;
    return [bases.get(first.outer)! + first.from, bases.get(source.outer)! + source.to];
  }

  /** Walks the escapes of a string's content until `units` decoded units have passed. */
  function decodedOffset(from: number, to: number, units: number): number {
    let at = from;
    for (let unit = 0; unit < units && at < to; unit++) at += text[at] === '\\' ? Math.max(1, innerEscapeUnits(text, at, to)) : 1;
    return at;
  }
}

const tokenOf = ({ source }: Segment): string => (source.kind === 'nested' ? source.token : '');
const isString = (segment: Segment): boolean => tokenOf(segment) === 'string' || tokenOf(segment) === 'key';

function* piecesOf(text: string, units: number | undefined): Generator<string> {
  if (units === undefined) yield text;
  else for (let at = 0; at < text.length; at += units) yield text.slice(at, at + units);
}
