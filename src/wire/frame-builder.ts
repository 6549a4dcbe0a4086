import { assert } from '../lib/assert.ts';
import { added, NONE_YET } from '../lib/growing-list.ts';
import { FIXED } from '../lib/limits.ts';
import { SLICE_UNITS, type Slices } from '../lib/slices.ts';
import type { ByteSpan } from '../lib/units.ts';
import { byteOffset, utf16Offset } from '../lib/units.ts';
import type { Lane } from '../text/lane.ts';
import type { Segment } from '../text/segment.ts';
import type { EventReading, FoundString, SaidString } from './event-template.ts';
import type { FormatSink, TextPart } from './format.ts';
import type { Carrier, Frame, Signature, UninspectableReason, WireFacts } from './frame.ts';
import type { JsonDoc, JsonNode } from './framing/json.ts';
import type { NestedLexer } from './nested.ts';
import { createNestedLexer, digitsIn } from './nested.ts';
import { unreadFrame } from './plain-frame.ts';
import { PLAIN_NAMES } from './plain-names.ts';
import { type AnsweredTool, type CalledTool, createToolLog, type DeclaredTool, type ToolLog } from './tool-log.ts';
import { fieldKey, fieldReader, isBelow, walkFields } from './walk.ts';

interface LaneKey {
  readonly key: string;
  readonly lane: Lane;
}

/** Frames that may wait for the end of one escape or number; an escape has six characters, so more is not honest. */
const WAITING_FRAMES_MAX = 16;
/** Events in which a text may go unsaid and still go on. A thought or a choice that pauses for longer is two texts. */
const SILENT_EVENTS = 32;
/** The same for fields that a dialect does not know: most of them are said once. */
const SILENT_EVENTS_UNKNOWN = 4;
/** Events in a row in which an unknown field says the same before it is taken for a label that each event has. */
const CONSTANT_EVENTS = 8;
/** Units it has said by then: more than any secret that is one character again and again. */
const CONSTANT_UNITS = 48;
/** Digits of the shortest number that is read as a text. */
const NUMBER_DIGITS_MIN = 9;
/** What a value of a document costs, in units of text. */
const VALUE_UNITS = 16;
/** Values of a part of a document that are read at once. */
const VALUES_AT_ONCE = SLICE_UNITS / VALUE_UNITS;
/** Object keys remembered as already given, for each lane: the same name is scanned once, not in every object. */
const NAMES_MAX = 1024;

export interface FrameBuilderOptions {
  readonly facts: WireFacts;
  /** Frames follow each other and keys live on; otherwise one frame is the body and ends everything. */
  readonly streaming: boolean;
  /** Bounds the frames that wait together. */
  readonly waitingBytesMax: number;
  /** Lanes of which nobody looks at the text: nothing is decoded for them. Undefined: every lane is wanted. */
  readonly wants: ((lane: Lane) => boolean) | undefined;
  /** Whether tool events have definitions and arguments. */
  readonly toolTexts?: boolean | undefined;
  /** Where fingerprints of the definitions of tools go. Default: nowhere. */
  readonly fingerprints?: Map<string, string> | undefined;
}

/**
 * Collects what a dialect reads and makes frames of it; keeps nested lexers and open keys from event to event. Dialects write to it as to a
 * `FormatSink` while a document is being read. There is one for each body that is read: its fields are all that it takes.
 */
export class FrameBuilder implements FormatSink {
  readonly facts: WireFacts;
  readonly #options: FrameBuilderOptions;
  readonly #streaming: boolean;
  #parts: Buffer[] = NONE_YET;
  #carriers: Carrier[] | undefined;
  /** Where the bytes opened last begin in the frame. */
  #base = 0;
  #size = 0;
  #segments: Segment[] = NONE_YET;
  #laneEnds: string[] = NONE_YET;
  #echoes: ByteSpan[] = NONE_YET;
  #signatures: Signature[] | undefined;
  #uninspectable: UninspectableReason | undefined;
  /** Counted where nothing weightier is wrong with the frame. */
  #hasMedia = false;
  #keep: Frame['keep'];
  #position: unknown;
  #doc: JsonDoc | undefined;
  #ordinal = 0;
  #names: Map<Lane, Set<string>> | undefined;
  /** Keys that may go on in a later event, with the event by which they must. Only where frames follow each other. */
  #openKeys: Map<string, number> | undefined;
  /** One of `#openKeys`, said in `#event`: an event mostly has one. */
  #lastKey: string | undefined;
  #event = 0;
  #patience = SILENT_EVENTS;
  #values: Map<string, Repeated> | undefined;
  #lexers: Map<string, NestedLexer> | undefined;
  #waiting: Set<NestedLexer> | undefined;
  /** First segment of the event opened last. */
  #eventFrom = 0;
  #turning: string[] | undefined;
  #turns: Map<string, Turn> | undefined;
  #log: ToolLog | undefined;
  /** Strings that the event opened last has said; undefined: it has said something else too. */
  #said: SaidString[] | undefined;
  /** Where the number of that event stands. */
  #counter: ByteSpan | undefined;
  /** Values read since the last slice ended. */
  #sliceValues = 0;

  constructor(options: FrameBuilderOptions) {
    this.facts = options.facts;
    this.#options = options;
    this.#streaming = options.streaming;
  }

  /** Starts a frame, or adds to one that waits; of a carrier it is the content that is read. */
  open(opened: Buffer | Carrier): void {
    this.#base = this.#size;
    this.#eventFrom = this.#segments.length;
    this.#event++;
    this.#lastKey = undefined;
    this.#said = this.#streaming ? NONE_YET : undefined;
    this.#counter = undefined;
    if (Buffer.isBuffer(opened)) {
      this.#parts = added(this.#parts, opened);
      this.#size += opened.length;
      return;
    }
    this.#carriers ??= [];
    this.#carriers.push(opened);
    this.#parts = added(this.#parts, opened.bytes);
    this.#size += opened.content.length;
  }

  /** The document that nodes belong to; offsets are those of the bytes opened last. */
  reading(doc: JsonDoc): void {
    this.#doc = doc;
  }

  /** Text as it stands in the bytes opened last. */
  rawText(text: string, span: ByteSpan, { key, lane }: LaneKey): void {
    this.#said = undefined;
    if (!this.#isUnwanted(lane)) this.#emit({ key, lane, text, source: shifted(span, this.#base) });
  }

  /** As `rawText`, for a text that is complete: its key is its own and ends with the frame. */
  wholeText(text: string, span: ByteSpan, { key, lane }: LaneKey): void {
    this.#said = undefined;
    if (!this.#isUnwanted(lane)) this.#emitWhole({ key, lane, text, source: shifted(span, this.#base) });
  }

  /** As `wholeText`, for a text that can be read and not rewritten, as object keys: a header of the frame. */
  fixedText(text: string, { key, lane }: LaneKey): void {
    this.#said = undefined;
    const at = byteOffset(this.#base);
    if (!this.#isUnwanted(lane)) this.#emitWhole({ key, lane, text, source: { kind: 'json-key', start: at, end: at } });
  }

  /** What reading the event opened last has come to; undefined: more than strings of JSON and a number. To be asked before `close`. */
  saidStrings(): EventReading | undefined {
    const isAlone = this.#carriers === undefined && this.#parts.length === 1 && this.#uninspectable === undefined;
    if (this.#said === undefined || !isAlone || this.#isWaiting()) return undefined;
    return { strings: this.#said, turns: this.#turning ?? NO_GROUPS, keep: this.#keep, counter: this.#counter };
  }

  /** The event opened last is as one that was read before, with these strings in it. */
  repeat({ strings, turns, keep }: EventReading, found: readonly FoundString[]): void {
    for (let i = 0; i < strings.length; i++) {
      const { key, lane, whole } = strings[i]!;
      const { start, end, text } = found[i]!;
      this.#take({ key, lane, text, source: { kind: 'json-string', start, end } }, whole);
    }
    if (turns.length > 0) this.#turning = [...turns];
    this.#keep = keep;
  }

  /** Ends the frame in hand. Undefined: it waits, because a number or an escape in nested JSON goes on in the next event. */
  close({
    position,
    uninspectable,
  }: {
    readonly position: unknown;
    readonly uninspectable: UninspectableReason | undefined;
  }): Frame | undefined {
    assert(this.#parts.length > 0, 'a frame is closed after it was opened');
    this.#position = position;
    this.#uninspectable ??= uninspectable;
    if (!this.#streaming) {
      this.ends('*');
      this.#laneEnds = ['*'];
      return this.#give();
    }
    if (this.#turning !== undefined) {
      for (const group of this.#turning) this.#takeTurn(group);
      this.#turning = undefined;
    }
    this.#endSilent();
    if (!this.#isWaiting()) return this.#give();
    if (this.#parts.length < WAITING_FRAMES_MAX && this.#size <= this.#options.waitingBytesMax) return undefined;
    this.#stopWaiting();
    this.#uninspectable ??= 'event-limit';
    return this.#give();
  }

  /**
   * Ends a frame that waits, if there is one. `final`: no more text follows, every key ends; of calls that are still open a frame
   * without bytes says so.
   */
  flush(final: boolean): Frame | undefined {
    if (final) this.#log?.ends('*');
    const tools = this.#parts.length > 0 ? undefined : this.#log?.take();
    if (tools !== undefined) return { ...unreadFrame(NO_BYTES, undefined), tools, position: this.#position };
    if (this.#parts.length === 0) return undefined;
    if (final) this.#endBelow('*');
    else this.#stopWaiting();
    return this.#give();
  }

  text(node: JsonNode, lane: LaneKey): void {
    const type = this.#doc!.type(node);
    if (type === 'string' || type === 'number') this.#scalar(node, lane, false);
    else this.#tree(node, lane, false);
  }

  nestedJson(node: JsonNode, lane: LaneKey): void {
    if (this.#doc!.type(node) !== 'string') return this.#tree(node, lane, false);
    this.#said = undefined;
    const text = this.#isUnwanted(lane.lane) ? '' : this.#doc!.text(node);
    if (text === '') return;
    const lexer = this.#lexerFor(lane);
    lexer.push(text, this.#stringSource(node));
    if (!lexer.isWaiting()) {
      this.#waiting?.delete(lexer);
      return;
    }
    this.#waiting ??= new Set();
    this.#waiting.add(lexer);
  }

  parts(node: JsonNode, parts: readonly TextPart[], { key, lane }: LaneKey): void {
    if (this.#isUnwanted(lane)) return;
    this.#said = undefined;
    const outer = this.#stringSource(node);
    for (const { token, text, from, to } of parts) {
      const source = { kind: 'nested', outer, from: utf16Offset(from), to: utf16Offset(to), token } as const;
      if (text !== '') this.#emit({ key, lane, text, source });
    }
  }

  rest(node: JsonNode, lane: LaneKey): void {
    const label = this.#streaming && this.#doc!.type(node) === 'string' && isEnvelope(lane.key.slice(lane.key.lastIndexOf('.') + 1));
    this.#tree(node, lane, label);
  }

  whole(node: JsonNode, lane: LaneKey): void {
    this.#tree(node, lane, true);
  }

  name(key: JsonNode, lane: Lane): void {
    this.#objectKey(key, lane, this.#doc!.name(key));
  }

  items(node: JsonNode, visit: (item: JsonNode, index: number) => void): void {
    this.#doc!.items(node, visit);
  }

  media(): void {
    this.#said = undefined;
    this.#hasMedia = true;
  }

  echo(node: JsonNode): void {
    if (this.#doc!.type(node) === 'null' || this.#isEmptyArray(node)) return;
    this.#said = undefined;
    this.#echoes = added(this.#echoes, this.#spanOf(node));
  }

  #isEmptyArray(node: JsonNode): boolean {
    const doc = this.#doc!;
    return doc.type(node) === 'array' && doc.first(node) >= doc.next(node);
  }

  signature(node: JsonNode, key: string): void {
    if (this.#doc!.type(node) !== 'string' || this.#doc!.size(node) === 0) return;
    this.#said = undefined;
    this.#signatures ??= [];
    this.#signatures.push({ key, ...this.#spanOf(node) });
  }

  turns(key: string): void {
    if (!this.#streaming) return;
    this.#turning = added(this.#turning ?? NONE_YET, key);
  }

  counter(node: JsonNode): void {
    const { start, end } = this.#spanOf(node);
    this.#counter = { start: byteOffset(start - this.#base), end: byteOffset(end - this.#base) };
  }

  keeps(what: NonNullable<Frame['keep']>): void {
    this.#keep = what;
  }

  declares(tool: DeclaredTool): void {
    this.#tools().declares(tool, this.#place());
  }

  calls(call: CalledTool): void {
    this.#tools().calls(call, this.#place());
  }

  answers(result: AnsweredTool): void {
    this.#tools().answers(result);
  }

  ends(key: string): void {
    this.#log?.ends(key);
    this.#endBelow(key);
  }

  #tools(): ToolLog {
    this.#said = undefined;
    const { facts, toolTexts = false, fingerprints } = this.#options;
    this.#log ??= createToolLog({ facts, texts: toolTexts, fingerprints });
    return this.#log;
  }

  #place() {
    return { doc: this.#doc!, base: this.#base, event: this.#event };
  }

  #isUnwanted(lane: Lane): boolean {
    const { wants } = this.#options;
    return wants !== undefined && !wants(lane);
  }

  #take(segment: Segment, whole: boolean): void {
    if (whole) this.#emitWhole(segment);
    else this.#emit(segment);
  }

  #emit(segment: Segment): void {
    this.#segments = added(this.#segments, segment);
    if (!this.#streaming || segment.key === this.#lastKey) return;
    this.#openKeys ??= new Map();
    if (this.#openKeys.has(segment.key) || this.#openKeys.size < FIXED.lanes) {
      this.#openKeys.set(segment.key, this.#event + this.#patience);
      this.#lastKey = segment.key;
    } else this.#uninspectable ??= 'lane-limit';
  }

  /** A segment whose key is its own and ends with the frame. */
  #emitWhole(segment: Segment): void {
    if (!this.#streaming) {
      this.#segments = added(this.#segments, segment);
      return;
    }
    const key = `${segment.key}#${this.#ordinal++}`;
    this.#segments = added(this.#segments, { ...segment, key });
    this.#laneEnds = added(this.#laneEnds, key);
  }

  #spanOf(node: JsonNode): ByteSpan {
    return { start: byteOffset(this.#base + this.#doc!.start(node)), end: byteOffset(this.#base + this.#doc!.end(node)) };
  }

  #stringSource(node: JsonNode) {
    const { start, end } = this.#spanOf(node);
    return { kind: 'json-string', start: byteOffset(start + 1), end: byteOffset(end - 1) } as const;
  }

  #scalar(node: JsonNode, { key, lane }: LaneKey, whole: boolean): void {
    if (this.#isUnwanted(lane)) return;
    const isString = this.#doc!.type(node) === 'string';
    if (!isString && this.#doc!.size(node) < NUMBER_DIGITS_MIN) return;
    const text = this.#doc!.text(node);
    if (isString) {
      if (text === '') return;
      const source = this.#stringSource(node);
      this.#noteString(source, { key, lane, whole });
      this.#take({ key, lane, text, source }, whole);
    } else if (digitsIn(text) >= NUMBER_DIGITS_MIN) {
      this.#said = undefined;
      this.#emitWhole({ key, lane, text, source: { kind: 'json-number', ...this.#spanOf(node) } }); // never goes on in the next event
    }
  }

  /** What an unknown field says means nothing to anybody but what it says; of a known one only its padding is that free. */
  #noteString({ start, end }: ByteSpan, { key, lane, whole }: LaneKey & { readonly whole: boolean }): void {
    const varies = !whole || key.endsWith(PADDING);
    if (this.#said === undefined) return;
    const [from, to] = [byteOffset(start - this.#base), byteOffset(end - this.#base)];
    this.#said = added<SaidString>(this.#said, { start: from, end: to, key, lane, whole, varies });
  }

  #objectKey(node: JsonNode, lane: Lane, name: string): void {
    if (name === '' || PLAIN_NAMES.has(name) || this.#isUnwanted(lane) || this.#isKnownName(name, lane)) return;
    this.#said = undefined;
    const key = `key#${this.#ordinal++}`;
    const { start, end } = this.#stringSource(node);
    this.#segments = added(this.#segments, { key, lane, text: name, source: { kind: 'json-key', start, end } });
    if (this.#streaming) this.#laneEnds = added(this.#laneEnds, key);
  }

  /** Remembers it: lanes have rules of their own, so a name is new in each. */
  #isKnownName(name: string, lane: Lane): boolean {
    this.#names ??= new Map();
    let known = this.#names.get(lane);
    if (known === undefined) {
      known = new Set();
      this.#names.set(lane, known);
    }
    if (known.has(name)) return true;
    if (known.size >= NAMES_MAX) known.clear();
    known.add(name);
    return false;
  }

  /** Whether a value says the same in so many events that it is one of its own in each, and not a text that grows. */
  #isConstant(key: string, text: string): boolean {
    this.#values ??= new Map();
    const before = this.#values.get(key);
    if (before?.text === text) return ++before.times >= CONSTANT_EVENTS && before.times * text.length >= CONSTANT_UNITS;
    if (before !== undefined || this.#values.size < FIXED.lanes) this.#values.set(key, { text, times: 1 });
    return false;
  }

  #loose(node: JsonNode, lane: LaneKey): void {
    this.#said = undefined;
    if (!this.#streaming || this.#doc!.type(node) !== 'string') return this.#scalar(node, lane, false);
    const constant = this.#isConstant(lane.key, this.#doc!.text(node));
    if (constant && this.#openKeys?.has(lane.key) === true) this.#endKey(lane.key);
    this.#patience = SILENT_EVENTS_UNKNOWN;
    this.#scalar(node, lane, constant);
    this.#patience = SILENT_EVENTS;
  }

  #tree(node: JsonNode, lane: LaneKey, whole: boolean): void {
    const { lane: kind, key: path } = lane;
    const doc = this.#doc!;
    if (this.#isUnwanted(kind)) return;
    switch (doc.type(node)) {
      case 'string':
      case 'number':
        return whole ? this.#scalar(node, lane, true) : this.#loose(node, lane);
      case 'array':
        return doc.items(node, (item, index) => this.#tree(item, { key: `${path}.${index}`, lane: kind }, whole));
      case 'object':
        return walkFields(
          doc,
          node,
          (name, value, again, keyNode) => {
            this.#objectKey(keyNode, kind, name);
            this.#tree(value, { key: fieldKey(path, name, again), lane: kind }, whole || (this.#streaming && isEnvelope(name)));
          },
          AS_WRITTEN,
        );
      default:
        return;
    }
  }

  /** As `rest` or `whole`, a slice of bounded work in each step. Only where one frame is the body. */
  *treeInSlices(node: JsonNode, { key: path, lane }: LaneKey, whole: boolean): Slices {
    const doc = this.#doc!;
    if (doc.next(node) - node <= VALUES_AT_ONCE || this.#isUnwanted(lane)) {
      this.#tree(node, { key: path, lane }, whole);
      if (this.#isSliceFull(doc.next(node) - node)) yield;
      return;
    }
    const end = doc.next(node);
    if (doc.type(node) === 'array') {
      let index = 0;
      for (let item = doc.first(node); item < end; item = doc.next(item)) {
        yield* this.treeInSlices(item, { key: `${path}.${index++}`, lane }, whole);
      }
      return;
    }
    let at = path;
    const readName = fieldReader(
      doc,
      node,
      (name, _, again, keyNode) => {
        this.#objectKey(keyNode, lane, name);
        at = fieldKey(path, name, again);
      },
      AS_WRITTEN,
    );
    for (let field = doc.first(node); field < end; ) {
      const value = doc.next(field);
      readName(field, value);
      yield* this.treeInSlices(value, { key: at, lane }, whole);
      field = doc.next(value);
    }
  }

  /** Counts values that were read: whether they are enough for one slice. */
  #isSliceFull(values: number): boolean {
    this.#sliceValues += values;
    if (this.#sliceValues < VALUES_AT_ONCE) return false;
    this.#sliceValues = 0;
    return true;
  }

  #lexerFor({ key, lane }: LaneKey): NestedLexer {
    this.#lexers ??= new Map();
    const known = this.#lexers.get(key);
    if (known !== undefined) return known;
    const made = createNestedLexer({ key, lane, emit: (segment) => this.#emit(segment), ends: (ended) => this.#endKey(ended) });
    this.#lexers.set(key, made);
    return made;
  }

  #endLexer(key: string, lexer: NestedLexer): void {
    lexer.end();
    this.#lexers?.delete(key);
    this.#waiting?.delete(lexer);
  }

  #endKey(key: string): void {
    if (!this.#streaming) return;
    this.#said = undefined;
    this.#laneEnds = added(this.#laneEnds, key);
    this.#openKeys?.delete(key);
    this.#lastKey = undefined;
  }

  /** Ends a key and those below it; `*`: all of them. */
  #endBelow(key: string): void {
    this.#said = undefined;
    if (this.#lexers !== undefined) for (const [name, lexer] of this.#lexers) if (isBelow(name, key)) this.#endLexer(name, lexer);
    if (!this.#streaming) return;
    if (key === '*') {
      this.#laneEnds = ['*'];
      this.#openKeys?.clear();
      this.#lastKey = undefined;
    } else if (this.#openKeys !== undefined) for (const name of this.#openKeys.keys()) if (isBelow(name, key)) this.#endKey(name);
  }

  #turnOf(group: string): Turn {
    this.#turns ??= new Map();
    let turn = this.#turns.get(group);
    if (turn === undefined && this.#turns.size < FIXED.lanes) {
      turn = { current: new Set(), past: undefined, mixed: false };
      this.#turns.set(group, turn);
    }
    return turn ?? MIXED;
  }

  /** Ends the texts of a group that others have followed. */
  #takeTurn(group: string): void {
    const turn = this.#turnOf(group);
    if (turn.mixed) return;
    let goesOn = false;
    let others: string[] | undefined;
    for (let i = this.#eventFrom; i < this.#segments.length; i++) {
      const { key } = this.#segments[i]!;
      if (turn.current.has(key)) goesOn = true;
      else if (isBelow(key, group) && !key.includes('#')) {
        others ??= [];
        others.push(key);
      }
    }
    if (others === undefined) return;
    const { past } = turn;
    turn.mixed = past !== undefined && (past.size > FIXED.lanes || others.some((key) => past.has(key)));
    if (turn.mixed) return;
    if (!goesOn) this.#endTurn(turn);
    for (const key of others) turn.current.add(key);
  }

  #endTurn(turn: Turn): void {
    const { current } = turn;
    if (current.size > 0) turn.past ??= new Set();
    for (const key of current) {
      turn.past?.add(key);
      this.#endBelow(key);
    }
    current.clear();
  }

  /** A text that was not continued for long is over: its last word may hold what follows only for so many events. */
  #endSilent(): void {
    if (this.#openKeys === undefined || this.#openKeys.size < 2) return;
    for (const [key, last] of this.#openKeys) if (this.#event >= last) this.#endBelow(key);
  }

  #isWaiting(): boolean {
    return this.#waiting !== undefined && this.#waiting.size > 0;
  }

  #stopWaiting(): void {
    if (this.#waiting === undefined) return;
    for (const lexer of this.#waiting) lexer.release();
    this.#waiting.clear();
  }

  #give(): Frame {
    if (this.#log?.isOver === true) this.#uninspectable ??= 'tool-limit';
    const frame: Frame = {
      bytes: this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts),
      carriers: this.#carriers,
      segments: this.#segments,
      laneEnds: this.#laneEnds,
      echoes: this.#echoes,
      signatures: this.#signatures,
      tools: this.#log?.take(),
      keep: this.#keep,
      uninspectable: this.#uninspectable ?? (this.#hasMedia ? 'media' : undefined),
      position: this.#position,
    };
    this.#parts = NONE_YET;
    this.#carriers = undefined;
    this.#base = 0;
    this.#size = 0;
    this.#segments = NONE_YET;
    this.#laneEnds = NONE_YET;
    this.#echoes = NONE_YET;
    this.#signatures = undefined;
    this.#keep = undefined;
    this.#uninspectable = undefined;
    this.#hasMedia = false;
    return frame;
  }
}

const NO_BYTES = Buffer.alloc(0);
const NO_GROUPS: readonly string[] = [];

/** Random letters that OpenAI adds to hide the length of a delta. https://platform.openai.com/docs/api-reference/chat-streaming */
const PADDING = 'obfuscation';
const AS_WRITTEN = { asWritten: true } as const;

/** What an unknown field has said in the last events that had it. */
interface Repeated {
  readonly text: string;
  times: number;
}

/** Which texts of a group are being said. */
interface Turn {
  readonly current: Set<string>;
  /** Undefined: none has ended. */
  past: Set<string> | undefined;
  mixed: boolean;
}

const MIXED: Turn = { current: new Set(), past: undefined, mixed: true };

const shifted = ({ start, end }: ByteSpan, base: number) =>
  ({ kind: 'utf8', start: byteOffset(base + start), end: byteOffset(base + end) }) as const;

/** Fields of event envelopes whose text is complete in each event: joined over events they would look like one endless word. */
const ENVELOPE: ReadonlySet<string> = new Set([
  'id',
  'object',
  'type',
  'event',
  'model',
  'role',
  'name',
  'status',
  'created_at',
  'timestamp',
  'time',
  'finish_reason',
  'provider',
  'obfuscation',
]);
const isEnvelope = (name: string): boolean => ENVELOPE.has(name) || name.endsWith('_id') || name.endsWith('Id');
