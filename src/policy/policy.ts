import type { BehaviourPolicy } from '../agents/behaviour/settings.ts';
import type { FlowRule } from '../agents/conversation/flows.ts';
import type { ToolClassRow } from '../agents/conversation/tool-class.ts';
import type { ToolIntegrityPolicy } from '../agents/integrity/schema.ts';
import type { AgentPolicy, AgentRule } from '../agents/permissions/agent-policy.ts';
import type { Engine, Rule } from '../detect/scan.ts';
import type { Limits } from '../lib/limits.ts';
import type { Slices } from '../lib/slices.ts';
import type { Direction, Lane } from '../text/lane.ts';
import type { ExceptionQuery } from './exceptions.ts';

export type FailDecision = 'allow' | 'deny';

/** A policy ready to judge. Immutable; an exchange keeps the one it began with. */
export interface Policy {
  /** First 12 hex digits of the SHA-256 of the resolved policy. */
  readonly version: string;
  readonly mode: 'observe' | 'enforce';
  readonly failMode: FailMode;
  /**
   * Which answers are asked for when enforcing: `keep`, what the client accepts, as far as it can be decoded here; `strip`, plain ones.
   */
  readonly acceptEncoding: 'keep' | 'strip';
  readonly limits: Limits;
  /** Who may call, and what each may do. */
  readonly agents: AgentPolicy;
  /** What agents may use up, and what is found about how they behave. */
  readonly behaviour: BehaviourPolicy;
  /** What one conversation may not combine, in the order of the file. */
  readonly flows: readonly FlowRule[];
  /** What policy says of tools, in the order of the file. */
  readonly toolClasses: readonly ToolClassRow[];
  /** What becomes of tools that changed or shadow others; undefined: definitions are not looked at. */
  readonly toolIntegrity: ToolIntegrityPolicy | undefined;
  /** Makes what reading texts needs, all of it, so that no request waits for it; takes some tenths of a second the first time. */
  warm(): void;
  /** The rest of that, a little in each step: what texts with words of attacks need besides. Whoever does not ask for it pays with the first. */
  warmRest(): Slices;
  /** The first matching route's profile; the default profile when none matches. */
  route(query: RouteQuery): RouteDecision;
  /**
   * A route's profile narrowed by the agent's own: for every detector in every lane the stronger action of both. The route's as it is when
   * the agent names none.
   */
  narrowed(profile: Profile, agent: Pick<AgentRule, 'profile'>): Profile;
  /** A profile as it is for one exchange: what an exception covers is only observed. The profile as it is when none holds. */
  excepted(profile: Profile, exchange: ExceptionQuery): Profile;
}

export interface FailMode {
  readonly request: 'open' | 'closed';
  readonly response: 'open' | 'closed';
  readonly onLimit: FailDecision;
  readonly onUninspectable: FailDecision;
  readonly onOpaque: FailDecision;
}

/** What routes can match on: set by the gateway or read from the request line, paths normalised as Envoy does. */
export interface RouteQuery {
  readonly routeName: string | undefined;
  readonly host: string;
  readonly path: string;
}

export interface RouteDecision {
  readonly profile: Profile;
  /** Dialect the route pins; undefined: recognised. */
  readonly dialect: string | undefined;
}

/** A named set of rules with their actions. */
export interface Profile {
  readonly name: string;
  /** The compiled rules of a lane; undefined when no rule looks at it. Same object for lanes with the same rules that are read alike. */
  engine(lane: Lane, direction: Direction): Engine | undefined;
  /** The same for a lane of a request that nobody but the client has chosen: its rules and those of `user`, the stronger action of both. */
  claimedEngine(lane: Lane): Engine | undefined;
  /** One rule of a lane by its id; undefined when it is off there. */
  rule(lane: Lane, direction: Direction, id: string): Rule | undefined;
  /** The place of the exception that covers a finding about a conversation, e.g. `exceptions[0]`; undefined: none does. */
  flowException(finding: string, lane: Lane): string | undefined;
  /** Whether any lane has rules. */
  readonly inspects: boolean;
  /** Whether values of requests become tokens. */
  readonly tokenizes: boolean;
  /** Whether answers are compared with the request's system text. */
  readonly compares: boolean;
}
