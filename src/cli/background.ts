import type { Slices } from '../lib/slices.ts';

/** Between two slices, in milliseconds: traffic has nearly all of the time. */
const PAUSE_MS = 4;

/** Does slices of work nobody waits for, one at a time with a pause behind each. The process may end meanwhile. The slices must not throw. */
export function inBackground(slices: Slices): void {
  setTimeout(() => {
    if (slices.next().done !== true) inBackground(slices);
  }, PAUSE_MS).unref();
}
