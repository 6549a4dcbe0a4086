import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { Ask } from '../../../src/cli/workers/messages.ts';
import { type AskTime, createStateChannel, type StateChannel } from '../../../src/cli/workers/state-channel.ts';
import { FIXED } from '../../../src/lib/limits.ts';
import { waitFor } from '../../support/processes.ts';

const opened: StateChannel[] = [];
afterEach(() => {
  for (const channel of opened.splice(0)) channel.close();
});

function open(askMs?: number) {
  const sent: (readonly Ask[])[] = [];
  const states: string[] = [];
  let overflows = 0;
  const channel = createStateChannel({
    send: (asks) => sent.push(asks),
    onState: (state) => states.push(state),
    onOverflow: () => overflows++,
    ...(askMs !== undefined && { askMs }),
  });
  opened.push(channel);
  const recall = (scope: string, when?: AskTime) => channel.ask('recallTokens', { scope, nowMs: 0 }, new Map([['silent', scope]]), when);
  return { channel, sent, states, recall, overflows: () => overflows };
}

describe('the way to the supervisor', () => {
  test('gathers the questions of one turn, and gives each its own answer in whatever order they come', async () => {
    const { channel, sent, recall } = open();
    const answers = [recall('one'), recall('two')];
    expect(sent).toEqual([]);
    await turn();
    expect(sent.map((asks) => asks.map(({ id, body }) => ({ id, body })))).toEqual([
      [
        { id: 1, body: { scope: 'one', nowMs: 0 } },
        { id: 2, body: { scope: 'two', nowMs: 0 } },
      ],
    ]);
    channel.take([{ id: 2, value: new Map([['b', '2']]) }]);
    channel.take([{ id: 1, value: new Map([['a', '1']]) }]);
    expect(await Promise.all(answers)).toEqual([new Map([['a', '1']]), new Map([['b', '2']])]);
  });

  test('what is asked while a message is on its way and back leaves together, when it is answered', async () => {
    const { channel, sent, recall } = open();
    const scopes = () => sent.map((asks) => asks.map(({ body }) => body)) as unknown;
    const asked = (...all: string[]) => all.map((scope) => ({ scope, nowMs: 0 }));
    void recall('first');
    await turn();
    void recall('second');
    await turn();
    void recall('third');
    await turn();
    expect(scopes()).toEqual([asked('first')]);
    channel.take([{ id: 1, value: undefined }]);
    void recall('fourth');
    await turn();
    expect(scopes()).toEqual([asked('first'), asked('second', 'third', 'fourth')]);
  });

  test('a message with answers to none of its questions is an answer: what was asked meanwhile leaves', async () => {
    const { channel, sent, recall } = open();
    void recall('fails');
    await turn();
    void recall('next');
    channel.take([]);
    await turn();
    expect(sent).toHaveLength(2);
  });

  test('sends what nobody waits for later, or before what somebody waits for', async () => {
    const { sent, recall } = open();
    const scopes = () => sent.map((asks) => asks.map(({ body }) => body)) as unknown;
    const asked = (...all: string[]) => all.map((scope) => ({ scope, nowMs: 0 }));
    void recall('later', 'later');
    await turn();
    expect(sent).toEqual([]);
    void recall('soon');
    await turn();
    expect(scopes()).toEqual([asked('later', 'soon')]);
    void recall('at last', 'later');
    await waitFor(() => sent[1]);
    expect(scopes()).toEqual([asked('later', 'soon'), asked('at last')]);
  });

  test('sends many at once, however soon', () => {
    const { sent, recall } = open();
    for (let at = 0; at < 300; at++) void recall('many', 'later');
    expect(sent.map(({ length }) => length)).toEqual([256]);
  });

  test('an answer that says nothing is that of its call', async () => {
    const { channel, recall } = open();
    const answers = [recall('one'), channel.ask('admit', { agent: 'a', subject: {}, nowMs: 0 }, [])];
    channel.take([
      { id: 1, value: undefined },
      { id: 2, value: undefined },
    ]);
    expect(await Promise.all(answers)).toEqual([new Map(), []]);
  });

  test('gives up when nobody answers, says so once, and nobody waits until the supervisor is back', async () => {
    const { channel, sent, states, recall } = open(1);
    expect(await Promise.all([recall('one'), recall('two')])).toEqual([new Map([['silent', 'one']]), new Map([['silent', 'two']])]);
    expect([channel.state, states]).toEqual(['alone', ['alone']]);
    expect(await recall('three')).toEqual(new Map([['silent', 'three']]));
    const [probe] = await waitFor(() => sent[1]);
    expect(probe).toEqual({ id: 0, call: 'count', body: [] });
    channel.take([{ id: 0, value: [] }]);
    expect(states).toEqual(['alone', 'shared']);
    void recall('four');
    await turn();
    expect(sent.at(-1)).toMatchObject([{ body: { scope: 'four' } }]);
  });

  test('passes over an answer that comes too late', async () => {
    const { channel, recall } = open(1);
    await recall('one');
    expect(() => channel.take([{ id: 1, value: new Map() }])).not.toThrow();
    expect(channel.state).toBe('shared');
  });

  test('answers by itself what is beyond its bound, and says so of each', async () => {
    const { recall, overflows } = open();
    for (let at = 0; at < FIXED.workerQuestions - 1; at++) void recall('open');
    void recall('the last one');
    expect(overflows()).toBe(0);
    expect(await Promise.all(['beyond', 'after'].map((scope) => recall(scope)))).toEqual([
      new Map([['silent', 'beyond']]),
      new Map([['silent', 'after']]),
    ]);
    expect(overflows()).toBe(2);
  });

  test('that is closed sends what it has gathered and answers everything, now and later', async () => {
    const { channel, sent, states, recall } = open();
    const answer = recall('open');
    channel.close();
    expect(await answer).toEqual(new Map([['silent', 'open']]));
    expect(await recall('later')).toEqual(new Map([['silent', 'later']]));
    expect([sent.length, states]).toEqual([1, []]);
  });
});
