import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../lib/errors.ts';
import { inState } from './state-file.ts';

/** How long a writer waits for another one, and after what time a lock is one that was left behind, in milliseconds. */
const LOCK_MS = 2_000;

/** Does `work` while no other process does any with this lock file. Throws `state-unusable`, also when another one holds it for `LOCK_MS`. */
export function locked<T>(file: string, work: () => T): T {
  const until = Date.now() + LOCK_MS;
  while (!taken(file, until)) Atomics.wait(PAUSE, 0, 0, PAUSE_MS);
  try {
    return work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** A lock that is held over several turns of the event loop. */
export interface HeldLock {
  /** Says that its holder is alive, due within `LOCK_MS`. Throws when another process has taken it for one that was left behind. */
  renew(): void;
}

/** The same for work that waits. */
export async function lockedSoon<T>(file: string, work: (lock: HeldLock) => Promise<T>): Promise<T> {
  const until = Date.now() + LOCK_MS;
  while (!taken(file, until)) await sleep(PAUSE_MS);
  const own = randomUUID();
  writeFileSync(file, own);
  const isOurs = (): boolean => statSync(file, { throwIfNoEntry: false }) !== undefined && readFileSync(file, 'utf8') === own;
  try {
    return await work({
      renew() {
        if (!isOurs()) throw new Error(`${file} was taken by another command`);
        const seconds = Date.now() / 1000;
        utimesSync(file, seconds, seconds);
      },
    });
  } finally {
    if (isOurs()) rmSync(file, { force: true });
  }
}

/** Takes the lock, or makes way for the next attempt when it was left behind. Throws when `until` is over. */
function taken(file: string, until: number): boolean {
  if (inState(file, () => isMade(file))) return true;
  const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (age > LOCK_MS) rmSync(file, { force: true });
  else if (Date.now() > until)
    throw new AppError('state-unusable', `${file} is held by another command`, { next: 'try again in a moment' });
  return false;
}

/** Makes an empty file; false when it is there already. */
function isMade(file: string): boolean {
  try {
    closeSync(openSync(file, 'wx', 0o600));
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    return false;
  }
}

const PAUSE_MS = 5;
const PAUSE = new Int32Array(new SharedArrayBuffer(4));

/** Writes a file in one step: readers see what was there before or all of what is new. 0600. Throws `state-unusable`. */
export function replaceFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  try {
    inState(file, () => {
      writeFileSync(draft, text, { mode: 0o600 });
      renameSync(draft, file);
    });
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Changes with every change of a file: which one it is, its size and the time it was written. `none`: there is no such file. */
export function stampOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? 'none' : `${stat.ino} ${stat.size} ${stat.mtimeNs}`;
}
