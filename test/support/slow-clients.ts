import { type IncomingMessage, type RequestListener, request } from 'node:http';
import { STREAM_DIALECTS } from './streams.ts';

/** In both answers. */
export const CARD = ['4111', '1111', '1111', '1111'].join(' ');
const openai = STREAM_DIALECTS[0]!;
const SENTENCE = 'The branch on Main Street opens at nine and closes at five. ';
/** What the long answer says; it has a card at its end. */
export const LONG_TEXT = `${SENTENCE.repeat(80_000)}It is ${CARD}. `;
export const LONG_ANSWER = openai.write(LONG_TEXT.match(/.{1,3000}/gs)!);
const SHORT_ANSWER = openai.write([`It is ${CARD}. `]);

/** Asked for something long, the provider gives the long answer. */
export const question = (content: string): string => JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content }] });
/** Streams one of two answers. */
export const slowProvider: RequestListener = (incoming, outgoing) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
    outgoing.end(Buffer.concat(chunks).includes('long') ? LONG_ANSWER : SHORT_ANSWER);
  });
};

/** SOL_SOCKET and SO_SNDBUF. */
const SEND_BUFFER = process.platform === 'darwin' ? { level: 0xffff, name: 0x1001 } : { level: 1, name: 7 };

/** Envoy and the kernel keep little for a slow client, so that the rest waits behind them: at the filter, if that took it. */
export const SMALL_BUFFERS = {
  'per_connection_buffer_limit_bytes: 16777216': `socket_options: [{ level: ${SEND_BUFFER.level}, name: ${SEND_BUFFER.name}, int_value: 65536 }]
      per_connection_buffer_limit_bytes: 65536`,
};

/** A client that has the headers of a long answer and reads no further. */
export function openSlowClient(port: number): Promise<IncomingMessage> {
  const body = question('A long answer, please.');
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path: '/v1/chat/completions', method: 'POST', headers }, (incoming) => {
      incoming.on('error', () => {}); // it leaves in the end
      resolve(incoming.pause());
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
