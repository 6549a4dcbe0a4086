import { didYouMean } from '../../lib/did-you-mean.ts';
import { compileGlob } from '../../lib/glob.ts';
import { normaliseHost } from '../../lib/normalise-path.ts';
import { type Condition, createConditionCompiler } from '../conditions/condition.ts';
import { createAgentFinder } from './agent-finder.ts';
import type { AgentPolicy } from './agent-policy.ts';
import { compileIdentity, type Report } from './compile-identity.ts';
import { compileRule, strangerRule } from './compile-rule.ts';
import { compileIdentify } from './identify.ts';
import { lintAgents } from './lint.ts';
import { readEndpoint } from './name-list.ts';
import { type AgentDocument, type AgentRow, agentRows, isRestricted, type ListRow } from './schema.ts';

export interface AgentCompileOptions {
  /** Profiles that an agent may name; any when absent. */
  readonly profiles?: readonly string[];
  /** Called for what keeps the policy from being loaded, and for what looks like a mistake. */
  readonly error: Report;
  readonly warn: Report;
}

/**
 * Makes `identity:`, `agents:` and `apis:` ready to judge. When `error` was called the result must not be used.
 *
 * A list that is absent restricts nothing of its kind; an empty one allows nothing; deny goes before allow. `agents.unknown` is `deny`
 * unless it is said otherwise, as soon as some agent is restricted.
 */
export function compileAgents(document: AgentDocument, { profiles, error, warn }: AgentCompileOptions): AgentPolicy {
  const rows = agentRows(document);
  const identity = compileIdentity(document, rows, error);
  const unknown = document.agents?.unknown ?? (rows.some(([, row]) => isRestricted(row)) ? 'deny' : 'observe');
  const stranger = strangerRule(unknown);
  const conditions = createConditionCompiler();
  const agents = rows.map(([name, row]) => {
    reportNames(name, row, { document, profiles, error });
    const identification = compileIdentify(row.identify ?? {});
    const condition = compileWhen(name, row, { conditions, error });
    const standing = identification.proves ? 'proven' : 'stated';
    return {
      identification,
      rule: compileRule(name, row, { standing, condition, stranger: identification.proves ? undefined : stranger.judge }),
    };
  });
  lintAgents({ rows, unknown, warn });
  const byName = new Map(agents.map(({ rule }) => [rule.name, rule]));
  return {
    identity,
    unknown,
    agents: agents.map(({ rule }) => rule),
    ruleOf: (name) => byName.get(name) ?? stranger,
    agentOf: createAgentFinder(agents, stranger),
    apiOf: apiFinder(document.apis ?? {}, error),
  };
}

function apiFinder(apis: NonNullable<AgentDocument['apis']>, error: Report): AgentPolicy['apiOf'] {
  const compiled = Object.entries(apis).map(([name, { host, path }]) => {
    if (path !== undefined && !path.startsWith('/') && !path.startsWith('*'))
      error(['apis', name, 'path'], `path "${path}" can never match; it begins with "/"`);
    return {
      name,
      host: compileGlob(normaliseHost(host), { separator: '.' }),
      path: compileGlob(path ?? '/**', { separator: '/', bareParent: true }),
    };
  });
  return ({ host, path }) => compiled.find((api) => api.host.matches(host) && api.path.matches(path))?.name;
}

interface WhenContext {
  readonly conditions: ReturnType<typeof createConditionCompiler>;
  readonly error: Report;
}

function compileWhen(name: string, { when }: AgentRow, { conditions, error }: WhenContext): Condition | undefined {
  if (when === undefined) return undefined;
  const path = ['agents', name, 'when'];
  const compiled = conditions.compile(when);
  if (!compiled.ok) {
    error(path, compiled.message);
    return undefined;
  }
  const judged = [...compiled.condition.variables].filter((variable) => variable !== 'agent');
  if (judged.length > 1) error(path, `it judges ${judged.join(' and ')} at once, and no use has both; name one of them`);
  return compiled.condition;
}

interface NameContext {
  readonly document: AgentDocument;
  readonly profiles: readonly string[] | undefined;
  readonly error: Report;
}

function reportNames(name: string, row: AgentRow, { document, profiles, error }: NameContext): void {
  const path = ['agents', name];
  if (!isAgentName(name)) error(path, `the name of an agent has lower-case letters, digits, ".", "_" and "-", at most 64; found "${name}"`);
  if (row.profile !== undefined && profiles?.includes(row.profile) === false)
    error([...path, 'profile'], `unknown profile "${row.profile}"${didYouMean(row.profile, profiles)}`);
  const apis = Object.keys(document.apis ?? {});
  for (const { kind, index, written } of entriesOf(row.apis)) {
    const glob = compileGlob(written, { separator: '' });
    if (!apis.some(glob.matches))
      error([...path, 'apis', ...place(row.apis, kind, index)], `unknown API "${written}"${didYouMean(written, apis)}`);
  }
  for (const { kind, index, written } of entriesOf(row.endpoints)) {
    const problem = endpointProblem(written);
    if (problem !== undefined) error([...path, 'endpoints', ...place(row.endpoints, kind, index)], problem);
  }
}

function isAgentName(name: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,63}$/.test(name);
}

function endpointProblem(written: string): string | undefined {
  const { method, host } = readEndpoint(written);
  if (method !== undefined && !/^[A-Z]{1,20}$/.test(method)) return `"${written}" is no endpoint; write it as "POST api.example/v1/**"`;
  return host === '' || host.includes(' ')
    ? `"${written}" names no host; write it as "api.example/v1/**", or "**/v1/**" for any`
    : undefined;
}

function entriesOf(list: ListRow | undefined) {
  return (['allow', 'deny'] as const).flatMap((kind) => (list?.[kind] ?? []).map((written, index) => ({ kind, index, written })));
}

/** Where an entry stands: a list that only allows is written without its key. */
function place(list: ListRow | undefined, kind: 'allow' | 'deny', index: number): readonly (string | number)[] {
  return list?.deny === undefined && kind === 'allow' ? [index] : [kind, index];
}
