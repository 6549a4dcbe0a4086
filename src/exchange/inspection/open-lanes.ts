import { byEnd } from '../../detect/matches.ts';
import type { Engine, LaneScan, Match } from '../../detect/scan.ts';
import { added } from '../../lib/growing-list.ts';
import { FIXED } from '../../lib/limits.ts';
import { growingPiecesOf, type Slices } from '../../lib/slices.ts';
import type { Lane } from '../../text/lane.ts';
import type { Segment } from '../../text/segment.ts';
import { generic } from '../../wire/formats/generic.ts';
import type { Frame } from '../../wire/frame.ts';
import type { PromptMemory } from '../prompt-memory.ts';
import { restoringScan } from '../restoring-scan.ts';
import { createTokenMinting, type TokenMinting } from '../token-minting.ts';
import type { ValueTokens } from '../value-tokens.ts';
import type { BodyVerdict } from './body-verdict.ts';
import type { InspectionOptions } from './inspection-options.ts';
import { keysUsedOnce, keysUsedOnceInSlices } from './keys-used-once.ts';
import type { SliceQueue } from './slice-queue.ts';

/** A lane whose text has begun and not ended, or stands in frames that have not left. */
export interface OpenLane {
  readonly key: string;
  readonly lane: Lane;
  readonly scan: LaneScan;
  /** An object key: a redaction there cannot be written. */
  readonly isKey: boolean;
  /** Of the request, where tokens take the place of values; undefined: they do nowhere in this lane. */
  readonly minting: TokenMinting | undefined;
}

/** Where a segment stands in its lane's text. */
export interface Placement {
  readonly lane: OpenLane;
  /** Index in `frame.segments`. */
  readonly segment: number;
  readonly start: number;
  readonly end: number;
}

/** A frame whose segments are read. */
export interface ReadingFrame {
  readonly frame: Frame;
  /** Another list while reading. A segment without one is decided: no rule looks at it, or nothing can be in it. */
  placements: Placement[];
  /** Keys whose text is whole in one of its segments. */
  readonly alone: ReadonlySet<string>;
}

/**
 * The lanes of one body, by key: opened with their first segment, scanned segment by segment, closed when the dialect says that they end.
 * What their scans decide goes to the verdict.
 */
export class OpenLanes {
  /** How many texts each kind of lane had; without `countAll` only those that rules look at. */
  readonly counts = new Map<Lane, number>();
  readonly #options: InspectionOptions;
  readonly #verdict: BodyVerdict;
  readonly #minted: ValueTokens | undefined;
  readonly #restored: ValueTokens | undefined;
  readonly #noted: PromptMemory | undefined;
  readonly #compared: PromptMemory | undefined;
  /** Nobody but the body says what it is, so it is the client who chooses the lanes. */
  readonly #isClaimed: boolean;
  readonly #open = new Map<string, OpenLane>();

  constructor(options: InspectionOptions, verdict: BodyVerdict) {
    const { direction, format, tokens, prompt, onFormat } = options;
    this.#options = options;
    this.#verdict = verdict;
    this.#minted = verdict.enforces && direction === 'request' ? tokens : undefined;
    this.#restored = verdict.enforces && direction === 'response' ? tokens : undefined;
    this.#noted = direction === 'request' ? prompt : undefined;
    this.#compared = direction === 'response' ? prompt : undefined;
    this.#isClaimed = direction === 'request' && format.id === generic.id && onFormat !== undefined;
  }

  /** Whether anybody looks at the texts of a lane. */
  wants(lane: Lane): boolean {
    const { guard, answers, direction } = this.#options;
    return (
      this.#engineOf(lane) !== undefined ||
      guard?.wants(lane, direction) === true ||
      this.#noted?.wants(lane) === true ||
      this.#restores() ||
      (lane === 'refusal' && answers !== undefined)
    );
  }

  /** Keys whose text is whole in one segment of the frame. */
  keysAlone(frame: Frame): ReadonlySet<string> {
    return this.#isWhole(frame) ? keysUsedOnce(frame.segments) : this.#keysOfEvent(frame);
  }

  *keysAloneInSlices(frame: Frame): Slices<ReadonlySet<string>> {
    return this.#isWhole(frame) ? yield* keysUsedOnceInSlices(frame.segments) : this.#keysOfEvent(frame);
  }

  /** Whether it has all text of its lanes, and no other frame has any. */
  #isWhole({ segments, laneEnds }: Frame): boolean {
    return segments.length > 0 && laneEnds[0] === '*' && this.#open.size === 0;
  }

  /** Keys that begin and end in a frame of a stream: padding, and what is said once. */
  #keysOfEvent({ segments, laneEnds }: Frame): ReadonlySet<string> {
    if (laneEnds.length === 0 || laneEnds[0] === '*') return NO_KEYS;
    return keysUsedOnce(segments.filter(({ key }) => laneEnds.includes(key) && !this.#open.has(key)));
  }

  /** Scans a segment of the frame, by its index. */
  read(reading: ReadingFrame, index: number): void {
    const { frame, alone } = reading;
    const segment = frame.segments[index]!;
    const engine = this.#engineOf(segment.lane);
    const isAlone = alone.has(segment.key);
    this.#note(segment);
    if (!this.#restores() && (engine === undefined || (isAlone && engine.isQuiet(segment.text, this.#compared?.fingerprint)))) return;
    const lane = this.#laneOf(segment, engine, isAlone);
    const start = lane.scan.length;
    lane.scan.push(segment.text);
    this.#collect(lane);
    reading.placements = added(reading.placements, placeOf(segment, { lane, index, start }));
  }

  /** The same for a long text. It is pushed in pieces and collected once: what comes out of it is in the order in which one piece has it. */
  *readInSlices(reading: ReadingFrame, index: number): Slices {
    const { frame, alone } = reading;
    const segment = frame.segments[index]!;
    const engine = this.#engineOf(segment.lane);
    const isAlone = alone.has(segment.key);
    this.#note(segment);
    if (
      !this.#restores() &&
      (engine === undefined || (isAlone && (yield* engine.isQuietInSlices(segment.text, this.#compared?.fingerprint))))
    )
      return;
    const lane = this.#laneOf(segment, engine, isAlone);
    const start = lane.scan.length;
    yield; // what came before, a search for what may match in it among it, has taken its time
    for (const piece of growingPiecesOf(segment.text)) {
      lane.scan.push(piece);
      if (lane.scan.denied !== undefined) break;
      yield;
    }
    this.#collect(lane, inOnePiece(lane.scan));
    reading.placements = added(reading.placements, placeOf(segment, { lane, index, start }));
  }

  /** No more text of this key follows; `'*'`: of any. */
  end(key: string): void {
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

  *endInSlices(key: string, slices: SliceQueue): Slices {
    if (key !== '*') return this.end(key);
    for (const lane of this.#open.values()) {
      this.#endLane(lane);
      if (slices.isFull(Math.min(lane.scan.length, FIXED.viewUnits))) yield;
    }
    this.#open.clear();
  }

  /** No more text follows: all lanes end, and what the answer is compared with is complete. */
  close(): void {
    this.end('*');
    this.#noted?.close();
    this.#judgePrompt();
  }

  *closeInSlices(slices: SliceQueue): Slices {
    yield* this.endInSlices('*', slices);
    if (this.#noted !== undefined && this.#verdict.denial === undefined) yield* this.#noted.closeInSlices();
    this.#judgePrompt();
  }

  #judgePrompt(): void {
    if (this.#noted?.fingerprint?.cut === true) this.#verdict.notInspected('prompt-limit');
  }

  #engineOf(lane: Lane): Engine | undefined {
    const { profile, direction } = this.#options;
    return this.#isClaimed ? profile.claimedEngine(lane) : profile.engine(lane, direction);
  }

  #note(segment: Segment): void {
    if (!this.#open.has(segment.key)) this.counts.set(segment.lane, (this.counts.get(segment.lane) ?? 0) + 1);
    this.#noted?.note(segment);
  }

  #laneOf(segment: Segment, engine: Engine | undefined, isAlone: boolean): OpenLane {
    return this.#open.get(segment.key) ?? this.#openLane(segment, engine, isAlone && segment.source.kind !== 'utf8');
  }

  /** `whole`: the frame has all of the lane's text, in this segment. Plain text has frames as it was cut, which must not matter. */
  #openLane(segment: Segment, engine: Engine | undefined, whole: boolean): OpenLane {
    const { source, lane } = segment;
    const isKey = source.kind === 'json-key' || (source.kind === 'nested' && source.token === 'key');
    const scan = engine?.open({ stopAtDenial: this.#verdict.enforces, fingerprint: this.#compared?.fingerprint, whole });
    const values = !isKey && this.#mayRestore(segment) ? this.#restored : undefined;
    const opened = {
      key: segment.key,
      lane,
      isKey,
      scan: scan !== undefined && values === undefined ? scan : restoringScan(scan, values),
      minting: this.#minted === undefined || engine === undefined || isKey ? undefined : createTokenMinting(engine, this.#minted),
    };
    if (this.#open.size >= FIXED.lanes) this.#verdict.notInspected('lane-limit');
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

  #endLane(lane: OpenLane): void {
    if (this.#verdict.denial !== undefined) return;
    lane.scan.end();
    this.#collect(lane);
  }

  /** Takes over what a lane has decided: findings, a denial, a limit. */
  #collect(lane: OpenLane, matches = lane.scan.takeMatches()): void {
    for (const match of matches) this.#collectMatch(match, lane);
    for (const limit of lane.scan.exceeded) this.#verdict.notInspected(limit);
    const { denied } = lane.scan;
    if (denied !== undefined) this.#verdict.deny(denied.rule.id);
  }

  #collectMatch(match: Match, { key, lane, isKey }: OpenLane): void {
    if (!this.#verdict.matched(match, lane) || match.rule.action !== 'redact') return;
    if (isKey) this.#verdict.notInspected('object-key');
    else this.#verdict.redacted(key);
  }
}

const NO_KEYS: ReadonlySet<string> = new Set();

/** Where a segment that was scanned stands. */
function placeOf({ text }: Segment, { lane, index, start }: { lane: OpenLane; index: number; start: number }): Placement {
  lane.minting?.push(text);
  return { lane, segment: index, start, end: start + text.length };
}

/** What a scan found in pieces of a text, as it would be said of one piece: by end, and nothing behind the first denial. */
function inOnePiece(scan: LaneScan): readonly Match[] {
  const found = scan.takeMatches().toSorted(byEnd);
  return scan.denied === undefined ? found : found.slice(0, found.indexOf(scan.denied) + 1);
}
