import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isLoopback } from '../lib/loopback.ts';
import { type Soon, whenKnown } from '../lib/soon.ts';
import { http } from '../telemetry/node-http.ts';
import { listenError } from './address.ts';
import { type AdminCallsOptions, answerAdminCall, isAdminCall } from './admin-calls.ts';
import { type CounterSnapshot, counterText, gaugeText, prometheusText } from './counters.ts';
import type { ReloadStatus } from './reloading.ts';

/** What a filter process says of itself. */
export interface FilterStatus {
  readonly policy: { readonly version: string; readonly mode: string; readonly source: string } & ReloadStatus;
  /** `clients` says whether Envoy must show a certificate; undefined: plain text. `notAfter` as ISO 8601. */
  readonly tls: ({ readonly notAfter: string; readonly clients: 'checked' | 'any' } & ReloadStatus) | undefined;
  readonly openExchanges: number;
  /** Bytes that the open exchanges hold. */
  readonly heldBytes: number;
}

/** What `/status` tells besides the counters; all of it is ours, nothing comes from traffic. */
export interface AdminStatus extends FilterStatus {
  readonly version: string;
  /** The first of `endpoints`. */
  readonly listen: string;
  /** Where Envoy comes in: one for each process. */
  readonly endpoints: readonly string[];
  readonly inventory: string | undefined;
  /** Whether budgets and stops are shared now, and how many exchanges with Redis failed; undefined: no Redis is set. */
  readonly redis: { readonly budgets: string; readonly stops: string; readonly failures: number } | undefined;
  /** Undefined: this process is the filter. */
  readonly workers: readonly WorkerStatus[] | undefined;
}

/** One process of several, as its supervisor knows it. */
export interface WorkerStatus {
  /** From 0. */
  readonly worker: number;
  /** Undefined: none runs. */
  readonly pid: number | undefined;
  readonly listen: string;
  /** `waiting`: it ended, and is started again after a pause. */
  readonly state: 'starting' | 'ready' | 'waiting';
  /** How often it was started again. */
  readonly restarts: number;
  /** How the last one ended, in fixed words; undefined: none has. */
  readonly lastEnd: string | undefined;
  /** Exchanges of all processes that had this number. */
  readonly exchanges: number;
  readonly openExchanges: number;
  readonly heldBytes: number;
  /** Version of the policy in force; undefined: not known yet. */
  readonly policy: string | undefined;
}

/** Everything at one moment. */
export interface AdminReading {
  readonly counters: CounterSnapshot;
  readonly status: AdminStatus;
}

export interface AdminOptions {
  readonly host: string;
  readonly port: number;
  /** Never rejects. */
  readonly read: () => Soon<AdminReading>;
  /** Who may change something here. */
  readonly calls: Pick<AdminCallsOptions, 'tokens'>;
  /** False while draining and while a worker is missing: `/readyz` says 503. */
  readonly isReady: () => boolean;
}

export interface Admin {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves `/livez`, `/readyz`, `/status` (JSON), `/metrics` (Prometheus) and the calls of `admin-calls.ts`. Throws `address-in-use` or `address-unusable`. */
export async function startAdmin(options: AdminOptions): Promise<Admin> {
  const startedMs = Date.now();
  const server = http.createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const calls = { ...options.calls, isLoopback: isLoopback(options.host) };
    if (isAdminCall(path)) return void answerAdminCall(path, request, response, calls);
    request.resume();
    respond({ path, response, options, startedMs });
  });
  server.requestTimeout = REQUEST_MS;
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return { url: `http://${host}:${port}`, close: () => closeServer(server) };
}

/** Time a request may take to come, in milliseconds. */
const REQUEST_MS = 10_000;

interface AdminCall {
  readonly path: string;
  readonly response: ServerResponse;
  readonly options: AdminOptions;
  readonly startedMs: number;
}

function respond({ path, response, options, startedMs }: AdminCall): void {
  switch (path) {
    case '/livez':
      return text(response, 200, 'ok\n');
    case '/readyz':
      return options.isReady() ? text(response, 200, 'ready\n') : text(response, 503, 'not ready\n');
    case '/metrics':
      return whenKnown(options.read(), (reading) => text(response, 200, metricsText(reading), 'text/plain; version=0.0.4; charset=utf-8'));
    case '/status':
      return whenKnown(options.read(), (reading) => text(response, 200, statusJson(reading, options, startedMs), 'application/json'));
    default:
      return text(response, 404, 'one of /livez, /readyz, /status, /metrics, /stops, /tools/approve\n');
  }
}

function metricsText({ counters, status }: AdminReading): string {
  const { openExchanges, heldBytes, redis, workers } = status;
  return [
    prometheusText(counters),
    gaugeText('sluice_open_exchanges', 'Exchanges that are open now', openExchanges),
    gaugeText('sluice_held_bytes', 'Bytes that the open exchanges hold now', heldBytes),
    ...(redis === undefined
      ? []
      : [gaugeText('sluice_redis_connected', 'Whether budgets and stops are shared now', Number(isShared(redis)))]),
    ...(workers === undefined ? [] : workersText(workers)),
  ].join('');
}

function workersText(workers: readonly WorkerStatus[]): readonly string[] {
  const rows = (of: (one: WorkerStatus) => number) => workers.map((one) => [String(one.worker), of(one)] as const);
  return [
    gaugeText('sluice_workers', 'Processes that the filter is to have', workers.length),
    gaugeText('sluice_workers_ready', 'Processes that are ready now', workers.filter(({ state }) => state === 'ready').length),
    counterText(
      'sluice_worker_exchanges_total',
      'Exchanges judged, by process',
      rows(({ exchanges }) => exchanges),
      ['worker'],
    ),
    counterText(
      'sluice_worker_restarts_total',
      'Processes started again, by number',
      rows(({ restarts }) => restarts),
      ['worker'],
    ),
  ];
}

function isShared({ budgets, stops }: NonNullable<AdminStatus['redis']>): boolean {
  return budgets === 'connected' && stops === 'connected';
}

function statusJson({ counters, status }: AdminReading, { isReady }: AdminOptions, startedMs: number): string {
  const { exchanges, verdicts, outcomes, findings, uninspected, unfit, lost } = counters;
  const totals = { exchanges, verdicts, outcomes };
  const maps = {
    findings: Object.fromEntries(findings),
    uninspected: Object.fromEntries(uninspected),
    unfit: Object.fromEntries(unfit),
    lost: Object.fromEntries(lost),
  };
  const uptimeSeconds = Math.floor((Date.now() - startedMs) / 1000);
  return `${JSON.stringify({ schema: 1, ready: isReady(), uptimeSeconds, ...status, traffic: { ...totals, ...maps } })}\n`;
}

function text(response: ServerResponse, status: number, body: string, contentType = 'text/plain; charset=utf-8'): undefined {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store' });
  response.end(body);
}

/** Starts listening. Throws `address-in-use` or `address-unusable`. */
export function listen(server: Server, { host, port }: { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, `${host}:${port}`)));
    server.listen(port, host, resolve);
  });
}

/** Stops listening and ends idle and open connections. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
