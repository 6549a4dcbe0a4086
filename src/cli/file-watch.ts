import { createHash } from 'node:crypto';
import { type FSWatcher, readFileSync, realpathSync, watch } from 'node:fs';
import path from 'node:path';

export interface FileWatch {
  close(): void;
}

/**
 * Calls back after the content of any of the files has changed and then stayed the same for a moment, whichever way it changed: written in
 * place, renamed over, or through a symbolic link on the way that points elsewhere now (Kubernetes swaps `..data`). Folders are watched,
 * not files, because a file that is replaced takes its watch along; a slow look covers what a file system does not report. Keeps no
 * process alive.
 */
export function watchFiles(files: readonly string[], onChange: () => void): FileWatch {
  const watchers = new Map<string, FSWatcher>();
  let known = fingerprint(files);
  /** What was read last, while it is not known yet whether it stays. */
  let candidate: string | undefined;
  let settling: NodeJS.Timeout | undefined;
  const poll = setInterval(look, POLL_MS).unref();
  watchFolders();
  return {
    close() {
      clearInterval(poll);
      clearTimeout(settling);
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };

  function look(): void {
    settling ??= setTimeout(settle, SETTLE_MS).unref();
  }

  function settle(): void {
    settling = undefined;
    const now = fingerprint(files);
    if (now === known) {
      candidate = undefined;
    } else if (now === candidate) {
      known = now;
      candidate = undefined;
      watchFolders();
      onChange();
    } else {
      candidate = now;
      look();
    }
  }

  /** The folders of the files and, where a file is a link into another folder, that one too. */
  function watchFolders(): void {
    const wanted = new Set(files.flatMap((file) => [path.dirname(path.resolve(file)), path.dirname(realPath(file))]));
    for (const [folder, watcher] of watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of wanted) if (!watchers.has(folder)) watchFolder(folder);
  }

  function watchFolder(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, look);
      watcher.on('error', () => forget(folder));
      watchers.set(folder, watcher);
    } catch {
      // No such folder yet, or no watch left to have: the slow look still sees the files.
    }
  }

  function forget(folder: string): void {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  }
}

/** How long the content must stay the same before it counts, in milliseconds: files are written in pieces, and in pairs. */
const SETTLE_MS = 100;
/** How often the files are read without any report of a change, in milliseconds. */
const POLL_MS = 30_000;

function fingerprint(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(createHash('sha256').update(contentOf(file)).digest());
  return hash.digest('hex');
}

/** A file that cannot be read differs from every one that can. */
function contentOf(file: string): Buffer | string {
  try {
    return readFileSync(file);
  } catch {
    return 'unreadable';
  }
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}
