import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { type AddressInfo, Server as NetServer } from 'node:net';
import type { Stop } from '../agents/stops.ts';
import type { ExchangeRecord } from '../exchange/events.ts';
import { assert } from '../lib/assert.ts';
import { FIXED } from '../lib/limits.ts';
import { type CallMetadata, readCallMetadata } from './call-metadata.ts';
import { createGrpcCall, FramingError, GRPC_STATUS, refuseRequest } from './grpc.ts';
import { createHealth, type Health } from './health.ts';
import { keepAlive } from './keepalive.ts';
import { type ErrorPlace, type ExchangePort, type ProcessCall, type ProcessCallOptions, serveProcessCall } from './process-call.ts';

export type { ErrorPlace, ExchangePort } from './process-call.ts';

/** What is known of an exchange before its first message. */
export interface ExchangeContext extends Pick<CallMetadata, 'traceparent' | 'tracestate'> {
  /** The open exchanges hold more than `heldBytesMax` together: this one is to be shed, as policy says. */
  readonly overloaded: boolean;
}

/** A certificate with its chain, its key, and the authorities that client certificates must come from; PEM. */
export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Undefined: clients are not asked for a certificate. */
  readonly clientCa: Buffer | undefined;
}

export interface ExtProcServerOptions {
  /** A new state machine, once per side stream. */
  readonly openExchange: (context: ExchangeContext) => ExchangePort;
  /** Answers what exchanges ask. Default: nobody does, and no exchange may ask. */
  readonly advise?: ProcessCallOptions['advise'];
  /** Exactly once per exchange that did not throw. */
  readonly onRecord: (record: ExchangeRecord) => void;
  /** Errors carry no text from traffic, except what a throwing `step` puts into its own. */
  readonly onError: (error: unknown, where: ErrorPlace) => void;
  /** Unix milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
  /** How long Envoy may wait for an answer that is due, in milliseconds. Over it: DEADLINE_EXCEEDED. Default: `FIXED.watchdogMs`. */
  readonly watchdogMs?: number;
  /** TLS 1.2 or later with ALPN `h2`; a client certificate is required when `clientCa` is given. Default: plain text. */
  readonly tls?: TlsMaterial | undefined;
  /** SETTINGS_MAX_CONCURRENT_STREAMS of each connection. Default: `FIXED.concurrentStreams`. */
  readonly maxConcurrentStreams?: number;
  /** Default: `FIXED.processBytes`. */
  readonly heldBytesMax?: number;
  /** Pings to idle peers. Default: `FIXED.keepaliveIdleMs`, `FIXED.keepaliveTimeoutMs`. */
  readonly keepalive?: { readonly idleMs: number; readonly timeoutMs: number };
}

/** Port 0: any free one. */
export type ListenOptions = { readonly host: string; readonly port: number } | { readonly path: string };

export interface ExtProcServer {
  /** Resolves to where it listens; rejects with the system's error (`EADDRINUSE` …). Once per server. */
  listen(where: ListenOptions): Promise<ListenOptions>;
  /**
   * Health says NOT_SERVING. Whoever asks for health over an open connection gets up to half of the time to hear it and to send its
   * exchanges elsewhere; then no new connections and exchanges are taken. Open exchanges may finish until the deadline; what is left ends
   * with UNAVAILABLE, never OK. Resolves when every connection is closed. A second call waits for the first.
   */
  close(options: { readonly deadlineMs: number }): Promise<void>;
  /** Side streams that are open now. */
  openExchanges(): number;
  /** Ends the open exchanges whose callers these orders cover; how many. */
  stop(stops: readonly Stop[]): number;
  /** Bytes that the open exchanges hold: undecided ones, incomplete messages and answers that wait to be sent. */
  heldBytes(): number;
  /**
   * New connections get this certificate and are checked against these authorities; open ones stay as they are. Only for a server that was
   * made with `tls`, and with `clientCa` exactly when that had one. Throws OpenSSL's error for material that does not fit together.
   */
  setTls(material: TlsMaterial): void;
}

/** The ext_proc service and gRPC health over HTTP/2. */
export function createExtProcServer(options: ExtProcServerOptions): ExtProcServer {
  const {
    openExchange,
    onRecord,
    onError,
    advise = ignore,
    now = Date.now,
    watchdogMs = FIXED.watchdogMs,
    heldBytesMax = FIXED.processBytes,
  } = options;
  const { idleMs, timeoutMs } = options.keepalive ?? { idleMs: FIXED.keepaliveIdleMs, timeoutMs: FIXED.keepaliveTimeoutMs };
  const server = createHttp2Server(options);
  const health = createHealth([SERVICE]);
  const sessions = new Set<ServerHttp2Session>();
  const calls = new Set<ProcessCall>();
  let closing: Promise<void> | undefined;
  let heldBytes = 0;

  function onProcess(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    let metadata: CallMetadata;
    let exchange: ExchangePort;
    try {
      metadata = readCallMetadata(headers);
      const { traceparent, tracestate } = metadata;
      exchange = openExchange({ traceparent, tracestate, overloaded: heldBytes > heldBytesMax && exactHeldBytes() > heldBytesMax });
    } catch (error) {
      const refused = error instanceof FramingError;
      createGrpcCall(stream).end(refused ? error.status : { code: GRPC_STATUS.internal, message: 'no exchange could be opened' });
      stream.resume().on('error', ignore);
      onError(error, refused ? 'protocol' : 'step');
      return;
    }
    calls.add(serveProcessCall(stream, { exchange, onRecord, onError, advise, now, onClosed, onHeld, timeoutMs: metadata.timeoutMs }));
  }
  const onClosed = (call: ProcessCall) => void calls.delete(call);
  const onHeld = (bytes: number) => {
    heldBytes += bytes;
  };
  const exactHeldBytes = () => {
    for (const call of calls) call.recount();
    return heldBytes;
  };

  server.on('session', (session) => {
    sessions.add(session);
    session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
    session.on('close', () => sessions.delete(session));
    session.on('error', (error) => onError(error, 'session'));
    keepAlive(session, { idleMs, timeoutMs, onDead: () => onError(new Error('a peer did not answer a ping'), 'session') });
  });
  server.on('sessionError', ignore);
  server.on('tlsClientError', (error) => onError(error, 'handshake'));
  server.on('unknownProtocol', (socket) => socket.destroy());
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
    heldBytes: exactHeldBytes,
    stop: (stops) => [...calls].filter((call) => call.stop(stops)).length,
    setTls(material) {
      assert('setSecureContext' in server && options.tls !== undefined, 'a server without TLS has no certificate to change');
      assert(
        (material.clientCa === undefined) === (options.tls.clientCa === undefined),
        'whether clients are asked is settled at the start',
      );
      server.setSecureContext(contextOf(material));
    },
  };
}

function createHttp2Server({ tls, maxConcurrentStreams = FIXED.concurrentStreams }: ExtProcServerOptions): Http2Server | Http2SecureServer {
  const options = { ...HTTP2_OPTIONS, settings: { ...HTTP2_OPTIONS.settings, maxConcurrentStreams } };
  if (tls === undefined) return createServer(options);
  const asked = tls.clientCa !== undefined;
  return createSecureServer({ ...options, ...contextOf(tls), requestCert: asked, rejectUnauthorized: asked, ALPNProtocols: ['h2'] });
}

function contextOf({ cert, key, clientCa }: TlsMaterial) {
  return { cert, key, ...(clientCa === undefined ? {} : { ca: clientCa }), minVersion: 'TLSv1.2' } as const;
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
  to: { readonly health: Health; readonly onProcess: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void },
): void {
  const refused = refuseRequest(headers);
  if (refused !== undefined) {
    stream.on('error', ignore);
    stream.resume().respond({ ':status': refused.httpStatus }, { endStream: true });
    return;
  }
  switch (headers[':path']) {
    case `/${SERVICE}/Process`:
      to.onProcess(stream, headers);
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

function listen(server: NetServer, where: ListenOptions): Promise<ListenOptions> {
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
  readonly server: NetServer;
  readonly health: Health;
  readonly sessions: ReadonlySet<ServerHttp2Session>;
  readonly calls: ReadonlySet<ProcessCall>;
}

async function drain({ server, health, sessions, calls }: Running, deadlineMs: number): Promise<void> {
  const start = performance.now();
  health.setServing(false);
  await untilKnown(health, deadlineMs / 2);
  // `server.close` would at once send every connection its last GOAWAY, and the streams that are just coming would be refused.
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  for (const session of sessions) announceEnd(session);
  await waitUntil(() => calls.size === 0, deadlineMs - (performance.now() - start));
  for (const call of calls) call.abort({ code: GRPC_STATUS.unavailable, message: 'the server is going' });
  health.close();
  for (const session of sessions) if (!session.closed) session.close();
  // What is already written gets this long to leave; a peer that does not take it is cut off.
  await waitUntil(() => sessions.size === 0, LAST_WRITES_MS);
  for (const session of sessions) session.destroy();
  await closed;
}

/** Waits until nobody who asks for health believes that this server serves, and gives them the time to act on it. */
async function untilKnown(health: Health, limitMs: number): Promise<void> {
  if (!health.isAsked()) return;
  const start = performance.now();
  await waitUntil(() => !health.isBelieved(), limitMs);
  const restMs = limitMs - (performance.now() - start);
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, Math.min(SETTLE_MS, restMs))));
}

/** Time Envoy takes to tell its workers that a host is not healthy any more, in milliseconds, and some more. */
const SETTLE_MS = 250;

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
