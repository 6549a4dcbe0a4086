import type { Direction } from '../text/lane.ts';
import type { Coding } from '../wire/encodings/codings.ts';
import type { BodyMode, EnvoyEvent, HeaderMutation, ModeOverride } from './events.ts';
import type { Inspection } from './inspection.ts';

/** What one direction is doing. */
export interface Flow {
  readonly direction: Direction;
  mode: BodyMode;
  headers: 'none' | 'held' | 'answered';
  mutation: HeaderMutation | undefined;
  modeOverride: ModeOverride | undefined;
  /** Undefined: there is no body, none that is inspected, or all of it is judged and answered. */
  inspection: Inspection | undefined;
  /** No more of its body is expected, or what still comes is dropped. */
  done: boolean;
  /** Its last message has come. What still comes is no part of it and due no answer: Envoy can send the last piece of a large body twice. */
  ended: boolean;
  /** STREAMED and denied within the body: the ending has left, what still comes is cleared. */
  cut: boolean;
  bytes: number;
  contentType: string | undefined;
  /** Headers of it that say something about the bytes of its body, and would be wrong of others. */
  digests: readonly string[];
  /** Undefined: its body is not compressed, or not decoded. */
  coded: CodedBody | undefined;
  /** The part of it that is being decoded. */
  decoding: CodedPart | undefined;
  /** What has come meanwhile, in order. */
  readonly waiting: PartEvent[];
}

/** A compressed body that is decoded to be inspected. */
export interface CodedBody {
  readonly codings: readonly Coding[];
  /** How it reaches the other side. Undecided: its headers have not left. */
  leaves: 'undecided' | 'as-it-came' | 'decoded';
  /** As it came; kept while undecided. */
  wire: Buffer[];
  wireBytes: number;
  decodedBytes: number;
}

/** A message of a compressed body. Trailers have the decoder give what it still holds. */
export interface CodedPart {
  readonly kind: 'body' | 'trailers';
  readonly bytes: Buffer;
  readonly endOfStream: boolean;
  /** Decoded so far. */
  decodedBytes: number;
}

/** What comes of one direction, in its order. */
export type PartEvent = Exclude<EnvoyEvent, { readonly kind: 'open' | 'tick' | 'ended' | 'cancelled' | 'decoded' | 'advised' | 'stopped' }>;
/** The answer to a `decode`. */
export type Decoded = Extract<EnvoyEvent, { readonly kind: 'decoded' }>;

/** A message of a body. */
export interface BodyPart {
  readonly bytes: Buffer;
  readonly endOfStream: boolean;
}

/** A part of a compressed body, read. */
export interface DecodedBody {
  readonly inspection: Inspection;
  readonly coded: CodedBody;
  readonly part: CodedPart;
}

/** The whole body is read and unchanged, and its headers are still here. */
export function leaveAsItCame(coded: CodedBody, inspection: Inspection): void {
  coded.leaves = 'as-it-came';
  inspection.take();
}

/** What has not left yet of a body that leaves as it came. */
export function bytesLeft(coded: CodedBody, part: CodedPart): Buffer[] {
  const { wire } = coded;
  coded.wire = [];
  coded.wireBytes = 0;
  return wire.length > 0 ? wire : part.bytes.length > 0 ? [part.bytes] : [];
}

/** Bytes that a direction keeps, decoded or not. */
export function heldBytesOf({ inspection, coded, decoding, waiting }: Flow): number {
  let bytes = (inspection?.heldBytes ?? 0) + (coded?.wireBytes ?? 0) + (decoding?.bytes.length ?? 0);
  for (const event of waiting) if ('bytes' in event) bytes += event.bytes.length;
  return bytes;
}

/** The end of a body that ends with trailers; a new one each time, because decoding counts in it. */
export const endOfBody = (): CodedPart => ({ kind: 'trailers', bytes: Buffer.alloc(0), endOfStream: true, decodedBytes: 0 });

/** A compressed body of which nothing has come. */
export const newCodedBody = (codings: readonly Coding[], leaves: CodedBody['leaves']): CodedBody => ({
  codings,
  leaves,
  wire: [],
  wireBytes: 0,
  decodedBytes: 0,
});

/** Nothing more of it comes, and all of it is answered. */
export function isOver({ done, ended }: Flow): boolean {
  return done && ended;
}

/** Envoy would send it, and nothing of it has come. */
export function isAwaited({ headers, mode }: Flow): boolean {
  return headers === 'none' && mode !== 'none';
}

/** Its trailers have come and wait for an answer. */
export function hasTrailers({ ended, done, waiting }: Flow): boolean {
  return (ended && !done) || waiting.some(({ kind }) => kind === 'response-trailers');
}

/** All of its body is answered: what read it is let go of, since an exchange may wait for long for its other direction. */
export function forgetWhenDone(flow: Flow): void {
  if (flow.done || flow.ended) flow.inspection = undefined;
}

/** A body has begun and is not decided to its end. */
export function inFlight({ inspection, done }: Flow): boolean {
  return inspection !== undefined && !done;
}

/** The whole body, or its beginning, comes as one message. */
export function isBuffered({ mode }: Flow): boolean {
  return mode === 'buffered' || mode === 'buffered-partial';
}

/** A direction of which nothing has come. */
export function newFlow(direction: Direction, mode: BodyMode): Flow {
  return {
    direction,
    mode,
    headers: 'none',
    mutation: undefined,
    modeOverride: undefined,
    inspection: undefined,
    done: false,
    ended: false,
    cut: false,
    bytes: 0,
    contentType: undefined,
    digests: [],
    coded: undefined,
    decoding: undefined,
    waiting: [],
  };
}
