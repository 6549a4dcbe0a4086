import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:tls';
import { assert } from '../../lib/assert.ts';
import { type ConnectionLimits, Http2Connection } from './connection.ts';
import type { RequestHeaders } from './request-headers.ts';
import type { Http2Stream } from './stream.ts';

/** A certificate with its chain, its key, and the authorities that client certificates must come from; PEM. */
export interface TlsMaterial {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
  /** Undefined: clients are not asked for a certificate. */
  readonly clientCa: string | Buffer | undefined;
}

/** Port 0: any free one. */
export type ListenOptions = { readonly host: string; readonly port: number } | { readonly path: string };

export interface Http2ServerOptions {
  readonly limits: ConnectionLimits;
  /** TLS 1.2 or later with ALPN `h2`; a client certificate is required when `clientCa` is given. Undefined: plain text. */
  readonly tls: TlsMaterial | undefined;
  /** A request has begun. Whoever wants it sets its handler now. */
  readonly onStream: (stream: Http2Stream, headers: RequestHeaders) => void;
  /** What a connection, or the way to one, broke with. Nothing from traffic. */
  readonly onError: (error: unknown, where: 'session' | 'handshake') => void;
  /** A connection begins; gives what is to be done when it is closed, after its last stream. Default: nothing. */
  readonly onConnection?: (connection: Http2Connection) => () => void;
}

export interface Http2Server {
  /** Resolves to where it listens; rejects with the system's error (`EADDRINUSE` …). Once per server. */
  listen(where: ListenOptions): Promise<ListenOptions>;
  /** Open connections. */
  readonly connections: ReadonlySet<Http2Connection>;
  /** Takes no more connections. Resolves when those that are open have closed, which is the caller's business, and all handshakes too. */
  stopListening(): Promise<void>;
  /** Cuts the connections that are open, and those whose TLS handshake is not over: a peer may leave it unfinished for minutes. */
  cut(): void;
  /**
   * New connections get this certificate and are checked against these authorities; open ones stay as they are. Only for a server that was
   * made with `tls`, and with `clientCa` exactly when that had one. Throws OpenSSL's error for material that does not fit together.
   */
  setTls(material: TlsMaterial): void;
}

/** HTTP/2 with prior knowledge, or over TLS. */
export function createHttp2Server(options: Http2ServerOptions): Http2Server {
  const { limits, tls, onStream, onError, onConnection = () => nothing } = options;
  const connections = new Set<Http2Connection>();
  /** Below TLS: one is here before its connection is, and as long. */
  const sockets = new Set<Socket>();
  const { server, secure } = createListener(tls, onSocket);
  secure?.on('tlsClientError', (error) => onError(error, 'handshake'));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  function onSocket(socket: Socket): void {
    const connection = new Http2Connection(socket, limits, {
      onStream,
      onError: (error) => onError(error, 'session'),
      onClose() {
        connections.delete(connection);
        onClosed();
      },
    });
    connections.add(connection);
    const onClosed = onConnection(connection);
  }

  return {
    connections,
    async listen(where) {
      const address = await listen(server, where);
      server.on('error', (error) => onError(error, 'session'));
      return address;
    },
    stopListening: () => new Promise((resolve) => void server.close(() => resolve())),
    cut() {
      for (const connection of connections) connection.destroy();
      for (const socket of sockets) socket.destroy();
    },
    setTls(material) {
      assert(secure !== undefined && tls !== undefined, 'a server without TLS has no certificate to change');
      assert((material.clientCa === undefined) === (tls.clientCa === undefined), 'whether clients are asked is settled at the start');
      secure.setSecureContext(contextOf(material));
    },
  };
}

interface Listener {
  readonly server: Server;
  readonly secure: SecureServer | undefined;
}

function createListener(tls: TlsMaterial | undefined, onSocket: (socket: Socket) => void): Listener {
  if (tls === undefined) return { server: createServer({ noDelay: true }, onSocket), secure: undefined };
  const asked = tls.clientCa !== undefined;
  const options = { ...contextOf(tls), requestCert: asked, rejectUnauthorized: asked, ALPNProtocols: ['h2'], noDelay: true };
  const secure = createSecureServer(options, (socket) => {
    // A client that offers other protocols alone is turned away in the handshake; this one offered none.
    if (socket.alpnProtocol === 'h2') onSocket(socket);
    else socket.destroy();
  });
  return { server: secure, secure };
}

function contextOf({ cert, key, clientCa }: TlsMaterial) {
  return { cert, key, ...(clientCa === undefined ? {} : { ca: clientCa }), minVersion: 'TLSv1.2' } as const;
}

function listen(server: Server, where: ListenOptions): Promise<ListenOptions> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...where }, () => {
      server.off('error', reject);
      const address = server.address() as AddressInfo | string;
      resolve(typeof address === 'string' ? { path: address } : { host: address.address, port: address.port });
    });
  });
}

const nothing = () => {};
