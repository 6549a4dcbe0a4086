import type { BehaviourEvent } from '../../../src/agents/behaviour/event.ts';

/** Monday, 5 January 2026, 09:00 UTC. */
export const MONDAY_MS = Date.UTC(2026, 0, 5, 9);

/** An exchange of a quiet agent, with what a test changes. */
export function eventOf(change: Partial<BehaviourEvent> = {}): BehaviourEvent {
  return {
    unixMs: MONDAY_MS,
    agent: 'billing-bot',
    session: 'session-1',
    credential: 'credential-1',
    address: 'address-1',
    endpoint: 'api.example/orders/{id}',
    method: 'GET',
    status: 200,
    model: 'gpt-5-mini',
    tokensIn: 100,
    tokensOut: 50,
    tools: [],
    ids: [],
    sensitive: [],
    denied: false,
    ...change,
  };
}
