import type { Slices } from '../lib/slices.ts';

/** Between two slices, in milliseconds: traffic has nearly all of the time. */
const PAUSE_MS = 4;

/**
 * Does slices of work nobody waits for, one at a time with a pause behind each, and then calls `done`. The process may end meanwhile. The
 * slices must not throw.
 */
export function inBackground(slices: Slices, done: () => void = () => {}): void {
  setTimeout(() => {
    if (slices.next().done === true) done();
    else inBackground(slices, done);
  }, PAUSE_MS).unref();
}
