import { denialFor } from '../respond/denial.ts';
import { answerBody, answerChanged, answerTrailers, passBody, streamBody } from './answering.ts';
import { requestRead } from './consulting.ts';
import { decode } from './decoding.ts';
import { abort, deny, GRPC } from './ending.ts';
import { type ExchangeState, failsClosed, uninspectedBecause } from './exchange-state.ts';
import { type BodyPart, endOfBody, type Flow, forgetWhenDone, isBuffered } from './flow.ts';
import { beginWithoutHeaders, forgetHeaders } from './headers.ts';
import type { Inspection } from './inspection.ts';
import { judge, judgeRead, mayLeave, tookBody, whenRead } from './judging.ts';

/** A message of a body, as it came. */
export function takeBody(exchange: ExchangeState, flow: Flow, part: BodyPart): void {
  if (flow.ended) return;
  if (flow.done) return flow.mode === 'none' ? passUnexpected(exchange, flow, part) : undefined;
  if (flow.headers === 'none') beginWithoutHeaders(exchange, flow);
  const { inspection, coded } = flow;
  const { bytes, endOfStream } = part;
  const isPrefix = flow.mode === 'buffered-partial' && !endOfStream;
  if (inspection !== undefined && coded !== undefined && !flow.cut && !isPrefix)
    return decode(exchange, flow, { coded, part: { kind: 'body', bytes, endOfStream, decodedBytes: 0 } });
  tookBody(flow, part);
  if (inspection === undefined) return passBody(exchange, flow, part);
  if (flow.cut) return answerBody(exchange, flow, NO_BYTES);
  if (isPrefix) return takePrefix(exchange, flow);
  inspection.push(bytes);
  if (flow.done) inspection.end();
  whenRead(exchange, flow, inspection, () => judgeTaken(exchange, flow, { inspection, part }));
}

/** A message of a body that was read. */
interface ReadPart {
  readonly inspection: Inspection;
  readonly part: BodyPart;
}

function judgeTaken(exchange: ExchangeState, flow: Flow, read: ReadPart): void {
  const denial = judge(exchange, flow, read.inspection, flow.bytes);
  if (denial !== undefined) return deny(exchange, flow, denial);
  if (flow === exchange.request && flow.done) requestRead(exchange, () => answerTaken(exchange, flow, read));
  else answerTaken(exchange, flow, read);
}

function answerTaken(exchange: ExchangeState, flow: Flow, { inspection, part }: ReadPart): void {
  if (isBuffered(flow)) answerBuffered(exchange, flow, inspection);
  else if (flow.mode === 'streamed') answerPiece(exchange, flow, { inspection, part });
  else if (flow.done || mayLeave(exchange, flow, inspection))
    streamBody(exchange, flow, { parts: inspection.take(), endOfStream: part.endOfStream });
  forgetWhenDone(flow);
  if (flow === exchange.response && flow.inspection?.isStream() === true) forgetHeaders(exchange);
}

/** STREAMED: what may leave takes the place of the piece; what is undecided comes with a later one. */
function answerPiece(exchange: ExchangeState, flow: Flow, { inspection, part }: ReadPart): void {
  const out = Buffer.concat(flow.done || mayLeave(exchange, flow, inspection) ? inspection.take() : []);
  answerBody(exchange, flow, !exchange.enforce || out.equals(part.bytes) ? undefined : out);
}

function answerBuffered(exchange: ExchangeState, flow: Flow, inspection: Inspection): void {
  const parts = inspection.take();
  if (inspection.changed) answerChanged(exchange, flow, Buffer.concat(parts));
  else answerBody(exchange, flow, undefined);
}

/** BUFFERED_PARTIAL gives the beginning of a body that is larger than Envoy's buffer; the rest goes by unseen. */
function takePrefix(exchange: ExchangeState, flow: Flow): void {
  uninspectedBecause(exchange, flow, 'body-limit');
  if (exchange.enforce && failsClosed(exchange, flow) && exchange.policy.failMode.onLimit === 'deny')
    return deny(exchange, flow, denialFor('request_too_large'));
  answerBody(exchange, flow, undefined);
}

/** No body was expected, counted already: Envoy ignored an override, or answers by itself while it buffers a request for us. */
function passUnexpected(exchange: ExchangeState, flow: Flow, { bytes, endOfStream }: BodyPart): void {
  flow.bytes += bytes.length;
  flow.ended = endOfStream;
  if (flow === exchange.response && exchange.overridden) streamBody(exchange, flow, { parts: [bytes], endOfStream });
  else answerBody(exchange, flow, undefined);
}

export function takeTrailers(exchange: ExchangeState, flow: Flow): void {
  if (flow.ended) return;
  const { inspection, coded } = flow;
  const isOpen = inspection !== undefined && !flow.done && !flow.cut;
  if (isOpen && coded !== undefined) return decode(exchange, flow, { coded, part: endOfBody() });
  flow.ended = true;
  if (!isOpen) return answerTrailers(exchange, flow);
  inspection.end();
  whenRead(exchange, flow, inspection, () => judgeToTrailers(exchange, flow, inspection));
}

/** The body ends with trailers: everything of it is decided now. */
function judgeToTrailers(exchange: ExchangeState, flow: Flow, inspection: Inspection): void {
  const denial = judgeRead(exchange, flow, inspection);
  if (denial !== undefined) return deny(exchange, flow, denial);
  if (flow === exchange.request) requestRead(exchange, () => answerToTrailers(exchange, flow, inspection));
  else answerToTrailers(exchange, flow, inspection);
}

function answerToTrailers(exchange: ExchangeState, flow: Flow, inspection: Inspection): void {
  endBody(exchange, flow, inspection.take());
  if (exchange.over) return;
  answerTrailers(exchange, flow);
  forgetWhenDone(flow);
}

function endBody(exchange: ExchangeState, flow: Flow, parts: readonly Buffer[]): void {
  if (flow.mode === 'full-duplex') return streamBody(exchange, flow, { parts, endOfStream: false });
  // The answer to trailers carries no bytes, and no piece is left that could.
  if (exchange.enforce && parts.length > 0) abort(exchange, GRPC.aborted, 'trailers came while part of the body was held');
}

const NO_BYTES = Buffer.alloc(0);
