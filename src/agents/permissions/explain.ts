import type { AgentPolicy } from './agent-policy.ts';
import { type Grants, grantsOf } from './grants.ts';
import { type AgentDocument, type AgentRow, agentRows } from './schema.ts';
import type { AgentUsage, Usage } from './usage.ts';

/** What `sluice agents explain NAME` says; also its `--json`, without the lines. */
export interface Explanation {
  readonly agent: string;
  readonly identifiedBy: readonly string[];
  readonly grants: readonly Grants[];
  readonly when: string | undefined;
  readonly profile: string | undefined;
  readonly forgotten: number;
}

export function explainAgent(name: string, row: AgentRow, usage: AgentUsage | undefined): Explanation {
  return {
    agent: name,
    identifiedBy: Object.entries(row.identify ?? {}).flatMap(([key, value]) =>
      value === undefined ? [] : [`${key}: ${identifiers(value)}`],
    ),
    grants: grantsOf(row, usage),
    when: row.when,
    profile: row.profile,
    forgotten: usage?.forgotten ?? 0,
  };
}

function identifiers(value: readonly string[] | Readonly<Record<string, readonly string[]>>): string {
  if (isList(value)) return value.join(' or ');
  return Object.entries(value)
    .map(([claim, globs]) => `${claim} = ${globs.join(' or ')}`)
    .join(' and ');
}

function isList(value: readonly string[] | Readonly<Record<string, readonly string[]>>): value is readonly string[] {
  return Array.isArray(value);
}

export interface TextOptions {
  /** Makes names from traffic fit for a terminal. */
  readonly printable: (name: string) => string;
}

/** An explanation as lines for a terminal. */
export function explanationLines(
  { agent, identifiedBy, grants, when, profile, forgotten }: Explanation,
  { printable }: TextOptions,
): readonly string[] {
  return [
    agent,
    ...identifiedBy.map((one) => `  is told by ${one}`),
    ...(profile === undefined ? [] : [`  profile ${profile}, where it is stricter than the route's`]),
    ...(when === undefined ? [] : [`  only when ${when}`]),
    ...grants.flatMap((list) => grantLines(list, printable)),
    ...(forgotten === 0 ? [] : [`  ${forgotten} uses of further names were only counted`]),
  ];
}

function grantLines({ list, grants, entries, unlisted, refused }: Grants, printable: TextOptions['printable']): readonly string[] {
  return [
    `  ${list}: ${grants === 'everything' ? 'everything that is not denied' : `${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}`}`,
    ...entries.map(
      ({ entry, used, lastMs }) => `    ${entry}  ${lastMs === undefined ? 'never used' : `used ${used}×, last ${day(lastMs)}`}`,
    ),
    ...unlisted.map(({ name, permitted, lastMs }) => `    ${printable(name)}  used ${permitted}×, last ${day(lastMs)}, by no entry`),
    ...refused.map((one) => `    ${printable(one.name)}  refused ${one.refused}×, last ${day(one.lastMs)}`),
  ];
}

function day(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(0, 10);
}

/** One row of `sluice agents list`. */
export interface AgentSummary {
  readonly agent: string;
  readonly standing: AgentPolicy['agents'][number]['standing'];
  /** Entries that allow, and how many of them were used; of lists that grant everything: none. */
  readonly entries: number;
  readonly entriesUsed: number;
  readonly permitted: number;
  readonly refused: number;
  readonly lastMs: number | undefined;
}

/** Every agent of a policy with what it used; agents that were only seen (`unknown`) come last. */
export function summariseAgents(document: AgentDocument, policy: Pick<AgentPolicy, 'agents'>, usage: Usage): readonly AgentSummary[] {
  const rows = agentRows(document);
  const seen = Object.keys(usage.agents).filter((name) => !rows.some(([known]) => known === name));
  const standingOf = (name: string): AgentSummary['standing'] => policy.agents.find((rule) => rule.name === name)?.standing ?? 'unknown';
  return [...rows, ...seen.map((name) => [name, {}] as const)].map(([name, row]) => {
    const own = Object.hasOwn(usage.agents, name) ? usage.agents[name] : undefined;
    const names = Object.values(own?.lists ?? {}).flat();
    const entries = grantsOf(row, own).flatMap((grants) => grants.entries);
    return {
      agent: name,
      standing: standingOf(name),
      entries: entries.length,
      entriesUsed: entries.filter(({ used }) => used > 0).length,
      permitted: names.reduce((sum, one) => sum + one.permitted, 0),
      refused: names.reduce((sum, one) => sum + one.refused, 0),
      lastMs: names.length === 0 ? undefined : Math.max(...names.map(({ lastMs }) => lastMs)),
    };
  });
}
