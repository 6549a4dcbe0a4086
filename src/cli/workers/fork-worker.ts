import { fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import type { ListenAddress } from '../address.ts';
import type { RecordFlags } from '../record.ts';
import type { WorkerEvents, WorkerPlace, WorkerProcess } from './fleet.ts';
import type { FromWorker, ToWorker, WorkerStart } from './messages.ts';
import { receivedFromWorker, sentToWorker } from './packed.ts';

/** Starts a process of `worker.ts` with the Node and the flags of this one, and tells it what to do. Its lines go where ours go. */
export function forkWorker(
  { worker, listen, restarts }: WorkerPlace,
  start: Omit<WorkerStart, 'kind' | 'listen'>,
  { onMessage, onEnd }: WorkerEvents,
): WorkerProcess {
  if (restarts > 0) removeSocket(listen);
  const child = fork(path.join(import.meta.dirname, 'worker.ts'), {
    serialization: 'advanced', // numbers as they are, and maps
    env: { ...process.env, ...resourceOf(process.env, worker) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let isOver = false;
  const end = (how: string): void => {
    if (!isOver) onEnd(how);
    isOver = true;
  };
  child.on('message', (sent) => onMessage(receivedFromWorker(sent as FromWorker | string))); // from our own worker, whose types these are
  child.on('error', () => end('it could not be started'));
  child.on('exit', (code, signal) => {
    const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
    // Its last words may still be on their way.
    if (child.connected) child.once('disconnect', () => end(how));
    else end(how);
  });
  const send = (message: ToWorker): void => {
    // One that is about to end may have closed its end: its exit tells all that is to be known.
    if (child.connected) child.send(sentToWorker(message), () => {});
  };
  send({ kind: 'start', listen, ...start, recording: recordingOf(start.recording, worker) });
  return { pid: child.pid, send, kill: (signal) => void child.kill(signal) };
}

/** A process that was killed leaves its socket behind, and nobody else's can be there: this supervisor has started what was. */
function removeSocket(listen: ListenAddress): void {
  if (listen.kind === 'unix') rmSync(listen.path, { force: true });
}

/** Only one process writes into a folder of recordings. */
function recordingOf({ record, ...recording }: RecordFlags, worker: number): RecordFlags {
  return record === undefined ? recording : { ...recording, record: path.join(record, `worker-${worker}`) };
}

/** Metrics of several processes are told apart by `service.instance.id`: the one that is configured, else the host, with the number. */
export function resourceOf(
  environment: Readonly<Record<string, string | undefined>>,
  worker: number,
): { readonly OTEL_RESOURCE_ATTRIBUTES: string } {
  const pairs = (environment['OTEL_RESOURCE_ATTRIBUTES'] ?? '').split(',').filter((pair) => pair.trim() !== '');
  const isInstance = (pair: string): boolean => pair.trim().startsWith(INSTANCE);
  const given = pairs.find(isInstance)?.trim().slice(INSTANCE.length);
  const others = pairs.filter((pair) => !isInstance(pair));
  return { OTEL_RESOURCE_ATTRIBUTES: [...others, `${INSTANCE}${given ?? encodeURIComponent(hostname())}-${worker}`].join(',') };
}

const INSTANCE = 'service.instance.id=';
