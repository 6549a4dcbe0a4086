import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** A PostgreSQL server of its own that runs. */
export interface RunningPostgres {
  /** Makes an empty database, under any name that is free when none is given; its URL. */
  database(name?: string): Promise<string>;
  /** Ends the server the hard way (SIGQUIT); it starts again on the same files with `restart`. */
  crash(): Promise<void>;
  restart(): Promise<void>;
  /** Stops it and removes its files. */
  stop(): Promise<void>;
}

/** Where Debian puts the versions; SLUICE_POSTGRES_BIN names another folder. */
const DEBIAN = '/usr/lib/postgresql';

/** Folder with `initdb` and `postgres`; undefined when the machine has none. */
export function postgresFolder(): string | undefined {
  const named = process.env['SLUICE_POSTGRES_BIN'];
  if (named !== undefined) return existsSync(path.join(named, 'postgres')) ? named : undefined;
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).toSorted((left, right) => Number(right) - Number(left)) : [];
  return versions.map((version) => path.join(DEBIAN, version, 'bin')).find((folder) => existsSync(path.join(folder, 'postgres')));
}

const USER = 'sluice';
const WAIT_MS = 30_000;

/** Starts a server on a free port of 127.0.0.1. It refuses to run as root: then it runs as the user `postgres`. */
export async function startPostgres(folder: string): Promise<RunningPostgres> {
  const home = await mkdtemp(path.join(tmpdir(), 'sluice-postgres-'));
  const identity = identityFor(home);
  const data = path.join(home, 'data');
  const made = spawnSync(path.join(folder, 'initdb'), ['-D', data, '-U', USER, '-A', 'trust', '--no-sync', '-E', 'UTF8'], {
    ...identity,
    cwd: home,
  });
  if (made.status !== 0) throw new Error(`initdb: ${String(made.stderr)}`);
  const port = await freePort();
  const run = (): ChildProcess =>
    spawn(
      path.join(folder, 'postgres'),
      ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${home}`, '-c', 'fsync=off'],
      {
        ...identity,
        cwd: home,
        stdio: 'ignore',
      },
    );
  const url = (database: string): string => `postgres://${USER}@127.0.0.1:${port}/${database}`;
  let server = run();
  let count = 0;
  const end = (signal: NodeJS.Signals): Promise<void> =>
    new Promise((resolve) => {
      if (server.exitCode !== null || server.signalCode !== null) return resolve();
      server.once('exit', () => resolve());
      server.kill(signal);
    });
  await untilReady(url('postgres'));
  return {
    async database(name = `inventory_${++count}`) {
      await query(url('postgres'), `create database ${name}`);
      return url(name);
    },
    crash: () => end('SIGQUIT'),
    async restart() {
      server = run();
      await untilReady(url('postgres'));
    },
    async stop() {
      await end('SIGINT');
      await rm(home, { recursive: true, force: true });
    },
  };
}

function identityFor(home: string): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(spawnSync('id', [flag, 'postgres']).stdout));
  if (uid === undefined || gid === undefined || Number.isNaN(uid))
    throw new Error('PostgreSQL does not run as root, and there is no user postgres');
  chownSync(home, uid, gid);
  return { uid, gid };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function query(connectionString: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => {}); // a server that goes away is what some tests want
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

async function untilReady(url: string): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const ready = await query(url, 'select 1').then(
      () => true,
      () => false,
    );
    if (ready) return;
    if (Date.now() > deadline) throw new Error('PostgreSQL did not become ready');
    await sleep(50);
  }
}
