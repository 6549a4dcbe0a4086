import { z } from 'zod';
import { FIXED } from '../../lib/limits.ts';
import type { CounterRow } from '../../services/merged-counters.ts';

/** Counts of several workers, as Redis keeps those of several machines. */
export interface CounterHub {
  /** Takes a worker's counts where they are higher than what is known of it; in each row the sum of what the others have counted. */
  merge(worker: string, rows: readonly CounterRow[], nowMs: number): readonly number[];
  /** All rows that are asked for still, as they are at the beginning, so many to a piece. */
  snapshot(nowMs: number): Generator<CountsPiece>;
  /** Takes a piece of a snapshot, as what a worker that has ended had counted. */
  restore(piece: CountsPiece): void;
}

export function isCounts(piece: unknown): piece is CountsPiece {
  return countsPiece.safeParse(piece).success;
}

/** Sums over all workers, as plain data for `v8.serialize`. Names hold fingerprints, as those of `CounterRow` do. */
export type CountsPiece = z.infer<typeof countsPiece>;
const countsPiece = z.strictObject({
  kind: z.literal('counts'),
  rows: z.array(z.strictObject({ name: z.string(), count: z.number().nonnegative(), untilMs: z.number() })),
});

const ROWS_AT_ONCE = 5_000;
/** No worker's name: those have a dot. */
const EARLIER = 'earlier';

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
    return put(name, known !== undefined && known.untilMs > nowMs ? known : { counts: new Map<string, number>(), untilMs: 0 });
  }

  function put(name: string, one: Kept): Kept {
    rows.delete(name);
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
    *snapshot(nowMs) {
      const then = [...rows].filter(([, { untilMs }]) => untilMs > nowMs);
      for (let from = 0; from < then.length; from += ROWS_AT_ONCE) {
        const some = then.slice(from, from + ROWS_AT_ONCE);
        yield { kind: 'counts', rows: some.map(([name, { counts, untilMs }]) => ({ name, count: sumOf(counts), untilMs })) };
      }
    },
    restore(piece) {
      for (const { name, count, untilMs } of piece.rows) put(name, { counts: new Map([[EARLIER, count]]), untilMs });
    },
  };
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}
