import type { Limits } from '../lib/limits.ts';
import { byteOffset } from '../lib/units.ts';
import type { Direction, Lane } from '../text/lane.ts';
import { CHARSET_BYTES, type Charset, charsetByBytes, type DeclaredCharset, isCharsetOpen } from './charset.ts';
import { type BodyKind, bodyKind, declaredCharset, isIdentity } from './content-type.ts';
import { formBody } from './form-body.ts';
import type { StreamFraming, WireFormat } from './format.ts';
import { generic, openGenericStream } from './formats/generic.ts';
import { recogniseBody } from './formats/index.ts';
import type { Carrier, Frame, UninspectableReason, WireFacts } from './frame.ts';
import { createFrameBuilder } from './frame-builder.ts';
import { openChunk } from './framing/aws-chunk.ts';
import { createEventStreamFramer } from './framing/aws-eventstream.ts';
import { createGather } from './framing/gather.ts';
import { createJsonReader, type JsonDoc, type JsonFailure, type JsonReader, readJson } from './framing/json.ts';
import { type ArrayPiece, createArrayFramer } from './framing/json-array.ts';
import { createLineFramer } from './framing/lines.ts';
import type { SseEvent, SseOversized } from './framing/sse.ts';
import { blankedPayload, createSseFramer } from './framing/sse.ts';
import { binaryAt, createTextFramer, type TextPiece } from './framing/text.ts';
import { boundaryOf, multipartBody } from './multipart-body.ts';
import { plainLane, unreadFrame } from './plain-frame.ts';
import { transcodedBody } from './transcoded-body.ts';

export interface BodyReaderOptions {
  readonly format: WireFormat;
  readonly direction: Direction;
  /** Header value; undefined when there is none. */
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly limits: Pick<Limits, 'bodyBytes' | 'eventBytes' | 'jsonDepth'>;
  /** Filled while reading. */
  readonly facts: WireFacts;
  /** Says for which lanes anybody looks at the text; of JSON no other text is decoded. Undefined: all. */
  readonly wants?: ((lane: Lane) => boolean) | undefined;
  /** Told when a request body turns out to be a dialect that its head did not say. Undefined: what the head said is final. */
  readonly onFormat?: ((format: WireFormat) => void) | undefined;
  /** Where text goes that no dialect names. Default: `user` in requests, `output` in answers. */
  readonly lane?: Lane | undefined;
  /** How many multipart bodies this one is a part of. Default: 0. */
  readonly multipartDepth?: number;
}

/** Reads one body in any pieces. The bytes of all frames together are the body; the buffers given must not change afterwards. */
export interface BodyReader {
  push(bytes: Buffer): readonly Frame[];
  /** The body is complete; gives what was held. Nothing may be pushed afterwards. */
  end(): readonly Frame[];
  /** Whether the body is a stream of events, as far as it is known. */
  isStream(): boolean;
  /** Where the client of a stream is before any frame; undefined where that says nothing. */
  start?(): unknown;
  /** Text of ours in UTF-8 as it has to stand in this body. Default: as it is. */
  written?(bytes: Buffer): Buffer;
}

/**
 * Chooses the framing by content type, and by the first byte where the type is missing or is not JSON's. Frames, keys, texts per key
 * and reasons do not depend on how the body was cut; only plain text and bytes nobody reads come in pieces as they arrived.
 * No input makes it throw.
 */
export function createBodyReader(options: BodyReaderOptions): BodyReader {
  if (!isIdentity(options.contentEncoding)) return unread('content-encoding');
  const { kind } = bodyKind(options.contentType);
  const declared = declaredCharset(options.contentType);
  if (kind === 'multipart' || kind === 'aws-eventstream' || (kind === 'sse' && (declared === undefined || declared === 'utf-8'))) {
    return readerFor(kind, options, 'utf-8');
  }
  return inItsCharset(kind, options, declared);
}

/** Waits for the bytes that tell the charset: a byte order mark, or zeros beside the first ASCII character. */
function inItsCharset(kind: BodyKind['kind'], options: BodyReaderOptions, declared: DeclaredCharset): BodyReader {
  let chosen: BodyReader | undefined;
  const pending = createGather();

  const start = (): Buffer => pending.buffer.subarray(0, Math.min(pending.size, CHARSET_BYTES));

  function choose(): readonly Frame[] {
    const charset = charsetOf(kind, declared, start());
    const decodes = charset === 'utf-16le' || charset === 'utf-16be' || (charset === 'windows-1252' && !DECODING_KINDS.has(kind));
    chosen = decodes ? transcodedBody(charset, readerFor(kind, options, 'utf-8')) : readerFor(kind, options, charset);
    return chosen.push(pending.take());
  }

  return {
    push(bytes) {
      if (chosen !== undefined) return chosen.push(bytes);
      pending.add(bytes);
      return isCharsetOpen(start()) ? [] : choose();
    },
    end() {
      const frames = chosen === undefined && pending.size > 0 ? choose() : [];
      return [...frames, ...(chosen?.end() ?? [])];
    },
    isStream: () => chosen?.isStream() ?? (kind === 'sse' || kind === 'json-lines'),
    start: () => chosen?.start?.(),
    written: (bytes) => chosen?.written?.(bytes) ?? bytes,
  };
}

/** Kinds whose readers decode single-byte characters themselves: of a form after its escapes, of JSON only what is not UTF-8. */
const DECODING_KINDS: ReadonlySet<BodyKind['kind']> = new Set(['form', 'json']);
/** Kinds that always begin with an ASCII character. */
const ASCII_FIRST: ReadonlySet<BodyKind['kind']> = new Set(['json', 'json-lines', 'sse']);

/**
 * JSON has no charset parameter (RFC 8259 section 11): its bytes say UTF-8 or UTF-16 whatever is declared. Other text is what its byte
 * order mark says, then what is declared. UTF-16 without a mark is taken in the order its first character has, if that is ASCII.
 */
function charsetOf(kind: BodyKind['kind'], declared: DeclaredCharset, start: Buffer): Charset | 'unknown' {
  const first = start[0] === 0 ? start[1] : start[0];
  const asciiFirst = ASCII_FIRST.has(kind) || (declared === undefined && (first === 0x7b || first === 0x5b));
  const told = charsetByBytes(start, { asciiFirst });
  if (told !== undefined) return told;
  const known = declared === 'unknown' ? undefined : declared;
  if (ASCII_FIRST.has(kind)) return known === 'windows-1252' ? known : 'utf-8';
  if (known === 'utf-16') return start[0] === 0 ? 'utf-16be' : 'utf-16le';
  return known ?? (declared === 'unknown' && kind !== 'opaque' ? 'unknown' : 'utf-8');
}

function readerFor(kind: BodyKind['kind'], options: BodyReaderOptions, charset: Charset | 'unknown'): BodyReader {
  const orElse = (make: () => BodyReader): BodyReader =>
    sniffed(options, () => {
      if (!mayBeOther(kind, options)) options.facts.unfit = true;
      return make();
    });
  switch (kind) {
    case 'sse': // what begins as JSON may be read as JSON by whoever does not look at the type
      return sniffed(options, () => sseBody(options));
    case 'json':
      return options.direction === 'response' && options.format.arrayStream === true ? arrayOrJson(options) : jsonBody(options, undefined);
    case 'json-lines':
      return linesBody(options);
    case 'aws-eventstream':
      return eventStreamBody(options);
    case 'text':
    case 'unknown': {
      const always = charset === 'unknown' ? 'invalid-utf8' : undefined;
      return orElse(() => textBody(options, { invalid: 'invalid-utf8', always }));
    }
    case 'form':
      if (charset === 'unknown') return orElse(() => textBody(options, { invalid: 'invalid-utf8', always: 'invalid-utf8' }));
      return orElse(() => formBody(options, charset));
    case 'multipart':
      return orElse(() => partsBody(options));
    case 'opaque':
      return orElse(() => opaqueBody(options));
    default:
      return kind satisfies never;
  }
}

/** Whether a body that is not JSON is what its dialect may send: no request is, but for a form where the dialect knows its parts. */
function mayBeOther(kind: BodyKind['kind'], { direction, format }: BodyReaderOptions): boolean {
  if (direction === 'response' || format.id === generic.id) return true;
  return (kind === 'form' || kind === 'multipart') && format.readPart !== undefined;
}

/** Why text is not as it should be: where its bytes are not UTF-8, or from the beginning. */
interface TextReasons {
  readonly invalid: UninspectableReason;
  readonly always: UninspectableReason | undefined;
}

/** JSON under another name, when the first byte that is not white space says so. */
function sniffed(options: BodyReaderOptions, otherwise: () => BodyReader): BodyReader {
  let chosen: BodyReader | undefined;
  const pending = createGather();
  let scanned = 0; // bytes known to be blank

  function choose(reader: BodyReader): readonly Frame[] {
    chosen = reader;
    return reader.push(pending.take());
  }

  return {
    push(bytes) {
      if (chosen !== undefined) return chosen.push(bytes);
      if (bytes.length === 0) return [];
      pending.add(bytes);
      scanned = skipBlank(pending.buffer, { from: scanned, to: pending.size });
      const first = scanned < pending.size ? pending.buffer[scanned] : undefined;
      const undecided = first === undefined || (scanned === 0 && isPartOfMark(pending.buffer, pending.size));
      if (undecided && pending.size <= options.limits.bodyBytes) return [];
      return choose(first === 0x7b || first === 0x5b ? jsonBody(options, otherwise) : otherwise());
    },
    end() {
      const frames = chosen === undefined && pending.size > 0 ? choose(otherwise()) : [];
      return [...frames, ...(chosen?.end() ?? [])];
    },
    isStream: () => chosen?.isStream() === true,
  };
}

const MARK = [0xef, 0xbb, 0xbf];

/** First place from `from` that holds neither JSON white space nor the byte order mark at the start. */
function skipBlank(bytes: Buffer, { from, to }: { readonly from: number; readonly to: number }): number {
  let p = from === 0 && to >= MARK.length && MARK.every((byte, i) => bytes[i] === byte) ? MARK.length : from;
  while (p < to && (bytes[p] === 0x20 || bytes[p] === 0x0a || bytes[p] === 0x0d || bytes[p] === 0x09)) p++;
  return p;
}

const isPartOfMark = (bytes: Buffer, size: number): boolean =>
  size < MARK.length && bytes.subarray(0, size).every((byte, i) => byte === MARK[i]);

/** Up to this size a JSON body is read when it is complete; a larger one is read as it comes, so that no single piece costs much. */
const WHOLE_BYTES_MAX = 64 * 1024;

/**
 * One frame: the whole body. Over `limits.bodyBytes` it is given unread, and so is everything after.
 * `otherwise` undefined: the type says JSON, so failing to read it is a reason; else the body is what its type says.
 */
function jsonBody(options: BodyReaderOptions, otherwise: (() => BodyReader) | undefined): BodyReader {
  const { limits, facts, direction } = options;
  const gather = createGather();
  /** Reads as the bytes come, once there are many of them. */
  let reader: JsonReader | undefined;
  let size = 0;
  let over = false;

  function add(bytes: Buffer): void {
    if (reader === undefined && size <= WHOLE_BYTES_MAX) {
      gather.add(bytes);
      return;
    }
    if (reader === undefined) {
      reader = createJsonReader(limits.jsonDepth);
      reader.push(gather.take());
    }
    reader.push(bytes);
  }

  function held(): Buffer {
    return reader === undefined ? gather.take() : reader.bytes();
  }

  function read(bytes: Buffer): readonly Frame[] {
    const result = reader === undefined ? readJson(bytes, limits.jsonDepth) : reader.end();
    if (!result.ok) return unreadJson(options, { bytes, failure: result.reason, otherwise });
    const builder = createFrameBuilder({ facts, streaming: false, waitingBytesMax: 0, wants: options.wants });
    builder.open(bytes);
    builder.reading(result.doc);
    bodyFormat(options, result.doc).readBody(result.doc, builder.sink, direction);
    return [builder.close({ position: undefined, uninspectable: undefined })!];
  }

  return {
    push(bytes) {
      if (bytes.length === 0) return [];
      if (over) return [unreadFrame(bytes, 'body-limit')];
      size += bytes.length;
      if (size <= limits.bodyBytes) {
        add(bytes);
        return [];
      }
      over = true;
      return [held(), bytes].filter(({ length }) => length > 0).map((part) => unreadFrame(part, 'body-limit'));
    },
    end: () => (over || size === 0 ? [] : read(held())),
    isStream: () => false,
  };
}

/** The dialect a complete JSON body is read in. */
function bodyFormat({ format, direction, facts, onFormat }: BodyReaderOptions, doc: JsonDoc): WireFormat {
  if (direction === 'response') return format;
  if (format.fits?.(doc) === false) {
    facts.unfit = true;
    return generic;
  }
  if (format !== generic || onFormat === undefined) return format;
  const found = recogniseBody(doc) ?? generic;
  if (found !== generic) onFormat(found);
  return found;
}

/** A body that is not JSON after all: in another charset, or of another kind; at least one text, so that detection sees it. */
function unreadJson(
  options: BodyReaderOptions,
  {
    bytes,
    failure,
    otherwise,
  }: { readonly bytes: Buffer; readonly failure: JsonFailure; readonly otherwise: (() => BodyReader) | undefined },
): readonly Frame[] {
  const { contentType } = options;
  if (failure === 'invalid-utf8' && bodyKind(contentType).kind === 'json' && declaredCharset(contentType) === 'windows-1252') {
    return readWhole(transcodedBody('windows-1252', jsonBody({ ...options, contentType: undefined }, otherwise)), bytes);
  }
  if (otherwise !== undefined && failure !== 'json-depth') return readWhole(otherwise(), bytes);
  return textFrames(options, [{ bytes, text: bytes.toString('utf8'), valid: true }], { invalid: failure, always: failure });
}

const readWhole = (reader: BodyReader, bytes: Buffer): readonly Frame[] => [...reader.push(bytes), ...reader.end()];

/** A multipart body; without a boundary that is beyond doubt, or too deep in others, it is text. */
function partsBody(options: BodyReaderOptions): BodyReader {
  const boundary = boundaryOf(options.contentType);
  const text = (always: UninspectableReason | undefined) => textBody(options, { invalid: 'invalid-utf8', always });
  if (boundary === undefined || (options.multipartDepth ?? 0) >= MULTIPART_DEPTH_MAX) return text('invalid-multipart');
  return multipartBody(boundary, options, { text, part: createBodyReader });
}

/** Multipart bodies in each other that are told apart. */
const MULTIPART_DEPTH_MAX = 3;

/** How many bytes of a type that is no text are looked at before they are taken for text all the same. */
const OPAQUE_BYTES_LOOKED_AT = 512;

/**
 * A type that is no text is not believed: what has no binary byte at its beginning is read as text, up to the first one. From there on,
 * and where the beginning has one, nobody reads it.
 */
function opaqueBody(options: BodyReaderOptions): BodyReader {
  const framer = createTextFramer();
  const pending = createGather();
  let state: 'looking' | 'text' | 'opaque' = 'looking';

  function text(piece: TextPiece | undefined): readonly Frame[] {
    if (piece === undefined) return [];
    const { bytes, valid } = piece;
    const found = binaryAt(bytes);
    const stop = found < 0 && !valid ? 0 : found; // the beginning of a character at the end
    if (stop < 0) return textFrames(options, [piece], OPAQUE_TEXT);
    state = 'opaque';
    const before = bytes.subarray(0, stop);
    const readable = stop === 0 ? undefined : { bytes: before, text: before.toString('utf8'), valid: true };
    const rest = Buffer.concat([bytes.subarray(stop), framer.end()?.bytes ?? Buffer.alloc(0)]);
    return [...textFrames(options, [readable], OPAQUE_TEXT), { ...unreadFrame(rest, 'opaque'), laneEnds: ['*'] }];
  }

  function look(): readonly Frame[] {
    const window = pending.buffer.subarray(0, Math.min(pending.size, OPAQUE_BYTES_LOOKED_AT));
    if (binaryAt(window) >= 0) {
      state = 'opaque';
      return [unreadFrame(pending.take(), 'opaque')];
    }
    return window.length < OPAQUE_BYTES_LOOKED_AT ? [] : believe();
  }

  function believe(): readonly Frame[] {
    state = 'text';
    return text(framer.push(pending.take()));
  }

  return {
    push(bytes) {
      if (bytes.length === 0) return [];
      if (state === 'opaque') return [unreadFrame(bytes, 'opaque')];
      if (state === 'text') return text(framer.push(bytes));
      pending.add(bytes);
      return look();
    },
    end() {
      const frames = state === 'looking' ? believe() : [];
      return [...frames, ...text(framer.end())];
    },
    isStream: () => false,
  };
}

const OPAQUE_TEXT: TextReasons = { invalid: 'opaque', always: undefined };

function textBody(options: BodyReaderOptions, reasons: TextReasons): BodyReader {
  const framer = createTextFramer();
  return {
    push: (bytes) => textFrames(options, [framer.push(bytes)], reasons),
    end: () => textFrames(options, [framer.end()], reasons),
    isStream: () => false,
  };
}

function textFrames(
  options: BodyReaderOptions,
  pieces: readonly (TextPiece | undefined)[],
  { invalid, always }: TextReasons,
): readonly Frame[] {
  return pieces
    .filter((piece) => piece !== undefined)
    .map(({ bytes, text, valid }) => ({
      ...unreadFrame(bytes, always),
      segments: [
        { key: 'text', lane: plainLane(options), text, source: { kind: 'utf8', start: byteOffset(0), end: byteOffset(bytes.length) } },
      ],
      uninspectable: always ?? (valid ? undefined : invalid),
    }));
}

/** Events of a stream, each a frame; events whose nested JSON is cut in the middle of a token share one. */
function sseBody(options: BodyReaderOptions): BodyReader {
  const framer = createSseFramer({ eventBytesMax: options.limits.eventBytes });
  const events = eventReader(options, 'sse');
  const read = (found: readonly (SseEvent | SseOversized)[]): Frame[] =>
    found.flatMap((event) => (event.kind === 'event' ? events.event(event) : events.unread(event.bytes)));
  return {
    push: (bytes) => read(framer.push(bytes)),
    end: () => [...read(framer.end()), ...events.end()],
    isStream: () => true,
  };
}

/** One JSON document a line (JSON Lines): each line is an event without a name. */
function linesBody(options: BodyReaderOptions): BodyReader {
  const framer = createLineFramer({ lineBytesMax: options.limits.eventBytes });
  const events = eventReader(options, 'json-lines');
  const read = (found: ReturnType<typeof framer.push>): Frame[] =>
    found.flatMap(({ bytes, end, oversized }) => {
      if (oversized) return events.unread(bytes);
      const start = skipBlank(bytes, { from: 0, to: end });
      const data = start < end ? [{ start: byteOffset(start), end: byteOffset(end) }] : [];
      return events.event({ kind: 'event', bytes, name: undefined, data, other: [] });
    });
  return {
    push: (bytes) => read(framer.push(bytes)),
    end: () => [...read(framer.end()), ...events.end()],
    isStream: () => true,
  };
}

/** Messages of an AWS event stream: payloads with lengths and checksums around them. */
function eventStreamBody(options: BodyReaderOptions): BodyReader {
  const { eventBytes, jsonDepth } = options.limits;
  const framer = createEventStreamFramer({ messageBytesMax: eventBytes });
  const events = eventReader(options, 'aws-eventstream');
  const read = (found: ReturnType<typeof framer.push>): Frame[] =>
    found.flatMap((message) => {
      if (message.kind === 'unread') return events.unread(message.bytes, message.reason);
      const { name, texts } = message;
      const opened = name === 'chunk' ? openChunk(message.carrier, jsonDepth) : { carrier: message.carrier, uninspectable: undefined };
      const { content } = opened.carrier;
      const data = [{ start: byteOffset(0), end: byteOffset(content.length) }];
      return events.event(
        { kind: 'event', bytes: content, name, data, other: [] },
        { carrier: opened.carrier, texts, uninspectable: message.uninspectable ?? opened.uninspectable },
      );
    });
  return {
    push: (bytes) => read(framer.push(bytes)),
    end: () => [...read(framer.end()), ...events.end()],
    isStream: () => true,
  };
}

/** An answer that is one array comes element by element; the first byte that is not white space says which it is. */
function arrayOrJson(options: BodyReaderOptions): BodyReader {
  let chosen: BodyReader | undefined;
  const pending = createGather();
  let scanned = 0; // bytes known to be blank

  function choose(reader: BodyReader): readonly Frame[] {
    chosen = reader;
    return reader.push(pending.take());
  }

  return {
    push(bytes) {
      if (chosen !== undefined) return chosen.push(bytes);
      pending.add(bytes);
      scanned = skipBlank(pending.buffer, { from: scanned, to: pending.size });
      const undecided = scanned === pending.size || (scanned === 0 && isPartOfMark(pending.buffer, pending.size));
      if (undecided && pending.size <= options.limits.bodyBytes) return [];
      return choose(pending.buffer[scanned] === 0x5b ? arrayBody(options) : jsonBody(options, undefined));
    },
    end() {
      const frames = chosen === undefined ? choose(jsonBody(options, undefined)) : [];
      return [...frames, ...chosen!.end()];
    },
    isStream: () => chosen?.isStream() === true,
    start: () => chosen?.start?.(),
  };
}

/** The elements of one array, each an event; what is no array after all is text with a reason. */
function arrayBody(options: BodyReaderOptions): BodyReader {
  const framer = createArrayFramer({ elementBytesMax: options.limits.eventBytes });
  const events = eventReader(options, 'json-array');
  let broken: BodyReader | undefined;

  function frames(piece: ArrayPiece): readonly Frame[] {
    const { bytes } = piece;
    switch (piece.kind) {
      case 'element':
        return events.event(arrayEvent(bytes, piece.start, piece.end));
      case 'close': {
        const at = bytes.indexOf(0x5d);
        return events.event(arrayEvent(bytes, Math.max(at, 0), at + 1));
      }
      case 'oversized':
        return events.unread(bytes);
      case 'broken': {
        const first = broken === undefined ? events.end() : [];
        broken ??= textBody(options, { invalid: piece.reason, always: piece.reason });
        return [...first, ...broken.push(bytes)];
      }
      default:
        return piece satisfies never;
    }
  }

  return {
    push: (bytes) => framer.push(bytes).flatMap(frames),
    end: () => [...framer.end().flatMap(frames), ...(broken ?? events).end()],
    isStream: () => true,
    start: () => events.start,
  };
}

const arrayEvent = (bytes: Buffer, start: number, end: number): SseEvent => ({
  kind: 'event',
  bytes,
  name: undefined,
  data: [{ start: byteOffset(start), end: byteOffset(end) }],
  other: [],
});

/** What stands around an event whose text is not in the wire's bytes as it is read. */
interface Envelope {
  readonly carrier: Carrier;
  /** Texts beside the payload that cannot be rewritten. */
  readonly texts: readonly string[];
  readonly uninspectable: UninspectableReason | undefined;
}

interface EventReader {
  event(event: SseEvent, envelope?: Envelope): Frame[];
  unread(bytes: Buffer, reason?: UninspectableReason): Frame[];
  end(): Frame[];
  /** The client's position before the first event. */
  readonly start: unknown;
}

function eventReader(options: BodyReaderOptions, framing: StreamFraming): EventReader {
  const { format, direction, limits, facts, wants } = options;
  const builder = createFrameBuilder({ facts, streaming: true, waitingBytesMax: limits.eventBytes, wants });
  const stream = direction === 'response' ? format.openStream(framing) : openGenericStream(plainLane(options));
  const lane = plainLane(options);

  /** The payload; a reason when it should have been readable. */
  function payload(event: SseEvent): UninspectableReason | undefined {
    const { bytes, data } = event;
    const [only] = data;
    const result = data.length === 1 ? readJson(bytes, limits.jsonDepth, only!) : readJson(blankedPayload(event), limits.jsonDepth);
    if (result.ok) {
      builder.reading(result.doc);
      stream.event(event.name, result.doc, builder.sink);
      return undefined;
    }
    const lines = data.map((span) => bytes.toString('utf8', span.start, span.end));
    if (stream.marker(lines.join('\n'), builder.sink)) return undefined;
    for (const [i, span] of data.entries()) {
      if (i > 0) builder.text('\n', { start: data[i - 1]!.end, end: data[i - 1]!.end }, { key: 'text', lane });
      if (lines[i] !== '') builder.text(lines[i]!, span, { key: 'text', lane });
    }
    if (stream.whole === true && event.name !== undefined) builder.sink.ends('text');
    // In SSE an event that is no JSON is legal; a line or an element of a JSON array that is none is not.
    const illegal =
      framing === 'json-array' || framing === 'json-lines' || result.reason === 'invalid-utf8' || result.reason === 'json-depth';
    return illegal ? result.reason : undefined;
  }

  function flushed(final: boolean): Frame[] {
    const frame = builder.flush(final);
    return frame === undefined ? [] : [frame];
  }

  return {
    event(event, envelope) {
      builder.open(envelope?.carrier ?? event.bytes);
      for (const text of envelope?.texts ?? []) builder.fixedText(text, { key: 'header', lane: 'other' });
      for (const span of event.other) {
        builder.wholeText(event.bytes.toString('utf8', span.start, span.end), span, { key: 'sse', lane });
      }
      const empty = event.data.every((span) => span.start === span.end);
      const uninspectable = empty ? undefined : payload(event);
      const frame = builder.close({ position: stream.position(), uninspectable: uninspectable ?? envelope?.uninspectable });
      return frame === undefined ? [] : [frame];
    },
    unread(bytes, reason = 'event-limit') {
      const frames = flushed(false);
      if (framing === 'json-array') stream.marker('[', builder.sink); // the client is inside the array now
      return [...frames, { ...unreadFrame(bytes, reason), position: stream.position() }];
    },
    end: () => flushed(true),
    start: stream.position(),
  };
}

/** A body of which nothing is read, for one reason. */
function unread(reason: UninspectableReason): BodyReader {
  return {
    push: (bytes) => (bytes.length === 0 ? [] : [unreadFrame(bytes, reason)]),
    end: () => [],
    isStream: () => false,
  };
}
