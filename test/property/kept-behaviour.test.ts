import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Behaviour, createBehaviour } from '../../src/agents/behaviour/behaviour.ts';
import type { BehaviourFinding } from '../../src/agents/behaviour/finding.ts';
import { builtInPrices } from '../../src/agents/behaviour/prices.ts';
import { type BehaviourPolicy, DAY_MS, defaultBehaviourPolicy, HOUR_MS, MINUTE_MS } from '../../src/agents/behaviour/settings.ts';
import { LONG_RUN } from '../support/random.ts';

const START_MS = Date.UTC(2026, 0, 5, 9);
const RULES = defaultBehaviourPolicy().rules;

/** Everything is found early, and much of it denies. */
const POLICY: BehaviourPolicy = {
  ...defaultBehaviourPolicy(),
  coldStartDays: 1,
  standingHours: 3,
  budgets: { agent: { requestsPerDay: 20, tokensPerMinute: 500 }, tool: { requestsPerMinute: 3 }, person: { costPerDay: 0.001 } },
  rules: {
    ...RULES,
    loop: { ...RULES.loop, floor: 3, action: 'deny' },
    volume: { ...RULES.volume, floor: 3, action: 'deny' },
    enumeration: { ...RULES.enumeration, floor: 4 },
    'shared-credential': { ...RULES['shared-credential'], floor: 2, action: 'deny' },
    rate: { ...RULES.rate, floor: 5 },
    'fan-out': { ...RULES['fan-out'], floor: 3 },
  },
};
/** Few, so that much is forgotten. */
const CAPACITY = { agents: 4, pairs: 12, places: 6, sessions: 5, usualCalls: 4, credentials: 3, counters: 6 };

const behaviourOf = (): Behaviour =>
  createBehaviour({ policy: POLICY, prices: builtInPrices(), key: Buffer.from('a key of the tests'), capacity: CAPACITY });

const name = (kind: string, count: number) => fc.integer({ min: 1, max: count }).map((number) => `${kind}-${number}`);
const maybe = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { nil: undefined });
const subjectArb = {
  agent: name('agent', 6),
  person: maybe(name('person', 3)),
  session: maybe(name('session', 6)),
  credential: maybe(name('key', 4)),
};
const toolArb = fc.record({
  name: name('tool', 3),
  argumentsHash: name('call', 3),
  ids: fc.array(fc.record({ hash: name('id', 9), order: fc.integer({ min: 1, max: 20 }) }), { maxLength: 2 }),
});
const eventArb = fc.record({
  ...subjectArb,
  address: maybe(name('address', 5)),
  endpoint: maybe(name('endpoint', 5)),
  model: maybe(fc.constantFrom('gpt-5-mini', 'o3', 'nobody-knows')),
  status: fc.constantFrom(200, 200, 403),
  tokensIn: fc.integer({ min: 0, max: 300 }),
  tools: fc.array(toolArb, { maxLength: 3 }),
  ids: fc.array(fc.record({ hash: name('id', 30), order: fc.integer({ min: 1, max: 40 }) }), { maxLength: 3 }),
  sensitive: fc.array(fc.record({ kind: fc.constant('pii.email'), count: fc.integer({ min: 1, max: 4 }) }), { maxLength: 1 }),
  denied: fc.boolean(),
});
/** Time goes on by seconds, now and then by a day, stands, and goes back. */
const strideArb = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(0, 500, 1_000, 5_000) },
  { weight: 2, arbitrary: fc.constantFrom(MINUTE_MS, 20 * MINUTE_MS, HOUR_MS) },
  { weight: 1, arbitrary: fc.constantFrom(DAY_MS, -MINUTE_MS, -2 * HOUR_MS, Number.NaN) },
);
const stepArb = fc.record({
  strideMs: strideArb,
  act: fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('observe' as const), event: eventArb }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('admit' as const), subject: fc.record({ ...subjectArb, tool: maybe(name('tool', 3)) }) }),
    },
  ),
});
const stepsArb = (maxLength: number) => fc.array(stepArb, { minLength: 1, maxLength, size: 'max' });
type Step = typeof stepArb extends fc.Arbitrary<infer T> ? T : never;

/** What each step says, without the objects of findings that deny: names are not kept. */
function play(behaviour: Behaviour, steps: readonly Step[], startMs: number): readonly unknown[] {
  let nowMs = startMs;
  return steps.map(({ strideMs, act }) => {
    const unixMs = nowMs + strideMs;
    if (Number.isFinite(unixMs)) nowMs = unixMs;
    if (act.kind === 'observe') return behaviour.observe({ unixMs, ...act.event });
    const { state, begins } = behaviour.admit(act.subject, unixMs);
    return state.kind === 'over' ? { ...state, findings: state.findings.map(withoutObject), begins } : { ...state, begins };
  });
}

function withoutObject(found: BehaviourFinding): Omit<BehaviourFinding, 'object'> {
  const { object: _, ...finding } = found;
  return finding;
}

const timeAfter = (steps: readonly Step[]): number =>
  steps.reduce((nowMs, { strideMs }) => (Number.isFinite(strideMs) ? nowMs + strideMs : nowMs), START_MS);

test('a restart at any place changes nothing of what is found and refused after it', () => {
  let [found, refused] = [0, 0];
  fc.assert(
    fc.property(stepsArb(150), stepsArb(80), (before, after) => {
      const behaviour = behaviourOf();
      play(behaviour, before, START_MS);
      const pieces = [...behaviour.snapshot()].map((piece) => deserialize(serialize(piece)) as unknown);
      const restarted = behaviourOf();
      expect(restarted.restore(pieces)).toBe('restored');
      const expected = play(behaviour, after, timeAfter(before));
      expect(play(restarted, after, timeAfter(before))).toEqual(expected);
      found += expected.flat().length;
      refused += expected.filter((one) => (one as { kind?: string }).kind === 'over').length;
    }),
    { numRuns: LONG_RUN ? 3_000 : 150 },
  );
  expect([found > 100, refused > 100]).toEqual([true, true]);
});
