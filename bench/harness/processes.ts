import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

/** CPU time of all threads of a process that live, in microseconds (Linux `/proc/<pid>/task/<tid>/schedstat`, nanoseconds there). */
export function cpuMicroseconds(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) nanoseconds += threadNanoseconds(pid, thread);
  return nanoseconds / 1000;
}

function threadNanoseconds(pid: number, thread: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  } catch {
    return 0; // it ended while it was read
  }
}

/** For how long a process has to do next to nothing, what that is in microseconds, and for how long that is waited for. */
const CALM = { ms: 500, micros: 10_000, tries: 120 } as const;

/** Waits until a process has done what it does after its start. */
export async function calm(pid: number): Promise<void> {
  for (let i = 0; i < CALM.tries; i++) {
    const before = cpuMicroseconds(pid);
    await delay(CALM.ms);
    if (cpuMicroseconds(pid) - before < CALM.micros) return;
  }
  throw new Error('a process does not come to rest after its start');
}

/** Which cores who runs on; undefined: wherever the system puts them. */
export type Pinning = { readonly load: number; readonly filter: number } | undefined;

/** Envoy, provider and load on one core, the filter on another, where there are two and `taskset` is there. */
export function pinning(): Pinning {
  return CORES > 1 && has('taskset') ? { load: 0, filter: 1 } : undefined;
}

/** Before this process is pinned itself. */
const CORES = availableParallelism();

/** Keeps every thread of a process on one core; those that it starts later too. */
export function pin(pid: number, core: number | undefined): void {
  if (core !== undefined) execFileSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' });
}

function has(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
