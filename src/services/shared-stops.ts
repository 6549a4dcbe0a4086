import type { Redis } from 'ioredis';
import { isStanding, type Stop } from '../agents/stops.ts';
import { NO_ANSWER } from './merged-counters.ts';
import { connectRedis, NO_CONNECTION, type RedisState, refusalOf } from './redis.ts';
import { mergeStops, plainStop, RESUMED_MS, type Resumed, readStopFile, STOPS_MAX, stopSchema } from './stop-list.ts';

export interface SharedStopsOptions {
  /** As for the counters; never logged. */
  readonly url: string;
  /** Where this installation keeps its stops. */
  readonly folder: string;
  /** In front of every key. Default `sluice`. */
  readonly prefix?: string;
  /** Called when the folder has taken something over. */
  readonly onTaken: () => void;
  /** Called at every change, with fixed words only. */
  readonly onState: (state: RedisState, reason: string) => void;
}

export interface SharedStops {
  readonly state: RedisState;
  /** Exchanges that failed; for metrics. */
  readonly failed: number;
  close(): Promise<void>;
}

/** How often what stands here and in Redis is compared, in milliseconds. */
const EXCHANGE_MS = 100;

/**
 * Keeps the stops of this installation's folder and those in Redis the same: what stands on one side is told to the other, what was taken
 * back on one side is on both. The folder stays what counts, so that without Redis every stop that was known stands, and those of this
 * installation work as ever. Keeps no process alive.
 */
export function shareStops({ url, folder, prefix = 'sluice', onTaken, onState }: SharedStopsOptions): SharedStops {
  const client = connectRedis(url);
  const keys = { stops: `{${prefix}}:stops`, resumed: `{${prefix}}:resumed` };
  let state: RedisState = 'connecting';
  let failures = 0;
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= exchange().finally(() => {
      running = undefined;
    });
  }, EXCHANGE_MS).unref();
  // Without a listener a broken connection would end the process.
  client.on('error', (error) => failed(refusalOf(error) ?? NO_CONNECTION));

  function enter(next: RedisState, reason: string): void {
    if (next === state) return;
    state = next;
    onState(next, reason);
  }

  function failed(reason: string): void {
    failures++;
    enter('local', reason);
  }

  async function exchange(): Promise<void> {
    if (client.status !== 'ready') return;
    try {
      const nowMs = Date.now();
      const theirs = await readShared(client, keys);
      const read = readStopFile(folder);
      if (!read.ok) return failed('the list of the state folder cannot be read');
      const ours = { stops: read.file.stops.filter((stop) => isStanding(stop, nowMs)), resumed: read.file.resumed };
      await tell(client, keys, differences(ours, theirs, nowMs));
      enter('connected', 'stops are shared');
      if (!hasMore(theirs, ours, nowMs)) return;
      mergeStops(folder, theirs);
      onTaken();
    } catch (error) {
      failed(refusalOf(error) ?? NO_ANSWER);
    }
  }

  return {
    get state() {
      return state;
    },
    get failed() {
      return failures;
    },
    async close() {
      clearInterval(timer);
      await running;
      client.disconnect();
    },
  };
}

interface Lists {
  readonly stops: readonly Stop[];
  readonly resumed: readonly Resumed[];
}

interface Keys {
  readonly stops: string;
  readonly resumed: string;
}

/** What stands in Redis; entries that are none are passed over. Throws when it does not answer. */
async function readShared(client: Redis, keys: Keys): Promise<Lists> {
  const [stops, resumed] = await Promise.all([client.hgetall(keys.stops), client.hgetall(keys.resumed)]);
  return {
    stops: Object.values(stops).slice(0, STOPS_MAX).flatMap(readStop),
    resumed: Object.entries(resumed)
      .slice(0, STOPS_MAX)
      .flatMap(([id, at]) => (id.length <= 64 && Number.isFinite(Number(at)) ? [{ id, atUnixMs: Number(at) }] : [])),
  };
}

function readStop(text: string): readonly Stop[] {
  try {
    return [plainStop(stopSchema.parse(JSON.parse(text)))];
  } catch {
    return [];
  }
}

interface Telling {
  readonly stops: readonly Stop[];
  readonly resumed: readonly Resumed[];
  /** Ids of what need not be there any more. */
  readonly over: readonly string[];
  readonly forgotten: readonly string[];
}

/** What of ours is not known there, and what there is over. */
function differences(ours: Lists, theirs: Lists, nowMs: number): Telling {
  const known = new Set(theirs.stops.map(({ id }) => id));
  const takenBack = new Set([...theirs.resumed, ...ours.resumed].map(({ id }) => id));
  const knownBack = new Set(theirs.resumed.map(({ id }) => id));
  return {
    stops: ours.stops.filter(({ id }) => !known.has(id) && !takenBack.has(id)),
    resumed: ours.resumed.filter((one) => !knownBack.has(one.id) && isRemembered(one, nowMs)),
    over: theirs.stops.filter((stop) => takenBack.has(stop.id) || !isStanding(stop, nowMs)).map(({ id }) => id),
    forgotten: theirs.resumed.filter((one) => !isRemembered(one, nowMs)).map(({ id }) => id),
  };
}

function isRemembered({ atUnixMs }: Resumed, nowMs: number): boolean {
  return nowMs - atUnixMs < RESUMED_MS;
}

/** In one step: nobody sees an order that was taken back without that. */
async function tell(client: Redis, keys: Keys, { stops, resumed, over, forgotten }: Telling): Promise<void> {
  if (stops.length + resumed.length + over.length + forgotten.length === 0) return;
  const all = client.multi();
  for (const stop of stops) all.hset(keys.stops, stop.id, JSON.stringify(stop));
  for (const { id, atUnixMs } of resumed) all.hset(keys.resumed, id, String(atUnixMs));
  if (over.length > 0) all.hdel(keys.stops, ...over);
  if (forgotten.length > 0) all.hdel(keys.resumed, ...forgotten);
  const results = await all.exec();
  if (results === null || results.some(([error]) => error !== null)) throw new Error('not everything was written');
}

/** Whether there is something that this folder has not heard of. */
function hasMore(theirs: Lists, ours: Lists, nowMs: number): boolean {
  const known = new Set(ours.stops.map(({ id }) => id));
  const knownBack = new Set(ours.resumed.map(({ id }) => id));
  const takenBack = new Set(theirs.resumed.map(({ id }) => id));
  const isNew = theirs.stops.some(
    (stop) => !known.has(stop.id) && !knownBack.has(stop.id) && !takenBack.has(stop.id) && isStanding(stop, nowMs),
  );
  return isNew || theirs.resumed.some((one) => !knownBack.has(one.id) && isRemembered(one, nowMs));
}
