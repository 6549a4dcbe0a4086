import { createServer, type Http2Server, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, Server as NetServer } from 'node:net';
import type { ExchangeRecord } from '../exchange/events.ts';
import { FIXED } from '../lib/limits.ts';
import { createGrpcCall, GRPC_STATUS, refuseRequest } from './grpc.ts';
import { createHealth, type Health } from './health.ts';
import { type ErrorPlace, type ExchangePort, type ProcessCall, serveProcessCall } from './process-call.ts';

export type { ErrorPlace, ExchangePort } from './process-call.ts';

export interface ExtProcServerOptions {
  /** A new state machine, once per side stream. */
  readonly openExchange: () => ExchangePort;
  /** Exactly once per exchange that did not throw. */
  readonly onRecord: (record: ExchangeRecord) => void;
  /** Errors carry no text from traffic, except what a throwing `step` puts into its own. */
  readonly onError: (error: unknown, where: ErrorPlace) => void;
  /** Unix milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
  /** How long Envoy may wait for an answer that is due, in milliseconds. Over it: DEADLINE_EXCEEDED. Default: `FIXED.watchdogMs`. */
  readonly watchdogMs?: number;
}

/** Port 0: any free one. */
export type ListenOptions = { readonly host: string; readonly port: number } | { readonly path: string };

export interface ExtProcServer {
  /** Resolves to where it listens; rejects with the system's error (`EADDRINUSE` …). Once per server. */
  listen(where: ListenOptions): Promise<ListenOptions>;
  /**
   * Health says NOT_SERVING, no new connections and exchanges, open exchanges may finish until the deadline; then the rest ends with
   * UNAVAILABLE, never OK. Resolves when every connection is closed. A second call waits for the first.
   */
  close(options: { readonly deadlineMs: number }): Promise<void>;
  /** Side streams that are open now. */
  openExchanges(): number;
}

/** The ext_proc service and gRPC health over plain-text HTTP/2. */
export function createExtProcServer(options: ExtProcServerOptions): ExtProcServer {
  const { openExchange, onRecord, onError, now = Date.now, watchdogMs = FIXED.watchdogMs } = options;
  const server = createServer(HTTP2_OPTIONS);
  const health = createHealth([SERVICE]);
  const sessions = new Set<ServerHttp2Session>();
  const calls = new Set<ProcessCall>();
  let closing: Promise<void> | undefined;

  function onProcess(stream: ServerHttp2Stream): void {
    let exchange: ExchangePort;
    try {
      exchange = openExchange();
    } catch (error) {
      createGrpcCall(stream).end({ code: GRPC_STATUS.internal, message: 'no exchange could be opened' });
      stream.resume().on('error', ignore);
      onError(error, 'step');
      return;
    }
    calls.add(serveProcessCall(stream, { exchange, onRecord, onError, now, onClosed }));
  }
  const onClosed = (call: ProcessCall) => void calls.delete(call);

  server.on('session', (session) => {
    sessions.add(session);
    session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
    session.on('close', () => sessions.delete(session));
    session.on('error', (error) => onError(error, 'session'));
  });
  server.on('sessionError', ignore);
  server.on('stream', (stream, headers) => route(stream, headers, { health, onProcess }));

  const watchdog = setInterval(
    () => {
      const nowMs = now();
      for (const call of calls) call.watch(nowMs, watchdogMs);
    },
    Math.max(10, watchdogMs / WATCHDOG_LOOKS),
  );
  watchdog.unref();

  return {
    async listen(where) {
      const address = await listen(server, where);
      server.on('error', (error) => onError(error, 'session'));
      return address;
    },
    close(how) {
      closing ??= drain({ server, health, sessions, calls }, how.deadlineMs).finally(() => clearInterval(watchdog));
      return closing;
    },
    openExchanges: () => calls.size,
  };
}

const SERVICE = 'envoy.service.ext_proc.v3.ExternalProcessor';

/** How often the watchdog looks, in parts of its limit. */
const WATCHDOG_LOOKS = 5;

/** What may be under way to us on one connection, in bytes. One connection carries every exchange of an Envoy worker. */
const CONNECTION_WINDOW_BYTES = 64 * 1024 * 1024;

const HTTP2_OPTIONS = {
  settings: {
    // The default of 64 KiB costs a round trip per 64 KiB of body; pieces of 2 MiB are usual.
    initialWindowSize: 4 * 1024 * 1024,
    maxFrameSize: 256 * 1024,
    maxConcurrentStreams: 1_000_000,
  },
  // Envoy from 1.37 on resets every side stream after the last answer. Node takes 1,000 resets at once, or 33 a second, for an attack
  // and closes the connection under all its exchanges.
  streamResetBurst: 0x7fff_ffff,
  streamResetRate: 0x7fff_ffff,
  // In megabytes. The default of 10 refuses streams while a few large bodies are under way.
  maxSessionMemory: 4096,
} as const;

function route(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  to: { readonly health: Health; readonly onProcess: (stream: ServerHttp2Stream) => void },
): void {
  const refused = refuseRequest(headers);
  if (refused !== undefined) {
    stream.on('error', ignore);
    stream.resume().respond({ ':status': refused.httpStatus }, { endStream: true });
    return;
  }
  switch (headers[':path']) {
    case `/${SERVICE}/Process`:
      to.onProcess(stream);
      return;
    case '/grpc.health.v1.Health/Check':
      to.health.check(stream);
      return;
    case '/grpc.health.v1.Health/Watch':
      to.health.watch(stream);
      return;
    default:
      stream.on('error', ignore);
      createGrpcCall(stream.resume()).end({ code: GRPC_STATUS.unimplemented, message: 'unknown method' });
  }
}

function listen(server: Http2Server, where: ListenOptions): Promise<ListenOptions> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...where }, () => {
      server.off('error', reject);
      const address = server.address() as AddressInfo | string;
      resolve(typeof address === 'string' ? { path: address } : { host: address.address, port: address.port });
    });
  });
}

interface Running {
  readonly server: Http2Server;
  readonly health: Health;
  readonly sessions: ReadonlySet<ServerHttp2Session>;
  readonly calls: ReadonlySet<ProcessCall>;
}

async function drain({ server, health, sessions, calls }: Running, deadlineMs: number): Promise<void> {
  // `server.close` would at once send every connection its last GOAWAY, and the streams that are just coming would be refused.
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  health.setServing(false);
  for (const session of sessions) announceEnd(session);
  await waitUntil(() => calls.size === 0, deadlineMs);
  for (const call of calls) call.abort({ code: GRPC_STATUS.unavailable, message: 'the server is going' });
  health.close();
  for (const session of sessions) if (!session.closed) session.close();
  // What is already written gets this long to leave; a peer that does not take it is cut off.
  await waitUntil(() => sessions.size === 0, LAST_WRITES_MS);
  for (const session of sessions) session.destroy();
  await closed;
}

/** Time for the last statuses to reach the peers before connections are cut, in milliseconds. */
const LAST_WRITES_MS = 500;
const LOOK_MS = 10;

/**
 * Graceful GOAWAY in two steps (RFC 9113, 6.8): first "open no more streams", then, when a ping says that has arrived, the number of the
 * last one. A stream that crossed the first on its way is still served.
 */
function announceEnd(session: ServerHttp2Session): void {
  if (session.closed || session.destroyed) return;
  session.goaway(0, LAST_STREAM_ID_MAX);
  session.ping(() => {
    if (!session.closed && !session.destroyed) session.close();
  });
}

const LAST_STREAM_ID_MAX = 0x7fff_ffff;

async function waitUntil(done: () => boolean, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  while (!done() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}

// A request that is no call of ours may be reset at any time; it has no state to free.
const ignore = () => {};
