import { describe, expect, test } from 'vitest';
import { ANONYMOUS } from '../../src/agents/identity/identity.ts';
import type { Stop } from '../../src/agents/stops.ts';
import { createBehaviourBook } from '../../src/cli/behaviour-book.ts';
import { createCallerWatch } from '../../src/cli/caller-watch.ts';
import type { Advice, Question } from '../../src/exchange/events.ts';
import { createAgentDesk } from '../../src/services/agent-desk.ts';
import { createConversationStore } from '../../src/services/conversation-store.ts';
import { keyIdentity, playAgent } from '../support/agent-exchange.ts';
import { smallPolicy } from '../support/streams.ts';

const KEY = 'e'.repeat(64);
const CLERK = keyIdentity(KEY);
const PERSON = 'ab'.repeat(32);
const TARGET = { host: 'api.example', path: '/v1/chat/completions', callerHash: 'c0ffee000000' };

/** A desk whose watch follows this policy, at one moment unless a test moves it. */
function watching(behaviour: string, budgets = '') {
  const policy = smallPolicy(`version: 1
detectors: {pii.*: {action: off}}
agents: {unknown: observe, clerk: {identify: {apiKeyHash: "${KEY}"}${budgets}}}
behaviour: ${behaviour}
`);
  const stopped: Stop[] = [];
  const clock = { ms: Date.UTC(2026, 0, 5, 9) };
  const key = Buffer.from('test');
  const watch = createCallerWatch({
    policy: policy.behaviour,
    book: createBehaviourBook({ policy: policy.behaviour, key, onStop: (order) => stopped.push(order) }),
    key,
    hash: (text) => Buffer.from(text).toString('hex').padEnd(64, '0'),
    redact: (name) => name,
  });
  const desk = createAgentDesk({
    identifier: { identify: () => CLERK, remembered: 0 },
    conversations: createConversationStore(),
    stops: () => [],
    watch,
    hash: (text) => text,
    now: () => clock.ms,
  });
  function ask(change: Partial<Question> = {}): Advice {
    const advice: Advice[] = [];
    const question: Question = { about: 'caller', claims: [], identity: undefined, agents: policy.agents, target: TARGET, ...change };
    desk.advise(question, (one) => advice.push(one));
    return advice[0]!;
  }
  const record = playAgent({ policy, identity: CLERK, path: TARGET.path, request: Buffer.from('{"model":"m","messages":[]}') }).record;
  const finished = (change: object = {}) => desk.finished({ ...record, endUnixMs: clock.ms, ...change }, () => {});
  return { ask, finished, stopped, clock };
}

const takenOf = ({ findings }: Pick<Advice, 'findings'>) => findings.map(({ detector, taken }) => `${detector} ${taken}`);
const DENIED = ['behaviour.budget deny'];

describe('budgets that a policy sets are kept', () => {
  const ROWS = [
    ['an agent', '{}', ', budgets: {requestsPerMinute: 2}', TARGET],
    ['every agent', '{budgets: {agent: {requestsPerMinute: 2}}}', '', TARGET],
    ['an endpoint', '{budgets: {endpoint: {requestsPerMinute: 2}}}', '', TARGET],
    ['an endpoint with an id in its path', '{budgets: {endpoint: {requestsPerMinute: 2}}}', '', { ...TARGET, path: '/users/4711' }],
  ] as const;

  test.each(ROWS)('of %s, by requests that have not ended', (_, behaviour, budgets, target) => {
    const { ask } = watching(behaviour, budgets);
    expect([1, 2, 3].map(() => takenOf(ask({ target })))).toEqual([[], [], DENIED]);
  });

  test('in four rows', () => expect(ROWS).toHaveLength(4));

  test('of a person whom only the body names', () => {
    const { ask } = watching('{budgets: {person: {requestsPerDay: 1}}}');
    const claims = [{ kind: 'person', hash: PERSON, from: 'openai-user' }] as const;
    const second = () => takenOf(ask({ about: 'conversation', identity: CLERK, claims }));
    expect([takenOf(ask()), second(), takenOf(ask()), second()]).toEqual([[], [], [], DENIED]);
  });

  test('of a tool, call by call', () => {
    const { ask } = watching('{budgets: {tool: {requestsPerDay: 1}}}');
    const call = () => ask().takeCall?.('look_up')?.action;
    expect([call(), call(), ask().takeCall?.('other')?.action]).toEqual([undefined, 'deny', undefined]);
  });

  test('and what ended does not count twice', () => {
    const { ask, finished } = watching('{}', ', budgets: {requestsPerMinute: 2}');
    ask();
    finished();
    expect(takenOf(ask())).toEqual([]);
  });
});

describe('a finding whose action is', () => {
  /** The same credential from one address more each time, until that is too many. */
  function shared(action: string) {
    const watched = watching(`{coldStartDays: 1, findings: {shared-credential: {action: ${action}, floor: 1}}}`);
    const caller = { agent: 'clerk', standing: 'known', identity: ANONYMOUS, conversation: undefined, calls: [], uses: [], tools: [] };
    for (let at = 0; at < 20; at++)
      watched.finished({ callerHash: TARGET.callerHash, caller: { ...caller, addressHash: `address-${at}` } });
    return watched;
  }

  test('deny refuses the credential, and no other', () => {
    const { ask } = shared('deny');
    expect(takenOf(ask())).toEqual(['behaviour.shared-credential deny']);
    expect(takenOf(ask({ target: { ...TARGET, callerHash: 'another00000' } }))).toEqual([]);
  });

  test('stop gives an order about the agent that was seen', () => {
    const orders = shared('stop').stopped.map(({ scope, name, reason, by }) => ({ scope, name, reason, by }));
    expect(orders[0]).toEqual({ scope: 'agent', name: 'clerk', reason: 'behaviour.shared-credential', by: 'policy' });
    expect(new Set(orders.map(({ name }) => name))).toEqual(new Set(['clerk']));
  });

  test('stop for a budget gives one order, when it is first over', () => {
    const { ask, stopped } = watching('{findings: {budget: {action: stop}}, budgets: {endpoint: {requestsPerMinute: 1}}}');
    expect([1, 2, 3].map(() => takenOf(ask()))).toEqual([[], DENIED, DENIED]);
    expect(stopped.map(({ scope, name }) => [scope, name])).toEqual([['agent', 'clerk']]);
  });
});

test('tokens and money of tools, which nobody can count, are refused when the policy is loaded', () => {
  expect(() => watching('{budgets: {tool: {tokensPerDay: 5}}}')).toThrow();
  expect(() => watching('{budgets: {tool: {costPerDay: 5}}}')).toThrow();
});
