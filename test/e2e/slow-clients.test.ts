import { Agent, type IncomingMessage, type RequestListener, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, send, startGateway } from '../support/gateway.ts';
import { mostResidentBytes, residentBytes, waitFor } from '../support/processes.ts';
import { LONG_RUN } from '../support/random.ts';
import { STREAM_DIALECTS } from '../support/streams.ts';

const SLOW_CLIENTS = LONG_RUN ? 1_000 : 200;
/** Of these one in so many reads on to the end; the others leave. */
const PATIENT_EVERY = 40;
const OTHER_REQUESTS = 200;
const PARALLEL = 8;

const KIB = 1024;
/** Longest event that policy allows: what may be undecided of a stream. */
const EVENT_BYTES = 64 * KIB;
/** Answers that wait to be sent on one side stream before the filter reads no more of it, and one piece beyond. */
const WAITING_BYTES = 1024 * KIB + 64 * KIB;
/** What the filter lets Envoy send ahead on a connection, read or not. */
const CONNECTION_BYTES = 64 * 1024 * KIB;
/** What is garbage already and not collected yet counts as resident too: as much again. */
const GROWTH_BYTES_MAX = 2 * (CONNECTION_BYTES + SLOW_CLIENTS * (EVENT_BYTES + WAITING_BYTES));

const CARD = ['4111', '1111', '1111', '1111'].join(' ');
const REDACTED = '[REDACTED:pii.card]';
const openai = STREAM_DIALECTS[0]!;
const SENTENCE = 'The branch on Main Street opens at nine and closes at five. ';
const LONG_TEXT = `${SENTENCE.repeat(80_000)}It is ${CARD}. `;
const LONG_ANSWER = openai.write(LONG_TEXT.match(/.{1,3000}/gs)!);
const SHORT_ANSWER = openai.write([`It is ${CARD}. `]);

const question = (content: string): string => JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content }] });
const upstream: RequestListener = (incoming, outgoing) => {
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
const SMALL_BUFFERS = {
  'per_connection_buffer_limit_bytes: 16777216': `socket_options: [{ level: ${SEND_BUFFER.level}, name: ${SEND_BUFFER.name}, int_value: 65536 }]
      per_connection_buffer_limit_bytes: 65536`,
};

/** A client that has the headers of a long answer and reads no further. */
function openSlowClient(port: number): Promise<IncomingMessage> {
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

async function readOn(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return openai.readText(Buffer.concat(chunks));
}

/** Sends short requests; resolves to the answers that were not right. */
async function othersFailing(port: number): Promise<readonly number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL });
  const failed: number[] = [];
  let left = OTHER_REQUESTS;
  const client = async (): Promise<void> => {
    while (left-- > 0) {
      const { status, complete, body } = await send(port, { body: question('A short one, please.'), agent });
      if (!complete || openai.readText(body) !== `It is ${REDACTED}. `) failed.push(status);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, client));
  agent.destroy();
  return failed;
}

describe(`${SLOW_CLIENTS} clients that stop reading a streamed answer of ${Math.round(LONG_ANSWER.length / KIB)} KiB`, () => {
  let gateway: Gateway;
  beforeAll(async () => {
    const policy = `version: 1\nlimits: {eventBytes: ${EVENT_BYTES}}\n`;
    gateway = await startGateway({ upstream, profile: 'default', policy, changes: SMALL_BUFFERS });
  });
  afterAll(() => gateway?.stop());

  test('cost bounded memory, leave others alone, and get all of it when they read on', { timeout: 300_000 }, async () => {
    const { port, filter } = gateway;
    expect(SLOW_CLIENTS * LONG_ANSWER.length).toBeGreaterThan(1.5 * GROWTH_BYTES_MAX);
    await othersFailing(port);
    const { pid } = filter().process;
    const before = residentBytes(pid);
    const slow = await Promise.all(Array.from({ length: SLOW_CLIENTS }, () => openSlowClient(port)));
    const others = othersFailing(port);
    const most = await mostResidentBytes(pid, others);
    expect(await others).toEqual([]);
    expect((await filter().status()).openExchanges).toBeGreaterThan(SLOW_CLIENTS * 0.9);
    expect((most - before) / GROWTH_BYTES_MAX).toBeLessThan(1);

    const patient = slow.filter((_, index) => index % PATIENT_EVERY === 0);
    const texts = await Promise.all(patient.map(readOn));
    expect(texts.map((text) => text === LONG_TEXT.replace(CARD, REDACTED))).toEqual(patient.map(() => true));
    for (const incoming of slow) incoming.destroy();
    const { traffic } = await waitFor(async () => {
      const status = await filter().status();
      return status.openExchanges === 0 ? status : undefined;
    });
    const { completed = 0, cancelled = 0 } = traffic.outcomes;
    expect(completed + cancelled).toBe(2 * OTHER_REQUESTS + slow.length);
    // A few answers may have left the filter to their end by now, and wait in the kernel.
    expect(cancelled).toBeGreaterThan(0.8 * (slow.length - patient.length));
  });
});
