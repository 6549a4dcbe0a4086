import { closeSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';

/** How long a writer waits for another one, and after what time a lock is one that was left behind, in milliseconds. */
const LOCK_MS = 2_000;

/** Does `work` while no other process does any with this lock file. Throws when another one holds it for `LOCK_MS`. */
export function locked<T>(file: string, work: () => T): T {
  const until = Date.now() + LOCK_MS;
  for (;;) {
    try {
      closeSync(openSync(file, 'wx', 0o600));
      break;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
      if (age > LOCK_MS) rmSync(file, { force: true });
      else if (Date.now() > until) throw new Error(`${file} is held by another command`);
      Atomics.wait(PAUSE, 0, 0, 5);
    }
  }
  try {
    return work();
  } finally {
    rmSync(file, { force: true });
  }
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4));

/** Writes a file in one step: readers see what was there before or all of what is new. 0600. */
export function replaceFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}

/** Changes with every change of a file: which one it is, its size and the time it was written. `none`: there is no such file. */
export function stampOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? 'none' : `${stat.ino} ${stat.size} ${stat.mtimeNs}`;
}
