import { stringify } from 'yaml';
import { diffLines } from '../../lib/diff-lines.ts';
import { isGlob } from '../../lib/glob.ts';
import { listRow } from './grants.ts';
import type { AgentRow, ListRow } from './schema.ts';
import { type AgentUsage, USAGE_LISTS, type UsageList } from './usage.ts';

/** The smallest row that would have allowed what was seen, as a proposal to review. */
export interface Tightened {
  readonly row: AgentRow;
  /** A unified diff of the row's YAML, under `agents:`; empty when nothing changes. */
  readonly diff: string;
  /** What cannot be proposed, in words: names that hold a `*`, usage that was forgotten. */
  readonly notes: readonly string[];
}

/**
 * Replaces what a row allows by the names that it used, list by list; a list of which nothing was used allows nothing then. What it denies,
 * its condition and how it is identified stay. Refused uses do not count. Nothing is ever widened: a name that the row does not allow now
 * is not among those it was permitted.
 */
export function tighten(name: string, row: AgentRow, usage: AgentUsage | undefined): Tightened {
  const notes = usage === undefined ? ['nothing was seen of this agent: the proposal allows nothing'] : [];
  if (usage !== undefined && usage.forgotten > 0)
    notes.push(`${usage.forgotten} uses were of names that did not fit; look at them before you apply this`);
  let tightened = row;
  for (const list of USAGE_LISTS) {
    const names = (usage?.lists[list] ?? []).filter(({ permitted }) => permitted > 0).map((one) => one.name);
    const wild = names.filter(isGlob);
    if (wild.length > 0) notes.push(`${list}: ${wild.length} names hold a "*" and cannot be written as they are; they are left out`);
    const allow = [...new Set(names.filter((one) => !isGlob(one)).map((one) => entryOf(list, one)))].toSorted();
    tightened = withList(tightened, list, { ...listRow(row, list), allow });
  }
  return { row: tightened, diff: diffOf(name, row, tightened), notes };
}

/** Segments of a path that the inventory has typed (`{id}`) stand for any. */
function entryOf(list: UsageList, name: string): string {
  return list === 'endpoints'
    ? name
        .split('/')
        .map((part) => (part.startsWith('{') && part.endsWith('}') ? '*' : part))
        .join('/')
    : name;
}

function withList(row: AgentRow, list: UsageList, changed: ListRow): AgentRow {
  switch (list) {
    case 'mcp.methods':
      return { ...row, mcp: { ...row.mcp, methods: changed } };
    case 'mcp.resources':
      return { ...row, mcp: { ...row.mcp, resources: changed } };
    case 'mcp.prompts':
      return { ...row, mcp: { ...row.mcp, prompts: changed } };
    default:
      return { ...row, [list]: changed };
  }
}

function diffOf(name: string, before: AgentRow, after: AgentRow): string {
  const lines = diffLines(yamlLines(name, before), yamlLines(name, after));
  if (lines.every((line) => line.startsWith(' '))) return '';
  return ['--- now', '+++ tightened', ...lines].join('\n');
}

function yamlLines(name: string, row: AgentRow): readonly string[] {
  return stringify({ agents: { [name]: written(row) } }, { lineWidth: 0 })
    .trimEnd()
    .split('\n');
}

/** A row as somebody would write it: without what is not there, a list that only allows in its short form. */
function written(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  const [only] = entries;
  if (entries.length === 1 && only?.[0] === 'allow') return only[1];
  return Object.fromEntries(entries.map(([key, one]) => [key, written(one)]));
}
