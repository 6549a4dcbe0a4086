import type { StopSubject } from '../agents/stops.ts';
import { assert, unreachable } from '../lib/assert.ts';
import { answerHeaders } from './answering.ts';
import { takeBody, takeTrailers } from './bodies.ts';
import { takeAdvice } from './consulting.ts';
import { takeDecoded } from './decoding.ts';
import { cancel, finishWhenOver, stopNow, takeEnding } from './ending.ts';
import type { Effect, EnvoyEvent } from './events.ts';
import { type ExchangeOptions, ExchangeState, isBusy } from './exchange-state.ts';
import { type Flow, heldBytesOf, type PartEvent } from './flow.ts';
import { isOverridable, takeRequestHeaders, takeResponseHeaders } from './headers.ts';

/** One HTTP exchange as a state machine: an event in, the effects it has out. Never awaits; knows the time from events alone. */
export interface Exchange {
  /** Throws while the exchange is busy, but for `cancelled` and `stopped`. */
  step(event: EnvoyEvent): readonly Effect[];
  /** The last event has more effects: `goOn` does the next slice of the work and gives those that are known with it. */
  readonly isBusy: boolean;
  goOn(): readonly Effect[];
  /** Body bytes that have come and neither left nor were dropped, and what is kept of the request for its answer. */
  heldBytes(): number;
  /** Who calls, once the shell has said it. */
  caller(): StopSubject | undefined;
}

export function openExchange(options: ExchangeOptions): Exchange {
  return new Machine(options);
}

class Machine implements Exchange {
  isBusy = false;
  readonly #exchange: ExchangeState;

  constructor(options: ExchangeOptions) {
    this.#exchange = new ExchangeState(options);
  }

  step(event: EnvoyEvent): readonly Effect[] {
    const exchange = this.#exchange;
    if (exchange.over) return [];
    assert(exchange.unread === undefined || event.kind === 'cancelled' || event.kind === 'stopped', 'no event comes between slices');
    if (event.kind !== 'open') {
      exchange.nowUnixMs = event.unixMs;
      exchange.startUnixMs ??= event.unixMs;
    }
    take(exchange, event);
    return this.#takeEffects();
  }

  goOn(): readonly Effect[] {
    const exchange = this.#exchange;
    if (exchange.over || exchange.unread === undefined) return [];
    readOn(exchange, exchange.unread);
    return this.#takeEffects();
  }

  heldBytes(): number {
    const { prompt, tokens, caller, request, response } = this.#exchange;
    const kept = (prompt?.heldBytes ?? 0) + (tokens?.heldBytes ?? 0) + (caller?.guard?.keptBytes ?? 0);
    return heldBytesOf(request) + heldBytesOf(response) + kept;
  }

  caller(): StopSubject | undefined {
    const { caller } = this.#exchange;
    return caller && { agent: caller.rule.name, identity: caller.identity };
  }

  #takeEffects(): readonly Effect[] {
    const exchange = this.#exchange;
    finishWhenOver(exchange);
    this.isBusy = exchange.unread !== undefined && !exchange.over;
    const { effects } = exchange;
    // What an idle exchange keeps it pins: an answer's few bytes share the memory of all that was read from the connection with them.
    exchange.effects = [];
    return effects;
  }
}

function take(exchange: ExchangeState, event: EnvoyEvent): void {
  switch (event.kind) {
    case 'open':
      return open(exchange, event);
    case 'request-headers':
    case 'request-body':
    case 'request-trailers':
      return takeInTurn(exchange, exchange.request, event);
    case 'response-headers':
    case 'response-body':
    case 'response-trailers':
      return takeInTurn(exchange, exchange.response, event);
    case 'decoded': {
      const flow = event.direction === 'request' ? exchange.request : exchange.response;
      takeDecoded(exchange, flow, event);
      return takeWaiting(exchange, flow);
    }
    case 'advised':
      takeAdvice(exchange, event.advice);
      return takeWaiting(exchange, exchange.request);
    case 'stopped':
      return stopNow(exchange, event.stop);
    case 'tick':
      return answerHeaders(exchange, exchange.response);
    case 'ended':
      exchange.ending = true;
      return takeEnding(exchange);
    case 'cancelled':
      return cancel(exchange);
    default:
      return unreachable(event);
  }
}

function open(exchange: ExchangeState, event: Extract<EnvoyEvent, { readonly kind: 'open' }>): void {
  const { request, response } = exchange;
  const { modes, observability, attributes, metadata } = event;
  request.mode = modes?.request ?? request.mode;
  response.mode = modes?.response ?? response.mode;
  exchange.overridable = modes !== undefined && !observability && isOverridable(modes);
  exchange.observability = observability;
  exchange.enforce &&= !observability;
  exchange.attributes = attributes;
  exchange.metadata = metadata;
}

/** What a direction still has to decode comes first. */
function takeInTurn(exchange: ExchangeState, flow: Flow, event: PartEvent): void {
  if (isBusy(exchange, flow)) flow.waiting.push(event);
  else takePart(exchange, flow, event);
}

/** What has come of a direction while it was busy. */
function takeWaiting(exchange: ExchangeState, flow: Flow): void {
  while (!exchange.over && !isBusy(exchange, flow) && flow.waiting.length > 0) takePart(exchange, flow, flow.waiting.shift()!);
  if (!exchange.over) takeEnding(exchange);
}

function readOn(exchange: ExchangeState, { flow, inspection, then }: NonNullable<ExchangeState['unread']>): void {
  inspection.goOn();
  if (inspection.isBusy) return;
  exchange.unread = undefined;
  then();
  takeWaiting(exchange, flow);
}

function takePart(exchange: ExchangeState, flow: Flow, event: PartEvent): void {
  switch (event.kind) {
    case 'request-headers':
    case 'response-headers':
      if (flow.ended) return;
      exchange.headersCut = event.cut === true;
      return event.kind === 'request-headers'
        ? takeRequestHeaders(exchange, event.headers, event.endOfStream)
        : takeResponseHeaders(exchange, event.headers, event.endOfStream);
    case 'request-body':
    case 'response-body':
      return takeBody(exchange, flow, event);
    case 'request-trailers':
    case 'response-trailers':
      return takeTrailers(exchange, flow);
    default:
      return unreachable(event);
  }
}
