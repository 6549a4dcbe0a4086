import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import type { SharedCounters } from '../agents/behaviour/shared-counters.ts';
import { createMergedCounters, type MergedCounters, type MergeState } from './merged-counters.ts';

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

export type RedisState = MergeState;

export interface RedisCounters extends MergedCounters {
  /** Exchanges what is left, if Redis answers, and closes the connection. */
  close(): Promise<void>;
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

/** Budget counters that processes of several machines share, a few times a second. */
export function createRedisCounters({ url, local, prefix = 'sluice', exchangeMs = 200, onState }: RedisCountersOptions): RedisCounters {
  const client = connectRedis(url);
  const process = randomBytes(6).toString('hex');
  const counters = createMergedCounters({
    local,
    exchangeMs,
    onState,
    isReady: () => client.status === 'ready',
    async exchange(rows) {
      const keys = rows.map(({ name }) => `{${prefix}}:${name}`);
      const amounts = rows.flatMap(({ mine, keepMs }) => [mine, keepMs]);
      const sums: unknown = await client.eval(SCRIPT, keys.length, ...keys, process, ...amounts);
      return Array.isArray(sums) ? sums.map(Number) : [];
    },
  });
  // Without a listener a broken connection would end the process.
  client.on('error', () => counters.failed('no connection'));
  return {
    get state() {
      return counters.state;
    },
    add: counters.add,
    read: counters.read,
    stats: counters.stats,
    failed: counters.failed,
    async close() {
      await counters.close();
      client.disconnect();
    },
  };
}

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
