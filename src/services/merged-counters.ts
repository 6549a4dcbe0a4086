import {
  COUNTERS,
  type CounterKey,
  type CounterName,
  periodMs,
  type SharedCounters,
  slidingCount,
} from '../agents/behaviour/shared-counters.ts';
import { FIXED } from '../lib/limits.ts';

/** A counter of one process in one period. */
export interface CounterRow {
  /** The same for every process: a fingerprint made with the installation's key, the counter and the period; never a name. */
  readonly name: string;
  /** What this process has counted in it so far. */
  readonly mine: number;
  /** How long it is asked for, milliseconds. */
  readonly keepMs: number;
}

export interface MergedCountersOptions {
  /** Counters of this process: what holds alone while nobody answers. */
  readonly local: SharedCounters;
  /** Time between two exchanges of sums, milliseconds. Where nothing was counted or read there is none. */
  readonly exchangeMs: number;
  /** Whether there is somebody to exchange with now. */
  readonly isReady: () => boolean;
  /** Tells the counts of this process, and resolves to the sum of what the others have counted in each row. May reject. */
  readonly exchange: (rows: readonly CounterRow[]) => Promise<readonly number[]>;
  /** Why an exchange was rejected, in fixed words; undefined: nothing is known. Default: never anything. */
  readonly whyFailed?: (error: unknown) => string | undefined;
  /** Called at every change, with fixed words only. */
  readonly onState?: ((state: MergeState, reason: string) => void) | undefined;
}

export const NO_ANSWER = 'no answer in time, or an error';

/** `connected`: sums are of all processes. `local`: each process counts for itself, and says so. */
export type MergeState = 'connecting' | 'connected' | 'local';

export interface MergedCounters extends SharedCounters {
  readonly state: MergeState;
  /** For metrics: exchanges that worked, that failed, and counts that were not shared since there were too many keys. */
  stats(): { readonly exchanged: number; readonly failed: number; readonly unshared: number };
  /** The way to the others is broken. */
  failed(reason: string): void;
  /** Exchanges what is left, if anybody answers. */
  close(): Promise<void>;
}

interface Shared {
  readonly key: CounterKey;
  readonly period: number;
  /** Counted here. */
  mine: number;
  /** Counted by the others, by the last exchange: the most that was told, since a Redis that comes back empty has heard of few at first. */
  others: number;
}

/**
 * Budget counters that several processes share. Local first: adding and reading never wait; a few times a second the process tells its
 * counts and learns those of the others. While nobody answers it counts alone, says so once, and tells all of it later. Keeps no process
 * alive.
 */
export function createMergedCounters(options: MergedCountersOptions): MergedCounters {
  const { local, exchangeMs, isReady, exchange, whyFailed, onState } = options;
  const shared = new Map<string, Shared>();
  /** Those used since the last exchange. */
  const used = new Map<string, Shared>();
  const counts = { exchanged: 0, failed: 0, unshared: 0 };
  let state: MergeState = 'connecting';
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  schedule();

  function enter(next: MergeState, reason: string): void {
    if (next === state) return;
    state = next;
    onState?.(next, reason);
  }

  function failed(reason: string): void {
    counts.failed++;
    enter('local', reason);
    schedule();
  }

  /** No timer runs while there is nothing to tell: an idle process would wake for each. */
  function schedule(): void {
    if (!isClosed) timer ??= setTimeout(() => void exchangeDue(), exchangeMs).unref();
  }

  async function exchangeDue(): Promise<void> {
    timer = undefined;
    await exchangeNow();
    if (used.size > 0 || state !== 'connected') schedule();
  }

  /** The counter in the period of `nowMs`; of too many the oldest is shared no longer. */
  function open(key: CounterKey, nowMs: number): Shared {
    const period = Math.floor(nowMs / periodMs(key.counter));
    const name = nameOf(key, period);
    const one = shared.get(name) ?? { key, period, mine: 0, others: 0 };
    if (!shared.has(name)) makeRoom(nowMs);
    shared.set(name, one);
    used.set(name, one);
    schedule();
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
  async function exchangeNow(): Promise<void> {
    if (!isReady() || (used.size === 0 && state === 'connected')) return;
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
    } catch (error) {
      failed(whyFailed?.(error) ?? NO_ANSWER);
    }
  }

  async function exchangeSome(part: readonly (readonly [string, Shared])[]): Promise<void> {
    const sums = await exchange(part.map(([name, { key, mine }]) => ({ name, mine, keepMs: 2 * periodMs(key.counter) })));
    if (sums.length !== part.length) throw new Error('not one sum for each key');
    for (const [at, [, one]] of part.entries()) one.others = Math.max(one.others, Number(sums[at]));
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
    failed,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await running;
      await exchangeNow();
    },
  };
}

/** Keys hold a fingerprint made with the installation's key, never a name. */
function nameOf({ subject, counter }: CounterKey, period: number): string {
  return `${subject.toString(16)}:${COUNTER_NUMBERS[counter]}:${period}`;
}

const COUNTER_NUMBERS = Object.fromEntries(COUNTERS.map((counter, at) => [counter, at])) as Record<CounterName, number>; // one for each
