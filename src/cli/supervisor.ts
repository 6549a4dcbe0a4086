import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { AppError } from '../lib/errors.ts';

/** Lines of a child's stderr that are kept for the message when it ends unexpectedly. */
const LAST_LINES_MAX = 20;
/** How long a child may take to stop by itself before it is killed, in milliseconds. */
const STOP_GRACE_MS = 3_000;

export interface ChildOptions {
  /** What the user calls it: "the filter". */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

/** How a child ended. */
export interface ChildEnd {
  /** In words: `exit code 3`, `signal SIGKILL`, `could not be started: …`. */
  readonly how: string;
  /** Undefined when a signal ended it or it never ran. */
  readonly code: number | undefined;
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly ended: Promise<ChildEnd>;
  readonly lastLines: readonly string[];
}

/**
 * The processes of one run. Each is a process group of its own, so a Ctrl-C at the terminal reaches this process alone and the end is
 * orderly; a guard process ends them when this one is gone without a word (`kill -9`, a crash).
 */
export interface Supervisor {
  start(options: ChildOptions): Child;
  /** Resolves with the first child that ends before `stop` was called. */
  readonly firstEnded: Promise<{ readonly child: Child; readonly how: string }>;
  /** Ends every child, the last started first, and waits until all are gone. May be called again. */
  stop(): Promise<void>;
}

/** Starts the guard; children follow with `start`. */
export function createSupervisor(): Supervisor {
  const guard = startGuard();
  const children: { child: Child; process: ChildProcess }[] = [];
  const first = Promise.withResolvers<{ child: Child; how: string }>();
  let stopping: Promise<void> | undefined;

  const start = (options: ChildOptions): Child => {
    const process = spawn(options.file, options.args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: options.environment ?? globalThis.process.env,
    });
    const child = watch(process, options, () => stopping !== undefined);
    children.push({ child, process });
    if (process.pid !== undefined) guard.watch(process.pid);
    void child.ended.then(({ how }) => first.resolve({ child, how }));
    return child;
  };
  const stopAll = async () => {
    for (const { child, process } of children.toReversed()) await stopOne(child, process);
    guard.end();
  };
  const stop = () => {
    stopping ??= stopAll();
    return stopping;
  };
  return { start, firstEnded: first.promise, stop };
}

function watch(process: ChildProcess, { name, onLine }: ChildOptions, isStopping: () => boolean): Child {
  const lastLines: string[] = [];
  const take = (line: string, stream: 'stdout' | 'stderr') => {
    if (isStopping()) return; // what a process says about being stopped is no news
    if (lastLines.push(line) > LAST_LINES_MAX) lastLines.shift();
    onLine?.(line, stream);
  };
  readLines(process.stdout, (line) => take(line, 'stdout'));
  readLines(process.stderr, (line) => take(line, 'stderr'));
  const ended = new Promise<ChildEnd>((resolve) => {
    process.on('error', (error) => resolve({ how: `could not be started: ${error.message}`, code: undefined }));
    process.on('close', (code, signal) =>
      resolve({ how: signal === null ? `exit code ${code}` : `signal ${signal}`, code: code ?? undefined }),
    );
  });
  return { name, pid: process.pid ?? 0, ended, lastLines };
}

function readLines(stream: Readable | null, take: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream }).on('line', take);
}

async function stopOne({ ended }: Child, process: ChildProcess): Promise<void> {
  process.kill('SIGTERM');
  // A stopped process (SIGSTOP) takes its SIGTERM only when it runs again.
  process.kill('SIGCONT');
  const timer = setTimeout(() => process.kill('SIGKILL'), STOP_GRACE_MS);
  await ended;
  clearTimeout(timer);
}

interface Guard {
  watch(pid: number): void;
  end(): void;
}

/** Reads process ids until its input ends, which happens when the process that holds the other end is gone; then ends them all. */
const GUARD_SCRIPT = `pids=''
while read -r pid; do pids="$pids $pid"; done
[ -n "$pids" ] || exit 0
kill -CONT $pids 2>/dev/null; kill -TERM $pids 2>/dev/null
sleep 2
kill -KILL $pids 2>/dev/null`;

function startGuard(): Guard {
  const guard = spawn('/bin/sh', ['-c', GUARD_SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  guard.on('error', (error) => {
    throw new AppError('internal', 'cannot start /bin/sh, which guards the processes of this run', { cause: error });
  });
  // Writing to a guard that somebody killed must not end the run: the processes are still stopped the ordinary way.
  guard.stdin.on('error', () => guard.stdin.destroy());
  return {
    watch: (pid) => guard.stdin.write(`${pid}\n`),
    end: () => guard.kill('SIGKILL'),
  };
}
