import { unreachable } from '../../lib/assert.ts';
import type { Condition, ConditionValues } from '../conditions/condition.ts';
import { AgentValue, EndpointValue, ToolValue, type VariableName } from '../conditions/environment.ts';
import { type Identity, strengthOf } from '../identity/identity.ts';
import type { AgentRule, Permission } from './agent-policy.ts';
import { grantLines } from './grant-lines.ts';
import { ALLOWED, compileList, ENDPOINTS, judgeList, type List, NAMES } from './name-list.ts';
import type { AgentRow } from './schema.ts';
import type { Use, UseKind } from './use.ts';

export interface RuleOptions {
  readonly standing: 'proven' | 'stated';
  /** The row's `when`, compiled. */
  readonly condition: Condition | undefined;
  /** What is answered before the row is asked: of an agent that only says so itself, what a stranger gets. */
  readonly stranger: AgentRule['judge'] | undefined;
}

/** What a row of `agents:` permits. */
export function compileRule(name: string, row: AgentRow, { standing, condition, stranger }: RuleOptions): AgentRule {
  const place = `agents.${name}`;
  const byLists = compileLists(row, place);
  const when = condition === undefined ? undefined : conditionJudge(condition, name, `${place}.when`);
  return {
    name,
    standing,
    profile: row.profile,
    forbiddenTools: { declared: row.tools?.declared ?? 'remove' },
    grants: grantLines(row),
    judge(use, identity) {
      const asStranger = stranger?.(use, identity) ?? ALLOWED;
      if (!asStranger.allowed) return asStranger;
      const listed = byLists(use);
      return listed.allowed && when !== undefined ? when(use, identity) : listed;
    },
  };
}

/** What is permitted to whom policy does not know. */
export function strangerRule(unknown: 'observe' | 'deny'): AgentRule {
  const permission: Permission = unknown === 'observe' ? ALLOWED : { allowed: false, reason: 'agent-unknown', rule: 'agents.unknown' };
  return {
    name: 'unknown',
    standing: 'unknown',
    profile: undefined,
    forbiddenTools: { declared: 'remove' },
    grants: [],
    judge: () => permission,
  };
}

/** The lists of a row by the kind of use. */
function compileLists(row: AgentRow, place: string): (use: Use) => Permission {
  const models = compileList(row.models, `${place}.models`, NAMES);
  const providers = compileList(row.providers, `${place}.providers`, NAMES);
  const endpoints = compileList(row.endpoints, `${place}.endpoints`, ENDPOINTS);
  const tools = compileList(row.tools, `${place}.tools`, NAMES);
  const methods = compileList(row.mcp?.methods, `${place}.mcp.methods`, NAMES);
  const resources = compileList(row.mcp?.resources, `${place}.mcp.resources`, NAMES);
  const prompts = compileList(row.mcp?.prompts, `${place}.mcp.prompts`, NAMES);
  const skills = compileList(row.skills, `${place}.skills`, NAMES);
  const apis = compileList(row.apis, `${place}.apis`, NAMES);
  return (use) => {
    switch (use.kind) {
      case 'model':
        return judge(models, use.name);
      case 'provider':
        return judge(providers, use.name);
      case 'endpoint':
        return judge(endpoints, use);
      case 'tool-declared':
      case 'tool-called':
        return judge(tools, use.name);
      case 'mcp-method':
        return judge(methods, use.name);
      case 'mcp-resource':
        return judge(resources, use.uri);
      case 'mcp-prompt':
        return judge(prompts, use.name);
      case 'a2a-skill':
        return judge(skills, use.name);
      case 'api':
        return judge(apis, use.name);
      default:
        return unreachable(use);
    }
  };
}

function judge<Value>(list: List<Value> | undefined, value: Value): Permission {
  return list === undefined ? ALLOWED : judgeList(list, value);
}

/** The kinds of use that a variable stands for. */
export const USES_OF = {
  tool: ['tool-called', 'tool-declared'],
  endpoint: ['endpoint'],
  model: ['model'],
  provider: ['provider'],
  mcpMethod: ['mcp-method'],
  resource: ['mcp-resource'],
  prompt: ['mcp-prompt'],
  skill: ['a2a-skill'],
  api: ['api'],
} as const satisfies Record<Exclude<VariableName, 'agent'>, readonly UseKind[]>;

/** The kinds of use a condition judges: that of its variable; every kind when it reads only the caller. */
export function usesJudged({
  variables,
  readsArguments,
}: Pick<Condition, 'variables' | 'readsArguments'>): ReadonlySet<UseKind> | undefined {
  const named = [...variables].filter((name) => name !== 'agent');
  if (named.length === 0) return undefined;
  const kinds = named.flatMap((name): readonly UseKind[] => USES_OF[name]);
  return new Set(readsArguments ? kinds.filter((kind) => kind !== 'tool-declared') : kinds);
}

function conditionJudge(condition: Condition, agent: string, rule: string): AgentRule['judge'] {
  const kinds = usesJudged(condition);
  const refused = {
    false: { allowed: false, reason: 'condition-false', rule },
    error: { allowed: false, reason: 'condition-error', rule },
    limit: { allowed: false, reason: 'condition-limit', rule },
    unreadable: { allowed: false, reason: 'arguments-unreadable', rule },
  } as const satisfies Record<string, Permission>;
  const readsAgent = condition.variables.has('agent');
  return (use, identity) => {
    if (kinds !== undefined && !kinds.has(use.kind)) return ALLOWED;
    if (use.kind === 'tool-called' && !use.args.ok && condition.readsArguments) return refused.unreadable;
    const caller = readsAgent ? { agent: agentValue(agent, identity) } : NO_CALLER;
    const result = condition.evaluate(kinds === undefined ? caller : { ...caller, ...valuesOf(use) });
    return result === 'true' ? ALLOWED : refused[result];
  };
}

const NO_CALLER = {};

function agentValue(name: string, identity: Identity | undefined): AgentValue {
  const person = identity?.persons.find(({ proven }) => proven)?.hash ?? '';
  return new AgentValue({
    name,
    source: identity === undefined ? 'none' : strengthOf(identity),
    person,
    session: identity?.sessions[0]?.id ?? '',
  });
}

function valuesOf(use: Use): ConditionValues {
  switch (use.kind) {
    case 'model':
      return { model: use.name };
    case 'provider':
      return { provider: use.name };
    case 'endpoint':
      return { endpoint: new EndpointValue(use) };
    case 'tool-declared':
      return { tool: new ToolValue(use.name, null) };
    case 'tool-called':
      return { tool: new ToolValue(use.name, use.args.ok ? use.args.value : null) };
    case 'mcp-method':
      return { mcpMethod: use.name };
    case 'mcp-resource':
      return { resource: use.uri };
    case 'mcp-prompt':
      return { prompt: use.name };
    case 'a2a-skill':
      return { skill: use.name };
    case 'api':
      return { api: use.name };
    default:
      return unreachable(use);
  }
}
