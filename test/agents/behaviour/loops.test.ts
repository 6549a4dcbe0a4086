import { describe, expect, test } from 'vitest';
import { type Behaviour, createBehaviour } from '../../../src/agents/behaviour/behaviour.ts';
import { explainFinding } from '../../../src/agents/behaviour/explain.ts';
import { builtInPrices } from '../../../src/agents/behaviour/prices.ts';
import { DAY_MS, defaultBehaviourPolicy, HOUR_MS, MINUTE_MS } from '../../../src/agents/behaviour/settings.ts';
import { eventOf, MONDAY_MS } from './events.ts';

/** Milliseconds since the first Monday, 09:00. */
type At = number;

const STEP_MS = 30_000;
const HOURS = 8;

function behaviourOf(): Behaviour {
  return createBehaviour({ policy: defaultBehaviourPolicy(), prices: builtInPrices(), key: Buffer.from('a key of the tests') });
}

const call = (argumentsHash: string, session: string, at: At) =>
  eventOf({ unixMs: MONDAY_MS + at, session, tools: [{ name: 'get_state', argumentsHash, ids: [] }] });

/** Days of a poller: a call every half minute, eight hours a day. */
function poll(behaviour: Behaviour, days: { readonly from: number; readonly to: number }, argumentsAt: (at: At) => string) {
  const found: string[] = [];
  for (let day = days.from; day < days.to; day++) {
    for (let at = day * DAY_MS; at < day * DAY_MS + HOURS * HOUR_MS; at += STEP_MS)
      found.push(...told(behaviour, argumentsAt(at), 'poll', at));
  }
  return found;
}

function told(behaviour: Behaviour, argumentsHash: string, session: string, at: At): readonly string[] {
  return behaviour.observe(call(argumentsHash, session, at)).map((finding) => explainFinding(finding, (name) => name));
}

/** Twenty minutes of a round of calls, one every ten seconds, beside the poll. */
function loop(behaviour: Behaviour, round: readonly string[], { polled, start }: { readonly polled: string; readonly start: At }) {
  return Array.from({ length: 120 }, (_, at) => {
    const now = start + at * 10_000;
    const polls = now % STEP_MS === 0 ? told(behaviour, polled, 'poll', now) : [];
    return [...polls, ...told(behaviour, round[at % round.length]!, 'loop', now)];
  }).flat();
}

const LOOP = 'session loop: 13 identical tool calls at tool get_state in 10 minutes, where at most 12 were expected (the default)';
const AFTER_MS = 14 * DAY_MS + HOUR_MS;

describe('loops of an agent that polls', () => {
  test('a loop of another call is found while the poll goes on, which gives no finding', () => {
    const behaviour = behaviourOf();
    expect(poll(behaviour, { from: 0, to: 14 }, () => 'state')).toEqual([]);
    expect(loop(behaviour, ['other'], { polled: 'state', start: AFTER_MS })[0]).toBe(LOOP);
  });

  test.each([2, 5, 8])('a round of %i calls over and over is a loop', (length) => {
    const behaviour = behaviourOf();
    poll(behaviour, { from: 0, to: 14 }, () => 'state');
    const round = Array.from({ length }, (_, at) => `call-${at}`);
    const rounds = [0, 1, 2, 3, 4, 5].flatMap((at) => loop(behaviour, round, { polled: 'state', start: AFTER_MS + at * 20 * MINUTE_MS }));
    expect(rounds[0]).toBe(LOOP);
  });

  test('the same call much more often than usual is a loop', () => {
    const behaviour = behaviourOf();
    poll(behaviour, { from: 0, to: 14 }, () => 'state');
    const found = Array.from({ length: 600 }, (_, at) => told(behaviour, 'state', 'poll', AFTER_MS + at * 1_000)).flat();
    expect(found[0]).toMatch(
      /^session poll: \d+ identical tool calls at tool get_state in 10 minutes, where at most \d+ were expected \(learned/,
    );
  });

  test('a poll that asks otherwise from some day on is no loop, nor when it goes back', () => {
    const behaviour = behaviourOf();
    poll(behaviour, { from: 0, to: 14 }, () => 'before');
    expect(poll(behaviour, { from: 14, to: 20 }, () => 'after')).toEqual([]);
    expect(poll(behaviour, { from: 20, to: 24 }, () => 'before')).toEqual([]);
    expect(loop(behaviour, ['other'], { polled: 'before', start: 24 * DAY_MS })[0]).toBe(LOOP);
  });

  test('a poll that begins in the middle of an hour instead of another is no loop', () => {
    const behaviour = behaviourOf();
    poll(behaviour, { from: 0, to: 14 }, () => 'before');
    const changeMs = 15 * DAY_MS + 3 * HOUR_MS + 7 * MINUTE_MS;
    expect(poll(behaviour, { from: 14, to: 20 }, (at) => (at < changeMs ? 'before' : 'after'))).toEqual([]);
  });

  test('one job polled after the other is no loop, over weeks', () => {
    expect(poll(behaviourOf(), { from: 0, to: 28 }, (at) => `job-${Math.floor(at / (3 * HOUR_MS))}`)).toEqual([]);
  });

  test('a poll that began while another finding stood is no loop either', () => {
    const behaviour = behaviourOf();
    poll(behaviour, { from: 0, to: 14 }, (at) => `job-${Math.floor(at / (3 * HOUR_MS))}`);
    const newModel = behaviour.observe(eventOf({ unixMs: MONDAY_MS + 14 * DAY_MS, model: 'o3' }));
    expect(newModel.map(({ id }) => id)).toEqual(['behaviour.new-model']);
    expect(poll(behaviour, { from: 14, to: 20 }, () => 'state')).toEqual([]);
  });
});
