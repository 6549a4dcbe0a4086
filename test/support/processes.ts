import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { NODE_ENVIRONMENT, NODE_FLAGS } from '../../setup/node-flags.js';

/** A started program whose output can be waited for. */
export interface StartedProcess {
  readonly pid: number;
  /** Complete lines so far. */
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /** The first line (of lines past, too) that satisfies the predicate; rejects when the program ends before, or after `waitMs`, 40 s by default. */
  line(stream: 'stdout' | 'stderr', predicate: (line: string) => boolean, waitMs?: number): Promise<string>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  kill(signal: NodeJS.Signals): void;
}

export interface StartOptions {
  readonly file?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

const root = path.resolve(import.meta.dirname, '../..');
const WAIT_MS = 40_000;
const POLL_MS = 25;

/** Starts `sluice` with the Node that runs the tests. */
export function startSluice(args: readonly string[], options: StartOptions = {}): StartedProcess {
  const environment = { ...NODE_ENVIRONMENT, ...options.environment };
  return startProcess(process.execPath, [...NODE_FLAGS, path.join(root, 'src/cli.ts'), ...args], { ...options, environment });
}

/** Runs `sluice` to its end. */
export async function runSluice(args: readonly string[], options: StartOptions = {}) {
  const started = startSluice(args, options);
  const { code, signal } = await started.ended;
  return { code, signal, stdout: started.stdout.join('\n'), stderr: started.stderr.join('\n') };
}

export function startProcess(file: string, args: readonly string[], { environment, cwd }: StartOptions = {}): StartedProcess {
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...environment },
    cwd: cwd ?? root,
  });
  const lines = { stdout: [] as string[], stderr: [] as string[] };
  for (const name of ['stdout', 'stderr'] as const) createInterface({ input: child[name] }).on('line', (line) => lines[name].push(line));
  let over = false;
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      over = true;
      resolve({ code, signal });
    });
  });
  return {
    pid: child.pid!,
    ...lines,
    ended,
    kill: (signal) => child.kill(signal),
    async line(stream, predicate, waitMs) {
      const found = await waitFor(() => lines[stream].find(predicate) ?? (over ? null : undefined), waitMs);
      if (found !== null) return found;
      throw new Error(`the process ended before the line came:\n${lines.stdout.join('\n')}\n${lines.stderr.join('\n')}`);
    },
  };
}

/** Asks again until there is an answer; rejects after `waitMs`, 40 s by default. */
export async function waitFor<T>(look: () => T | undefined | Promise<T | undefined>, waitMs: number = WAIT_MS): Promise<T> {
  const end = performance.now() + waitMs;
  while (performance.now() < end) {
    const value = await look();
    if (value !== undefined) return value;
    await delay(POLL_MS);
  }
  throw new Error(`nothing after ${waitMs} ms`);
}

/** A process of the system. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Every process below one, its children's children included. */
export function descendantsOf(pid: number): readonly ProcessRow[] {
  const all = listProcesses();
  const below = (parent: number): ProcessRow[] => all.filter((row) => row.parent === parent).flatMap((row) => [row, ...below(row.pid)]);
  return below(pid);
}

/** Which of these processes exist; a zombie counts as gone. */
export function alive(pids: readonly number[]): readonly number[] {
  const running = new Set(listProcesses().map(({ pid }) => pid));
  return pids.filter((pid) => running.has(pid));
}

/** Resident memory of a process, in bytes. */
export function residentBytes(pid: number): number {
  const rss = existsSync('/proc/self/status')
    ? readFileSync(`/proc/${pid}/status`, 'utf8').split('VmRSS:')[1]
    : execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return Number.parseInt(rss!, 10) * 1024;
}

/** The most resident memory that a process has, looked at every few milliseconds, while something happens; in bytes. */
export async function mostResidentBytes(pid: number, happening: Promise<unknown>): Promise<number> {
  let most = residentBytes(pid);
  const timer = setInterval(() => {
    most = Math.max(most, residentBytes(pid));
  }, POLL_MS);
  await happening.finally(() => clearInterval(timer));
  return Math.max(most, residentBytes(pid));
}

function listProcesses(): readonly ProcessRow[] {
  return existsSync('/proc/self/stat') ? fromProc() : fromPs();
}

function fromProc(): readonly ProcessRow[] {
  return readdirSync('/proc')
    .filter((name) => Number(name) > 0)
    .flatMap((name) => readProc(Number(name)));
}

function readProc(pid: number): readonly ProcessRow[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold blanks and brackets itself; what follows the last one is regular.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z') return [];
    return [{ pid, parent: Number(parent), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') }];
  } catch {
    return []; // it ended while it was read
  }
}

function fromPs(): readonly ProcessRow[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,command='], { encoding: 'utf8' }).trim().split('\n');
  return rows.flatMap((row) => {
    const [pid, parent, state, ...command] = row.trim().split(/\s+/);
    return state?.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent), command: command.join(' ') }];
  });
}
