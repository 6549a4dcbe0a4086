import { assert } from '../lib/assert.ts';
import { FIXED } from '../lib/limits.ts';
import type { ByteSpan } from '../lib/units.ts';
import { byteOffset, utf16Offset } from '../lib/units.ts';
import type { Lane } from '../text/lane.ts';
import type { Segment } from '../text/segment.ts';
import type { EventReading, FoundString, SaidString } from './event-template.ts';
import type { FormatSink } from './format.ts';
import type { Carrier, Frame, Signature, UninspectableReason, WireFacts } from './frame.ts';
import type { JsonDoc, JsonNode } from './framing/json.ts';
import type { NestedLexer } from './nested.ts';
import { createNestedLexer, digitsIn } from './nested.ts';
import { unreadFrame } from './plain-frame.ts';
import { PLAIN_NAMES } from './plain-names.ts';
import { createToolLog, type ToolLog } from './tool-log.ts';
import { fieldKey, isBelow, walkFields } from './walk.ts';

interface LaneKey {
  readonly key: string;
  readonly lane: Lane;
}

/** Collects what a dialect reads and makes frames of it; keeps nested lexers and open keys from event to event. */
export interface FrameBuilder {
  /** What dialects write to while a document is being read. */
  readonly sink: FormatSink;
  /** Starts a frame, or adds to one that waits; of a carrier it is the content that is read. */
  open(bytes: Buffer | Carrier): void;
  /** The document that nodes given to `sink` belong to; offsets are those of the bytes opened last. */
  reading(doc: JsonDoc): void;
  /** Text as it stands in the bytes opened last. */
  text(text: string, span: ByteSpan, lane: LaneKey): void;
  /** As `text`, for a text that is complete: its key is its own and ends with the frame. */
  wholeText(text: string, span: ByteSpan, lane: LaneKey): void;
  /** As `wholeText`, for a text that can be read and not rewritten, as object keys: a header of the frame. */
  fixedText(text: string, lane: LaneKey): void;
  /** What reading the event opened last has come to; undefined: more than strings of JSON. To be asked before `close`. */
  saidStrings(): EventReading | undefined;
  /** The event opened last is as one that was read before, with these strings in it. */
  repeat(reading: EventReading, found: readonly FoundString[]): void;
  /** Ends the frame in hand. Undefined: it waits, because a number or an escape in nested JSON goes on in the next event. */
  close(options: { readonly position: unknown; readonly uninspectable: UninspectableReason | undefined }): Frame | undefined;
  /**
   * Ends a frame that waits, if there is one. `final`: no more text follows, every key ends; of calls that are still open a frame
   * without bytes says so.
   */
  flush(final: boolean): Frame | undefined;
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
/** Object keys remembered as already given, for each lane: the same name is scanned once, not in every object. */
const NAMES_MAX = 1024;

/**
 * `streaming`: frames follow each other and keys live on; otherwise one frame is the body and ends everything.
 * `waitingBytesMax` bounds the frames that wait together.
 */
export function createFrameBuilder({
  facts,
  streaming,
  waitingBytesMax,
  wants,
  toolTexts = false,
  fingerprints,
}: {
  readonly facts: WireFacts;
  readonly streaming: boolean;
  readonly waitingBytesMax: number;
  /** Lanes of which nobody looks at the text: nothing is decoded for them. Undefined: every lane is wanted. */
  readonly wants: ((lane: Lane) => boolean) | undefined;
  /** Whether tool events have definitions and arguments. */
  readonly toolTexts?: boolean | undefined;
  /** Where fingerprints of the definitions of tools go. Default: nowhere. */
  readonly fingerprints?: Map<string, string> | undefined;
}): FrameBuilder {
  let parts: Buffer[] = [];
  let carriers: Carrier[] | undefined;
  let base = 0; // where the bytes opened last begin in the frame
  let size = 0;
  let segments: Segment[] = [];
  let laneEnds: string[] = [];
  let echoes: ByteSpan[] = [];
  let signatures: Signature[] | undefined;
  let uninspectable: UninspectableReason | undefined;
  let position: unknown;
  let doc: JsonDoc | undefined;
  let ordinal = 0;
  let names: Map<Lane, Set<string>> | undefined;
  /** Keys that may go on in a later event, with the event by which they must. */
  const openKeys = new Map<string, number>();
  let lastKey: string | undefined; // one of `openKeys`, said in `event`: an event mostly has one
  let event = 0;
  let patience = SILENT_EVENTS;
  let values: Map<string, Repeated> | undefined;
  let lexers: Map<string, NestedLexer> | undefined;
  let waiting: Set<NestedLexer> | undefined;
  let eventFrom = 0; // first segment of the event opened last
  let turning: string[] | undefined;
  let turns: Map<string, Turn> | undefined;

  let log: ToolLog | undefined;
  let keep: Frame['keep'];
  /** Strings that the event opened last has said; undefined: it has said something else too. */
  let said: SaidString[] | undefined;

  const tools = (): ToolLog => {
    said = undefined;
    log ??= createToolLog({ facts, texts: toolTexts, fingerprints });
    return log;
  };

  const isUnwanted = (lane: Lane): boolean => wants !== undefined && !wants(lane);

  function emit(segment: Segment): void {
    segments.push(segment);
    if (!streaming || segment.key === lastKey) return;
    if (openKeys.has(segment.key) || openKeys.size < FIXED.lanes) {
      openKeys.set(segment.key, event + patience);
      lastKey = segment.key;
    } else uninspectable ??= 'lane-limit';
  }

  function endKey(key: string): void {
    if (!streaming) return;
    said = undefined;
    laneEnds.push(key);
    openKeys.delete(key);
    lastKey = undefined;
  }

  /** A segment whose key is its own and ends with the frame. */
  function emitWhole(segment: Segment): void {
    if (!streaming) {
      segments.push(segment);
      return;
    }
    const key = `${segment.key}#${ordinal++}`;
    segments.push({ ...segment, key });
    laneEnds.push(key);
  }

  const stringSource = (node: JsonNode) =>
    ({ kind: 'json-string', start: byteOffset(base + doc!.start(node) + 1), end: byteOffset(base + doc!.end(node) - 1) }) as const;

  function scalar(node: JsonNode, { key, lane }: LaneKey, whole: boolean): void {
    if (isUnwanted(lane)) return;
    const text = doc!.text(node);
    if (doc!.type(node) === 'string') {
      if (text === '') return;
      const source = stringSource(node);
      noteString(source, { key, lane, whole });
      (whole ? emitWhole : emit)({ key, lane, text, source });
    } else if (text.length >= 9 && digitsIn(text) >= 9) {
      const source = { kind: 'json-number', start: byteOffset(base + doc!.start(node)), end: byteOffset(base + doc!.end(node)) } as const;
      said = undefined;
      emitWhole({ key, lane, text, source }); // a number never goes on in the next event
    }
  }

  /** What an unknown field says means nothing to anybody but what it says; of a known one only its padding is that free. */
  function noteString({ start, end }: ByteSpan, { key, lane, whole }: LaneKey & { readonly whole: boolean }): void {
    if (said === undefined) return;
    said.push({ start: byteOffset(start - base), end: byteOffset(end - base), key, lane, whole, varies: !whole || key.endsWith(PADDING) });
  }

  function objectKey(node: JsonNode, lane: Lane, name: string): void {
    if (name === '' || PLAIN_NAMES.has(name) || isUnwanted(lane) || isKnownName(name, lane)) return;
    said = undefined;
    const key = `key#${ordinal++}`;
    const { start, end } = stringSource(node);
    segments.push({ key, lane, text: name, source: { kind: 'json-key', start, end } });
    if (streaming) laneEnds.push(key);
  }

  /** Remembers it: lanes have rules of their own, so a name is new in each. */
  function isKnownName(name: string, lane: Lane): boolean {
    names ??= new Map();
    let known = names.get(lane);
    if (known === undefined) {
      known = new Set();
      names.set(lane, known);
    }
    if (known.has(name)) return true;
    if (known.size >= NAMES_MAX) known.clear();
    known.add(name);
    return false;
  }

  /** Whether a value says the same in so many events that it is one of its own in each, and not a text that grows. */
  function isConstant(key: string, text: string): boolean {
    values ??= new Map();
    const before = values.get(key);
    if (before?.text === text) return ++before.times >= CONSTANT_EVENTS && before.times * text.length >= CONSTANT_UNITS;
    if (before !== undefined || values.size < FIXED.lanes) values.set(key, { text, times: 1 });
    return false;
  }

  function loose(node: JsonNode, lane: LaneKey): void {
    said = undefined;
    if (!streaming || doc!.type(node) !== 'string') return scalar(node, lane, false);
    const constant = isConstant(lane.key, doc!.text(node));
    if (constant && openKeys.has(lane.key)) endKey(lane.key);
    patience = SILENT_EVENTS_UNKNOWN;
    scalar(node, lane, constant);
    patience = SILENT_EVENTS;
  }

  function tree(node: JsonNode, lane: LaneKey, whole: boolean): void {
    const { lane: kind, key: path } = lane;
    if (isUnwanted(kind)) return;
    switch (doc!.type(node)) {
      case 'string':
      case 'number':
        return whole ? scalar(node, lane, true) : loose(node, lane);
      case 'array':
        return doc!.items(node, (item, index) => tree(item, { key: `${path}.${index}`, lane: kind }, whole));
      case 'object':
        return walkFields(
          doc!,
          node,
          (name, value, again, keyNode) => {
            objectKey(keyNode, kind, name);
            tree(value, { key: fieldKey(path, name, again), lane: kind }, whole || (streaming && isEnvelope(name)));
          },
          AS_WRITTEN,
        );
      default:
        return;
    }
  }

  function lexerFor({ key, lane }: LaneKey): NestedLexer {
    lexers ??= new Map();
    const known = lexers.get(key);
    if (known !== undefined) return known;
    const made = createNestedLexer({ key, lane, emit, ends: endKey });
    lexers.set(key, made);
    return made;
  }

  function endLexer(key: string, lexer: NestedLexer): void {
    lexer.end();
    lexers?.delete(key);
    waiting?.delete(lexer);
  }

  function ends(key: string): void {
    said = undefined;
    if (lexers !== undefined) for (const [name, lexer] of lexers) if (isBelow(name, key)) endLexer(name, lexer);
    if (!streaming) return;
    if (key === '*') {
      laneEnds = ['*'];
      openKeys.clear();
      lastKey = undefined;
      return;
    }
    for (const name of openKeys.keys()) if (isBelow(name, key)) endKey(name);
  }

  const sink: FormatSink = {
    facts,
    text(node, lane) {
      const type = doc!.type(node);
      if (type === 'string' || type === 'number') scalar(node, lane, false);
      else tree(node, lane, false);
    },
    nestedJson(node, lane) {
      if (doc!.type(node) !== 'string') return tree(node, lane, false);
      said = undefined;
      const text = isUnwanted(lane.lane) ? '' : doc!.text(node);
      if (text === '') return;
      const lexer = lexerFor(lane);
      lexer.push(text, stringSource(node));
      if (!lexer.isWaiting()) {
        waiting?.delete(lexer);
        return;
      }
      waiting ??= new Set();
      waiting.add(lexer);
    },
    parts(node, parts, { key, lane }) {
      if (isUnwanted(lane)) return;
      said = undefined;
      const outer = stringSource(node);
      for (const { token, text, from, to } of parts) {
        const source = { kind: 'nested', outer, from: utf16Offset(from), to: utf16Offset(to), token } as const;
        if (text !== '') emit({ key, lane, text, source });
      }
    },
    rest(node, lane) {
      const label = streaming && doc!.type(node) === 'string' && isEnvelope(lane.key.slice(lane.key.lastIndexOf('.') + 1));
      tree(node, lane, label);
    },
    whole: (node, lane) => tree(node, lane, true),
    name: (key, lane) => objectKey(key, lane, doc!.name(key)),
    echo(node) {
      if (doc!.type(node) === 'null') return;
      said = undefined;
      echoes.push({ start: byteOffset(base + doc!.start(node)), end: byteOffset(base + doc!.end(node)) });
    },
    signature(node, key) {
      if (doc!.type(node) !== 'string' || doc!.size(node) === 0) return;
      said = undefined;
      signatures ??= [];
      signatures.push({ key, start: byteOffset(base + doc!.start(node)), end: byteOffset(base + doc!.end(node)) });
    },
    turns(key) {
      if (!streaming) return;
      turning ??= [];
      turning.push(key);
    },
    keeps(what) {
      keep = what;
    },
    declares: (tool) => tools().declares(tool, { doc: doc!, base, event }),
    calls: (call) => tools().calls(call, { doc: doc!, base, event }),
    answers: (result) => tools().answers(result),
    ends(key) {
      log?.ends(key);
      ends(key);
    },
  };

  function turnOf(group: string): Turn {
    turns ??= new Map();
    let turn = turns.get(group);
    if (turn === undefined && turns.size < FIXED.lanes) {
      turn = { current: new Set(), past: new Set(), mixed: false };
      turns.set(group, turn);
    }
    return turn ?? MIXED;
  }

  /** Ends the texts of a group that others have followed. */
  function takeTurn(group: string): void {
    const turn = turnOf(group);
    if (turn.mixed) return;
    let goesOn = false;
    let others: string[] | undefined;
    for (let i = eventFrom; i < segments.length; i++) {
      const { key } = segments[i]!;
      if (turn.current.has(key)) goesOn = true;
      else if (isBelow(key, group) && !key.includes('#')) {
        others ??= [];
        others.push(key);
      }
    }
    if (others === undefined) return;
    turn.mixed = turn.past.size > FIXED.lanes || others.some((key) => turn.past.has(key));
    if (turn.mixed) return;
    if (!goesOn) endTurn(turn);
    for (const key of others) turn.current.add(key);
  }

  /** A text that was not continued for long is over: its last word may hold what follows only for so many events. */
  function endSilent(): void {
    for (const [key, last] of openKeys) if (event >= last) ends(key);
  }

  function endTurn({ current, past }: Turn): void {
    for (const key of current) {
      past.add(key);
      ends(key);
    }
    current.clear();
  }

  function give(): Frame {
    const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    if (log?.isOver === true) uninspectable ??= 'tool-limit';
    const frame: Frame = { bytes, carriers, segments, laneEnds, echoes, signatures, tools: log?.take(), keep, uninspectable, position };
    parts = [];
    carriers = undefined;
    base = 0;
    size = 0;
    segments = [];
    laneEnds = [];
    echoes = [];
    signatures = undefined;
    keep = undefined;
    uninspectable = undefined;
    return frame;
  }

  function stopWaiting(): void {
    if (waiting === undefined) return;
    for (const lexer of waiting) lexer.release();
    waiting.clear();
  }

  return {
    sink,
    open(opened) {
      base = size;
      eventFrom = segments.length;
      event++;
      lastKey = undefined;
      said = streaming ? [] : undefined;
      if (Buffer.isBuffer(opened)) {
        parts.push(opened);
        size += opened.length;
        return;
      }
      carriers ??= [];
      carriers.push(opened);
      parts.push(opened.bytes);
      size += opened.content.length;
    },
    reading(next) {
      doc = next;
    },
    text(text, span, { key, lane }) {
      said = undefined;
      if (!isUnwanted(lane)) emit({ key, lane, text, source: shifted(span, base) });
    },
    wholeText(text, span, { key, lane }) {
      said = undefined;
      if (!isUnwanted(lane)) emitWhole({ key, lane, text, source: shifted(span, base) });
    },
    fixedText(text, { key, lane }) {
      said = undefined;
      if (!isUnwanted(lane)) emitWhole({ key, lane, text, source: { kind: 'json-key', start: byteOffset(base), end: byteOffset(base) } });
    },
    saidStrings() {
      const isAlone = carriers === undefined && parts.length === 1 && uninspectable === undefined;
      if (said === undefined || !isAlone || (waiting !== undefined && waiting.size > 0)) return undefined;
      return { strings: said, turns: turning ?? NO_GROUPS, keep };
    },
    repeat({ strings, turns: groups, keep: kept }, found) {
      for (let i = 0; i < strings.length; i++) {
        const { key, lane, whole } = strings[i]!;
        const { start, end, text } = found[i]!;
        const source = { kind: 'json-string', start, end } as const;
        (whole ? emitWhole : emit)({ key, lane, text, source });
      }
      if (groups.length > 0) turning = [...groups];
      keep = kept;
    },
    close(end) {
      assert(parts.length > 0, 'a frame is closed after it was opened');
      position = end.position;
      uninspectable ??= end.uninspectable;
      if (!streaming) {
        sink.ends('*');
        laneEnds = ['*'];
        return give();
      }
      if (turning !== undefined) {
        for (const group of turning) takeTurn(group);
        turning = undefined;
      }
      if (openKeys.size > 1) endSilent();
      if (waiting === undefined || waiting.size === 0) return give();
      if (parts.length < WAITING_FRAMES_MAX && size <= waitingBytesMax) return undefined;
      stopWaiting();
      uninspectable ??= 'event-limit';
      return give();
    },
    flush(final) {
      if (final) log?.ends('*');
      const said = parts.length > 0 ? undefined : log?.take();
      if (said !== undefined) return { ...unreadFrame(NO_BYTES, undefined), tools: said, position };
      if (parts.length === 0) return undefined;
      if (final) ends('*');
      else stopWaiting();
      return give();
    },
  };
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
  readonly past: Set<string>;
  mixed: boolean;
}

const MIXED: Turn = { current: new Set(), past: new Set(), mixed: true };

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
