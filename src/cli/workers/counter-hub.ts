import { FIXED } from '../../lib/limits.ts';
import type { CounterRow } from '../../services/merged-counters.ts';

/** Counts of several workers, as Redis keeps those of several machines. */
export interface CounterHub {
  /** Takes a worker's counts where they are higher than what is known of it; in each row the sum of what the others have counted. */
  merge(worker: string, rows: readonly CounterRow[], nowMs: number): readonly number[];
}

interface Kept {
  readonly counts: Map<string, number>;
  untilMs: number;
}

/** Counts by row and worker; what an ended worker has counted stays. Of more than `rowsMax` rows the one unused for the longest goes first. */
export function createCounterHub(rowsMax: number = FIXED.behaviourCounters): CounterHub {
  /** In the order of use. */
  const rows = new Map<string, Kept>();

  function open(name: string, nowMs: number): Kept {
    const known = rows.get(name);
    rows.delete(name);
    const one = known !== undefined && known.untilMs > nowMs ? known : { counts: new Map<string, number>(), untilMs: 0 };
    rows.set(name, one);
    const [oldest] = rows.keys();
    if (rows.size > rowsMax && oldest !== undefined) rows.delete(oldest);
    return one;
  }

  return {
    merge: (worker, told, nowMs) =>
      told.map(({ name, mine, keepMs }) => {
        const one = open(name, nowMs);
        one.untilMs = nowMs + keepMs;
        if (mine > 0) one.counts.set(worker, Math.max(mine, one.counts.get(worker) ?? 0));
        let others = 0;
        for (const [who, count] of one.counts) if (who !== worker) others += count;
        return others;
      }),
  };
}
