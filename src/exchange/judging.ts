import { denialFor } from '../respond/denial.ts';
import type { Denial } from '../wire/format.ts';
import { type ExchangeState, failsClosed, uninspectedBecause } from './exchange-state.ts';
import { type BodyPart, type Flow, isBuffered } from './flow.ts';
import type { Inspection } from './inspection.ts';

/** What was pushed of a body is read, now or in slices; `then` goes on with what came of it. */
export function whenRead(exchange: ExchangeState, flow: Flow, inspection: Inspection, then: () => void): void {
  if (inspection.isBusy) exchange.unread = { flow, inspection, then };
  else then();
}

/** Why what was read of a body may not go on; undefined: it may. `bytes`: of the body so far, decoded. */
export function judge(exchange: ExchangeState, flow: Flow, inspection: Inspection, bytes: number): Denial | undefined {
  return judgeRead(exchange, flow, inspection) ?? tooLarge(exchange, flow, bytes);
}

/** The same of a body that is complete. */
export function judgeRead(exchange: ExchangeState, flow: Flow, inspection: Inspection): Denial | undefined {
  for (const reason of inspection.uninspected) uninspectedBecause(exchange, flow, reason);
  return inspection.denial ?? (flow === exchange.response ? exchange.stopping : undefined);
}

/** A request that is withheld whole is bounded, whatever its type. */
function tooLarge(exchange: ExchangeState, flow: Flow, bytes: number): Denial | undefined {
  const { limits, failMode } = exchange.policy;
  const withheld = flow.direction === 'request' && !isBuffered(flow) && !flow.done;
  if (!exchange.enforce || !withheld || !failsClosed(exchange, flow) || failMode.onLimit === 'allow' || bytes <= limits.bodyBytes)
    return undefined;
  uninspectedBecause(exchange, flow, 'body-limit');
  return denialFor('request_too_large');
}

/** A request that comes in pieces is withheld whole until it is judged; what cannot be judged any more may leave as it comes. */
export function mayLeave({ enforce }: ExchangeState, flow: Flow, inspection: Inspection): boolean {
  return flow.direction === 'response' || !enforce || inspection.uninspected.has('body-limit');
}

/** A message of a body has come, as far as its sender and its end go. */
export function tookBody(flow: Flow, { bytes, endOfStream }: BodyPart): void {
  flow.bytes += bytes.length;
  flow.ended = endOfStream;
  flow.done = endOfStream || isBuffered(flow);
}
