import { describe, expect, it } from 'vitest';
import { ROW_SHIFT } from '../../src/detect/automaton.ts';
import { CATALOGUE } from '../../src/detect/catalogue.ts';
import { createDetectorCompiler } from '../../src/detect/compiled-detectors.ts';
import type { Detector } from '../../src/detect/detector.ts';
import { createEngine } from '../../src/detect/engine.ts';
import { prepareDetectors } from '../../src/detect/lane-detectors.ts';
import { FIXED } from '../../src/lib/limits.ts';
import { createRandom, type Random } from '../support/random.ts';
import { cutText, ruleOf } from '../support/rules.ts';

const UNITS = 10_000;

/** Texts that look like what a rule wants as often as they can. */
const TEXTS: readonly (readonly [name: string, next: (random: Random) => string])[] = [
  ['4 1 1 1 …', () => '4 1 1 1 '],
  ['4 4 4 4 …', () => '4 '],
  ['digits in random groups', (random) => String(random.below(10)) + random.pick(['', '', ' ', '-'])],
  ['numbers after numbers', () => '536 22 0000 '],
  ['phone-like units', (random) => random.pick([...'+0123()-. /'])],
  ['IBANs', () => 'DE22 3704 0044 0532 0130 00 '],
  ['e-mail-like units', (random) => random.pick([...'ab@.-1git'])],
  ['JWT parts', (random) => random.pick(['eyJ', '.', 'a', '-', ' ', `${'eyJ'}abcdefghijk.eyJ`])],
];

function generate(random: Random, next: (random: Random) => string): string {
  let text = '';
  while (text.length < UNITS) text += next(random);
  return text;
}

/** A check without a checksum is asked for each end of a candidate: a bank account of single digits has 13, at every second unit. */
const ASKED_PER_UNIT = 8;

let asked = 0;

/** The catalogue, counting what it asks of its checks, as a lane reads it: an automaton for each group. */
const { whole: groups, compile } = prepareDetectors({ whole: CATALOGUE.map(counted), streamed: [] });
const bounds = { automatonStates: 1 << 20, blockUnits: 1 << 20 };
const engines = groups.map((group) => {
  const rules = group.map((detector) => ({ ...ruleOf(detector.name, detector.pattern), detector }));
  return createEngine(rules, bounds, compile, group);
});

function counted(detector: Detector): Detector {
  const { check } = detector;
  if (check === undefined) return detector;
  const counting = (candidate: string, before: string): boolean => {
    asked++;
    return check(candidate, before);
  };
  return { ...detector, check: counting };
}

describe('work on text made to be slow', () => {
  it.each(TEXTS)('asks all checks together a few times a unit at most, with few states: %s', (_, next) => {
    const random = createRandom();
    const text = generate(random, next);
    for (const pieces of [[text], cutText(random, text, 2)]) {
      asked = 0;
      for (const engine of engines) {
        const scan = engine.open({ stopAtDenial: true });
        for (const piece of pieces) scan.push(piece);
        scan.end();
      }
      expect(asked).toBeLessThan(ASKED_PER_UNIT * text.length);
    }
    expect(groups.map((group) => compile(group, bounds).automaton.size()).filter((size) => size > FIXED.automatonStates)).toEqual([]);
  });

  it('makes no states for what digits a number has, only for how many', () => {
    const random = createRandom();
    const detectors = groups.find(([first]) => first?.family === 'pii')!;
    const fresh = createDetectorCompiler({ folded: true })(
      detectors.map((detector) => ({ ...detector })),
      bounds,
    );
    const { automaton, columnOfUnit } = fresh;
    const read = (text: string): number => {
      let state = automaton.initial('other');
      for (let i = 0; i < text.length; i++)
        state = automaton.stateAt(automaton.extend(automaton.rowOf(state), columnOfUnit[text.charCodeAt(i)]!) >> ROW_SHIFT);
      return automaton.size();
    };
    const states = read(generate(random, () => '1234567890123456 '));
    expect(read(generate(random, () => `${10 ** 15 + random.below(9 * 10 ** 15)} `))).toBe(states);
  });
});
