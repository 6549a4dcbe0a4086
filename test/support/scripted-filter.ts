import { createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** What a filter that is none does with what Envoy sends it. */
export type FilterScript =
  | { readonly on: 'connection'; readonly act: (socket: Socket) => void }
  | { readonly on: 'call'; readonly act: (stream: ServerHttp2Stream) => void };

/** Somebody's filter on a free loopback port. */
export interface ScriptedFilter {
  readonly port: number;
  /** What it does from now on; open connections are cut. */
  play(script: FilterScript): void;
  close(): Promise<void>;
}

/** Starts one; until it is told what to do it refuses every connection. */
export async function startScriptedFilter(): Promise<ScriptedFilter> {
  let script: FilterScript = { on: 'connection', act: (socket) => socket.resetAndDestroy() };
  const sockets = new Set<Socket>();
  const http2 = createHttp2Server();
  http2.on('stream', (stream) => {
    stream.on('error', () => {}); // Envoy resets what it has given up
    if (script.on === 'call') script.act(stream);
  });
  http2.on('sessionError', () => {}); // connections are cut between scripts
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    if (script.on === 'connection') script.act(socket);
    else http2.emit('connection', socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    play(next) {
      script = next;
      cut();
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
