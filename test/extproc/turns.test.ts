import { describe, expect, test } from 'vitest';
import { createTurns } from '../../src/extproc/turns.ts';

/** Turns of a clock that each slice moves on. */
function start({
  turnMs,
  sliceMs,
  slicesInARow = 1,
}: {
  readonly turnMs: number;
  readonly sliceMs: number;
  readonly slicesInARow?: number;
}) {
  let nowMs = 0;
  const done: string[] = [];
  const turns = createTurns({ turnMs, slicesInARow, now: () => nowMs });
  const take = (name: string, slices: number, then: () => void = () => {}): void => {
    let left = slices;
    turns.take(() => {
      nowMs += sliceMs;
      done.push(name);
      left--;
      if (left === 0) then();
      return left > 0;
    });
  };
  return { take, done };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('nothing is done before the next turn of the loop', async () => {
  const { take, done } = start({ turnMs: 1, sliceMs: 1 });
  take('a', 1);
  expect(done).toEqual([]);
  await nextTurn();
  expect(done).toEqual(['a']);
});

test('a turn has as many slices as fit in its time, one of each work after the other', async () => {
  const { take, done } = start({ turnMs: 5, sliceMs: 1 });
  take('a', 4);
  take('b', 2);
  await nextTurn();
  expect(done.join('')).toBe('ababa');
  await nextTurn();
  expect(done.join('')).toBe('ababaa');
});

test('one work has several slices in a row before the next, also over turns', async () => {
  const { take, done } = start({ turnMs: 2, sliceMs: 1, slicesInARow: 3 });
  take('a', 4);
  take('b', 2);
  for (let turn = 0; turn < 3; turn++) {
    await nextTurn();
    done.push('-');
  }
  expect(done.join('')).toBe('aa-ab-ba-');
});

test('a turn has one slice, however long that takes, and everything else comes between two turns', async () => {
  const { take, done } = start({ turnMs: 5, sliceMs: 100 });
  take('a', 3);
  for (let turn = 0; turn < 3; turn++) {
    await nextTurn();
    done.push('-');
  }
  expect(done.join('')).toBe('a-a-a-');
});

test('work that another work brings waits for those before it', async () => {
  const { take, done } = start({ turnMs: 5, sliceMs: 1 });
  take('a', 1, () => take('c', 1));
  take('b', 2);
  for (let turn = 0; turn < 3; turn++) await nextTurn();
  expect(done.join('')).toBe('abcb');
});

describe('bodies that are judged at once', () => {
  const KB = 1024;

  test('are as many as have come before their time counts', () => {
    let nowMs = 0;
    const turns = createTurns({ turnMs: 5, now: () => nowMs++ });
    expect(Array.from({ length: 7 }, () => turns.isSpent(KB))).not.toContain(true);
    expect(nowMs).toBe(0);
    expect(Array.from({ length: 6 }, () => turns.isSpent(KB))).toEqual([false, false, false, false, false, true]);
  });

  test('are no more once a turn has taken its time, and go on in the next', async () => {
    let nowMs = 0;
    const turns = createTurns({ turnMs: 5, now: () => nowMs });
    const judge = (bytes: number): boolean => {
      const isSpent = turns.isSpent(bytes);
      if (!isSpent) nowMs += 3;
      return isSpent;
    };
    expect(Array.from({ length: 4 }, () => judge(8 * KB))).toEqual([false, false, true, true]);
    await nextTurn();
    expect([judge(KB), judge(8 * KB), judge(KB), judge(KB)]).toEqual([false, false, false, true]);
  });
});
