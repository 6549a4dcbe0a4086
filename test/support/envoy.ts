import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A real Envoy that runs. */
export interface RunningEnvoy {
  readonly pid: number;
  readonly adminPort: number;
  /** Ports by listener name. */
  readonly listeners: ReadonlyMap<string, number>;
  /** Port of the first listener. */
  readonly port: number;
  /** One counter or gauge of the admin interface; undefined when Envoy has not made it. */
  stat(name: string): Promise<number | undefined>;
  /** Everything Envoy has logged so far. */
  log(): string;
  /** Kills it and removes its files. */
  stop(): Promise<void>;
}

export interface EnvoyOptions {
  /** A bootstrap without an `admin` section; listeners on port 0. */
  readonly configYaml: string;
  /** Worker threads. Default 1. */
  readonly concurrency?: number;
  /** Default `warning`. */
  readonly logLevel?: string;
  /** Default: ENVOY_BIN, else the one that set-up has fetched. */
  readonly binary?: string;
}

/** Starts Envoy and waits until its listeners listen. Rejects with Envoy's own log when it ends before, or after 30 s. */
export async function startEnvoy(options: EnvoyOptions): Promise<RunningEnvoy> {
  const binary = options.binary ?? envoyBinary();
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-envoy-'));
  const config = path.join(folder, 'envoy.yaml');
  const adminFile = path.join(folder, 'admin');
  await writeFile(config, `${ADMIN}${options.configYaml}`);
  const args = ['-c', config, '--admin-address-path', adminFile, '--disable-hot-restart'];
  args.push('--concurrency', String(options.concurrency ?? 1), '--log-level', options.logLevel ?? 'warning');
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const log = collect(child);
  const stop = async () => {
    await kill(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const adminPort = await poll(child, log, () => readAdminPort(adminFile));
    const listeners = await poll(child, log, () => readListeners(adminPort));
    return {
      pid: child.pid!,
      adminPort,
      listeners,
      port: [...listeners.values()][0]!,
      stat: (name) => readStat(adminPort, name),
      log,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Where the tests find Envoy: ENVOY_BIN, else the one that set-up has fetched. */
export function envoyBinary(): string {
  return process.env['ENVOY_BIN'] ?? path.join(import.meta.dirname, '../../.tools/envoy-1.40.0/envoy/_bin/envoy');
}

/** Its version, such as `1.40.0`. */
export function envoyVersion(): string {
  const said = execFileSync(envoyBinary(), ['--version'], { encoding: 'utf8' });
  return /\/(\d+\.\d+\.\d+)/.exec(said)![1]!;
}

const ADMIN = 'admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}\n';
const START_MS_MAX = 30_000;

function collect(child: ChildProcess): () => string {
  const chunks: Buffer[] = [];
  child.stdout!.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr!.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.on('error', (error) => chunks.push(Buffer.from(error.message)));
  return () => Buffer.concat(chunks).toString();
}

async function poll<T>(child: ChildProcess, log: () => string, read: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + START_MS_MAX;
  while (performance.now() < end) {
    const value = await read();
    if (value !== undefined) return value;
    if (child.pid === undefined || child.exitCode !== null) throw new Error(`Envoy ended before it was ready:\n${log()}`);
    await sleep(20);
  }
  throw new Error(`Envoy was not ready in ${START_MS_MAX} ms:\n${log()}`);
}

async function readAdminPort(file: string): Promise<number | undefined> {
  if (!existsSync(file)) return undefined;
  const port = Number((await readFile(file, 'utf8')).trim().split(':').at(-1));
  return port > 0 ? port : undefined;
}

async function readListeners(adminPort: number): Promise<ReadonlyMap<string, number> | undefined> {
  const ready = await fetch(`http://127.0.0.1:${adminPort}/ready`);
  await ready.arrayBuffer();
  if (ready.status !== 200) return undefined;
  const response = await fetch(`http://127.0.0.1:${adminPort}/listeners?format=json`);
  const { listener_statuses: all = [] } = (await response.json()) as {
    listener_statuses?: { name: string; local_address: { socket_address: { port_value: number } } }[];
  };
  const ports = new Map(all.map((one) => [one.name, one.local_address.socket_address.port_value]));
  return ports.size > 0 && [...ports.values()].every((port) => port > 0) ? ports : undefined;
}

async function readStat(adminPort: number, name: string): Promise<number | undefined> {
  const response = await fetch(`http://127.0.0.1:${adminPort}/stats?format=json&filter=^${encodeURIComponent(name)}$`);
  const { stats } = (await response.json()) as { stats: { name?: string; value?: number }[] };
  return stats.find((one) => one.name === name)?.value;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}
