import type { createLog } from '../telemetry/log.ts';
import type { Counters } from './counters.ts';

/** Losses are logged at once and then at most this often, in milliseconds: a full disk loses every exchange. */
const LOG_EVERY_MS = 10_000;

export interface LossReportOptions {
  readonly counters: Counters;
  readonly log: ReturnType<typeof createLog>;
  /** Under which it is counted, and the event of the log: fixed words. */
  readonly destination: string;
  readonly event: string;
  /** Follows how many there were, in the log. */
  readonly what: string;
}

/** Counts each loss with its reason, a fixed word, and says in the log how many there were since it last did. */
export function createLossReport({ counters, log, destination, event, what }: LossReportOptions): (reason: string) => void {
  let unsaid = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  return (reason) => {
    counters.lost(destination, reason, 1);
    unsaid++;
    const nowMs = performance.now();
    if (nowMs - lastMs < LOG_EVERY_MS) return;
    log.warn({ event, count: unsaid, reason }, `${unsaid} ${what} (${reason})`);
    lastMs = nowMs;
    unsaid = 0;
  };
}
