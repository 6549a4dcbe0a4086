import type { Severity } from '../../detect/detector.ts';
import type { Budgets } from './budget.ts';
import { BEHAVIOURS, type BehaviourAction, type BehaviourName } from './finding.ts';

export const SENSITIVITIES = ['low', 'medium', 'high'] as const;
/** How far above the learned upper bound something must be: ×4, ×2.5, ×1.6. */
export type Sensitivity = (typeof SENSITIVITIES)[number];

/** What the policy says about one finding. */
export interface BehaviourRule {
  readonly action: BehaviourAction | 'off';
  readonly severity: Severity;
  readonly sensitivity: Sensitivity;
  /** The most that is never worth a finding, in the finding's own measure, whatever was learned. */
  readonly floor: number;
  /** Over which time it is counted, milliseconds. Fixed for all but `loop` and `enumeration`. */
  readonly windowMs: number;
}

/** Behaviour as a policy sets it. Plain data: a reload gives a new one to `Behaviour.configure`, and what was learned stays. */
export interface BehaviourPolicy {
  /** Budgets of agents by name; they replace those of `budgets.agent` key by key. */
  readonly agents: ReadonlyMap<string, Budgets>;
  /** Budgets of each agent, person, endpoint and tool. */
  readonly budgets: Readonly<Partial<Record<'agent' | 'person' | 'endpoint' | 'tool', Budgets>>>;
  readonly rules: Readonly<Record<BehaviourName, BehaviourRule>>;
  /** Days of history before an agent is judged by what it learned; until then by ten times the floors. */
  readonly coldStartDays: number;
  /** How long a finding stands after it was last seen, hours: nothing is learned meanwhile. */
  readonly standingHours: number;
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Floors and windows, measured on the simulated month (docs/behaviour.md): the lowest that keep a quiet month quiet. */
const FLOORS = {
  budget: { floor: 0, windowMs: DAY_MS },
  rate: { floor: 120, windowMs: HOUR_MS },
  tokens: { floor: 200_000, windowMs: HOUR_MS },
  loop: { floor: 12, windowMs: 10 * MINUTE_MS },
  'turn-calls': { floor: 24, windowMs: 0 },
  errors: { floor: 20, windowMs: 0 },
  denials: { floor: 5, windowMs: 0 },
  enumeration: { floor: 40, windowMs: HOUR_MS },
  volume: { floor: 30, windowMs: HOUR_MS },
  'slow-drip': { floor: 15, windowMs: DAY_MS },
  'new-endpoint': { floor: 0, windowMs: DAY_MS },
  'new-tool': { floor: 0, windowMs: DAY_MS },
  'new-model': { floor: 0, windowMs: DAY_MS },
  'unusual-time': { floor: 20, windowMs: HOUR_MS },
  'fan-out': { floor: 15, windowMs: HOUR_MS },
  'shared-credential': { floor: 5, windowMs: HOUR_MS },
} as const satisfies Record<BehaviourName, Pick<BehaviourRule, 'floor' | 'windowMs'>>;

export function defaultRule(name: BehaviourName): BehaviourRule {
  const { severity, action } = BEHAVIOURS[name];
  return { severity, action, sensitivity: 'medium', ...FLOORS[name] };
}

/** What holds without a word in the policy: everything is looked for and only observed; no budgets. */
export function defaultBehaviourPolicy(): BehaviourPolicy {
  return { agents: new Map(), budgets: {}, rules: rulesOf(defaultRule), coldStartDays: 7, standingHours: 24 };
}

/** One rule for each finding. */
export function rulesOf(of: (name: BehaviourName) => BehaviourRule): BehaviourPolicy['rules'] {
  const names = Object.keys(BEHAVIOURS) as readonly BehaviourName[]; // the keys of a literal
  return Object.fromEntries(names.map((name) => [name, of(name)])) as Record<BehaviourName, BehaviourRule>; // one for each name
}
