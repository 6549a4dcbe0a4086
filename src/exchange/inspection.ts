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
import { type BodyReader, createBodyReader } from '../wire/body-reader.ts';
import { endInSlices } from '../wire/end-in-slices.ts';
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

/** A frame that is being read, or has been and has not left. */
interface HeldFrame {
  readonly frame: Frame;
  readonly placements: Placement[];
  /** Declarations of tools that do not leave. */
  readonly removals: readonly ByteSpan[];
  /** Keys whose text is whole in one of its segments. */
  readonly alone: ReadonlySet<string>;
}

export function createInspection(options: InspectionOptions): Inspection {
  return new BodyInspection(options);
}

/** There are two for each exchange: its fields are all that it takes. */
class BodyInspection implements Inspection {
  denial: Denial | undefined;
  changed = false;
  heldBytes = 0;
  isBusy = false;
  readonly lanes = new Map<Lane, number>();
  /** Most bodies have none. */
  #uninspected: Set<UninspectableReason> | undefined;
  readonly #options: InspectionOptions;
  readonly #enforce: boolean;
  readonly #minted: ValueTokens | undefined;
  readonly #restored: ValueTokens | undefined;
  readonly #noted: PromptMemory | undefined;
  readonly #compared: PromptMemory | undefined;
  /** Nobody but the body says what it is, so it is the client who chooses the lanes. */
  readonly #isClaimed: boolean;
  readonly #reader: BodyReader;
  readonly #open = new Map<string, OpenLane>();
  readonly #held: HeldFrame[] = [];
  /** Keys with a redaction, and keys of signatures: as soon as one is below the other, a signature does not fit any more. */
  #redactedKeys: Set<string> | undefined;
  #signedKeys: Set<string> | undefined;
  #released: Buffer[] = [];
  /** Bytes that leave and are not among `#released` yet: a part of one buffer. */
  #run: { readonly first: Buffer; to: number } | undefined;
  /** As they came, before any replacement. */
  #releasedBytes = 0;
  #position: unknown;
  /** A call of a tool is not judged yet: nothing leaves that came since it began. */
  #isCallOpen = false;
  /** The same for an answer, or a call, that is held against a schema. */
  #isAnswerOpen = false;
  /** Too much has waited for either: policy lets it go on unjudged until its end comes. */
  #isGivenUp = false;
  /** How many of the held frames came before it. */
  #freeFrames = 0;
  /** What has left and an ending may repeat; undefined: nothing, or too much. */
  #kept: KeptParts | undefined;
  #keepsTooMuch = false;
  /** After the frame that was denied. */
  #deniedPosition: unknown;
  /** What is to be done yet, in order. */
  readonly #work: Slices[] = [];
  /** Units read since the last slice ended, about. */
  #sliceUnits = 0;

  constructor(options: InspectionOptions) {
    const { direction, format, tokens, prompt, guard, answers } = options;
    this.#options = options;
    this.#enforce = options.mode === 'enforce';
    this.#minted = this.#enforce && direction === 'request' ? tokens : undefined;
    this.#restored = this.#enforce && direction === 'response' ? tokens : undefined;
    this.#noted = direction === 'request' ? prompt : undefined;
    this.#compared = direction === 'response' ? prompt : undefined;
    this.#isClaimed = direction === 'request' && format.id === generic.id && options.onFormat !== undefined;
    this.#reader = createBodyReader({
      direction,
      format,
      contentType: options.contentType,
      contentEncoding: options.contentEncoding,
      limits: options.limits,
      facts: options.facts,
      learning: options.learning,
      onFormat: options.onFormat,
      byShape: options.byShape,
      wants: options.countAll === false ? (lane) => this.#looksAt(lane) : undefined,
      toolTexts: options.toolTexts === true || guard !== undefined || answers?.wantsTools === true,
      onDocument: answers && ((doc, read) => answers.declares(doc, read.id)),
    });
  }

  get uninspected(): ReadonlySet<UninspectableReason> {
    return this.#uninspected ?? NO_REASONS;
  }

  push(bytes: Buffer): void {
    if (this.denial !== undefined) return;
    this.heldBytes += bytes.length;
    if (bytes.length <= AT_ONCE_BYTES && !this.isBusy) this.#read(this.#reader.push(bytes));
    else this.#begin(this.#pushSlices(bytes));
  }

  end(): void {
    if (this.denial !== undefined) return;
    if (this.heldBytes > AT_ONCE_BYTES || this.isBusy) return this.#begin(this.#endSlices());
    this.#read(this.#reader.end());
    this.#endLanes('*');
    this.#endAnswer();
    this.#noted?.close();
    this.#promptClosed();
    this.#release();
  }

  goOn(): void {
    this.#sliceUnits = 0;
    if (this.#work[0]?.next().done === true) {
      this.#work.shift();
      if (this.denial !== undefined) this.#work.length = 0; // nothing is read of what came after it
    }
    this.isBusy = this.#work.length > 0;
  }

  fail(reason: UninspectableReason): void {
    this.#notInspected(reason);
    this.#endLanes('*'); // what came before counts, and no more of it follows
    this.#noted?.close();
    this.#promptClosed();
  }

  take(): Buffer[] {
    this.#endRun();
    const parts = this.#released;
    this.#released = [];
    this.heldBytes -= this.#releasedBytes;
    this.#releasedBytes = 0;
    return parts;
  }

  isStream(): boolean {
    return this.#reader.isStream();
  }

  ending(reason: Denial): Buffer {
    const { format, facts } = this.#options;
    const kept = this.#keepsTooMuch ? undefined : (this.#kept ?? newKept());
    const ending = format.ending(this.#position ?? this.#reader.start?.(), reason, { facts, position: this.#deniedPosition, kept });
    return this.#reader.written?.(ending) ?? ending;
  }

  #engineOf(lane: Lane): Engine | undefined {
    const { profile, direction } = this.#options;
    return this.#isClaimed ? profile.claimedEngine(lane) : profile.engine(lane, direction);
  }

  #looksAt(lane: Lane): boolean {
    const { guard, answers, direction } = this.#options;
    return (
      this.#engineOf(lane) !== undefined ||
      guard?.wants(lane, direction) === true ||
      this.#noted?.wants(lane) === true ||
      this.#restores() ||
      (lane === 'refusal' && answers !== undefined)
    );
  }

  #begin(slices: Slices): void {
    this.#work.push(slices);
    this.isBusy = true;
    while (this.#options.sliced !== true && this.isBusy) this.goOn();
  }

  *#pushSlices(bytes: Buffer): Slices {
    // No more of a stream is read than is judged in one slice: what waits between slices would outlive the young generation.
    const step = this.#reader.isStream() ? SLICE_UNITS : bytes.length;
    for (let at = 0; at < bytes.length && this.denial === undefined; at += step)
      yield* this.#readSlices(this.#reader.push(bytes.subarray(at, at + step)));
  }

  *#endSlices(): Slices {
    yield* this.#readSlices(yield* endInSlices(this.#reader));
    yield* this.#endLanesSlices('*');
    this.#endAnswer();
    if (this.#noted !== undefined && this.denial === undefined) yield* this.#noted.closeInSlices();
    this.#promptClosed();
    this.#release();
  }

  #endAnswer(): void {
    const { direction, answers, facts, findings } = this.#options;
    if (direction === 'response') this.#followAnswer(answers?.end({ facts, lanes: this.lanes, findings }));
  }

  #read(frames: readonly Frame[]): void {
    for (let i = 0; i < frames.length && this.denial === undefined; i++) {
      const frame = frames[i]!;
      if (frame.bytes.length > AT_ONCE_BYTES) return this.#begin(this.#readSlices(frames.slice(i)));
      this.#readFrame(frame);
      this.#release();
    }
  }

  *#readSlices(frames: readonly Frame[]): Slices {
    for (const frame of frames) {
      if (this.denial !== undefined) return;
      if (frame.bytes.length > AT_ONCE_BYTES) yield* this.#readFrameSlices(frame);
      else this.#readFrame(frame);
      this.#release();
      if (this.#isSliceFull(frame.bytes.length)) yield;
    }
  }

  /** Counts what was read: whether it is enough for one slice. */
  #isSliceFull(units: number): boolean {
    this.#sliceUnits += units;
    return this.#sliceUnits >= SLICE_UNITS;
  }

  #readFrame(frame: Frame): void {
    const opened = this.#openFrame(frame, this.#isWhole(frame) ? keysUsedOnce(frame.segments) : this.#keysOfFrame(frame));
    for (let i = 0; i < frame.segments.length && this.denial === undefined; i++) this.#readSegment(opened, i);
    this.#held.push(opened);
    for (const key of frame.laneEnds) this.#endLanes(key);
    this.#closeFrame(frame);
  }

  *#readFrameSlices(frame: Frame): Slices {
    const opened = this.#openFrame(frame, this.#isWhole(frame) ? yield* keysUsedOnceInSlices(frame.segments) : this.#keysOfFrame(frame));
    for (let i = 0; i < frame.segments.length && this.denial === undefined; i++) {
      const { text } = frame.segments[i]!;
      if (text.length > SLICE_UNITS) yield* this.#readSegmentSlices(opened, i);
      else this.#readSegment(opened, i);
      if (this.#isSliceFull(text.length + SEGMENT_UNITS)) yield;
    }
    this.#held.push(opened);
    for (const key of frame.laneEnds) yield* this.#endLanesSlices(key);
    this.#closeFrame(frame);
  }

  /** What a frame says beside its texts. */
  #openFrame(frame: Frame, alone: HeldFrame['alone']): HeldFrame {
    if (frame.uninspectable !== undefined) this.#notInspected(frame.uninspectable);
    for (const signature of frame.signatures ?? []) this.#noteSignature(signature);
    const { guard, answers, restoring, direction, format } = this.#options;
    const removals = guard === undefined ? NO_SPANS : this.#judgeTools(frame, guard);
    this.#followAnswer(answers?.read(frame, { direction, dialect: format.id }));
    restoring?.read(frame);
    return { frame, placements: [], removals, alone };
  }

  /** Whether it has all text of its lanes, and no other frame has any. */
  #isWhole({ segments, laneEnds }: Frame): boolean {
    return segments.length > 0 && laneEnds[0] === '*' && this.#open.size === 0;
  }

  /** Keys that begin and end in a frame of a stream: padding, and what is said once. */
  #keysOfFrame({ segments, laneEnds }: Frame): ReadonlySet<string> {
    if (laneEnds.length === 0 || laneEnds[0] === '*') return NO_KEYS;
    return keysUsedOnce(segments.filter(({ key }) => laneEnds.includes(key) && !this.#open.has(key)));
  }

  #closeFrame({ position: behind }: Frame): void {
    if (this.denial !== undefined) this.#deniedPosition = behind;
  }

  #readSegment({ frame, placements, alone }: HeldFrame, index: number): void {
    const segment = frame.segments[index]!;
    const engine = this.#engineOf(segment.lane);
    const isAlone = alone.has(segment.key);
    this.#noteText(segment);
    if (!this.#restores() && (engine === undefined || (isAlone && engine.isQuiet(segment.text, this.#compared?.fingerprint)))) return;
    const lane = this.#laneOf(segment, engine, isAlone);
    const start = lane.scan.length;
    lane.scan.push(segment.text);
    this.#collect(lane);
    placements.push(this.#place(segment, { lane, index, start }));
  }

  /** The same for a long text. It is pushed in pieces and collected once: what comes out of it is in the order in which one piece has it. */
  *#readSegmentSlices({ frame, placements, alone }: HeldFrame, index: number): Slices {
    const segment = frame.segments[index]!;
    const engine = this.#engineOf(segment.lane);
    const isAlone = alone.has(segment.key);
    this.#noteText(segment);
    if (
      !this.#restores() &&
      (engine === undefined || (isAlone && (yield* engine.isQuietInSlices(segment.text, this.#compared?.fingerprint))))
    )
      return;
    const lane = this.#laneOf(segment, engine, isAlone);
    const start = lane.scan.length;
    for (const piece of piecesOf(segment.text)) {
      lane.scan.push(piece);
      if (lane.scan.denied !== undefined) break;
      yield;
    }
    this.#collect(lane, inOnePiece(lane.scan));
    placements.push(this.#place(segment, { lane, index, start }));
  }

  /** What the frame does with tools: findings, a denial, what must not leave, and whether it waits for the end of a call. */
  #judgeTools(frame: Frame, judge: ToolGuard): readonly ByteSpan[] {
    const ruling = judge.read(frame, this.#options.direction);
    if (ruling === undefined) return NO_SPANS;
    if (!this.#isCallOpen && !this.#isAnswerOpen && ruling.isOpen) this.#freeFrames = this.#held.length;
    this.#isCallOpen = ruling.isOpen && this.#enforce && !this.#isGivenUp;
    const { mode, profile } = this.#options;
    for (const found of ruling.findings) this.#noteFound(findingOfAgent(found, mode, profile.flowException(found.id, found.lane)));
    return this.#enforce ? ruling.removals : NO_SPANS;
  }

  /** What the answer is found to be, and whether it waits for its end. */
  #followAnswer(ruling: AnswerRuling | undefined): void {
    if (ruling === undefined) return;
    if (!this.#isCallOpen && !this.#isAnswerOpen && ruling.isOpen) this.#freeFrames = this.#held.length;
    this.#isAnswerOpen = ruling.isOpen && this.#enforce && !this.#isGivenUp;
    for (const finding of ruling.findings) this.#noteFound(finding);
    if (ruling.unchecked === 'denied') this.#notInspected('schema-limit');
    else if (ruling.unchecked === 'observed') this.#addReason('schema-limit');
  }

  #noteFound(finding: Finding): void {
    if (this.denial !== undefined) return;
    // What ends the exchange is on record however many there are before it.
    const { findings, limits } = this.#options;
    if (findings.length >= limits.findings && finding.taken !== 'deny') return this.#notInspected('finding-limit');
    findings.push(finding);
    if (finding.taken === 'deny') this.denial = denialFor('content_filter', finding.detector);
  }

  #noteText(segment: Segment): void {
    if (!this.#open.has(segment.key)) this.lanes.set(segment.lane, (this.lanes.get(segment.lane) ?? 0) + 1);
    this.#noted?.note(segment);
  }

  #laneOf(segment: Segment, engine: Engine | undefined, isAlone: boolean): OpenLane {
    return this.#open.get(segment.key) ?? this.#openLane(segment, engine, isAlone && segment.source.kind !== 'utf8');
  }

  /** Where a segment that was scanned stands. */
  #place({ text }: Segment, { lane, index, start }: { lane: OpenLane; index: number; start: number }): Placement {
    if (lane.minting !== undefined) lane.minting.text += text;
    return { lane, segment: index, start, end: start + text.length };
  }

  /** `whole`: the frame has all of the lane's text, in this segment. Plain text has frames as it was cut, which must not matter. */
  #openLane(segment: Segment, engine: Engine | undefined, whole: boolean): OpenLane {
    const { source, lane } = segment;
    const isKey = source.kind === 'json-key' || (source.kind === 'nested' && source.token === 'key');
    const scan = engine?.open({ stopAtDenial: this.#enforce, fingerprint: this.#compared?.fingerprint, whole });
    const values = !isKey && this.#mayRestore(segment) ? this.#restored : undefined;
    const opened = {
      key: segment.key,
      lane,
      isKey,
      scan: scan !== undefined && values === undefined ? scan : restoringScan(scan, values),
      minting: this.#minted === undefined || engine === undefined || isKey ? undefined : mintingOf(engine),
    };
    if (this.#open.size >= FIXED.lanes) this.#notInspected('lane-limit');
    else this.#open.set(segment.key, opened);
    return opened;
  }

  /** Something of the request has a token, so every text of the answer may say one. */
  #restores(): boolean {
    return this.#restored !== undefined && this.#restored.prefixes.size > 0;
  }

  #mayRestore(segment: Segment): boolean {
    return this.#restores() && this.#options.restoring?.allows(segment) === true;
  }

  #promptClosed(): void {
    if (this.#noted?.fingerprint?.cut === true) this.#notInspected('prompt-limit');
  }

  #endLanes(key: string): void {
    if (key === '*') {
      for (const lane of this.#open.values()) this.#endLane(lane);
      this.#open.clear();
      return;
    }
    const lane = this.#open.get(key);
    if (lane === undefined) return;
    this.#open.delete(key);
    this.#endLane(lane);
  }

  *#endLanesSlices(key: string): Slices {
    if (key !== '*') return this.#endLanes(key);
    for (const lane of this.#open.values()) {
      this.#endLane(lane);
      if (this.#isSliceFull(Math.min(lane.scan.length, FIXED.viewUnits))) yield;
    }
    this.#open.clear();
  }

  #endLane(lane: OpenLane): void {
    if (this.denial !== undefined) return;
    lane.scan.end();
    this.#collect(lane);
  }

  /** Takes over what a lane has decided: findings, a denial, a limit. */
  #collect(lane: OpenLane, matches = lane.scan.takeMatches()): void {
    for (const match of matches) this.#note(match, lane);
    for (const limit of lane.scan.exceeded) this.#notInspected(limit);
    const { denied } = lane.scan;
    if (denied !== undefined) this.denial ??= denialFor('content_filter', denied.rule.id);
  }

  #note(match: Match, lane: OpenLane): void {
    if (this.denial !== undefined) return;
    const { findings, limits, direction, mode } = this.#options;
    if (findings.length >= limits.findings) return this.#notInspected('finding-limit');
    findings.push(findingOf(match, { lane: lane.lane, direction, mode }));
    if (match.rule.action !== 'redact') return;
    if (lane.isKey) return this.#notInspected('object-key');
    this.#redactedKeys ??= new Set();
    this.#redactedKeys.add(lane.key);
    if (this.#signedKeys?.values().some((key) => isBelow(lane.key, key)) === true) this.#notInspected('signed-text');
  }

  #noteSignature(signature: Signature): void {
    this.#signedKeys ??= new Set();
    if (this.#signedKeys.size < FIXED.lanes) this.#signedKeys.add(signature.key);
    else this.#notInspected('lane-limit');
    if (this.#isBroken(signature)) this.#notInspected('signed-text');
  }

  #isBroken({ key }: Signature): boolean {
    return this.#redactedKeys?.values().some((redacted) => isBelow(redacted, key)) === true;
  }

  /** Counts what cannot be inspected or honoured, and denies where policy wants that. */
  #notInspected(reason: UninspectableReason): void {
    this.#addReason(reason);
    const { failMode, direction } = this.#options;
    const isOpaque = reason === 'opaque' || reason === 'media';
    const byReason = LIMIT_REASONS.has(reason) ? failMode.onLimit : isOpaque ? failMode.onOpaque : failMode.onUninspectable;
    if (this.#enforce && failMode[direction] === 'closed' && byReason === 'deny')
      this.denial ??= denialFor(SIZE_REASONS.has(reason) ? 'request_too_large' : 'uninspectable');
  }

  #addReason(reason: UninspectableReason): void {
    this.#uninspected ??= new Set();
    this.#uninspected.add(reason);
  }

  /** Lets frames go, in order, as far as every lane in them is decided. Observing holds nothing. */
  #release(): void {
    let count = 0;
    if ((this.#isCallOpen || this.#isAnswerOpen) && this.heldBytes > this.#options.limits.bodyBytes) this.#stopWaiting();
    const last = this.#isCallOpen || this.#isAnswerOpen ? this.#freeFrames : this.#held.length;
    for (; count < last && this.denial === undefined; count++) {
      const { frame, placements, removals } = this.#held[count]!;
      if (this.#enforce && !placements.every(({ lane, end }) => lane.scan.settled >= end)) break;
      this.#leave(this.#enforce ? this.#rewrite(frame, placements, removals) : frame.bytes);
      this.#releasedBytes += frame.bytes.length;
      this.#position = frame.position ?? this.#position;
    }
    if (count > 0) this.#held.splice(0, count);
    this.#freeFrames = Math.max(0, this.#freeFrames - count);
  }

  /** As much of a stream waits for the end of a call or an answer as a whole body may have. */
  #stopWaiting(): void {
    this.#notInspected('body-limit');
    this.#isGivenUp = true;
    this.#isCallOpen = false;
    this.#isAnswerOpen = false;
  }

  /** Frames that came side by side leave as one buffer: a body of tiny events would cost many times its bytes. */
  #leave(bytes: Buffer): void {
    if (bytes.length === 0) return;
    const run = this.#run;
    if (this.#options.apart !== true && run?.first.buffer === bytes.buffer && run.to === bytes.byteOffset) {
      run.to += bytes.length;
      return;
    }
    this.#endRun();
    this.#run = { first: bytes, to: bytes.byteOffset + bytes.length };
  }

  #endRun(): void {
    if (this.#run === undefined) return;
    const { first, to } = this.#run;
    const length = to - first.byteOffset;
    this.#released.push(length === first.length ? first : Buffer.from(first.buffer, first.byteOffset, length));
    this.#run = undefined;
  }

  #rewrite(frame: Frame, placements: readonly Placement[], removals: readonly ByteSpan[]): Buffer {
    const cuts = placements.some(({ lane }) => lane.scan.edits.length > 0)
      ? placements.flatMap((one) => cutsOf(one, (edit) => this.#writtenFor(edit, one.lane)))
      : NO_CUTS;
    for (const { lane, end } of placements) {
      lane.scan.forgetBefore(utf16Offset(end));
      if (lane.minting !== undefined) forgetText(lane.minting, end);
    }
    const broken = frame.signatures?.filter((signature) => this.#isBroken(signature)) ?? NO_SPANS;
    const repeats = frame.echoes.length > 0 && this.#redactedKeys !== undefined; // they may say again what an earlier frame lost
    const isChanged = cuts.length > 0 || broken.length > 0 || removals.length > 0 || repeats;
    const bytes = isChanged ? spliceFrame(frame, cuts, broken, removals) : frame.bytes;
    this.changed ||= isChanged;
    if (frame.keep !== undefined) this.#keepFrame(frame, bytes, cuts);
    return bytes;
  }

  /** What stands in place of a redacted text: the token of its value, where it has one. */
  #writtenFor(edit: LaneEdit, { minting }: OpenLane): string {
    const kind = minting?.kinds.get(edit.replacement);
    if (minting === undefined || kind === undefined || edit.end > minting.from + minting.text.length) return edit.replacement;
    const value = minting.text.slice(edit.start - minting.from, edit.end - minting.from);
    return this.#minted?.mint(kind, value) ?? edit.replacement;
  }

  #keepFrame({ keep, segments }: Frame, bytes: Buffer, cuts: readonly FrameCut[]): void {
    if (this.#keepsTooMuch) return;
    this.#kept ??= newKept();
    const kept = this.#kept;
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
    if (kept.units <= FIXED.keptUnits) return;
    this.#keepsTooMuch = true;
    this.#kept = undefined;
  }
}

/** Frames that have left, for an ending that repeats them. */
interface KeptParts {
  readonly bytes: Buffer[];
  readonly texts: Map<string, string>;
  units: number;
}

const newKept = (): KeptParts => ({ bytes: [], texts: new Map(), units: 0 });

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

const NO_CUTS: readonly FrameCut[] = [];
const NO_SPANS: readonly ByteSpan[] = [];
const NO_KEYS: ReadonlySet<string> = new Set();
const NO_REASONS: ReadonlySet<UninspectableReason> = new Set();

/** What a scan found in pieces of a text, as it would be said of one piece: by end, and nothing behind the first denial. */
function inOnePiece(scan: LaneScan): readonly Match[] {
  const found = scan.takeMatches().toSorted(byEnd);
  return scan.denied === undefined ? found : found.slice(0, found.indexOf(scan.denied) + 1);
}

/** Keys whose text is complete in one segment: most of them can be judged in one pass that keeps nothing. */
function keysUsedOnce(segments: readonly Segment[]): ReadonlySet<string> {
  if (segments.length === 1) return new Set([segments[0]!.key]);
  const count = { once: new Set<string>(), twice: new Set<string>() };
  for (const { key } of segments) countKey(key, count);
  return count.once;
}

function* keysUsedOnceInSlices(segments: readonly Segment[]): Slices<ReadonlySet<string>> {
  const count = { once: new Set<string>(), twice: new Set<string>() };
  for (let i = 0; i < segments.length; i++) {
    countKey(segments[i]!.key, count);
    if (i % KEYS_AT_ONCE === KEYS_AT_ONCE - 1) yield;
  }
  return count.once;
}

function countKey(key: string, { once, twice }: { readonly once: Set<string>; readonly twice: Set<string> }): void {
  if (twice.has(key)) return;
  if (once.delete(key)) twice.add(key);
  else once.add(key);
}

/** Keys that are counted in one slice. */
const KEYS_AT_ONCE = 1024;

const LIMIT_REASONS: ReadonlySet<UninspectableReason> = new Set([
  'body-limit',
  'decoded-limit',
  'event-limit',
  'lane-limit',
  'finding-limit',
  'block-limit',
  'view-limit',
  'tool-limit',
  'schema-limit',
  'prompt-limit',
]);
const SIZE_REASONS: ReadonlySet<UninspectableReason> = new Set(['body-limit', 'decoded-limit', 'event-limit']);
