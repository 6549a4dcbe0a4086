import { createHash } from 'node:crypto';
import type { EnvoyEvent } from '../exchange/events.ts';
import { openExchange } from '../exchange/machine.ts';
import type { Policy } from '../policy/policy.ts';
import type { ExchangeIdentity, Outcome } from './codec.ts';
import type { Placeholders } from './placeholders.ts';

/** One event with what it led to. */
export interface Step {
  readonly event: EnvoyEvent;
  readonly outcome: Outcome;
}

export interface ReplayOptions {
  readonly policy: Policy;
  /** Of a redacted recording; undefined: its texts are as they were. */
  readonly placeholders: Placeholders | undefined;
}

/** Feeds events through a new exchange. Time comes from the events, so nothing but the policy and the code can change what comes out. */
export function replayEvents(
  events: readonly EnvoyEvent[],
  identity: ExchangeIdentity,
  { policy, placeholders: known }: ReplayOptions,
): readonly Outcome[] {
  const placeholders = known?.areIn(events) === true ? known : undefined;
  const { exchangeId, fallbackModes, traceparent, tracestate, overloaded = false, consults = false, callerHash = '' } = identity;
  const exchange = openExchange({
    policy,
    exchangeId,
    fallbackModes,
    traceparent,
    tracestate,
    overloaded,
    consults,
    hash: (text) => (text.startsWith('token-') ? createHash('sha256').update(text).digest('hex') : callerHash),
  });
  const outcomes: Outcome[] = [];
  for (const event of events) {
    const outcome = stepOf(exchange, placeholders?.expand(event) ?? event);
    outcomes.push(placeholders?.collapse(outcome) ?? outcome);
    if ('threw' in outcome) break;
  }
  return outcomes;
}

function stepOf(exchange: ReturnType<typeof openExchange>, event: EnvoyEvent): Outcome {
  try {
    return { effects: exchange.step(event) };
  } catch {
    return { threw: true }; // a bug, whose message may quote traffic; where it happened is what a replay shows
  }
}
