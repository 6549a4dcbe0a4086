import { z } from 'zod';
import { unreachable } from '../../lib/assert.ts';
import { FIXED } from '../../lib/limits.ts';
import type { Use } from './use.ts';

/** The lists of an agent's row, by their keys in the policy. */
export const USAGE_LISTS = [
  'models',
  'providers',
  'endpoints',
  'tools',
  'mcp.methods',
  'mcp.resources',
  'mcp.prompts',
  'skills',
  'apis',
] as const;
export type UsageList = (typeof USAGE_LISTS)[number];

const nameUsageSchema = z.strictObject({
  /** As the list would have it: a name, or `METHOD host/path`. */
  name: z.string(),
  /** How often it was permitted, and how often refused. */
  permitted: z.int().min(0),
  refused: z.int().min(0),
  /** Unix milliseconds. */
  lastMs: z.number(),
});
const agentUsageSchema = z.strictObject({
  lists: z.partialRecord(z.enum(USAGE_LISTS), z.array(nameUsageSchema)),
  /** Uses of names that did not fit any more (`FIXED.usageNames`). */
  forgotten: z.int().min(0),
});

/** What agents did, by their names: the shape of a usage file and of the inventory's answer. */
export const usageSchema = z.strictObject({ version: z.literal(1), agents: z.record(z.string(), agentUsageSchema) });

export type NameUsage = Readonly<z.infer<typeof nameUsageSchema>>;
export type AgentUsage = Readonly<z.infer<typeof agentUsageSchema>>;
export type Usage = Readonly<z.infer<typeof usageSchema>>;

export const NO_USAGE: Usage = { version: 1, agents: {} };

/** One thing that an agent of the policy did, or was refused. */
export interface Used {
  readonly agent: string;
  readonly use: Use;
  readonly permitted: boolean;
  readonly unixMs: number;
}

/** One thing that somebody did in an exchange: text from traffic, for counting and never for showing. */
export interface RecordedUse {
  readonly list: UsageList;
  /** As the list would have it. */
  readonly name: string;
  readonly permitted: boolean;
}

/** The usage with one more use. Names keep the order in which they came first. */
export function foldUsage(usage: Usage, { agent, use, permitted, unixMs }: Used): Usage {
  const before = Object.hasOwn(usage.agents, agent) ? usage.agents[agent]! : { lists: {}, forgotten: 0 };
  const { list, name } = listed(use);
  const names = before.lists[list] ?? [];
  const index = names.findIndex((one) => one.name === name);
  if (index < 0 && names.length >= FIXED.usageNames) return withAgent(usage, agent, { ...before, forgotten: before.forgotten + 1 });
  const known = names[index] ?? { name, permitted: 0, refused: 0, lastMs: unixMs };
  const counted: NameUsage = {
    name,
    permitted: known.permitted + (permitted ? 1 : 0),
    refused: known.refused + (permitted ? 0 : 1),
    lastMs: Math.max(known.lastMs, unixMs),
  };
  const after = index < 0 ? [...names, counted] : names.with(index, counted);
  return withAgent(usage, agent, { ...before, lists: { ...before.lists, [list]: after } });
}

function withAgent(usage: Usage, agent: string, changed: AgentUsage): Usage {
  return { ...usage, agents: Object.fromEntries([...Object.entries(usage.agents).filter(([name]) => name !== agent), [agent, changed]]) };
}

/** The list a use belongs to, and what that list would call it. */
export function listed(use: Use): { readonly list: UsageList; readonly name: string } {
  switch (use.kind) {
    case 'model':
      return { list: 'models', name: use.name };
    case 'provider':
      return { list: 'providers', name: use.name };
    case 'endpoint':
      return { list: 'endpoints', name: `${use.method} ${use.host}${use.path}` };
    case 'tool-declared':
    case 'tool-called':
      return { list: 'tools', name: use.name };
    case 'mcp-method':
      return { list: 'mcp.methods', name: use.name };
    case 'mcp-resource':
      return { list: 'mcp.resources', name: use.uri };
    case 'mcp-prompt':
      return { list: 'mcp.prompts', name: use.name };
    case 'a2a-skill':
      return { list: 'skills', name: use.name };
    case 'api':
      return { list: 'apis', name: use.name };
    default:
      return unreachable(use);
  }
}
