/** The same as `bare-echo.ts` over the HTTP/2 server of `src/extproc/http2`. Prints `{"port"}`. */
import { type AddressInfo, createServer } from 'node:net';
import { Http2Connection } from '../../src/extproc/http2/connection.ts';
import { encodeHeaderBlock } from '../../src/extproc/http2/hpack.ts';
import type { Http2Stream } from '../../src/extproc/http2/stream.ts';
import { answersOf } from './echo-answers.ts';

const HEADERS = encodeHeaderBlock([
  [':status', '200'],
  ['content-type', 'application/grpc+proto'],
]);
const TRAILERS = encodeHeaderBlock([['grpc-status', '0']]);
const LIMITS = {
  concurrentStreams: 100_000,
  streamWindowBytes: 16 << 20,
  connectionWindowBytes: 64 << 20,
  frameBytes: 1 << 18,
  headerListBytes: 65_536,
  uselessFrames: 10_000,
  uselessFramesPerSecond: 1_000,
  unsentBytes: 16 << 20,
};

const server = createServer({ noDelay: true }, (socket) => {
  new Http2Connection(socket, LIMITS, { onStream: serve, onError: () => {}, onClose: () => {} });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`));
process.on('SIGTERM', () => process.exit(0));

function serve(stream: Http2Stream): void {
  stream.respond(HEADERS, false);
  let pending: Buffer = Buffer.alloc(0);
  stream.handler = {
    onData(chunk) {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      while (pending.length >= 5 && pending.length >= 5 + pending.readUInt32BE(1)) {
        const end = 5 + pending.readUInt32BE(1);
        for (const answer of answersOf(pending.subarray(5, end))) stream.write([answer]);
        pending = pending.subarray(end);
      }
    },
    onEnd: () => stream.end(TRAILERS),
    onDrain() {},
    onClose() {},
  };
}
