import type { BudgetSubject, Budgets } from './budget.ts';
import type { Measure, Subject } from './finding.ts';
import type { Fingerprints } from './fingerprint.ts';
import { KINDS } from './kinds.ts';
import type { BehaviourPolicy } from './settings.ts';
import { type CounterKey, type CounterName, periodMs, type SharedCounters } from './shared-counters.ts';

/** A budget and how much of it is used. */
export interface BudgetUse {
  readonly subject: Subject;
  readonly fingerprint: number;
  readonly counter: CounterName;
  readonly measure: Measure;
  readonly limit: number;
  readonly used: number;
}

/** What one exchange takes out of budgets. */
export interface Spending {
  readonly requests: number;
  readonly tokens: number;
  readonly microUsd: number;
}

/** What is asked of the budgets of somebody before one more request. */
export interface BudgetRoom {
  /** The budgets that have no room for it. */
  readonly full: readonly BudgetUse[];
  /** Whether each has so much room that thousands of requests may come before anybody looks again: `AMPLE`. */
  readonly isAmple: boolean;
}

const USD = 1e6;

/** Of a budget, what several processes can hardly use within a tenth of a second. */
const AMPLE = { requests: 16_384, tokens: 1_000_000, microUsd: 10 * USD } as const satisfies Spending;

/** Which counter holds a budget, and in which unit. */
const ROWS = [
  { budget: 'requestsPerMinute', counter: 'requests-minute', measure: 'requests', scale: 1 },
  { budget: 'requestsPerDay', counter: 'requests-day', measure: 'requests', scale: 1 },
  { budget: 'tokensPerMinute', counter: 'tokens-minute', measure: 'tokens', scale: 1 },
  { budget: 'tokensPerDay', counter: 'tokens-day', measure: 'tokens', scale: 1 },
  { budget: 'costPerDay', counter: 'microUsd-day', measure: 'microUsd', scale: USD },
] as const satisfies readonly {
  readonly budget: keyof Budgets;
  readonly counter: CounterName;
  readonly measure: keyof Spending;
  readonly scale: number;
}[];

const SUBJECTS = ['agent', 'person', 'endpoint', 'tool'] as const;

/** A budget of somebody, in the unit of its counter. */
type BudgetRow = Pick<BudgetUse, 'counter' | 'limit'> & { readonly measure: keyof Spending };

function rowsOf(budgets: Budgets | undefined): readonly BudgetRow[] {
  return ROWS.flatMap(({ budget, counter, measure, scale }) => {
    const limit = budgets?.[budget];
    return limit === undefined ? [] : [{ counter, measure, limit: limit * scale }];
  });
}

export interface BudgetBook {
  /** Takes an exchange out of the budgets of its subject; returns those that are over with it. */
  spend(subject: BudgetSubject, spending: Spending, nowMs: number): readonly BudgetUse[];
  /** Changes nothing. */
  room(subject: BudgetSubject, nowMs: number): BudgetRoom;
}

/** Budgets by policy over counters. A subject without budgets is not counted. */
export function createBudgetBook(policy: BehaviourPolicy, counters: SharedCounters, fingerprints: Fingerprints): BudgetBook {
  const ofAgents = new Map([...policy.agents.keys()].map((name) => [name, rowsOf(agentBudgets(policy, name))] as const));
  const ofAll = SUBJECTS.map((kind) => ({ kind, rows: rowsOf(policy.budgets[kind]) }));

  /** Calls `use` with every budget that holds for the subject. */
  function each(subject: BudgetSubject, use: (row: BudgetRow, of: Subject, fingerprint: number) => void): void {
    for (const { kind, rows: common } of ofAll) {
      const name = subject[kind];
      if (name === undefined) continue;
      const rows = kind === 'agent' ? (ofAgents.get(name) ?? common) : common;
      if (rows.length === 0) continue;
      const fingerprint = fingerprints.of(KINDS[kind], name, 0);
      const of = { kind, name };
      for (const row of rows) use(row, of, fingerprint);
    }
  }

  return {
    spend(subject, spending, nowMs) {
      const over: BudgetUse[] = [];
      each(subject, ({ counter, measure, limit }, of, fingerprint) => {
        if (spending[measure] === 0) return;
        const key: CounterKey = { subject: fingerprint, counter };
        const used = counters.add(key, spending[measure], nowMs);
        if (used > limit) over.push({ subject: of, fingerprint, counter, measure, limit, used });
      });
      return over;
    },
    room(subject, nowMs) {
      const full: BudgetUse[] = [];
      let isAmple = true;
      each(subject, ({ counter, measure, limit }, of, fingerprint) => {
        const used = counters.read({ subject: fingerprint, counter }, nowMs);
        isAmple &&= limit - used >= AMPLE[measure];
        // One more request would be over its number; of tokens and money nothing is left when all is used.
        if (measure === 'requests' ? used + 1 > limit : used >= limit)
          full.push({ subject: of, fingerprint, counter, measure, limit, used });
      });
      return { full, isAmple };
    },
  };
}

/** Milliseconds until a full budget has room: a day's at midnight, a minute's when enough of the minute before has slid out, at most 60 s. */
export function roomInMs({ counter }: Pick<BudgetUse, 'counter'>, nowMs: number): number {
  const period = periodMs(counter);
  return period - (nowMs % period);
}

/** An agent's own budgets beside those of every agent. */
export function agentBudgets(policy: BehaviourPolicy, name: string): Budgets | undefined {
  const own = policy.agents.get(name);
  if (own === undefined || policy.budgets.agent === undefined) return own ?? policy.budgets.agent;
  return { ...policy.budgets.agent, ...own };
}
