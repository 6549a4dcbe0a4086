import { Agent, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Gateway, send, startGateway } from '../test/support/gateway.ts';
import { residentBytes, waitFor } from '../test/support/processes.ts';
import { openSlowClient, question, smallBuffers, untilStill } from '../test/support/slow-clients.ts';
import { STREAM_DIALECTS } from '../test/support/streams.ts';
import type { BenchResult } from './harness/record.ts';
import { spread } from './harness/statistics.ts';

const SLOW_CLIENTS = 1_000;
const REQUESTS = 600;
const PARALLEL = 4;
const ROUNDS = 1;
/** Of `REQUESTS`, before anything is measured. */
const WARM_ROUNDS = 3;

/** What the provider says in each long answer, and how often: 16 KB a second, more than any model writes. */
const PIECE_BYTES = 16_000;
const PIECE_MS = 1_000;
/** What Envoy keeps for a client, and the kernel for Envoy. The smaller, the sooner an answer stands still. */
const BUFFER_BYTES = 16 * 1024;
/** All answers stand still when a few hundred kilobytes of each have passed the filter; when that takes longer, it is an error. */
const STILL_MS_MAX = 600_000;
const LOOK_MS = 250;
const CAP_BYTES = 256 * 1024 * 1024;

/**
 * Time of short requests through Envoy and the filter: alone (before and after), and in the same process beside a thousand clients that
 * read one byte a second of answers that have no end. Those have stood still before it is measured: Envoy reads none of them any further.
 * What the filter holds and takes is looked at from the first of them to the last. Clients, provider, Envoy and filter share the machine.
 */
export async function slowClients(): Promise<BenchResult> {
  const rounds: Round[] = [];
  for (let number = 1; number <= ROUNDS; number++) {
    process.stderr.write(`round ${number} of ${ROUNDS}\n`);
    rounds.push(await playRound());
  }
  const median = (of: (round: Round) => number): number => spread(rounds.map(of)).median;
  const most = (of: (round: Round) => number): number => Math.max(...rounds.map(of));
  const [alone, beside] = [median((round) => round.aloneMs), median((round) => round.besideMs)];
  return {
    unit: 'ms per request, median of the rounds',
    facts: {
      'slow clients': SLOW_CLIENTS,
      rounds: ROUNDS,
      'seconds until all stand still': rounded(median((round) => round.stillMs / 1000)),
      'KB of each answer read by the filter': rounded(median((round) => round.readBytes / SLOW_CLIENTS / 1000)),
      'MB that may be held': rounded(CAP_BYTES / MB),
      'MB held at most': rounded(most((round) => round.heldBytesMost / MB)),
      'MB resident before': rounded(most((round) => round.residentBefore / MB)),
      'MB resident at most': rounded(most((round) => round.residentMost / MB)),
    },
    rows: [
      { others: 'alone', ms: rounded(alone), ratio: 1 },
      { others: `beside ${SLOW_CLIENTS} clients that read one byte a second`, ms: rounded(beside), ratio: rounded(beside / alone) },
    ],
  };
}

interface Round {
  readonly aloneMs: number;
  readonly besideMs: number;
  /** From the first slow client until no answer moved. */
  readonly stillMs: number;
  /** Of all slow answers together. */
  readonly readBytes: number;
  readonly heldBytesMost: number;
  readonly residentBefore: number;
  readonly residentMost: number;
}

async function playRound(): Promise<Round> {
  const provider = createEndlessProvider();
  const gateway = await startGateway({
    upstream: provider.listener,
    profile: 'default',
    changes: smallBuffers(BUFFER_BYTES),
    filterFlags: ['--process-bytes', String(CAP_BYTES)],
  });
  const slow: IncomingMessage[] = [];
  const reading = setInterval(() => slow.forEach(readOneByte), 1_000);
  let memory: MemoryWatch | undefined;
  try {
    for (let warm = 0; warm < WARM_ROUNDS; warm++) await times(gateway);
    const before = await times(gateway);
    memory = watchMemory(gateway);
    const start = performance.now();
    slow.push(...(await Promise.all(Array.from({ length: SLOW_CLIENTS }, () => openSlowClient(gateway.port)))));
    await untilStill(gateway.envoy, { answers: SLOW_CLIENTS, waitMs: STILL_MS_MAX });
    const stillMs = performance.now() - start;
    provider.pause();
    const besideMs = spread(await times(gateway)).median;
    const used = await memory.stop();
    const readBytes = (await gateway.envoy.stat('cluster.provider.upstream_cx_rx_bytes_total')) ?? 0;
    for (const incoming of slow) incoming.destroy();
    await waitFor(async () => (await gateway.filter().status()).openExchanges === 0 || undefined, STILL_MS_MAX);
    const aloneMs = spread([...before, ...(await times(gateway))]).median;
    return { aloneMs, besideMs, stillMs, readBytes, ...used };
  } finally {
    clearInterval(reading);
    await memory?.stop();
    for (const incoming of slow) incoming.destroy();
    provider.pause();
    await gateway.stop();
  }
}

const MB = 1024 * 1024;
const rounded = (value: number): number => Math.round(value * 100) / 100;
const readOneByte = (incoming: IncomingMessage): unknown => incoming.read(1);

const openai = STREAM_DIALECTS[0]!;
const PIECE = openai.write(['The branch opens at nine. '.repeat(PIECE_BYTES / 26)]);
const SHORT_ANSWER = openai.write(['At nine.']);

/** Answers something short at once, and something long a piece at a time for as long as there is room, until it is paused. */
function createEndlessProvider(): { readonly listener: RequestListener; pause(): void } {
  const open = new Set<ServerResponse>();
  const speaking = setInterval(() => {
    for (const outgoing of open) if (!outgoing.writableNeedDrain) outgoing.write(PIECE);
  }, PIECE_MS);
  const listener: RequestListener = (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
      if (!Buffer.concat(chunks).includes('long')) {
        outgoing.end(SHORT_ANSWER);
        return;
      }
      outgoing.write(PIECE);
      open.add(outgoing);
      outgoing.on('close', () => open.delete(outgoing));
    });
  };
  return { listener, pause: () => clearInterval(speaking) };
}

interface MemoryWatch {
  stop(): Promise<Pick<Round, 'residentBefore' | 'residentMost' | 'heldBytesMost'>>;
}

/** Looks at what the filter holds and takes until it is stopped. */
function watchMemory({ filter }: Gateway): MemoryWatch {
  const { process, status } = filter();
  const residentBefore = residentBytes(process.pid);
  const most = { heldBytesMost: 0, residentMost: residentBefore };
  let watching = true;
  const look = async (): Promise<void> => {
    while (watching) {
      const { heldBytes } = await status();
      most.heldBytesMost = Math.max(most.heldBytesMost, heldBytes);
      most.residentMost = Math.max(most.residentMost, residentBytes(process.pid));
      await sleep(LOOK_MS);
    }
  };
  const over = look();
  return {
    async stop() {
      watching = false;
      await over;
      return { residentBefore, ...most };
    },
  };
}

/** Milliseconds of each of the requests, a few at a time; rejects when one was not answered in full. */
async function times({ port }: Gateway): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL });
  const took: number[] = [];
  let left = REQUESTS;
  const client = async (): Promise<void> => {
    while (left-- > 0) {
      const start = performance.now();
      const { status, body } = await send(port, { body: question('A short one, please.'), agent });
      if (status !== 200 || !body.equals(SHORT_ANSWER)) throw new Error(`another client was answered ${status}, or not in full`);
      took.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, client));
  agent.destroy();
  return took;
}
