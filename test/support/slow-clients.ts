import { type IncomingMessage, type RequestListener, request, type ServerResponse } from 'node:http';
import type { RunningEnvoy } from './envoy.ts';
import { waitFor } from './processes.ts';
import { STREAM_DIALECTS } from './streams.ts';

/** In both answers. */
export const CARD = ['4111', '1111', '1111', '1111'].join(' ');
const openai = STREAM_DIALECTS[0]!;
const SENTENCE = 'The branch on Main Street opens at nine and closes at five. ';
/** What the long answer says; it has a card at its end. */
export const LONG_TEXT = `${SENTENCE.repeat(80_000)}It is ${CARD}. `;
export const LONG_ANSWER = openai.write(LONG_TEXT.match(/.{1,3000}/gs)!);
const SHORT_ANSWER = openai.write([`It is ${CARD}. `]);
/** Where the event with the card begins. */
const END_AT = LONG_ANSWER.lastIndexOf('data: ', LONG_ANSWER.indexOf(CARD));

/** Asked for something long, the provider gives the long answer. */
export const question = (content: string): string => JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content }] });

/** Streams one of two answers. */
export interface SlowProvider {
  readonly provider: RequestListener;
  /** Until this is called, every long answer stops before its last events: it is open, however much of it lies in buffers on the way. */
  finish(): void;
}

export function createSlowProvider(): SlowProvider {
  const unfinished = new Set<ServerResponse>();
  const provider: RequestListener = (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
      if (!Buffer.concat(chunks).includes('long')) {
        outgoing.end(SHORT_ANSWER);
        return;
      }
      outgoing.write(LONG_ANSWER.subarray(0, END_AT));
      unfinished.add(outgoing);
    });
  };
  return {
    provider,
    finish() {
      for (const outgoing of unfinished) outgoing.end(LONG_ANSWER.subarray(END_AT));
    },
  };
}

/** SOL_SOCKET and SO_SNDBUF. */
const SEND_BUFFER = process.platform === 'darwin' ? { level: 0xffff, name: 0x1001 } : { level: 1, name: 7 };

/** Envoy and the kernel keep little for a slow client, so that the rest waits behind them: at the filter, if that took it. */
export const smallBuffers = (bytes: number): Readonly<Record<string, string>> => ({
  'per_connection_buffer_limit_bytes: 16777216': `socket_options: [{ level: ${SEND_BUFFER.level}, name: ${SEND_BUFFER.name}, int_value: ${bytes} }]
      per_connection_buffer_limit_bytes: ${bytes}`,
});

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

/**
 * Waits until nothing moves: Envoy reads no further in so many of the provider's answers, because their clients do not read, and for two
 * seconds no byte has come from the provider or passed between Envoy and the filter. Envoy may count an answer twice that it stopped for
 * two reasons. Rejects after `waitMs`.
 */
export async function untilStill(envoy: RunningEnvoy, options: { readonly answers: number; readonly waitMs: number }): Promise<void> {
  let before = '';
  let stillSince = 0;
  await waitFor(async () => {
    const now = await statsOf(envoy, MOVING);
    const [paused = 0, resumed = 0] = await statsOf(envoy, READING);
    if (paused - resumed < options.answers || now.join() !== before) stillSince = performance.now();
    before = now.join();
    return performance.now() - stillSince > STILL_MS || undefined;
  }, options.waitMs);
}

const STILL_MS = 2_000;
const READING = ['provider.upstream_flow_control_paused_reading_total', 'provider.upstream_flow_control_resumed_reading_total'];
const MOVING = ['provider.upstream_cx_rx_bytes_total', 'sluice.upstream_cx_rx_bytes_total', 'sluice.upstream_cx_tx_bytes_total'];

const statsOf = (envoy: RunningEnvoy, names: readonly string[]): Promise<readonly (number | undefined)[]> =>
  Promise.all(names.map((name) => envoy.stat(`cluster.${name}`)));
