import { serialize } from 'node:v8';
import { describe, expect, test } from 'vitest';
import { type Behaviour, type BehaviourOptions, createBehaviour } from '../../../src/agents/behaviour/behaviour.ts';
import type { BehaviourEvent } from '../../../src/agents/behaviour/event.ts';
import { explainFinding } from '../../../src/agents/behaviour/explain.ts';
import { BEHAVIOUR_NAMES, type BehaviourFinding } from '../../../src/agents/behaviour/finding.ts';
import { createIdObserver } from '../../../src/agents/behaviour/fingerprint.ts';
import type { Restored } from '../../../src/agents/behaviour/kept.ts';
import { builtInPrices } from '../../../src/agents/behaviour/prices.ts';
import { DAY_MS, defaultBehaviourPolicy, HOUR_MS, MINUTE_MS } from '../../../src/agents/behaviour/settings.ts';
import { eventOf, MONDAY_MS } from './events.ts';

const KEY = Buffer.from('a key of the tests');

function behaviourOf(options: Partial<BehaviourOptions> = {}): Behaviour {
  return createBehaviour({ policy: defaultBehaviourPolicy(), prices: builtInPrices(), key: KEY, ...options });
}

/** Two working weeks from Monday on: an exchange every six minutes of office hours. */
const TWO_WEEKS_MS = MONDAY_MS + 14 * DAY_MS;
function twoWeeks(change: (at: number) => Partial<BehaviourEvent> = () => ({})): readonly BehaviourEvent[] {
  return Array.from({ length: 14 * 80 }, (_, at) =>
    eventOf({ unixMs: MONDAY_MS + Math.floor(at / 80) * DAY_MS + (at % 80) * 6 * MINUTE_MS, ...change(at) }),
  );
}

/** Its snapshot, as it comes back from a file. */
function piecesOf(behaviour: Behaviour): readonly unknown[] {
  return structuredClone([...behaviour.snapshot()]);
}

/** What another one makes of its snapshot: this behaviour, after a restart. */
function restarted(behaviour: Behaviour, options: Partial<BehaviourOptions> = {}): Behaviour {
  const next = behaviourOf(options);
  expect(next.restore(piecesOf(behaviour))).toBe('restored');
  return next;
}

function worked(behaviour: Behaviour, change?: (at: number) => Partial<BehaviourEvent>): Behaviour {
  observeAll(behaviour, twoWeeks(change));
  return behaviour;
}

function observeAll(behaviour: Behaviour, events: readonly BehaviourEvent[]): readonly BehaviourFinding[] {
  return events.flatMap((event) => behaviour.observe(event));
}

const times = (count: number, of: (at: number) => Partial<BehaviourEvent>) =>
  Array.from({ length: count }, (_, at) => eventOf({ unixMs: TWO_WEEKS_MS + at * 1_000, ...of(at) }));

const call = (name: string, argumentsHash: string) => ({ name, argumentsHash, ids: [] });

/** After two quiet weeks: the finding each strange thing gives, and how it is told. */
const STRANGE = [
  ['rate', times(130, () => ({})), 'agent billing-bot: 121 requests in one hour, where at most 120 were expected (the default)'],
  [
    'tokens',
    times(60, () => ({ tokensIn: 5_000 })),
    'agent billing-bot: 202,000 tokens in one hour, where at most 200,000 were expected (the default)',
  ],
  [
    'loop',
    times(20, () => ({ tools: [call('get_order', 'same')], session: 'session-2' })),
    'session session-2: 13 identical tool calls at tool get_order in 10 minutes, where at most 12 were expected (the default)',
  ],
  [
    'turn-calls',
    times(1, () => ({ tools: Array.from({ length: 30 }, (_, at) => call('get_order', `a${at}`)) })),
    'session session-1: 30 tool calls in one turn or run, where at most 24 were expected (the default)',
  ],
  [
    'errors',
    times(30, () => ({ status: 403 })),
    'agent billing-bot: 21 refused requests in a run in one turn or run, where at most 20 were expected (the default)',
  ],
  [
    'denials',
    times(10, () => ({ denied: true, status: 403 })),
    'agent billing-bot: 6 denied requests in a run in one turn or run, where at most 5 were expected (the default)',
  ],
  [
    'enumeration',
    times(30, (at) => ({ ids: [{ hash: `id-${at}`, order: 500 + at }] })),
    'agent billing-bot: 21 ids in sequence at endpoint api.example/orders/{id} in one turn or run, where at most 20 were expected (the default)',
  ],
  [
    'volume',
    times(5, () => ({ sensitive: [{ kind: 'pii.email', count: 10 }] })),
    'agent billing-bot: 40 sensitive values returned in one hour, where at most 30 were expected (the default)',
  ],
  ['new-endpoint', times(1, () => ({ endpoint: 'other.example/a' })), 'agent billing-bot used endpoint other.example/a for the first time'],
  ['new-tool', times(1, () => ({ tools: [call('delete_all', 'x')] })), 'agent billing-bot used tool delete_all for the first time'],
  ['new-model', times(1, () => ({ model: 'o3' })), 'agent billing-bot used model o3 for the first time'],
  [
    'unusual-time',
    times(30, (at) => ({ unixMs: TWO_WEEKS_MS + 15 * HOUR_MS + at * 1_000 })),
    'agent billing-bot: 21 requests in one hour, where none were expected (learned from its past)',
  ],
  [
    'fan-out',
    times(30, (at) => ({ endpoint: `host-${at}.example/` })),
    'agent billing-bot: 16 different endpoints and tools in one hour, where at most 15 were expected (the default)',
  ],
  [
    'shared-credential',
    times(10, (at) => ({ address: `address-${at}` })),
    'credential credential-1: 6 addresses with one credential in one hour, where at most 5 were expected (the default)',
  ],
] as const;

describe('behaviour that was never seen before', () => {
  test('every behaviour but budgets and drips has a row', () => {
    const rows = STRANGE.map(([name]) => name);
    expect(BEHAVIOUR_NAMES.filter((name) => !rows.some((row) => row === name))).toEqual(['budget', 'slow-drip']);
    expect(STRANGE).toHaveLength(14);
  });

  test.each(STRANGE)('%s is found once, and told in plain words', (name, events, words) => {
    const findings = observeAll(worked(behaviourOf()), events).filter(({ id }) => id === `behaviour.${name}`);
    const distinct = name === 'new-endpoint' || name === 'fan-out' ? findings.slice(0, 1) : findings;
    expect(distinct.map((finding) => explainFinding(finding, (shown) => shown))).toEqual([words]);
  });

  test.each([
    ['over MCP are of one turn until a pause', { endsByPause: true }, 30, ['behaviour.turn-calls']],
    ['over MCP are of other turns after pauses', { endsByPause: true }, 121, []],
    ['of models are turns of their own', {}, 30, []],
  ] as const)('calls one by one %s', (_, over, seconds, ids) => {
    const one = (at: number) => ({ ...over, unixMs: TWO_WEEKS_MS + at * seconds * 1_000, tools: [call('get_order', `a${at}`)] });
    const found = observeAll(
      worked(behaviourOf(), (at) => ({ tools: at === 0 ? [call('get_order', 'first')] : [] })),
      times(30, one),
    );
    expect(found.map(({ id }) => id)).toEqual(ids);
  });

  test('two quiet weeks give no finding', () => {
    expect(observeAll(behaviourOf(), twoWeeks())).toEqual([]);
  });

  test('a little more each day is a slow drip after some days', () => {
    const behaviour = worked(behaviourOf(), (at) => ({ sensitive: at % 20 === 0 ? [{ kind: 'pii.email', count: 1 }] : [] }));
    const days = Array.from({ length: 10 }, (_, day) =>
      Array.from({ length: 25 }, (_, at) =>
        eventOf({ unixMs: TWO_WEEKS_MS + day * DAY_MS + at * 20 * MINUTE_MS, sensitive: [{ kind: 'pii.email', count: 1 }] }),
      ),
    );
    const byDay = days.map((events) => observeAll(behaviour, events).map(({ id }) => id));
    expect(byDay.flat()).toContain('behaviour.slow-drip');
    expect(byDay.findIndex((ids) => ids.includes('behaviour.slow-drip'))).toBeLessThanOrEqual(4);
    expect(byDay.flat()).not.toContain('behaviour.volume');
  });
});

describe('learning', () => {
  test('an agent that nobody knows yet is judged by ten times the floors', () => {
    const behaviour = behaviourOf();
    const some = (count: number) => times(1, () => ({ sensitive: [{ kind: 'pii.email', count }] }));
    expect(observeAll(behaviour, some(300)).map(({ id }) => id)).toEqual([]);
    expect(observeAll(behaviour, some(1)).map(({ id, basis }) => [id, basis])).toEqual([['behaviour.volume', 'default']]);
  });

  test('stops while a finding stands: the flood of one week is still a flood in the next', () => {
    const behaviour = worked(behaviourOf());
    const flood = (week: number) => times(500, (at) => ({ unixMs: TWO_WEEKS_MS + week * 7 * DAY_MS + at * 5_000 }));
    const found = [0, 1, 2].map((week) => observeAll(behaviour, flood(week)).some(({ id }) => id === 'behaviour.rate'));
    expect(found).toEqual([true, true, true]);
  });

  test('what somebody accepted is learned', () => {
    const behaviour = worked(behaviourOf());
    const flood = (day: number) => times(500, (at) => ({ unixMs: TWO_WEEKS_MS + day * DAY_MS + at * 5_000 }));
    expect(observeAll(behaviour, flood(0)).map(({ id }) => id)).toContain('behaviour.rate');
    behaviour.accept('billing-bot');
    const later = [1, 2, 3, 4, 7, 8, 9, 10].flatMap((day) => observeAll(behaviour, flood(day)));
    expect(later.filter(({ id }) => id === 'behaviour.rate')).toEqual([]);
  });

  test('a finding that stands is told again when it doubles, else after a day', () => {
    const behaviour = worked(behaviourOf());
    const seen = observeAll(
      behaviour,
      times(600, () => ({})),
    ).filter(({ id }) => id === 'behaviour.rate');
    expect(seen.map((finding) => finding.seen)).toEqual([
      121,
      expect.toSatisfy((many: number) => many > 220 && many < 260),
      expect.any(Number),
    ]);
  });

  test('goes on from a snapshot, and not from one of another installation', () => {
    const pieces = piecesOf(worked(behaviourOf()));
    const [same, other] = [behaviourOf(), behaviourOf({ key: Buffer.from('another') })];
    expect([same.restore(pieces), other.restore(pieces)]).toEqual(['restored', 'other-key']);
    const [event] = times(1, () => ({ model: 'o3' }));
    expect(same.observe(event!).map(({ id }) => id)).toEqual(['behaviour.new-model']);
    expect(other.observe(event!)).toEqual([]);
  });

  const table = (name: string, piece: object) => ({ kind: 'table', table: name, piece });
  test.each<readonly [string, Restored, (pieces: readonly unknown[]) => readonly unknown[]]>([
    ['nothing', 'damaged', () => []],
    ['a text', 'damaged', () => ['head']],
    ['no head', 'damaged', ([, ...rest]) => rest],
    ['a head of another version', 'other-version', ([head, ...rest]) => [{ ...(head as object), version: 1 }, ...rest]],
    ['a head of other tables', 'other-version', ([head, ...rest]) => [{ ...(head as object), layout: 'agents: season u8 1' }, ...rest]],
    ['a piece of another kind', 'damaged', (pieces) => [...pieces, { kind: 'other' }]],
    ['a table that there is none of', 'damaged', (pieces) => [...pieces, table('toString', {})]],
    ['a piece that is none of its table', 'damaged', (pieces) => [...pieces, table('agents', { kind: 'cells' })]],
    ['subjects that are denied, with a name', 'damaged', (pieces) => [...pieces, { kind: 'denied', piece: [{ subject: 'a', held: [] }] }]],
  ])('knows nothing after a snapshot with %s', (_, restored, change) => {
    const behaviour = behaviourOf();
    expect(behaviour.restore(change(piecesOf(worked(behaviourOf()))))).toBe(restored);
    expect(Object.values(behaviour.stats().tables).map(({ held }) => held)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  test('knows nothing after a snapshot that cannot be read to its end', () => {
    const behaviour = behaviourOf();
    const pieces = function* () {
      yield* piecesOf(worked(behaviourOf()));
      throw new Error('the disk is gone');
    };
    expect(() => behaviour.restore(pieces())).toThrow('the disk is gone');
    expect(behaviour.stats().tables.agents.held).toBe(0);
  });

  test('a rule that is off finds nothing and does not stop learning', () => {
    const policy = defaultBehaviourPolicy();
    const rules = { ...policy.rules, 'new-model': { ...policy.rules['new-model'], action: 'off' } } as const;
    const behaviour = worked(behaviourOf({ policy: { ...policy, rules } }));
    expect(
      observeAll(
        behaviour,
        times(1, () => ({ model: 'o3' })),
      ),
    ).toEqual([]);
  });
});

describe('budgets', () => {
  const policyWith = (budgets: object) => ({ ...defaultBehaviourPolicy(), agents: new Map([['billing-bot', budgets]]) });
  const ask = { agent: 'billing-bot', session: 'session-1' };

  test.each([
    ['requestsPerMinute', { requestsPerMinute: 3 }, {}, 'requests', MINUTE_MS],
    ['requestsPerDay', { requestsPerDay: 3 }, {}, 'requests', DAY_MS],
    ['tokensPerMinute', { tokensPerMinute: 450 }, {}, 'tokens', MINUTE_MS],
    ['tokensPerDay', { tokensPerDay: 450 }, {}, 'tokens', DAY_MS],
    ['costPerDay', { costPerDay: 0.0375 }, { tokensIn: 10_000, tokensOut: 5_000 }, 'microUsd', DAY_MS],
  ] as const)('%s is full after three exchanges, and over with the fourth', (_, budgets, change, measure, windowMs) => {
    const behaviour = behaviourOf({ policy: policyWith(budgets) });
    const spend = () => behaviour.observe(eventOf(change)).map(({ id, measure: what, windowMs: window }) => [id, what, window]);
    const states = [1, 2, 3].map(() => {
      const { kind } = behaviour.check(ask, MONDAY_MS);
      return [kind, spend()];
    });
    expect(states).toEqual([
      ['within', []],
      ['within', []],
      ['within', []],
    ]);
    const state = behaviour.check(ask, MONDAY_MS);
    expect(state).toMatchObject({
      kind: 'over',
      action: 'deny',
      findings: [{ id: 'behaviour.budget', measure, windowMs, basis: 'policy' }],
    });
    expect(spend()).toEqual([['behaviour.budget', measure, windowMs]]);
    expect(spend()).toEqual([]);
    expect(behaviour.check(ask, MONDAY_MS + 2 * windowMs).kind).toBe('within');
    expect(behaviour.check({ agent: 'other' }, MONDAY_MS + 2 * windowMs).kind).toBe('within');
  });

  test('toolCallsPerTurn is over with the exchange that makes one call too many', () => {
    const behaviour = behaviourOf({ policy: policyWith({ toolCallsPerTurn: 3 }) });
    const seen = (turnCalls: number) =>
      behaviour.observe(eventOf({ turnCalls, tools: [call('a', 'x'), call('b', 'y')] })).map(({ id, seen: calls }) => [id, calls]);
    expect([2, 4, 6].map(seen)).toEqual([[], [['behaviour.budget', 4]], []]);
  });

  test('what comes at once does not all fit into what is left for one', () => {
    const behaviour = behaviourOf({ policy: policyWith({ requestsPerMinute: 2 }) });
    const admissions = Array.from({ length: 1_000 }, () => behaviour.admit(ask, MONDAY_MS));
    expect(admissions.map(({ state }) => state.kind).filter((kind) => kind === 'within')).toHaveLength(2);
    const begun = admissions.flatMap(({ begins }) => begins);
    expect(begun.map(({ id, expected }) => [id, expected])).toEqual([['behaviour.budget', 2]]);
    expect(explainFinding(begun[0]!, (name) => name)).toBe('agent billing-bot: 2 requests in one minute, where the policy allows 2');
  });

  test('what was counted when it was admitted does not count again when it ends', () => {
    const behaviour = behaviourOf({ policy: policyWith({ requestsPerMinute: 2 }) });
    behaviour.admit(ask, MONDAY_MS);
    behaviour.observe(eventOf({ admitted: true }));
    expect(behaviour.check(ask, MONDAY_MS).kind).toBe('within');
  });

  test('a budget that is only observed goes on counting', () => {
    const { rules, ...policy } = policyWith({ requestsPerDay: 1 });
    const behaviour = behaviourOf({ policy: { ...policy, rules: { ...rules, budget: { ...rules.budget, action: 'observe' } } } });
    const states = Array.from({ length: 3 }, () => behaviour.admit(ask, MONDAY_MS).state);
    expect(states.map((state) => (state.kind === 'over' ? state.findings[0]!.seen : 0))).toEqual([0, 1, 2]);
  });

  test('persons, endpoints and tools have budgets of their own', () => {
    const one = { requestsPerDay: 1 };
    const behaviour = behaviourOf({ policy: { ...defaultBehaviourPolicy(), budgets: { person: one, endpoint: one, tool: one } } });
    behaviour.observe(eventOf({ person: 'p', endpoint: 'e', tools: [call('t', 'x')] }));
    const full = [{ person: 'p' }, { endpoint: 'e' }, { tool: 't' }].map((subject) => behaviour.check(subject, MONDAY_MS));
    expect(full.map((state) => state.kind === 'over' && state.findings.map(({ subject }) => subject))).toEqual([
      [{ kind: 'person', name: 'p' }],
      [{ kind: 'endpoint', name: 'e' }],
      [{ kind: 'tool', name: 't' }],
    ]);
  });

  test.each([
    ['requests', { requestsPerDay: 16_385 }, [true, false]],
    ['tokens', { tokensPerDay: 1_000_000 }, [true, true]],
    ['tokens that are too few', { tokensPerDay: 999_999 }, [false, false]],
    ['money', { costPerDay: 10 }, [true, true]],
    ['too little money', { costPerDay: 9.99 }, [false, false]],
    ['one of two that is too small', { requestsPerDay: 100_000, tokensPerDay: 999_999 }, [false, false]],
  ])('room is ample while much is left: %s', (_, budgets, ample) => {
    const behaviour = behaviourOf({ policy: policyWith(budgets) });
    expect([behaviour.admit(ask, MONDAY_MS).isAmple, behaviour.admitted(ask, 2, MONDAY_MS)]).toEqual(ample);
  });

  test('what was let through elsewhere counts as often as it was', () => {
    const behaviour = behaviourOf({ policy: policyWith({ requestsPerDay: 20 }) });
    behaviour.admitted(ask, 20, MONDAY_MS);
    expect(behaviour.check(ask, MONDAY_MS).kind).toBe('over');
  });

  test('while anybody is denied, nobody has ample room', () => {
    const policy = policyWith({ requestsPerDay: 100_000 });
    const rules = { ...policy.rules, loop: { ...policy.rules.loop, action: 'deny' } } as const;
    const behaviour = worked(behaviourOf({ policy: { ...policy, rules } }));
    const other = { agent: ask.agent };
    const before = behaviour.admit(other, MONDAY_MS).isAmple;
    const events = times(13, () => ({ session: 'session-1', tools: [call('get_order', 'same')] }));
    observeAll(behaviour, events);
    const { state, isAmple } = behaviour.admit(other, events.at(-1)!.unixMs);
    expect([before, state.kind, isAmple]).toEqual([true, 'within', false]);
  });

  test('a model without a price is counted and costs nothing', () => {
    const behaviour = behaviourOf({ policy: policyWith({ costPerDay: 0.000001 }) });
    expect(behaviour.observe(eventOf({ model: 'nobody-knows' }))).toEqual([]);
    expect(behaviour.stats().unpriced).toBe(1);
  });

  test('who has a name of any length is denied and counted under it', () => {
    const policy = policyWith({ tokensPerDay: 10 });
    const rules = { ...policy.rules, loop: { ...policy.rules.loop, action: 'deny' } } as const;
    const behaviour = worked(behaviourOf({ policy: { ...policy, rules, budgets: { person: { tokensPerDay: 10 } } } }));
    const [session, person] = ['s'.repeat(300), 'p'.repeat(300)];
    const events = times(13, () => ({ session, tools: [call('get_order', 'same')] }));
    observeAll(behaviour, events);
    const last = events.at(-1)!.unixMs;
    expect(behaviour.check({ ...ask, session }, last).kind).toBe('over');
    behaviour.observe(eventOf({ unixMs: last, person, tokensIn: 20 }));
    expect(behaviour.check({ agent: 'another', person }, last).kind).toBe('over');
    expect(behaviour.check({ agent: 'another', person: 'p'.repeat(200) }, last).kind).toBe('within');
  });

  test('a finding with action deny denies its subject for its window', () => {
    const policy = defaultBehaviourPolicy();
    const rules = { ...policy.rules, loop: { ...policy.rules.loop, action: 'deny' } } as const;
    const behaviour = worked(behaviourOf({ policy: { ...policy, rules } }));
    const events = times(13, () => ({ tools: [call('get_order', 'same')] }));
    observeAll(behaviour, events);
    const last = events.at(-1)!.unixMs;
    expect(behaviour.check(ask, last)).toMatchObject({ kind: 'over', action: 'deny', retryAfterMs: 10 * MINUTE_MS });
    expect(behaviour.check({ ...ask, session: 'session-2' }, last).kind).toBe('within');
    expect(behaviour.check(ask, last + 10 * MINUTE_MS).kind).toBe('within');
  });
});

describe('after a restart', () => {
  const budgets = { requestsPerDay: 2 };
  const policy = { ...defaultBehaviourPolicy(), agents: new Map([['billing-bot', budgets]]) };
  const ask = { agent: 'billing-bot', session: 'session-1' };
  const loopDenies = { ...policy, rules: { ...policy.rules, loop: { ...policy.rules.loop, action: 'deny' } } } as const;
  const loop = times(13, () => ({ tools: [call('get_order', 'same')] }));

  test('a budget of the day is as full as before, and not told again', () => {
    const before = behaviourOf({ policy });
    const told = [1, 2, 3].map(() => before.admit(ask, MONDAY_MS).begins.length);
    const after = restarted(before, { policy });
    const { state, begins } = after.admit(ask, MONDAY_MS + HOUR_MS);
    expect([told, state.kind, begins]).toEqual([[0, 0, 1], 'over', []]);
    expect(after.admit(ask, MONDAY_MS + DAY_MS).state.kind).toBe('within');
  });

  test('who was denied is denied for the rest of the time, and the finding says as much as can be said without names', () => {
    const before = worked(behaviourOf({ policy: loopDenies }));
    observeAll(before, loop);
    const last = loop.at(-1)!.unixMs;
    const after = restarted(before, { policy: loopDenies });
    const { object, ...finding } = heldOf(before);
    expect(object).toEqual({ kind: 'tool', name: 'get_order' });
    expect(heldOf(after)).toEqual(finding);
    expect(explainFinding(heldOf(after), (name) => name)).toBe(
      'session session-1: 13 identical tool calls in 10 minutes, where at most 12 were expected (the default)',
    );
    expect(heldOf(restarted(after, { policy: loopDenies }))).toEqual(finding);
    expect(after.check({ session: 'session-2' }, last).kind).toBe('within');
    expect(after.check({ session: 'session-1' }, last + 10 * MINUTE_MS).kind).toBe('within');
  });

  function heldOf(behaviour: Behaviour): BehaviourFinding {
    const state = behaviour.check({ session: 'session-1' }, loop.at(-1)!.unixMs);
    expect(state).toMatchObject({ kind: 'over', action: 'deny', retryAfterMs: 10 * MINUTE_MS, findings: [{ id: 'behaviour.loop' }] });
    return state.kind === 'over' ? state.findings[0]! : expect.unreachable();
  }

  test('time goes on where it was: what has no believable time is of the latest one', () => {
    const once = { ...policy, budgets: { agent: { requestsPerMinute: 1 } } };
    const after = restarted(worked(behaviourOf({ policy: once })), { policy: once });
    after.admit({ agent: 'other' }, Number.NaN);
    expect(after.check({ agent: 'other' }, twoWeeks().at(-1)!.unixMs).kind).toBe('over');
  });

  test('another policy goes on with what was learned under the one before', () => {
    const after = restarted(worked(behaviourOf()), { policy: loopDenies });
    expect(observeAll(after, loop).map(({ id, action }) => [id, action])).toContainEqual(['behaviour.loop', 'deny']);
    expect(
      observeAll(
        after,
        times(1, () => ({ model: 'o3' })),
      ).map(({ id }) => id),
    ).toEqual(['behaviour.new-model']);
  });

  test('no name has been written down', () => {
    const behaviour = worked(behaviourOf({ policy: loopDenies }), () => ({ person: 'person-1' }));
    observeAll(behaviour, loop);
    const bytes = Buffer.concat([...behaviour.snapshot()].map((piece) => serialize(piece)));
    const { agent, session, credential, address, endpoint, model } = eventOf();
    const names = [agent, session, credential, address, endpoint, model, 'person-1', 'get_order', 'same'].map(String);
    expect(names.filter((name) => bytes.includes(name) || bytes.includes(Buffer.from(name, 'utf16le')))).toEqual([]);
    expect(bytes.includes('behaviour.loop')).toBe(true);
  });
});

describe('bad input', () => {
  test.each<readonly [string, Partial<BehaviourEvent>]>([
    ['NaN for a time', { unixMs: Number.NaN }],
    ['a time before 1970', { unixMs: -1 }],
    ['a time in the year 30,000', { unixMs: 9e14 }],
    ['an infinite time', { unixMs: Number.POSITIVE_INFINITY }],
    ['negative tokens', { tokensIn: -5 }],
    ['NaN tokens', { tokensOut: Number.NaN }],
    ['infinite tokens', { tokensIn: Number.POSITIVE_INFINITY }],
    ['a negative count of values', { sensitive: [{ kind: 'x', count: -1 }] }],
  ])('%s is counted as malformed, and behaviour goes on', (_, change) => {
    const behaviour = worked(behaviourOf());
    behaviour.observe(eventOf({ unixMs: TWO_WEEKS_MS, ...change }));
    expect(behaviour.stats().malformed).toBe(1);
    expect(
      observeAll(
        behaviour,
        times(5, () => ({})),
      ),
    ).toEqual([]);
  });

  test('an id whose order is no number is an id all the same', () => {
    const ids = [{ hash: 'a', order: Number.NaN }];
    expect(behaviourOf().observe(eventOf({ ids }))).toEqual([]);
  });

  test('callers without a name are one agent', () => {
    const behaviour = behaviourOf();
    for (let at = 0; at < 3; at++) {
      const { agent: _, ...nameless } = eventOf();
      behaviour.observe(nameless);
    }
    expect(behaviour.stats().tables.agents.held).toBe(1);
  });

  test('a clock that jumps a century ahead and back changes nothing that was learned', () => {
    const behaviour = worked(behaviourOf());
    behaviour.observe(eventOf({ unixMs: TWO_WEEKS_MS + 100 * 365 * DAY_MS }));
    expect(
      observeAll(
        behaviour,
        times(20, () => ({})),
      ),
    ).toEqual([]);
    expect(
      observeAll(
        behaviour,
        times(130, (at) => ({ unixMs: TWO_WEEKS_MS + DAY_MS + at })),
      ).map(({ id }) => id),
    ).toContain('behaviour.rate');
  });

  test('a clock that goes back a month gives no finding', () => {
    const behaviour = worked(behaviourOf());
    expect(
      observeAll(
        behaviour,
        times(20, (at) => ({ unixMs: MONDAY_MS - 30 * DAY_MS + at })),
      ),
    ).toEqual([]);
  });

  test('a giant name is cut, in findings too', () => {
    const behaviour = worked(behaviourOf());
    const [finding] = behaviour.observe(eventOf({ unixMs: TWO_WEEKS_MS, model: 'm'.repeat(1_000_000) }));
    expect(finding?.object?.name).toHaveLength(256);
  });

  test('of too many tools and ids the bound is looked at and the rest counted', () => {
    const behaviour = behaviourOf();
    behaviour.observe(eventOf({ ids: Array.from({ length: 300 }, (_, at) => ({ hash: `${at}` })) }));
    behaviour.observe(eventOf({ tools: Array.from({ length: 258 }, (_, at) => call('t', `${at}`)) }));
    expect(behaviour.stats().overBound).toBe(44 + 2);
  });

  test('more agents than fit are forgotten oldest first, and counted', () => {
    const capacity = { agents: 10, pairs: 50, places: 20, sessions: 10, usualCalls: 10, credentials: 10, counters: 10 };
    const behaviour = behaviourOf({ capacity, policy: { ...defaultBehaviourPolicy(), budgets: { agent: { requestsPerDay: 5 } } } });
    for (let at = 0; at < 1_000; at++) {
      const name = `agent-${at}`;
      const tools = times(4, () => ({})).map(() => ({ name: 't', argumentsHash: 'x', ids: [{ hash: 'i' }] }));
      behaviour.observe(eventOf({ agent: name, session: name, credential: name, endpoint: name, tools }));
    }
    const { tables } = behaviour.stats();
    expect(Object.fromEntries(Object.entries(tables).map(([name, { held, forgotten }]) => [name, [held, forgotten]]))).toEqual({
      agents: [10, 990],
      pairs: [50, 2_950],
      places: [20, 980],
      sessions: [10, 990],
      usualCalls: [10, 990],
      credentials: [10, 990],
      counters: [10, 990],
    });
  });
});

describe('an observed id', () => {
  const observe = createIdObserver(KEY);

  test('keeps order and distance of numbers, and not the number', () => {
    const [seven, eight] = [observe('7'), observe('8')];
    expect((eight.order ?? 0) - (seven.order ?? 0)).toBe(1);
    expect(seven.order).toBeGreaterThan(1_000);
    expect(seven.hash).toMatch(/^[0-9a-f]{16}$/);
    expect(observe('7')).toEqual(seven);
  });

  test.each(['', 'abc', '-5', '1.5', '1234567890123456', '７'])('%j has no order', (id) => {
    expect(Object.keys(observe(id))).toEqual(['hash']);
  });
});
