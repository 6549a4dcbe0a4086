import { byteOffset } from '../lib/units.ts';
import type { Lane } from '../text/lane.ts';
import type { BodyReader, BodyReaderOptions } from './body-reader.ts';
import { createTemplateLearner } from './event-template.ts';
import { skipBlank } from './first-byte.ts';
import type { StreamFraming, StreamReader } from './format.ts';
import { generic, openGenericStream } from './formats/generic.ts';
import type { Carrier, Frame, UninspectableReason } from './frame.ts';
import { FrameBuilder } from './frame-builder.ts';
import { openChunk } from './framing/aws-chunk.ts';
import { createEventStreamFramer } from './framing/aws-eventstream.ts';
import { type JsonFailure, readJson } from './framing/json.ts';
import { type ArrayPiece, createArrayFramer } from './framing/json-array.ts';
import { createLineFramer } from './framing/lines.ts';
import type { SseEvent, SseFramer, SseOversized } from './framing/sse.ts';
import { blankedPayload, createSseFramer } from './framing/sse.ts';
import { toolsToLearn } from './learning.ts';
import { plainLane, unreadFrame } from './plain-frame.ts';
import { hearRequest } from './request-document.ts';
import { textBody } from './text-body.ts';

/** Events of a stream, each a frame; events whose nested JSON is cut in the middle of a token share one. */
export function sseBody(options: BodyReaderOptions): BodyReader {
  return new SseBody(options);
}

class SseBody implements BodyReader {
  readonly #framer: SseFramer;
  readonly #events: EventReader;

  constructor(options: BodyReaderOptions) {
    this.#framer = createSseFramer({ eventBytesMax: options.limits.eventBytes });
    this.#events = eventReader(options, 'sse');
  }

  push(bytes: Buffer): readonly Frame[] {
    return this.#events.rested(this.#read(this.#framer.push(bytes)));
  }

  end(): readonly Frame[] {
    return [...this.#read(this.#framer.end()), ...this.#events.end()];
  }

  isStream(): boolean {
    return true;
  }

  #read(found: readonly (SseEvent | SseOversized)[]): Frame[] {
    return found.flatMap((event) => (event.kind === 'event' ? this.#events.event(event) : this.#events.unread(event.bytes)));
  }
}

/**
 * One JSON document a line (JSON Lines): each line is an event without a name. No dialect is asked in several documents, so a request that
 * has them is unfit, and each is heard: a receiver that does not look at the type reads the first or all of them.
 */
export function linesBody(options: BodyReaderOptions): BodyReader {
  if (options.direction === 'request' && options.format.id !== generic.id) options.facts.unfit = true;
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
    push: (bytes) => events.rested(read(framer.push(bytes))),
    end: () => [...read(framer.end()), ...events.end()],
    isStream: () => true,
  };
}

/** Messages of an AWS event stream: payloads with lengths and checksums around them. */
export function eventStreamBody(options: BodyReaderOptions): BodyReader {
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
    push: (bytes) => events.rested(read(framer.push(bytes))),
    end: () => [...read(framer.end()), ...events.end()],
    isStream: () => true,
  };
}

/** The elements of one array, each an event; what is no array after all is text with a reason. */
export function arrayBody(options: BodyReaderOptions): BodyReader {
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
    push: (bytes) => events.rested(framer.push(bytes).flatMap(frames)),
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
  /** All of a piece has been read; gives its frames back. */
  rested(frames: Frame[]): Frame[];
  end(): Frame[];
  /** The client's position before the first event. */
  readonly start: unknown;
}

function eventReader(options: BodyReaderOptions, framing: StreamFraming): EventReader {
  return new StreamEvents(options, framing);
}

/** Each stream that is open has one: its fields are all that it takes. */
class StreamEvents implements EventReader {
  readonly start: unknown;
  readonly #options: BodyReaderOptions;
  readonly #framing: StreamFraming;
  readonly #lane: Lane;
  readonly #builder: FrameBuilder;
  readonly #stream: StreamReader;
  readonly #templates = createTemplateLearner();
  #documents = 0;

  constructor(options: BodyReaderOptions, framing: StreamFraming) {
    const { format, direction, limits, facts, wants, toolTexts } = options;
    const fingerprints = toolsToLearn(options.learning, direction);
    this.#options = options;
    this.#framing = framing;
    this.#lane = plainLane(options);
    this.#builder = new FrameBuilder({ facts, streaming: true, waitingBytesMax: limits.eventBytes, wants, toolTexts, fingerprints });
    this.#stream = direction === 'response' ? format.openStream(framing) : openGenericStream(this.#lane);
    this.start = this.#stream.position();
  }

  event(event: SseEvent, envelope?: Envelope): Frame[] {
    const repeated = envelope === undefined ? this.#repeatedFrame(event.bytes) : undefined;
    if (repeated !== undefined) return [repeated];
    const [builder, stream] = [this.#builder, this.#stream];
    builder.open(envelope?.carrier ?? event.bytes);
    for (const text of envelope?.texts ?? []) builder.fixedText(text, { key: 'header', lane: 'other' });
    for (const span of event.other)
      builder.wholeText(event.bytes.toString('utf8', span.start, span.end), span, { key: 'sse', lane: this.#lane });
    const empty = event.data.every((span) => span.start === span.end);
    const uninspectable = empty ? undefined : this.#payload(event);
    // Of a request more is heard than its texts.
    const isAnswer = this.#options.direction === 'response';
    const isPlain = isAnswer && envelope === undefined && uninspectable === undefined && event.other.length === 0;
    const position = stream.position();
    this.#templates.read(event.bytes, isPlain ? builder.saidStrings() : undefined, stream.counted?.opened() ?? position);
    const frame = builder.close({ position, uninspectable: uninspectable ?? envelope?.uninspectable });
    return frame === undefined ? [] : [frame];
  }

  unread(bytes: Buffer, reason: UninspectableReason = 'event-limit'): Frame[] {
    const frames = this.#flushed(false);
    this.#templates.read(bytes, undefined, undefined);
    if (this.#framing === 'json-array') this.#stream.marker('[', this.#builder); // the client is inside the array now
    return [...frames, { ...unreadFrame(bytes, reason), position: this.#stream.position() }];
  }

  rested(frames: Frame[]): Frame[] {
    this.#templates.rest();
    return frames;
  }

  end(): Frame[] {
    return this.#flushed(true);
  }

  /** The payload; a reason when it should have been readable. */
  #payload(event: SseEvent): UninspectableReason | undefined {
    const { bytes, data } = event;
    const { jsonDepth } = this.#options.limits;
    const [only] = data;
    const result = data.length === 1 ? readJson(bytes, jsonDepth, only!) : readJson(blankedPayload(event), jsonDepth);
    if (!result.ok) return this.#plainPayload(event, result.reason);
    this.#builder.reading(result.doc);
    this.#stream.event(event.name, result.doc, this.#builder);
    if (this.#options.direction === 'request' && this.#framing === 'json-lines')
      hearRequest(result.doc, this.#builder, { ...this.#options, key: `line${this.#documents++}` });
    return undefined;
  }

  /** A payload that is no JSON. */
  #plainPayload({ bytes, data, name }: SseEvent, reason: JsonFailure): UninspectableReason | undefined {
    const [builder, stream, framing, lane] = [this.#builder, this.#stream, this.#framing, this.#lane];
    const lines = data.map((span) => bytes.toString('utf8', span.start, span.end));
    if (stream.marker(lines.join('\n'), builder)) return undefined;
    for (const [i, span] of data.entries()) {
      if (i > 0) builder.rawText('\n', { start: data[i - 1]!.end, end: data[i - 1]!.end }, { key: 'text', lane });
      if (lines[i] !== '') builder.rawText(lines[i]!, span, { key: 'text', lane });
    }
    if (stream.whole === true && name !== undefined) builder.ends('text');
    // In SSE an event that is no JSON is legal; a line or an element of a JSON array that is none is not.
    const illegal = framing === 'json-array' || framing === 'json-lines' || reason === 'invalid-utf8' || reason === 'json-depth';
    return illegal ? reason : undefined;
  }

  /** The frame of an event that differs from those before it in words and its number alone. */
  #repeatedFrame(bytes: Buffer): Frame | undefined {
    const { template } = this.#templates;
    const found = template?.match(bytes);
    if (template === undefined || found === undefined) return undefined;
    this.#builder.open(bytes);
    this.#builder.repeat(template, found.strings);
    this.#stream.counted?.next(found.count);
    return this.#builder.close({ position: this.#stream.position(), uninspectable: undefined });
  }

  #flushed(final: boolean): Frame[] {
    const frame = this.#builder.flush(final);
    return frame === undefined ? [] : [frame];
  }
}
