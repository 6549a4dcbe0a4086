import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../lib/errors.ts';
import { type EnvoyConfigOptions, renderEnvoyConfig } from './envoy-config.ts';
import type { Child, Supervisor } from './supervisor.ts';

/** How often a starting Envoy is asked whether it is ready, in milliseconds. */
const POLL_MS = 40;
/** Worker threads: one machine, one user. */
const CONCURRENCY = 2;

export interface EnvoyStart {
  readonly supervisor: Supervisor;
  /** Receives the configuration and the admin address. */
  readonly workFolder: string;
  readonly config: Omit<EnvoyConfigOptions, 'admin'>;
  readonly onLine: (line: string) => void;
}

export interface RunningEnvoy {
  readonly child: Child;
  /** Resolves when Envoy takes connections; never rejects and never resolves when it does not come up. */
  readonly ready: Promise<EnvoyAddresses>;
}

/** Where a running Envoy listens, as URLs. */
export interface EnvoyAddresses {
  readonly gateway: string;
  /** Its own admin interface. */
  readonly admin: string;
}

/** Starts Envoy with a rendered configuration. Throws `envoy-missing`. */
export function startEnvoy({ supervisor, workFolder, config, onLine }: EnvoyStart): RunningEnvoy {
  const configFile = path.join(workFolder, 'envoy.yaml');
  const addressFile = path.join(workFolder, 'envoy-admin.txt');
  writeFileSync(configFile, renderEnvoyConfig({ ...config, admin: { host: '127.0.0.1', port: 0 } }));
  const args = [
    '-c',
    configFile,
    '--admin-address-path',
    addressFile,
    '--concurrency',
    String(CONCURRENCY),
    '--disable-hot-restart',
    '-l',
    'warn',
  ];
  const child = supervisor.start({ name: 'Envoy', file: envoyBinary(), args, onLine });
  return { child, ready: untilReady(addressFile, child) };
}

/** ENVOY_BIN, else what set-up fetched, else `envoy` in PATH. Throws `envoy-missing`. */
export function envoyBinary(): string {
  const named = process.env['ENVOY_BIN'];
  if (named) {
    if (named === 'envoy' || existsSync(named)) return named;
    throw new AppError('envoy-missing', `ENVOY_BIN names a file that is not there: ${named}`);
  }
  const found = fetchedEnvoy() ?? inPath('envoy');
  if (found === undefined) throw new AppError('envoy-missing', 'Envoy is neither in .tools nor in PATH');
  return found;
}

function fetchedEnvoy(): string | undefined {
  const tools = path.resolve(import.meta.dirname, '../../.tools');
  if (!existsSync(tools)) return undefined;
  const binaries = readdirSync(tools)
    .filter((name) => name.startsWith('envoy-'))
    .map((name) => path.join(tools, name, 'envoy/_bin/envoy'));
  return binaries.findLast((file) => existsSync(file));
}

function inPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
}

async function untilReady(addressFile: string, child: Child): Promise<EnvoyAddresses> {
  let running = true;
  void child.ended.then(() => {
    running = false;
  });
  while (running) {
    const addresses = await addressesOf(addressFile);
    if (addresses !== undefined) return addresses;
    await delay(POLL_MS);
  }
  return new Promise(() => {});
}

/** The listener's address from Envoy's admin interface; undefined while it is not live yet. */
async function addressesOf(addressFile: string): Promise<EnvoyAddresses | undefined> {
  try {
    const admin = readFileSync(addressFile, 'utf8').trim();
    const ready = await fetch(`http://${admin}/ready`);
    if ((await ready.text()).trim() !== 'LIVE') return undefined;
    const listeners: unknown = await (await fetch(`http://${admin}/listeners?format=json`)).json();
    const gateway = listenerUrl(listeners);
    return gateway === undefined ? undefined : { gateway, admin: `http://${admin}` };
  } catch {
    return undefined; // not there yet, half written or not answering yet: ask again
  }
}

function listenerUrl(listeners: unknown): string | undefined {
  const { listener_statuses: statuses } = listeners as {
    listener_statuses?: readonly { local_address?: { socket_address?: { address: string; port_value: number } } }[];
  };
  const address = statuses?.[0]?.local_address?.socket_address;
  return address === undefined ? undefined : `http://${address.address}:${address.port_value}`;
}
