import type { Identity } from '../identity/identity.ts';
import type { IdentityPolicy } from '../identity/identity-policy.ts';
import type { UseRefusal } from '../refusal.ts';
import type { Use } from './use.ts';

/** `agents:`, `apis:` and `identity:` of a policy, ready to judge. Immutable. */
export interface AgentPolicy {
  readonly identity: IdentityPolicy;
  /** What becomes of a caller that is no agent of the policy. `deny` unless said otherwise, as soon as there is an agent. */
  readonly unknown: 'observe' | 'deny';
  /** The rows of `agents:`, in the order of the file. */
  readonly agents: readonly AgentRule[];
  /**
   * The row of the agent that calls. The strongest proof has to match it, and so does everything else its `identify` asks for. Nobody's
   * row: that of the unknown. Rows that ask only for what a client says of itself are `stated`: they restrict and grant nothing.
   */
  agentOf(identity: Identity): AgentRule;
  /** The row of that name; that of the unknown where there is none. */
  ruleOf(name: string): AgentRule;
  /** The declared API that an endpoint belongs to; the first of `apis:` whose host and path match. Both normalised. */
  apiOf(endpoint: { readonly host: string; readonly path: string }): string | undefined;
}

/** What one agent may do. */
export interface AgentRule {
  /** Its name in the policy; `unknown` for a caller that is none of them. */
  readonly name: string;
  readonly standing: 'proven' | 'stated' | 'unknown';
  /** The profile that narrows the route's; undefined: the route's alone. */
  readonly profile: string | undefined;
  /** What becomes of a tool that may not be used. */
  readonly forbiddenTools: ForbiddenTools;
  /** What its lists grant, as `grantLines` has it. */
  readonly grants: readonly string[];
  /** What permits each kind of use. */
  readonly judge: (use: Use, identity: Identity | undefined) => Permission;
}

/** `remove`: taken out of what is forwarded, the rest goes on. `deny`: the message is denied in the dialect's own shape. */
export interface ForbiddenTools {
  /** Of tools that a request declares. Those of a `tools/list` answer are always removed. */
  readonly declared: 'remove' | 'deny';
}

export type Permission =
  | { readonly allowed: true }
  /** `rule`: the place in the policy that refuses, e.g. `agents.billing-bot.tools.deny[0]`; never text from traffic. */
  | { readonly allowed: false; readonly reason: UseRefusal; readonly rule: string };

/** Whether an agent may do this. `identity` is what conditions see of the caller. Never throws. */
export function permit(rule: AgentRule, use: Use, identity?: Identity): Permission {
  return rule.judge(use, identity);
}
