import type { BudgetState, BudgetSubject } from './budget.ts';
import type { BehaviourEvent } from './event.ts';
import type { BehaviourFinding } from './finding.ts';
import type { PriceTable } from './prices.ts';
import type { BehaviourPolicy } from './settings.ts';
import type { SharedCounters } from './shared-counters.ts';
import type { TableSnapshot } from './table.ts';

export interface BehaviourOptions {
  readonly policy: BehaviourPolicy;
  readonly prices: PriceTable;
  /** The installation's key: fingerprints are made with it, so that nobody outside can make two names meet. */
  readonly key: Uint8Array;
  /** Where budgets are counted. Default: in this process. */
  readonly counters?: SharedCounters;
  /** How much is remembered. Default `FIXED.behaviour…`. */
  readonly capacity?: Partial<BehaviourCapacity>;
}

/** The most that is remembered of each kind; beyond it the least recently seen is forgotten, and counted. */
export interface BehaviourCapacity {
  readonly agents: number;
  /** An agent with an endpoint, a tool or a model. */
  readonly pairs: number;
  readonly sessions: number;
  readonly credentials: number;
  /** Budget counters: a subject with a measure and a window. */
  readonly counters: number;
}

/** What is remembered, by table, and what was left out; for metrics. */
export interface BehaviourStats {
  readonly tables: Readonly<Record<keyof BehaviourCapacity, { readonly held: number; readonly forgotten: number; readonly bytes: number }>>;
  /** Exchanges with tokens of a model that the price table does not have. */
  readonly unpriced: number;
  /** Fields of events that were no sensible number and counted as 0, and times that were not believed. */
  readonly malformed: number;
  /** Findings held back because the same one stands already. */
  readonly repeated: number;
  /** Tools and ids of one exchange over its bound, not looked at. */
  readonly overBound: number;
}

/** What `restore` takes: plain data with typed arrays, for `v8.serialize`. Fingerprints only, no name and no value. */
export interface BehaviourSnapshot {
  readonly version: 1;
  /** Says under which key the fingerprints were made; a hash of it. */
  readonly keyId: string;
  readonly nowMs: number;
  readonly tables: Readonly<Record<string, TableSnapshot>>;
}

/** Behaviour of agents over time. Nothing here waits, throws on bad input, or knows the time but from events. */
export interface Behaviour {
  /** Takes one finished exchange into account. The findings are those that begin with it, or stand anew after a silence. */
  observe(event: BehaviourEvent): readonly BehaviourFinding[];
  /** Whether the budgets have room for one more exchange of this subject, and whether a finding with action `deny` stands for its agent. */
  check(subject: BudgetSubject, nowMs: number): BudgetState;
  /** Somebody has looked: what stands for this agent is how it behaves from now on, and is learned. */
  accept(agent: string): void;
  /** A new policy; what was learned stays. */
  configure(policy: BehaviourPolicy, prices: PriceTable): void;
  stats(): BehaviourStats;
  snapshot(): BehaviourSnapshot;
  /** False, and nothing changed: not a snapshot of this version, of this key, or of these sizes. */
  restore(snapshot: unknown): boolean;
}
