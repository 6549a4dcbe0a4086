import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import {
  type AgentUsage,
  type NameUsage,
  NO_USAGE,
  type RecordedUse,
  USAGE_LISTS,
  type Usage,
  type UsageList,
  usageSchema,
} from '../agents/permissions/usage.ts';
import { FIXED } from '../lib/limits.ts';
import { locked, replaceFile } from './locked-file.ts';

/** What the agents of this process did, on its way to a file of its own in the folder. */
export interface UsageStore {
  note(agent: string, uses: readonly RecordedUse[], unixMs: number): void;
  /** Writes what waits. */
  close(): void;
}

export interface UsageStoreOptions {
  /** The state folder. */
  readonly folder: string;
  readonly machine: string;
  readonly pid: number;
  readonly isAlive: (pid: number) => boolean;
  /** The name as it may be kept, for instance with ids typed; undefined: it may not, and is only counted. */
  readonly fit: (list: UsageList, name: string) => string | undefined;
  /** A file that cannot be read or written. `message` has no text of it. */
  readonly onError: (message: string) => void;
}

const FOLDER = 'usage';
/** What processes that have ended did. */
const PAST = 'past.json';
/** How long what was used waits to be written, in milliseconds: what a crash loses. */
const FLUSH_MS = 2_000;

/** Counts in memory and writes a few times a minute. What ended processes of this machine left is added up first. Keeps no process alive. */
export function openUsageStore({ folder, machine, pid, isAlive, fit, onError }: UsageStoreOptions): UsageStore {
  const place = path.join(folder, FOLDER);
  const counts = new Map<string, AgentCounts>();
  let isWaiting = false;
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      onError(error instanceof Error ? error.message : 'what agents used cannot be written');
    }
  };
  const flush = (): void => {
    if (!isWaiting) return;
    isWaiting = false;
    attempt(() => replaceFile(path.join(place, fileOf(machine, pid)), `${JSON.stringify(usageOf(counts))}\n`));
  };
  attempt(() => {
    mkdirSync(place, { recursive: true, mode: 0o700 });
    addUp(place, (name) => name === fileOf(machine, pid) || isOfEnded(name, machine, isAlive));
  });
  const timer = setInterval(flush, FLUSH_MS).unref();
  return {
    note(agent, uses, unixMs) {
      if (uses.length === 0) return;
      const own = agentOf(counts, agent);
      if (own === undefined) return;
      for (const use of uses) count(own, use, { name: fit(use.list, use.name), unixMs });
      isWaiting = true;
    },
    close() {
      clearInterval(timer);
      flush();
    },
  };
}

/** What all processes of a folder wrote, those that run and those that ended. `onError`: a file that is none, which is passed over. */
export function readUsage(folder: string, onError: (message: string) => void): Usage {
  return filesIn(path.join(folder, FOLDER)).reduce((usage, name) => {
    const read = readOne(path.join(folder, FOLDER, name));
    if (read !== undefined) return mergeUsage(usage, read);
    onError(`${path.join(folder, FOLDER, name)} cannot be read`);
    return usage;
  }, NO_USAGE);
}

interface Counted {
  permitted: number;
  refused: number;
  lastMs: number;
}

interface AgentCounts {
  readonly lists: Map<UsageList, Map<string, Counted>>;
  forgotten: number;
}

/** Agents are names of the policy; reloads that rename them leave old ones behind, up to that many. */
const AGENTS_MAX = 10_000;

function agentOf(counts: Map<string, AgentCounts>, agent: string): AgentCounts | undefined {
  const known = counts.get(agent);
  if (known !== undefined || counts.size >= AGENTS_MAX) return known;
  const made: AgentCounts = { lists: new Map(), forgotten: 0 };
  counts.set(agent, made);
  return made;
}

/** `name`: as it may be kept; undefined: it may not. */
function count(
  agent: AgentCounts,
  { list, permitted }: Omit<RecordedUse, 'name'>,
  { name, unixMs }: { readonly name: string | undefined; readonly unixMs: number },
): void {
  let names = agent.lists.get(list);
  if (names === undefined) {
    names = new Map();
    agent.lists.set(list, names);
  }
  const known = name === undefined ? undefined : names.get(name);
  if (known === undefined && (name === undefined || names.size >= FIXED.usageNames)) {
    agent.forgotten++;
    return;
  }
  const one = known ?? { permitted: 0, refused: 0, lastMs: unixMs };
  if (known === undefined && name !== undefined) names.set(name, one);
  one[permitted ? 'permitted' : 'refused']++;
  one.lastMs = Math.max(one.lastMs, unixMs);
}

function usageOf(counts: ReadonlyMap<string, AgentCounts>): Usage {
  const agents = [...counts].map(([agent, { lists, forgotten }]): readonly [string, AgentUsage] => {
    const named = [...lists].map(([list, names]) => [list, [...names].map(([name, one]): NameUsage => ({ name, ...one }))] as const);
    return [agent, { lists: Object.fromEntries(named), forgotten }];
  });
  return { version: 1, agents: Object.fromEntries(agents) };
}

/** Both together; of a list with too many names those used longest ago are only counted. */
export function mergeUsage(a: Usage, b: Usage): Usage {
  const agents = new Map(Object.entries(a.agents));
  for (const [name, usage] of Object.entries(b.agents)) {
    const known = agents.get(name);
    agents.set(name, known === undefined ? usage : mergeAgent(known, usage));
  }
  return { version: 1, agents: Object.fromEntries(agents) };
}

function mergeAgent(a: AgentUsage, b: AgentUsage): AgentUsage {
  let forgotten = a.forgotten + b.forgotten;
  const lists = USAGE_LISTS.flatMap((list) => {
    const names = mergeNames(a.lists[list] ?? [], b.lists[list] ?? []);
    const kept =
      names.length <= FIXED.usageNames ? names : names.toSorted((one, other) => other.lastMs - one.lastMs).slice(0, FIXED.usageNames);
    for (const { permitted, refused } of names.filter((one) => !kept.includes(one))) forgotten += permitted + refused;
    return kept.length === 0 ? [] : [[list, kept] as const];
  });
  return { lists: Object.fromEntries(lists), forgotten };
}

function mergeNames(a: readonly NameUsage[], b: readonly NameUsage[]): readonly NameUsage[] {
  const names = new Map(a.map((one) => [one.name, one]));
  for (const one of b) {
    const known = names.get(one.name);
    const { permitted = 0, refused = 0, lastMs = 0 } = known ?? {};
    names.set(one.name, {
      name: one.name,
      permitted: permitted + one.permitted,
      refused: refused + one.refused,
      lastMs: Math.max(lastMs, one.lastMs),
    });
  }
  return [...names.values()];
}

/** Adds files up into `past.json`; one process at a time, so that none counts twice. */
function addUp(place: string, isOver: (name: string) => boolean): void {
  locked(path.join(place, 'lock'), () => {
    const over = filesIn(place).filter((name) => name !== PAST && isOver(name));
    if (over.length === 0) return;
    const all = [PAST, ...over].flatMap((name) => readOne(path.join(place, name)) ?? []);
    replaceFile(path.join(place, PAST), `${JSON.stringify(all.reduce(mergeUsage, NO_USAGE))}\n`);
    for (const name of over) rmSync(path.join(place, name), { force: true });
  });
}

const fileOf = (machine: string, pid: number): string => `${encodeURIComponent(machine)}.${pid}.json`;

/** Only of this machine: nothing is known of the processes of another one. */
function isOfEnded(name: string, machine: string, isAlive: (pid: number) => boolean): boolean {
  const start = `${encodeURIComponent(machine)}.`;
  const pid = Number(name.slice(start.length, -'.json'.length));
  return name.startsWith(start) && Number.isInteger(pid) && !isAlive(pid);
}

function filesIn(place: string): readonly string[] {
  try {
    return readdirSync(place).filter((name) => name.endsWith('.json'));
  } catch {
    return []; // nothing was used yet
  }
}

/** Undefined: it is not there any more, or it is none. */
function readOne(file: string): Usage | undefined {
  try {
    return usageSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
