import { ENDPOINTS, NAMES, readEndpoint } from './name-list.ts';
import type { AgentRow, ListRow } from './schema.ts';
import { type AgentUsage, type NameUsage, USAGE_LISTS, type UsageList } from './usage.ts';

/** What one list of an agent's row grants, beside what was used of it. */
export interface Grants {
  readonly list: UsageList;
  /** `everything`: the row has no such list, or one that only denies. */
  readonly grants: 'everything' | 'listed';
  /** The entries that allow, with what was used by each; one that was never used is a candidate to be removed. */
  readonly entries: readonly { readonly entry: string; readonly used: number; readonly lastMs: number | undefined }[];
  /** Names used that no entry allows by itself: of a row without a list, or of a policy that was changed since. */
  readonly unlisted: readonly NameUsage[];
  /** Names that were refused at some time. */
  readonly refused: readonly NameUsage[];
}

/** What an agent is granted against what it used, list by list; those of which nothing is said and nothing was used are left out. */
export function grantsOf(row: AgentRow, usage: AgentUsage | undefined): readonly Grants[] {
  return USAGE_LISTS.flatMap((list) => {
    const written = listRow(row, list);
    const names = usage?.lists[list] ?? [];
    return written === undefined && names.length === 0 ? [] : [grantsOfList(list, written, names)];
  });
}

function grantsOfList(list: UsageList, written: ListRow | undefined, names: readonly NameUsage[]): Grants {
  const used = names.filter(({ permitted }) => permitted > 0);
  const entries = (written?.allow ?? []).map((entry) => ({ entry, names: used.filter(({ name }) => allows(list, entry, name)) }));
  return {
    list,
    grants: written?.allow === undefined ? 'everything' : 'listed',
    entries: entries.map(({ entry, names: own }) => ({
      entry,
      used: own.reduce((sum, { permitted }) => sum + permitted, 0),
      lastMs: own.length === 0 ? undefined : Math.max(...own.map(({ lastMs }) => lastMs)),
    })),
    unlisted: used.filter(({ name }) => !entries.some((one) => one.names.some((own) => own.name === name))),
    refused: names.filter(({ refused }) => refused > 0),
  };
}

/** Whether an entry of a list allows a name as usage has it. */
export function allows(list: UsageList, entry: string, name: string): boolean {
  if (list !== 'endpoints') return NAMES.allowing(entry)(name);
  const { method, host, path } = readEndpoint(name);
  return ENDPOINTS.allowing(entry)({ method: method ?? '', host, path });
}

/** The list of a row by its name. */
export function listRow(row: AgentRow, list: UsageList): ListRow | undefined {
  switch (list) {
    case 'mcp.methods':
      return row.mcp?.methods;
    case 'mcp.resources':
      return row.mcp?.resources;
    case 'mcp.prompts':
      return row.mcp?.prompts;
    default:
      return row[list];
  }
}
