import { Agent, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, send, startGateway } from '../support/gateway.ts';
import { mostResidentBytes, residentBytes, waitFor } from '../support/processes.ts';
import { LONG_RUN } from '../support/random.ts';
import { CARD, LONG_ANSWER, LONG_TEXT, openSlowClient, question, SMALL_BUFFERS, slowProvider } from '../support/slow-clients.ts';
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

const REDACTED = '[REDACTED:pii.card]';
const openai = STREAM_DIALECTS[0]!;

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
    gateway = await startGateway({ upstream: slowProvider, profile: 'default', policy, changes: SMALL_BUFFERS });
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
    expect((await filter().status()).openExchanges).toBeGreaterThan(SLOW_CLIENTS / 2);
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
    // Some answers may have left the filter to their end by now, and wait in Envoy and in the kernel.
    expect(cancelled).toBeGreaterThan((slow.length - patient.length) / 2);
  });
});
