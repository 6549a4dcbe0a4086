import { NONE_YET } from '../lib/growing-list.ts';
import { SLICE_UNITS, type Slices } from '../lib/slices.ts';
import type { ByteSpan } from '../lib/units.ts';
import { findingOfAgent } from '../policy/decide.ts';
import type { Lane } from '../text/lane.ts';
import { type BodyReader, createBodyReader } from '../wire/body-reader.ts';
import { endInSlices } from '../wire/end-in-slices.ts';
import type { Denial } from '../wire/format.ts';
import type { Frame, UninspectableReason } from '../wire/frame.ts';
import type { AnswerRuling } from './answer-check.ts';
import { BodyVerdict } from './inspection/body-verdict.ts';
import { type HeldFrame, HeldFrames } from './inspection/held-frames.ts';
import type { InspectionOptions } from './inspection/inspection-options.ts';
import { OpenLanes } from './inspection/open-lanes.ts';
import { ReleasedFrames } from './inspection/released-frames.ts';
import { SliceQueue } from './inspection/slice-queue.ts';
import type { ToolGuard } from './tool-guard.ts';

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

export function createInspection(options: InspectionOptions): Inspection {
  return new BodyInspection(options);
}

/**
 * Takes a body through its stages: the reader cuts frames, `OpenLanes` scans their texts, `HeldFrames` keeps them until they are decided,
 * `ReleasedFrames` makes of them what leaves. What any of them finds is said to the `BodyVerdict`.
 */
class BodyInspection implements Inspection {
  heldBytes = 0;
  readonly #options: InspectionOptions;
  readonly #verdict: BodyVerdict;
  readonly #lanes: OpenLanes;
  readonly #held: HeldFrames;
  readonly #released: ReleasedFrames;
  readonly #slices = new SliceQueue();
  readonly #reader: BodyReader;
  /** After the frame that was denied. */
  #deniedPosition: unknown;

  constructor(options: InspectionOptions) {
    this.#options = options;
    this.#verdict = new BodyVerdict(options);
    this.#lanes = new OpenLanes(options, this.#verdict);
    this.#held = new HeldFrames(this.#verdict);
    this.#released = new ReleasedFrames(this.#verdict, options);
    this.#reader = readerOf(options, this.#lanes);
  }

  get denial(): Denial | undefined {
    return this.#verdict.denial;
  }

  get uninspected(): ReadonlySet<UninspectableReason> {
    return this.#verdict.uninspected;
  }

  get changed(): boolean {
    return this.#released.changed;
  }

  get lanes(): ReadonlyMap<Lane, number> {
    return this.#lanes.counts;
  }

  get isBusy(): boolean {
    return this.#slices.isBusy;
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
    this.#lanes.close();
    this.#endAnswer();
    this.#release();
  }

  goOn(): void {
    if (this.#slices.next() && this.denial !== undefined) this.#slices.clear(); // nothing is read of what came after it
  }

  fail(reason: UninspectableReason): void {
    this.#verdict.notInspected(reason);
    this.#lanes.close(); // what came before counts, and no more of it follows
  }

  take(): Buffer[] {
    this.heldBytes -= this.#released.waitingBytes;
    return this.#released.take();
  }

  isStream(): boolean {
    return this.#reader.isStream();
  }

  ending(reason: Denial): Buffer {
    const { format, facts } = this.#options;
    const { position, kept } = this.#released;
    const ending = format.ending(position ?? this.#reader.start?.(), reason, { facts, position: this.#deniedPosition, kept });
    return this.#reader.written?.(ending) ?? ending;
  }

  // ---- frames, one after the other; large ones and many of them in slices

  #begin(slices: Slices): void {
    this.#slices.add(slices);
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
    yield* this.#lanes.closeInSlices(this.#slices);
    this.#endAnswer();
    this.#release();
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
      if (this.#slices.isFull(frame.bytes.length)) yield;
    }
  }

  // ---- one frame

  #readFrame(frame: Frame): void {
    const opened = this.#openFrame(frame, this.#lanes.keysAlone(frame));
    for (let i = 0; i < frame.segments.length && this.denial === undefined; i++) this.#lanes.read(opened, i);
    this.#held.add(opened);
    for (const key of frame.laneEnds) this.#lanes.end(key);
    this.#closeFrame(frame);
  }

  *#readFrameSlices(frame: Frame): Slices {
    const opened = this.#openFrame(frame, yield* this.#lanes.keysAloneInSlices(frame));
    for (let i = 0; i < frame.segments.length && this.denial === undefined; i++) {
      const { text } = frame.segments[i]!;
      if (text.length > SLICE_UNITS) yield* this.#lanes.readInSlices(opened, i);
      else this.#lanes.read(opened, i);
      if (this.#slices.isFull(text.length + SEGMENT_UNITS)) yield;
    }
    this.#held.add(opened);
    for (const key of frame.laneEnds) yield* this.#lanes.endInSlices(key, this.#slices);
    this.#closeFrame(frame);
  }

  /** What a frame says beside its texts. */
  #openFrame(frame: Frame, alone: HeldFrame['alone']): HeldFrame {
    if (frame.uninspectable !== undefined) this.#verdict.notInspected(frame.uninspectable);
    for (const signature of frame.signatures ?? []) this.#verdict.signed(signature);
    const { guard, answers, restoring, direction, format } = this.#options;
    const removals = guard === undefined ? NO_SPANS : this.#judgeTools(frame, guard);
    this.#followAnswer(answers?.read(frame, { direction, dialect: format.id }));
    restoring?.read(frame);
    return { frame, placements: NONE_YET, removals, alone };
  }

  #closeFrame({ position: behind }: Frame): void {
    if (this.denial !== undefined) this.#deniedPosition = behind;
  }

  /** What the frame does with tools: findings, a denial, what must not leave, and whether it waits for the end of a call. */
  #judgeTools(frame: Frame, judge: ToolGuard): readonly ByteSpan[] {
    const { mode, profile, direction } = this.#options;
    const ruling = judge.read(frame, direction);
    if (ruling === undefined) return NO_SPANS;
    this.#held.awaits('call', ruling.isOpen);
    for (const found of ruling.findings) this.#verdict.found(findingOfAgent(found, mode, profile.flowException(found.id, found.lane)));
    return this.#verdict.enforces ? ruling.removals : NO_SPANS;
  }

  /** What the answer is found to be, and whether it waits for its end. */
  #followAnswer(ruling: AnswerRuling | undefined): void {
    if (ruling === undefined) return;
    this.#held.awaits('answer', ruling.isOpen);
    for (const finding of ruling.findings) this.#verdict.found(finding);
    if (ruling.unchecked === 'denied') this.#verdict.notInspected('schema-limit');
    else if (ruling.unchecked === 'observed') this.#verdict.addReason('schema-limit');
  }

  #endAnswer(): void {
    const { direction, answers, facts, findings } = this.#options;
    if (direction === 'response') this.#followAnswer(answers?.end({ facts, lanes: this.lanes, findings }));
  }

  #release(): void {
    const { limits } = this.#options;
    // As much of a stream waits for the end of a call or an answer as a whole body may have.
    if (this.#held.isAwaiting && this.heldBytes > limits.bodyBytes) {
      this.#verdict.notInspected('body-limit');
      this.#held.giveUp();
    }
    this.#held.release(this.#released);
  }
}

/** Reads no more of a body than somebody looks at. */
function readerOf(options: InspectionOptions, lanes: OpenLanes): BodyReader {
  const { direction, format, contentType, contentEncoding, limits, facts, learning, onFormat, byShape, guard, answers } = options;
  return createBodyReader({
    direction,
    format,
    contentType,
    contentEncoding,
    limits,
    facts,
    learning,
    onFormat,
    byShape,
    wants: options.countAll === false ? (lane) => lanes.wants(lane) : undefined,
    toolTexts: options.toolTexts === true || guard !== undefined || answers?.wantsTools === true,
    onDocument: answers === undefined || direction === 'response' ? undefined : (doc, read) => answers.declares(doc, read.id),
  });
}

/**
 * Bytes that are read at once, whether or not their owner asks for slices; of a stream of tiny events more would be more objects than a
 * young generation holds.
 */
const AT_ONCE_BYTES = 16 * 1024;
/** What a segment costs beside its text, in units of text. */
const SEGMENT_UNITS = 64;

const NO_SPANS: readonly ByteSpan[] = [];
