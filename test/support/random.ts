/** A small seeded generator (mulberry32): the same seed gives the same run on every machine. */
export interface Random {
  readonly seed: number;
  /** A whole number in `[0, below)`. */
  below(below: number): number;
  pick<T>(from: readonly T[]): T;
}

/** Seeded by SLUICE_TEST_SEED, else anew; prints how to repeat the run. */
export function createRandom(seed = Number(process.env['SLUICE_TEST_SEED'] ?? Math.floor(Math.random() * 0x7fff_ffff))): Random {
  console.log(`seed ${seed} (SLUICE_TEST_SEED=${seed} repeats it)`);
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { seed, below, pick: (from) => from[below(from.length)]! };
}

/** Whether the long runs were asked for (`npm run test:long`). */
export const LONG_RUN = process.env['SLUICE_TEST_LONG'] !== undefined;
