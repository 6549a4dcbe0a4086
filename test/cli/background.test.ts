import { expect, test } from 'vitest';
import { inBackground } from '../../src/cli/background.ts';
import type { Slices } from '../../src/lib/slices.ts';

test('work in the background is done a slice at a time, and others have their turn behind each', async () => {
  const order: string[] = [];
  const finished = new Promise<void>((resolve) => {
    function* slices(): Slices {
      for (const slice of ['first', 'second']) {
        order.push(slice);
        setImmediate(() => order.push(`behind the ${slice}`));
        yield;
      }
    }
    inBackground(slices(), resolve);
  });
  expect(order).toEqual([]);
  // The timers alone keep no process alive.
  const alive = setInterval(() => {}, 1_000);
  await finished;
  clearInterval(alive);
  expect(order).toEqual(['first', 'behind the first', 'second', 'behind the second']);
});
