/**
 * A provider that answers at once: a small JSON completion, each with another text. Of a request with `x-marker` it says in `x-seen` whether
 * that text stands in the body that came (`marker`, `no-marker`), and the body's hash in `x-body`; one with `x-echo` it answers with its own
 * body. Prints `{"port"}`.
 */
import { createHash } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';
import { createRandom } from '../../test/support/random.ts';
import { createHttpReader, type HttpMessage, headerOf } from '../harness/http-reader.ts';
import { prose } from '../harness/workloads.ts';

const ANSWER_UNITS = 330;

const random = createRandom(1);
const completion = (): string =>
  JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'gpt-5-mini',
    choices: [{ index: 0, message: { role: 'assistant', content: prose(random, ANSWER_UNITS) }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 200, completion_tokens: 80, total_tokens: 280 },
  });

const server = createServer({ noDelay: true }, (socket) => {
  const reader = createHttpReader();
  socket.on('data', (chunk: Buffer) => {
    for (const request of reader.push(chunk)) socket.write(answerTo(request));
  });
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`));
process.on('SIGTERM', () => process.exit(0));

function answerTo({ head, body }: HttpMessage): Buffer {
  if (headerOf(head, 'x-echo') !== undefined) return answer(body);
  const marker = headerOf(head, 'x-marker');
  if (marker === undefined) return answer(completion());
  const hash = createHash('sha256').update(body).digest('hex');
  return answer(completion(), `x-seen: ${body.includes(marker) ? 'marker' : 'no-marker'}\r\nx-body: ${hash}\r\n`);
}

/** `body`: bytes, or ASCII. */
function answer(body: Buffer | string, more = ''): Buffer {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n${more}\r\n`;
  return Buffer.concat([Buffer.from(head), typeof body === 'string' ? Buffer.from(body) : body]);
}
