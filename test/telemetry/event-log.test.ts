import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { type EventLoss, startEventLog } from '../../src/telemetry/event-log.ts';

const VARIABLES = [
  'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT',
  'OTEL_EXPORTER_OTLP_PROTOCOL',
  'OTEL_BLRP_MAX_QUEUE_SIZE',
  'OTEL_BLRP_MAX_EXPORT_BATCH_SIZE',
];
let stop: () => Promise<void> = async () => {};
afterEach(async () => {
  for (const name of VARIABLES) delete process.env[name];
  await stop();
});

/** Tells a collector, by an SDK whose queue holds 16, of so many events in one turn; what arrived and what is said to be lost. */
async function tell(events: number, status: number) {
  let arrived = 0;
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    arrived += (await incoming.toArray()).join('').split('"eventName":"changed"').length - 1;
    outgoing.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  };
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve()).closeAllConnections();
    });
  const values = [`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs`, 'http/json', '16', '8'];
  for (const [at, name] of VARIABLES.entries()) process.env[name] = values[at];
  const losses: EventLoss[] = [];
  const log = await startEventLog({ service: 'test', version: '1', onLoss: (loss) => losses.push(loss) });
  for (let n = 0; n < events; n += 1) log.emit({ name: 'changed', timeMs: 1_790_000_000_000, isWarning: false, attributes: {} });
  await log.shutdown();
  return { arrived, lost: Map.groupBy(losses, ({ reason }) => reason) };
}

const lostFor = (lost: ReadonlyMap<string, readonly EventLoss[]>) =>
  Object.fromEntries([...lost].map(([reason, all]) => [reason, all.reduce((sum, { count }) => sum + count, 0)]));

it('every event of many arrives, although the queue of the SDK is small', async () => {
  const { arrived, lost } = await tell(200, 200);
  expect([arrived, lostFor(lost)]).toEqual([200, {}]);
});

it('events that the backend refuses are counted as lost', async () => {
  const { arrived, lost } = await tell(50, 400);
  expect([arrived, lostFor(lost)]).toEqual([50, { unreachable: 50 }]);
});

it('events over 2,000 that wait are counted as lost', async () => {
  const { arrived, lost } = await tell(2003, 200);
  expect([arrived, lostFor(lost)]).toEqual([2000, { 'queue-full': 3 }]);
});
