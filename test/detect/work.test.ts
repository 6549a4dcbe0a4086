import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/detect/catalogue.ts';
import { createDetectorCompiler } from '../../src/detect/compiled-detectors.ts';
import type { Detector } from '../../src/detect/detector.ts';
import { createEngine } from '../../src/detect/engine.ts';
import { createRandom, type Random } from '../support/random.ts';
import { cutText, ruleOf } from '../support/rules.ts';

const UNITS = 20_000;

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

describe('work on text made to be slow', () => {
  it.each(TEXTS)('asks a check for every second unit at most, with few states: %s', (_, next) => {
    const random = createRandom();
    const text = generate(random, next);
    let asked = 0;
    const counting = CATALOGUE.map((detector): Detector => {
      const { check } = detector;
      if (check === undefined) return detector;
      const counted = (candidate: string, before: string): boolean => {
        asked++;
        return check(candidate, before);
      };
      return { ...detector, check: counted };
    });
    const compile = createDetectorCompiler();
    const bounds = { automatonStates: 1 << 20, blockUnits: 1 << 20 };
    const engine = createEngine(
      counting.map((detector) => ({ ...ruleOf(detector.name, detector.pattern), detector })),
      bounds,
      compile,
    );
    for (const pieces of [[text], cutText(random, text, 2)]) {
      asked = 0;
      const scan = engine.open({ stopAtDenial: true });
      for (const piece of pieces) scan.push(piece);
      scan.end();
      expect(asked).toBeLessThan(text.length / 2);
    }
    expect(compile(counting, bounds).automaton.size()).toBeLessThan(1_000);
  });
});
