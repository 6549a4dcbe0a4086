import type { Random } from '../../test/support/random.ts';

/** Times at which an open-loop generator sends, whatever the answers do. */
export interface Schedule {
  /** Milliseconds after the start; never before the one before it. Undefined: nothing is due within the duration any more. */
  next(): number | undefined;
}

/** Poisson arrivals: independent gaps with an exponential distribution, as many clients that know nothing of each other have them. */
export function poissonSchedule({
  random,
  perSecond,
  durationMs,
}: {
  readonly random: Random;
  readonly perSecond: number;
  readonly durationMs: number;
}): Schedule {
  if (!(perSecond > 0)) throw new Error('a rate is more than 0 a second');
  const meanMs = 1_000 / perSecond;
  let atMs = 0;
  return {
    next() {
      if (atMs >= durationMs) return undefined;
      atMs -= meanMs * Math.log((1 + random.below(RESOLUTION)) / RESOLUTION);
      return atMs < durationMs ? atMs : undefined;
    },
  };
}

/** Different gaps that there are; the longest is 21 times the mean. */
const RESOLUTION = 2 ** 30;
