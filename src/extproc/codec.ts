import type { BodyMode, Effect, EnvoyEvent } from '../exchange/events.ts';
import { FIXED } from '../lib/limits.ts';
import { type ProcessingRequest, type ProtocolConfig, readProcessingRequest } from './protobuf-reader.ts';
import {
  type Message,
  writeBodyResponse,
  writeHeadersResponse,
  writeImmediateResponse,
  writeStreamedBody,
  writeTrailersResponse,
} from './protobuf-writer.ts';

/** Turns the messages of one side stream into events. The first message also says how the exchange is processed. */
export interface EventDecoder {
  /**
   * Events of one ProcessingRequest, in order: `open` before the first one's own event; nothing for a later message without a known
   * part. `unixMs` is the time it arrived. Throws ProtocolError for bytes that are not protobuf.
   */
  decode(message: Buffer, unixMs: number): readonly EnvoyEvent[];
}

export function createEventDecoder(): EventDecoder {
  return new RequestDecoder();
}

class RequestDecoder implements EventDecoder {
  #opened = false;

  decode(message: Buffer, unixMs: number): readonly EnvoyEvent[] {
    const request = readProcessingRequest(message);
    const own = partEvent(request, unixMs);
    if (this.#opened) return own === undefined ? [] : [own];
    this.#opened = true;
    return own === undefined ? [openEvent(request)] : [openEvent(request), own];
  }
}

/** The effects that become messages to Envoy. */
export type AnswerEffect = Extract<Effect, { kind: 'answer-headers' | 'answer-body' | 'stream-body' | 'answer-trailers' | 'deny' }>;

/** Appends the ProcessingResponse messages of one effect; `stream-body` becomes as many as its bytes need. */
export function encodeEffect(effect: AnswerEffect, into: Message[]): void {
  switch (effect.kind) {
    case 'answer-headers':
      into.push(writeHeadersResponse(effect.direction, effect));
      return;
    case 'answer-body':
      into.push(writeBodyResponse(effect.direction, effect));
      return;
    case 'stream-body':
      encodeStreamBody(effect, into);
      return;
    case 'answer-trailers':
      into.push(writeTrailersResponse(effect.direction));
      return;
    case 'deny':
      into.push(writeImmediateResponse(effect));
      return;
  }
}

/** Small neighbouring parts become one piece up to this size: a message costs more than the copy. */
const JOIN_BYTES_MAX = 4096;

function encodeStreamBody(effect: Extract<Effect, { kind: 'stream-body' }>, into: Message[]): void {
  const pieces = splitPieces(effect.parts);
  const last = pieces.length - 1;
  if (last < 0 && effect.endOfStream) into.push(writeStreamedBody(effect.direction, { body: NO_BYTES, endOfStream: true }));
  for (let index = 0; index <= last; index++) {
    into.push(writeStreamedBody(effect.direction, { body: pieces[index]!, endOfStream: effect.endOfStream && index === last }));
  }
}

/** The same bytes in pieces of 1 to `FIXED.answerBytes`; large parts are shared, small neighbours joined. */
function splitPieces(parts: readonly Buffer[]): readonly Buffer[] {
  if (parts.length === 1 && parts[0]!.length > 0 && parts[0]!.length <= FIXED.answerBytes) return parts;
  const pieces: Buffer[] = [];
  let small: Buffer[] = [];
  let smallBytes = 0;
  const flush = () => {
    if (smallBytes > 0) pieces.push(small.length === 1 ? small[0]! : Buffer.concat(small, smallBytes));
    small = [];
    smallBytes = 0;
  };
  for (const part of parts) {
    if (smallBytes + part.length > JOIN_BYTES_MAX) flush();
    if (part.length <= JOIN_BYTES_MAX) {
      small.push(part);
      smallBytes += part.length;
    } else {
      for (let at = 0; at < part.length; at += FIXED.answerBytes) pieces.push(part.subarray(at, at + FIXED.answerBytes));
    }
  }
  flush();
  return pieces;
}

const NO_BYTES = Buffer.alloc(0);

function openEvent(request: ProcessingRequest): EnvoyEvent {
  return {
    kind: 'open',
    modes: request.protocolConfig === undefined ? undefined : bodyModes(request.protocolConfig),
    observability: request.observability,
    attributes: request.attributes,
    ...(request.metadata !== undefined && { metadata: request.metadata }),
  };
}

function partEvent({ part }: ProcessingRequest, unixMs: number): EnvoyEvent | undefined {
  if (part === undefined) return undefined;
  switch (part.kind) {
    case 'request-headers':
    case 'response-headers':
      return { kind: part.kind, headers: part.headers, cut: part.cut, endOfStream: part.endOfStream, unixMs };
    case 'request-body':
    case 'response-body':
      return { kind: part.kind, bytes: part.bytes, endOfStream: part.endOfStream, unixMs };
    case 'request-trailers':
    case 'response-trailers':
      return { kind: part.kind, headers: part.headers, unixMs };
  }
}

/** By the numbers of `ProcessingMode.BodySendMode`. */
const BODY_MODES: readonly BodyMode[] = ['none', 'streamed', 'buffered', 'buffered-partial', 'full-duplex'];

/** Undefined when either mode is one that did not exist when this was written (GRPC = 5): answered by the default, Envoy refuses it. */
function bodyModes(config: ProtocolConfig): { request: BodyMode; response: BodyMode } | undefined {
  const request = BODY_MODES[config.requestBodyMode];
  const response = BODY_MODES[config.responseBodyMode];
  return request === undefined || response === undefined ? undefined : { request, response };
}
