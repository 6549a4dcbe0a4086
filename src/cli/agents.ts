import { type AgentSummary, explainAgent, explanationLines, summariseAgents } from '../agents/permissions/explain.ts';
import { type AgentDocument, type AgentRow, agentRows } from '../agents/permissions/schema.ts';
import { tighten } from '../agents/permissions/tighten.ts';
import { type AgentUsage, USAGE_LISTS, type Usage } from '../agents/permissions/usage.ts';
import { didYouMean } from '../lib/did-you-mean.ts';
import { AppError, EXIT } from '../lib/errors.ts';
import type { Policy } from '../policy/policy.ts';
import { readDocument } from '../policy/read-document.ts';
import { readUsage } from '../services/usage-store.ts';
import { durationMs } from './give-stop.ts';
import { loadPolicy, policySource } from './policy.ts';
import { printable } from './printable.ts';
import { resolveSettings, settingsFiles } from './settings.ts';
import { stateFolder } from './state.ts';
import { say } from './terminal.ts';

export interface AgentFlags {
  readonly policy?: string;
  /** Only what was used within this time, as `30d`. */
  readonly since?: string;
  readonly json?: boolean;
}

/** `sluice agents list`: every agent of the policy with what it is granted and used. Exit 0. */
export function listAgents(flags: AgentFlags): number {
  const { document, policy, source } = policyOf(flags);
  const agents = summariseAgents(document, policy.agents, usageWithin(flags));
  say(`against ${source}`);
  if (flags.json) process.stdout.write(`${JSON.stringify({ version: 1, agents })}\n`);
  else if (agents.length === 0) say('the policy names no agents, and none was seen');
  else for (const agent of agents) process.stdout.write(`${summaryLine(agent)}\n`);
  return EXIT.ok;
}

/** `sluice agents explain NAME`: what it may do, what of that it did, and when. */
export function explainAgentNamed(name: string, flags: AgentFlags): number {
  const { row, usage } = agentNamed(name, flags);
  const explanation = explainAgent(name, row, usage);
  if (flags.json) process.stdout.write(`${JSON.stringify({ version: 1, ...explanation })}\n`);
  else for (const line of explanationLines(explanation, { printable })) process.stdout.write(`${line}\n`);
  return EXIT.ok;
}

/** `sluice agents tighten NAME`: the smallest row that would have allowed what was used, as a diff; exit 1 when it is another one. */
export function tightenAgent(name: string, flags: AgentFlags): number {
  const { row, usage } = agentNamed(name, flags);
  const { row: proposed, diff, notes } = tighten(name, row, usage);
  if (flags.json) process.stdout.write(`${JSON.stringify({ version: 1, agent: name, row: proposed, diff, notes })}\n`);
  else if (diff !== '') process.stdout.write(`${diff.split('\n').map(printable).join('\n')}\n`);
  for (const note of notes) say(note);
  if (diff === '') say(`${name} used all that it is granted`);
  return diff === '' ? EXIT.ok : EXIT.findings;
}

interface AgentNamed {
  readonly row: AgentRow;
  readonly usage: AgentUsage | undefined;
}

function agentNamed(name: string, flags: AgentFlags): AgentNamed {
  const { document, source } = policyOf(flags);
  const rows = agentRows(document);
  const row = rows.find(([known]) => known === name)?.[1];
  const { agents } = usageWithin(flags);
  const usage = Object.hasOwn(agents, name) ? agents[name] : undefined;
  if (row !== undefined) return { row, usage };
  const names = rows.map(([known]) => known);
  throw new AppError(
    'usage',
    `${source} has no agent of this name${didYouMean(name, names) || `; its agents: ${names.join(', ') || 'none'}`}`,
  );
}

interface PolicyRead {
  readonly document: AgentDocument;
  readonly policy: Policy;
  /** Where it came from, for people. */
  readonly source: string;
}

/** The policy as `sluice serve` would find it here. */
function policyOf({ policy: file }: AgentFlags): PolicyRead {
  const flags = file === undefined ? {} : { policy: file };
  const { policy: named } = resolveSettings({ flags, environment: process.env, files: settingsFiles(process.env) });
  const { policy, source } = loadPolicy(named.value, undefined);
  const read = readDocument(policySource(named.value));
  if (!read.ok) throw new AppError('policy-invalid', `${source} changed while it was read`);
  return { document: read.value, policy, source };
}

function usageWithin({ since }: AgentFlags): Usage {
  const usage = readUsage(stateFolder(), say);
  if (since === undefined) return usage;
  const fromMs = Date.now() - durationMs(since, '--since');
  const agents = Object.entries(usage.agents).map(([name, one]) => [name, usedSince(one, fromMs)] as const);
  return { ...usage, agents: Object.fromEntries(agents) };
}

function usedSince({ lists, forgotten }: AgentUsage, fromMs: number): AgentUsage {
  const kept = USAGE_LISTS.map((list) => [list, (lists[list] ?? []).filter(({ lastMs }) => lastMs >= fromMs)] as const);
  return { lists: Object.fromEntries(kept.filter(([, names]) => names.length > 0)), forgotten };
}

function summaryLine({ agent, standing, entries, entriesUsed, permitted, refused, lastMs }: AgentSummary): string {
  const granted = entries === 0 ? 'no entry that allows' : `${entriesUsed} of ${entries} entries used`;
  const last = lastMs === undefined ? 'never seen' : `last ${new Date(lastMs).toISOString().slice(0, 10)}`;
  return printable(`${agent}  ${standing}, ${granted}, ${permitted} uses permitted, ${refused} refused, ${last}`);
}
