import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError, type ErrorCode, EXIT } from '../lib/errors.ts';
import { parseTcpAddress, portNumber } from './address.ts';
import type { EnvoyProfile, Upstream } from './envoy-config.ts';
import { startEnvoy } from './envoy-process.ts';
import { createFilterLog, type FilterLog } from './filter-log.ts';
import { exitCodeAfter, untilAskedToStop } from './processes.ts';
import { stateFolder, writeLastRun } from './state.ts';
import { type Child, createSupervisor, type Supervisor } from './supervisor.ts';
import { paintFor, say } from './terminal.ts';
import { caBundle, parseUpstream } from './upstream.ts';
import { welcome } from './welcome.ts';

/** How long each process may take to become ready, in milliseconds. */
const READY_MS = 30_000;
/** The gateway's port when `--port` is not given and nobody else has it, so that a client's settings hold from run to run. */
const PREFERRED_PORT = '10000';

export interface UpOptions {
  readonly upstream?: string;
  readonly policy?: string;
  readonly openapi?: string;
  readonly json?: boolean;
  readonly story?: boolean;
  /** After a story that ended well everything goes on running, for the dashboard. Default: it ends. */
  readonly stay?: boolean;
  readonly mode?: string;
  readonly port?: string;
  readonly profile: EnvoyProfile;
  readonly logLevel?: string;
}

/** The addresses of a run. */
export interface Running {
  readonly gateway: string;
  readonly inventory: string;
  readonly admin: string;
  /** The stand-in provider; undefined with `--upstream`. */
  readonly provider: string | undefined;
}

/**
 * `sluice up`: provider (unless `--upstream`), inventory, filter and Envoy on free loopback ports, each a process of its own, until it is
 * asked to stop or one of them ends. Resolves to the exit code.
 */
export async function up(options: UpOptions): Promise<number> {
  const asked = untilAskedToStop();
  const supervisor = createSupervisor();
  const workFolder = mkdtempSync(path.join(tmpdir(), 'sluice-'));
  try {
    const log = createFilterLog({
      json: options.json === true,
      held: options.story === true,
      warnsOfPolicy: !(options.story && isBanksPolicy(options)), // nobody can do anything about the story's own
    });
    const interrupted = asked.then((reason) => ({ kind: 'asked' as const, reason }));
    const started = startAll({ options, supervisor, workFolder, log }).then((running) => ({ kind: 'running' as const, running }));
    const first = await Promise.race([interrupted, started]);
    if (first.kind === 'asked') {
      // Its failure, if it still comes, is only the echo of stopping.
      started.catch(() => undefined);
      return exitCodeAfter(first.reason);
    }
    const ended = supervisor.firstEnded.then(({ child, how }): never => {
      throw new AppError('child-ended', `${child.name} (process ${child.pid}) ended by itself: ${how}`);
    });
    if (options.story) {
      const told = await Promise.race([interrupted.then(({ reason }) => exitCodeAfter(reason)), ended, tellStory(first.running, log)]);
      if (!options.stay || told !== EXIT.ok) return told;
    }
    announce(first.running, options);
    const { reason } = await Promise.race([interrupted, ended]);
    return exitCodeAfter(reason);
  } finally {
    await supervisor.stop();
    rmSync(workFolder, { recursive: true, force: true });
  }
}

interface StartAll {
  readonly options: UpOptions;
  readonly supervisor: Supervisor;
  readonly workFolder: string;
  readonly log: FilterLog;
}

async function startAll({ options, supervisor, workFolder, log }: StartAll): Promise<Running> {
  const { profile } = options;
  const upstream = options.upstream === undefined ? undefined : parseUpstream(options.upstream, () => caBundle(workFolder));
  const port = await gatewayPort(options.port);
  const openapi = declaredFiles(options);
  const database = path.join(stateFolder(), options.story ? 'story.sqlite' : 'inventory.sqlite');
  // A story tells what this run saw and nothing else.
  if (options.story) for (const suffix of ['', '-wal', '-shm']) rmSync(database + suffix, { force: true });

  const provider =
    upstream === undefined
      ? startSluice(supervisor, { name: 'the stand-in provider', args: ['demo', 'provider'], ready: urlLine })
      : undefined;
  const inventory = startSluice(supervisor, {
    name: 'the inventory',
    args: ['inventory', 'serve', '--listen', '127.0.0.1:0', '--database', database, ...openapi.flatMap((file) => ['--openapi', file])],
    ready: urlLine,
  });
  const inventoryUrl = await whenReady(inventory);
  const filter = startSluice(supervisor, {
    name: 'the filter',
    args: filterArguments(options, inventoryUrl),
    ready: (line) => log.readyLine(line),
    onLine: (line) => log.take(line),
  });
  const { listen, admin } = await whenReady(filter);
  const providerUrl = provider === undefined ? undefined : await whenReady(provider);
  const target = upstream ?? standIn(providerUrl!);
  const config = {
    profile,
    listen: { host: '127.0.0.1', port },
    filter: parseTcpAddress(listen, 'the filter'),
    upstream: target,
  };
  const envoy = startEnvoy({ supervisor, workFolder, config, onLine: (line) => say(`Envoy: ${line}`) });
  const { gateway, admin: envoyAdmin } = await whenReady(envoy, 'envoy-refused');
  writeLastRun({ pid: process.pid, gateway, inventory: inventoryUrl, admin, envoyAdmin, database, openapi });
  return { gateway, inventory: inventoryUrl, admin, provider: providerUrl };
}

/** What is declared: the user's file, or the bank's own when the bank is what runs. */
function declaredFiles({ openapi, upstream }: UpOptions): readonly string[] {
  if (openapi !== undefined) return [path.resolve(openapi)];
  return upstream === undefined ? [path.resolve(import.meta.dirname, '../demo/bank-openapi.yaml')] : [];
}

function filterArguments(options: UpOptions, inventory: string): readonly string[] {
  const { mode, logLevel, story } = options;
  const given = Object.entries({ '--policy': policyOf(options), '--mode': mode, '--log-level': logLevel });
  const flags = given.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
  // The story's inventory begins empty: what an earlier run left behind has no place in it.
  if (story) flags.push('--spool-bytes', '0');
  // One process, whatever the settings of an installation say: Envoy is told of one address.
  return ['serve', '--workers', '1', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0', '--inventory', inventory, ...flags];
}

/** The user's policy; else the bank's own when the bank is what runs, unless a setting names one. */
function policyOf(options: UpOptions): string | undefined {
  if (!isBanksPolicy(options)) return options.policy;
  return path.resolve(import.meta.dirname, '../demo', options.story ? 'story-policy.yaml' : 'bank-policy.yaml');
}

const isBanksPolicy = ({ policy, upstream }: UpOptions): boolean =>
  policy === undefined && upstream === undefined && !process.env['SLUICE_POLICY'];

interface SluiceProcess<Ready> {
  readonly name: string;
  readonly args: readonly string[];
  /** What a line says when it is the one that means "ready"; undefined otherwise. */
  readonly ready: (line: string, stream: 'stdout' | 'stderr') => Ready | undefined;
  readonly onLine?: (line: string) => void;
}

interface Starting<Ready> {
  readonly child: Child;
  readonly ready: Promise<Ready>;
}

/** Starts one of our own commands with the Node that runs this one. */
function startSluice<Ready>(supervisor: Supervisor, { name, args, ready, onLine }: SluiceProcess<Ready>): Starting<Ready> {
  const { promise, resolve } = Promise.withResolvers<Ready>();
  const early: string[] = [];
  let isReady = false;
  const show = (line: string) => (onLine === undefined ? say(`${name}: ${line}`) : onLine(line));
  const cli = path.resolve(import.meta.dirname, '../cli.ts');
  const child = supervisor.start({
    name,
    file: process.execPath,
    args: [...process.execArgv, cli, ...args],
    onLine: (line, stream) => {
      const value = isReady ? undefined : ready(line, stream);
      if (value !== undefined) {
        isReady = true;
        resolve(value);
        early.splice(0).forEach(show);
      } else if (isReady) show(line);
      else early.push(line); // shown when it is ready; otherwise they stand in the error
    },
  });
  return { child, ready: promise };
}

/**
 * The ready value; throws what fits when the process ends first or takes too long. `endedCode` is for a program that is not ours: its exit
 * codes mean nothing here.
 */
async function whenReady<Ready>({ child, ready }: Starting<Ready>, endedCode?: ErrorCode): Promise<Ready> {
  const abort = new AbortController();
  const ended = child.ended.then(({ how, code }): never => {
    throw new AppError(
      endedCode ?? codeForExit(code) ?? 'child-ended',
      `${child.name} ended before it was ready: ${how}${lastWords(child)}`,
    );
  });
  const late = delay(READY_MS, undefined, { signal: abort.signal, ref: false }).then((): never => {
    throw new AppError('not-ready', `${child.name} was not ready after ${READY_MS / 1000} s${lastWords(child)}`);
  });
  // The losers of the race may still reject later; the winner has told the story.
  late.catch(() => undefined);
  ended.catch(() => undefined);
  try {
    return await Promise.race([ready, ended, late]);
  } finally {
    abort.abort();
  }
}

/** The exit code of one of our own commands says what was wrong; it becomes this command's. */
function codeForExit(code: number | undefined): ErrorCode | undefined {
  if (code === EXIT.policy) return 'policy-invalid';
  if (code === EXIT.usage) return 'settings-invalid';
  return undefined;
}

function lastWords({ lastLines }: Child): string {
  return lastLines.map((line) => `\n    ${line}`).join('');
}

function urlLine(line: string, stream: 'stdout' | 'stderr'): string | undefined {
  return stream === 'stdout' && line.startsWith('http://') ? line : undefined;
}

function standIn(url: string): Upstream {
  const { hostname, port, host } = new URL(url);
  return { host: hostname, port: Number(port), name: host, caFile: undefined };
}

async function gatewayPort(given: string | undefined): Promise<number> {
  const port = portNumber(given ?? PREFERRED_PORT);
  if (port === undefined) throw new AppError('usage', '--port must be a number from 0 to 65535');
  if (await isFree(port)) return port;
  if (given === undefined) return 0;
  throw new AppError('address-in-use', `127.0.0.1:${port} is already in use`);
}

/** Asked before Envoy starts: its own error comes late and in many words. */
async function isFree(port: number): Promise<boolean> {
  const { createServer } = await import('node:net');
  const server = createServer();
  return new Promise((resolve) => {
    server.on('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function announce({ gateway, inventory, admin, provider }: Running, { json, upstream }: UpOptions): void {
  if (json) process.stdout.write(`${JSON.stringify({ gateway, inventory, admin, pid: process.pid })}\n`);
  else process.stdout.write(welcome({ gateway, inventory, admin, provider, upstream, paint: paintFor(process.stdout) }));
}

async function tellStory(running: Running, log: FilterLog): Promise<number> {
  const { playStory } = await import('../demo/story.ts');
  const { readInventory, inventoryText } = await import('./inventory.ts');
  const ended = await playStory({
    provider: running.provider ?? running.gateway,
    gateway: running.gateway,
    undeclared: async () => {
      const { endpoints } = await readInventory(running.inventory);
      return endpoints.filter(({ declared }) => declared === false).map(({ method, path: where }) => `${method} ${where}`);
    },
    inventoryList: async () => inventoryText(await readInventory(running.inventory)),
    write: (text) => process.stdout.write(text),
    paint: paintFor(process.stdout),
    takeFindingLines: () => log.takeHeld(),
  });
  return ended ? EXIT.ok : EXIT.findings;
}
