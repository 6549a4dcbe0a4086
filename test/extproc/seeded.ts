import type { Parameters } from 'fast-check';

/**
 * Parameters of a property run. The seed is new each time unless SLUICE_TEST_SEED names one; fast-check prints it with a failure.
 * With SLUICE_TEST_LONG the run is twenty times as long.
 */
export function seeded<T>(runs: number): Parameters<T> {
  const seed = Number(process.env['SLUICE_TEST_SEED'] ?? Math.floor(Math.random() * 0x7fff_ffff));
  console.log(`seed ${seed} (SLUICE_TEST_SEED=${seed} repeats it)`);
  return { numRuns: process.env['SLUICE_TEST_LONG'] === undefined ? runs : runs * 20, seed };
}
