import { byEnd, replacementOf } from '../detect/matches.ts';
import type { Engine, LaneScan, Match } from '../detect/scan.ts';
import type { Limits } from '../lib/limits.ts';
import { FIXED } from '../lib/limits.ts';
import { piecesOf, SLICE_UNITS, type Slices } from '../lib/slices.ts';
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
  /** Whether a large body is read in slices, which whoever has the inspection asks for (`isBusy`). Default: all of it at once. */
  readonly sliced?: boolean;
}

/**
 * One body from its first byte to its last: read into frames, frames into lanes, lanes scanned, and frames given back in order as soon
 * as every lane in them is decided. What it says and gives does not depend on how the body was cut, nor on who asks for its slices when.
 */
export interface Inspection {
  push(bytes: Buffer): void;
  end(): void;
  /** What was pushed is not all read: `goOn` reads the next slice. Until then all the rest tells of what was read. Only with `sliced`. */
  readonly isBusy: boolean;
  goOn(): void;
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

/** A frame whose texts are being read. */
interface OpenFrame extends HeldFrame {
  readonly placements: Placement[];
  /** Keys whose text is whole in one of its segments. */
  readonly alone: ReadonlySet<string>;
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
  /** What is to be done yet, in order. */
  const work: Slices[] = [];
  /** Units read since the last slice ended, about. */
  let sliceUnits = 0;
  // Fields, not getters: see `createGather`.
  const self = {
    denial: undefined as Denial | undefined,
    changed: false,
    heldBytes: 0,
    isBusy: false,
    uninspected,
    lanes: laneCounts,
    push: (bytes: Buffer) => {
      if (self.denial !== undefined) return;
      self.heldBytes += bytes.length;
      if (bytes.length <= AT_ONCE_BYTES && !self.isBusy) read(reader.push(bytes));
      else begin(pushSlices(bytes));
    },
    end: () => {
      if (self.denial !== undefined) return;
      if (self.heldBytes > AT_ONCE_BYTES || self.isBusy) return begin(endSlices());
      read(reader.end());
      endLanes('*');
      finish();
    },
    goOn: () => {
      sliceUnits = 0;
      if (work[0]?.next().done === true) {
        work.shift();
        if (self.denial !== undefined) work.length = 0; // nothing is read of what came after it
      }
      self.isBusy = work.length > 0;
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

  function begin(slices: Slices): void {
    work.push(slices);
    self.isBusy = true;
    while (options.sliced !== true && self.isBusy) self.goOn();
  }

  function* pushSlices(bytes: Buffer): Slices {
    const step = reader.isStream() ? AT_ONCE_BYTES : bytes.length;
    for (let at = 0; at < bytes.length && self.denial === undefined; at += step)
      yield* readSlices(reader.push(bytes.subarray(at, at + step)));
  }

  function* endSlices(): Slices {
    yield* readSlices(reader.end());
    yield* endLanesSlices('*');
    finish();
  }

  function finish(): void {
    if (direction === 'response') followAnswer(answers?.end({ facts: options.facts, lanes: laneCounts, findings }));
    closePrompt();
    release();
  }

  function read(frames: readonly Frame[]): void {
    for (let i = 0; i < frames.length && self.denial === undefined; i++) {
      const frame = frames[i]!;
      if (frame.bytes.length > AT_ONCE_BYTES) return begin(readSlices(frames.slice(i)));
      readFrame(frame);
      release();
    }
  }

  function* readSlices(frames: readonly Frame[]): Slices {
    for (const frame of frames) {
      if (self.denial !== undefined) return;
      if (frame.bytes.length > AT_ONCE_BYTES) yield* readFrameSlices(frame);
      else readFrame(frame);
      release();
      if (isSliceFull(frame.bytes.length)) yield;
    }
  }

  /** Counts what was read: whether it is enough for one slice. */
  function isSliceFull(units: number): boolean {
    sliceUnits += units;
    return sliceUnits >= SLICE_UNITS;
  }

  function readFrame(frame: Frame): void {
    const opened = openFrame(frame);
    for (let i = 0; i < frame.segments.length && self.denial === undefined; i++) readSegment(opened, i);
    held.push(opened);
    for (const key of frame.laneEnds) endLanes(key);
    closeFrame(frame);
  }

  function* readFrameSlices(frame: Frame): Slices {
    const opened = openFrame(frame);
    for (let i = 0; i < frame.segments.length && self.denial === undefined; i++) {
      const { text } = frame.segments[i]!;
      if (text.length > SLICE_UNITS) yield* readSegmentSlices(opened, i);
      else readSegment(opened, i);
      if (isSliceFull(text.length + SEGMENT_UNITS)) yield;
    }
    held.push(opened);
    for (const key of frame.laneEnds) yield* endLanesSlices(key);
    closeFrame(frame);
  }

  /** What a frame says beside its texts. */
  function openFrame(frame: Frame): OpenFrame {
    if (frame.uninspectable !== undefined) notInspected(frame.uninspectable);
    for (const signature of frame.signatures ?? []) noteSignature(signature);
    const removals = guard === undefined ? NO_REMOVALS : judgeTools(frame, guard);
    followAnswer(answers?.read(frame, { direction, dialect: format.id }));
    options.restoring?.read(frame);
    const isWhole = frame.segments.length > 0 && frame.laneEnds[0] === '*' && open.size === 0;
    const alone = isWhole ? keysUsedOnce(frame.segments) : NO_KEYS;
    return { frame, placements: [], removals, alone };
  }

  function closeFrame({ position: behind }: Frame): void {
    if (self.denial !== undefined) deniedPosition = behind;
  }

  function readSegment({ frame, placements, alone }: OpenFrame, index: number): void {
    const segment = frame.segments[index]!;
    const engine = engineOf(segment.lane);
    const isAlone = alone.has(segment.key);
    noteText(segment);
    if (!restores() && (engine === undefined || (isAlone && engine.isQuiet(segment.text, compared?.fingerprint)))) return;
    const lane = laneOf(segment, engine, isAlone);
    const start = lane.scan.length;
    lane.scan.push(segment.text);
    collect(lane);
    placements.push(place(segment, { lane, index, start }));
  }

  /** The same for a long text. It is pushed in pieces and collected once: what comes out of it is in the order in which one piece has it. */
  function* readSegmentSlices({ frame, placements, alone }: OpenFrame, index: number): Slices {
    const segment = frame.segments[index]!;
    const engine = engineOf(segment.lane);
    const isAlone = alone.has(segment.key);
    noteText(segment);
    if (!restores() && (engine === undefined || (isAlone && (yield* engine.isQuietInSlices(segment.text, compared?.fingerprint))))) return;
    const lane = laneOf(segment, engine, isAlone);
    const start = lane.scan.length;
    for (const piece of piecesOf(segment.text)) {
      lane.scan.push(piece);
      if (lane.scan.denied !== undefined) break;
      yield;
    }
    collect(lane, inOnePiece(lane.scan));
    placements.push(place(segment, { lane, index, start }));
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

  function noteText(segment: Segment): void {
    if (!open.has(segment.key)) laneCounts.set(segment.lane, (laneCounts.get(segment.lane) ?? 0) + 1);
    noted?.note(segment);
  }

  function laneOf(segment: Segment, engine: Engine | undefined, isAlone: boolean): OpenLane {
    return open.get(segment.key) ?? openLane(segment, engine, isAlone && segment.source.kind !== 'utf8');
  }

  /** Where a segment that was scanned stands. */
  function place({ text }: Segment, { lane, index, start }: { lane: OpenLane; index: number; start: number }): Placement {
    if (lane.minting !== undefined) lane.minting.text += text;
    return { lane, segment: index, start, end: start + text.length };
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

  function* endLanesSlices(key: string): Slices {
    if (key !== '*') return endLanes(key);
    for (const lane of open.values()) {
      endLane(lane);
      if (isSliceFull(Math.min(lane.scan.length, FIXED.viewUnits))) yield;
    }
    open.clear();
  }

  function endLane(lane: OpenLane): void {
    if (self.denial !== undefined) return;
    lane.scan.end();
    collect(lane);
  }

  /** Takes over what a lane has decided: findings, a denial, a limit. */
  function collect(lane: OpenLane, matches = lane.scan.takeMatches()): void {
    for (const match of matches) note(match, lane);
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

/**
 * Bytes that are read at once, whether or not their owner asks for slices; of a stream of tiny events more would be more objects than a
 * young generation holds.
 */
const AT_ONCE_BYTES = 16 * 1024;
/** What a segment costs beside its text, in units of text. */
const SEGMENT_UNITS = 64;

const NO_REMOVALS: readonly ByteSpan[] = [];
const NO_KEYS: ReadonlySet<string> = new Set();

/** What a scan found in pieces of a text, as it would be said of one piece: by end, and nothing behind the first denial. */
function inOnePiece(scan: LaneScan): readonly Match[] {
  const found = scan.takeMatches().toSorted(byEnd);
  return scan.denied === undefined ? found : found.slice(0, found.indexOf(scan.denied) + 1);
}

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
