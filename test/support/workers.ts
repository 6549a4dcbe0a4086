import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { WorkerStatus } from '../../src/cli/admin.ts';
import { alive, runSluice, type StartedProcess, startSluice, waitFor } from './processes.ts';

/** A `sluice serve --workers` with a state folder of its own. */
export interface RunningWorkers {
  readonly supervisor: StartedProcess;
  readonly folder: string;
  readonly policyFile: string;
  /** Of the workers, in their order. */
  readonly ports: readonly number[];
  /** URL of the admin address. */
  readonly admin: string;
  status(): Promise<WorkersStatus>;
  /** Process ids of the workers that run now. */
  pids(): Promise<readonly number[]>;
  /** Waits until all are ready; with `restarts` until a worker has been started again so often. */
  ready(restarts?: { readonly worker: number; readonly times: number }): Promise<void>;
  /** A command of the same installation; what it prints as JSON. */
  command(...args: readonly string[]): Promise<{ readonly code: number | null; readonly json: unknown }>;
  /** Ends what is left, each process by its id. */
  stop(): Promise<void>;
}

export interface WorkersStatus {
  readonly ready: boolean;
  readonly endpoints: readonly string[];
  readonly workers: readonly WorkerStatus[];
  readonly traffic: { readonly exchanges: number; readonly verdicts: Readonly<Record<string, number>> };
}

export interface WorkersOptions {
  readonly count?: number;
  /** Text of the policy file. */
  readonly policy?: string;
  readonly flags?: readonly string[];
}

/** Starts it and waits until it is ready. */
export async function startWorkers({ count = 2, policy = 'version: 1\n', flags = [] }: WorkersOptions = {}): Promise<RunningWorkers> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-workers-'));
  const policyFile = path.join(folder, 'policy.yaml');
  writeFileSync(policyFile, policy);
  const environment = { SLUICE_INVENTORY: '', XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder };
  const args = ['serve', '--workers', String(count), '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0', '--policy', policyFile];
  const supervisor = startSluice([...args, ...flags], { environment });
  const line = await supervisor
    .line('stderr', (one) => one.includes('"event":"ready"'))
    .catch(async (error: unknown) => {
      // Its workers end by themselves.
      supervisor.kill('SIGKILL');
      await supervisor.ended;
      throw error;
    });
  const { endpoints, admin, workers } = JSON.parse(line) as { endpoints: string[]; admin: string; workers: number[] };
  const everyPid = new Set(workers);
  const status = async () => {
    const read = (await (await fetch(`${admin}/status`)).json()) as WorkersStatus;
    for (const { pid } of read.workers) if (pid !== undefined) everyPid.add(pid);
    return read;
  };
  return {
    supervisor,
    folder,
    policyFile,
    ports: endpoints.map((endpoint) => Number(endpoint.split(':').at(-1))),
    admin,
    status,
    pids: async () => (await status()).workers.flatMap(({ pid }) => pid ?? []),
    async ready(restarts) {
      await waitFor(async () => {
        const { ready, workers: all } = await status();
        const isAgain = restarts === undefined || all[restarts.worker]!.restarts >= restarts.times;
        return (ready && isAgain) || undefined;
      });
    },
    async command(...given) {
      const { code, stdout } = await runSluice([...given, '--json'], { environment });
      return { code, json: JSON.parse(stdout) };
    },
    async stop() {
      supervisor.kill('SIGKILL');
      await supervisor.ended;
      for (const pid of alive([...everyPid])) process.kill(pid, 'SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
