import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unusedPort } from './gateway.ts';
import { alive, descendantsOf, type StartedProcess, startProcess, waitFor } from './processes.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** The commands of a page under `docs/backends/`, as they stand there. */
export interface BackendPage {
  readonly name: string;
  /** Starts the backend; runs until it is stopped. */
  readonly start: string;
  /** What `sluice` is started with. */
  readonly environment: Readonly<Record<string, string>>;
  /** Prints what the backend knows of the trace in `$TRACE`. */
  readonly ask: string;
  /** Addresses of this machine that the commands name, and the files they name too. */
  readonly ports: readonly string[];
}

/** Reads a page: one block of commands under each of its three headings. */
export function readBackendPage(name: string): BackendPage {
  const page = readFileSync(path.join(root, 'docs/backends', `${name}.md`), 'utf8');
  const block = (heading: string): readonly string[] => {
    const section = page.split(`\n## ${heading}\n`)[1] ?? '';
    const lines = section.split('```sh\n')[1]?.split('\n```')[0]?.split('\n');
    if (lines === undefined) throw new Error(`docs/backends/${name}.md has no commands under "${heading}"`);
    return lines;
  };
  const start = block('Start it').at(-1)!;
  const exported = block('Send to it').filter((line) => line.startsWith('export '));
  const environment = Object.fromEntries(
    exported.map((line) => [line.slice('export '.length, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const config = configOf(start);
  const text = start + (config === undefined ? '' : readFileSync(path.join(root, config), 'utf8'));
  return { name, start, environment, ask: block('Ask it').at(-1)!, ports: [...new Set(text.match(/\b\d{4,5}\b(?!-)/g) ?? [])] };
}

/** The configuration that the command names; of this project, from its root. */
const configOf = (start: string): string | undefined => start.match(/deploy\/backends\/[\w-]+\.yaml/)?.[0];

/** How long a backend may take to answer once; it is asked again. */
const ASK_MS = 20_000;

export interface RunningBackend {
  readonly environment: Readonly<Record<string, string>>;
  /** What `curl`, or whatever the page says, prints of a trace. */
  ask(traceId: string): string;
  /** Where a documented port really is. */
  port(documented: string): string;
  stop(): Promise<void>;
}

/** Starts a backend as its page says, in a folder of its own and with ports that are free. */
export async function startBackend(page: BackendPage): Promise<RunningBackend> {
  const folder = mkdtempSync(path.join(tmpdir(), `sluice-${page.name}-`));
  const ports = new Map<string, string>();
  for (const port of page.ports) ports.set(port, String(await unusedPort()));
  const moved = (text: string): string => text.replace(/\b\d{4,5}\b/g, (number) => ports.get(number) ?? number);
  const config = configOf(page.start);
  if (config !== undefined) writeFileSync(path.join(folder, 'config.yaml'), moved(readFileSync(path.join(root, config), 'utf8')));
  const program = path.join(root, '.tools/backends');
  const command = moved(page.start)
    .replace(config ?? ' ', config === undefined ? ' ' : 'config.yaml')
    .replace('.tools/backends', program);
  const running = startProcess('sh', ['-c', `exec ${command}`], { cwd: folder, environment: { HOME: folder } });
  return {
    environment: Object.fromEntries(Object.entries(page.environment).map(([name, value]) => [name, moved(value)])),
    port: (documented) => ports.get(documented) ?? documented,
    ask(traceId) {
      const environment = { ...process.env, TRACE: traceId };
      const options = { cwd: folder, encoding: 'utf8', env: environment, timeout: ASK_MS } as const;
      return spawnSync('sh', ['-c', moved(page.ask)], options).stdout;
    },
    async stop() {
      await stopTree(running);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Ends a program and what it has started; some of them leave children behind. */
async function stopTree(running: StartedProcess): Promise<void> {
  const all = [running.pid, ...descendantsOf(running.pid).map(({ pid }) => pid)];
  running.kill('SIGTERM');
  await Promise.race([running.ended, new Promise((resolve) => setTimeout(resolve, 5_000))]);
  for (const pid of alive(all)) process.kill(pid, 'SIGKILL');
  await running.ended;
}

/** Whether `node setup/backends.js NAME` has been here. */
export const hasBackend = ({ start }: BackendPage): boolean =>
  existsSync(path.join(root, start.match(/\.tools\/backends\/[\w./-]+/)?.[0] ?? 'nothing'));

/** Resolves once the address answers. */
export async function untilAnswering(url: string, waitMs: number): Promise<void> {
  await waitFor(async () => {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.body?.cancel();
    return answer?.ok === true || undefined;
  }, waitMs);
}
