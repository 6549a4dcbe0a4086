import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { renderEnvoyConfig } from '../../src/cli/envoy-config.ts';
import { startEnvoy } from '../../test/support/envoy.ts';
import { type StartedProcess, startProcess, startSluice } from '../../test/support/processes.ts';
import { createLoad, type Load } from './load.ts';
import type { BuiltPeer } from './peers.ts';
import { openProbe, type Probe, probedEnvironment } from './probe.ts';
import { calm, cpuMicroseconds, type Pinning, pin, pinning } from './processes.ts';

/** One way of standing between client and provider, with an Envoy of its own. */
export interface Arm {
  readonly name: string;
  /** Whether it must stop what the probe carries (true) or let it pass (false). */
  readonly enforces: boolean;
  /** Of its Envoy. */
  readonly port: number;
  /** Undefined: Envoy has no filter. */
  readonly filter: RunningFilter | undefined;
  /** A client of this arm; the bench closes it. */
  connect(connections: number): Load;
  /** CPU time of the filter's processes so far, in microseconds; 0 without one. */
  filterCpu(): number;
  envoyCpu(): number;
}

export interface RunningFilter {
  readonly pid: number;
  /** Where it takes side streams, on loopback. */
  readonly port: number;
  /** Where there are several: the processes that take side streams and where, instead of the one above. Default: there is one. */
  readonly workers?: readonly Place[];
  /** Of a filter that was started to be profiled. */
  readonly probe?: Probe;
}

export interface SluiceOptions {
  readonly name: string;
  /** Text of the policy; undefined: the built-in one. */
  readonly policy: string | undefined;
  /** Where it goes, to somebody who takes everything: to an inventory (spans), or to that and an OpenTelemetry backend (by the SDK). */
  readonly telemetry: 'off' | 'inventory' | 'all';
  readonly enforces: boolean;
  /** It can be profiled. Only for arms that are not timed: asking costs nothing, being ready to be asked a little. */
  readonly probed?: boolean;
  /** Processes of one filter. Default: it is one process. */
  readonly workers?: number;
  /** Filters of one process each that share no more than the state folder, behind one Envoy. Default: 1. */
  readonly filters?: number;
}

/** Processes of a bench on loopback, pinned where the machine allows it. Everything is ended by `stop`, each process by its id. */
export interface Floor {
  readonly pinning: Pinning;
  withoutFilter(): Promise<Arm>;
  /** A program of `bench/arms` as the filter. */
  echo(name: string, program: string): Promise<Arm>;
  peer(peer: BuiltPeer, enforces: boolean): Promise<Arm>;
  sluice(options: SluiceOptions): Promise<Arm>;
  stop(): Promise<void>;
}

/** Header lines by which the full policy knows the caller. */
const HEADERS = { 'x-agent': 'teller' };

export interface FloorOptions {
  /** The program of `bench/arms` behind every Envoy. Default: `upstream`. */
  readonly provider?: string;
  /** Everything runs where the system puts it. Default: what serves is kept apart from the load. */
  readonly unpinned?: boolean;
}

export async function openFloor({ provider = 'upstream', unpinned = false }: FloorOptions = {}): Promise<Floor> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-bench-'));
  const cores = unpinned ? undefined : pinning();
  const ends: (() => Promise<unknown>)[] = [];
  const loads: Load[] = [];
  pin(process.pid, cores?.load);
  const stop = async (): Promise<void> => {
    for (const load of loads) load.close();
    for (const end of ends.splice(0).toReversed()) await end();
    rmSync(folder, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop().then(() => process.exit(1)));
  const keep = (started: StartedProcess): StartedProcess => {
    ends.push(() => {
      started.kill('SIGKILL');
      return started.ended;
    });
    return started;
  };
  const program = async (name: string, core: 'load' | 'filter') => {
    const file = path.join(import.meta.dirname, '../arms', `${name}.ts`);
    const started = keep(startProcess(process.execPath, ['--disable-warning=ExperimentalWarning', file]));
    const { port } = JSON.parse(await started.line('stdout', (line) => line.startsWith('{'))) as { port: number };
    pin(started.pid, cores?.[core]);
    return { process: started, port };
  };
  const upstream = await program(provider, 'load');
  let sink: ReturnType<typeof program> | undefined;

  const behindEnvoy = async ({ name, enforces, filter }: Pick<Arm, 'name' | 'enforces' | 'filter'>): Promise<Arm> => {
    const config = renderEnvoyConfig({
      profile: 'default',
      listen: { host: '127.0.0.1', port: 0 },
      filter: { host: '127.0.0.1', port: filter?.port ?? 1 },
      moreFilters: (filter?.workers ?? []).slice(1).map(({ port }) => ({ host: '127.0.0.1', port })),
      upstream: { host: '127.0.0.1', port: upstream.port, name: 'bench.example', caFile: undefined },
      admin: undefined,
    });
    const envoy = await startEnvoy({ configYaml: filter === undefined ? configWithoutFilter(config) : config });
    ends.push(() => envoy.stop());
    pin(envoy.pid, cores?.load);
    return {
      name,
      enforces,
      filter,
      port: envoy.port,
      connect(connections: number) {
        const load = createLoad({ port: envoy.port, connections, headers: HEADERS });
        loads.push(load);
        return load;
      },
      filterCpu: () => pidsOf(filter).reduce((sum, pid) => sum + cpuMicroseconds(pid), 0),
      envoyCpu: () => cpuMicroseconds(envoy.pid),
    };
  };

  return {
    pinning: cores,
    withoutFilter: () => behindEnvoy({ name: 'no filter', enforces: false, filter: undefined }),
    async echo(name, file) {
      const { process: started, port } = await program(file, 'filter');
      return behindEnvoy({ name, enforces: false, filter: { pid: started.pid, port } });
    },
    async peer({ name, start }, enforces) {
      const { process: started, port } = await start();
      keep(started);
      pin(started.pid, cores?.filter);
      return behindEnvoy({ name, enforces, filter: { pid: started.pid, port } });
    },
    async sluice({ name, policy, telemetry, enforces, probed = false, workers = 0, filters = 1 }) {
      const home = path.join(folder, name.replaceAll(/[^a-z]+/gi, '-'));
      mkdirSync(home);
      const portFile = path.join(home, 'probe');
      const environment: Record<string, string> = {
        SLUICE_INVENTORY: '',
        XDG_STATE_HOME: home,
        XDG_CONFIG_HOME: home,
        ...(probed ? probedEnvironment(portFile) : {}),
      };
      if (telemetry !== 'off') {
        sink ??= program('sink', 'load');
        const { port } = await sink;
        environment['SLUICE_INVENTORY'] = `http://127.0.0.1:${port}`;
        if (telemetry === 'all') environment['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${port}`;
      }
      const args = ['serve', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0', ...(workers > 0 ? ['--workers', String(workers)] : [])];
      if (policy !== undefined) {
        const file = path.join(home, 'policy.yaml');
        writeFileSync(file, policy);
        args.push('--policy', file);
      }
      const pids: number[] = [];
      const places: Place[] = [];
      while (pids.length < filters) {
        const started = keep(startSluice(args, { environment }));
        const ready = JSON.parse(await started.line('stderr', (line) => line.includes('"event":"ready"'))) as Ready;
        pids.push(started.pid);
        places.push(...placesOf(ready, started.pid));
      }
      const filter = { pid: pids[0]!, port: places[0]!.port, ...(places.length > 1 && { workers: places }) };
      // Not pinned before: compiling every rule takes seconds, what phrases need is made behind that, and nobody is measured yet.
      for (const pid of pidsOf(filter)) await calm(pid);
      for (const pid of pidsOf(filter)) pin(pid, cores?.filter);
      return behindEnvoy({ name, enforces, filter: probed ? { ...filter, probe: await openProbe(portFile) } : filter });
    },
    stop,
  };
}

/** The supervisor of workers among them. */
function pidsOf(filter: RunningFilter | undefined): readonly number[] {
  return filter === undefined ? [] : [...new Set([filter.pid, ...(filter.workers ?? []).map(({ pid }) => pid)])];
}

/** A process and where it takes side streams. */
interface Place {
  readonly pid: number;
  readonly port: number;
}

/** Of a filter that is ready, where `pid` is what was started. */
function placesOf({ endpoints, workers = [] }: Ready, pid: number): readonly Place[] {
  return endpoints.map((endpoint, at) => ({ pid: workers[at] ?? pid, port: Number(endpoint.split(':').at(-1)) }));
}

interface EnvoyDocument {
  readonly static_resources: {
    readonly listeners: { filter_chains: { filters: { typed_config: { http_filters: { name: string }[] } }[] }[] }[];
    clusters: { name: string }[];
  };
}

/** What `sluice serve` logs when it listens. */
interface Ready {
  readonly endpoints: readonly string[];
  /** Their process ids. */
  readonly workers?: readonly number[];
}

/** The same gateway without ext_proc. */
function configWithoutFilter(yaml: string): string {
  const config = parse(yaml) as EnvoyDocument;
  const { listeners, clusters } = config.static_resources;
  const connection = listeners[0]!.filter_chains[0]!.filters[0]!.typed_config;
  connection.http_filters = connection.http_filters.filter(({ name }) => name !== 'envoy.filters.http.ext_proc');
  config.static_resources.clusters = clusters.filter(({ name }) => name !== 'sluice');
  return stringify(config);
}
