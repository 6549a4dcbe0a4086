import { createGrpcCall, createMessageReader, FramingError, GRPC_OK, GRPC_STATUS, type GrpcCall, type GrpcStatus } from './grpc.ts';
import type { Http2Stream, StreamOwner } from './http2/stream.ts';
import { ProtocolError, readHealthCheckService } from './protobuf-reader.ts';
import { SERVING_STATUS, writeHealthCheckResponse } from './protobuf-writer.ts';

/** `grpc.health.v1.Health` for the whole server (empty name) and for the ext_proc service. */
export interface Health {
  /** Unary: SERVING or NOT_SERVING; NOT_FOUND for another service. */
  check(stream: Http2Stream): void;
  /** Server stream: the status now and at each change; SERVICE_UNKNOWN for another service. */
  watch(stream: Http2Stream): void;
  /** Told to every watcher. Serving from the start. */
  setServing(serving: boolean): void;
  /** Whether a peer that asks over an open connection may still believe that this server is serving when it is not. */
  isBelieved(): boolean;
  /** Whether any open connection has asked. */
  isAsked(): boolean;
  /** The connection is closed: what it heard counts no more. */
  forget(connection: StreamOwner): void;
  /** Ends every watch with UNAVAILABLE: the server is going. */
  close(): void;
}

export function createHealth(services: readonly string[]): Health {
  let serving = true;
  const watchers = new Map<GrpcCall, Http2Stream>();
  /** Connections that have asked, and whether the last they heard was SERVING. */
  const heard = new Map<StreamOwner, boolean>();
  const known = new Set(['', ...services]);
  const status = () => (serving ? SERVING_STATUS.serving : SERVING_STATUS.notServing);
  const tell = (call: GrpcCall, { connection }: Http2Stream) => {
    call.write([writeHealthCheckResponse(status())]);
    heard.set(connection, serving);
  };

  return {
    check(stream) {
      onRequest(stream, nothing, (service, call) => {
        if (!known.has(service)) {
          call.end({ code: GRPC_STATUS.notFound, message: 'unknown service' });
          return;
        }
        tell(call, stream);
        call.end(GRPC_OK);
      });
    },
    watch(stream) {
      const call = onRequest(
        stream,
        () => watchers.delete(call),
        (service) => {
          if (!known.has(service)) {
            call.write([writeHealthCheckResponse(SERVING_STATUS.serviceUnknown)]);
            return;
          }
          watchers.set(call, stream);
          tell(call, stream);
        },
      );
    },
    setServing(next) {
      if (next === serving) return;
      serving = next;
      for (const [call, stream] of watchers) tell(call, stream);
    },
    isBelieved: () => !serving && heard.values().some((believes) => believes),
    isAsked: () => heard.size > 0,
    forget: (connection) => void heard.delete(connection),
    close() {
      for (const call of watchers.keys()) call.end({ code: GRPC_STATUS.unavailable, message: 'the server is going' });
    },
  };
}

/** Largest health request read, in bytes: a service name. */
const REQUEST_BYTES_MAX = 4096;

/** Calls back once, with the one message of the request, and once when all is over. */
function onRequest(stream: Http2Stream, onClose: () => void, answer: (service: string, call: GrpcCall) => void): GrpcCall {
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
  stream.handler = {
    onData(piece) {
      if (call.ended) return;
      try {
        reader.push(piece);
      } catch (error) {
        call.end(statusOf(error));
      }
    },
    onEnd() {
      if (!answered) call.end({ code: GRPC_STATUS.invalidArgument, message: 'no request' });
    },
    onDrain: nothing,
    onClose,
  };
  return call;
}

const nothing = () => {};

function statusOf(error: unknown): GrpcStatus {
  if (error instanceof FramingError) return error.status;
  if (error instanceof ProtocolError) return { code: GRPC_STATUS.invalidArgument, message: error.message };
  return { code: GRPC_STATUS.internal, message: 'the request could not be handled' };
}
