import { setTimeout as delay } from 'node:timers/promises';

/** Looks in a row that have to see the same: a process that got no time between two looks must not pass for one that is done. */
const LOOKS = 5;
const EVERY_MS = 60;

/** Waits until a number has grown from 0 and then stays as it is. */
export async function settled(look: () => number): Promise<void> {
  let [before, same] = [0, 0];
  while (same < LOOKS) {
    await delay(EVERY_MS);
    const now = look();
    same = now > 0 && now === before ? same + 1 : 0;
    before = now;
  }
}
