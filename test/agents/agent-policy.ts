import { parse } from 'yaml';
import type { AgentPolicy } from '../../src/agents/permissions/agent-policy.ts';
import { compileAgents } from '../../src/agents/permissions/compile-agents.ts';
import { type AgentDocument, agentsSchema, apisSchema, identitySchema } from '../../src/agents/permissions/schema.ts';

/** `identity:`, `agents:` and `apis:` of a YAML text, as a policy file has them. */
export function documentOf(yaml: string): AgentDocument {
  const { identity, agents, apis } = parse(yaml);
  return {
    identity: identitySchema.optional().parse(identity),
    agents: agentsSchema.optional().parse(agents),
    apis: apisSchema.optional().parse(apis),
  };
}

export interface Problems {
  readonly errors: string[];
  readonly warnings: string[];
}

/** The policy of a YAML text, and what was said while it was compiled: `path.to.key: message`. */
export function compiled(yaml: string, profiles?: readonly string[]): { readonly policy: AgentPolicy; readonly problems: Problems } {
  const problems: Problems = { errors: [], warnings: [] };
  const into = (list: string[]) => (path: readonly (string | number)[], message: string) => void list.push(`${path.join('.')}: ${message}`);
  const options = { error: into(problems.errors), warn: into(problems.warnings), ...(profiles === undefined ? {} : { profiles }) };
  return { policy: compileAgents(documentOf(yaml), options), problems };
}

/** The policy of a YAML text that has no error. */
export function agentPolicy(yaml: string): AgentPolicy {
  const { policy, problems } = compiled(yaml);
  if (problems.errors.length > 0) throw new Error(problems.errors.join('\n'));
  return policy;
}
