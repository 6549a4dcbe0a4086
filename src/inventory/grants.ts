import { rowOfGrants } from '../agents/permissions/grant-lines.ts';
import { type Grants, grantsOf } from '../agents/permissions/grants.ts';
import { type AgentUsage, type NameUsage, USAGE_LISTS, type UsageList } from '../agents/permissions/usage.ts';
import { type Fact, factId } from './facts.ts';
import { isoTime } from './iso-time.ts';
import { HEARD_MS, type KnownGrants, type KnownPolicy, type Policies } from './policies.ts';
import type { GrantedList, GrantRow, NameUse } from './rows.ts';

/**
 * What each agent of the known policies is granted, beside what it used: the same as `sluice agents explain` says, of all filters together.
 * Of several policies with an agent that counts which was heard of last.
 */
export function grantRows(policies: Policies, uses: Iterable<Fact>): readonly GrantRow[] {
  const newest = [...policies].toSorted(([, left], [, right]) => right.heardMs - left.heardMs);
  const lastHeardMs = newest[0]?.[1].heardMs ?? 0;
  const usage = usageByAgent(uses);
  const rows = new Map<string, GrantRow>();
  for (const [version, policy] of newest)
    for (const [agent, grants] of Object.entries(policy.agents)) {
      const inForce = policy.heardMs + HEARD_MS >= lastHeardMs;
      if (!rows.has(agent)) rows.set(agent, grantRow({ agent, version, policy, grants, inForce, usage: usage.get(agent) }));
    }
  return [...rows.values()];
}

interface Granted {
  readonly agent: string;
  readonly version: string;
  readonly policy: KnownPolicy;
  readonly grants: KnownGrants;
  readonly inForce: boolean;
  readonly usage: AgentUsage | undefined;
}

function grantRow({ agent, version, policy, grants, inForce, usage }: Granted): GrantRow {
  const lists = grantsOf(rowOfGrants(grants.lines), usage);
  const entries = lists.flatMap((list) => list.entries);
  const names = Object.values(usage?.lists ?? {}).flat();
  const used = entries.filter((entry) => entry.used > 0).length;
  return {
    id: factId('grants', [agent]),
    agent,
    stated: grants.stated,
    policyVersion: version,
    loaded: isoTime(policy.loadedMs),
    inForce,
    granted: entries.length,
    used,
    neverUsed: entries.length - used,
    refused: names.reduce((sum, one) => sum + one.refused, 0),
    lastUsed: names.length === 0 ? null : isoTime(Math.max(...names.map(({ lastMs }) => lastMs))),
    leftOut: grants.leftOut,
    unnamed: usage?.forgotten ?? 0,
    lists: lists.map(listOf),
  };
}

const listOf = ({ list, grants, entries, unlisted, refused }: Grants): GrantedList => ({
  list,
  everything: grants === 'everything',
  entries: entries.map(({ entry, used, lastMs }) => ({ name: entry, count: used, last: lastMs === undefined ? null : isoTime(lastMs) })),
  unlisted: unlisted.map((one) => useOf(one, one.permitted)),
  refused: refused.map((one) => useOf(one, one.refused)),
});

const useOf = ({ name, lastMs }: NameUsage, count: number): NameUse => ({ name, count, last: isoTime(lastMs) });

function usageByAgent(uses: Iterable<Fact>): ReadonlyMap<string, AgentUsage> {
  const byAgent = new Map<string, { readonly lists: Map<UsageList, NameUsage[]>; forgotten: number }>();
  for (const { key, sums, lastSeenMs } of uses) {
    const [agent = '', list, name = ''] = key;
    const known = USAGE_LISTS.find((one) => one === list);
    if (known === undefined) continue;
    const usage = byAgent.get(agent) ?? { lists: new Map<UsageList, NameUsage[]>(), forgotten: 0 };
    byAgent.set(agent, usage);
    const counts = { permitted: sums['permitted'] ?? 0, refused: sums['refused'] ?? 0 };
    if (name === '') usage.forgotten += counts.permitted + counts.refused;
    else usage.lists.set(known, [...(usage.lists.get(known) ?? []), { name, ...counts, lastMs: lastSeenMs }]);
  }
  return new Map([...byAgent].map(([agent, { lists, forgotten }]) => [agent, { lists: Object.fromEntries(lists), forgotten }]));
}
