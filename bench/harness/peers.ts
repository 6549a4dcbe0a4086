import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { unusedPort } from '../../test/support/gateway.ts';
import { type StartedProcess, startProcess, waitFor } from '../../test/support/processes.ts';

/** A filter that somebody else would write, to measure against. */
interface Peer {
  readonly name: string;
  readonly folder: string;
  /** Its flags beside `--port`; `sources` is where all peers lie. */
  readonly flags: (sources: string) => readonly string[];
}

const PEERS: readonly Peer[] = [
  { name: 'Go no-op', folder: 'go-noop', flags: () => [] },
  { name: 'Go + regexp', folder: 'go-regexp', flags: (sources) => ['--rules', path.join(sources, 'rules257.txt')] },
  { name: 'Rust no-op', folder: 'rust-noop', flags: () => [] },
];
export const RUST_NOOP = 'Rust no-op';
export const GO_REGEXP = 'Go + regexp';

export interface BuiltPeer {
  readonly name: string;
  start(): Promise<{ readonly process: StartedProcess; readonly port: number }>;
}

export interface Peers {
  readonly built: readonly BuiltPeer[];
  /** Versions of the compilers, by language. */
  readonly versions: Readonly<Record<string, string>>;
  /** Why others are not there. */
  readonly missing: Readonly<Record<string, string>>;
}

/**
 * Builds the peers under SLUICE_BENCH_PEERS whose compiler is there: their sources are copied to SLUICE_BENCH_CACHE (a folder of the
 * system's temporary one by default) and compiled there, once for as long as they do not change.
 */
export async function buildPeers(): Promise<Peers> {
  const sources = process.env['SLUICE_BENCH_PEERS'];
  if (sources === undefined) return { built: [], versions: {}, missing: { all: 'SLUICE_BENCH_PEERS names no folder' } };
  const cache = process.env['SLUICE_BENCH_CACHE'] ?? path.join(tmpdir(), 'sluice-bench-peers');
  const [built, versions, missing] = [[] as BuiltPeer[], {} as Record<string, string>, {} as Record<string, string>];
  for (const { name, folder, flags } of PEERS) {
    const source = path.join(sources, folder);
    const language = folder.startsWith('go') ? 'go' : 'rust';
    const compiler = COMPILERS[language];
    const file = findCompiler(compiler.program, compiler.places);
    if (!existsSync(source) || file === undefined) {
      missing[name] = existsSync(source) ? `no ${compiler.program} on this machine` : 'no source';
      continue;
    }
    versions[language] = execFileSync(file, [compiler.versionFlag], { encoding: 'utf8' }).trim();
    const binary = await build({ compiler: file, language, source, target: path.join(cache, `${folder}-${hashOf(source)}`) });
    built.push({ name, start: () => startPeer(binary, flags(sources)) });
  }
  return { built, versions, missing };
}

const COMPILERS = {
  go: { program: 'go', places: ['/usr/local/go/bin'], versionFlag: 'version' },
  rust: { program: 'cargo', places: [path.join(homedir(), '.cargo/bin')], versionFlag: '--version' },
} as const;

function findCompiler(program: string, places: readonly string[]): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), ...places];
  return folders.map((folder) => path.join(folder, program)).find((file) => existsSync(file));
}

interface Build {
  readonly compiler: string;
  readonly language: keyof typeof COMPILERS;
  readonly source: string;
  /** Folder of the copy and of what comes out. */
  readonly target: string;
}

/** Resolves to the program. Rejects with what the compiler said. */
async function build({ compiler, language, source, target }: Build): Promise<string> {
  const binary = language === 'go' ? path.join(target, 'peer') : path.join(target, 'target/release', path.basename(source));
  if (existsSync(binary)) return binary;
  process.stderr.write(`compiling ${path.basename(source)}\n`);
  mkdirSync(target, { recursive: true });
  cpSync(source, target, { recursive: true });
  const args = language === 'go' ? ['build', '-o', binary, '.'] : ['build', '--release', '--locked'];
  const environment = { ...process.env, PATH: `${path.dirname(compiler)}${path.delimiter}${process.env['PATH']}` };
  const child = spawn(compiler, args, { cwd: target, env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  const said: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`${path.basename(source)} does not compile:\n${Buffer.concat(said).toString()}`);
  return binary;
}

/** Of every file of a folder, by name and content. */
function hashOf(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (!/\.(go|rs|toml|lock|mod|sum)$/.test(name)) continue;
    hash.update(`${name}\0`).update(readFileSync(path.join(folder, name)));
  }
  return hash.digest('hex').slice(0, 12);
}

async function startPeer(binary: string, flags: readonly string[]): Promise<{ readonly process: StartedProcess; readonly port: number }> {
  const port = await unusedPort();
  // One thread of Go code, as the others have one.
  const started = startProcess(binary, ['--port', String(port), ...flags], { environment: { GOMAXPROCS: '1' } });
  await waitFor(() => started.stderr.find((line) => line.includes('listening')));
  await delay(LISTEN_MS);
  return { process: started, port };
}

/** One of them says so just before it listens. */
const LISTEN_MS = 200;
