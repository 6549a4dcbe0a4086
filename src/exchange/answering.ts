import type { ExchangeState } from './exchange-state.ts';
import { type BodyPart, type Flow, isBuffered } from './flow.ts';

/** The headers leave, if they are still here. */
export function answerHeaders(exchange: ExchangeState, flow: Flow): void {
  if (flow.headers !== 'held') return;
  flow.headers = 'answered';
  settleHeaders(flow);
  if (flow === exchange.response) exchange.effects.push(SLEEP);
  const { direction, mutation, modeOverride } = flow;
  exchange.effects.push(
    modeOverride === undefined
      ? { kind: 'answer-headers', direction, mutation }
      : { kind: 'answer-headers', direction, mutation, modeOverride },
  );
}

/** The headers say what leaves behind them. */
function settleHeaders(flow: Flow): void {
  const { coded, inspection } = flow;
  if (isBuffered(flow)) return;
  if (coded?.leaves === 'undecided') {
    coded.leaves = 'decoded';
    coded.wire = [];
    coded.wireBytes = 0;
    removeHeaders(flow, plainHeaders(flow));
  } else if (coded === undefined && inspection?.changed === true) removeHeaders(flow, flow.digests);
}

/** Headers that a body which is not the one that came cannot keep. */
export function plainHeaders({ coded, digests }: Flow): readonly string[] {
  return coded === undefined ? digests : ['content-encoding', 'content-length', ...digests];
}

export function removeHeaders(flow: Flow, names: readonly string[]): void {
  if (names.length === 0) return;
  flow.mutation = { set: flow.mutation?.set ?? [], remove: [...new Set([...(flow.mutation?.remove ?? []), ...names])] };
}

/** The one answer to a message of a body; undefined leaves it as it is. */
export function answerBody({ effects }: ExchangeState, { direction }: Flow, replace: Buffer | undefined): void {
  effects.push({ kind: 'answer-body', direction, replace, mutation: undefined });
}

/** The whole body, plain, with headers that say so. */
export function answerChanged({ effects }: ExchangeState, flow: Flow, replace: Buffer): void {
  const remove = plainHeaders(flow).filter((name) => name !== 'content-length');
  const mutation = { set: [['content-length', String(replace.length)] as const], remove };
  effects.push({ kind: 'answer-body', direction: flow.direction, replace, mutation });
}

/** Full duplex: what may leave, behind the headers. */
export function streamBody(
  exchange: ExchangeState,
  flow: Flow,
  { parts, endOfStream }: { readonly parts: readonly Buffer[]; readonly endOfStream: boolean },
): void {
  if (parts.length === 0 && !endOfStream) return;
  answerHeaders(exchange, flow);
  exchange.effects.push({ kind: 'stream-body', direction: flow.direction, parts, endOfStream });
}

/** A message of a body that nobody judges. */
export function passBody(exchange: ExchangeState, flow: Flow, { bytes, endOfStream }: BodyPart): void {
  if (flow.mode === 'full-duplex') streamBody(exchange, flow, { parts: [bytes], endOfStream });
  else answerBody(exchange, flow, undefined);
}

export function answerTrailers(exchange: ExchangeState, flow: Flow): void {
  answerHeaders(exchange, flow);
  exchange.effects.push({ kind: 'answer-trailers', direction: flow.direction });
  flow.done = true;
}

/** Nothing waits for a time any more. */
const SLEEP = { kind: 'wake', unixMs: undefined } as const;
