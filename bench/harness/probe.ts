import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { waitFor } from '../../test/support/processes.ts';
import type { LoopReport } from './loop.ts';
import { type AllocationProfile, type CpuProfile, type Profile, reduceAllocation, reduceProfile } from './profile.ts';

/** Environment of a Node process that can be measured from outside; `portFile` does not exist yet. */
export function probedEnvironment(portFile: string): Readonly<Record<string, string>> {
  const preload = pathToFileURL(path.join(import.meta.dirname, '../preload/probe.ts')).href;
  return { NODE_OPTIONS: `--import=${preload}`, SLUICE_BENCH_PROBE: portFile };
}

export interface Probe {
  /** What a process does while something runs: three runs, so that no way of looking shows in another. */
  profile(run: () => Promise<{ readonly answered: number }>): Promise<Profile>;
  loop(run: () => Promise<unknown>): Promise<LoopReport>;
}

/** Reaches the probe of a process that was started with `probedEnvironment`. */
export async function openProbe(portFile: string): Promise<Probe> {
  const port = await waitFor(() => portIn(portFile));
  const call = async (name: string): Promise<unknown> => (await fetch(`http://127.0.0.1:${port}/${name}`, { method: 'POST' })).json();
  const during = async <T>(what: string, run: () => Promise<T>): Promise<{ readonly ran: T; readonly said: unknown }> => {
    await call(`${what}/start`);
    const ran = await run();
    return { ran, said: await call(`${what}/stop`) };
  };
  const loop = async (run: () => Promise<unknown>): Promise<LoopReport> => (await during('loop', run)).said as LoopReport;
  return {
    loop,
    async profile(run) {
      const cpu = await during('cpu', run);
      const allocation = await during('allocation', run);
      return {
        ...reduceProfile(cpu.said as CpuProfile),
        ...reduceAllocation(allocation.said as AllocationProfile, allocation.ran.answered),
        loop: await loop(run),
      };
    },
  };
}

function portIn(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined;
  } catch {
    return undefined; // not written yet
  }
}
