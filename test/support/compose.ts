import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'yaml';
import { unusedPort } from './gateway.ts';
import { type StartedProcess, startProcess } from './processes.ts';

const root = path.resolve(import.meta.dirname, '../..');

const PROBE_MS = 500;
/** On a machine with much else to do, a filter of several processes with the OpenTelemetry SDK takes a while to load. */
const HEALTHY_MS_MAX = 180_000;

/** What `docker-compose.yml` says of a service, as far as tests read it. */
export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string };
  readonly entrypoint?: readonly string[];
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** `source:target` or `source:target:ro`. */
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks: readonly string[];
  readonly profiles?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  /** `CMD` and the words of a command. */
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
}

export function readCompose(): { readonly services: Readonly<Record<string, ComposeService>> } {
  return parse(readFileSync(path.join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as ReturnType<typeof readCompose>;
}

/** The Dockerfile's lines by its stages; the last one, which is the image, has no name. */
function dockerfileStages(): readonly { readonly name: string | undefined; readonly lines: readonly string[] }[] {
  const text = readFileSync(path.join(root, 'Dockerfile'), 'utf8').replaceAll('\\\n', ' ');
  return text
    .split(/^(?=FROM )/m)
    .slice(1)
    .map((stage) => ({ name: / AS (\w+)/.exec(stage.split('\n')[0]!)?.[1], lines: stage.split('\n') }));
}

function linesOf(stage: string | undefined, instruction: string): readonly string[] {
  const found = dockerfileStages().find(({ name }) => name === stage);
  if (found === undefined) throw new Error(`the Dockerfile has no stage ${stage}`);
  return found.lines.filter((line) => line.startsWith(`${instruction} `)).map((line) => line.slice(instruction.length + 1));
}

/** The words after one instruction of the image's own stage, which must be a JSON list. */
export function dockerfileList(instruction: string): readonly string[] {
  const line = linesOf(undefined, instruction).at(-1);
  if (line === undefined) throw new Error(`the Dockerfile has no ${instruction}`);
  return JSON.parse(line) as readonly string[];
}

/** `COPY [--from=stage] source… target`. */
interface Copy {
  readonly from: string | undefined;
  readonly sources: readonly string[];
  readonly target: string;
}

function copiesOf(stage: string | undefined): readonly Copy[] {
  return linesOf(stage, 'COPY').map((line) => {
    const words = line.split(' ');
    const from = words[0]!.startsWith('--from=') ? words.shift()!.slice('--from='.length) : undefined;
    return { from, sources: words.slice(0, -1), target: words.at(-1)! };
  });
}

/** What a stage gets from the project's folder, as `.dockerignore` must let it through. */
export function copiedFromProject(): readonly string[] {
  const copies = dockerfileStages().flatMap(({ name }) => copiesOf(name));
  return [...new Set(copies.filter(({ from }) => from === undefined).flatMap(({ sources }) => sources))];
}

/**
 * Lays out in a folder what the Dockerfile copies into one stage; undefined: the image's own. Packages are linked, which stands for the
 * stages and lines that install them; lines that run Node are run, and a stage that another one copies from is laid out beside it.
 */
export function layOut(folder: string, stage?: string): void {
  mkdirSync(folder, { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  for (const { from, sources, target } of copiesOf(stage)) {
    if (target === 'node_modules') continue;
    const origin = from === undefined ? root : `${folder}-${from}`;
    if (from !== undefined && !existsSync(origin)) layOut(origin, from);
    for (const source of sources) copyInto({ origin, source: source.replace(/^\/app\//, ''), folder, target });
  }
  for (const command of linesOf(stage, 'RUN').filter((line) => line.startsWith('node '))) {
    const { status, stderr } = spawnSync(process.execPath, command.split(' ').slice(1), { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command}:\n${stderr}`);
  }
}

/** What `.dockerignore` keeps from the builder although the folder around it gets there. */
const KEPT_BACK = readFileSync(path.join(root, '.dockerignore'), 'utf8')
  .split('\n')
  .filter((line) => line.includes('/') && !line.startsWith('!') && !line.startsWith('#'));

interface CopyInto {
  readonly origin: string;
  readonly source: string;
  readonly folder: string;
  readonly target: string;
}

function copyInto({ origin, source, folder, target }: CopyInto): void {
  const to = path.join(folder, target.endsWith('/') ? path.join(target, path.basename(source)) : target);
  const isKeptBack = (file: string): boolean => KEPT_BACK.some((pattern) => path.matchesGlob(path.relative(root, file), pattern));
  mkdirSync(path.dirname(to), { recursive: true });
  cpSync(path.join(origin, source), to, { recursive: true, filter: (file) => !isKeptBack(file) });
}

/** Fills in `${NAME:-default}` and `${NAME:?message}` as docker compose does; a required one that is missing throws. */
function interpolate(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{(\w+):([-?])([^}]*)\}/g, (_, name: string, kind: string, rest: string) => {
    const value = variables[name];
    if (value !== undefined && value !== '') return value;
    if (kind === '-') return rest;
    throw new Error(`required variable ${name} is missing a value: ${rest}`);
  });
}

/** Services of the compose file on this machine, without containers. */
export interface LocalServices {
  /** Where a service's port is here: `127.0.0.1:port`. */
  at(address: string): string;
  /** Starts one service and waits until its own health check, where it has one, says that it is healthy. */
  start(name: string): Promise<StartedProcess>;
  /** Runs a command in a service's container, as `docker compose exec` does. */
  exec(name: string, words: readonly string[]): StartedProcess;
}

/**
 * Commands, environments, mounted files and health checks are those of the compose file; only its addresses, its folders and the names of
 * the programs are replaced by those of this machine. What listens everywhere in its container listens everywhere here.
 */
export async function onThisMachine(options: {
  /** Scratch; what the image holds lies in `image`. */
  readonly folder: string;
  /** Ports in the compose file and in what it mounts. */
  readonly ports: readonly number[];
  /** Where a port is here when that matters, or something serves it already. Default: each is any free one. */
  readonly served?: Readonly<Record<string, number>>;
  /** Paths of programs by the names that images have for them; the entry point of an image that is not ours by the name of its service. */
  readonly programs: Readonly<Record<string, string>>;
  /** What the user's environment and `.env` say. */
  readonly variables: Readonly<Record<string, string>>;
}): Promise<LocalServices> {
  const { folder, programs, variables, served = {} } = options;
  const { services } = readCompose();
  const names = [...Object.keys(services), '0\\.0\\.0\\.0', '127\\.0\\.0\\.1'].join('|');
  const hostHere = (name: string): string => (name === '0.0.0.0' ? name : '127.0.0.1');
  const here = new Map(Object.entries(served));
  for (const port of options.ports) if (!here.has(String(port))) here.set(String(port), await unusedPort());
  const portHere = (port: string): number => {
    const found = here.get(port);
    if (found === undefined) throw new Error(`the test has no port for ${port}`);
    return found;
  };
  const translate = (text: string): string =>
    text
      .replaceAll(
        new RegExp(`\\b(${names})([:/])(\\d{4,5})\\b`, 'g'),
        (_, name: string, mark: string, port: string) => `${hostHere(name)}${mark}${portHere(port)}`,
      )
      .replaceAll(
        new RegExp(`address: '(${names})', port_value: (\\d+)`, 'g'),
        (_, name: string, port: string) => `address: '${hostHere(name)}', port_value: ${portHere(port)}`,
      );
  const image = path.join(folder, 'image');
  layOut(image);

  /** Mounted files are copied with their addresses translated; volumes become folders. */
  function mount(name: string, volume: string): readonly [string, string] {
    const [source = '', target = ''] = volume.split(':');
    const to = path.join(folder, name, path.basename(target));
    mkdirSync(path.dirname(to), { recursive: true });
    if (source.startsWith('.')) copyTranslated(path.join(root, source), to);
    else mkdirSync(to, { recursive: true });
    return [target, to];
  }

  /** Of a folder only the files that stand in it, which is all that a command names. */
  function copyTranslated(from: string, to: string): void {
    if (!statSync(from).isDirectory()) return writeFileSync(to, translate(readFileSync(from, 'utf8')));
    mkdirSync(to, { recursive: true });
    const files = readdirSync(from, { withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { name } of files) writeFileSync(path.join(to, name), translate(readFileSync(path.join(from, name), 'utf8')));
  }

  function run(service: ComposeService, words: readonly string[], mounts: ReadonlyMap<string, string>): StartedProcess {
    const local = (text: string): string =>
      [...mounts].reduce((changed, [target, to]) => changed.replaceAll(target, to), translate(interpolate(text, variables)));
    const [program = '', ...args] = words.map(local);
    const environment = Object.fromEntries(Object.entries(service.environment ?? {}).map(([key, value]) => [key, local(value)]));
    const state = mounts.get('/var/lib/sluice') ?? folder;
    return startProcess(programs[program] ?? program, args, {
      cwd: image,
      environment: {
        SLUICE_INVENTORY: '',
        SLUICE_INVENTORY_TOKEN: '',
        XDG_STATE_HOME: path.dirname(state),
        XDG_CONFIG_HOME: folder,
        ...environment,
      },
    });
  }

  const mountsOf = (name: string): ReadonlyMap<string, string> =>
    new Map((services[name]!.volumes ?? []).map((volume) => mount(name, interpolate(volume, variables))));

  return {
    at: translate,
    exec: (name, words) => run(services[name]!, words, mountsOf(name)),
    async start(name) {
      const service = services[name]!;
      const mounts = mountsOf(name);
      const entrypoint = service.entrypoint ?? (service.build === undefined ? [name] : dockerfileList('ENTRYPOINT'));
      const started = run(service, [...entrypoint, ...service.command], mounts);
      const check = service.healthcheck?.test.slice(1);
      if (check === undefined) return started;
      for (const end = performance.now() + HEALTHY_MS_MAX; (await run(service, check, mounts).ended).code !== 0; await delay(PROBE_MS))
        if (performance.now() > end) throw new Error(`${name} is not healthy:\n${started.stderr.join('\n')}`);
      return started;
    },
  };
}
