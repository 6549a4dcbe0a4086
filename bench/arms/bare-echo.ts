/**
 * The floor for a filter in Node: ext_proc over plain `node:http2`, nothing read but which message it is, everything let through.
 * Prints `{"port"}`. Baseline of `npm run bench -- hop`.
 */
import { createServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';

const server = createServer({
  streamResetBurst: 1e9,
  streamResetRate: 1e9,
  settings: { maxConcurrentStreams: 100_000, initialWindowSize: 16 << 20 },
});
server.on('session', (session) => session.setLocalWindowSize(64 << 20));
server.on('stream', (stream) => serve(stream));
server.listen(0, '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`));
process.on('SIGTERM', () => process.exit(0));

/** Field numbers of ProcessingRequest that carry a message, and the answer each is due. */
const HEADERS_ANSWER = { 2: 0x0a, 3: 0x12 } as const;
const BODY_ANSWER = { 4: 0x1a, 5: 0x22 } as const;

function serve(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc+proto' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.on('error', () => stream.destroy());
  let pending: Buffer = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    while (pending.length >= 5 && pending.length >= 5 + pending.readUInt32BE(1)) {
      const end = 5 + pending.readUInt32BE(1);
      answer(stream, pending.subarray(5, end));
      pending = pending.subarray(end);
    }
  });
  stream.on('end', () => stream.end());
}

function answer(stream: ServerHttp2Stream, message: Buffer): void {
  const fields = topFields(message);
  for (const { field, value } of fields) {
    if (field === 2 || field === 3) stream.write(framed(Buffer.from([HEADERS_ANSWER[field], 0])));
    if (field === 4) stream.write(framed(Buffer.from([BODY_ANSWER[field], 0])));
    if (field === 5) stream.write(framed(echoBody(value)));
    if (field === 6) stream.write(framed(Buffer.from([0x2a, 0])));
    if (field === 7) stream.write(framed(Buffer.from([0x32, 0])));
  }
}

/** response_body { response { body_mutation { streamed_response { body, end_of_stream } } } } */
function echoBody(httpBody: Buffer): Buffer {
  const streamed = delimited(3, httpBody); // HttpBody and StreamedBodyResponse share field numbers 1 and 2
  return delimited(4, delimited(1, delimited(3, streamed)));
}

function delimited(field: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([field * 8 + 2, ...varint(value.length)]), value]);
}

function varint(value: number): number[] {
  const out: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...out, rest];
    out.push((rest & 0x7f) | 0x80);
  }
}

function framed(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

function topFields(message: Buffer): { readonly field: number; readonly value: Buffer }[] {
  const out: { field: number; value: Buffer }[] = [];
  for (let at = 0; at < message.length; ) {
    const tag = message[at++]!;
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[at++]!;
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    if ((tag & 7) === 0) continue;
    out.push({ field: tag >> 3, value: message.subarray(at, at + length) });
    at += length;
  }
  return out;
}
