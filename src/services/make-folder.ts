import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Makes a folder and those above it that are missing, readable by their owner only. Throws what the file system says. Node's own
 * `recursive` never returns where a parent is there and says that it is not, as /proc does (Node 24).
 */
export function makeFolder(folder: string): void {
  try {
    makeOne(folder);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT') || path.dirname(folder) === folder) throw error;
    makeFolder(path.dirname(folder));
    makeOne(folder);
  }
}

/** One that is there already, which another process may have made just now, is as good. */
function makeOne(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}
