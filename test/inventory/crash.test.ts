import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLedger } from '../../src/inventory/ledger.ts';
import { openSqliteStore } from '../../src/inventory/stores/sqlite.ts';
import { encodeSpans } from '../../src/telemetry/otlp-writer.ts';
import { startSluice } from '../support/processes.ts';
import { seededRandom } from './routes.ts';
import { ownSpan } from './spans.ts';

const ROUNDS = process.env['SLUICE_TEST_LONG'] === '1' ? 200 : 3;
const BATCH = 40;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-crash-'));
});
afterAll(() => rm(folder, { recursive: true }));

let serial = 0;
const batchOf = () =>
  Array.from({ length: BATCH }, () => {
    serial += 1;
    return ownSpan({ spanId: serial.toString(16).padStart(16, '0') }, { 'http.route': `/w${'abcdefghijk'[serial % 11]}` });
  });

type Batch = ReturnType<typeof batchOf>;

/** Sends batch after batch until nobody answers; those that were acknowledged go into `acknowledged`, each told to `heard`. */
async function load(url: string, acknowledged: Batch[], heard: () => void): Promise<void> {
  for (;;) {
    const batch = batchOf();
    const answer = await fetch(`${url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: new Uint8Array(encodeSpans(batch, { resource: {}, scopeVersion: '1', schemaUrl: '' })),
    }).catch(() => undefined);
    if (answer?.status !== 200) return;
    acknowledged.push(batch);
    heard();
  }
}

it(`kill -9 under load, ${ROUNDS} times: the database opens, and nothing that was acknowledged is lost`, {
  timeout: ROUNDS * 20_000,
}, async () => {
  const file = path.join(folder, 'inventory.sqlite');
  const random = seededRandom(1);
  let total = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const process = startSluice(['inventory', 'serve', '--listen', '127.0.0.1:0', '--database', file]);
    const url = await process.line('stdout', (line) => line.startsWith('http://'));
    const acknowledged: Batch[] = [];
    const enough = Promise.withResolvers<void>();
    const wanted = 2 + Math.floor(random() * 10);
    const senders = [1, 2, 3].map(() => load(url, acknowledged, () => acknowledged.length >= wanted && enough.resolve()));
    await enough.promise;
    await sleep(random() * 30); // anywhere in the next batches
    process.kill('SIGKILL');
    await Promise.all(senders);
    await process.ended;
    const store = await openSqliteStore(file);
    const ledger = createLedger({ store });
    expect(await ledger.add(acknowledged.flat())).toBe(0);
    total += acknowledged.length;
    const { facts } = await ledger.read();
    const count = [...facts.endpoints.values()].reduce((sum, fact) => sum + (fact.sums['count'] ?? 0), 0);
    expect(count).toBeGreaterThanOrEqual(total * BATCH);
    expect(count % BATCH).toBe(0); // a batch is there as a whole or not at all
    await store.close();
  }
  expect(total).toBeGreaterThan(ROUNDS);
});
