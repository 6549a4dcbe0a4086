import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { rounded } from './statistics.ts';

/** How long the event loop was kept from its next turn, and what garbage collection took, all in milliseconds. */
export interface LoopReport {
  /** By the clock: what other processes took of the core counts too. */
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
  /** CPU time of this thread between two turns of a timer of one millisecond: the longest block of its own doing, within that millisecond. */
  readonly busyMaxMs: number;
  readonly gcs: number;
  readonly gcMs: number;
  readonly gcMaxMs: number;
}

/** Watches the event loop of this thread until it is stopped. */
export function watchLoop(): { stop(): Promise<LoopReport> } {
  const delay = monitorEventLoopDelay({ resolution: TICK_MS });
  const gcMs: number[] = [];
  const observer = new PerformanceObserver((list) => gcMs.push(...list.getEntries().map(({ duration }) => duration)));
  observer.observe({ entryTypes: ['gc'] });
  let used = threadMilliseconds();
  let busyMaxMs = 0;
  const timer = setInterval(() => {
    const now = threadMilliseconds();
    busyMaxMs = Math.max(busyMaxMs, now - used);
    used = now;
  }, TICK_MS);
  delay.enable();
  return {
    async stop() {
      await sleep(SETTLE_MS); // a block that lasted until now and its collections are only told of in a later turn
      clearInterval(timer);
      delay.disable();
      observer.disconnect();
      busyMaxMs = Math.max(busyMaxMs, threadMilliseconds() - used);
      const ms = (nanoseconds: number): number => rounded(nanoseconds / 1e6);
      return {
        delayP99Ms: ms(delay.percentile(99)),
        delayMaxMs: ms(delay.max),
        busyMaxMs: rounded(busyMaxMs),
        gcs: gcMs.length,
        gcMs: rounded(gcMs.reduce((sum, one) => sum + one, 0)),
        gcMaxMs: rounded(Math.max(0, ...gcMs)),
      };
    },
  };
}

const TICK_MS = 1;
const SETTLE_MS = 20;

function threadMilliseconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
