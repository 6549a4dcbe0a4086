import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { BehaviourEvent } from '../../../src/agents/behaviour/event.ts';
import type { BehaviourFinding } from '../../../src/agents/behaviour/finding.ts';
import { createObservations } from '../../../src/cli/workers/observations.ts';
import { waitFor } from '../../support/processes.ts';

const event = (unixMs: number): BehaviourEvent => ({ unixMs, tools: [], ids: [], sensitive: [], denied: false });
const FOUND = [{ id: 'behaviour.loop' } as BehaviourFinding];

/** What is found is found with every event of an odd time. */
function observing() {
  const sent: number[][] = [];
  const observations = createObservations(async (json) => {
    const times = (JSON.parse(json) as BehaviourEvent[]).map(({ unixMs }) => unixMs);
    sent.push(times);
    return times.flatMap((time, at) => (time % 2 === 1 ? [[at, FOUND] as const] : []));
  });
  return { observations, sent };
}

test('events of one turn leave together, and each gets what was found with it', async () => {
  const { observations, sent } = observing();
  const found = [1, 2, 3].map((time) => observations.add(event(time), 'soon'));
  expect(await Promise.all(found)).toEqual([FOUND, [], FOUND]);
  expect(sent).toEqual([[1, 2, 3]]);
});

test('events nobody waits for leave later, or with one that somebody waits for', async () => {
  const { observations, sent } = observing();
  void observations.add(event(1), 'later');
  await turn();
  expect(sent).toEqual([]);
  await observations.add(event(2), 'soon');
  expect(sent).toEqual([[1, 2]]);
  void observations.add(event(3), 'later');
  await waitFor(() => sent[1]);
});

test('many leave at once, however soon', () => {
  const { observations, sent } = observing();
  for (let at = 0; at < 300; at++) void observations.add(event(at), 'later');
  expect(sent.map((times) => times.length)).toEqual([256]);
});
