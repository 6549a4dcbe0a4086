import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import {
  type Agent,
  type ClientRequest,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { type EnvoyProfile, renderEnvoyConfig } from '../../src/cli/envoy-config.ts';
import { type RunningEnvoy, startEnvoy } from './envoy.ts';
import { alive, type StartedProcess, startSluice } from './processes.ts';

/** Answers a request as a provider would. That its client leaves is no error of its own; any other is, and `Gateway.stop` throws it. */
export type Provider = (incoming: IncomingMessage, outgoing: ServerResponse) => void | Promise<void>;

export interface GatewayOptions {
  /** The provider behind Envoy; it runs in the test's process. */
  readonly upstream: Provider;
  readonly profile: EnvoyProfile;
  /** What the provider does with an upgrade. Default: it refuses. */
  readonly onUpgrade?: (incoming: IncomingMessage, socket: Duplex) => void;
  /** Policy file of the filter. Default: the built-in policy. */
  readonly policy?: string;
  /** More flags of `sluice serve`. */
  readonly filterFlags?: readonly string[];
  /** Somebody else's filter listens here (or nobody); `sluice serve` is not started. */
  readonly filterPort?: number;
  /** Beside it: other processes of the same filter, as `sluice init envoy --workers` has them. */
  readonly moreFilterPorts?: readonly number[];
  /** Texts of the rendered configuration and what stands there instead; one that is not found throws. */
  readonly changes?: Readonly<Record<string, string>>;
  /**
   * What this test makes go wrong between Envoy and the filter: `streams` end with an error, or a filter that is not ours breaks the
   * `protocol` too. Default: nothing may, and `stop` looks.
   */
  readonly breaks?: 'streams' | 'protocol';
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
  /** Ends everything, each process by its id. Rejects when Envoy has counted failures that `breaks` does not name, or the provider failed. */
  stop(): Promise<void>;
}

/** A `sluice serve` of its own. */
export interface RunningFilter {
  readonly process: StartedProcess;
  readonly port: number;
  /** URL of the admin address. */
  readonly admin: string;
  /** `/status` of the admin address. */
  status(): Promise<FilterStatus>;
  /** `/metrics` of the admin address. */
  metrics(): Promise<string>;
  /** SIGKILL, which ends a stopped process too; resolves when it is gone. */
  kill(): Promise<void>;
}

export interface FilterStatus {
  readonly openExchanges: number;
  /** Bytes that they hold. */
  readonly heldBytes: number;
  readonly policy: { readonly version: string; readonly loadedAt: string; readonly lastFailedReload?: { readonly message: string } };
  readonly tls?: { readonly notAfter: string; readonly clients: string; readonly lastFailedReload?: { readonly message: string } };
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
  moreFilterPorts = [],
  changes = {},
  breaks,
}: GatewayOptions): Promise<Gateway> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-gateway-'));
  const errors: unknown[] = [];
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    try {
      await upstream(incoming, outgoing);
    } catch (error) {
      if (!incoming.socket.destroyed) errors.push(error);
      outgoing.destroy();
    }
  };
  const provider = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  provider.keepAliveTimeout = 0; // closing an idle connection that Envoy is just using would look like a failure of ours
  if (onUpgrade !== undefined) provider.on('upgrade', onUpgrade);
  let filter: RunningFilter | undefined;
  let envoy: RunningEnvoy | undefined;
  const startOwnFilter = async (port: number) => {
    filter = await startFilter({ folder, port, policy, flags: filterFlags });
    return filter;
  };
  const stop = async () => {
    const failures = envoy === undefined ? [] : await failuresCountedBy(envoy, breaks);
    await envoy?.stop();
    await filter?.kill();
    provider.closeAllConnections();
    await new Promise((resolve) => provider.close(resolve));
    rmSync(folder, { recursive: true, force: true });
    if (errors.length > 0) throw new AggregateError(errors, `the provider failed: ${String(errors[0])}`);
    if (failures.length > 0) throw new Error(`Envoy has counted failures of ext_proc: ${failures.join(', ')}`);
  };
  try {
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
    const at = filterPort ?? (await startOwnFilter(0)).port;
    const { port: upstreamPort } = provider.address() as AddressInfo;
    const rendered = renderEnvoyConfig({
      profile,
      listen: { host: '127.0.0.1', port: 0 },
      filter: { host: '127.0.0.1', port: at },
      moreFilters: moreFilterPorts.map((port) => ({ host: '127.0.0.1', port })),
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

/** Counters of Envoy that must be 0 unless a test sees to it that they are not. */
const FAILURE_COUNTERS = {
  none: ['streams_failed', 'message_timeouts', 'spurious_msgs_received', 'rejected_header_mutations'],
  streams: ['spurious_msgs_received', 'rejected_header_mutations'],
  protocol: [],
} as const;

/** `<counter> <value>` of each that is not 0; nothing of an Envoy that was killed. */
async function failuresCountedBy(envoy: RunningEnvoy, breaks: GatewayOptions['breaks']): Promise<readonly string[]> {
  if (alive([envoy.pid]).length === 0) return [];
  const counters = await Promise.all(
    FAILURE_COUNTERS[breaks ?? 'none'].map(async (name) => ({ name, value: await envoy.stat(`http.gateway.ext_proc.${name}`) })),
  );
  return counters.filter(({ value }) => value !== 0).map(({ name, value }) => `${name} ${value}`);
}

interface FilterOptions {
  /** Where its policy file and its state lie. */
  readonly folder: string;
  /** 0: any free one. */
  readonly port: number;
  /** Text of the policy file. Default: the built-in policy. */
  readonly policy?: string | undefined;
  readonly flags?: readonly string[];
}

/** Starts `sluice serve` and waits until it is ready. */
export async function startFilter({ folder, port, policy, flags = [] }: FilterOptions): Promise<RunningFilter> {
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
    admin,
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

/** A port where nobody listens, and so many after it. */
export async function unusedPorts(count: number): Promise<number> {
  for (;;) {
    const first = await unusedPort();
    const taken = await Promise.all(Array.from({ length: count }, (_, at) => isTaken(first + at)));
    if (!taken.includes(true)) return first;
  }
}

function isTaken(port: number): Promise<boolean> {
  const server = createTcpServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(true));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)));
  });
}

/** What a client got. */
export interface Answer {
  /** 0: the connection broke before any answer. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly trailers: Readonly<Record<string, string | undefined>>;
  /** It ended as HTTP says, and was not broken off. */
  readonly complete: boolean;
}

export interface Sending {
  /** Default: POST. */
  readonly method?: string;
  readonly path?: string;
  readonly body?: string | Buffer;
  /** With a `transfer-encoding` no content-length is sent; with an `expect` the body waits for the 100. */
  readonly headers?: OutgoingHttpHeaders;
  readonly agent?: Agent;
  /** The client leaves when it fires. */
  readonly signal?: AbortSignal;
  /** Called when the whole request has been written. */
  readonly onSent?: (outgoing: ClientRequest) => void;
  /** Called with everything so far at each piece of the answer. */
  readonly onData?: (soFar: Buffer) => void;
}

/** Sends JSON through a gateway. Never rejects: a broken connection is an answer too. */
export function send(
  port: number,
  { method = 'POST', path: where = '/v1/chat/completions', body = '{}', headers = {}, agent, signal, onSent, onData }: Sending,
): Promise<Answer> {
  const length = 'transfer-encoding' in headers ? {} : { 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve) => {
    const all = { 'content-type': 'application/json', ...length, ...headers };
    const outgoing = request({ host: '127.0.0.1', port, path: where, method, agent, headers: all, signal }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        onData?.(Buffer.concat(chunks));
      });
      incoming.on('error', () => {}); // broken off: `complete` says it
      incoming.on('close', () => {
        const { statusCode, headers: got, trailers, complete } = incoming;
        resolve({ status: statusCode!, headers: got, body: Buffer.concat(chunks), trailers, complete });
      });
    });
    // After an early answer the rest of the body may meet a closed connection; the answer counts.
    outgoing.on('error', () => resolve({ status: 0, headers: {}, body: Buffer.alloc(0), trailers: {}, complete: false }));
    if (onSent !== undefined) outgoing.on('finish', () => onSent(outgoing));
    if (!('expect' in headers)) outgoing.end(body);
    else outgoing.on('continue', () => outgoing.end(body)).flushHeaders();
  });
}
