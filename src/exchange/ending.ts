import type { Stop } from '../agents/stops.ts';
import { findingOfAgent } from '../policy/decide.ts';
import { denialFor } from '../respond/denial.ts';
import type { Denial } from '../wire/format.ts';
import { answerBody } from './answering.ts';
import { stoppedBy } from './caller.ts';
import type { ExchangeRecord } from './events.ts';
import { recordOf } from './exchange-record.ts';
import { type ExchangeState, modeNow, uninspectedBecause } from './exchange-state.ts';
import { type Flow, hasTrailers, inFlight, isAwaited, isBuffered, isOver } from './flow.ts';
import type { Inspection } from './inspection.ts';

/** gRPC statuses of side streams that are broken off. */
export const GRPC = { permissionDenied: 7, aborted: 10 } as const;

/** A real status while none has left; afterwards the dialect's own ending; where it has none, the stream breaks. */
export function deny(exchange: ExchangeState, flow: Flow, denial: Denial): void {
  const { request, response } = exchange;
  const headersLeft = flow === response && !isBuffered(flow) && flow.headers === 'answered';
  if (headersLeft) return denyWithin(exchange, flow.inspection!, denial);
  if (flow === request && isAnswering(response))
    return abort(exchange, GRPC.permissionDenied, 'the request is denied after its answer has begun', 'denied');
  const { status, contentType, body } = exchange.format.denial(denial, exchange.facts);
  const grpcStatus = request.contentType?.startsWith('application/grpc') === true ? GRPC.permissionDenied : undefined;
  exchange.status = status;
  const headers = [['content-type', contentType]] as const;
  exchange.effects.push({ kind: 'deny', status, headers, body, details: `sluice_${denial.code}`, grpcStatus });
  finish(exchange, 'denied');
}

/** The client has a status already: its provider answers before it has the whole request. */
function isAnswering(response: Flow): boolean {
  return response.headers === 'answered' && (!isBuffered(response) || response.done);
}

/** The beginning of the answer has left. */
function denyWithin(exchange: ExchangeState, inspection: Inspection, denial: Denial): void {
  const flow = exchange.response;
  const ending = inspection.isStream() ? inspection.ending(denial) : undefined;
  // After trailers no bytes can follow in STREAMED mode: its pieces are all answered.
  const carried = flow.mode === 'full-duplex' || !flow.ended || flow.done;
  if (ending === undefined || ending.length === 0 || !carried)
    return abort(exchange, GRPC.permissionDenied, 'denied in the middle of a body that has no legal early end', 'denied');
  const parts = [...inspection.take(), ending];
  if (flow.mode === 'full-duplex') return endWith(exchange, flow, parts);
  flow.cut = true;
  answerBody(exchange, flow, Buffer.concat(parts));
}

function endWith(exchange: ExchangeState, flow: Flow, parts: readonly Buffer[]): void {
  const endOfStream = !hasTrailers(flow);
  exchange.effects.push({ kind: 'stream-body', direction: 'response', parts, endOfStream });
  if (!endOfStream) exchange.effects.push({ kind: 'answer-trailers', direction: 'response' });
  finish(exchange, 'denied');
}

/** The kill switch ends what is open, in every mode in which something can be ended. */
export function stopNow(exchange: ExchangeState, stop: Stop): void {
  const { request, response } = exchange;
  const isLate = exchange.observability || (response.done && exchange.unread === undefined);
  exchange.findings.push({ ...findingOfAgent(stoppedBy(stop), modeNow(exchange)), ...(isLate && { taken: 'observe' }) });
  if (isLate) return;
  const denial = denialFor('content_filter', 'agent.stopped');
  const hasStatusLeft = response.headers === 'answered' && !isBuffered(response);
  if (response.headers === 'none') deny(exchange, request, denial);
  else if (hasStatusLeft && (response.inspection === undefined || (!exchange.enforce && response.mode === 'streamed')))
    abort(exchange, GRPC.permissionDenied, 'stopped in the middle of a body that cannot be ended', 'denied'); // its old length may have left
  else if (hasStatusLeft && response.mode === 'streamed') exchange.stopping = denial;
  else deny(exchange, response, denial);
}

/** Breaks the side stream off, never with OK. */
export function abort(
  exchange: ExchangeState,
  grpcStatus: number,
  message: string,
  outcome: 'aborted' | 'denied' | 'cancelled' = 'aborted',
): void {
  exchange.effects.push({ kind: 'abort', grpcStatus, message });
  finish(exchange, outcome);
}

/** Envoy has reset the side stream, maybe after all that it had to say. */
export function cancel(exchange: ExchangeState): void {
  const { request, response } = exchange;
  const isWhole = exchange.unread === undefined && (response.done || (response.mode === 'none' && request.done));
  finish(exchange, isWhole ? outcomeOf(exchange) : 'cancelled');
}

/** Envoy may have half-closed: what is being decoded is still taken. */
export function takeEnding(exchange: ExchangeState): void {
  const { request, response } = exchange;
  if (!exchange.ending || exchange.proceed !== undefined || exchange.unread !== undefined) return;
  if (request.decoding !== undefined || response.decoding !== undefined) return;
  if (exchange.overridden && request.bytes + response.bytes === 0) bodiesNotSent(exchange);
  if (inFlight(request) || inFlight(response)) abort(exchange, GRPC.aborted, 'the stream ended while a body was undecided', 'cancelled');
  else finish(exchange, isAwaited(response) ? 'cancelled' : outcomeOf(exchange));
}

/** Bodies that were asked for with an override and do not come. */
export function bodiesNotSent(exchange: ExchangeState): void {
  for (const flow of [exchange.request, exchange.response]) {
    if (flow.done) continue;
    uninspectedBecause(exchange, flow, 'body-not-sent');
    flow.mode = 'none';
    flow.done = true;
  }
}

/** Ends the exchange when both directions are done. */
export function finishWhenOver(exchange: ExchangeState): void {
  if (exchange.over || exchange.proceed !== undefined || exchange.unread !== undefined) return;
  if (isOver(exchange.request) && isOver(exchange.response)) finish(exchange, outcomeOf(exchange));
}

function outcomeOf({ response }: ExchangeState): 'completed' | 'denied' {
  return response.cut ? 'denied' : 'completed';
}

function finish(exchange: ExchangeState, outcome: ExchangeRecord['outcome']): void {
  exchange.over = true;
  exchange.prompt = undefined;
  exchange.tokens = undefined;
  exchange.effects.push({ kind: 'record', record: recordOf(exchange, outcome) });
}
