import type { Identity } from '../identity/identity.ts';
import type { AgentRule } from './agent-policy.ts';
import { type Identification, identityKeys } from './identify.ts';

/** A row of `agents:`, compiled. */
export interface Agent {
  readonly identification: Identification;
  readonly rule: AgentRule;
}

interface Placed extends Agent {
  /** Of two rows that match, the one with the lower place counts. */
  readonly place: number;
}

/**
 * Finds the row of a caller; `stranger` where there is none. Rows that can be proven go before those that are only stated: what a client says
 * of itself never hides what it has proven. Rows that name their callers without a `*` cost nothing however many there are.
 */
export function createAgentFinder(agents: readonly Agent[], stranger: AgentRule): (identity: Identity) => AgentRule {
  const ordered = agents.toSorted((a, b) => Number(b.identification.proves) - Number(a.identification.proves));
  const byKey = new Map<string, Placed[]>();
  const others: Placed[] = [];
  for (const [place, agent] of ordered.entries()) {
    const { keys } = agent.identification;
    if (keys === undefined) others.push({ ...agent, place });
    for (const key of new Set(keys)) {
      const known = byKey.get(key);
      if (known === undefined) byKey.set(key, [{ ...agent, place }]);
      else known.push({ ...agent, place });
    }
  }
  return (identity) => {
    let found = firstOf(others, identity, undefined);
    if (byKey.size > 0) for (const key of identityKeys(identity)) found = firstOf(byKey.get(key) ?? [], identity, found);
    return found?.rule ?? stranger;
  };
}

/** The first row that matches, or `best` where that stands before it. */
function firstOf(rows: readonly Placed[], identity: Identity, best: Placed | undefined): Placed | undefined {
  for (const row of rows) {
    if (best !== undefined && best.place <= row.place) return best;
    if (row.identification.matches(identity)) return row;
  }
  return best;
}
