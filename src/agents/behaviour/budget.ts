import type { BehaviourAction, BehaviourFinding } from './finding.ts';

/** What a subject may use; absent: not limited. Whole days are UTC days, a minute is the last 60 s. */
export interface Budgets {
  readonly requestsPerMinute?: number;
  readonly requestsPerDay?: number;
  readonly tokensPerMinute?: number;
  readonly tokensPerDay?: number;
  /** US dollars, by the price table; exchanges with unknown models cost nothing here and are counted apart. */
  readonly costPerDay?: number;
  /** Agents only; judged while an answer comes (`exchange/call-budgets.ts`). A turn is what follows one message of a person. */
  readonly toolCallsPerTurn?: number;
}

/** Who asks to be let through, as far as it is known now: what is not named is not asked about. */
export interface BudgetSubject {
  readonly agent?: string | undefined;
  readonly person?: string | undefined;
  readonly endpoint?: string | undefined;
  /** Of a call, asked for each by itself. */
  readonly tool?: string | undefined;
  readonly session?: string | undefined;
  readonly credential?: string | undefined;
}

/** Whether a next exchange fits. `over`: every budget it does not fit in. */
export type BudgetState =
  | { readonly kind: 'within' }
  | {
      readonly kind: 'over';
      /** The strongest of the findings. */
      readonly action: BehaviourAction;
      readonly findings: readonly BehaviourFinding[];
      /** Milliseconds until all of them have a new period, for `retry-after`. */
      readonly retryAfterMs: number;
    };
