import { writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, send, startGateway } from '../support/gateway.ts';
import { loadProvider, startLoad } from '../support/load.ts';
import { alive, waitFor } from '../support/processes.ts';
import { hasRedis, startRedis } from '../support/redis.ts';
import { type RunningWorkers, startWorkers, type WorkersOptions } from '../support/workers.ts';

/** Requests under way at once. */
const PARALLEL = 16;

const POLICY = `version: 1
identity: {headers: {x-agent: {sanitizedBy: envoy}}}
agents:
  unknown: observe
  thrifty: {identify: {header: {x-agent: thrifty}}, budgets: {requestsPerDay: 20}}
`;

const BODY = JSON.stringify({ model: 'gpt-5-mini', messages: [{ role: 'user', content: 'Hello' }] });

async function startBehindEnvoy(options: WorkersOptions & { readonly profile?: 'default' | 'duplex' } = {}) {
  const workers = await startWorkers({ policy: POLICY, ...options });
  const [filterPort, ...moreFilterPorts] = workers.ports;
  const profile = options.profile ?? 'default';
  // Workers are killed here: what they had in hand breaks off.
  const gateway = await startGateway({
    upstream: loadProvider,
    profile,
    filterPort: filterPort!,
    moreFilterPorts,
    breaks: 'streams',
  }).catch(async (error: unknown) => {
    await workers.stop();
    throw error;
  });
  await healthy(gateway, workers.ports.length);
  return { workers, gateway };
}

async function healthy(gateway: Gateway, count: number): Promise<void> {
  await waitFor(async () => (await gateway.envoy.stat('cluster.sluice.membership_healthy')) === count || undefined);
}

const exchangesOf = async (workers: RunningWorkers) => (await workers.status()).workers.map(({ exchanges }) => exchanges);

describe('two workers behind one Envoy', { timeout: 180_000 }, () => {
  let workers: RunningWorkers;
  let gateway: Gateway;
  beforeAll(async () => {
    ({ workers, gateway } = await startBehindEnvoy());
  });
  afterAll(async () => {
    await gateway?.stop();
    await workers?.stop();
  });

  test('share the load about equally', async () => {
    const before = await exchangesOf(workers);
    const load = startLoad(gateway.port, PARALLEL);
    await load.after(400);
    expect(await load.stop()).toEqual([]);
    const counts = await waitFor(async () => {
      const more = (await exchangesOf(workers)).map((exchanges, worker) => exchanges - before[worker]!);
      return more[0]! + more[1]! === load.count() ? more : undefined;
    });
    const shares = counts.map((count) => count / load.count());
    expect(shares.every((share) => share >= 0.4 && share <= 0.6)).toBe(true);
  });

  test('keep one budget: of many requests at once it lets through what one process would', async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => send(gateway.port, { body: BODY, headers: { 'x-agent': 'thrifty' } })),
    );
    const statuses = Map.groupBy(answers, ({ status }) => status);
    expect(statuses.size).toBe(2);
    expect([statuses.get(200)?.length, statuses.get(403)?.length]).toEqual([20, 40]);
  });

  test('follow a stop both, and both say so', async () => {
    const { code, json } = await workers.command('stop', 'agent', 'thrifty', '--reason', 'drill');
    expect(code).toBe(0);
    const { followed, silent } = json as { followed: { pid: number }[]; silent: unknown[] };
    expect(new Set(followed.map(({ pid }) => pid))).toEqual(new Set(await workers.pids()));
    expect(silent).toEqual([]);
    expect((await workers.command('resume', 'agent', 'thrifty')).code).toBe(0);
  });

  test('take a changed policy both', async () => {
    const versions = async () => (await workers.status()).workers.map(({ policy }) => policy);
    const [before] = await versions();
    writeFileSync(workers.policyFile, `${POLICY}mode: observe\n`);
    const after = await waitFor(async () => {
      const now = await versions();
      return now.every((version) => version !== before) ? now : undefined;
    });
    expect(new Set(after).size).toBe(1);
    writeFileSync(workers.policyFile, POLICY);
    workers.supervisor.kill('SIGHUP');
    await waitFor(async () => (await versions()).every((version) => version === before) || undefined);
  });

  test('one killed under load costs only what it had in hand; it is replaced, and takes its share again', async () => {
    const [first, victim] = await workers.pids();
    const before = await workers.status();
    const load = startLoad(gateway.port, PARALLEL);
    await load.after(100);
    process.kill(victim!, 'SIGKILL');
    await load.after(100);
    await workers.ready({ worker: 1, times: 1 });
    await healthy(gateway, 2);
    const back = await exchangesOf(workers);
    const wrong = await load.stop();
    expect(wrong.length).toBeLessThanOrEqual(PARALLEL);
    const again = startLoad(gateway.port, PARALLEL);
    // Envoy may leave it alone for as long as it ejects an endpoint; workers say what they have done a moment later.
    const takesShare = async () => (await exchangesOf(workers))[1]! > back[1]! || undefined;
    expect(await waitFor(takesShare, 90_000)).toBe(true);
    expect(await again.stop()).toEqual([]);
    const after = await workers.status();
    expect(after.workers[0]).toMatchObject({ pid: first, restarts: 0, state: 'ready' });
    expect(after.workers[1]).toMatchObject({ restarts: 1, lastEnd: 'signal SIGKILL', state: 'ready' });
    // What the one that is gone had counted by its last report still counts.
    expect(after.traffic.exchanges).toBeGreaterThanOrEqual(before.traffic.exchanges + 200 - PARALLEL);
  }, 180_000);

  test('are one filter to Prometheus', async () => {
    const text = await (await fetch(`${workers.admin}/metrics`)).text();
    const value = (name: string) => Number(text.split(`\n${name} `)[1]?.split('\n')[0]);
    expect([value('sluice_workers'), value('sluice_workers_ready')]).toEqual([2, 2]);
    const verdicts = ['allow', 'flag', 'redact', 'deny'].map((verdict) => value(`sluice_exchanges_total{verdict="${verdict}"}`));
    const shares = [0, 1].map((worker) => value(`sluice_worker_exchanges_total{worker="${worker}"}`));
    expect(shares[0]! + shares[1]!).toBe(verdicts.reduce((sum, count) => sum + count, 0));
    expect(Math.min(...shares)).toBeGreaterThan(0);
  });
});

test('where nothing is retried a worker that is gone is left after a few streams', { timeout: 120_000 }, async () => {
  const { workers, gateway } = await startBehindEnvoy({ profile: 'duplex' });
  try {
    const [, victim] = await workers.pids();
    const load = startLoad(gateway.port, 4);
    await load.after(50);
    process.kill(victim!, 'SIGKILL');
    await workers.ready({ worker: 1, times: 1 });
    await healthy(gateway, 2);
    await load.after(50);
    const wrong = await load.stop();
    expect(wrong.length).toBeLessThanOrEqual(4 + 3 * 4);
    expect(await gateway.envoy.stat('cluster.sluice.outlier_detection.ejections_enforced_total')).toBeGreaterThan(0);
    expect(await gateway.envoy.stat('cluster.sluice.outlier_detection.ejections_active')).toBe(0); // it is back
  } finally {
    await gateway.stop();
    await workers.stop();
  }
});

describe('a supervisor', { timeout: 120_000 }, () => {
  const running: RunningWorkers[] = [];
  afterEach(async () => {
    for (const workers of running.splice(0)) await workers.stop();
  });
  const start = async (options: WorkersOptions = {}) => {
    const workers = await startWorkers(options);
    running.push(workers);
    return workers;
  };

  test.each([
    ['SIGTERM', 0],
    ['SIGINT', 130],
  ] as const)('ends all of its workers at %s', async (signal, code) => {
    const workers = await start();
    const pids = await workers.pids();
    workers.supervisor.kill(signal);
    expect(await workers.supervisor.ended).toEqual({ code, signal: null });
    expect(alive(pids)).toEqual([]);
  });

  test('that is killed takes its workers with it', async () => {
    const workers = await start();
    const pids = await workers.pids();
    expect(pids).toHaveLength(2);
    workers.supervisor.kill('SIGKILL');
    await workers.supervisor.ended;
    await waitFor(() => alive(pids).length === 0 || undefined);
  });

  test.skipIf(!hasRedis)(
    `shares budgets and stops over Redis for all of its workers${hasRedis ? '' : ' (needs redis-server, which is missing)'}`,
    async () => {
      const redis = await startRedis();
      try {
        const workers = await start({ flags: ['--redis', redis.url] });
        const state = async () => ((await (await fetch(`${workers.admin}/status`)).json()) as { redis: object }).redis;
        await waitFor(async () => JSON.stringify(await state()).includes('"budgets":"connected","stops":"connected"') || undefined);
        const lines = workers.supervisor.stderr.filter(
          (line) => line.includes('"event":"redis-state"') && line.includes('"state":"connected"'),
        );
        expect(lines.filter((line) => line.includes('"what":"budgets"'))).toHaveLength(1);
      } finally {
        redis.process.kill('SIGTERM');
        await redis.process.ended;
      }
    },
  );

  test('is not ready while a worker is missing, and leaves the others in service', async () => {
    const workers = await start();
    const readyz = async () => (await fetch(`${workers.admin}/readyz`)).status;
    const [first, victim] = await workers.pids();
    // A policy that is wrong on disk: the worker that runs keeps the old one, one that is started again cannot begin.
    writeFileSync(workers.policyFile, 'version: 1\nmode: enforcing\n');
    process.kill(victim!, 'SIGKILL');
    await waitFor(async () => (await workers.status()).workers[1]?.lastEnd?.includes('policy-invalid') || undefined);
    expect(await readyz()).toBe(503);
    expect(alive([first!])).toEqual([first]);
    writeFileSync(workers.policyFile, 'version: 1\n');
    await workers.ready();
    expect(await readyz()).toBe(200);
  });
});
