import { randomUUID } from 'node:crypto';
import { type Behaviour, type BehaviourCapacity, createBehaviour } from '../agents/behaviour/behaviour.ts';
import type { BudgetSubject } from '../agents/behaviour/budget.ts';
import { UNKNOWN_AGENT } from '../agents/behaviour/clean-event.ts';
import type { BehaviourEvent } from '../agents/behaviour/event.ts';
import type { BehaviourFinding } from '../agents/behaviour/finding.ts';
import { builtInPrices } from '../agents/behaviour/prices.ts';
import type { BehaviourPolicy } from '../agents/behaviour/settings.ts';
import type { SharedCounters } from '../agents/behaviour/shared-counters.ts';
import type { Stop } from '../agents/stops.ts';
import type { Soon } from '../lib/soon.ts';

/** Somebody who asks to be let through. Plain data: it may be asked in another process. */
export interface AdmissionRequest {
  readonly agent: string;
  readonly subject: BudgetSubject;
  /** Unix milliseconds. */
  readonly nowMs: number;
}

/** Nothing speaks against an exchange, nor will for the next ones: see `workers/ample-room.ts`. */
export const AMPLE = 'ample';
export type Admitted = readonly BehaviourFinding[] | typeof AMPLE;

/** Where behaviour over time is kept: in this process, or in one that several have in common. Nothing here rejects. */
export interface BehaviourBook {
  /** What speaks against one more exchange; when nothing refuses it, it is counted at once. */
  admit(request: AdmissionRequest): Soon<readonly BehaviourFinding[]>;
  /** The same for one call of a tool, at once. */
  admitCall(request: AdmissionRequest): readonly BehaviourFinding[];
  observe(event: BehaviourEvent): Soon<readonly BehaviourFinding[]>;
  /** A policy that was loaded anew; what was learned stays. */
  configure(policy: BehaviourPolicy): void;
}

/** One in this process, which answers at once. */
export interface LocalBehaviourBook extends BehaviourBook {
  admit(request: AdmissionRequest): readonly BehaviourFinding[];
  observe(event: BehaviourEvent): readonly BehaviourFinding[];
  /** `admit` for another process; `AMPLE` when nothing speaks against it and much room is left. */
  admitFor(request: AdmissionRequest): Admitted;
  /** Counts requests that another process has let through because of it. */
  admitted(request: AdmissionRequest, requests: number): Admitted;
  stats(): ReturnType<Behaviour['stats']>;
  /** Goes up with every request and every exchange. */
  changes(): number;
  readonly snapshot: Behaviour['snapshot'];
  readonly restore: Behaviour['restore'];
}

export interface BehaviourBookOptions {
  readonly policy: BehaviourPolicy;
  /** The installation's. */
  readonly key: Uint8Array;
  /** Where budgets are counted. Default: in this process. */
  readonly counters?: SharedCounters | undefined;
  /** Default: what `FIXED` says. */
  readonly capacity?: Partial<BehaviourCapacity>;
  /** A finding whose policy says `stop`. */
  readonly onStop: (stop: Stop) => void;
}

export function createBehaviourBook({ policy, key, counters, capacity, onStop }: BehaviourBookOptions): LocalBehaviourBook {
  const behaviour = createBehaviour({
    policy,
    prices: builtInPrices(),
    key,
    ...(counters !== undefined && { counters }),
    ...(capacity !== undefined && { capacity }),
  });
  let changes = 0;

  function stopFor(found: readonly BehaviourFinding[], agent: string): void {
    for (const one of found) if (one.action === 'stop') onStop(stopOf(one, agent));
  }

  function admitFor({ agent, subject, nowMs }: AdmissionRequest): Admitted {
    changes++;
    const { state, begins, isAmple } = behaviour.admit(subject, nowMs);
    stopFor(begins, agent);
    if (state.kind === 'over') return state.findings;
    return isAmple ? AMPLE : [];
  }

  function admit(request: AdmissionRequest): readonly BehaviourFinding[] {
    const admitted = admitFor(request);
    return admitted === AMPLE ? [] : admitted;
  }

  return {
    admit,
    admitCall: admit,
    admitFor,
    admitted({ subject, nowMs }, requests) {
      changes++;
      return behaviour.admitted(subject, requests, nowMs) ? AMPLE : [];
    },
    observe(event) {
      changes++;
      const found = behaviour.observe(event);
      stopFor(found, event.agent ?? UNKNOWN_AGENT);
      return found;
    },
    configure: (next) => behaviour.configure(next, builtInPrices()),
    stats: behaviour.stats,
    changes: () => changes,
    snapshot: behaviour.snapshot,
    restore: behaviour.restore,
  };
}

/** An order names agents, persons and sessions: of a credential, an endpoint or a tool it is the agent that was seen with it who stops. */
function stopOf({ id, subject: { kind, name }, unixMs }: BehaviourFinding, agent: string): Stop {
  const whom =
    kind === 'person' || kind === 'session' || kind === 'agent' ? { scope: kind, name } : { scope: 'agent' as const, name: agent };
  return { id: randomUUID().slice(0, 8), ...whom, reason: id, by: 'policy', atUnixMs: unixMs, untilUnixMs: undefined };
}
