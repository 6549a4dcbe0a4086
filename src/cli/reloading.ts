import { AppError } from '../lib/errors.ts';
import type { createLog } from '../telemetry/log.ts';
import { watchFiles } from './file-watch.ts';

export interface ReloadingOptions<T> {
  /** `policy` or `tls`: names the log's events. */
  readonly what: 'policy' | 'tls';
  /** Changes of these are noticed; none: only `reload` loads again. */
  readonly files: readonly string[];
  /** Reads and checks everything anew. Throws what is wrong. */
  readonly load: () => T;
  /** Called with each value that follows the first, before it counts. What it throws keeps the old one. */
  readonly adopt?: (value: T) => void;
  readonly onReload: (result: 'success' | 'failure') => void;
  /** What the log says of a value that was loaded anew: which one it is. */
  readonly named: (value: T) => Readonly<Record<string, string>>;
  readonly log: ReturnType<typeof createLog>;
}

/** A value made of files that follows their changes; a bad file never replaces a good value. */
export interface Reloading<T> {
  current(): T;
  /** Loads again now, whether or not anything changed. Never throws: what is wrong is logged, counted and told by `status`. */
  reload(): void;
  status(): ReloadStatus;
  close(): void;
}

/** Times as ISO 8601. */
export interface ReloadStatus {
  readonly loadedAt: string;
  /** Undefined when none has failed since the value in use was loaded. `message` names file, line and column where there are any. */
  readonly lastFailedReload: { readonly at: string; readonly message: string } | undefined;
}

/** Loads, and watches from then on. Throws what the first load throws. */
export function keepLoaded<T>({ what, files, load, adopt, onReload, named, log }: ReloadingOptions<T>): Reloading<T> {
  const watch = watchFiles(files, reload);
  let value: T;
  try {
    value = load();
  } catch (error) {
    watch.close();
    throw error;
  }
  let loadedAt = new Date().toISOString();
  let lastFailedReload: ReloadStatus['lastFailedReload'];
  return { current: () => value, reload, status: () => ({ loadedAt, lastFailedReload }), close: watch.close };

  function reload(): void {
    try {
      const next = load();
      adopt?.(next);
      value = next;
    } catch (error) {
      failed(error);
      return;
    }
    loadedAt = new Date().toISOString();
    lastFailedReload = undefined;
    onReload('success');
    log.info({ event: `${what}-reloaded`, ...named(value) }, `${what} reloaded`);
  }

  function failed(error: unknown): void {
    const known = error instanceof AppError;
    const problems = known ? error.message.split('\n') : ['it cannot be used; this is a bug of Sluice'];
    lastFailedReload = { at: new Date().toISOString(), message: problems[0]! };
    onReload('failure');
    const fields = { event: `${what}-reload-failed`, ...(known ? { code: error.code } : { err: error }) };
    const shown = problems.slice(0, PROBLEMS_MAX);
    for (const problem of shown) log.error(fields, `${what} not reloaded, the old one stays: ${problem}`);
    if (problems.length > shown.length) log.error(fields, `${what} not reloaded: ${problems.length - shown.length} more problems`);
  }
}

/** Lines logged of one failed reload. */
const PROBLEMS_MAX = 20;
