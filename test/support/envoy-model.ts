import type { BodyMode, Effect, EnvoyEvent, Header, ModeOverride } from '../../src/exchange/events.ts';

type Direction = 'request' | 'response';

/** An answer as Envoy reads it, however it was made: from an effect or from the bytes of a ProcessingResponse. */
export type EnvoyAnswer =
  | {
      readonly kind: 'headers';
      readonly direction: Direction;
      readonly set: readonly Header[];
      readonly remove: readonly string[];
      readonly override: ModeOverride | undefined;
    }
  | {
      readonly kind: 'body';
      readonly direction: Direction;
      readonly replace: Buffer | undefined;
      readonly set: readonly Header[];
      readonly remove: readonly string[];
    }
  | { readonly kind: 'streamed'; readonly direction: Direction; readonly bytes: Buffer; readonly endOfStream: boolean }
  | { readonly kind: 'trailers'; readonly direction: Direction }
  | {
      readonly kind: 'immediate';
      readonly status: number;
      readonly set: readonly Header[];
      readonly details: string;
      readonly grpcStatus: number | undefined;
    };

/**
 * What Envoy makes of a filter's answers, written from what real Envoys were seen to do and sharing nothing with the filter. It keeps the
 * bytes that go on to the provider and to the client, and says which answers Envoy would refuse.
 */
export interface EnvoyModel {
  sent(event: EnvoyEvent): void;
  /** What is wrong with an answer; undefined when Envoy takes it. */
  answered(answer: EnvoyAnswer): string | undefined;
  /** Body bytes that have gone on. */
  forwarded(direction: Direction): Buffer;
  /** Names of headers that were taken away. */
  removed(direction: Direction): ReadonlySet<string>;
  mode(direction: Direction): BodyMode;
  /** Response headers go to Envoy's filter at all: an override may have turned them off. */
  sendsResponse(): boolean;
  /** The client has a status line already. */
  hasStatusLeft(): boolean;
  /** What Envoy still waits for; undefined when nothing. */
  unanswered(): string | undefined;
  /** What an OK close now would let pass unseen; undefined when nothing. */
  openToBypass(): string | undefined;
}

export interface EnvoyModelOptions {
  readonly modes: { readonly request: BodyMode; readonly response: BodyMode };
  readonly allowModeOverride: boolean;
}

interface Part {
  readonly kind: 'headers' | 'body' | 'trailers';
  readonly bytes: Buffer;
}

/** One direction of an exchange inside Envoy. */
interface Side {
  readonly direction: Direction;
  mode: BodyMode;
  /** Messages that wait for their one answer. In full duplex only headers and trailers do. */
  readonly waiting: Part[];
  readonly forwarded: Buffer[];
  readonly removed: Set<string>;
  begun: boolean;
  bodies: number;
  inEnded: boolean;
  headersLeft: boolean;
  outEnded: boolean;
  /** The forwarded headers carry a content-length. */
  keepsLength: boolean;
}

/** Envoy's own limit for one `streamed_response`. */
export const PIECE_BYTES_MAX = 64 * 1024;

export function createEnvoyModel({ modes, allowModeOverride }: EnvoyModelOptions): EnvoyModel {
  const sides = { request: newSide('request', modes.request), response: newSide('response', modes.response) };
  const both = [sides.request, sides.response];
  let closed = false;
  let overridden = false;

  return {
    sent(event) {
      if (
        event.kind === 'open' ||
        event.kind === 'ended' ||
        event.kind === 'cancelled' ||
        event.kind === 'tick' ||
        event.kind === 'decoded'
      )
        return;
      send(event.kind.startsWith('request') ? sides.request : sides.response, event);
    },
    answered(answer) {
      if (closed) return 'an answer after the last one';
      if (answer.kind === 'immediate') return immediate(answer);
      const side = sides[answer.direction];
      const problem = unsafeHeaders(answer) ?? (side.mode === 'full-duplex' ? answerDuplex(side, answer) : answerOne(side, answer));
      if (problem === undefined && answer.kind === 'headers') override(answer);
      return problem && `${answer.direction} (${side.mode}): ${problem}`;
    },
    forwarded: (direction) => Buffer.concat(sides[direction].forwarded),
    removed: (direction) => sides[direction].removed,
    mode: (direction) => sides[direction].mode,
    sendsResponse: () => !overridden || sides.response.mode !== 'none' || sides.request.mode !== 'none',
    hasStatusLeft: () => hasStatusLeft(sides.response),
    unanswered: () =>
      open()
        .map(unansweredOf)
        .find((problem) => problem !== undefined),
    openToBypass: () =>
      open()
        .map(bypassOf)
        .find((problem) => problem !== undefined),
  };

  /** The sides that are not over: an answer that has left whole ends its request too. */
  function open(): readonly Side[] {
    if (closed) return [];
    return sides.response.outEnded ? [sides.response] : both;
  }

  function override({ direction, override: asked }: Extract<EnvoyAnswer, { kind: 'headers' }>): void {
    if (asked === undefined || direction !== 'request' || !allowModeOverride) return;
    overridden = true;
    sides.request.mode = asked.request;
    sides.response.mode = asked.response;
  }

  /** A real answer of its own is possible only while none has gone to the client. */
  function immediate({ status, set, details, grpcStatus }: Extract<EnvoyAnswer, { kind: 'immediate' }>): string | undefined {
    closed = true;
    if (hasStatusLeft(sides.response)) return 'an immediate response after the response headers have left';
    if (status < 400 || status > 599) return `an immediate response with status ${status}`;
    if (!set.some(([name]) => name === 'content-type')) return 'an immediate response without content-type';
    if (!/^[a-z_]+$/.test(details)) return 'details that are no fixed identifier';
    if (grpcStatus === 0) return 'a denial with grpc-status OK';
    return set.map(unsafeHeader).find((problem) => problem !== undefined);
  }

  function bypassOf(side: Side): string | undefined {
    const unanswered = unansweredOf(side);
    if (unanswered !== undefined) return unanswered;
    const wholeBody = isBuffered(side) && side.bodies > 0;
    if (!side.begun || side.mode === 'none' || side.inEnded || side.outEnded || wholeBody) return undefined;
    // Whether the override counts shows only when a body comes.
    if (overridden && side.bodies === 0) return undefined;
    return `the ${side.direction} body is still coming`;
  }
}

/** What an effect asks of Envoy; undefined for those that are no answer. */
export function answerOfEffect(effect: Effect): EnvoyAnswer | undefined {
  switch (effect.kind) {
    case 'answer-headers':
      return { kind: 'headers', direction: effect.direction, ...(effect.mutation ?? NO_MUTATION), override: effect.modeOverride };
    case 'answer-body':
      return { kind: 'body', direction: effect.direction, replace: effect.replace, ...(effect.mutation ?? NO_MUTATION) };
    case 'stream-body':
      return { kind: 'streamed', direction: effect.direction, bytes: Buffer.concat(effect.parts), endOfStream: effect.endOfStream };
    case 'answer-trailers':
      return { kind: 'trailers', direction: effect.direction };
    case 'deny':
      return { kind: 'immediate', status: effect.status, set: effect.headers, details: effect.details, grpcStatus: effect.grpcStatus };
    default:
      return undefined;
  }
}

const NO_MUTATION = { set: [], remove: [] } as const;

function newSide(direction: Direction, mode: BodyMode): Side {
  return {
    direction,
    mode,
    waiting: [],
    forwarded: [],
    removed: new Set(),
    begun: false,
    bodies: 0,
    inEnded: false,
    headersLeft: false,
    outEnded: false,
    keepsLength: false,
  };
}

type PartEvent = Exclude<EnvoyEvent, { kind: 'open' | 'ended' | 'cancelled' | 'tick' | 'decoded' }>;

/** Envoy waits for no answer to what follows the end of a direction: another final body, or what was under way when the filter ended it. */
function send(side: Side, event: PartEvent): void {
  if (side.inEnded || side.outEnded) return;
  side.begun = true;
  const bytes = 'bytes' in event ? event.bytes : Buffer.alloc(0);
  const kind = 'bytes' in event ? 'body' : 'endOfStream' in event ? 'headers' : 'trailers';
  if (kind === 'body') side.bodies++;
  if ('headers' in event && kind === 'headers') side.keepsLength = event.headers.some(([name]) => name === 'content-length');
  if (kind !== 'body' || side.mode !== 'full-duplex') side.waiting.push({ kind, bytes });
  side.inEnded = !('endOfStream' in event) || event.endOfStream;
}

/** One answer for each message, in order, of its kind. */
function answerOne(side: Side, answer: Exclude<EnvoyAnswer, { kind: 'immediate' }>): string | undefined {
  if (answer.kind === 'streamed') return 'a streamed response in a mode that has none';
  const part = side.waiting.shift();
  if (part === undefined) return `an answer to ${answer.kind} where none is due`;
  if (part.kind !== answer.kind) return `an answer to ${answer.kind} where ${part.kind} wait`;
  if (answer.kind === 'headers') return answerHeaders(side, answer);
  if (answer.kind === 'trailers') return undefined;
  for (const name of isBuffered(side) ? answer.remove : []) side.removed.add(name);
  const { replace = part.bytes } = answer;
  side.forwarded.push(replace);
  if (replace.equals(part.bytes) || !side.keepsLength) return undefined;
  const isAdapted =
    answer.remove.includes('content-length') ||
    answer.set.some(([name, value]) => name === 'content-length' && value === `${replace.length}`);
  return isAdapted ? undefined : 'a changed body under its old content-length';
}

/** Headers first, then any pieces, one of them the last, or trailers. */
function answerDuplex(side: Side, answer: Exclude<EnvoyAnswer, { kind: 'immediate' }>): string | undefined {
  if (answer.kind === 'body') return 'a body answer that is not streamed';
  if (side.outEnded) return 'an answer after the end of the direction';
  if (answer.kind === 'streamed') return answerPiece(side, answer);
  const part = side.waiting.shift();
  if (part?.kind !== answer.kind) return `an answer to ${answer.kind} where ${part?.kind ?? 'nothing'} waits`;
  if (answer.kind === 'headers') return answerHeaders(side, answer);
  side.outEnded = true;
  return undefined;
}

function answerPiece(side: Side, { bytes, endOfStream }: Extract<EnvoyAnswer, { kind: 'streamed' }>): string | undefined {
  if (side.waiting.some(({ kind }) => kind === 'headers')) return 'a body before the headers are answered';
  if (side.bodies === 0) return 'a body where none has come';
  if (endOfStream && !side.inEnded && side.direction === 'request') return 'a request that ends before its end has come';
  side.forwarded.push(bytes);
  side.outEnded = endOfStream;
  return undefined;
}

function answerHeaders(side: Side, { direction, set, remove, override }: Extract<EnvoyAnswer, { kind: 'headers' }>): string | undefined {
  side.headersLeft = true;
  for (const name of remove) side.removed.add(name);
  if (remove.includes('content-length') || side.mode === 'full-duplex') side.keepsLength = false;
  if (override !== undefined && direction === 'response') return 'an override with the response headers';
  if (override !== undefined && side.mode === 'full-duplex') return 'an override that does not count';
  return set.map(unsafeHeader).find((problem) => problem !== undefined);
}

function unsafeHeaders(answer: EnvoyAnswer): string | undefined {
  return 'set' in answer ? answer.set.map(unsafeHeader).find((problem) => problem !== undefined) : undefined;
}

/** Names Envoy silently keeps, and values it refuses the whole answer for. */
function unsafeHeader([name, value]: Header): string | undefined {
  if (name !== name.toLowerCase()) return 'a header name that is not lower case';
  if (name === 'host' || name.startsWith(':') || name.startsWith('x-envoy')) return `${name} cannot be changed`;
  return /[\r\n\0]/.test(value) ? `a line break in ${name}` : undefined;
}

/** In the buffered modes the status line waits for the answer to the body. */
function hasStatusLeft(side: Side): boolean {
  if (!side.headersLeft || !isBuffered(side)) return side.headersLeft;
  return (side.inEnded || side.bodies > 0) && !side.waiting.some(({ kind }) => kind === 'body');
}

function isBuffered({ mode }: Side): boolean {
  return mode === 'buffered' || mode === 'buffered-partial';
}

function unansweredOf(side: Side): string | undefined {
  const [part] = side.waiting;
  if (part !== undefined) return `${side.direction} ${part.kind} wait for an answer`;
  const lost = side.mode === 'full-duplex' && side.inEnded && side.bodies > 0 && !side.outEnded;
  return lost ? `the ${side.direction} body has not left whole` : undefined;
}
