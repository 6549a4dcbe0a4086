import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { DEFINITION_PARTS, type Fingerprint, UNREAD } from '../agents/integrity/fingerprint.ts';
import type { SeenTool } from '../agents/integrity/integrity.ts';
import { type KnownTool, type KnownTools, knownTools, TOOL_ORIGINS, type ToolSource } from '../agents/integrity/known-tools.ts';
import { createLookAlikes } from '../agents/integrity/look-alikes.ts';
import { FIXED } from '../lib/limits.ts';
import { locked, replaceFile, stampOf } from './locked-file.ts';

const fingerprintSchema = z.object({
  whole: z.string().max(64),
  parts: z.partialRecord(z.enum(DEFINITION_PARTS), z.string().max(64)),
});
const versionSchema = z.object({
  fingerprint: fingerprintSchema,
  atUnixMs: z.number(),
  /** Only where the policy lets it be kept. */
  definition: z.string().optional(),
});
const approvalSchema = versionSchema.extend({ by: z.string().max(256), reason: z.string().max(1024) });
const toolSchema = z.object({
  origin: z.enum(TOOL_ORIGINS),
  server: z.string(),
  name: z.string(),
  first: versionSchema,
  latest: versionSchema,
  approved: approvalSchema.optional(),
});
const fileSchema = z.object({ version: z.literal(1), tools: z.array(toolSchema).max(FIXED.registeredTools) });

/** A tool of the registry: the definition that was seen first, the one seen last, the one that was approved. */
export type RegisteredTool = Readonly<z.infer<typeof toolSchema>>;
export type ToolVersion = Readonly<z.infer<typeof versionSchema>>;

const FILE = 'tools.json';
/** Longest name of a tool or server that is remembered, in UTF-16 units; a longer one is new each time. */
const NAME_UNITS_MAX = 512;

/** The tools in a folder. Empty when there are none yet. */
export function readTools(folder: string): readonly RegisteredTool[] {
  let text: string;
  try {
    text = readFileSync(path.join(folder, FILE), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  try {
    return fileSchema.parse(JSON.parse(text)).tools;
  } catch (error) {
    throw new Error(`${path.join(folder, FILE)} is not a list of tools`, { cause: error });
  }
}

/** Changes the registry in one step. Two writers at once wait for each other. Throws when it cannot be read or written. */
export function changeTools(
  folder: string,
  change: (tools: readonly RegisteredTool[]) => readonly RegisteredTool[],
): readonly RegisteredTool[] {
  return rewrite(folder, change).tools;
}

/** The list of a file as it was when it had this stamp. */
interface Snapshot {
  readonly stamp: string;
  readonly tools: readonly RegisteredTool[];
}

/** `last`: what was read or written last, which spares reading a long file that has not changed since. */
function rewrite(folder: string, change: (tools: readonly RegisteredTool[]) => readonly RegisteredTool[], last?: Snapshot): Snapshot {
  const file = path.join(folder, FILE);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return locked(`${file}.lock`, () => {
    const before = last !== undefined && last.stamp === stampOf(file) ? last.tools : readTools(folder);
    const tools = bounded(change(before));
    if (tools !== before) replaceFile(file, `${JSON.stringify({ version: 1, tools })}\n`);
    return { tools, stamp: stampOf(file) };
  });
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
  /** Writes what waits. */
  close(): void;
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
  let last: Snapshot | undefined;
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

  function attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      onError(error instanceof Error ? error.message : 'the list of tools cannot be used');
    }
  }

  function look(): void {
    attempt(() => {
      const next = stampOf(path.join(folder, FILE));
      if (next === stamp) return;
      stamp = next; // also of one that cannot be read: it is told once
      last = undefined;
      last = { stamp, tools: readTools(folder) };
      take(last.tools);
    });
  }

  function flush(): void {
    if (waiting.length === 0) return;
    const seen = waiting.splice(0);
    attempt(() => {
      last = rewrite(folder, (before) => withSeen(before, seen, now()), last);
      stamp = last.stamp;
      take(last.tools);
    });
  }

  look();
  const timer = setInterval(() => {
    flush();
    look();
  }, FLUSH_MS).unref();
  return {
    known: () => known,
    note(seen) {
      if (seen.length === 0 || waiting.length >= FIXED.registeredTools) return;
      const kept = seen.filter(({ name, server }) => mayKeep(name) && mayKeep(server));
      waiting.push(...kept);
      // Known here at once: the next exchange does not see it as new again.
      take(withSeen(tools, kept, now()));
    },
    close() {
      clearInterval(timer);
      flush();
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
