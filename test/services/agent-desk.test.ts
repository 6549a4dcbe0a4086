import { expect, test } from 'vitest';
import type { Advice, ExchangeRecord } from '../../src/exchange/events.ts';
import type { Finding } from '../../src/policy/finding.ts';
import { createAgentDesk } from '../../src/services/agent-desk.ts';
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

test('what goes on to telemetry has neither the arguments of calls nor what the conversation holds; who watches callers has them', () => {
  const { desk, observed } = deskWith();
  const kept = desk.finished(recordOf(called('look_up', 'c9')));
  expect(JSON.stringify(observed[0]!.caller!.calls)).toContain(SECRET);
  expect(JSON.stringify(kept)).not.toContain(SECRET);
  expect(kept.caller).toMatchObject({ agent: 'clerk', calls: [], conversation: undefined });
});

test('what is found about the behaviour is a finding of the exchange, which is then flagged', () => {
  const asked = playAgent({ policy, identity, path: '/v1/responses', request: UNASKED });
  const { desk } = deskWith(asked.record.findings);
  const kept = desk.finished(recordOf(called('look_up', 'c9')));
  expect(kept.findings.map(({ detector }) => detector)).toEqual(['tool.unasked-result']);
  expect(kept.verdict).toBe('flag');
});

test('what an exchange brought into a conversation is known in the next, and another session’s is not', () => {
  const { desk } = deskWith();
  expect(ask(desk)).toMatchObject({ agent: 'clerk', conversation: undefined });
  desk.finished(recordOf(called('look_up', 'c9')));
  expect(ask(desk).conversation?.called).toEqual(new Map([['c9', 'look_up']]));
});

test('a stop whose time is over covers nobody', () => {
  expect(ask(deskWith().desk).stop).toBeUndefined();
});

test('what a caller said counts for no other of the same name and session, unless both prove the same', () => {
  const keptBy = (who: typeof identity, agent: string) => {
    const { desk } = deskWith();
    const record = recordOf(called('look_up', 'c9'));
    desk.finished({ ...record, callerHash: 'one', caller: { ...record.caller!, agent, identity: who } });
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
