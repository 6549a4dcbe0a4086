import { describe, expect, test } from 'vitest';
import { defaultBehaviourPolicy } from '../../src/agents/behaviour/settings.ts';
import { parseDuration } from '../../src/lib/duration.ts';
import { parseAmount } from '../../src/policy/amount.ts';
import { behaviourPolicyOf, behaviourSchema, budgetsSchema } from '../../src/policy/behaviour-schema.ts';

describe('the section behaviour of a policy', () => {
  test('says nothing: the defaults hold', () => {
    expect(behaviourPolicyOf(undefined)).toEqual(defaultBehaviourPolicy());
    expect(behaviourPolicyOf(behaviourSchema.parse({}))).toEqual(defaultBehaviourPolicy());
  });

  test('sets sensitivity, findings, budgets and the agents that have their own', () => {
    const section = behaviourSchema.parse({
      sensitivity: 'high',
      coldStartDays: 14,
      standingHours: 48,
      budgets: { person: { tokensPerDay: '200k' } },
      findings: { loop: { action: 'deny', window: '5m', floor: 6 }, rate: { sensitivity: 'low' }, 'new-tool': { action: 'off' } },
    });
    const agents = new Map([['billing-bot', budgetsSchema.parse({ requestsPerMinute: 120, tokensPerDay: '2M', toolCallsPerTurn: 8 })]]);
    const policy = behaviourPolicyOf(section, agents);
    expect(policy.agents.get('billing-bot')).toEqual({ requestsPerMinute: 120, tokensPerDay: 2_000_000, toolCallsPerTurn: 8 });
    expect(policy.budgets).toEqual({ person: { tokensPerDay: 200_000 } });
    expect([policy.coldStartDays, policy.standingHours]).toEqual([14, 48]);
    expect(policy.rules.loop).toEqual({ action: 'deny', severity: 'medium', sensitivity: 'high', floor: 6, windowMs: 300_000 });
    expect([policy.rules.rate.sensitivity, policy.rules['new-tool'].action]).toEqual(['low', 'off']);
  });

  test.each([
    ['an unknown key', { speed: 1 }],
    ['an unknown finding', { findings: { looping: {} } }],
    ['an unknown key of a finding', { findings: { loop: { level: 1 } } }],
    ['a window where it is fixed', { findings: { rate: { window: '5m' } } }],
    ['a window of a week', { findings: { loop: { window: '7d' } } }],
    ['a window without unit', { findings: { loop: { window: 300 } } }],
    ['an action that redacts', { findings: { volume: { action: 'redact' } } }],
    ['a negative budget', { budgets: { agent: { tokensPerDay: -1 } } }],
    ['half a request', { budgets: { agent: { requestsPerDay: 1.5 } } }],
    ['turns of a person', { budgets: { person: { toolCallsPerTurn: 3 } } }],
    ['no day of cold start', { coldStartDays: 0 }],
  ])('is refused with %s', (_, section) => {
    expect(behaviourSchema.safeParse(section).success).toBe(false);
  });
});

describe('amounts and durations', () => {
  test.each([
    [parseAmount, '2M', 2_000_000],
    [parseAmount, '1.5k', 1_500],
    [parseAmount, 7, 7],
    [parseAmount, '0.0001k', undefined],
    [parseAmount, '5 apples', undefined],
    [parseAmount, 'constructor', undefined],
    [parseAmount, Number.NaN, undefined],
    [parseDuration, '10m', 600_000],
    [parseDuration, '1.5h', 5_400_000],
    [parseDuration, '3y', undefined],
    [parseDuration, 5, undefined],
  ] as const)('%o of %j is %j', (parse, value, expected) => {
    expect(parse(value)).toBe(expected);
  });
});
