import { afterEach, describe, expect, test } from 'vitest';
import { type CounterKey, createLocalCounters } from '../../src/agents/behaviour/shared-counters.ts';
import { createRedisCounters, type RedisCounters } from '../../src/services/redis.ts';
import { waitFor } from '../support/processes.ts';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts';

const NOW = Date.UTC(2026, 0, 5, 12);
const KEY: CounterKey = { subject: 0x1234_5678, counter: 'tokens-day' };
const servers: TestRedis[] = [];
const opened: RedisCounters[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((counters) => counters.close()));
  for (const server of servers.splice(0)) server.process.kill('SIGKILL');
});

async function redis(port?: number) {
  const server = await startRedis(port);
  servers.push(server);
  return server;
}

function counters(url: string, states: string[] = [], { keyId = 'one', reasons = [] as string[] } = {}): RedisCounters {
  const onState = (state: string, reason: string) => {
    states.push(state);
    reasons.push(reason);
  };
  const made = createRedisCounters({ url, local: createLocalCounters(100), keyId, exchangeMs: 20, onState });
  opened.push(made);
  return made;
}

const until = (look: () => boolean) => waitFor(() => (look() ? true : undefined));

describe.skipIf(!hasRedis)(`budget counters over Redis${hasRedis ? '' : ' (needs redis-server, which is missing)'}`, () => {
  test('two processes see the sum of both', async () => {
    const { url } = await redis();
    const [one, two] = [counters(url), counters(url)];
    one.add(KEY, 30, NOW);
    two.add(KEY, 12, NOW);
    expect(one.read(KEY, NOW)).toBe(30);
    await until(() => one.read(KEY, NOW) === 42 && two.read(KEY, NOW) === 42);
    one.add(KEY, 1, NOW);
    await until(() => two.read(KEY, NOW) === 43);
    expect(one.read(KEY, NOW)).toBe(43);
  });

  test('a process that only asks learns what the others used', async () => {
    const { url } = await redis();
    const [one, two] = [counters(url), counters(url)];
    one.add(KEY, 7, NOW);
    await until(() => two.read(KEY, NOW) === 7);
  });

  test('a new day begins at nothing, a new minute with a share of the minute before', async () => {
    const { url } = await redis();
    const [one, two] = [counters(url), counters(url)];
    const minute: CounterKey = { subject: 5, counter: 'requests-minute' };
    one.add(KEY, 5, NOW);
    one.add(minute, 60, NOW);
    await until(() => two.read(KEY, NOW) === 5 && two.read(minute, NOW) === 60);
    expect(two.read(KEY, NOW + 24 * 3_600_000)).toBe(0);
    expect(two.read(minute, NOW + 75_000)).toBe(45);
    expect(one.read(minute, NOW + 75_000)).toBe(45);
    expect(two.read(minute, NOW + 120_000)).toBe(0);
  });

  test('an unreachable Redis is said once, and each process counts alone until it is back', async () => {
    const first = await redis();
    const states: string[] = [];
    const [one, two] = [counters(first.url, states), counters(first.url)];
    one.add(KEY, 10, NOW);
    await until(() => two.read(KEY, NOW) === 10);

    first.process.kill('SIGKILL');
    await first.process.ended;
    await until(() => one.state === 'local' && two.state === 'local');
    one.add(KEY, 5, NOW);
    two.add(KEY, 2, NOW);
    expect(one.read(KEY, NOW)).toBe(15);
    expect(two.read(KEY, NOW)).toBe(12);

    await redis(first.port);
    await until(() => one.state === 'connected' && two.state === 'connected');
    // The new Redis knew nothing: each told it all it had counted.
    await until(() => one.read(KEY, NOW) === 17 && two.read(KEY, NOW) === 17);
    expect(states).toEqual(['connected', 'local', 'connected']);
    expect(one.stats().failed).toBeGreaterThan(0);
  });

  test('a Redis that was never there costs nothing but the sharing', async () => {
    const states: string[] = [];
    const lonely = counters('redis://127.0.0.1:1', states);
    lonely.add(KEY, 3, NOW);
    expect(lonely.read(KEY, NOW)).toBe(3);
    await until(() => states.length > 0);
    expect(states).toEqual(['local']);
  });

  test('where subjects are hashed with another key nothing is shared, and who came later says so', async () => {
    const { url } = await redis();
    const states: string[] = [];
    const reasons: string[] = [];
    const one = counters(url);
    one.add(KEY, 10, NOW);
    await until(() => one.state === 'connected');
    const other = counters(url, states, { keyId: 'two', reasons });
    other.add(KEY, 5, NOW);
    await until(() => states.length > 0);
    expect([states, reasons]).toEqual([['local'], ['filters with another installation.key are there']]);
    expect([one.read(KEY, NOW), other.read(KEY, NOW)]).toEqual([10, 5]);
  });

  test('a Redis that refuses says why, in words of ours', async () => {
    const { url, port } = await redis();
    const reasons: string[] = [];
    const { Redis } = await import('ioredis');
    const client = new Redis(port, '127.0.0.1');
    await client.config('SET', 'requirepass', 'secret-of-the-test');
    client.disconnect();
    const wrong = url.replace('redis://', 'redis://:guessed@');
    const lonely = [counters(url, [], { reasons }), counters(wrong, [], { reasons })];
    await until(() => lonely.every(({ state }) => state === 'local'));
    expect(new Set(reasons)).toEqual(new Set(['Redis asks for a password', 'Redis does not take the user or the password']));
  });

  test('keys are fingerprints with a time to live', async () => {
    const { url, port } = await redis();
    const one = counters(url);
    one.add(KEY, 1, NOW);
    await until(() => one.stats().exchanged > 0 && one.state === 'connected');
    const { Redis } = await import('ioredis');
    const client = new Redis(port, '127.0.0.1');
    const keys = (await client.keys('*')).sort();
    const lives = await Promise.all(keys.map((key) => client.pttl(key)));
    client.disconnect();
    expect(keys).toEqual([`{sluice}:12345678:3:${Math.floor(NOW / 86_400_000)}`, '{sluice}:installation']);
    expect(lives.every((life) => life > 0 && life <= 2 * 86_400_000)).toBe(true);
  });

  test('no more keys wait than the bound, and the rest is counted', () => {
    const lonely = counters('redis://127.0.0.1:1');
    for (let subject = 1; subject <= 10_003; subject++) lonely.add({ subject, counter: 'tokens-day' }, 1, NOW);
    expect(lonely.stats().unshared).toBe(3);
  });
});
