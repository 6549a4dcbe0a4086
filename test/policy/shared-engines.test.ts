import { expect, test } from 'vitest';
import { createLaneEngine } from '../../src/detect/lane-engine.ts';
import type { Engine, Rule } from '../../src/detect/scan.ts';
import { engineMaker, sharedEngines } from '../../src/policy/shared-engines.ts';
import { ruleOf } from '../support/rules.ts';

const WHOLE = { streamed: false };
const EMAIL = ruleOf('email', /x/);
const CARD = ruleOf('card', /y/);

function openShared() {
  const made = new Map<string, Engine>();
  const make = engineMaker(createLaneEngine, { whole: [EMAIL.detector, CARD.detector], streamed: [] });
  return { made, engineOf: sharedEngines(make, made) };
}

/** A rule that says the same, made anew. */
const again = (rule: Rule): Rule => ({ ...rule });

test('equal rules have one engine, however often they are made anew', () => {
  const { engineOf, made } = openShared();
  const engine = engineOf([EMAIL, CARD], WHOLE);
  expect(engineOf([again(EMAIL), again(CARD)], WHOLE)).toBe(engine);
  expect(engineOf([EMAIL, CARD], WHOLE)).toBe(engine);
  expect([...made.values()]).toEqual([engine]);
});

test.each([
  ['another action', [{ ...EMAIL, action: 'deny' }, CARD], WHOLE],
  ['another severity', [{ ...EMAIL, severity: 'critical' }, CARD], WHOLE],
  ['tokens', [{ ...EMAIL, tokenizes: true }, CARD], WHOLE],
  ['a rule less', [EMAIL], WHOLE],
  ['a text that streams', [EMAIL, CARD], { streamed: true }],
] as const)('%s is another engine', (_, rules, how) => {
  const { engineOf } = openShared();
  expect(engineOf(rules, how)).not.toBe(engineOf([EMAIL, CARD], WHOLE));
});

test('different engines have the rules in common that are equal', () => {
  const { engineOf } = openShared();
  const [both, one] = [engineOf([EMAIL, CARD], WHOLE), engineOf([again(CARD)], WHOLE)];
  expect(one!.rules[0]).toBe(both!.rules[1]);
});

test('where nothing is looked for there is no engine', () => {
  const { engineOf, made } = openShared();
  expect({ engine: engineOf([], WHOLE), made: made.size }).toEqual({ engine: undefined, made: 0 });
});
