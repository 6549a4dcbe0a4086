import { describe, expect, test } from 'vitest';
import { type Stop, type StopScope, type StopSubject, stopFor } from '../../src/agents/stops.ts';

const SESSION = 'ab'.repeat(32);
const PERSON = 'cd'.repeat(32);
const CALLER: StopSubject = {
  agent: 'clerk',
  identity: { sessions: [{ id: SESSION, from: 'mcp-session' }], persons: [{ hash: PERSON, from: 'jwt-sub', proven: true }] },
};
const stop = (scope: StopScope, name: string, untilUnixMs?: number): Stop => ({
  id: `${scope} ${name}`,
  scope,
  name,
  reason: 'drill',
  by: 'tester',
  atUnixMs: 0,
  untilUnixMs,
});

const ROWS: readonly (readonly [string, Stop, boolean])[] = [
  ['everybody', stop('all', ''), true],
  ['an agent by its name', stop('agent', 'clerk'), true],
  ['no agent whose name only begins so', stop('agent', 'cler'), false],
  ['a session by its hash', stop('session', SESSION), true],
  ['a session by the digits that are shown', stop('session', SESSION.slice(0, 12)), true],
  ['no session by fewer digits', stop('session', SESSION.slice(0, 11)), false],
  ['a person by its hash', stop('person', PERSON), true],
  ['no person by the hash of a session', stop('person', SESSION), false],
  ['nobody when its time is over', stop('all', '', 1_000), false],
  ['somebody while its time lasts', stop('all', '', 1_001), true],
];

describe('an order to stop covers', () => {
  test.each(ROWS)('%s', (_, order, covers) => {
    expect(stopFor([order], CALLER, 1_000)).toBe(covers ? order : undefined);
  });

  test('is ten rows', () => expect(ROWS).toHaveLength(10));

  test('whom the first of several names', () => {
    const orders = [stop('agent', 'other'), stop('person', PERSON), stop('all', '')];
    expect(stopFor(orders, CALLER, 0)).toBe(orders[1]);
  });
});
