import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type AdmissionRequest, type Admitted, AMPLE, createBehaviourBook } from '../../../src/cli/behaviour-book.ts';
import { type AmpleRoom, createAmpleRoom } from '../../../src/cli/workers/ample-room.ts';
import { createRandom } from '../../support/random.ts';
import { smallPolicy } from '../../support/streams.ts';

const NOW = Date.UTC(2026, 0, 5, 9);
const request: AdmissionRequest = { agent: 'clerk', subject: { agent: 'clerk', session: 's', credential: 'c' }, nowMs: NOW };

/** What was told, and answers that come when the test says so. */
function telling() {
  const told: number[] = [];
  const open: ((said: Admitted) => void)[] = [];
  return {
    told,
    tell: (_: AdmissionRequest, requests: number) => {
      told.push(requests);
      return new Promise<Admitted>((resolve) => open.push(resolve));
    },
    async answer(said: Admitted) {
      for (const resolve of open.splice(0)) resolve(said);
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

const taken = (room: AmpleRoom, times: number): number => Array.from({ length: times }, () => room.takes(request)).filter(Boolean).length;

describe('a worker lets through by itself', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('whoever its supervisor has called ample, and nobody else', () => {
    const { tell, told } = telling();
    const room = createAmpleRoom({ workers: 2, tell });
    expect(room.takes(request)).toBe(false);
    room.learn(request, []);
    expect(room.takes(request)).toBe(false);
    room.learn(request, AMPLE);
    expect(room.takes(request)).toBe(true);
    expect(room.takes({ ...request, subject: { agent: 'other' } })).toBe(false);
    expect(room.takes({ ...request, subject: { agent: 'clerk', person: 'p' } })).toBe(false);
    expect(told).toEqual([]);
    vi.advanceTimersToNextTimer();
    expect(told).toEqual([1]);
  });

  test('no more than its share of what the supervisor may not know, until that has answered', async () => {
    const { tell, told, answer } = telling();
    const room = createAmpleRoom({ workers: 64, tell });
    room.learn(request, AMPLE);
    expect(taken(room, 100)).toBe(64);
    expect(told).toEqual([32, 32]);
    await answer(AMPLE);
    expect(taken(room, 100)).toBe(64);
  });

  test('until one answer says that room is not ample any more; what it took meanwhile is told', async () => {
    const { tell, told, answer } = telling();
    const room = createAmpleRoom({ workers: 64, tell });
    room.learn(request, AMPLE);
    taken(room, 33);
    expect(room.takes(request)).toBe(true);
    await answer([]);
    expect(room.takes(request)).toBe(false);
    expect(told).toEqual([32, 2]);
    await answer(AMPLE); // of the late ones: they are no new permission
    expect(room.takes(request)).toBe(false);
  });

  test('while requests come: who sends none for a while is asked about again', async () => {
    const { tell, answer } = telling();
    const room = createAmpleRoom({ workers: 2, tell });
    room.learn(request, AMPLE);
    expect(room.takes(request)).toBe(true);
    vi.advanceTimersToNextTimer();
    await answer(AMPLE);
    expect(room.has(request.subject)).toBe(true);
    vi.advanceTimersToNextTimer();
    expect(room.has(request.subject)).toBe(false);
    expect(room.takes(request)).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('nobody after it was cleared, and tells at once what it had taken', () => {
    const { tell, told } = telling();
    const room = createAmpleRoom({ workers: 2, tell });
    room.learn(request, AMPLE);
    taken(room, 3);
    room.clear();
    expect(told).toEqual([3]);
    expect(room.takes(request)).toBe(false);
  });

  test('a bounded number of subjects; others are asked about', () => {
    const room = createAmpleRoom({ workers: 2, tell: telling().tell });
    const ofPerson = (person: number): AdmissionRequest => ({ ...request, subject: { person: String(person) } });
    for (let person = 0; person < 2_000; person++) room.learn(ofPerson(person), AMPLE);
    expect(Array.from({ length: 2_000 }, (_, person) => room.takes(ofPerson(person))).filter(Boolean)).toHaveLength(1_024);
  });
});

test.each([2, 5, 64])('of many requests at %i workers exactly as many pass as a budget grants', async (workers) => {
  const random = createRandom();
  const limit = 20_000;
  const { behaviour: policy } = smallPolicy(
    `version: 1\nagents: {clerk: {identify: {apiKeyHash: "${'e'.repeat(64)}"}, budgets: {requestsPerDay: ${limit}}}}\n`,
  );
  const book = createBehaviourBook({ policy, key: Buffer.from('test'), onStop: () => {} });
  /** What the supervisor does later, in its order. */
  const inbox: (() => void)[] = [];
  const asked = (answer: () => Admitted): Promise<Admitted> => new Promise((resolve) => inbox.push(() => resolve(answer())));
  const rooms = Array.from({ length: workers }, () =>
    createAmpleRoom({ workers, tell: (one, requests) => asked(() => book.admitted(one, requests)) }),
  );
  let [passed, byThemselves] = [0, 0];
  const supervise = async (): Promise<void> => {
    for (const one of inbox.splice(0, 1 + random.below(200))) one();
    await new Promise(setImmediate);
  };
  for (let sent = 0; sent < limit + 2_000; ) {
    for (let burst = random.below(300); burst > 0; burst--, sent++) {
      const room = random.pick(rooms);
      if (room.takes(request)) {
        passed++;
        byThemselves++;
        continue;
      }
      void asked(() => book.admitFor(request)).then((said) => {
        room.learn(request, said);
        if (said === AMPLE || said.length === 0) passed++;
      });
    }
    await supervise();
  }
  for (const room of rooms) room.clear();
  while (inbox.length > 0) await supervise();
  expect(byThemselves).toBeGreaterThan(500);
  expect(passed).toBe(limit);
});
