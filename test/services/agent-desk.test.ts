import { expect, test } from 'vitest';
import type { Stop } from '../../src/agents/stops.ts';
import type { Advice, Effect, EnvoyEvent, ExchangeRecord } from '../../src/exchange/events.ts';
import { openExchange } from '../../src/exchange/machine.ts';
import type { Finding } from '../../src/policy/finding.ts';
import { type AgentDesk, type CallerWatch, createAgentDesk } from '../../src/services/agent-desk.ts';
import { createConversationStore } from '../../src/services/conversation-store.ts';
import { keyIdentity, playAgent } from '../support/agent-exchange.ts';
import { smallPolicy } from '../support/streams.ts';

const KEY = 'e'.repeat(64);
const policy = smallPolicy(`version: 1
detectors: {pii.*: {action: off}}
agents: {clerk: {identify: {apiKeyHash: "${KEY}"}}}
flows: [{all: [untrusted-content, private-data], to: [sends-data], action: deny}]
`);
const SECRET = 'the-very-words-of-a-call';
const identity = { ...keyIdentity(KEY), sessions: [{ id: 'session-hash', from: 'conversation' as const }] };

const chat = (content: string): Buffer => Buffer.from(JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] }));
const called = (name: string, id: string): Buffer =>
  Buffer.from(
    JSON.stringify({
      id: 'r1',
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', tool_calls: [{ id, type: 'function', function: { name, arguments: `{"a":"${SECRET}"}` } }] },
        },
      ],
    }),
  );

/** A result that no call asked for is found, and stops nothing. */
const UNASKED = Buffer.from(JSON.stringify({ model: 'm', input: [{ type: 'function_call_output', call_id: 'c1', output: 'x' }] }));

const recordOf = (response: Buffer): ExchangeRecord =>
  playAgent({ policy, identity, path: '/v1/chat/completions', request: chat('hello'), response }).record;

function deskWith(found: readonly Finding[] = []) {
  const observed: ExchangeRecord[] = [];
  const desk = createAgentDesk({
    identifier: { identify: () => identity, remembered: 0 },
    conversations: createConversationStore(),
    stops: () => [{ id: 's1', scope: 'agent', name: 'clerk', reason: 'r', by: 'b', atUnixMs: 0, untilUnixMs: 50 }],
    watch: {
      admit: () => [],
      admitCall: () => undefined,
      observe(record) {
        observed.push(record);
        return found;
      },
    },
    hash: (text) => text,
    now: () => 100,
  });
  return { desk, observed };
}

function ask(desk: ReturnType<typeof deskWith>['desk']): Advice {
  const advice: Advice[] = [];
  desk.advise({ about: 'caller', claims: [], identity: undefined, agents: policy.agents }, (one) => advice.push(one));
  expect(advice).toHaveLength(1);
  return advice[0]!;
}

/** What goes on of a record; at once, because everything is in this process. */
function finished(desk: AgentDesk, record: ExchangeRecord): ExchangeRecord {
  const kept: ExchangeRecord[] = [];
  desk.finished(record, (one) => kept.push(one));
  expect(kept).toHaveLength(1);
  return kept[0]!;
}

test('what goes on to telemetry has neither the arguments of calls nor what the conversation holds; who watches callers has them', () => {
  const { desk, observed } = deskWith();
  const kept = finished(desk, recordOf(called('look_up', 'c9')));
  expect(JSON.stringify(observed[0]!.caller!.calls)).toContain(SECRET);
  expect(JSON.stringify(kept)).not.toContain(SECRET);
  expect(kept.caller).toMatchObject({ agent: 'clerk', calls: [], conversation: undefined });
});

test('what is found about the behaviour is a finding of the exchange, which is then flagged', () => {
  const asked = playAgent({ policy, identity, path: '/v1/responses', request: UNASKED });
  const { desk } = deskWith(asked.record.findings);
  const kept = finished(desk, recordOf(called('look_up', 'c9')));
  expect(kept.findings.map(({ detector }) => detector)).toEqual(['tool.unasked-result']);
  expect(kept.verdict).toBe('flag');
});

test('what an exchange brought into a conversation is known in the next, and another session’s is not', () => {
  const { desk } = deskWith();
  expect(ask(desk)).toMatchObject({ agent: 'clerk', conversation: undefined });
  finished(desk, recordOf(called('look_up', 'c9')));
  expect(ask(desk).conversation?.called).toEqual(new Map([['c9', 'look_up']]));
});

test('a conversation is kept under its session and the answer that a request may go on from, and under no other answer', () => {
  const answer = { id: 'resp_7', object: 'response', output: [{ type: 'function_call', call_id: 'c9', name: 'look_up', arguments: '{}' }] };
  const { desk } = deskWith();
  const play = { policy, identity: { ...identity, sessions: [] }, hasSession: false };
  const request = Buffer.from(JSON.stringify({ model: 'm', input: 'hello' }));
  const responses = playAgent({ ...play, path: '/v1/responses', request, response: Buffer.from(JSON.stringify(answer)) });
  const completion = playAgent({ ...play, path: '/v1/chat/completions', request: chat('hello'), response: called('look_up', 'c9') });
  expect(completion.record.caller!.conversation).toBeUndefined();
  for (const record of [responses.record, completion.record, recordOf(called('look_up', 'c9'))]) finished(desk, record);
  const known = ['resp_7', 'session-hash', 'r1'].map((id) => {
    const sessions = [{ id, from: 'conversation' as const }];
    const question = { about: 'conversation', claims: [], identity: { ...identity, sessions }, agents: policy.agents } as const;
    const advice: Advice[] = [];
    desk.advise(question, (one) => advice.push(one));
    return advice[0]!.conversation?.called.get('c9');
  });
  expect(known).toEqual(['look_up', 'look_up', undefined]);
});

test('a stop whose time is over covers nobody', () => {
  expect(ask(deskWith().desk).stop).toBeUndefined();
});

test('what a caller said counts for no other of the same name and session, unless both prove the same', () => {
  const keptBy = (who: typeof identity, agent: string) => {
    const { desk } = deskWith();
    const record = recordOf(called('look_up', 'c9'));
    finished(desk, { ...record, callerHash: 'one', caller: { ...record.caller!, agent, identity: who } });
    const known: (string | undefined)[] = [];
    for (const hash of ['one', 'another'])
      desk.advise(
        { about: 'conversation', claims: [], identity: who, agents: policy.agents, target: { host: 'h', path: '/', callerHash: hash } },
        ({ conversation }) => known.push(conversation?.called.get('c9')),
      );
    return known;
  };
  expect(keptBy(identity, 'clerk')).toEqual(['look_up', 'look_up']);
  expect(keptBy({ ...identity, proofs: [] }, 'unknown')).toEqual(['look_up', undefined]);
});

test('what is known elsewhere is waited for, and an exchange gets all of it at once', async () => {
  const [found] = playAgent({ policy, identity, path: '/v1/responses', request: UNASKED }).record.findings;
  const store = createConversationStore();
  const watch: CallerWatch = { admit: async () => [found!], admitCall: () => undefined, observe: async () => [found!] };
  const desk = createAgentDesk({
    identifier: { identify: () => identity, remembered: 0 },
    conversations: { keep: store.keep, find: async (...asked) => store.find(...asked) },
    stops: () => [],
    watch,
    hash: (text) => text,
    now: () => 100,
  });
  const kept = await new Promise<ExchangeRecord>((resolve) => desk.finished(recordOf(called('look_up', 'c9')), resolve));
  expect([kept.verdict, kept.findings]).toEqual(['flag', [found]]);
  const advice = await new Promise<Advice>((resolve) =>
    desk.advise(
      { about: 'caller', claims: [], identity: undefined, agents: policy.agents, target: { host: 'h', path: '/', callerHash: undefined } },
      resolve,
    ),
  );
  expect(advice.conversation?.called).toEqual(new Map([['c9', 'look_up']]));
  expect(advice.findings).toEqual([found]);
});

/** An exchange in hand, whose caller this desk knows; what it was asked is answered at once. */
function openAt(desk: AgentDesk, request: Buffer) {
  const exchange = openExchange({
    policy,
    exchangeId: 'x',
    fallbackModes: { request: 'buffered', response: 'full-duplex' },
    hash: (text) => text,
    consults: true,
  });
  const effects: Effect[] = [];
  function send(event: EnvoyEvent): void {
    for (const effect of exchange.step(event)) {
      effects.push(effect);
      if (effect.kind === 'consult') desk.advise(effect.question, (advice) => send({ kind: 'advised', advice, unixMs: 1 }));
      if (effect.kind === 'record') finished(desk, effect.record);
    }
  }
  const headers = [
    [':method', 'POST'],
    [':path', '/v1/chat/completions'],
    [':authority', 'api.example'],
    ['content-type', 'application/json'],
  ] as const;
  send({ kind: 'request-headers', headers, endOfStream: false, unixMs: 1 });
  send({ kind: 'request-body', bytes: request, endOfStream: true, unixMs: 1 });
  return { send, effects };
}

/** A request whose history has a result of a tool. */
const withResult = (tool: string): Buffer =>
  Buffer.from(
    JSON.stringify({
      model: 'm',
      messages: [
        { role: 'user', content: 'hello' },
        { role: 'assistant', tool_calls: [{ id: 'c1', type: 'function', function: { name: tool, arguments: '{}' } }] },
        { role: 'tool', tool_call_id: 'c1', content: 'x' },
      ],
    }),
  );

test('what a request brought into a conversation is known while its answer still streams', () => {
  const { desk } = deskWith();
  const first = openAt(desk, withResult('fetch_url'));
  expect(first.effects.map(({ kind }) => kind)).not.toContain('record');
  expect([...ask(desk).conversation!.holds]).toEqual(['untrusted-content']);
  const second = openAt(desk, withResult('read_mail'));
  expect([...ask(desk).conversation!.holds].toSorted()).toEqual(['private-data', 'untrusted-content']);
  for (const { send } of [second, first]) send({ kind: 'ended', unixMs: 2 });
  expect([...ask(desk).conversation!.holds].toSorted()).toEqual(['private-data', 'untrusted-content']);
});

test('a stop that is given while another process is asked about a caller holds for that caller', async () => {
  const stops: Stop[] = [];
  const looked = Promise.withResolvers<undefined>();
  const desk = createAgentDesk({
    identifier: { identify: () => identity, remembered: 0 },
    conversations: { find: () => looked.promise, keep: () => undefined },
    stops: () => stops,
    hash: (text) => text,
    now: () => 100,
  });
  const advised = Promise.withResolvers<Advice>();
  desk.advise({ about: 'caller', claims: [], identity: undefined, agents: policy.agents }, advised.resolve);
  stops.push({ id: 's2', scope: 'agent', name: 'clerk', reason: 'r', by: 'b', atUnixMs: 100, untilUnixMs: undefined });
  looked.resolve(undefined);
  expect((await advised.promise).stop).toEqual(stops[0]);
});
