import type { Severity } from '../../detect/detector.ts';

/** Whose behaviour a finding is about. `credential`, `person` and `session` are named by keyed hashes. */
export type SubjectKind = 'agent' | 'person' | 'session' | 'credential' | 'endpoint' | 'tool';

export interface Subject {
  readonly kind: SubjectKind;
  /** As it came in the event (at most `FIXED.behaviourNameUnits`): through `safeName` before anybody sees it. */
  readonly name: string;
}

export const BEHAVIOUR_ACTIONS = ['observe', 'deny', 'stop'] as const;
/** `deny`: the exchanges that follow while it stands (a budget: until it has room again). `stop`: the kill switch for its subject. */
export type BehaviourAction = (typeof BEHAVIOUR_ACTIONS)[number];

/** Everything that can be found, by the name of the finding: what it means, and what it is until a policy says otherwise. */
export const BEHAVIOURS = {
  budget: {
    severity: 'medium',
    action: 'deny',
    confidence: 1,
    references: ['owasp-llm:LLM10:2026'],
    summary: 'more requests, tokens, money or tool calls than the policy grants',
  },
  rate: {
    severity: 'medium',
    action: 'observe',
    confidence: 0.5,
    references: ['owasp-llm:LLM10:2026'],
    summary: 'more requests in an hour than this hour of the week has ever seen',
  },
  tokens: {
    severity: 'medium',
    action: 'observe',
    confidence: 0.5,
    references: ['owasp-llm:LLM10:2026'],
    summary: 'more tokens in an hour than this hour of the week has ever seen',
  },
  loop: {
    severity: 'medium',
    action: 'observe',
    confidence: 0.7,
    references: ['owasp-llm:LLM10:2026'],
    summary: 'the same tool with the same arguments over and over',
  },
  'turn-calls': {
    severity: 'low',
    action: 'observe',
    confidence: 0.4,
    references: ['owasp-llm:LLM06:2026'],
    summary: 'more tool calls in one turn than usual',
  },
  errors: {
    severity: 'medium',
    action: 'observe',
    confidence: 0.6,
    references: ['owasp-api:API1:2023'],
    summary: 'a run of refused requests (4xx), as probing makes it',
  },
  denials: {
    severity: 'high',
    action: 'observe',
    confidence: 0.8,
    references: ['owasp-llm:LLM06:2026'],
    summary: 'a run of requests that Sluice denied',
  },
  enumeration: {
    severity: 'high',
    action: 'observe',
    confidence: 0.7,
    references: ['owasp-api:API1:2023'],
    summary: 'ids one after the other, or many different ones at one place',
  },
  volume: {
    severity: 'high',
    action: 'observe',
    confidence: 0.6,
    references: ['owasp-llm:LLM02:2026'],
    summary: 'more sensitive values returned in an hour than usual',
  },
  'slow-drip': {
    severity: 'high',
    action: 'observe',
    confidence: 0.6,
    references: ['owasp-llm:LLM02:2026'],
    summary: 'a little more of sensitive values or ids each day, over days',
  },
  'new-endpoint': {
    severity: 'low',
    action: 'observe',
    confidence: 0.2,
    references: ['owasp-llm:LLM06:2026'],
    summary: 'an endpoint the agent has never used',
  },
  'new-tool': {
    severity: 'medium',
    action: 'observe',
    confidence: 0.3,
    references: ['owasp-llm:LLM06:2026'],
    summary: 'a tool the agent has never called',
  },
  'new-model': {
    severity: 'low',
    action: 'observe',
    confidence: 0.2,
    references: ['owasp-llm:LLM06:2026'],
    summary: 'a model the agent has never used',
  },
  'unusual-time': {
    severity: 'low',
    action: 'observe',
    confidence: 0.3,
    references: ['owasp-llm:LLM06:2026'],
    summary: 'active at an hour of the week in which the agent never was',
  },
  'fan-out': {
    severity: 'medium',
    action: 'observe',
    confidence: 0.5,
    references: ['owasp-llm:LLM06:2026'],
    summary: 'more different endpoints and tools in an hour than usual',
  },
  'shared-credential': {
    severity: 'high',
    action: 'observe',
    confidence: 0.7,
    references: ['owasp-api:API2:2023'],
    summary: 'one credential used by many agents or from many addresses',
  },
} as const satisfies Record<
  string,
  {
    readonly severity: Severity;
    readonly action: BehaviourAction;
    readonly confidence: number;
    readonly references: readonly string[];
    readonly summary: string;
  }
>;

export type BehaviourName = keyof typeof BEHAVIOURS;
export const BEHAVIOUR_NAMES = Object.keys(BEHAVIOURS) as readonly BehaviourName[]; // the keys of a literal

/** What was counted; says the unit in words. */
export const MEASURES = {
  requests: 'requests',
  tokens: 'tokens',
  microUsd: 'US dollars',
  toolCalls: 'tool calls',
  repeats: 'identical tool calls',
  refusals: 'refused requests in a run',
  denials: 'denied requests in a run',
  sequentialIds: 'ids in sequence',
  distinctIds: 'different ids',
  sensitiveValues: 'sensitive values returned',
  names: 'different endpoints and tools',
  firstUse: 'first uses',
  agents: 'agents with one credential',
  addresses: 'addresses with one credential',
  addressChanges: 'changes of address with one credential',
} as const;

export type Measure = keyof typeof MEASURES;

/** Behaviour that was not expected: numbers and names, no text of any exchange. `explainFinding` makes a sentence of it. */
export interface BehaviourFinding {
  readonly id: `behaviour.${BehaviourName}`;
  readonly family: 'behaviour';
  readonly severity: Severity;
  /** Probability that somebody who looks finds a reason, 0–1, before anything is known about the deployment. */
  readonly confidence: number;
  /** What the policy wants. */
  readonly action: BehaviourAction;
  readonly subject: Subject;
  /** The endpoint, tool or model it happened with, when it is about one. */
  readonly object?: { readonly kind: 'endpoint' | 'tool' | 'model'; readonly name: string };
  readonly measure: Measure;
  /** The most that was expected. */
  readonly expected: number;
  /** At least this much was seen; estimates are rounded. */
  readonly seen: number;
  /** Over which time it was seen; 0: in one turn or run, however long it took. */
  readonly windowMs: number;
  /** Where the expectation comes from. */
  readonly basis: 'policy' | 'learned' | 'default';
  readonly unixMs: number;
  readonly references: readonly string[];
}
