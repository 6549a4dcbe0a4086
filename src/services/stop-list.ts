import { createHash } from 'node:crypto';
import { type FSWatcher, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimes, watch, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { isStanding, STOP_SCOPES, type Stop } from '../agents/stops.ts';
import { AppError } from '../lib/errors.ts';
import { locked, replaceFile, stampOf } from './locked-file.ts';

/** The orders that stand in a folder, and which processes have taken them over. */
export interface StopWatch {
  stops(): readonly Stop[];
  /** Reads the file again now. */
  look(): void;
  close(): void;
}

export interface StopWatchOptions {
  readonly folder: string;
  /** Who follows. Default: this process, on a machine of this host name (a container has one of its own). */
  readonly follower?: Follower;
  /** Called after a change counts, with all orders; returns how many open exchanges it ended. */
  readonly onChange: (stops: readonly Stop[]) => number;
  /**
   * A file that cannot be read, or a change that cannot be followed: the orders before it stay in force, and it is tried again. Told once,
   * until all is well. `message` has no text of the file.
   */
  readonly onError: (message: string) => void;
}

/** A process that follows a list. Containers that share a folder all have process 1: the id alone names none of them. */
export interface Follower {
  readonly machine: string;
  readonly pid: number;
}

/** How a process told that it follows the list. */
export interface StopAck extends Follower {
  /** Of the list it follows. */
  readonly version: string;
  readonly atUnixMs: number;
  /** Open exchanges it ended with the last change. */
  readonly ended: number;
  /** Its last sign of life: one every `ALIVE_MS`. */
  readonly seenUnixMs: number;
}

const FILE = 'stops.json';
const ACKS = 'stops';
/** How often the file is looked at beside what the file system reports, in milliseconds: some report nothing. */
const POLL_MS = 200;
/** How often a process says that it still runs, in milliseconds. */
export const ALIVE_MS = 1_000;
/** After what time without a sign of life the file of a process is removed by the next one that starts, in milliseconds. */
const FORGOTTEN_MS = 24 * 60 * 60 * 1000;
/** Orders in one list; more are refused by the command. */
export const STOPS_MAX = 10_000;

/** Of an order, wherever it comes from. */
export const stopSchema = z.object({
  id: z.string().max(64),
  scope: z.enum(STOP_SCOPES),
  name: z.string().max(256),
  reason: z.string().max(1024),
  by: z.string().max(256),
  atUnixMs: z.number(),
  untilUnixMs: z.number().optional(),
});
const resumedSchema = z.object({ id: z.string().max(64), atUnixMs: z.number() });
const fileSchema = z.object({
  version: z.literal(1),
  stops: z.array(stopSchema).max(STOPS_MAX),
  resumed: z.array(resumedSchema).max(STOPS_MAX).default([]),
});

/** An order that was taken back. Kept for `RESUMED_MS`, so that no other installation that shares stops brings it back. */
export type Resumed = Readonly<z.infer<typeof resumedSchema>>;
/** How long it is known that an order was taken back, in milliseconds; one who was cut off for longer brings it back. */
export const RESUMED_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Follows the list of a folder: what is written there counts here within `POLL_MS`. Keeps no process alive. Throws `file-unreadable` when
 * there is a list and it cannot be read: a filter that begins without knowing whom it may not serve would serve them.
 */
export function watchStops({ folder, follower = THIS_PROCESS, onChange, onError }: StopWatchOptions): StopWatch {
  mkdirSync(path.join(folder, ACKS), { recursive: true, mode: 0o700 });
  forgetOld(folder);
  const own = ackFile(folder, follower);
  let list = standingList(folder);
  /** Of the file whose list is in force; undefined: to be looked at in any case. */
  let seen: string | undefined;
  /** The version whose change has been carried out. */
  let followed: string | undefined;
  /** The version that is acknowledged, and what is to be acknowledged. */
  let said: Pick<StopAck, 'version' | 'ended'> | undefined;
  let acknowledged: string | undefined;
  let told: string | undefined;
  let watcher: FSWatcher | undefined;

  /** Each step counts as done only when it is: one that fails is tried again at the next look. */
  function take(): void {
    const stamp = stampOf(path.join(folder, FILE));
    if (stamp !== seen) {
      const read = readStopFile(folder);
      if (!read.ok) throw new Error(read.message);
      list = read.file;
    }
    if (list.version !== followed) {
      said = { version: list.version, ended: onChange(list.stops) };
      followed = list.version;
    }
    seen = stamp;
    if (said === undefined || said.version === acknowledged) return;
    writeAck(own, { ...follower, ...said, atUnixMs: Date.now() });
    acknowledged = said.version;
  }

  /** Whatever goes wrong here must not end the process, nor be told five times a second. */
  function look(): void {
    try {
      take();
      told = undefined;
    } catch (error) {
      const message = error instanceof Error ? error.message : 'the list of stops cannot be followed';
      if (message !== told) onError(message);
      told = message;
    }
  }

  look();
  const poll = setInterval(look, POLL_MS).unref();
  const alive = setInterval(() => showLife(own), ALIVE_MS).unref();
  try {
    watcher = watch(folder, { persistent: false }, look);
    watcher.on('error', () => watcher?.close());
  } catch {
    // No watch left to have: the poll sees it.
  }
  return {
    stops: () => list.stops,
    look,
    close() {
      clearInterval(poll);
      clearInterval(alive);
      watcher?.close();
      rmSync(own, { force: true });
    },
  };
}

function standingList(folder: string): StopFile {
  const read = readStopFile(folder);
  if (read.ok) return read.file;
  throw new AppError('file-unreadable', `${read.message}; without it nobody knows who is stopped`, {
    next: 'correct the file or its permissions, or remove it and give the stops anew; `sluice stop --list` reads it',
  });
}

/** The list as it stands on disk. `version` changes with every change; empty for no list. */
export interface StopFile {
  readonly version: string;
  readonly stops: readonly Stop[];
  readonly resumed: readonly Resumed[];
}

const EMPTY: StopFile = { version: 'none', stops: [], resumed: [] };

export function readStopFile(
  folder: string,
): { readonly ok: true; readonly file: StopFile } | { readonly ok: false; readonly message: string } {
  try {
    const text = readFileSync(path.join(folder, FILE), 'utf8');
    const { stops, resumed } = fileSchema.parse(JSON.parse(text));
    const version = createHash('sha256').update(text).digest('hex').slice(0, 12);
    return { ok: true, file: { version, stops: stops.map(plainStop), resumed } };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { ok: true, file: EMPTY };
    return { ok: false, message: `${path.join(folder, FILE)} is not a list of stops` };
  }
}

/**
 * Changes the list: what `change` makes of the orders that stand is written in one step, and expired ones are left out. Two commands at
 * once wait for each other. Throws `state-unusable` when the folder cannot be written, `file-unreadable` when the list cannot be read.
 */
export function changeStops(folder: string, change: (stops: readonly Stop[]) => readonly Stop[]): StopFile {
  return rewrite(folder, ({ stops, resumed }, atUnixMs) => {
    const changed = change(stops);
    const gone = stops.filter(({ id }) => !changed.some((one) => one.id === id));
    return { stops: changed, resumed: [...resumed, ...gone.map(({ id }) => ({ id, atUnixMs }))] };
  });
}

/** Takes over what stands elsewhere and what was taken back there; an order that was taken back anywhere stands nowhere. */
export function mergeStops(folder: string, others: Pick<StopFile, 'stops' | 'resumed'>): StopFile {
  return rewrite(folder, (own) => {
    const resumed = new Map([...others.resumed, ...own.resumed].map((one) => [one.id, one]));
    const stops = new Map([...others.stops, ...own.stops].filter(({ id }) => !resumed.has(id)).map((one) => [one.id, one]));
    return { stops: [...stops.values()], resumed: [...resumed.values()] };
  });
}

type StopLists = Pick<StopFile, 'stops' | 'resumed'>;

function rewrite(folder: string, change: (standing: StopLists, nowMs: number) => StopLists): StopFile {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return locked(path.join(folder, `${FILE}.lock`), () => {
    const before = standingList(folder);
    const now = Date.now();
    const { stops, resumed } = change({ ...before, stops: before.stops.filter((stop) => isStanding(stop, now)) }, now);
    if (stops.length > STOPS_MAX)
      throw new AppError('usage', `more than ${STOPS_MAX} stops stand`, { next: 'take some back: `sluice resume`' });
    const remembered = resumed.filter(({ atUnixMs }) => now - atUnixMs < RESUMED_MS).slice(-STOPS_MAX);
    // The time makes every list another one: a process acknowledges this change and not an equal one of before.
    const text = JSON.stringify({ version: 1, writtenUnixMs: now, stops, resumed: remembered }, undefined, 1);
    replaceFile(path.join(folder, FILE), `${text}\n`);
    return standingList(folder);
  });
}

/** With every key, as the rest of the program has it. */
export function plainStop(stop: z.infer<typeof stopSchema>): Stop {
  return { ...stop, untilUnixMs: stop.untilUnixMs };
}

/** What each process that follows the list of a folder has said. Those of processes that are gone are among them. */
export function readAcks(folder: string): readonly StopAck[] {
  let names: readonly string[];
  try {
    names = readdirSync(path.join(folder, ACKS)).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const file = path.join(folder, ACKS, name);
    try {
      return [{ ...ackSchema.parse(JSON.parse(readFileSync(file, 'utf8'))), seenUnixMs: statSync(file).mtimeMs }];
    } catch {
      return []; // half written: it is there at the next look
    }
  });
}

const ackSchema = z.object({ machine: z.string(), pid: z.number(), version: z.string(), atUnixMs: z.number(), ended: z.number() });

function writeAck(file: string, ack: Omit<StopAck, 'seenUnixMs'>): void {
  writeFileSync(`${file}.draft`, JSON.stringify(ack), { mode: 0o600 });
  renameSync(`${file}.draft`, file);
}

/** By the time of the file. One that cannot be touched counts as gone elsewhere, and is there again with the next change of the list. */
function showLife(file: string): void {
  const now = new Date();
  utimes(file, now, now, () => undefined);
}

/** What processes left that were killed in containers which are no more. */
function forgetOld(folder: string): void {
  const before = Date.now() - FORGOTTEN_MS;
  for (const ack of readAcks(folder)) if (ack.seenUnixMs < before) rmSync(ackFile(folder, ack), { force: true });
}

const THIS_PROCESS: Follower = { machine: hostname(), pid: process.pid };

const ackFile = (folder: string, { machine, pid }: Follower): string =>
  path.join(folder, ACKS, `${encodeURIComponent(machine)}.${pid}.json`);
