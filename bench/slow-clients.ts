import { Agent } from 'node:http';
import { type Gateway, send, startGateway } from '../test/support/gateway.ts';
import { openSlowClient, question, SMALL_BUFFERS, slowProvider } from '../test/support/slow-clients.ts';
import { spread } from './support.ts';

const SLOW_CLIENTS = 1_000;
const REQUESTS = 400;
const PARALLEL = 4;
const ROUNDS = 3;

/**
 * Time of short requests through Envoy and the filter, alone and beside a thousand clients that have the beginning of a streamed answer of
 * 5 MB and read no further. Client, provider, Envoy and filter share the machine.
 */
export async function slowClients(): Promise<object> {
  const alone: number[] = [];
  const beside: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const gateway = await startGateway({ upstream: slowProvider, profile: 'default', changes: SMALL_BUFFERS });
    try {
      await times(gateway); // warm
      process.stderr.write(`round ${round + 1} of ${ROUNDS}\n`);
      alone.push(spread(await times(gateway)).median);
      const slow = await Promise.all(Array.from({ length: SLOW_CLIENTS }, () => openSlowClient(gateway.port)));
      beside.push(spread(await times(gateway)).median);
      for (const incoming of slow) incoming.destroy();
    } finally {
      await gateway.stop();
    }
  }
  const [first, second] = [spread(alone).median, spread(beside).median];
  return {
    unit: 'ms per request, median',
    slowClients: SLOW_CLIENTS,
    rows: [
      { others: 'alone', ms: round(first), ratio: 1 },
      { others: `beside ${SLOW_CLIENTS} slow clients`, ms: round(second), ratio: round(second / first) },
    ],
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** Milliseconds of each of the requests, a few at a time. */
async function times({ port }: Gateway): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL });
  const took: number[] = [];
  let left = REQUESTS;
  const client = async (): Promise<void> => {
    while (left-- > 0) {
      const start = performance.now();
      await send(port, { body: question('A short one, please.'), agent });
      took.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, client));
  agent.destroy();
  return took;
}
