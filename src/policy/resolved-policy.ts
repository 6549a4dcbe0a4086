import type { BehaviourPolicy } from '../agents/behaviour/settings.ts';
import type { FlowRule } from '../agents/conversation/flows.ts';
import type { AgentPolicy } from '../agents/permissions/agent-policy.ts';
import type { Detector } from '../detect/detector.ts';
import type { Base } from './base.ts';
import type { Exception } from './exceptions.ts';
import type { PolicyProblem } from './problem.ts';
import type { Route } from './routes.ts';
import type { PolicyDocument } from './schema.ts';
import type { DetectorSettings } from './settings.ts';

/** A policy in which every name is resolved and every bound checked. */
export interface ResolvedPolicy extends Base {
  readonly detectors: readonly Detector[];
  readonly profiles: readonly ResolvedProfile[];
  readonly routes: readonly Route[];
  readonly agents: AgentPolicy;
  readonly behaviour: BehaviourPolicy;
  readonly flowRules: readonly FlowRule[];
  readonly exceptions: readonly Exception[];
  /** What the agents were compiled from. */
  readonly agentDocument: Pick<PolicyDocument, 'identity' | 'agents' | 'apis' | 'behaviour'>;
  readonly agentWarnings: readonly PolicyProblem[];
}

/** What a profile wants of each detector, by its id, with all that it extends. */
export interface ResolvedProfile {
  readonly name: string;
  readonly settings: ReadonlyMap<string, DetectorSettings>;
}
