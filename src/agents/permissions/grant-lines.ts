import { listRow } from './grants.ts';
import type { AgentRow, ListRow } from './schema.ts';
import { type RecordedUse, USAGE_LISTS, type UsageList } from './usage.ts';

/**
 * What a row of `agents:` grants, as lines that telemetry can carry: `<list>|allow|<entry>` and `<list>|deny|<entry>`, in the order of the
 * lists; `<list>|allow|` alone for a list that allows nothing. A row without lists, which grants everything, has no line.
 */
export function grantLines(row: AgentRow): readonly string[] {
  return USAGE_LISTS.flatMap((list) => {
    const written = listRow(row, list);
    if (written === undefined) return [];
    const allow = written.allow?.length === 0 ? [''] : (written.allow ?? []);
    return [...allow.map((entry) => `${list}|allow|${entry}`), ...(written.deny ?? []).map((entry) => `${list}|deny|${entry}`)];
  });
}

/** The row that has these lines, with nothing in it but lists. Lines that are none say nothing. */
export function rowOfGrants(lines: readonly string[]): AgentRow {
  const lists = new Map<UsageList, { allow?: string[]; deny?: string[] }>();
  for (const line of lines) {
    const [list, kind, entry] = fieldsOf(line, 3);
    const known = USAGE_LISTS.find((one) => one === list);
    if (known === undefined || entry === undefined || (kind !== 'allow' && kind !== 'deny')) continue;
    const row = lists.get(known) ?? {};
    lists.set(known, row);
    row[kind] ??= [];
    if (entry !== '') row[kind].push(entry);
  }
  return rowWith((list) => lists.get(list));
}

function rowWith(of: (list: UsageList) => ListRow | undefined): AgentRow {
  const {
    'mcp.methods': methods,
    'mcp.resources': resources,
    'mcp.prompts': prompts,
    ...plain
  } = Object.fromEntries(USAGE_LISTS.map((list) => [list, of(list)])) as Readonly<Record<UsageList, ListRow | undefined>>; // one for each list
  return { ...plain, mcp: { methods, resources, prompts } };
}

/** How often an agent was permitted and refused something, as the lines of an exchange have it. */
export interface CountedUse {
  readonly list: UsageList;
  /** Undefined: a name that may not be shown. */
  readonly name: string | undefined;
  readonly permitted: number;
  readonly refused: number;
}

/** Lines of one exchange at most: receivers read no more of a list. */
export const USE_LINES_MAX = 256;
/** Names among them: each list may have a line without a name as well. */
const NAMES_MAX = USE_LINES_MAX - USAGE_LISTS.length;

/**
 * Uses of an exchange, each name once, as lines `<list>|<permitted>|<refused>|<name>`. `fit` gives the name that may leave. What has none,
 * and what is beyond the bound, is counted under an empty name.
 */
export function useLines(uses: readonly RecordedUse[], fit: (list: UsageList, name: string) => string | undefined): readonly string[] {
  const counts = new Map<string, { readonly list: UsageList; readonly name: string; permitted: number; refused: number }>();
  for (const { list, name: used, permitted } of uses) {
    const fitting = fit(list, used) ?? '';
    const name = counts.has(`${list}|${fitting}`) || counts.size < NAMES_MAX ? fitting : '';
    const one = counts.get(`${list}|${name}`) ?? { list, name, permitted: 0, refused: 0 };
    counts.set(`${list}|${name}`, one);
    one[permitted ? 'permitted' : 'refused'] += 1;
  }
  return [...counts.values()].map(({ list, name, permitted, refused }) => [list, permitted, refused, name].join('|'));
}

/** One line of `useLines`; undefined when it is none. */
export function readUseLine(line: string): CountedUse | undefined {
  const [list, permitted, refused, name] = fieldsOf(line, 4);
  const known = USAGE_LISTS.find((one) => one === list);
  const counts = [Number(permitted), Number(refused)] as const;
  if (known === undefined || name === undefined || !counts.every((count) => Number.isSafeInteger(count) && count >= 0)) return undefined;
  return { list: known, name: name === '' ? undefined : name, permitted: counts[0], refused: counts[1] };
}

/** Fields between bars; the last one may hold bars itself. */
function fieldsOf(line: string, count: number): readonly (string | undefined)[] {
  const parts = line.split('|');
  return parts.length < count ? [] : [...parts.slice(0, count - 1), parts.slice(count - 1).join('|')];
}
