import { type Fingerprint, UNREAD } from '../agents/integrity/fingerprint.ts';
import type { SeenTool } from '../agents/integrity/integrity.ts';
import { type KnownTool, type KnownTools, knownTools, type ToolSource } from '../agents/integrity/known-tools.ts';
import { createLookAlikes } from '../agents/integrity/look-alikes.ts';
import { FIXED } from '../lib/limits.ts';
import { stampOf } from './locked-file.ts';
import { type RegisteredTool, readTools, readToolsSoon, rewriteTools, rewriteToolsSoon, type ToolSnapshot, toolFile } from './tool-file.ts';

/** Longest name of a tool or server that is remembered, in UTF-16 units; a longer one is new each time. */
const NAME_UNITS_MAX = 512;

/** Changes the registry in one step. Two writers at once wait for each other. Throws when it cannot be read or written. */
export function changeTools(
  folder: string,
  change: (tools: readonly RegisteredTool[]) => readonly RegisteredTool[],
): readonly RegisteredTool[] {
  return rewriteTools(folder, (before) => bounded(change(before))).tools;
}

/** Over `FIXED.registeredTools` the source with most gives up what it showed last, so that none pushes out another's; what was approved stays. */
function bounded(tools: readonly RegisteredTool[]): readonly RegisteredTool[] {
  const over = tools.length - FIXED.registeredTools;
  if (over <= 0) return tools;
  const sources = [
    ...Map.groupBy(
      tools.filter(({ approved }) => approved === undefined),
      shareOf,
    ).values(),
  ].map((own) => own.toSorted((a, b) => a.first.atUnixMs - b.first.atUnixMs));
  const gone = new Set<RegisteredTool>();
  for (let at = 0; at < over && sources.length > 0; at++) {
    const largest = sources.reduce((most, own) => (own.length > most.length ? own : most));
    const last = largest.pop();
    if (last !== undefined) gone.add(last);
  }
  return tools.filter((tool) => !gone.has(tool)).slice(0, FIXED.registeredTools);
}

/** Whose tools count together: paths of one host are as many as anybody likes. */
function shareOf({ origin, server }: ToolSource): string {
  return origin === 'declared' ? `${origin} ${server}` : `${origin} ${server.split('/', 1)[0]}`;
}

/** The registry with what was seen: new tools, and new definitions of known ones. The same list when nothing is new. */
export function withSeen(tools: readonly RegisteredTool[], seen: readonly SeenTool[], atUnixMs: number): readonly RegisteredTool[] {
  const places = new Map(tools.map((tool) => [placeOf(tool, tool.name), tool]));
  const counts = new Map<string, number>();
  for (const tool of tools) counts.set(shareOf(tool), (counts.get(shareOf(tool)) ?? 0) + 1);
  let units = tools.reduce((sum, tool) => sum + unitsOf(tool), 0);
  let changed = false;
  for (const { origin, server, name, fingerprint, definition } of seen) {
    if (name.length > NAME_UNITS_MAX || server.length > NAME_UNITS_MAX) continue;
    const place = placeOf({ origin, server }, name);
    const known = places.get(place);
    if (known?.latest.fingerprint.whole === fingerprint.whole) continue;
    const count = counts.get(shareOf({ origin, server })) ?? 0;
    if (known === undefined && count >= FIXED.registeredToolsOfSource) continue;
    counts.set(shareOf({ origin, server }), known === undefined ? count + 1 : count);
    const fits = definition !== undefined && units + definition.length <= FIXED.registeredTextUnits;
    if (fits) units += definition.length;
    const latest = { fingerprint, atUnixMs, ...(fits && { definition }) };
    places.set(place, known === undefined ? { origin, server, name, first: latest, latest } : { ...known, latest });
    changed = true;
  }
  return changed ? [...places.values()] : tools;
}

function unitsOf({ first, latest, approved }: RegisteredTool): number {
  return [first, latest, approved].reduce((sum, version) => sum + (version?.definition?.length ?? 0), 0);
}

function placeOf({ origin, server }: ToolSource, name: string): string {
  return `${origin}\n${server}\n${name}`;
}

/** The registry of this process, which follows what others write into it and writes what it sees itself. */
export interface ToolRegistry {
  known(): KnownTools;
  /** Remembers; written within `FLUSH_MS`. */
  note(seen: readonly SeenTool[]): void;
  /** Writes what waits; the process may end when it has resolved. Never rejects. */
  close(): Promise<void>;
}

export interface ToolRegistryOptions {
  readonly folder: string;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Whether a name from traffic may be kept as it is; a tool of another one is new each time. */
  readonly mayKeep: (name: string) => boolean;
  /** The file cannot be read or written: what was known before counts. `message` has no text of the file. */
  readonly onError: (message: string) => void;
}

/** How long a definition waits to be written, and how often the file is looked at, in milliseconds. */
const FLUSH_MS = 250;

/** Follows and keeps the registry of a folder. Keeps no process alive. */
export function openToolRegistry({ folder, now, mayKeep, onError }: ToolRegistryOptions): ToolRegistry {
  /** What the file was looked at with last, and what it had then; undefined: it could not be read. */
  let stamp = '';
  let last: ToolSnapshot | undefined;
  let tools: readonly RegisteredTool[] = [];
  let names = createLookAlikes();
  let known = knownTools([], names);
  const waiting: SeenTool[] = [];

  function take(next: readonly RegisteredTool[]): void {
    if (next === tools) return;
    tools = next;
    // Names that are gone are in the index still: when they are as many as may be remembered it begins anew.
    if (names.size > 2 * FIXED.registeredTools) names = createLookAlikes();
    known = knownTools(next.map(knownOf), names);
  }

  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      onError(error instanceof Error ? error.message : 'the list of tools cannot be used');
    }
  }

  /** What the file has, and what was seen since it was read. */
  function follow(snapshot: ToolSnapshot): void {
    last = snapshot;
    stamp = snapshot.stamp;
    take(waiting.length === 0 ? snapshot.tools : withSeen(snapshot.tools, waiting, now()));
  }

  async function look(): Promise<void> {
    const next = stampOf(toolFile(folder));
    if (next === stamp) return;
    stamp = next; // also of one that cannot be read: it is told once
    last = undefined;
    follow({ stamp: next, tools: await readToolsSoon(folder) });
  }

  async function flush(): Promise<void> {
    if (waiting.length === 0) return;
    const seen = waiting.splice(0);
    follow(await rewriteToolsSoon(folder, (before) => bounded(withSeen(before, seen, now())), last));
  }

  /** One after the other: what is written next is made of what was written or read before. */
  let working: Promise<void> = Promise.resolve();
  let isWorking = false;
  function work(): void {
    if (isWorking) return;
    isWorking = true;
    working = attempt(flush)
      .then(() => attempt(look))
      .finally(() => {
        isWorking = false;
      });
  }

  /** Before anything is asked of it: a start may wait for a long list. */
  function begin(): void {
    const first = stampOf(toolFile(folder));
    stamp = first;
    try {
      follow({ stamp: first, tools: readTools(folder) });
    } catch (error) {
      onError(error instanceof Error ? error.message : 'the list of tools cannot be used');
    }
  }

  begin();
  const timer = setInterval(work, FLUSH_MS).unref();
  return {
    known: () => known,
    note(seen) {
      if (seen.length === 0 || waiting.length >= FIXED.registeredTools) return;
      const kept = seen.filter(({ name, server }) => mayKeep(name) && mayKeep(server));
      waiting.push(...kept);
      // Known here at once: the next exchange does not see it as new again.
      take(withSeen(tools, kept, now()));
    },
    async close() {
      clearInterval(timer);
      await working;
      await attempt(flush);
    },
  };
}

function knownOf({ origin, server, name, first, latest, approved }: RegisteredTool): KnownTool {
  return {
    origin,
    server,
    name,
    first: first.fingerprint,
    latest: latest.fingerprint,
    approved: approved?.fingerprint,
    firstUnixMs: first.atUnixMs,
  };
}

/** Whether what was seen last is what was approved. */
export function standingOf({ first, latest, approved }: RegisteredTool): 'approved' | 'changed' | 'unapproved' {
  const isSame = (before: Fingerprint): boolean => before.whole === latest.fingerprint.whole && before.whole !== UNREAD.whole;
  if (approved !== undefined) return isSame(approved.fingerprint) ? 'approved' : 'changed';
  return isSame(first.fingerprint) ? 'unapproved' : 'changed';
}
