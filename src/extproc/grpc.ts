import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Message } from './protobuf-writer.ts';

/** The gRPC status codes this server sends. https://grpc.io/docs/guides/status-codes/ */
export const GRPC_STATUS = {
  ok: 0,
  cancelled: 1,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

/** A status a call ends with. `message` is a fixed sentence: nothing from traffic. */
export interface GrpcStatus {
  readonly code: number;
  readonly message: string;
}

export const GRPC_OK: GrpcStatus = { code: GRPC_STATUS.ok, message: '' };

/** Largest message accepted. Envoy's pieces are as large as its buffer limit, so gRPC's usual 4 MiB would cut real traffic. */
const MESSAGE_BYTES_MAX = 64 * 1024 * 1024;

/** Something in the framing this server refuses. Carries the gRPC status to answer with. */
export class FramingError extends Error {
  override readonly name = 'FramingError';
  readonly status: GrpcStatus;
  constructor(status: GrpcStatus) {
    super(status.message);
    this.status = status;
  }
}

/** Cuts a byte stream into gRPC messages. */
export interface MessageReader {
  /**
   * Takes the next bytes and gives every message they complete to `onMessage`, in order. A message that lies in one chunk shares its
   * memory. Throws FramingError; the reader is of no use afterwards.
   */
  push(chunk: Buffer): void;
  /** Bytes of a message that is not complete yet; 0 at a border. */
  readonly pendingBytes: number;
}

export function createMessageReader(options: { readonly onMessage: (message: Buffer) => void; readonly bytesMax?: number }): MessageReader {
  const { onMessage, bytesMax = MESSAGE_BYTES_MAX } = options;
  // Fields, not getters: see `createGather`.
  const reader = { pendingBytes: 0, push };
  let held: Buffer[] = [];
  /** Bytes needed before anything can be done: a prefix, or a prefix with its message. */
  let needed = PREFIX_BYTES;
  return reader;

  function push(chunk: Buffer): void {
    if (reader.pendingBytes === 0) {
      drain(chunk);
      return;
    }
    held.push(chunk);
    reader.pendingBytes += chunk.length;
    // Joined only when something can be done with it, so a large message in many chunks is copied once.
    if (reader.pendingBytes >= needed) drain(Buffer.concat(held, reader.pendingBytes));
  }

  function drain(bytes: Buffer): void {
    let at = 0;
    needed = PREFIX_BYTES;
    while (bytes.length - at >= PREFIX_BYTES) {
      needed = PREFIX_BYTES + messageLength(bytes, at, bytesMax);
      if (bytes.length - at < needed) break;
      const message = bytes.subarray(at + PREFIX_BYTES, at + needed);
      at += needed;
      needed = PREFIX_BYTES;
      onMessage(message);
    }
    reader.pendingBytes = bytes.length - at;
    held = reader.pendingBytes === 0 ? [] : [at === 0 ? bytes : bytes.subarray(at)];
  }
}

/**
 * Length-prefixed bytes of messages, as buffers to write in order: one buffer while everything is small, else bodies are shared and only
 * what stands between them is copied.
 */
export function frameMessages(messages: readonly Message[]): readonly Buffer[] {
  let smallBytes = 0;
  let large = false;
  for (const message of messages) {
    smallBytes += PREFIX_BYTES;
    for (const part of message) {
      if (part.length > COPY_BYTES_MAX) large = true;
      else smallBytes += part.length;
    }
  }
  // Everything that is copied lies in one allocation, cut where a shared body comes between.
  const small = Buffer.allocUnsafe(smallBytes);
  if (!large) {
    let at = 0;
    for (const message of messages) {
      at = writePrefix(small, at, message);
      for (const part of message) at = copyInto(small, at, part);
    }
    return [small];
  }
  return interleave(messages, small);
}

function interleave(messages: readonly Message[], small: Buffer): readonly Buffer[] {
  const out: Buffer[] = [];
  let start = 0;
  let at = 0;
  for (const message of messages) {
    at = writePrefix(small, at, message);
    for (const part of message) {
      if (part.length <= COPY_BYTES_MAX) {
        at = copyInto(small, at, part);
      } else {
        if (at > start) out.push(small.subarray(start, at));
        start = at;
        out.push(part);
      }
    }
  }
  if (at > start) out.push(small.subarray(start, at));
  return out;
}

/** A server's side of one gRPC call. After the first `end` nothing is written. */
export interface GrpcCall {
  /** Sends messages. Nothing when the call has ended or the peer has gone. */
  write(messages: readonly Message[]): void;
  /** Ends the call, with trailers alone when nothing was written before. */
  end(status: GrpcStatus): void;
  readonly ended: boolean;
}

export function createGrpcCall(stream: ServerHttp2Stream): GrpcCall {
  const gone = () => stream.destroyed || stream.closed;
  const call = {
    ended: false,
    write(messages: readonly Message[]): void {
      if (call.ended || messages.length === 0 || gone()) return;
      if (!stream.headersSent) stream.respond(RESPONSE_HEADERS, { waitForTrailers: true });
      writeAll(stream, frameMessages(messages));
    },
    end(status: GrpcStatus): void {
      if (call.ended) return;
      call.ended = true;
      if (gone()) return;
      if (stream.headersSent) stream.once('wantTrailers', () => stream.sendTrailers(trailersOf(status))).end();
      else stream.respond({ ...RESPONSE_HEADERS, ...trailersOf(status) }, { endStream: true });
    },
  };
  return call;
}

/** Why a request is no gRPC call at all: the HTTP status to answer with. Undefined when it is one. */
export function refuseRequest(headers: IncomingHttpHeaders): { readonly httpStatus: number } | undefined {
  if (headers[':method'] !== 'POST') return { httpStatus: 405 };
  const type = headers['content-type'];
  if (type === undefined || !(type === 'application/grpc' || type.startsWith('application/grpc+') || type.startsWith('application/grpc;')))
    return { httpStatus: 415 };
  return undefined;
}

/** Compressed flag and length. */
const PREFIX_BYTES = 5;
/** Parts up to this size are copied beside their neighbours: a write costs more than the copy. */
const COPY_BYTES_MAX = 4096;

function writePrefix(into: Buffer, at: number, message: Message): number {
  let bytes = 0;
  for (const part of message) bytes += part.length;
  into[at] = 0;
  into.writeUInt32BE(bytes, at + 1);
  return at + PREFIX_BYTES;
}

function copyInto(into: Buffer, at: number, part: Buffer): number {
  if (part.length <= COPY_BY_HAND_BYTES_MAX) for (let index = 0; index < part.length; index++) into[at + index] = part[index]!;
  else into.set(part, at);
  return at + part.length;
}

/** Up to this size a loop is faster than the call. */
const COPY_BY_HAND_BYTES_MAX = 16;

const RESPONSE_HEADERS = { ':status': 200, 'content-type': 'application/grpc' } as const;

function messageLength(bytes: Buffer, at: number, bytesMax: number): number {
  const flag = bytes[at]!;
  if (flag === 1) throw new FramingError({ code: GRPC_STATUS.unimplemented, message: 'compressed messages are not supported' });
  if (flag !== 0) throw new FramingError({ code: GRPC_STATUS.invalidArgument, message: 'not a gRPC message' });
  const length = bytes.readUInt32BE(at + 1);
  if (length > bytesMax)
    throw new FramingError({ code: GRPC_STATUS.resourceExhausted, message: `a message is larger than ${bytesMax} bytes` });
  return length;
}

function writeAll(stream: ServerHttp2Stream, buffers: readonly Buffer[]): void {
  if (buffers.length === 1) {
    stream.write(buffers[0]!);
    return;
  }
  stream.cork();
  for (const buffer of buffers) stream.write(buffer);
  stream.uncork();
}

/** `grpc-message` is percent-encoded (gRPC over HTTP/2, "Status-Message"). */
function trailersOf({ code, message }: GrpcStatus): Record<string, string> {
  const trailers: Record<string, string> = { 'grpc-status': String(code) };
  if (message !== '') trailers['grpc-message'] = encodeURIComponent(message.toWellFormed()).replaceAll('%20', ' ');
  return trailers;
}
