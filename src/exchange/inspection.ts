import { replacementOf } from '../detect/matches.ts';
import type { Engine, LaneScan, Match } from '../detect/scan.ts';
import type { Limits } from '../lib/limits.ts';
import { FIXED } from '../lib/limits.ts';
import { type ByteSpan, utf16Offset } from '../lib/units.ts';
import { findingOf, findingOfAgent } from '../policy/decide.ts';
import type { Finding } from '../policy/finding.ts';
import type { FailMode, Profile } from '../policy/policy.ts';
import { denialFor } from '../respond/denial.ts';
import { type FrameCut, renderText, spliceFrame } from '../respond/splice.ts';
import type { Direction, Lane } from '../text/lane.ts';
import type { LaneEdit, Segment } from '../text/segment.ts';
import { createBodyReader } from '../wire/body-reader.ts';
import type { Denial, WireFormat } from '../wire/format.ts';
import { generic } from '../wire/formats/generic.ts';
import type { Frame, Signature, UninspectableReason, WireFacts } from '../wire/frame.ts';
import type { Learning } from '../wire/learning.ts';
import { isBelow } from '../wire/walk.ts';
import type { AnswerCheck, AnswerRuling } from './answer-check.ts';
import type { PromptMemory } from './prompt-memory.ts';
import { restoringScan } from './restoring-scan.ts';
import type { TokenRestoring } from './token-restoring.ts';
import type { ToolGuard } from './tool-guard.ts';
import { tokenKind, type ValueTokens } from './value-tokens.ts';

export interface InspectionOptions {
  readonly direction: Direction;
  readonly format: WireFormat;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly profile: Profile;
  readonly mode: 'observe' | 'enforce';
  readonly failMode: FailMode;
  readonly limits: Limits;
  /** Filled while reading. */
  readonly facts: WireFacts;
  /** Findings of the exchange so far, both directions; this inspection adds its own. */
  readonly findings: Finding[];
  /** Whether texts of lanes that no rule looks at are counted in `lanes` too; for that they must be decoded. Default: true. */
  readonly countAll?: boolean;
  /** Whether frames say the definitions of tools and the arguments of calls as texts of their own. Default: false. */
  readonly toolTexts?: boolean;
  /** Judges what the frames do with tools. Undefined: nobody does. */
  readonly guard?: ToolGuard | undefined;
  /** Holds the answer against what the request declared; of both directions the same. Default: nothing does. */
  readonly answers?: AnswerCheck | undefined;
  /** `take` gives each frame as a buffer of its own. Default: frames that came side by side leave as one. */
  readonly apart?: boolean;
  /** Filled by the request's inspection, asked by the answer's. Default: nothing is compared. */
  readonly prompt?: PromptMemory | undefined;
  /** Tokens for values of the request; in the answer they become values again, as `restoring` allows. Default: nothing is reversible. */
  readonly tokens?: ValueTokens | undefined;
  /** Of the answer. */
  readonly restoring?: TokenRestoring | undefined;
  /** Filled while reading, for the inventory. Default: nobody learns. */
  readonly learning?: Learning | undefined;
  /** Told when the body turns out to be another dialect than its head said; it holds for the rest of the exchange. */
  readonly onFormat?: ((format: WireFormat) => void) | undefined;
  /** Whether a request that says no dialect is taken for the model's that it looks like. Default: false. */
  readonly byShape?: boolean;
}

/**
 * One body from its first byte to its last: read into frames, frames into lanes, lanes scanned, and frames given back in order as soon
 * as every lane in them is decided. What it says and gives does not depend on how the body was cut.
 */
export interface Inspection {
  push(bytes: Buffer): void;
  end(): void;
  /** The rest of the body cannot be had: counts why, denies where policy wants that, and judges the texts that have come so far. */
  fail(reason: UninspectableReason): void;
  /** Bytes that may leave, in order, since the last call. */
  take(): Buffer[];
  /** Set once something denied; nothing is read or released afterwards. */
  readonly denial: Denial | undefined;
  /** Whether the body is a stream of events: only such a one can end early and be legal; half a JSON document cannot. */
  isStream(): boolean;
  /** The legal end of the stream for what has been released; empty where the dialect has none. */
  ending(denial: Denial): Buffer;
  /** Whether any released byte differs from what came. */
  readonly changed: boolean;
  /** Why parts were not inspected; each reason once. */
  readonly uninspected: ReadonlySet<UninspectableReason>;
  /** Bytes that have come and were not taken yet. */
  readonly heldBytes: number;
  /** How many texts each lane kind had; without `countAll` only those that rules look at. */
  readonly lanes: ReadonlyMap<Lane, number>;
}

/** A lane that has text in frames not yet released. */
interface OpenLane {
  readonly key: string;
  readonly lane: Lane;
  readonly scan: LaneScan;
  /** An object key: a redaction there cannot be written. */
  readonly isKey: boolean;
  /** Of the request, where tokens take the place of values; undefined: they do nowhere in this lane. */
  readonly minting: Minting | undefined;
}

/** A text of which some values get tokens. */
interface Minting {
  /** What tokens are called, by the replacement that they stand for. */
  readonly kinds: ReadonlyMap<string, string>;
  /** The text from `from` on. */
  text: string;
  from: number;
}

/** Where a segment stands in its lane's text. */
interface Placement {
  readonly lane: OpenLane;
  readonly segment: number;
  readonly start: number;
  readonly end: number;
}

interface HeldFrame {
  readonly frame: Frame;
  readonly placements: readonly Placement[];
  /** Declarations of tools that do not leave. */
  readonly removals: readonly ByteSpan[];
}

export function createInspection(options: InspectionOptions): Inspection {
  const { direction, format, profile, limits, failMode, findings } = options;
  const enforce = options.mode === 'enforce';
  const { guard, answers } = options;
  const minted = enforce && direction === 'request' ? options.tokens : undefined;
  const restored = enforce && direction === 'response' ? options.tokens : undefined;
  const noted = direction === 'request' ? options.prompt : undefined;
  const compared = direction === 'response' ? options.prompt : undefined;
  /** Nobody but the body says what it is, so it is the client who chooses the lanes. */
  const isClaimed = direction === 'request' && format.id === generic.id && options.onFormat !== undefined;
  const engineOf = (lane: Lane) => (isClaimed ? profile.claimedEngine(lane) : profile.engine(lane, direction));
  const looksAt = (lane: Lane): boolean =>
    engineOf(lane) !== undefined ||
    guard?.wants(lane, direction) === true ||
    noted?.wants(lane) === true ||
    restores() ||
    (lane === 'refusal' && answers !== undefined);
  const wants = options.countAll === false ? looksAt : undefined;
  const reader = createBodyReader({
    ...options,
    wants,
    toolTexts: options.toolTexts === true || guard !== undefined || answers?.wantsTools === true,
    onDocument: answers && ((doc, read) => answers.declares(doc, read.id)),
  });
  const open = new Map<string, OpenLane>();
  const laneCounts = new Map<Lane, number>();
  const uninspected = new Set<UninspectableReason>();
  const held: HeldFrame[] = [];
  /** Keys with a redaction, and keys of signatures: as soon as one is below the other, a signature does not fit any more. */
  const redactedKeys = new Set<string>();
  const signedKeys = new Set<string>();
  let released: Buffer[] = [];
  /** Bytes that leave and are not among `released` yet: a part of one buffer. */
  let run: { readonly buffer: ArrayBufferLike; readonly from: number; to: number } | undefined;
  /** As they came, before any replacement. */
  let releasedBytes = 0;
  let position: unknown;
  /** A call of a tool is not judged yet: nothing leaves that came since it began. */
  let isCallOpen = false;
  /** The same for an answer, or a call, that is held against a schema. */
  let isAnswerOpen = false;
  /** Too much has waited for either: policy lets it go on unjudged until its end comes. */
  let isGivenUp = false;
  /** How many of the held frames came before it. */
  let freeFrames = 0;
  /** What has left and an ending may repeat; undefined: too much. */
  let kept: { readonly bytes: Buffer[]; readonly texts: Map<string, string>; units: number } | undefined = {
    bytes: [],
    texts: new Map(),
    units: 0,
  };
  /** After the frame that was denied. */
  let deniedPosition: unknown;
  // Fields, not getters: see `createGather`.
  const self = {
    denial: undefined as Denial | undefined,
    changed: false,
    heldBytes: 0,
    uninspected,
    lanes: laneCounts,
    push: (bytes: Buffer) => {
      if (self.denial !== undefined) return;
      self.heldBytes += bytes.length;
      if (bytes.length <= SLICE_BYTES || !reader.isStream()) return read(reader.push(bytes));
      for (let at = 0; at < bytes.length && self.denial === undefined; at += SLICE_BYTES)
        read(reader.push(bytes.subarray(at, at + SLICE_BYTES)));
    },
    end: () => {
      if (self.denial !== undefined) return;
      read(reader.end());
      endLanes('*');
      if (direction === 'response') followAnswer(answers?.end({ facts: options.facts, lanes: laneCounts, findings }));
      closePrompt();
      release();
    },
    fail: (reason: UninspectableReason) => {
      notInspected(reason);
      endLanes('*'); // what came before counts, and no more of it follows
      closePrompt();
    },
    take: () => {
      endRun();
      const parts = released;
      released = [];
      self.heldBytes -= releasedBytes;
      releasedBytes = 0;
      return parts;
    },
    isStream: () => reader.isStream(),
    ending: (reason: Denial) => {
      const ending = format.ending(position ?? reader.start?.(), reason, { facts: options.facts, position: deniedPosition, kept });
      return reader.written?.(ending) ?? ending;
    },
  };
  return self;

  function read(frames: readonly Frame[]): void {
    for (const frame of frames) {
      if (self.denial !== undefined) return;
      readFrame(frame);
      release();
    }
  }

  function readFrame(frame: Frame): void {
    if (frame.uninspectable !== undefined) notInspected(frame.uninspectable);
    for (const signature of frame.signatures ?? []) noteSignature(signature);
    const removals = guard === undefined ? NO_REMOVALS : judgeTools(frame, guard);
    followAnswer(answers?.read(frame, { direction, dialect: format.id }));
    options.restoring?.read(frame);
    if (frame.segments.length === 0) return hold({ frame, placements: NO_PLACEMENTS, removals });
    const placements: Placement[] = [];
    const alone = frame.laneEnds[0] === '*' && open.size === 0 ? keysUsedOnce(frame.segments) : NO_KEYS;
    for (let i = 0; i < frame.segments.length && self.denial === undefined; i++) {
      const segment = frame.segments[i]!;
      const engine = engineOf(segment.lane);
      count(segment);
      noted?.note(segment);
      if (!restores() && (engine === undefined || (alone.has(segment.key) && engine.isQuiet(segment.text, compared?.fingerprint))))
        continue;
      placements.push(scanSegment(segment, engine, { index: i, whole: alone.has(segment.key) && segment.source.kind !== 'utf8' }));
    }
    hold({ frame, placements, removals });
  }

  /** What the frame does with tools: findings, a denial, what must not leave, and whether it waits for the end of a call. */
  function judgeTools(frame: Frame, judge: ToolGuard): readonly ByteSpan[] {
    const ruling = judge.read(frame, direction);
    if (ruling === undefined) return NO_REMOVALS;
    if (!isCallOpen && !isAnswerOpen && ruling.isOpen) freeFrames = held.length;
    isCallOpen = ruling.isOpen && enforce && !isGivenUp;
    for (const found of ruling.findings) noteFound(findingOfAgent(found, options.mode, profile.flowException(found.id, found.lane)));
    return enforce ? ruling.removals : NO_REMOVALS;
  }

  /** What the answer is found to be, and whether it waits for its end. */
  function followAnswer(ruling: AnswerRuling | undefined): void {
    if (ruling === undefined) return;
    if (!isCallOpen && !isAnswerOpen && ruling.isOpen) freeFrames = held.length;
    isAnswerOpen = ruling.isOpen && enforce && !isGivenUp;
    for (const finding of ruling.findings) noteFound(finding);
    if (ruling.unchecked === 'denied') notInspected('schema-limit');
    else if (ruling.unchecked === 'observed') uninspected.add('schema-limit');
  }

  function noteFound(finding: Finding): void {
    if (self.denial !== undefined) return;
    // What ends the exchange is on record however many there are before it.
    if (findings.length >= limits.findings && finding.taken !== 'deny') return notInspected('finding-limit');
    findings.push(finding);
    if (finding.taken === 'deny') self.denial = denialFor('content_filter', finding.detector);
  }

  function hold(one: HeldFrame): void {
    const { frame } = one;
    held.push(one);
    for (const key of frame.laneEnds) endLanes(key);
    if (self.denial !== undefined) deniedPosition = frame.position;
  }

  function count(segment: Segment): void {
    if (open.has(segment.key)) return;
    laneCounts.set(segment.lane, (laneCounts.get(segment.lane) ?? 0) + 1);
  }

  function scanSegment(segment: Segment, engine: Engine | undefined, { index, whole }: { index: number; whole: boolean }): Placement {
    const lane = open.get(segment.key) ?? openLane(segment, engine, whole);
    const start = lane.scan.length;
    lane.scan.push(segment.text);
    if (lane.minting !== undefined) lane.minting.text += segment.text;
    collect(lane);
    return { lane, segment: index, start, end: start + segment.text.length };
  }

  /** `whole`: the frame has all of the lane's text, in this segment. Plain text has frames as it was cut, which must not matter. */
  function openLane(segment: Segment, engine: Engine | undefined, whole: boolean): OpenLane {
    const { source, lane } = segment;
    const isKey = source.kind === 'json-key' || (source.kind === 'nested' && source.token === 'key');
    const scan = engine?.open({ stopAtDenial: enforce, fingerprint: compared?.fingerprint, whole });
    const values = !isKey && mayRestore(segment) ? restored : undefined;
    const opened = {
      key: segment.key,
      lane,
      isKey,
      scan: scan !== undefined && values === undefined ? scan : restoringScan(scan, values),
      minting: minted === undefined || engine === undefined || isKey ? undefined : mintingOf(engine),
    };
    if (open.size >= FIXED.lanes) notInspected('lane-limit');
    else open.set(segment.key, opened);
    return opened;
  }

  /** Something of the request has a token, so every text of the answer may say one. */
  function restores(): boolean {
    return restored !== undefined && restored.prefixes.size > 0;
  }

  function mayRestore(segment: Segment): boolean {
    return restores() && options.restoring?.allows(segment) === true;
  }

  function closePrompt(): void {
    noted?.close();
    if (noted?.fingerprint?.cut === true) notInspected('prompt-limit');
  }

  function endLanes(key: string): void {
    if (key === '*') {
      for (const lane of open.values()) endLane(lane);
      open.clear();
      return;
    }
    const lane = open.get(key);
    if (lane === undefined) return;
    open.delete(key);
    endLane(lane);
  }

  function endLane(lane: OpenLane): void {
    if (self.denial !== undefined) return;
    lane.scan.end();
    collect(lane);
  }

  /** Takes over what a lane has decided: findings, a denial, a limit. */
  function collect(lane: OpenLane): void {
    for (const match of lane.scan.takeMatches()) note(match, lane);
    if (lane.scan.exceeded) notInspected('block-limit');
    const { denied } = lane.scan;
    if (denied !== undefined) self.denial ??= denialFor('content_filter', denied.rule.id);
  }

  function note(match: Match, lane: OpenLane): void {
    if (self.denial !== undefined) return;
    if (findings.length >= limits.findings) {
      notInspected('finding-limit');
      return;
    }
    findings.push(findingOf(match, { lane: lane.lane, direction, mode: options.mode }));
    if (match.rule.action !== 'redact') return;
    if (lane.isKey) return notInspected('object-key');
    redactedKeys.add(lane.key);
    if ([...signedKeys].some((key) => isBelow(lane.key, key))) notInspected('signed-text');
  }

  function noteSignature(signature: Signature): void {
    if (signedKeys.size < FIXED.lanes) signedKeys.add(signature.key);
    else notInspected('lane-limit');
    if (isBroken(signature)) notInspected('signed-text');
  }

  function isBroken({ key }: Signature): boolean {
    return [...redactedKeys].some((redacted) => isBelow(redacted, key));
  }

  /** Counts what cannot be inspected or honoured, and denies where policy wants that. */
  function notInspected(reason: UninspectableReason): void {
    uninspected.add(reason);
    const byReason = LIMIT_REASONS.has(reason) ? failMode.onLimit : reason === 'opaque' ? failMode.onOpaque : failMode.onUninspectable;
    if (enforce && failMode[direction] === 'closed' && byReason === 'deny')
      self.denial ??= denialFor(SIZE_REASONS.has(reason) ? 'request_too_large' : 'uninspectable');
  }

  /** Lets frames go, in order, as far as every lane in them is decided. Observing holds nothing. */
  function release(): void {
    let count = 0;
    if ((isCallOpen || isAnswerOpen) && self.heldBytes > limits.bodyBytes) stopWaiting();
    const last = isCallOpen || isAnswerOpen ? freeFrames : held.length;
    for (; count < last && self.denial === undefined; count++) {
      const { frame, placements, removals } = held[count]!;
      if (enforce && !placements.every(({ lane, end }) => lane.scan.settled >= end)) break;
      leave(enforce ? rewrite(frame, placements, removals) : frame.bytes);
      releasedBytes += frame.bytes.length;
      position = frame.position ?? position;
    }
    if (count > 0) held.splice(0, count);
    freeFrames = Math.max(0, freeFrames - count);
  }

  /** As much of a stream waits for the end of a call or an answer as a whole body may have. */
  function stopWaiting(): void {
    notInspected('body-limit');
    isGivenUp = true;
    isCallOpen = false;
    isAnswerOpen = false;
  }

  /** Frames that came side by side leave as one buffer: a body of tiny events would cost many times its bytes. */
  function leave(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (options.apart !== true && run !== undefined && run.buffer === bytes.buffer && run.to === bytes.byteOffset) {
      run.to += bytes.length;
      return;
    }
    endRun();
    run = { buffer: bytes.buffer, from: bytes.byteOffset, to: bytes.byteOffset + bytes.length };
  }

  function endRun(): void {
    if (run !== undefined) released.push(Buffer.from(run.buffer, run.from, run.to - run.from));
    run = undefined;
  }

  function rewrite(frame: Frame, placements: readonly Placement[], removals: readonly ByteSpan[]): Buffer {
    const cuts = placements.flatMap((one) => cutsOf(one, (edit) => writtenFor(edit, one.lane)));
    for (const { lane, end } of placements) {
      lane.scan.forgetBefore(utf16Offset(end));
      if (lane.minting !== undefined) forgetText(lane.minting, end);
    }
    const broken = frame.signatures?.filter(isBroken) ?? [];
    const repeats = frame.echoes.length > 0 && redactedKeys.size > 0; // they may say again what an earlier frame lost
    const isChanged = cuts.length > 0 || broken.length > 0 || removals.length > 0 || repeats;
    const bytes = isChanged ? spliceFrame(frame, cuts, broken, removals) : frame.bytes;
    self.changed ||= isChanged;
    if (frame.keep !== undefined) keepFrame(frame, bytes, cuts);
    return bytes;
  }

  /** What stands in place of a redacted text: the token of its value, where it has one. */
  function writtenFor(edit: LaneEdit, { minting }: OpenLane): string {
    const kind = minting?.kinds.get(edit.replacement);
    if (minting === undefined || kind === undefined || edit.end > minting.from + minting.text.length) return edit.replacement;
    const value = minting.text.slice(edit.start - minting.from, edit.end - minting.from);
    return minted?.mint(kind, value) ?? edit.replacement;
  }

  function keepFrame({ keep, segments }: Frame, bytes: Buffer, cuts: readonly FrameCut[]): void {
    if (kept === undefined) return;
    if (keep === 'bytes') {
      kept.bytes.push(bytes);
      kept.units += bytes.length;
    } else {
      for (const [index, { key, text }] of segments.entries()) {
        const own = cuts.filter(({ segment }) => segment === index);
        const left = own.length === 0 ? text : renderText(text, own);
        kept.texts.set(key, (kept.texts.get(key) ?? '') + left);
        kept.units += left.length;
      }
    }
    if (kept.units > FIXED.keptUnits) kept = undefined;
  }
}

/** The parts of a lane's edits that fall on one segment. The replacement goes where the edit begins; the rest of the covered text goes. */
function cutsOf({ lane, segment, start, end }: Placement, written: (edit: LaneEdit) => string): FrameCut[] {
  if (lane.isKey) return [];
  return lane.scan.edits
    .filter((edit) => edit.start < end && edit.end > start)
    .map((edit) => ({
      segment,
      start: utf16Offset(Math.max(edit.start, start) - start),
      end: utf16Offset(Math.min(edit.end, end) - start),
      replacement: edit.start >= start ? written(edit) : '',
    }));
}

/** Undefined: no rule of the lane makes tokens. */
function mintingOf({ rules }: Engine): Minting | undefined {
  const own = rules.filter(({ tokenizes }) => tokenizes === true);
  return own.length === 0 ? undefined : { kinds: new Map(own.map((rule) => [replacementOf(rule), tokenKind(rule.id)])), text: '', from: 0 };
}

/** What begins after `offset` is all that can still be asked for. */
function forgetText(minting: Minting, offset: number): void {
  minting.text = minting.text.slice(Math.max(0, offset - minting.from));
  minting.from = Math.max(minting.from, offset);
}

/** Bytes of a stream that are read at once: of tiny events more would be more objects than a young generation holds. */
const SLICE_BYTES = 16 * 1024;

const NO_PLACEMENTS: readonly Placement[] = [];
const NO_REMOVALS: readonly ByteSpan[] = [];
const NO_KEYS: ReadonlySet<string> = new Set();

/** Keys whose text is complete in one segment: most of them can be judged in one pass that keeps nothing. */
function keysUsedOnce(segments: readonly Segment[]): ReadonlySet<string> {
  const once = new Set<string>();
  const twice = new Set<string>();
  for (const { key } of segments) {
    if (once.has(key)) twice.add(key);
    else once.add(key);
  }
  return twice.size === 0 ? once : once.difference(twice);
}

const LIMIT_REASONS: ReadonlySet<UninspectableReason> = new Set([
  'body-limit',
  'decoded-limit',
  'event-limit',
  'lane-limit',
  'finding-limit',
  'block-limit',
  'tool-limit',
  'schema-limit',
  'prompt-limit',
]);
const SIZE_REASONS: ReadonlySet<UninspectableReason> = new Set(['body-limit', 'decoded-limit', 'event-limit']);
