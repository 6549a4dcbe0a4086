import type { Stop } from '../agents/stops.ts';
import type { ExchangeRecord } from '../exchange/events.ts';
import { FIXED, HTTP2 } from '../lib/limits.ts';
import { Seats } from '../lib/seats.ts';
import { type CallMetadata, readCallMetadata } from './call-metadata.ts';
import { createGrpcCall, FramingError, GRPC_STATUS, refuseRequest } from './grpc.ts';
import { createHealth, type Health } from './health.ts';
import type { Http2Connection } from './http2/connection.ts';
import type { RequestHeaders } from './http2/request-headers.ts';
import { createHttp2Server, type Http2Server, type ListenOptions, type TlsMaterial } from './http2/server.ts';
import type { Http2Stream } from './http2/stream.ts';
import { keepAlive } from './keepalive.ts';
import type { CallShell, ErrorPlace, ExchangePort, ProcessCall } from './process-call.ts';
import { serveProcessCall } from './streamed-call.ts';
import { createTurns } from './turns.ts';

export type { ListenOptions, TlsMaterial } from './http2/server.ts';
export type { ErrorPlace, ExchangePort } from './process-call.ts';

/** What is known of an exchange before its first message. */
export interface ExchangeContext extends Pick<CallMetadata, 'traceparent' | 'tracestate'> {
  /** The open exchanges hold more than `heldBytesMax` together: this one is to be shed, as policy says. */
  readonly overloaded: boolean;
}

export interface ExtProcServerOptions {
  /** A new state machine, once per side stream. */
  readonly openExchange: (context: ExchangeContext) => ExchangePort;
  /** Answers what exchanges ask. Default: nobody does, and no exchange may ask. */
  readonly advise?: CallShell['advise'];
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

export interface ExtProcServer {
  /** Resolves to where it listens; rejects with the system's error (`EADDRINUSE` …). Once per server. */
  listen(where: ListenOptions): Promise<ListenOptions>;
  /**
   * Health says NOT_SERVING. Whoever asks for health over an open connection gets up to half of the time to hear it and to send its
   * exchanges elsewhere; then no new connections and exchanges are taken. Open exchanges may finish until the deadline; what is left ends
   * with UNAVAILABLE, never OK. Resolves when every connection is closed, to the number of exchanges that were broken off. A second call
   * waits for the first.
   */
  close(options: { readonly deadlineMs: number }): Promise<number>;
  /** Side streams that are open now. */
  openExchanges(): number;
  /** Ends the open exchanges whose callers these orders cover; how many. */
  stop(stops: readonly Stop[]): number;
  /** Bytes that the open exchanges hold: unread and undecided ones, incomplete messages and answers that wait to be sent. */
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
  const health = createHealth([SERVICE]);
  const calls = new Seats<ProcessCall>();
  const shell: CallShell = {
    onRecord,
    onError,
    advise,
    now,
    turns: createTurns(),
    onClosed: ({ seat }) => calls.leave(seat),
    onHeld(bytes) {
      heldBytes += bytes;
    },
  };
  let closing: Promise<number> | undefined;
  let heldBytes = 0;

  function onProcess(stream: Http2Stream, headers: RequestHeaders): void {
    let metadata: CallMetadata;
    let exchange: ExchangePort;
    try {
      metadata = readCallMetadata(headers);
      const { traceparent, tracestate } = metadata;
      exchange = openExchange({ traceparent, tracestate, overloaded: heldBytes > heldBytesMax && exactHeldBytes() > heldBytesMax });
    } catch (error) {
      const refused = error instanceof FramingError;
      createGrpcCall(stream).end(refused ? error.status : { code: GRPC_STATUS.internal, message: 'no exchange could be opened' });
      onError(error, refused ? 'protocol' : 'step');
      return;
    }
    const call = serveProcessCall(stream, shell, { exchange, timeoutMs: metadata.timeoutMs });
    call.seat = calls.take(call);
  }
  const exactHeldBytes = () => {
    for (const call of calls.all()) call.recount();
    return heldBytes;
  };

  const { maxConcurrentStreams = FIXED.concurrentStreams, tls } = options;
  const server = createHttp2Server({
    limits: { ...HTTP2, concurrentStreams: maxConcurrentStreams },
    tls,
    onStream: (stream, headers) => route(stream, headers, { health, onProcess }),
    onError,
    onConnection(connection) {
      const onDead = () => onError(new Error('a peer did not answer a ping'), 'session');
      const stopPings = keepAlive(connection, { idleMs, timeoutMs, onDead });
      return () => {
        stopPings();
        health.forget(connection);
      };
    },
  });

  const watchdog = setInterval(
    () => {
      const nowMs = now();
      for (const call of calls.all()) call.watch(nowMs, watchdogMs);
    },
    Math.max(10, watchdogMs / WATCHDOG_LOOKS),
  );
  watchdog.unref();

  return {
    listen: server.listen,
    close(how) {
      closing ??= drain({ server, health, calls }, how.deadlineMs).finally(() => clearInterval(watchdog));
      return closing;
    },
    openExchanges: () => calls.size,
    heldBytes: exactHeldBytes,
    stop: (stops) => [...calls.all()].filter((call) => call.stop(stops)).length,
    setTls: server.setTls,
  };
}

const SERVICE = 'envoy.service.ext_proc.v3.ExternalProcessor';

/** How often the watchdog looks, in parts of its limit. */
const WATCHDOG_LOOKS = 5;

function route(
  stream: Http2Stream,
  headers: RequestHeaders,
  to: { readonly health: Health; readonly onProcess: (stream: Http2Stream, headers: RequestHeaders) => void },
): void {
  if (refuseRequest(stream, headers)) return;
  switch (headers.get(':path')) {
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
      createGrpcCall(stream).end({ code: GRPC_STATUS.unimplemented, message: 'unknown method' });
  }
}

interface Running {
  readonly server: Http2Server;
  readonly health: Health;
  readonly calls: Seats<ProcessCall>;
}

/** Resolves to the number of calls that were broken off. */
async function drain({ server, health, calls }: Running, deadlineMs: number): Promise<number> {
  const start = performance.now();
  health.setServing(false);
  await untilKnown(health, deadlineMs / 2);
  const { connections } = server;
  const closed = server.stopListening();
  for (const connection of connections) announceEnd(connection);
  await waitUntil(() => calls.size === 0, deadlineMs - (performance.now() - start));
  const left = [...calls.all()];
  for (const call of left) call.abort({ code: GRPC_STATUS.unavailable, message: 'the server is going' });
  health.close();
  for (const connection of connections) connection.close();
  // What is already written gets this long to leave; a peer that does not take it is cut off.
  await waitUntil(() => connections.size === 0, LAST_WRITES_MS);
  server.cut();
  await closed;
  return left.length;
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
function announceEnd(connection: Http2Connection): void {
  connection.announceEnd();
  connection.ping(() => connection.close());
}

async function waitUntil(done: () => boolean, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  while (!done() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}

const ignore = () => {};
