import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import type { SharedCounters } from '../agents/behaviour/shared-counters.ts';
import { createMergedCounters, type MergedCounters, type MergeState } from './merged-counters.ts';

export interface RedisCountersOptions {
  /** `redis://`, `rediss://` with user, password and number of the database, or the path of a socket. Never logged. */
  readonly url: string;
  /** Counters of this process: what holds alone while Redis does not answer. */
  readonly local: SharedCounters;
  /**
   * Says which key subjects are hashed with. Where another one is in use, the same agent is somebody else, and sums would be those of
   * strangers: who comes later counts alone, and says so.
   */
  readonly keyId: string;
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
 * back with the next exchange. Sets this process's count where it is higher, and answers with the sums of the others, or with 0 when the
 * first key, which says what subjects are hashed with, is somebody else's.
 */
const SCRIPT = `
local known = redis.call('GET', KEYS[1])
if known and known ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
local sums = {}
for at = 1, #KEYS - 1 do
  local key = KEYS[at + 1]
  local mine = tonumber(ARGV[2 * at + 2])
  if mine > tonumber(redis.call('HGET', key, ARGV[1]) or '0') then redis.call('HSET', key, ARGV[1], ARGV[2 * at + 2]) end
  redis.call('PEXPIRE', key, ARGV[2 * at + 3])
  local sum = 0
  local all = redis.call('HGETALL', key)
  for field = 1, #all, 2 do
    if all[field] ~= ARGV[1] then sum = sum + tonumber(all[field + 1]) end
  end
  sums[at] = sum
end
return sums`;

const RETRY_MS_MAX = 1_000;

/** How long a key is taken for in use after the last exchange under it, milliseconds; so long a new one waits after a change. */
const KEY_ID_MS = 300_000;

/** Budget counters that processes of several machines share, a few times a second. */
export function createRedisCounters(options: RedisCountersOptions): RedisCounters {
  const { url, local, keyId, prefix = 'sluice', exchangeMs = 200, onState } = options;
  const client = connectRedis(url);
  const process = randomBytes(6).toString('hex');
  const counters = createMergedCounters({
    local,
    exchangeMs,
    onState,
    isReady: () => client.status === 'ready',
    async exchange(rows) {
      const keys = ['installation', ...rows.map(({ name }) => name)].map((name) => `{${prefix}}:${name}`);
      const amounts = rows.flatMap(({ mine, keepMs }) => [mine, keepMs]);
      const sums: unknown = await client.eval(SCRIPT, keys.length, ...keys, process, keyId, KEY_ID_MS, ...amounts);
      if (!Array.isArray(sums)) throw new OtherKey();
      return sums.map(Number);
    },
    whyFailed: (error) => (error instanceof OtherKey ? 'filters with another installation.key are there' : refusalOf(error)),
  });
  // Without a listener a broken connection would end the process.
  client.on('error', (error) => counters.failed(refusalOf(error) ?? NO_CONNECTION));
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

class OtherKey extends Error {}

export const NO_CONNECTION = 'no connection';

/** What Redis refuses, in words that do not come from it; undefined: it is silent, or says something else. */
export function refusalOf(error: unknown): string | undefined {
  return error instanceof Error && error.name === 'ReplyError' ? REFUSALS.get(error.message.split(' ', 1)[0]!) : undefined;
}

/** By the first word of its answer. */
const REFUSALS = new Map([
  ['NOAUTH', 'Redis asks for a password'],
  ['WRONGPASS', 'Redis does not take the user or the password'],
  ['NOPERM', 'the user may not do in Redis what this needs'],
  ['READONLY', 'this Redis is a replica, which takes nothing'],
  ['OOM', 'Redis has no memory left'],
]);

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
