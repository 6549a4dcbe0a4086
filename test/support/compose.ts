import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'yaml';
import { unusedPort } from './gateway.ts';
import { type StartedProcess, startProcess } from './processes.ts';

const root = path.resolve(import.meta.dirname, '../..');

const PROBE_MS = 500;
/** On a machine with much else to do, a filter with the OpenTelemetry SDK takes a while to load. */
const HEALTHY_MS_MAX = 60_000;

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

/** The words after one instruction of the last stage of the Dockerfile, which must be a JSON list. */
export function dockerfileList(instruction: string): readonly string[] {
  const lines = readFileSync(path.join(root, 'Dockerfile'), 'utf8').split('\n');
  const line = lines.findLast((text) => text.startsWith(`${instruction} `));
  if (line === undefined) throw new Error(`the Dockerfile has no ${instruction}`);
  return JSON.parse(line.slice(instruction.length)) as readonly string[];
}

/** Lays out in a folder what the last stage of the Dockerfile copies into the image; packages are linked. */
export function layOutImage(folder: string): void {
  const lines = readFileSync(path.join(root, 'Dockerfile'), 'utf8').split('\n');
  const stage = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
  for (const [, source = '', target = ''] of stage.filter((line) => line.startsWith('COPY ')).map((line) => line.split(' '))) {
    if (source.startsWith('--from')) continue;
    const to = path.join(folder, target.endsWith('/') ? path.join(target, path.basename(source)) : target);
    mkdirSync(path.dirname(to), { recursive: true });
    cpSync(path.join(root, source), to, { recursive: true });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
}

/** Services of the compose file on this machine, without containers. */
export interface LocalServices {
  /** Where a service's port is here: `127.0.0.1:port`. */
  at(address: string): string;
  /** Starts one service and waits until its own health check says that it is healthy. */
  start(name: string): Promise<StartedProcess>;
}

/**
 * Commands, environments, mounted files and health checks are those of the compose file; only its addresses, its folders and the names of
 * the programs are replaced by those of this machine.
 */
export async function onThisMachine(options: {
  /** Scratch; what the image holds lies in `image`. */
  readonly folder: string;
  /** Addresses in the compose file and in what it mounts. */
  readonly ports: readonly number[];
  /** Paths of programs by the names that images have for them. */
  readonly programs: Readonly<Record<string, string>>;
}): Promise<LocalServices> {
  const { folder, programs } = options;
  const { services } = readCompose();
  const names = [...Object.keys(services), '0\\.0\\.0\\.0', '127\\.0\\.0\\.1'].join('|');
  const here = new Map<string, number>();
  for (const port of options.ports) here.set(String(port), await unusedPort());
  const portHere = (port: string): number => {
    const found = here.get(port);
    if (found === undefined) throw new Error(`the test has no port for ${port}`);
    return found;
  };
  const translate = (text: string): string =>
    text
      .replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')
      .replaceAll(
        new RegExp(`\\b(?:${names})([:/])(\\d{4,5})\\b`, 'g'),
        (_, mark: string, port: string) => `127.0.0.1${mark}${portHere(port)}`,
      )
      .replaceAll(
        new RegExp(`address: '(?:${names})', port_value: (\\d+)`, 'g'),
        (_, port: string) => `address: '127.0.0.1', port_value: ${portHere(port)}`,
      );
  const image = path.join(folder, 'image');
  mkdirSync(image);
  layOutImage(image);

  /** Mounted files are copied with their addresses translated; volumes become folders. */
  function mount(name: string, volume: string): readonly [string, string] {
    const [source = '', target = ''] = volume.split(':');
    const to = path.join(folder, name, path.basename(target));
    mkdirSync(path.dirname(to), { recursive: true });
    if (source.startsWith('.')) writeFileSync(to, translate(readFileSync(path.join(root, source), 'utf8')));
    else mkdirSync(to, { recursive: true });
    return [target, to];
  }

  function run(service: ComposeService, words: readonly string[], mounts: ReadonlyMap<string, string>): StartedProcess {
    const local = (text: string): string => [...mounts].reduce((changed, [target, to]) => changed.replaceAll(target, to), translate(text));
    const [program = '', ...args] = words.map(local);
    const environment = Object.fromEntries(Object.entries(service.environment ?? {}).map(([key, value]) => [key, local(value)]));
    const state = mounts.get('/var/lib/sluice') ?? folder;
    return startProcess(programs[program] ?? program, args, {
      cwd: image,
      environment: { SLUICE_INVENTORY: '', XDG_STATE_HOME: path.dirname(state), XDG_CONFIG_HOME: folder, ...environment },
    });
  }

  return {
    at: translate,
    async start(name) {
      const service = services[name]!;
      const mounts = new Map((service.volumes ?? []).map((volume) => mount(name, volume)));
      const entrypoint = service.entrypoint ?? dockerfileList('ENTRYPOINT');
      const started = run(service, [...entrypoint, ...service.command], mounts);
      const check = service.healthcheck!.test.slice(1);
      for (const end = performance.now() + HEALTHY_MS_MAX; (await run(service, check, mounts).ended).code !== 0; await delay(PROBE_MS))
        if (performance.now() > end) throw new Error(`${name} is not healthy:\n${started.stderr.join('\n')}`);
      return started;
    },
  };
}
