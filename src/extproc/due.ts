import type { BodyMode, Effect, EnvoyEvent } from '../exchange/events.ts';

/**
 * Which answers Envoy is waiting for in one exchange. It runs no timer for FULL_DUPLEX_STREAMED, so the server keeps count itself,
 * and it takes an OK close for "let everything pass", so the server must know that nothing is open before it closes.
 */
export interface DueAnswers {
  received(event: EnvoyEvent): void;
  sent(effect: Effect): void;
  /**
   * Envoy has sent all there is to answer and waits: an unanswered message in a mode with one answer each; in full duplex a direction
   * that has arrived whole and has not left whole. A full-duplex direction still arriving is not due: holding it may be right.
   */
  isDue(): boolean;
  /** Nothing due, and no full-duplex direction has begun that has not left whole. */
  isSettled(): boolean;
}

export function createDueAnswers(): DueAnswers {
  return new BothDirections();
}

/** There is one for each exchange: its fields are all that it takes. */
class BothDirections implements DueAnswers {
  readonly #request = newDirection();
  readonly #response = newDirection();

  received(event: EnvoyEvent): void {
    switch (event.kind) {
      case 'open':
        this.#request.mode = event.modes?.request;
        this.#response.mode = event.modes?.response;
        return;
      case 'request-headers':
      case 'request-body':
      case 'request-trailers':
        receive(this.#request, event);
        return;
      case 'response-headers':
      case 'response-body':
      case 'response-trailers':
        receive(this.#response, event);
        return;
      default:
        return;
    }
  }

  sent(effect: Effect): void {
    if (effect.kind === 'answer-headers' && effect.modeOverride !== undefined) {
      this.#request.mode = effect.modeOverride.request;
      this.#response.mode = effect.modeOverride.response;
    }
    if ('direction' in effect) send(effect.direction === 'request' ? this.#request : this.#response, effect);
  }

  isDue(): boolean {
    return isDue(this.#request) || isDue(this.#response);
  }

  isSettled(): boolean {
    return isSettled(this.#request) && isSettled(this.#response);
  }
}

interface DirectionState {
  mode: BodyMode | undefined;
  headers: number;
  bodies: number;
  trailers: number;
  /** Everything of this direction has arrived. */
  inEnded: boolean;
  begun: boolean;
  /** Everything of this direction has left. */
  outEnded: boolean;
}

function newDirection(): DirectionState {
  return { mode: undefined, headers: 0, bodies: 0, trailers: 0, inEnded: false, begun: false, outEnded: false };
}

type PartEvent = Extract<EnvoyEvent, { unixMs: number }>;

function receive(direction: DirectionState, event: PartEvent): void {
  // After the end of a direction Envoy may send another final body; it is due no answer.
  if (direction.inEnded) return;
  direction.begun = true;
  switch (event.kind) {
    case 'request-headers':
    case 'response-headers':
      direction.headers++;
      direction.inEnded = event.endOfStream;
      return;
    case 'request-body':
    case 'response-body':
      direction.bodies++;
      direction.inEnded = event.endOfStream;
      return;
    case 'request-trailers':
    case 'response-trailers':
      direction.trailers++;
      direction.inEnded = true;
      return;
    default:
      return;
  }
}

function send(direction: DirectionState, effect: Effect): void {
  switch (effect.kind) {
    case 'answer-headers':
      direction.headers--;
      return;
    case 'answer-body':
      direction.bodies--;
      return;
    case 'answer-trailers':
      direction.trailers--;
      direction.outEnded = true;
      return;
    case 'stream-body':
      if (effect.endOfStream) direction.outEnded = true;
      return;
    default:
      return;
  }
}

function isDue(direction: DirectionState): boolean {
  if (direction.mode !== 'full-duplex') return direction.headers > 0 || direction.bodies > 0 || direction.trailers > 0;
  return direction.inEnded && !isWhole(direction);
}

function isSettled(direction: DirectionState): boolean {
  return direction.mode === 'full-duplex' ? !direction.begun || isWhole(direction) : !isDue(direction);
}

/** Headers alone are whole with their answer; an early end (`endOfStream` before the input's) is whole too. */
function isWhole(direction: DirectionState): boolean {
  if (direction.headers > 0) return false;
  return direction.outEnded || (direction.inEnded && direction.bodies === 0 && direction.trailers === 0);
}
