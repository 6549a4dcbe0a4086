import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import {
  type Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestListener,
  request,
} from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { type EnvoyProfile, renderEnvoyConfig } from '../../src/cli/envoy-config.ts';
import { type RunningEnvoy, startEnvoy } from './envoy.ts';
import { type StartedProcess, startSluice } from './processes.ts';

export interface GatewayOptions {
  /** The provider behind Envoy; it runs in the test's process. */
  readonly upstream: RequestListener;
  readonly profile: EnvoyProfile;
  /** What the provider does with an upgrade. Default: it refuses. */
  readonly onUpgrade?: (incoming: IncomingMessage, socket: Duplex) => void;
  /** Policy file of the filter. Default: the built-in policy. */
  readonly policy?: string;
  /** More flags of `sluice serve`. */
  readonly filterFlags?: readonly string[];
  /** Somebody else's filter listens here (or nobody); `sluice serve` is not started. */
  readonly filterPort?: number;
  /** Texts of the rendered configuration and what stands there instead; one that is not found throws. */
  readonly changes?: Readonly<Record<string, string>>;
}

/** Client → Envoy → (filter) → provider, on free loopback ports. */
export interface Gateway {
  readonly port: number;
  readonly filterPort: number;
  readonly envoy: RunningEnvoy;
  /** The filter that was started last. Throws when there is none. */
  filter(): RunningFilter;
  /** Starts `sluice serve` (again) where Envoy looks for it. */
  startFilter(): Promise<RunningFilter>;
  /** Ends everything, each process by its id. */
  stop(): Promise<void>;
}

/** A `sluice serve` of its own. */
export interface RunningFilter {
  readonly process: StartedProcess;
  readonly port: number;
  /** `/status` of the admin address. */
  status(): Promise<FilterStatus>;
  /** `/metrics` of the admin address. */
  metrics(): Promise<string>;
  /** SIGKILL, which ends a stopped process too; resolves when it is gone. */
  kill(): Promise<void>;
}

export interface FilterStatus {
  readonly openExchanges: number;
  readonly traffic: {
    readonly exchanges: number;
    readonly verdicts: Readonly<Record<string, number>>;
    readonly outcomes: Readonly<Record<string, number>>;
    readonly findings: Readonly<Record<string, number>>;
    readonly uninspected: Readonly<Record<string, number>>;
  };
}

/** Starts all of it; nothing is left running when it rejects. */
export async function startGateway({
  upstream,
  onUpgrade,
  profile,
  policy,
  filterFlags = [],
  filterPort,
  changes = {},
}: GatewayOptions): Promise<Gateway> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-gateway-'));
  const provider = createServer(upstream);
  if (onUpgrade !== undefined) provider.on('upgrade', onUpgrade);
  let filter: RunningFilter | undefined;
  let envoy: RunningEnvoy | undefined;
  const startOwnFilter = async (port: number) => {
    filter = await startFilter({ folder, port, policy, flags: filterFlags });
    return filter;
  };
  const stop = async () => {
    await envoy?.stop();
    await filter?.kill();
    provider.closeAllConnections();
    await new Promise((resolve) => provider.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
    const at = filterPort ?? (await startOwnFilter(0)).port;
    const { port: upstreamPort } = provider.address() as AddressInfo;
    const rendered = renderEnvoyConfig({
      profile,
      listen: { host: '127.0.0.1', port: 0 },
      filter: { host: '127.0.0.1', port: at },
      upstream: { host: '127.0.0.1', port: upstreamPort, name: 'provider.example', caFile: undefined },
      admin: undefined,
    });
    envoy = await startEnvoy({ configYaml: changed(rendered, changes) });
    return {
      port: envoy.port,
      filterPort: at,
      envoy,
      filter() {
        if (filter === undefined) throw new Error('no filter was started');
        return filter;
      },
      startFilter: () => startOwnFilter(at),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface FilterOptions {
  readonly folder: string;
  readonly port: number;
  readonly policy: string | undefined;
  readonly flags: readonly string[];
}

async function startFilter({ folder, port, policy, flags }: FilterOptions): Promise<RunningFilter> {
  const args = ['serve', '--listen', `127.0.0.1:${port}`, '--admin', '127.0.0.1:0', ...flags];
  if (policy !== undefined) {
    const file = path.join(folder, 'policy.yaml');
    writeFileSync(file, policy);
    args.push('--policy', file);
  }
  const started = startSluice(args, { environment: { SLUICE_INVENTORY: '', XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder } });
  const ready = await started.line('stderr', (line) => line.includes('"event":"ready"'));
  const { listen, admin } = JSON.parse(ready) as { listen: string; admin: string };
  return {
    process: started,
    port: Number(listen.split(':').at(-1)),
    status: async () => (await (await fetch(`${admin}/status`)).json()) as FilterStatus,
    metrics: async () => (await fetch(`${admin}/metrics`)).text(),
    async kill() {
      started.kill('SIGKILL');
      await started.ended;
    },
  };
}

function changed(yaml: string, changes: Readonly<Record<string, string>>): string {
  return Object.entries(changes).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the configuration does not say ${from}`);
    return text.replace(from, () => to);
  }, yaml);
}

/** A port where nobody listens. */
export async function unusedPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What a client got. */
export interface Answer {
  /** 0: the connection broke before any answer. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** It ended as HTTP says, and was not broken off. */
  readonly complete: boolean;
}

export interface Sending {
  readonly path?: string;
  readonly body?: string | Buffer;
  readonly headers?: OutgoingHttpHeaders;
  readonly agent?: Agent;
  /** Called with everything so far at each piece of the answer. */
  readonly onData?: (soFar: Buffer) => void;
}

/** POSTs JSON through a gateway. Never rejects: a broken connection is an answer too. */
export function send(
  port: number,
  { path: where = '/v1/chat/completions', body = '{}', headers, agent, onData }: Sending,
): Promise<Answer> {
  const length = Buffer.byteLength(body);
  return new Promise((resolve) => {
    const all = { 'content-type': 'application/json', 'content-length': length, ...headers };
    const outgoing = request({ host: '127.0.0.1', port, path: where, method: 'POST', agent, headers: all }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        onData?.(Buffer.concat(chunks));
      });
      incoming.on('error', () => {}); // broken off: `complete` says it
      incoming.on('close', () =>
        resolve({ status: incoming.statusCode!, headers: incoming.headers, body: Buffer.concat(chunks), complete: incoming.complete }),
      );
    });
    // After an early answer the rest of the body may meet a closed connection; the answer counts.
    outgoing.on('error', () => resolve({ status: 0, headers: {}, body: Buffer.alloc(0), complete: false }));
    outgoing.end(body);
  });
}
