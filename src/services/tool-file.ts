import { mkdirSync, readFileSync } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { DEFINITION_PARTS } from '../agents/integrity/fingerprint.ts';
import { TOOL_ORIGINS } from '../agents/integrity/known-tools.ts';
import { FIXED } from '../lib/limits.ts';
import { type HeldLock, locked, lockedSoon, replaceFile, stampOf } from './locked-file.ts';
import { writeAll } from './write-all.ts';

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
/** Tools of which the text is read or made in one turn of the event loop: less than a millisecond's work. */
const SLICE = 32;
/** Each tool stands in a line of its own, so that a long list can be read and written in slices. It is one JSON document all the same. */
const HEAD = '{"version":1,"tools":[';
const TAIL = '\n]}\n';

export const toolFile = (folder: string): string => path.join(folder, FILE);

/** The tools in a folder. Empty when there are none yet. */
export function readTools(folder: string): readonly RegisteredTool[] {
  let text: string;
  try {
    text = readFileSync(toolFile(folder), 'utf8');
  } catch (error) {
    return emptyWhenMissing(error);
  }
  return understood(folder, () => fileSchema.parse(JSON.parse(text)).tools);
}

/** The same, without keeping the event loop for the whole of a long list. */
export async function readToolsSoon(folder: string): Promise<readonly RegisteredTool[]> {
  let text: string;
  try {
    text = await readFile(toolFile(folder), 'utf8');
  } catch (error) {
    return emptyWhenMissing(error);
  }
  if (!text.startsWith(`${HEAD}\n`) || !text.endsWith(TAIL)) return understood(folder, () => fileSchema.parse(JSON.parse(text)).tools);
  const tools: RegisteredTool[] = [];
  const end = text.length - TAIL.length;
  for (let at = HEAD.length; at < end; ) {
    at = understood(folder, () => readSlice(text, { at, end }, tools));
    await nextTurn();
  }
  return tools;
}

/** Reads the lines behind `at`, each a tool with a comma before the next one, and says where it ended. */
function readSlice(text: string, { at, end }: { readonly at: number; readonly end: number }, tools: RegisteredTool[]): number {
  let from = at;
  for (let count = 0; count < SLICE && from < end; count++) {
    const next = text.indexOf('\n', from + 1);
    const isLast = next === end;
    tools.push(toolSchema.parse(JSON.parse(text.slice(from + 1, isLast ? next : next - 1))));
    from = next;
  }
  if (tools.length > FIXED.registeredTools) throw new Error('more tools than a list may have');
  return from;
}

function emptyWhenMissing(error: unknown): readonly RegisteredTool[] {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
  throw error;
}

function understood<T>(folder: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${toolFile(folder)} is not a list of tools`, { cause: error });
  }
}

/** The list of a file as it was when it had this stamp. */
export interface ToolSnapshot {
  readonly stamp: string;
  readonly tools: readonly RegisteredTool[];
}

type Change = (tools: readonly RegisteredTool[]) => readonly RegisteredTool[];

/** Changes the list in one step. Two writers at once wait for each other. Throws when it cannot be read or written. */
export function rewriteTools(folder: string, change: Change): ToolSnapshot {
  const file = toolFile(folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return locked(`${file}.lock`, () => {
    const before = readTools(folder);
    const tools = change(before);
    if (tools !== before) replaceFile(file, `${HEAD}${linesOf(tools, 0)}${TAIL}`);
    return { tools, stamp: stampOf(file) };
  });
}

/**
 * The same, without keeping the event loop for the whole of a long list. Readers see what was there before or all of what is new, also of a
 * process that ends in between. `last`: what was read or written last, which spares reading a long file that has not changed since.
 */
export async function rewriteToolsSoon(folder: string, change: Change, last: ToolSnapshot | undefined): Promise<ToolSnapshot> {
  const file = toolFile(folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return lockedSoon(`${file}.lock`, async (lock) => {
    const before = last !== undefined && last.stamp === stampOf(file) ? last.tools : await readToolsSoon(folder);
    const tools = change(before);
    if (tools !== before) await replaceSoon(file, tools, lock);
    return { tools, stamp: stampOf(file) };
  });
}

async function replaceSoon(file: string, tools: readonly RegisteredTool[], lock: HeldLock): Promise<void> {
  const draft = `${file}.${process.pid}`;
  try {
    const handle = await open(draft, 'w', 0o600);
    try {
      await writeSlices(handle, tools, lock);
    } finally {
      await handle.close();
    }
    lock.renew(); // throws when it was taken from us: then another list has come about
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function writeSlices(handle: FileHandle, tools: readonly RegisteredTool[], lock: HeldLock): Promise<void> {
  const write = (text: string) => writeAll(handle, [Buffer.from(text)]);
  await write(HEAD);
  for (let at = 0; at < tools.length; at += SLICE) {
    await write(linesOf(tools.slice(at, at + SLICE), at));
    lock.renew();
  }
  await write(TAIL);
}

/** `at`: how many tools stand before them. */
function linesOf(tools: readonly RegisteredTool[], at: number): string {
  return tools.map((tool, index) => `${at + index === 0 ? '' : ','}\n${JSON.stringify(tool)}`).join('');
}
