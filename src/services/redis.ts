import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import {
  COUNTERS,
  type CounterKey,
  type CounterName,
  periodMs,
  type SharedCounters,
  slidingCount,
} from '../agents/behaviour/shared-counters.ts';
import { FIXED } from '../lib/limits.ts';

export interface RedisCountersOptions {
  /** `redis://`, `rediss://` with user, password and number of the database, or the path of a socket. Never logged. */
  readonly url: string;
  /** Counters of this process: what holds alone while Redis does not answer. */
  readonly local: SharedCounters;
  /** In front of every key; processes with the same one share. Default `sluice`. */
  readonly prefix?: string;
  /** Time between two exchanges of sums, milliseconds. Default 200. */
  readonly exchangeMs?: number;
  /** Called at every change, with fixed words only. */
  readonly onState?: (state: RedisState, reason: string) => void;
}

/** `connected`: sums are of all processes. `local`: each process counts for itself, and says so. */
export type RedisState = 'connecting' | 'connected' | 'local';

export interface RedisCounters extends SharedCounters {
  readonly state: RedisState;
  /** For metrics: exchanges that worked, that failed, and counts that were not shared since there were too many keys. */
  stats(): { readonly exchanged: number; readonly failed: number; readonly unshared: number };
  /** Exchanges what is left, if Redis answers, and closes the connection. */
  close(): Promise<void>;
}

/** A counter in one period. */
interface Shared {
  readonly key: CounterKey;
  readonly period: number;
  /** Counted here. */
  mine: number;
  /** Counted by the others, by the last exchange. */
  others: number;
}

/**
 * Each key is a hash of processes and their counts, so that telling a count twice changes nothing, and a Redis that forgot everything has it
 * back with the next exchange. Sets this process's count where it is higher, and answers with the sums of the others.
 */
const SCRIPT = `
local sums = {}
for at, key in ipairs(KEYS) do
  local mine = tonumber(ARGV[2 * at])
  if mine > tonumber(redis.call('HGET', key, ARGV[1]) or '0') then redis.call('HSET', key, ARGV[1], ARGV[2 * at]) end
  redis.call('PEXPIRE', key, ARGV[2 * at + 1])
  local sum = 0
  local all = redis.call('HGETALL', key)
  for field = 1, #all, 2 do
    if all[field] ~= ARGV[1] then sum = sum + tonumber(all[field + 1]) end
  end
  sums[at] = sum
end
return sums`;

const RETRY_MS_MAX = 1_000;

/**
 * Budget counters that several processes share. Local first: adding and reading never wait; a few times a second the process tells Redis its
 * counts and learns those of the others. While Redis does not answer it counts alone, says so once, and tells all of it when Redis is back.
 */
export function createRedisCounters({ url, local, prefix = 'sluice', exchangeMs = 200, onState }: RedisCountersOptions): RedisCounters {
  const client = connectRedis(url);
  const process = randomBytes(6).toString('hex');
  const shared = new Map<string, Shared>();
  /** Those used since the last exchange. */
  const used = new Map<string, Shared>();
  const counts = { exchanged: 0, failed: 0, unshared: 0 };
  let state: RedisState = 'connecting';
  let running: Promise<void> | undefined;
  const timer = setInterval(() => void exchange(), exchangeMs);
  timer.unref();
  // Without a listener a broken connection would end the process.
  client.on('error', () => failed('no connection'));

  function enter(next: RedisState, reason: string): void {
    if (next === state) return;
    state = next;
    onState?.(next, reason);
  }

  function failed(reason: string): void {
    counts.failed++;
    enter('local', reason);
  }

  /** The counter in the period of `nowMs`; of too many the oldest is shared no longer. */
  function open(key: CounterKey, nowMs: number): Shared {
    const period = Math.floor(nowMs / periodMs(key.counter));
    const name = nameOf(key, period);
    const one = shared.get(name) ?? { key, period, mine: 0, others: 0 };
    if (!shared.has(name)) makeRoom(nowMs);
    shared.set(name, one);
    used.set(name, one);
    return one;
  }

  function makeRoom(nowMs: number): void {
    const [oldest] = shared;
    if (shared.size < FIXED.sharedKeys || oldest === undefined) return;
    const [name, { key, period, mine }] = oldest;
    if (mine > 0 && period >= Math.floor(nowMs / periodMs(key.counter)) - 1) counts.unshared++;
    shared.delete(name);
    used.delete(name);
  }

  /** One exchange at a time; what is counted meanwhile is told with the next. */
  async function exchange(): Promise<void> {
    if (client.status !== 'ready' || (used.size === 0 && state === 'connected')) return;
    running ??= exchangeAll().finally(() => {
      running = undefined;
    });
    return running;
  }

  async function exchangeAll(): Promise<void> {
    const all = state === 'connected' ? [...used] : [...shared];
    used.clear();
    try {
      for (let from = 0; from < Math.max(1, all.length); from += FIXED.sharedKeysAtOnce) {
        await exchangeSome(all.slice(from, from + FIXED.sharedKeysAtOnce));
      }
      counts.exchanged++;
      enter('connected', 'sums are shared');
    } catch {
      failed('no answer in time, or an error');
    }
  }

  async function exchangeSome(part: readonly (readonly [string, Shared])[]): Promise<void> {
    const keys = part.map(([name]) => `{${prefix}}:${name}`);
    const amounts = part.flatMap(([, { key, mine }]) => [mine, 2 * periodMs(key.counter)]);
    const sums: unknown = await client.eval(SCRIPT, keys.length, ...keys, process, ...amounts);
    if (!Array.isArray(sums) || sums.length !== keys.length) throw new Error('not one sum for each key');
    for (const [at, [, one]] of part.entries()) one.others = Number(sums[at]);
  }

  function othersNow(key: CounterKey, nowMs: number): number {
    const { period, others } = open(key, nowMs);
    const before = shared.get(nameOf(key, period - 1))?.others ?? 0;
    return slidingCount(key.counter, { count: others, before }, nowMs);
  }

  return {
    get state() {
      return state;
    },
    add(key, amount, nowMs) {
      open(key, nowMs).mine += amount;
      return local.add(key, amount, nowMs) + othersNow(key, nowMs);
    },
    read: (key, nowMs) => local.read(key, nowMs) + othersNow(key, nowMs),
    stats: () => ({ ...counts }),
    async close() {
      clearInterval(timer);
      await running;
      await exchange();
      client.disconnect();
    },
  };
}

/** Keys hold a fingerprint made with the installation's key, never a name. */
function nameOf({ subject, counter }: CounterKey, period: number): string {
  return `${subject.toString(16)}:${COUNTER_NUMBERS[counter]}:${period}`;
}

const COUNTER_NUMBERS = Object.fromEntries(COUNTERS.map((counter, at) => [counter, at])) as Record<CounterName, number>; // one for each

/** One connection. A command fails at once when there is none, and after half a second when there is no answer: nothing queues up. */
export function connectRedis(url: string): Redis {
  return new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    commandTimeout: 500,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), RETRY_MS_MAX),
  });
}
