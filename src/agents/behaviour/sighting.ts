import type { BehaviourFinding, BehaviourName } from './finding.ts';
import type { BehaviourPolicy, BehaviourRule, Sensitivity } from './settings.ts';

/** What a rule saw, before it is known whether that is news. */
export type Sighting = { readonly name: BehaviourName } & Pick<
  BehaviourFinding,
  'subject' | 'object' | 'measure' | 'expected' | 'seen' | 'windowMs' | 'basis'
>;

/** The time of an event, in all the ways it is asked for. */
export interface Moment {
  readonly ms: number;
  /** Since 1970. */
  readonly hour: number;
  readonly day: number;
}

/** The policy of the moment: a reload changes it. */
export type CurrentPolicy = () => BehaviourPolicy;

const FACTORS = { low: 4, medium: 2.5, high: 1.6 } as const satisfies Record<Sensitivity, number>;

/** As long as nothing is known, only what is ten times over the floor is strange. */
const COLD_FACTOR = 10;

export interface Expectation {
  readonly expected: number;
  readonly basis: BehaviourFinding['basis'];
}

/** The most that is expected, given the upper bound that was learned; undefined: too little is known yet. `floor`: another than the rule's. */
export function expectation(rule: BehaviourRule, bound: number | undefined, floor = rule.floor): Expectation {
  if (bound === undefined) return { expected: COLD_FACTOR * floor, basis: 'default' };
  const expected = FACTORS[rule.sensitivity] * bound;
  return expected > floor ? { expected, basis: 'learned' } : { expected: floor, basis: 'default' };
}
