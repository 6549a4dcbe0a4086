import { type ClientHttp2Session, type ClientHttp2Stream, connect, type SecureClientSessionOptions } from 'node:http2';
import path from 'node:path';
import protobuf from 'protobufjs';
import type { ListenOptions } from '../../src/extproc/server.ts';

/** A protobuf message as a plain object with the field names of the protos; bytes are Buffers, enums names, unset fields absent. */
export type Plain = Record<string, unknown>;

/** How a call ended: the gRPC status, or the HTTP/2 error code of a reset without one (`code` is -1 then). */
export interface CallEnd {
  readonly code: number;
  readonly message: string;
  readonly rstCode: number;
  readonly httpStatus: number;
}

/** One call to `ExternalProcessor/Process`, played by hand. */
export interface ProcessStream {
  /** Sends a ProcessingRequest, e.g. `{ request_headers: { end_of_stream: true } }`. */
  send(request: Plain): void;
  /** Sends bytes as one gRPC message. */
  sendMessage(bytes: Buffer): void;
  /** Sends bytes as they are, without framing. */
  sendBytes(bytes: Buffer): void;
  /** Half-closes. */
  end(): void;
  /** Resets without a half-close, as Envoy does: NO_ERROR or CANCEL. */
  reset(how?: 'no-error' | 'cancel'): void;
  /** The next ProcessingResponse; undefined when the call is over and everything was taken. */
  next(): Promise<Plain | undefined>;
  /** Everything that comes until the call is over. */
  rest(): Promise<readonly Plain[]>;
  /** Resolves when the call is over. */
  readonly ended: Promise<CallEnd>;
  readonly http2: ClientHttp2Stream;
}

/** A client on one connection. */
export interface ExtProcClient {
  open(options?: { readonly path?: string; readonly headers?: Record<string, string> }): ProcessStream;
  /** `grpc.health.v1.Health/Check`. */
  check(service: string): Promise<{ readonly status: string | undefined; readonly end: CallEnd }>;
  /** `grpc.health.v1.Health/Watch`: the statuses as they come. */
  watch(service: string): { next(): Promise<string | undefined>; readonly ended: Promise<CallEnd>; reset(): void };
  close(): Promise<void>;
  readonly session: ClientHttp2Session;
}

/** The messages of `protos/`, by protobufjs: a reader and writer that shares nothing with the one under test. */
export const protos = loadProtos();

/** Header as Envoy sends it. */
export const header = (key: string, value: string | Buffer): Plain => ({ key, raw_value: Buffer.from(value as string) });

/** Modes as Envoy sends them with the first message. */
export const modes = (request: string, response: string): Plain => ({ request_body_mode: request, response_body_mode: response });

/** String attributes as Envoy sends them. The well-known types inside protobufjs have their own, camel-case field names. */
export const attributes = (values: Record<string, string>): Plain => ({
  'envoy.filters.http.ext_proc': {
    fields: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { stringValue: value }])),
  },
});

/** With `tls` over TLS; `ca` is what the client trusts, `cert` and `key` what it shows. */
export function connectExtProc(where: ListenOptions, tls?: Pick<SecureClientSessionOptions, TlsOption>): ExtProcClient {
  const session =
    'path' in where
      ? connect('http://localhost', { ...OPTIONS, path: where.path } as object)
      : connect(`${tls === undefined ? 'http' : 'https'}://${where.host}:${where.port}`, { ...OPTIONS, ...tls });
  session.on('error', () => {});
  session.setMaxListeners(0);
  session.on('connect', () => session.destroyed || session.setLocalWindowSize(64 * 1024 * 1024));

  const call = (name: string, headers: Record<string, string> = {}) =>
    session.request({ ':method': 'POST', ':path': name, 'content-type': 'application/grpc', te: 'trailers', ...headers });
  const health = (method: string, service: string) => {
    const stream = receive(call(`/grpc.health.v1.Health/${method}`), protos.HealthCheckResponse);
    stream.http2.end(frame(encode(protos.HealthCheckRequest, { service })));
    return stream;
  };

  return {
    open: (options = {}) => receive(call(options.path ?? PROCESS, options.headers), protos.ProcessingResponse),
    async check(service) {
      const stream = health('Check', service);
      const message = await stream.next();
      return { status: message?.['status'] as string | undefined, end: await stream.ended };
    },
    watch(service) {
      const stream = health('Watch', service);
      return {
        next: async () => (await stream.next())?.['status'] as string | undefined,
        ended: stream.ended,
        reset: () => stream.reset(),
      };
    },
    close: () =>
      new Promise((resolve) => {
        if (session.destroyed) resolve();
        else session.once('close', resolve).destroy();
      }),
    session,
  };
}

/** The bytes of a message by protobufjs. */
export function encode(type: protobuf.Type, message: Plain): Buffer {
  return Buffer.from(type.encode(type.fromObject(message)).finish());
}

/** The plain form of a message by protobufjs. */
export function decode(type: protobuf.Type, bytes: Buffer): Plain {
  return type.toObject(type.decode(bytes), { enums: String, longs: Number, bytes: Buffer, oneofs: true });
}

/** One gRPC message with its prefix. */
export function frame(bytes: Buffer, flag = 0): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([prefix, bytes]);
}

type TlsOption = 'ca' | 'cert' | 'key' | 'minVersion' | 'maxVersion' | 'ciphers';

const PROCESS = '/envoy.service.ext_proc.v3.ExternalProcessor/Process';
const OPTIONS = { settings: { initialWindowSize: 4 * 1024 * 1024 }, peerMaxConcurrentStreams: 100_000, maxSessionMemory: 1024 };

function receive(stream: ClientHttp2Stream, type: protobuf.Type): ProcessStream {
  const waiting: ((message: Plain | undefined) => void)[] = [];
  const arrived: Plain[] = [];
  let bytes = Buffer.alloc(0);
  let over = false;
  let httpStatus = 0;
  let status: { code: number; message: string } | undefined;
  const takeStatus = (headers: Record<string, unknown>) => {
    if (headers['grpc-status'] !== undefined) {
      status = { code: Number(headers['grpc-status']), message: decodeURIComponent((headers['grpc-message'] as string | undefined) ?? '') };
    }
  };
  stream.on('response', (headers) => {
    httpStatus = Number(headers[':status']);
    takeStatus(headers);
  });
  stream.on('trailers', takeStatus);
  stream.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= 5 && bytes.length >= 5 + bytes.readUInt32BE(1)) {
      const end = 5 + bytes.readUInt32BE(1);
      const message = decode(type, bytes.subarray(5, end));
      bytes = bytes.subarray(end);
      const waiter = waiting.shift();
      if (waiter === undefined) arrived.push(message);
      else waiter(message);
    }
  });
  stream.on('error', () => {});
  const ended = new Promise<CallEnd>((resolve) => {
    stream.on('close', () => {
      over = true;
      for (const waiter of waiting.splice(0)) waiter(undefined);
      resolve({ code: -1, message: '', ...status, rstCode: stream.rstCode ?? 0, httpStatus });
    });
    // A server that has answered with trailers alone leaves our side open.
    stream.on('end', () => stream.end());
  });
  const next = () =>
    new Promise<Plain | undefined>((resolve) => {
      const message = arrived.shift();
      if (message !== undefined) resolve(message);
      else if (over) resolve(undefined);
      else waiting.push(resolve);
    });

  return {
    send: (request) => void stream.write(frame(encode(protos.ProcessingRequest, request))),
    sendMessage: (message) => void stream.write(frame(message)),
    sendBytes: (raw) => void stream.write(raw),
    end: () => void stream.end(),
    // `stream.close` would half-close first. Node turns an AbortError into CANCEL.
    reset: (how = 'no-error') => void stream.destroy(how === 'cancel' ? new DOMException('reset', 'AbortError') : undefined),
    next,
    async rest() {
      const all: Plain[] = [];
      for (let message = await next(); message !== undefined; message = await next()) all.push(message);
      return all;
    },
    ended,
    http2: stream,
  };
}

function loadProtos() {
  const folder = path.join(import.meta.dirname, '../../protos');
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => (target.startsWith('google/protobuf/') ? target : path.resolve(folder, target));
  root.loadSync(['envoy/service/ext_proc/v3/external_processor.proto', 'grpc/health/v1/health.proto'], { keepCase: true }).resolveAll();
  return {
    ProcessingRequest: root.lookupType('envoy.service.ext_proc.v3.ProcessingRequest'),
    ProcessingResponse: root.lookupType('envoy.service.ext_proc.v3.ProcessingResponse'),
    HealthCheckRequest: root.lookupType('grpc.health.v1.HealthCheckRequest'),
    HealthCheckResponse: root.lookupType('grpc.health.v1.HealthCheckResponse'),
  };
}
