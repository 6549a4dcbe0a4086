import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EnvoyProfile } from '../../src/cli/envoy-config.ts';
import { type Gateway, type GatewayOptions, type RunningFilter, startFilter, startGateway } from '../support/gateway.ts';
import { loadProvider, startLoad } from '../support/load.ts';
import { waitFor } from '../support/processes.ts';
import { LONG_RUN } from '../support/random.ts';

/** By profile: how often one of the two is restarted, within how many requests. */
const ROWS = [
  ['default', LONG_RUN ? 20 : 3, LONG_RUN ? 20_000 : 2_000],
  ['duplex', LONG_RUN ? 20 : 1, LONG_RUN ? 20_000 : 500],
] as const;
const PARALLEL = 32;

/** Two filters of one Envoy. */
interface Pair {
  readonly gateway: Gateway;
  readonly filters: RunningFilter[];
  /** Starts one of them again where it was. */
  start(index: number): Promise<void>;
  healthy(count: number): Promise<void>;
  stop(): Promise<void>;
}

async function startPair(profile: EnvoyProfile, { changes = {}, ...more }: Pick<GatewayOptions, 'changes' | 'breaks'> = {}): Promise<Pair> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-pair-'));
  const filters = await Promise.all([startFilter({ folder, port: 0 }), startFilter({ folder, port: 0 })]);
  const ports = filters.map(({ port }) => port);
  const endpoint = (port: number) => `- endpoint: { address: { socket_address: { address: '127.0.0.1', port_value: ${port} } } }`;
  const both = ports.map(endpoint).join('\n              ');
  const gateway = await startGateway({
    profile,
    upstream: loadProvider,
    filterPort: ports[0]!,
    changes: { [endpoint(ports[0]!)]: both, ...changes },
    ...more,
  });
  return {
    gateway,
    filters,
    async start(index) {
      filters[index] = await startFilter({ folder, port: ports[index]! });
    },
    healthy: async (count) => {
      await waitFor(async () => (await gateway.envoy.stat('cluster.sluice.membership_healthy')) === count || undefined);
    },
    async stop() {
      await gateway.stop();
      await Promise.all(filters.map((filter) => filter.kill()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const exchangesOf = async (filter: RunningFilter) => (await filter.status()).traffic.exchanges;

describe.each(ROWS)('two filters behind one Envoy, profile %s', (profile, restarts, requests) => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await startPair(profile);
  });
  afterAll(() => pair?.stop());

  test(`are restarted in turn, ${restarts} times within ${requests} requests, and no request fails`, { timeout: 600_000 }, async () => {
    const { filters } = pair;
    await pair.healthy(2);
    const load = startLoad(pair.gateway.port, PARALLEL);
    const ends: unknown[] = [];
    for (let round = 0; round < restarts; round++) {
      await load.after(requests / restarts / 2);
      filters[round % 2]!.process.kill('SIGTERM');
      ends.push(await filters[round % 2]!.process.ended);
      await load.after(requests / restarts / 4);
      await pair.start(round % 2);
      await pair.healthy(2);
    }
    await load.after(Math.max(100, requests - load.count())); // the one that was restarted last has its share
    expect(await load.stop()).toEqual([]);
    expect(load.count()).toBeGreaterThanOrEqual(requests);
    expect(ends).toEqual(Array(restarts).fill({ code: 0, signal: null }));
    for (const filter of filters) expect(await exchangesOf(filter)).toBeGreaterThan(0);
  });
});

test('one of two filters killed between requests: streams that it did not take go to the other one', { timeout: 120_000 }, async () => {
  const pair = await startPair('default');
  try {
    await pair.healthy(2);
    await pair.filters[0]!.kill();
    const load = startLoad(pair.gateway.port, 4);
    await load.after(100);
    expect(await load.stop()).toEqual([]);
  } finally {
    await pair.stop();
  }
});

test('without health checks and retries a restart is not as smooth: the test above can fail', { timeout: 120_000 }, async () => {
  const pair = await startPair('default', {
    breaks: 'streams',
    changes: {
      'retry_on: connect-failure,refused-stream,reset-before-request': 'retry_on: retriable-status-codes',
      'no_traffic_interval: 1s': 'no_traffic_interval: 600s',
      'interval: 1s': 'interval: 600s',
    },
  });
  try {
    const load = startLoad(pair.gateway.port, PARALLEL);
    await load.after(100);
    await pair.filters[0]!.kill();
    await load.after(200);
    expect((await load.stop()).length).toBeGreaterThan(0);
  } finally {
    await pair.stop();
  }
});
