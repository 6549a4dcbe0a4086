/**
 * A provider that streams: a word every 20 milliseconds, as many as `x-events` says, each event with the time it left in `obfuscation`
 * (`writtenTime`), where OpenAI's own have letters at random. All streams share a timer, each has its own place within the 20 milliseconds.
 * Prints `{"port"}`.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createRandom } from '../../test/support/random.ts';
import { createHttpReader, headerOf } from '../harness/http-reader.ts';
import { prose } from '../harness/workloads.ts';
import { writtenTime } from '../harness/written-time.ts';

const PACE_MS = 20;
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
const END = 'data: [DONE]\n\n';
const UNITS_OF_A_WORD = 8;
const random = createRandom(1);

interface Stream {
  readonly socket: Socket;
  readonly events: number;
  readonly words: readonly string[];
  sent: number;
  dueAt: number;
}

const open = new Set<Stream>();
setInterval(() => {
  const now = performance.now();
  for (const stream of open) if (stream.dueAt <= now) speak(stream);
}, 1);

const server = createServer({ noDelay: true }, (socket) => {
  const reader = createHttpReader();
  socket.on('data', (chunk: Buffer) => {
    for (const { head } of reader.push(chunk)) {
      const events = Number(headerOf(head, 'x-events') ?? 10);
      const words = prose(random, events * UNITS_OF_A_WORD).split(' ');
      const stream = { socket, events, words, sent: 0, dueAt: performance.now() };
      socket.write(HEAD);
      open.add(stream);
      speak(stream);
    }
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    for (const stream of open) if (stream.socket === socket) open.delete(stream);
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`));
process.on('SIGTERM', () => process.exit(0));

function speak(stream: Stream): void {
  if (stream.sent === stream.events) {
    stream.socket.write(`${chunked(END)}0\r\n\r\n`);
    open.delete(stream);
    return;
  }
  const content = ` ${stream.words[stream.sent++ % stream.words.length]}`;
  stream.dueAt += PACE_MS;
  stream.socket.write(
    chunked(
      `data: {"id":"c","object":"chat.completion.chunk","created":1700000000,"model":"m","choices":[{"index":0,"delta":{"content":"${content}"},"finish_reason":null}],"obfuscation":"${writtenTime()}"}\n\n`,
    ),
  );
}

/** Of ASCII text. */
function chunked(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}
