import { describe, expect, test } from 'vitest';
import { FIXED } from '../../src/lib/limits.ts';
import { ATTRIBUTES } from '../../src/telemetry/contract.ts';
import { type PolicyInForce, policySpans } from '../../src/telemetry/policy-span.ts';
import { agentPolicy } from '../agents/agent-policy.ts';

const of = (yaml: string): PolicyInForce => ({
  policy: { version: '1f3a5c7e', mode: 'enforce', agents: agentPolicy(yaml) },
  sinceUnixMs: 1_000,
});
const sources = { nowUnixMs: 61_000, randomHex: (digits: number) => '1'.repeat(digits), withGrants: true };

const TWO = `agents:
  unknown: deny
  bot: {identify: {spiffe: "spiffe://c/bot"}, tools: [search, send]}
  app: {identify: {userAgent: [app/*]}, when: "true"}`;
const told = { 'sluice.policy.version': '1f3a5c7e', 'sluice.mode': 'enforce' };

describe('the policy in force, as spans', () => {
  test('is one from when it was loaded until now, and one below it for each agent', () => {
    const spans = policySpans(of(TWO), sources);
    expect(
      spans.map(({ name, startUnixMs, endUnixMs, parentSpanId, attributes }) => ({
        name,
        startUnixMs,
        endUnixMs,
        parentSpanId,
        attributes,
      })),
    ).toEqual([
      {
        name: 'policy',
        startUnixMs: 1_000,
        endUnixMs: 61_000,
        parentSpanId: undefined,
        attributes: { ...told, 'sluice.policy.agent.count': 2 },
      },
      {
        name: 'grants bot',
        startUnixMs: 1_000,
        endUnixMs: 61_000,
        parentSpanId: '1'.repeat(16),
        attributes: {
          ...told,
          'sluice.policy.agent.name': 'bot',
          'sluice.policy.agent.standing': 'proven',
          'sluice.policy.agent.grants': ['tools|allow|search', 'tools|allow|send'],
        },
      },
      {
        name: 'grants app',
        startUnixMs: 1_000,
        endUnixMs: 61_000,
        parentSpanId: '1'.repeat(16),
        attributes: { ...told, 'sluice.policy.agent.name': 'app', 'sluice.policy.agent.standing': 'stated' },
      },
    ]);
    const names = spans.flatMap(({ attributes }) => Object.keys(attributes));
    expect(names.filter((name) => !(ATTRIBUTES as Record<string, { on: readonly string[] }>)[name]?.on.includes('policy'))).toEqual([]);
  });

  test('tells an hour of heartbeats without what is granted', () => {
    expect(policySpans(of(TWO), { ...sources, withGrants: false }).map(({ name }) => name)).toEqual(['policy']);
  });

  test.each([
    [256, [256], undefined],
    [257, [256, 1], undefined],
    [FIXED.toldGrants - 1, [...Array.from({ length: 15 }, () => 256), 255], undefined],
    [FIXED.toldGrants, Array.from({ length: 16 }, () => 256), undefined],
    [FIXED.toldGrants + 1, Array.from({ length: 16 }, () => 256), 1],
  ])('cuts %i entries of all agents into spans, and counts what is too much', (count, parts, leftOut) => {
    const rows = Array.from({ length: Math.ceil(count / 1000) }, (_, at) =>
      Array.from({ length: Math.min(1000, count - at * 1000) }, (__, index) => `t${at}-${index}`),
    );
    const lists = ['models', 'tools', 'skills', 'providers', 'endpoints'];
    const yaml = `agents: {bot: {identify: {spiffe: "spiffe://c/bot"}, ${rows.map((row, at) => `${lists[at]}: [${row.join(', ')}]`).join(', ')}}}`;
    const [, ...spans] = policySpans(of(yaml), sources);
    expect(spans.map(({ attributes }) => (attributes['sluice.policy.agent.grants'] as readonly string[]).length)).toEqual(parts);
    expect(spans.map(({ attributes }) => attributes['sluice.policy.agent.grants.left_out'])).toEqual(spans.map(() => leftOut));
  });

  test.each([
    [FIXED.toldAgents - 1, FIXED.toldAgents - 1],
    [FIXED.toldAgents, FIXED.toldAgents],
    [FIXED.toldAgents + 1, FIXED.toldAgents],
  ])('tells of %i agents one by one of %i, and how many there are', (count, toldOf) => {
    const rows = Array.from({ length: count }, (_, index) => `b${index}: {identify: {spiffe: "spiffe://c/${index}"}, tools: [x]}`);
    const [root, ...spans] = policySpans(of(`agents: {${rows.join(', ')}}`), sources);
    expect([root?.attributes['sluice.policy.agent.count'], spans.length]).toEqual([count, toldOf]);
  });
});
