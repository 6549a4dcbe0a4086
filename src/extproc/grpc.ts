import { encodeHeaderBlock } from './http2/hpack.ts';
import { Pieces } from './http2/pieces.ts';
import type { RequestHeaders } from './http2/request-headers.ts';
import type { Http2Stream } from './http2/stream.ts';
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

export interface MessageReaderOptions {
  onMessage(message: Buffer): void;
  /** Largest message, in bytes. Default: `MESSAGE_BYTES_MAX`. */
  readonly bytesMax?: number;
}

/** `owner.onMessage` is called as a method: a call may be the owner itself. */
export function createMessageReader(owner: MessageReaderOptions): MessageReader {
  return new PrefixedMessages(owner);
}

/** There is one for each call: its fields are all that it takes. */
class PrefixedMessages implements MessageReader {
  pendingBytes = 0;
  readonly #owner: MessageReaderOptions;
  #held: Pieces | undefined;
  /** Bytes needed before anything can be done: a prefix, or a prefix with its message. */
  #needed = PREFIX_BYTES;

  constructor(owner: MessageReaderOptions) {
    this.#owner = owner;
  }

  push(chunk: Buffer): void {
    if (this.#held === undefined || this.pendingBytes === 0) {
      this.#drain(chunk);
      return;
    }
    this.#held.push(chunk);
    this.pendingBytes += chunk.length;
    // Joined only when something can be done with it, so a large message in many chunks is copied once.
    if (this.pendingBytes >= this.#needed) this.#drain(Buffer.concat(this.#held.take(), this.pendingBytes));
  }

  #drain(bytes: Buffer): void {
    let at = 0;
    this.#needed = PREFIX_BYTES;
    while (bytes.length - at >= PREFIX_BYTES) {
      this.#needed = PREFIX_BYTES + messageLength(bytes, at, this.#owner.bytesMax ?? MESSAGE_BYTES_MAX);
      if (bytes.length - at < this.#needed) break;
      const message = bytes.subarray(at + PREFIX_BYTES, at + this.#needed);
      at += this.#needed;
      this.#needed = PREFIX_BYTES;
      this.#owner.onMessage(message);
    }
    this.pendingBytes = bytes.length - at;
    if (this.pendingBytes === 0) return;
    this.#held ??= new Pieces();
    this.#held.push(at === 0 ? bytes : bytes.subarray(at));
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

export function createGrpcCall(stream: Http2Stream): GrpcCall {
  return new StreamCall(stream);
}

class StreamCall implements GrpcCall {
  ended = false;
  readonly #stream: Http2Stream;

  constructor(stream: Http2Stream) {
    this.#stream = stream;
  }

  write(messages: readonly Message[]): void {
    if (this.ended || messages.length === 0 || this.#stream.isClosed) return;
    this.#stream.respond(RESPONSE_HEADERS, false);
    this.#stream.write(frameMessages(messages));
  }

  end(status: GrpcStatus): void {
    if (this.ended) return;
    this.ended = true;
    if (this.#stream.isAnswered) this.#stream.end(trailersOf(status));
    else this.#stream.respond(Buffer.concat([RESPONSE_HEADERS, trailersOf(status)]), true);
  }
}

/** Answers a request that is no gRPC call, with an HTTP status and a word to whoever tries it by hand; false when it is one. */
export function refuseRequest(stream: Http2Stream, headers: RequestHeaders): boolean {
  const type = headers.get('content-type') ?? '';
  const isGrpc = type === 'application/grpc' || type.startsWith('application/grpc+') || type.startsWith('application/grpc;');
  if (headers.get(':method') === 'POST' && isGrpc) return false;
  stream.respond(headers.get(':method') === 'POST' ? UNSUPPORTED_MEDIA_TYPE : METHOD_NOT_ALLOWED, false);
  stream.write([REFUSAL]);
  stream.end();
  return true;
}

const plainText = ['content-type', 'text/plain'] as const;
const METHOD_NOT_ALLOWED = encodeHeaderBlock([[':status', '405'], plainText]);
const UNSUPPORTED_MEDIA_TYPE = encodeHeaderBlock([[':status', '415'], plainText]);
const REFUSAL = Buffer.from('This is a gRPC server: POST, content-type application/grpc.\n');

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

const RESPONSE_HEADERS = encodeHeaderBlock([
  [':status', '200'],
  ['content-type', 'application/grpc'],
]);

function messageLength(bytes: Buffer, at: number, bytesMax: number): number {
  const flag = bytes[at]!;
  if (flag === 1) throw new FramingError({ code: GRPC_STATUS.unimplemented, message: 'compressed messages are not supported' });
  if (flag !== 0) throw new FramingError({ code: GRPC_STATUS.invalidArgument, message: 'not a gRPC message' });
  const length = bytes.readUInt32BE(at + 1);
  if (length > bytesMax)
    throw new FramingError({ code: GRPC_STATUS.resourceExhausted, message: `a message is larger than ${bytesMax} bytes` });
  return length;
}

/** `grpc-message` is percent-encoded (gRPC over HTTP/2, "Status-Message"). */
function trailersOf(status: GrpcStatus): Buffer {
  return status === GRPC_OK ? OK_TRAILERS : encodeTrailers(status);
}

function encodeTrailers({ code, message }: GrpcStatus): Buffer {
  const number = ['grpc-status', String(code)] as const;
  if (message === '') return encodeHeaderBlock([number]);
  return encodeHeaderBlock([number, ['grpc-message', encodeURIComponent(message.toWellFormed()).replaceAll('%20', ' ')]]);
}

const OK_TRAILERS = encodeTrailers(GRPC_OK);
