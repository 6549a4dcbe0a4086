import { Agent, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, send, startGateway } from '../support/gateway.ts';
import { mostResidentBytes, residentBytes, waitFor } from '../support/processes.ts';
import { LONG_RUN } from '../support/random.ts';
import {
  CARD,
  createSlowProvider,
  LONG_ANSWER,
  LONG_TEXT,
  openSlowClient,
  question,
  smallBuffers,
  untilStill,
} from '../support/slow-clients.ts';
import { STREAM_DIALECTS } from '../support/streams.ts';

const SLOW_CLIENTS = LONG_RUN ? 1_000 : 80;
/** Of these one in so many reads on to the end; the others leave. */
const PATIENT_EVERY = 16;
const OTHER_REQUESTS = 200;
const PARALLEL = 8;
/** The filter reads all that Envoy takes of their answers before it is quiet: hundreds of megabytes, at the speed of whatever machine this is. */
const STILL_MS_MAX = LONG_RUN ? 1_500_000 : 500_000;

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

/** Resolves as soon as the filter has exactly so many exchanges open; rejects when that does not come. */
async function untilOpen({ filter }: Gateway, count: number): Promise<void> {
  await waitFor(async () => (await filter().status()).openExchanges === count || undefined, STILL_MS_MAX);
}

describe(`${SLOW_CLIENTS} clients that stop reading a streamed answer of ${Math.round(LONG_ANSWER.length / KIB)} KiB`, () => {
  const { provider, finish } = createSlowProvider();
  let gateway: Gateway;
  beforeAll(async () => {
    const policy = `version: 1\nlimits: {eventBytes: ${EVENT_BYTES}}\n`;
    gateway = await startGateway({ upstream: provider, profile: 'default', policy, changes: smallBuffers(64 * KIB) });
  });
  afterAll(() => gateway?.stop());

  test('cost bounded memory, leave others alone, and get all of it when they read on', { timeout: STILL_MS_MAX + 100_000 }, async () => {
    const { port, filter, envoy } = gateway;
    expect(SLOW_CLIENTS * LONG_ANSWER.length).toBeGreaterThan(1.2 * GROWTH_BYTES_MAX);
    expect(await othersFailing(port)).toEqual([]);
    const { pid } = filter().process;
    const before = residentBytes(pid);
    const opening = Promise.all(Array.from({ length: SLOW_CLIENTS }, () => openSlowClient(port)));
    const still = opening.then(() => untilStill(envoy, { answers: SLOW_CLIENTS, waitMs: STILL_MS_MAX }));
    const most = await mostResidentBytes(pid, still);
    expect((most - before) / GROWTH_BYTES_MAX).toBeLessThan(1);

    expect(await othersFailing(port)).toEqual([]);
    await untilOpen(gateway, SLOW_CLIENTS);
    const slow = await opening;
    const patient = slow.filter((_, index) => index % PATIENT_EVERY === 0);
    for (const [index, incoming] of slow.entries()) if (index % PATIENT_EVERY !== 0) incoming.destroy();
    await untilOpen(gateway, patient.length);

    finish();
    const texts = await Promise.all(patient.map(readOn));
    expect(texts.map((text) => text === LONG_TEXT.replace(CARD, REDACTED))).toEqual(patient.map(() => true));
    await untilOpen(gateway, 0);
    const { completed, cancelled } = (await filter().status()).traffic.outcomes;
    expect({ completed, cancelled }).toEqual({
      completed: 2 * OTHER_REQUESTS + patient.length,
      cancelled: slow.length - patient.length,
    });
  });
});
