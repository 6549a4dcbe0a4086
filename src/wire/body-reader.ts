import type { Limits } from '../lib/limits.ts';
import type { Slices } from '../lib/slices.ts';
import type { Direction, Lane } from '../text/lane.ts';
import { shapeOf } from './body-shape.ts';
import { CHARSET_BYTES, type Charset, charsetByBytes, type DeclaredCharset, isCharsetOpen } from './charset.ts';
import { type BodyKind, bodyKind, declaredCharset, isIdentity } from './content-type.ts';
import { endInSlices } from './end-in-slices.ts';
import { arrayBody, eventStreamBody, linesBody, sseBody } from './event-bodies.ts';
import { byFirstByte } from './first-byte.ts';
import { formBody } from './form-body.ts';
import type { FormatSink, WireFormat } from './format.ts';
import { generic } from './formats/generic.ts';
import type { Frame, UninspectableReason, WireFacts } from './frame.ts';
import { FrameBuilder } from './frame-builder.ts';
import { createGather } from './framing/gather.ts';
import { createJsonReader, type JsonDoc, type JsonFailure, type JsonReader, readJson } from './framing/json.ts';
import { type Learning, toolsToLearn } from './learning.ts';
import { boundaryOf, multipartBody } from './multipart-body.ts';
import { unreadFrame } from './plain-frame.ts';
import { PostponedSink } from './postponed-sink.ts';
import { isUnfit, readRequest } from './request-document.ts';
import { opaqueBody, textBody, textFrames } from './text-body.ts';
import { transcodedBody } from './transcoded-body.ts';
import { untoldStream } from './untold-stream.ts';

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
  /** Whether tool events have the definitions of tools and the arguments of calls. Default: false. */
  readonly toolTexts?: boolean | undefined;
  /** Told when a request body turns out to be a dialect that its head did not say. Undefined: what the head said is final. */
  readonly onFormat?: ((format: WireFormat) => void) | undefined;
  /** Whether a request that says no model's dialect is taken for the one that it looks like (`formatByShape`). Default: false. */
  readonly byShape?: boolean | undefined;
  /** Told of a request body that is one JSON document, and of the dialect it was read in; the document is valid only meanwhile. */
  readonly onDocument?: ((doc: JsonDoc, format: WireFormat) => void) | undefined;
  /** Filled while reading. Undefined: nobody learns. */
  readonly learning?: Learning | undefined;
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
  /** The same, a slice of bounded work in each step. Default: `end` does little. */
  endInSlices?(): Slices<readonly Frame[]>;
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
  if (options.direction === 'response' && isOfUtf8(kind, declared)) return readerFor(kind, options, 'utf-8');
  return inItsCharset(kind, options, declared);
}

/** Types of an answer whose bytes say nothing of a charset. Those of a request do: what is JSON in UTF-16 may be read as JSON. */
function isOfUtf8(kind: BodyKind['kind'], declared: DeclaredCharset): boolean {
  return BINARY_AROUND.has(kind) || (kind === 'sse' && (declared === undefined || declared === 'utf-8'));
}

function inItsCharset(kind: BodyKind['kind'], options: BodyReaderOptions, declared: DeclaredCharset): BodyReader {
  return new CharsetBody(kind, options, declared);
}

/** Waits for the bytes that tell the charset: a byte order mark, or zeros beside the first ASCII character. */
class CharsetBody implements BodyReader {
  readonly #kind: BodyKind['kind'];
  readonly #options: BodyReaderOptions;
  readonly #declared: DeclaredCharset;
  readonly #pending = createGather();
  #chosen: BodyReader | undefined;

  constructor(kind: BodyKind['kind'], options: BodyReaderOptions, declared: DeclaredCharset) {
    this.#kind = kind;
    this.#options = options;
    this.#declared = declared;
  }

  push(bytes: Buffer): readonly Frame[] {
    if (this.#chosen !== undefined) return this.#chosen.push(bytes);
    this.#pending.add(bytes);
    return isCharsetOpen(this.#start()) ? [] : this.#choose();
  }

  end(): readonly Frame[] {
    const frames = this.#chosen === undefined && this.#pending.size > 0 ? this.#choose() : NO_FRAMES;
    const last = this.#chosen?.end() ?? NO_FRAMES;
    return frames.length === 0 ? last : [...frames, ...last];
  }

  *endInSlices(): Slices<readonly Frame[]> {
    const frames = this.#chosen === undefined && this.#pending.size > 0 ? this.#choose() : NO_FRAMES;
    return [...frames, ...(yield* endInSlices(this.#chosen))];
  }

  isStream(): boolean {
    return this.#chosen?.isStream() ?? (this.#kind === 'sse' || this.#kind === 'json-lines');
  }

  start(): unknown {
    return this.#chosen?.start?.();
  }

  written(bytes: Buffer): Buffer {
    return this.#chosen?.written?.(bytes) ?? bytes;
  }

  #start(): Buffer {
    const { buffer, size } = this.#pending;
    return buffer.subarray(0, Math.min(size, CHARSET_BYTES));
  }

  #choose(): readonly Frame[] {
    const [kind, options] = [this.#kind, this.#options];
    const charset = charsetOf({ kind, declared: this.#declared, direction: options.direction }, this.#start());
    const decodes = charset === 'utf-16le' || charset === 'utf-16be' || (charset === 'windows-1252' && !DECODING_KINDS.has(kind));
    this.#chosen = decodes ? transcodedBody(charset, readerFor(kind, options, 'utf-8')) : readerFor(kind, options, charset);
    return this.#chosen.push(this.#pending.take());
  }
}

const NO_FRAMES: readonly Frame[] = [];

/** Kinds whose readers decode single-byte characters themselves: of a form after its escapes, of JSON only what is not UTF-8. */
const DECODING_KINDS: ReadonlySet<BodyKind['kind']> = new Set(['form', 'json']);
/** Kinds with a framing that has no charset. */
const BINARY_AROUND: ReadonlySet<BodyKind['kind']> = new Set(['multipart', 'aws-eventstream']);
/** Kinds that always begin with an ASCII character. */
const ASCII_FIRST: ReadonlySet<BodyKind['kind']> = new Set(['json', 'json-lines', 'sse']);

interface Declared {
  readonly kind: BodyKind['kind'];
  readonly declared: DeclaredCharset;
  readonly direction: Direction;
}

/**
 * JSON has no charset parameter (RFC 8259 section 11): its bytes say UTF-8 or UTF-16 whatever is declared. Other text is what its byte
 * order mark says, then what is declared. UTF-16 without a mark is taken in the order its first character has, if that is ASCII: of a
 * request that begins as JSON does, whatever its type says, since its receiver may look at the bytes alone.
 */
function charsetOf({ kind, declared, direction }: Declared, start: Buffer): Charset | 'unknown' {
  const mayBeJson = (declared === undefined || direction === 'request') && beginsJsonIn16(start);
  const told = charsetByBytes(start, { asciiFirst: ASCII_FIRST.has(kind) || mayBeJson });
  if (told !== undefined) return told;
  if (BINARY_AROUND.has(kind)) return 'utf-8';
  const known = declared === 'unknown' ? undefined : declared;
  if (ASCII_FIRST.has(kind)) return known === 'windows-1252' ? known : 'utf-8';
  if (known === 'utf-16') return start[0] === 0 ? 'utf-16be' : 'utf-16le';
  return known ?? (declared === 'unknown' && kind !== 'opaque' ? 'unknown' : 'utf-8');
}

/** Whether a body begins as JSON in UTF-16 or UTF-32 without a mark: a bracket, or white space and more of it or a bracket. */
function beginsJsonIn16([a, b, c, d]: Buffer): boolean {
  const [high, low, nextHigh = 0, nextLow = 0x20] = a === 0 ? [a, b, c, d] : [b, a, d, c];
  if (high !== 0 || nextHigh !== 0 || low === undefined) return false;
  return isBracket(low) || (isBlank(low) && (isBracket(nextLow) || isBlank(nextLow)));
}

const isBracket = (byte: number): boolean => byte === 0x7b || byte === 0x5b;
const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

function readerFor(kind: BodyKind['kind'], options: BodyReaderOptions, charset: Charset | 'unknown'): BodyReader {
  const isRequest = options.direction === 'request';
  const mayBeUntold = !isRequest && kind !== 'sse' && options.format.id !== generic.id;
  const orElse = (make: () => BodyReader): BodyReader =>
    sniffed(options, () => {
      if (!mayBeOther(kind, options)) options.facts.unfit = true;
      return mayBeUntold ? untoldStream(options, make) : make();
    });
  if (charset === 'unknown' && isRequest && kind !== 'json') {
    return orElse(() => textBody(options, { invalid: 'invalid-utf8', always: 'invalid-utf8' }));
  }
  switch (kind) {
    case 'sse': // what begins as JSON may be read as JSON by whoever does not look at the type
      return orElse(() => sseBody(options));
    case 'json':
      return options.direction === 'response' && options.format.arrayStream === true ? arrayOrJson(options) : jsonBody(options, undefined);
    case 'json-lines':
      return isRequest ? jsonBody(options, () => linesBody(options)) : linesBody(options);
    case 'aws-eventstream':
      return isRequest ? orElse(() => eventStreamBody(options)) : eventStreamBody(options);
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

/** JSON under another name, when the first byte that is not white space says so. */
function sniffed(options: BodyReaderOptions, otherwise: () => BodyReader): BodyReader {
  return byFirstByte(options.limits.bodyBytes, (first) => (first === 0x7b || first === 0x5b ? jsonBody(options, otherwise) : otherwise()));
}

/** An answer that is one array comes element by element; the first byte that is not white space says which it is. */
function arrayOrJson(options: BodyReaderOptions): BodyReader {
  return byFirstByte(options.limits.bodyBytes, (first) => (first === 0x5b ? arrayBody(options) : jsonBody(options, undefined)));
}

/** Up to this size a JSON body is read when it is complete; a larger one is read as it comes, so that no single piece costs much. */
const WHOLE_BYTES_MAX = 64 * 1024;

/**
 * One frame: the whole body. Over `limits.bodyBytes` it is given unread, and so is everything after.
 * `otherwise` undefined: the type says JSON, so failing to read it is a reason; else the body is what its type says.
 */
function jsonBody(options: BodyReaderOptions, otherwise: (() => BodyReader) | undefined): BodyReader {
  return new JsonBody(options, otherwise);
}

class JsonBody implements BodyReader {
  readonly #options: BodyReaderOptions;
  readonly #otherwise: (() => BodyReader) | undefined;
  readonly #gather = createGather();
  /** Reads as the bytes come, once there are many of them. */
  #reader: JsonReader | undefined;
  #size = 0;
  #over = false;

  constructor(options: BodyReaderOptions, otherwise: (() => BodyReader) | undefined) {
    this.#options = options;
    this.#otherwise = otherwise;
  }

  push(bytes: Buffer): readonly Frame[] {
    if (bytes.length === 0) return [];
    if (this.#over) return [unreadFrame(bytes, 'body-limit')];
    this.#size += bytes.length;
    if (this.#size <= this.#options.limits.bodyBytes) {
      this.#add(bytes);
      return [];
    }
    this.#over = true;
    return [this.#held(), bytes].filter(({ length }) => length > 0).map((part) => unreadFrame(part, 'body-limit'));
  }

  end(): readonly Frame[] {
    return this.#over || this.#size === 0 ? [] : this.#read(this.#held());
  }

  *endInSlices(): Slices<readonly Frame[]> {
    if (this.#over || this.#size === 0) return [];
    return this.#reader === undefined ? this.#read(this.#held()) : yield* this.#readInSlices(this.#reader);
  }

  isStream(): boolean {
    return false;
  }

  #add(bytes: Buffer): void {
    if (this.#reader === undefined && this.#size <= WHOLE_BYTES_MAX) {
      this.#gather.add(bytes);
      return;
    }
    if (this.#reader === undefined) {
      this.#reader = createJsonReader(this.#options.limits.jsonDepth);
      this.#reader.push(this.#gather.take());
    }
    this.#reader.push(bytes);
  }

  #held(): Buffer {
    return this.#reader === undefined ? this.#gather.take() : this.#reader.bytes();
  }

  #read(bytes: Buffer): readonly Frame[] {
    const options = this.#options;
    const result = this.#reader === undefined ? readJson(bytes, options.limits.jsonDepth) : this.#reader.end();
    if (!result.ok) return this.#unread(bytes, result.reason);
    const builder = openFrame(bytes, result.doc, options);
    const format = readDocument(result.doc, builder, options);
    learn(result.doc, format, options);
    return [builder.close(WHOLE)!];
  }

  *#readInSlices(large: JsonReader): Slices<readonly Frame[]> {
    const options = this.#options;
    const bytes = this.#held();
    const result = yield* large.endInSlices();
    if (!result.ok) return this.#unread(bytes, result.reason);
    const builder = openFrame(bytes, result.doc, options);
    const sink = new PostponedSink(builder, result.doc);
    const format = readDocument(result.doc, sink, options);
    yield* sink.give();
    learn(result.doc, format, options);
    return [builder.close(WHOLE)!];
  }

  #unread(bytes: Buffer, failure: JsonFailure): readonly Frame[] {
    return unreadJson(this.#options, { bytes, failure, otherwise: this.#otherwise });
  }
}

function openFrame(bytes: Buffer, doc: JsonDoc, { facts, wants, toolTexts, learning, direction }: BodyReaderOptions): FrameBuilder {
  const fingerprints = toolsToLearn(learning, direction);
  const builder = new FrameBuilder({ facts, streaming: false, waitingBytesMax: 0, wants, toolTexts, fingerprints });
  builder.open(bytes);
  builder.reading(doc);
  return builder;
}

/** Gives the dialect it was read in. */
function readDocument(doc: JsonDoc, sink: FormatSink, options: BodyReaderOptions): WireFormat {
  if (options.direction === 'request') return readRequest(doc, sink, options);
  options.format.readBody(doc, sink, options.direction);
  return options.format;
}

/** What a document says besides, once it is read. */
function learn(doc: JsonDoc, format: WireFormat, options: BodyReaderOptions): void {
  if (options.direction === 'request') {
    if (isUnfit(doc, format, options)) options.facts.unfit = true;
    options.onDocument?.(doc, format);
  }
  if (format.id === generic.id) learnShape(doc, options);
}

/** How a frame ends that is a whole body. */
const WHOLE = { position: undefined, uninspectable: undefined } as const;

/** Only of a whole body: a part of one has no schema of its own. */
function learnShape(doc: JsonDoc, { learning, direction, format, multipartDepth = 0 }: BodyReaderOptions): void {
  if (learning?.isSampled !== true || format.id !== generic.id || multipartDepth > 0) return;
  learning.shapes[direction] = shapeOf(doc);
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

/** A body of which nothing is read, for one reason. */
function unread(reason: UninspectableReason): BodyReader {
  return {
    push: (bytes) => (bytes.length === 0 ? [] : [unreadFrame(bytes, reason)]),
    end: () => [],
    isStream: () => false,
  };
}
