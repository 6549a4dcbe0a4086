import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { type StartedProcess, startProcess } from './processes.ts';

/** A Redis of the test's own: nothing on disk, 127.0.0.1 only. */
export interface TestRedis {
  readonly url: string;
  readonly process: StartedProcess;
}

/** Whether this machine has one to start. */
export const hasRedis = spawnSync('redis-server', ['--version']).error === undefined;

/** Starts one on the port, else on one that the system picks; resolves when it takes connections. */
export async function startRedis(port?: number): Promise<TestRedis & { readonly port: number }> {
  const chosen = port ?? (await freePort());
  const started = startProcess('redis-server', [
    '--port',
    String(chosen),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    '/',
  ]);
  await started.line('stdout', (line) => line.includes('Ready to accept connections'));
  return { url: `redis://127.0.0.1:${chosen}`, process: started, port: chosen };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
