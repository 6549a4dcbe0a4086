import { afterEach, describe, expect, test } from 'vitest';
import { createLocalCounters } from '../../../src/agents/behaviour/shared-counters.ts';
import { EMPTY_CONVERSATION } from '../../../src/agents/conversation/conversation.ts';
import type { Stop } from '../../../src/agents/stops.ts';
import { type CallerState, createCallerState } from '../../../src/cli/caller-state.ts';
import { createCounterHub } from '../../../src/cli/workers/counter-hub.ts';
import { packAnswers, packAsks, unpackAnswers, unpackAsks } from '../../../src/cli/workers/packed.ts';
import { createRemoteState, type RemoteState } from '../../../src/cli/workers/remote-state.ts';
import { createStateChannel, type StateChannel } from '../../../src/cli/workers/state-channel.ts';
import { createStateHost } from '../../../src/cli/workers/state-host.ts';
import { createMergedCounters, type MergedCounters } from '../../../src/services/merged-counters.ts';
import { waitFor } from '../../support/processes.ts';
import { smallPolicy } from '../../support/streams.ts';

const KEY = Buffer.from('test');
const NOW = Date.UTC(2026, 0, 5, 9);
const OWNER = { name: 'clerk', share: 'clerk' };
const WORD_KEY = { low: 1, high: 2 };

const channels: StateChannel[] = [];
const merged: MergedCounters[] = [];
afterEach(async () => {
  for (const channel of channels.splice(0)) channel.close();
  await Promise.all(merged.splice(0).map((counters) => counters.close()));
});

interface Setup {
  /** The policy's `behaviour`. */
  readonly behaviour?: string;
  /** More of an agent's row. */
  readonly agent?: string;
  /** Whether the supervisor answers. */
  readonly isSilent?: () => boolean;
}

const policyOf = ({ behaviour = '{}', agent = '' }: Setup) =>
  smallPolicy(`version: 1\nagents: {clerk: {identify: {apiKeyHash: "${'e'.repeat(64)}"}${agent}}}\nbehaviour: ${behaviour}\n`).behaviour;

/** Two workers and their supervisor in one process; everything between them is copied as between processes. */
function twoWorkers(setup: Setup = {}) {
  const { isSilent = () => false } = setup;
  const policy = policyOf(setup);
  const stopped: Stop[] = [];
  const onStop = (order: Stop) => void stopped.push(order);
  const errors: unknown[] = [];
  const host = createStateHost({
    state: createCallerState({ policy, key: KEY, counters: undefined, onStop }),
    hub: createCounterHub(),
    onError: (error) => errors.push(error),
    now: () => NOW,
  });
  const workers = ['0.0', '1.0'].map((name): RemoteState => {
    const channel = createStateChannel({
      send(asks) {
        if (isSilent()) return;
        const packed = structuredClone(packAsks(asks));
        const answers = structuredClone(packAnswers(host.answer(name, unpackAsks(packed))));
        setImmediate(() => channel.take(unpackAnswers(answers)));
      },
      onState: () => {},
      onOverflow: () => {},
      // Without an answer after a moment; where answers come nobody gives up, however busy the machine is.
      askMs: setup.isSilent === undefined ? 60_000 : 1,
    });
    channels.push(channel);
    const counters = createMergedCounters({
      local: createLocalCounters(100),
      exchangeMs: 1,
      isReady: () => true,
      exchange: async (rows) => (rows.length === 0 ? [] : channel.ask('count', rows, [])),
    });
    merged.push(counters);
    return createRemoteState({ channel, policy, key: KEY, counters, wordKey: WORD_KEY, workers: 2, onStop });
  });
  return { workers: workers as [RemoteState, RemoteState], stopped, errors };
}

describe('what two workers have in common', () => {
  test('conversations: what one of them kept the other finds, and nobody else’s', async () => {
    const { workers } = twoWorkers();
    const [one, two] = workers;
    const state = {
      ...EMPTY_CONVERSATION,
      key: WORD_KEY,
      holds: new Set(['untrusted-content' as const]),
      said: { words: new Set([1, 2, 3]), identifying: new Set([2]), overflowed: false },
      called: new Map([['c9', 'look_up']]),
      turnCalls: 3,
    };
    one.conversations.keep(OWNER, ['session'], state, NOW);
    expect(await two.conversations.find(OWNER, ['session'], NOW)).toEqual(state);
    expect(await two.conversations.find({ ...OWNER, name: 'other' }, ['session'], NOW)).toBeUndefined();
    expect(two.conversations.find(OWNER, [], NOW)).toBeUndefined(); // without a session nobody is asked
  });

  test('tokens: a value that one of them replaced comes back at the other', async () => {
    const { workers } = twoWorkers();
    await workers[0].vault.put('scope', new Map([['PII_CARD_X', '4111']]), NOW);
    expect(await workers[1].vault.get('scope', NOW)).toEqual(new Map([['PII_CARD_X', '4111']]));
    expect(await workers[1].vault.get('other', NOW)).toEqual(new Map());
  });

  test('budgets: of many requests at both exactly as many pass as the policy grants', async () => {
    const { workers } = twoWorkers({ agent: ', budgets: {requestsPerDay: 5}' });
    const asked = Array.from({ length: 20 }, async (_, at) =>
      workers[at % 2]!.book.admit({ agent: 'clerk', subject: { agent: 'clerk' }, nowMs: NOW }),
    );
    const found = await Promise.all(asked);
    expect(found.filter((findings) => findings.length === 0)).toHaveLength(5);
    expect(found.at(-1)).toMatchObject([{ id: 'behaviour.budget', action: 'deny', expected: 5 }]);
  });

  test('budgets: with ample room a worker waits for one answer, and what it lets through by itself counts for both', async () => {
    const limit = 20_000;
    const { workers } = twoWorkers({ agent: `, budgets: {requestsPerDay: ${limit}}` });
    const admit = (worker: CallerState) => worker.book.admit({ agent: 'clerk', subject: { agent: 'clerk' }, nowMs: NOW });
    expect(await admit(workers[0])).toEqual([]);
    let sent = 1;
    while (!(admit(workers[0]) instanceof Promise)) sent++;
    expect(sent).toBeGreaterThan(100);
    let passed = sent + 1; // the one that waits
    for (let burst = 0; burst < 100; burst++) {
      const found = await Promise.all(Array.from({ length: limit / 100 }, async () => admit(workers[1])));
      passed += found.filter((findings) => findings.length === 0).length;
    }
    expect(passed).toBe(limit);
  });

  test('budgets: where little is left of the tokens of a day a worker asks again', async () => {
    const { workers } = twoWorkers({ agent: ', budgets: {tokensPerDay: 2M}' });
    const admit = () => workers[0].book.admit({ agent: 'clerk', subject: { agent: 'clerk' }, nowMs: NOW });
    await admit();
    expect(admit()).toEqual([]);
    const event = { unixMs: NOW, agent: 'clerk', admitted: true, tools: [], ids: [], sensitive: [], denied: false };
    await workers[1].book.observe({ ...event, model: 'm', tokensIn: 1_500_000, tokensOut: 0 });
    await waitFor(() => admit() instanceof Promise || undefined);
    await workers[1].book.observe({ ...event, model: 'm', tokensIn: 1_500_000, tokensOut: 0 });
    expect(await admit()).toMatchObject([{ id: 'behaviour.budget', measure: 'tokens' }]);
  });

  test('budgets: a policy that is loaded anew is asked about before anybody is let through by it', async () => {
    const { workers } = twoWorkers({ agent: ', budgets: {requestsPerDay: 20000}' });
    const { book } = workers[0];
    const admit = () => book.admit({ agent: 'clerk', subject: { agent: 'clerk' }, nowMs: NOW });
    await admit();
    expect(admit()).toEqual([]);
    book.configure(policyOf({ agent: ', budgets: {requestsPerDay: 5}' }));
    expect(admit()).toBeInstanceOf(Promise);
  });

  test('budgets: what a worker has let through by itself is told when it ends', async () => {
    const limit = 16_500;
    const { workers } = twoWorkers({ agent: `, budgets: {requestsPerDay: ${limit}}` });
    const admit = (worker: RemoteState) => worker.book.admit({ agent: 'clerk', subject: { agent: 'clerk' }, nowMs: NOW });
    await admit(workers[0]);
    for (let at = 0; at < 100; at++) expect(admit(workers[0])).toEqual([]);
    workers[0].book.close();
    expect(admit(workers[0])).toBeInstanceOf(Promise);
    let passed = 1;
    while ((await admit(workers[1])).length === 0) passed++;
    expect(passed).toBe(limit - 101);
  });

  test('budgets of tools: calls at one of them count at the other', async () => {
    const { workers } = twoWorkers({ behaviour: '{budgets: {tool: {requestsPerDay: 3}}}' });
    const call = (worker: CallerState) => worker.book.admitCall({ agent: 'clerk', subject: { tool: 'send' }, nowMs: NOW });
    expect([1, 2, 3].map(() => call(workers[0]).length)).toEqual([0, 0, 0]);
    expect(call(workers[0])).toHaveLength(1);
    await waitFor(() => call(workers[1]).length === 1 || undefined);
  });

  test('behaviour: addresses that use one credential add up over both, and what denies it denies it at both', async () => {
    const { workers } = twoWorkers({ behaviour: '{coldStartDays: 1, findings: {shared-credential: {action: deny, floor: 1}}}' });
    const event = { unixMs: NOW, agent: 'clerk', credential: 'c0ffee', tools: [], ids: [], sensitive: [], denied: false };
    for (let at = 0; at < 20; at++) await workers[at % 2]!.book.observe({ ...event, address: `address-${at}` });
    const admitted = await Promise.all(
      workers.map(async (worker) => worker.book.admit({ agent: 'clerk', subject: { credential: 'c0ffee' }, nowMs: NOW })),
    );
    expect(admitted.map(([found]) => found?.id)).toEqual(['behaviour.shared-credential', 'behaviour.shared-credential']);
  });

  test('a finding whose policy says stop gives the order where it is found', async () => {
    const { workers, stopped } = twoWorkers({ behaviour: '{coldStartDays: 1, findings: {shared-credential: {action: stop, floor: 1}}}' });
    const event = { unixMs: NOW, agent: 'clerk', credential: 'c0ffee', tools: [], ids: [], sensitive: [], denied: false };
    for (let at = 0; at < 20; at++) await workers[at % 2]!.book.observe({ ...event, address: `address-${at}` });
    expect(stopped[0]).toMatchObject({ scope: 'agent', name: 'clerk', by: 'policy' });
  });

  test('where nothing can refuse an exchange nobody waits', () => {
    const { workers } = twoWorkers({ agent: ', budgets: {toolCallsPerTurn: 5}' });
    expect(workers[0].book.admit({ agent: 'clerk', subject: { agent: 'clerk' }, nowMs: NOW })).toEqual([]);
  });

  const agentCounted = { agent: ', budgets: {requestsPerDay: 5}' };
  const personCounted = { behaviour: '{budgets: {person: {tokensPerDay: 5}}}' };
  const anyAgentCounted = { behaviour: '{budgets: {agent: {costPerDay: 5}}}' };
  const endpointCounted = { behaviour: '{budgets: {endpoint: {requestsPerDay: 5}}}' };
  const denied = { behaviour: '{findings: {shared-credential: {action: deny}}}' };
  const off = { agent: ', budgets: {requestsPerDay: 5}', behaviour: '{findings: {budget: {action: off}}}' };
  test.each([
    ['an agent with a budget', agentCounted, { agent: 'clerk' }, true],
    ['an agent without one', agentCounted, { agent: 'other' }, false],
    ['nobody by name, where agents have budgets', agentCounted, { endpoint: 'host/' }, false],
    ['any agent, where all have one', anyAgentCounted, { agent: 'other' }, true],
    ['a person, where persons have one', personCounted, { agent: 'other', person: 'p' }, true],
    ['nobody known, where persons have one', personCounted, { agent: 'other' }, false],
    ['an endpoint, where endpoints have one', endpointCounted, { agent: 'other', endpoint: 'host/' }, true],
    ['anybody, where a finding denies', denied, { agent: 'other' }, true],
    ['an agent whose budget is off, and counts for when it is not,', off, { agent: 'clerk' }, true],
  ])('%s waits for an answer only where one may refuse it', (_, setup, subject, waits) => {
    const { workers } = twoWorkers(setup);
    const admitted = workers[0].book.admit({ agent: 'clerk', subject, nowMs: NOW });
    expect(admitted instanceof Promise).toBe(waits);
  });

  test('who was denied under an earlier policy is asked about under a later one', () => {
    const { workers } = twoWorkers(denied);
    const { book } = workers[0];
    book.configure(policyOf({}));
    expect(book.admit({ agent: 'other', subject: { agent: 'other' }, nowMs: NOW })).toBeInstanceOf(Promise);
  });

  test('a policy that is loaded anew refuses by its budgets', async () => {
    const { workers } = twoWorkers();
    const { book } = workers[0];
    book.configure(policyOf({ agent: ', budgets: {requestsPerDay: 5}' }));
    expect(book.admit({ agent: 'clerk', subject: { agent: 'clerk' }, nowMs: NOW })).toBeInstanceOf(Promise);
  });

  test('without an answer a worker counts by itself: its budgets hold as if it were the only one', async () => {
    let isSilent = false;
    const { workers } = twoWorkers({ agent: ', budgets: {requestsPerDay: 5}', isSilent: () => isSilent });
    const admit = () => workers[0].book.admit({ agent: 'clerk', subject: { agent: 'clerk' }, nowMs: NOW });
    expect(await admit()).toEqual([]);
    isSilent = true;
    const found = [];
    for (let at = 0; at < 6; at++) found.push(await admit());
    expect(found.map((findings) => findings.length)).toEqual([0, 0, 0, 0, 1, 1]);
  });

  test('without an answer what a worker let through by itself counts too', async () => {
    let isSilent = false;
    const { workers } = twoWorkers({ agent: ', budgets: {requestsPerDay: 20000}', isSilent: () => isSilent });
    const admit = () => workers[0].book.admit({ agent: 'clerk', subject: { agent: 'clerk' }, nowMs: NOW });
    expect(await admit()).toEqual([]);
    isSilent = true;
    let passed = 1;
    for (let at = 0; at < 25_000; at++) passed += (await admit()).length === 0 ? 1 : 0;
    expect(passed).toBe(20_000);
  });

  test('a question that fails costs its own answer, and is told', () => {
    const errors: string[] = [];
    const state = createCallerState({ policy: policyOf({}), key: KEY, counters: undefined, onStop: () => {} });
    const host = createStateHost({ state, hub: createCounterHub(), onError: (_, call) => errors.push(call), now: () => NOW });
    const broken = {
      id: 1,
      call: 'keepConversation',
      body: { owner: OWNER, sessions: ['s'], nowMs: NOW, state: undefined as never },
    } as const;
    expect(host.answer('0.0', [broken, { id: 2, call: 'recallTokens', body: { scope: 's', nowMs: NOW } }])).toEqual([
      { id: 2, value: new Map() },
    ]);
    expect(errors).toEqual(['keepConversation']);
  });
});
