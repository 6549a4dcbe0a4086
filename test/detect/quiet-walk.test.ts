import { describe, expect, it } from 'vitest';
import { context } from '../../src/detect/context.ts';
import { createEngine } from '../../src/detect/engine.ts';
import { isQuietIn, isQuietInSlices, type QuietWalk } from '../../src/detect/quiet-walk.ts';
import type { Engine, Rule } from '../../src/detect/scan.ts';
import { FIXED } from '../../src/lib/limits.ts';
import { createRandom, type Random } from '../support/random.ts';
import { generateRules, ruleOf } from '../support/rules.ts';

const WORDS = ['the', 'fox', 'a1', '7', 'ab', 'foo', 'xx', 'Zürich', '\ud83d\ude00', 'foobarfoo', '1234567890'];

/** Words at random, with some samples of the rules among them. */
function textOf(random: Random, samples: readonly string[], length: number): string {
  let text = '';
  while (text.length < length)
    text += `${random.below(200) === 0 && samples.length > 0 ? random.pick(samples) : random.pick(WORDS)}${random.pick([' ', ' ', ' ', '', '\n'])}`;
  return text.slice(0, length);
}

function matchesOf(engine: Engine, text: string): number {
  const scan = engine.open({ stopAtDenial: false });
  scan.push(text);
  scan.end();
  return scan.takeMatches().length;
}

const bounds = (random: Random) => ({ ...FIXED, automatonStates: random.pick([4, 16, 64, 4096]), stateAllowance: 1 << 20 });

describe('a long text that is read at four places at once', () => {
  it('is quiet just where a scan finds nothing, for generated rules and with few states', { timeout: 60_000 }, () => {
    const random = createRandom();
    const verdicts = { quiet: 0, loud: 0 };
    for (let i = 0; i < 60; i++) {
      const generated = generateRules(random, 1 + random.below(6));
      const engine = createEngine(
        generated.map(({ rule }) => rule),
        bounds(random),
      );
      const samples = random.below(2) === 0 ? [] : generated.map(({ sample }) => sample());
      for (let k = 0; k < 12; k++) {
        const text = textOf(random, samples, 200 + random.below(9_000));
        const isQuiet = isQuietIn(engine.walk(), text);
        expect(isQuiet, JSON.stringify(text)).toBe(matchesOf(engine, text) === 0);
        verdicts[isQuiet ? 'quiet' : 'loud']++;
      }
    }
    expect(verdicts.quiet).toBeGreaterThan(100);
    expect(verdicts.loud).toBeGreaterThan(100);
  });

  it.each<readonly [string, Rule, string]>([
    ['over the border of two quarters', ruleOf('long', /begin(?:x y ){120}end/), `begin${'x y '.repeat(120)}end`],
    ['over three of them', ruleOf('longer', /begin(?:x y ){400}end/), `begin${'x y '.repeat(400)}end`],
    ['at its beginning alone', ruleOf('first', /^start/), 'start'],
    ['at its end alone', ruleOf('last', /stop$/), 'stop'],
    ['behind a word border', ruleOf('word', /\bcode\b/), ' code '],
  ])('is not quiet where a match lies %s, wherever that is', (_, rule, sample) => {
    const engine = createEngine([rule]);
    const filler = 'some words of no interest '.repeat(160).slice(0, 4_000);
    const places = sample === 'start' ? [0] : sample === 'stop' ? [4_000] : Array.from({ length: 400 }, (_, i) => i * 10);
    const missed = places.filter((at) => isQuietIn(engine.walk(), `${filler.slice(0, at)}${sample}${filler.slice(at)}`));
    expect(missed).toEqual([]);
    expect(isQuietIn(engine.walk(), `${filler}${filler}`)).toBe(true);
  });
});

/** The same walk, and how many states each slice of a text made in it; the last is what was read behind all slices. */
function statesOfSlices(walk: QuietWalk, text: string): readonly number[] {
  const states = [0];
  const { automaton } = walk;
  const extend: typeof automaton.extend = (row, column) => {
    states[states.length - 1]!++;
    return automaton.extend(row, column);
  };
  for (const _ of isQuietInSlices({ ...walk, automaton: { ...automaton, extend } }, text)) states.push(0);
  return states;
}

describe('a text that asks for a new state with nearly every unit', () => {
  it('is read in slices of an eighth of the units, and others in whole ones', () => {
    const engine = createEngine([ruleOf('wide', /a[ab]{14}c/)]);
    const random = createRandom();
    const text = Array.from({ length: 3 * 4096 }, () => random.pick(['a', 'b'])).join('');
    const states = statesOfSlices(engine.walk(), text);
    expect(Math.max(...states)).toBeLessThanOrEqual(512);
    expect(states.reduce((sum, made) => sum + made, 0)).toBeGreaterThan(2 * 4096);
    expect(statesOfSlices(engine.walk(), 'x'.repeat(3 * 4096))).toHaveLength(4);
  });
});

describe('a text in which a pattern ends that does not match', () => {
  const checked = ruleOf('checked', /\b\d{6}\b/, { check: (candidate) => candidate === '112233' });
  const labelled = ruleOf('labelled', /\b[A-Z]\d{5}\b/, { context: context((before) => /\bticket $/i.test(before), ['ticket']) });
  const engine = createEngine([checked, labelled]);
  const filler = 'some words of no interest '.repeat(160);

  it.each([
    ['a check refuses it', '445566'],
    ['its label stands nowhere', 'A12345'],
    ['its label stands elsewhere', 'ticket, then at last A12345'],
  ])('is quiet where %s', (_, lookAlike) => {
    const text = `${filler}${lookAlike} ${filler}`;
    expect(isQuietIn(engine.walk(), text)).toBe(true);
  });

  it.each([
    ['before one that does', `445566 A12345 ${filler}ticket A12345`],
    ['behind one that does', `112233 ${filler}445566`],
    ['in another quarter', `${filler}${filler}445566 ${filler}112233 ${filler}445566 ${filler}`],
    ['so often that it is searched for in stretches', `${'445566 '.repeat(3_000)}ticket B54321`],
  ])('is not quiet where it stands %s', (_, text) => {
    expect(matchesOf(engine, text)).toBe(1);
    expect(isQuietIn(engine.walk(), text)).toBe(false);
  });

  it('is not searched for more patterns than a few', () => {
    const many = createEngine(Array.from({ length: 40 }, (_, i) => ruleOf(`n${i}`, /\b\d{6}\b/, { check: () => false })));
    expect(isQuietIn(many.walk(), '445566')).toBe(false);
    expect(matchesOf(many, '445566')).toBe(0);
  });
});
