import { createHash, timingSafeEqual } from 'node:crypto';
import { createGrpcCall, GRPC_OK, GRPC_STATUS, type GrpcStatus, refuseRequest } from '../extproc/grpc.ts';
import type { RequestHeaders } from '../extproc/http2/request-headers.ts';
import { createHttp2Server, type ListenOptions } from '../extproc/http2/server.ts';
import type { Http2Stream } from '../extproc/http2/stream.ts';
import { HTTP2, INVENTORY } from '../lib/limits.ts';
import type { BodyBudget, Reservation } from './body-budget.ts';
import { INTAKE } from './incoming.ts';
import { inflate } from './inflate.ts';
import type { AddSpans } from './intake.ts';
import type { InventoryTls } from './inventory-tls.ts';
import { LedgerBusy } from './ledger.ts';
import { decodeProtobuf } from './otlp-protobuf.ts';

/** An OTLP/gRPC receiver that runs. */
export interface OtlpGrpc {
  readonly port: number;
  /** Answers what is open, at most a moment long. */
  stop(): Promise<void>;
}

export interface OtlpGrpcOptions {
  readonly host: string;
  readonly port: number;
  readonly add: AddSpans;
  readonly budget: BodyBudget;
  readonly onStoreError: (error: unknown) => void;
  /** Callers need `authorization: Bearer <token>`. Undefined: nobody is asked. */
  readonly token: string | undefined;
  /** Undefined: plain text. */
  readonly tls: InventoryTls | undefined;
}

const PACKAGE = '/opentelemetry.proto.collector';
const TRACES = `${PACKAGE}.trace.v1.TraceService/Export`;
/** Answered and not kept, as over HTTP. */
const IGNORED: ReadonlySet<string> = new Set([`${PACKAGE}.logs.v1.LogsService/Export`, `${PACKAGE}.metrics.v1.MetricsService/Export`]);

/**
 * Starts the receiver, straight on HTTP/2. OK when stored; UNAVAILABLE, which senders retry, when too much waits or the store fails;
 * INVALID_ARGUMENT for what cannot be read, RESOURCE_EXHAUSTED over `INTAKE`'s bounds and UNAUTHENTICATED without the token, which they
 * do not. Messages may be compressed with gzip.
 */
export async function startOtlpGrpc(options: OtlpGrpcOptions): Promise<OtlpGrpc> {
  const { host, port, tls } = options;
  const server = createHttp2Server({
    limits: { ...HTTP2, concurrentStreams: INVENTORY.intakeStreams },
    tls: tls === undefined ? undefined : { ...tls, clientCa: tls.clientCa },
    onStream: (stream, headers) => void answer(stream, headers, options),
    onError: nothing, // a peer that breaks off: its streams end with it
  });
  const bound = await server.listen({ host, port });
  return {
    port: portOf(bound),
    async stop() {
      const closed = server.stopListening();
      for (const connection of server.connections) connection.close();
      const force = setTimeout(server.cut, CLOSE_MS);
      await closed;
      clearTimeout(force);
    },
  };
}

const CLOSE_MS = 2000;

const portOf = (where: ListenOptions): number => ('port' in where ? where.port : 0);

const nothing = () => {};

async function answer(stream: Http2Stream, headers: RequestHeaders, options: OtlpGrpcOptions): Promise<void> {
  if (refuseRequest(stream, headers)) return;
  const call = createGrpcCall(stream);
  const status = await exported(stream, headers, options).catch((error: unknown): GrpcStatus => {
    options.onStoreError(error);
    return later('the store cannot take spans now');
  });
  if (status.code === GRPC_STATUS.ok) call.write([[]]);
  call.end(status);
}

const later = (message: string): GrpcStatus => ({ code: GRPC_STATUS.unavailable, message });
const never = (code: number, message: string): GrpcStatus => ({ code, message });
const UNAUTHENTICATED = 16;

async function exported(stream: Http2Stream, headers: RequestHeaders, { add, budget, token }: OtlpGrpcOptions): Promise<GrpcStatus> {
  const path = headers.get(':path') ?? '';
  if (path !== TRACES && !IGNORED.has(path)) return never(GRPC_STATUS.unimplemented, 'no such method');
  if (token !== undefined && !isToken(headers.get('authorization'), token)) return never(UNAUTHENTICATED, 'a token is needed');
  const reservation = budget.reserve();
  try {
    const body = await collect(stream, reservation);
    if (!Buffer.isBuffer(body)) return body;
    return path === TRACES ? await stored(body, headers.get('grpc-encoding'), { add, reservation }) : GRPC_OK;
  } finally {
    reservation.release();
  }
}

interface Storing {
  readonly add: AddSpans;
  readonly reservation: Reservation;
}

async function stored(body: Buffer, encoding: string | undefined, { add, reservation }: Storing): Promise<GrpcStatus> {
  const message = await messageOf(body, encoding, reservation);
  if (!Buffer.isBuffer(message)) return message;
  const decoded = decodeProtobuf(message);
  if (!decoded.ok) return never(GRPC_STATUS.invalidArgument, decoded.error);
  try {
    await add(decoded.spans);
    return GRPC_OK;
  } catch (error) {
    if (error instanceof LedgerBusy) return later('too many spans wait');
    throw error;
  }
}

function isToken(authorization: string | undefined, token: string): boolean {
  const hashed = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hashed(authorization ?? ''), hashed(`Bearer ${token}`));
}

/** Compressed flag and length. */
const PREFIX_BYTES = 5;

/**
 * All bytes of the call. What is too much is read no further and thrown away: the stream lives on for the answer.
 */
function collect(stream: Http2Stream, reservation: Reservation): Promise<Buffer | GrpcStatus> {
  const chunks: Buffer[] = [];
  let held = 0;
  let over = false;
  return new Promise((resolve) => {
    const stop = (status: GrpcStatus): void => {
      if (over) return;
      over = true;
      chunks.length = 0;
      resolve(status);
    };
    stream.handler = {
      onData(piece) {
        if (over) return;
        if (held + piece.length > INTAKE.bodyBytes + PREFIX_BYTES)
          stop(never(GRPC_STATUS.resourceExhausted, `over ${INTAKE.bodyBytes} bytes`));
        else if (!reservation.take(piece.length)) stop(later('too many bytes wait'));
        else {
          held += piece.length;
          chunks.push(piece);
        }
      },
      onEnd() {
        if (over) return;
        over = true;
        resolve(Buffer.concat(chunks, held));
      },
      onDrain: nothing,
      onClose: () => stop(never(GRPC_STATUS.cancelled, 'the sender broke off')),
    };
  });
}

/** The one message of a unary call, inflated; or what is wrong with it. */
async function messageOf(body: Buffer, encoding: string | undefined, reservation: Reservation): Promise<Buffer | GrpcStatus> {
  if (body.length < PREFIX_BYTES || body.readUInt32BE(1) !== body.length - PREFIX_BYTES)
    return never(GRPC_STATUS.invalidArgument, 'not one gRPC message');
  const message = body.subarray(PREFIX_BYTES);
  if (body[0] === 0) return message;
  if (encoding !== 'gzip') return never(GRPC_STATUS.unimplemented, 'the compression is not gzip');
  const inflated = await inflate(message, reservation);
  return inflated.ok ? inflated.bytes : NOT_INFLATED[inflated.reason];
}

const NOT_INFLATED = {
  'not-gzip': never(GRPC_STATUS.invalidArgument, 'the message is not gzip'),
  'too-long': never(GRPC_STATUS.resourceExhausted, `the message is over ${INTAKE.inflatedBytes} bytes after gzip`),
  'no-room': later('too many bytes wait'),
} as const;
