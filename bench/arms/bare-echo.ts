/**
 * The floor for a filter in Node: ext_proc over plain `node:http2`, nothing read but which message it is, everything let through.
 * Prints `{"port"}`. Baseline of `npm run bench -- hop`.
 */
import { createServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { answersOf } from './echo-answers.ts';

const server = createServer({
  streamResetBurst: 1e9,
  streamResetRate: 1e9,
  settings: { maxConcurrentStreams: 100_000, initialWindowSize: 16 << 20 },
});
server.on('session', (session) => session.setLocalWindowSize(64 << 20));
server.on('stream', (stream) => serve(stream));
server.listen(0, '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`));
process.on('SIGTERM', () => process.exit(0));

function serve(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc+proto' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.on('error', () => stream.destroy());
  let pending: Buffer = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    while (pending.length >= 5 && pending.length >= 5 + pending.readUInt32BE(1)) {
      const end = 5 + pending.readUInt32BE(1);
      for (const answer of answersOf(pending.subarray(5, end))) stream.write(answer);
      pending = pending.subarray(end);
    }
  });
  stream.on('end', () => stream.end());
}
