import type { Http2Session, ServerHttp2Stream } from 'node:http2';
import { createGrpcCall, createMessageReader, FramingError, GRPC_OK, GRPC_STATUS, type GrpcCall, type GrpcStatus } from './grpc.ts';
import { ProtocolError, readHealthCheckService } from './protobuf-reader.ts';
import { SERVING_STATUS, writeHealthCheckResponse } from './protobuf-writer.ts';

/** `grpc.health.v1.Health` for the whole server (empty name) and for the ext_proc service. */
export interface Health {
  /** Unary: SERVING or NOT_SERVING; NOT_FOUND for another service. */
  check(stream: ServerHttp2Stream): void;
  /** Server stream: the status now and at each change; SERVICE_UNKNOWN for another service. */
  watch(stream: ServerHttp2Stream): void;
  /** Told to every watcher. Serving from the start. */
  setServing(serving: boolean): void;
  /** Whether a peer that asks over an open connection may still believe that this server is serving when it is not. */
  isBelieved(): boolean;
  /** Whether any open connection has asked. */
  isAsked(): boolean;
  /** Ends every watch with UNAVAILABLE: the server is going. */
  close(): void;
}

export function createHealth(services: readonly string[]): Health {
  let serving = true;
  const watchers = new Map<GrpcCall, ServerHttp2Stream>();
  /** Connections that have asked, and whether the last they heard was SERVING. */
  const heard = new Map<Http2Session, boolean>();
  const known = new Set(['', ...services]);
  const status = () => (serving ? SERVING_STATUS.serving : SERVING_STATUS.notServing);
  const tell = (call: GrpcCall, { session }: ServerHttp2Stream) => {
    call.write([writeHealthCheckResponse(status())]);
    if (session === undefined) return;
    if (!heard.has(session)) session.once('close', () => heard.delete(session));
    heard.set(session, serving);
  };

  return {
    check(stream) {
      onRequest(stream, (service, call) => {
        if (!known.has(service)) {
          call.end({ code: GRPC_STATUS.notFound, message: 'unknown service' });
          return;
        }
        tell(call, stream);
        call.end(GRPC_OK);
      });
    },
    watch(stream) {
      onRequest(stream, (service, call) => {
        if (!known.has(service)) {
          call.write([writeHealthCheckResponse(SERVING_STATUS.serviceUnknown)]);
          return;
        }
        watchers.set(call, stream);
        stream.on('close', () => watchers.delete(call));
        tell(call, stream);
      });
    },
    setServing(next) {
      if (next === serving) return;
      serving = next;
      for (const [call, stream] of watchers) tell(call, stream);
    },
    isBelieved: () => !serving && heard.values().some((believes) => believes),
    isAsked: () => heard.size > 0,
    close() {
      for (const call of watchers.keys()) call.end({ code: GRPC_STATUS.unavailable, message: 'the server is going' });
    },
  };
}

/** Largest health request read, in bytes: a service name. */
const REQUEST_BYTES_MAX = 4096;

/** Calls back once, with the one message of the request. */
function onRequest(stream: ServerHttp2Stream, answer: (service: string, call: GrpcCall) => void): void {
  const call = createGrpcCall(stream);
  let answered = false;
  const reader = createMessageReader({
    bytesMax: REQUEST_BYTES_MAX,
    onMessage(message) {
      if (answered) return;
      answered = true;
      answer(readHealthCheckService(message), call);
    },
  });
  stream.on('data', (chunk: Buffer) => {
    if (call.ended) return;
    try {
      reader.push(chunk);
    } catch (error) {
      call.end(statusOf(error));
    }
  });
  stream.on('end', () => {
    if (!answered) call.end({ code: GRPC_STATUS.invalidArgument, message: 'no request' });
  });
  // The peer has gone; nothing is left to do for it.
  stream.on('error', () => {});
}

function statusOf(error: unknown): GrpcStatus {
  if (error instanceof FramingError) return error.status;
  if (error instanceof ProtocolError) return { code: GRPC_STATUS.invalidArgument, message: error.message };
  return { code: GRPC_STATUS.internal, message: 'the request could not be handled' };
}
