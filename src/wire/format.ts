import type { Direction, Lane } from '../text/lane.ts';
import type { WireFacts } from './frame.ts';
import type { JsonDoc, JsonNode } from './framing/json.ts';
import type { AnsweredTool, CalledTool, DeclaredTool } from './tool-log.ts';

/** What is known of an exchange before any body: how a dialect is recognised. Header names are lower case. */
export interface Head {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  readonly host: string;
  readonly header: (name: string) => string | undefined;
}

/** One dialect: reads both directions, writes a denial, ends a stream legally. One file per dialect under `formats/`, all of one shape. */
export interface WireFormat {
  readonly id: string;
  /** OpenTelemetry `gen_ai.provider.name` of the one who is asked; undefined for what is not a model provider. */
  provider(head: Head): string | undefined;
  /**
   * OpenTelemetry `gen_ai.operation.name`; undefined for what is not a GenAI operation. `rerank` and `moderation` are names of our own:
   * the conventions have none for them, and allow it then.
   */
  operation(head: Head): string | undefined;
  /** Whether the request head speaks this dialect. */
  recognise(head: Head): boolean;
  /** Whether a request body whose head speaks no dialect is this one. Default: never. */
  recogniseBody?(doc: JsonDoc): boolean;
  /** Whether a request body looks as this dialect has it; one that does not is read as any JSON and counted. Default: always. */
  fits?(doc: JsonDoc): boolean;
  /** Whether an answer that is one JSON array comes element by element, each an event of a stream. Default: false. */
  readonly arrayStream?: boolean;
  /** What the head says about the request beyond the dialect: a model in the path, a stream by the name of the method. Default: nothing. */
  readHead?(head: Head, facts: WireFacts): void;
  /** A complete JSON body. Every string and every number of nine or more digits ends up in a segment or in a named structural field. */
  readBody(doc: JsonDoc, sink: FormatSink, direction: Direction): void;
  /**
   * Where the content of a form field or of a part of a multipart body belongs, and what it says of facts (`model`). `'structural'`: a
   * value of at most 128 bytes is no text (an id, an enum, a number); a longer one is read as by default. Default, and for undefined:
   * `document` for a part with a file name, else `user` in requests and `output` in answers. The content is then read as its own content
   * type, charset and transfer encoding say, JSON as any JSON; the name, the file name and other headers are read in any case.
   */
  readPart?(part: BodyPart, facts: WireFacts): Lane | 'structural' | undefined;
  /** A reader for the events of one stream that comes in this framing; it keeps what the dialect needs from event to event. */
  openStream(framing: StreamFraming): StreamReader;
  /** The answer a denied client gets, in this dialect's error shape. */
  denial(denial: Denial, facts?: WireFacts): DenialResponse;
  /** Bytes that end a stream legally for a client that is at `position` (a snapshot from `StreamReader.position`). */
  ending(position: unknown, denial: Denial, refused?: Refused): Buffer;
}

/** What an ending may need besides the client's position: dialects in which requests have ids must answer each. */
export interface Refused {
  readonly facts: WireFacts;
  /** Snapshot of the position after the event that was denied, which the client does not get. */
  readonly position: unknown;
  /** What has left of the frames that the dialect wanted kept; undefined: that was more than `FIXED.keptUnits`. */
  readonly kept?: KeptFrames | undefined;
}

/** Frames as the client has them, redactions included. */
export interface KeptFrames {
  /** Bytes of those kept whole, in order. */
  readonly bytes: readonly Buffer[];
  /** By key, the texts of those of which only the texts are kept. */
  readonly texts: ReadonlyMap<string, string>;
}

/** A field of a form (application/x-www-form-urlencoded) or a part of a multipart body, as its head and a short value tell. */
export interface BodyPart {
  /** Decoded name of the field; undefined for a part that has none. */
  readonly name: string | undefined;
  /** File name as it stands in Content-Disposition; undefined for a field that is no file. */
  readonly fileName: string | undefined;
  /** Content-Type of the part as it was written; undefined without one and in forms. */
  readonly contentType: string | undefined;
  /** The decoded value when it is text of at most 128 bytes and no file; undefined otherwise. */
  readonly value: string | undefined;
}

/** How the events of a stream stand in its bytes. */
export type StreamFraming = 'sse' | 'json-lines' | 'json-array' | 'aws-eventstream';

export interface StreamReader {
  /** One event with a JSON payload. `name` is the SSE event name, or the `:event-type` of an AWS event stream. */
  event(name: string | undefined, doc: JsonDoc, sink: FormatSink): void;
  /** An event with a name that is not JSON is complete: its text does not go on in the next, and nothing is held for more. Default: it may. */
  readonly whole?: true;
  /**
   * An event whose payload is not JSON and is known (`[DONE]`). False: unknown to the dialect. Of a JSON array `[` says that it has begun
   * with an element that nobody reads, `]` that it has ended.
   */
  marker(data: string, sink: FormatSink): boolean;
  /** Immutable snapshot of what the client has open after the last event; the same object while nothing has changed. */
  position(): unknown;
  /** In a stream that counts its events. Default: it does not. */
  readonly counted?: {
    /** What of the position changes with something else than the number of an event; the same object while it has not. */
    opened(): unknown;
    /** An event came that is as the one before it but for its words and its number (`FormatSink.counter`), and was not read. */
    next(count: number | undefined): void;
  };
}

/** Where a dialect puts what it reads. */
export interface FormatSink {
  /** The text of a string (or long number) node. Other node types go through `rest`. */
  text(node: JsonNode, lane: { readonly key: string; readonly lane: Lane }): void;
  /** A string node whose text is itself JSON (tool-call arguments): decoded a second time, piece by piece across events. */
  nestedJson(node: JsonNode, lane: { readonly key: string; readonly lane: Lane }): void;
  /**
   * The text of a string node in parts, all of one key, of which some are written with escapes of their own language (a GraphQL document):
   * `text` is what a part means, `from` and `to` say where it stands in the decoded string.
   */
  parts(node: JsonNode, parts: readonly TextPart[], lane: { readonly key: string; readonly lane: Lane }): void;
  /** Every text below a node, keys included, each under its own key (`key` + path): for fields the dialect does not name. */
  rest(node: JsonNode, lane: { readonly key: string; readonly lane: Lane }): void;
  /** As `rest`, for what is complete in this event and never goes on in the next one: its lanes end with the frame. */
  whole(node: JsonNode, lane: { readonly key: string; readonly lane: Lane }): void;
  /** The name of a field the dialect does not know, as text: an object key nobody reads is a way past. The same name is given once. */
  name(key: JsonNode, lane: Lane): void;
  /**
   * Calls back for each element of an array in their order, now or when all that was written before is read: what follows in the reading of a
   * document must not depend on what `visit` does but write here. Nothing for other types.
   */
  items(node: JsonNode, visit: (item: JsonNode, index: number) => void): void;
  /** Bytes of media stand in this frame (an image, audio, a file), which nobody reads. */
  media(): void;
  /** A value that repeats text of this frame; set to null when the frame is rewritten. */
  echo(node: JsonNode): void;
  /**
   * A signature over the texts of `key` and of the keys below it, wherever in the body they stand. Where one of them is redacted the
   * signature no longer fits: `failMode.onUninspectable` decides, and what leaves all the same has null in its place. Empty ones are none.
   */
  signature(node: JsonNode, key: string): void;
  /**
   * Of the texts below `key` one is said after the other: as soon as an event goes on with another one, those before it have ended, and
   * their last word holds nothing any more. Where an event goes back to one of them they stay open from then on, so that no word is cut.
   * Once in each event of a stream.
   */
  turns(key: string): void;
  /** A tool that is offered. Its name goes to the facts; its texts are read besides. */
  declares(tool: DeclaredTool): void;
  /** A call, or what an event adds to one: as soon as it begins and with each piece of its arguments. `ends` makes it complete. */
  calls(call: CalledTool): void;
  /** What a tool gave back. */
  answers(result: AnsweredTool): void;
  /** The number of an event among those of its stream: of no meaning but that. */
  counter(node: JsonNode): void;
  /** The ending of a stream needs what leaves of this event: all of it, or its texts. */
  keeps(what: 'bytes' | 'texts'): void;
  /** No more text follows for this key (and for keys below it), and calls there are complete; `'*'` for all. */
  ends(key: string): void;
  readonly facts: WireFacts;
}

/** A stretch of the decoded text of a string node; a `string` has escapes, which its text does not have, `raw` is as it is. */
export interface TextPart {
  readonly token: 'string' | 'raw';
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** A refusal, as policy gives it. `message` is a fixed sentence: nothing from traffic. */
export interface Denial {
  readonly status: 403 | 413 | 451 | 503;
  readonly code: 'content_filter' | 'request_too_large' | 'uninspectable' | 'unavailable';
  readonly message: string;
  /** Detector id, when a finding denied. */
  readonly detector: string | undefined;
}

export interface DenialResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}
