import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/detect/catalogue.ts';
import { labelled } from '../../src/detect/checks/label.ts';
import { context, createContextPlaces } from '../../src/detect/context.ts';
import { createEngine } from '../../src/detect/engine.ts';
import type { Rule } from '../../src/detect/scan.ts';
import { foldText } from '../../src/detect/views/fold.ts';
import { FIXED } from '../../src/lib/limits.ts';
import { createRandom, type Random } from '../support/random.ts';
import { ruleOf } from '../support/rules.ts';

const named = CATALOGUE.flatMap(({ name, context: asked }) => (asked === undefined ? [] : [{ name, asked }]));

/** Ways to write a label; most are still one for the contexts that ask for it. */
const WRITTEN: readonly ((label: string, random: Random) => string)[] = [
  (label) => label,
  (label) => label.toUpperCase(),
  (label) => label.slice(0, 1).toUpperCase() + label.slice(1),
  (label) => label.normalize('NFD'),
  (label) => label.replaceAll(' ', '_'),
  (label) => label.replaceAll(' ', '-'),
  (label) => label.replace(/ (.)/g, (_, letter: string) => letter.toUpperCase()),
  (label) => label.replaceAll('a', 'а').replaceAll('e', 'е'),
  (label, random) => Array.from(label, (char) => (random.below(2) === 0 ? char.toUpperCase() : char)).join(''),
  (label, random) => Array.from(label, (char) => char + (random.below(6) === 0 ? '\u200b' : '')).join(''),
];

/** What may stand in front of a label, and between it and its value. */
const AROUND = ['', ' ', ': ', '="', ' is ', '\n', ' 12 ', 'x', '.', 'ß', '\ud83d\ude00', 'مرحبا ', ' = 1 ', ' '.repeat(30)];

describe('where a match may begin', () => {
  const places = createContextPlaces([
    { words: ['label'], reach: 10, inside: 0 },
    { words: ['label'], reach: 10, inside: 4 },
  ]);
  const read = (text: string) => places.read(text, { from: 0, to: text.length });

  it('is nowhere without a word that must stand before it', () => {
    read('no word of it');
    expect(places.mayBegin(0, { from: 0, to: 13 })).toBe(false);
  });

  it('is behind the word, as far as it reaches', () => {
    read('a label, and much more text');
    const reached = [0, 6, 12, 13].map((from) => places.mayBegin(0, { from, to: from + 1 }));
    expect(reached).toEqual([false, true, true, false]);
  });

  it('is anywhere when the word may stand in the match, which is not all read', () => {
    read('no word of it');
    expect(places.mayBegin(1, { from: 0, to: 13 })).toBe(true);
  });
});

describe('contexts', () => {
  it('are asked for by many detectors', () => expect(named.length).toBeGreaterThanOrEqual(50));

  it.each(named)('of $name are found by their words wherever they accept', ({ asked }) => {
    const random = createRandom();
    const places = createContextPlaces([{ words: asked.words, reach: FIXED.contextUnits, inside: 0 }]);
    const missed: string[] = [];
    let accepted = 0;
    for (const label of asked.words)
      for (const write of WRITTEN)
        for (const shown of [(text: string) => text, foldText]) {
          const before = shown(random.pick(AROUND) + write(label.replace('*', ''), random) + random.pick(AROUND)).slice(
            -FIXED.contextUnits,
          );
          if (!asked(before)) continue;
          accepted++;
          places.read(before, { from: 0, to: before.length });
          const covers = places.placesOf(0).some(({ from, to }) => from <= before.length && before.length < to);
          if (!covers) missed.push(JSON.stringify(before));
        }
    expect(missed).toEqual([]);
    expect(accepted).toBeGreaterThan(asked.words.length);
  });
});

describe('a rule with a context', () => {
  const found = (rule: Rule, text: string) => {
    const scan = createEngine([rule]).open({ stopAtDenial: false });
    scan.push(text);
    scan.end();
    return scan.takeMatches().map(({ start, end }) => text.slice(start, end));
  };

  it('matches where its word stands in the match itself', () => {
    expect(found(ruleOf('key', /\bscw\d{4}\b/, { nearby: ['scw'] }), 'scw1234')).toEqual(['scw1234']);
  });

  it('matches behind its word, not past another number and not too far from it', () => {
    const pin = ruleOf('pin', /\b\d{4}\b/, { context: labelled(['pin*'], 64), check: (candidate) => candidate !== '3333' });
    expect(found(pin, `0000 pin 1111; and ${'.'.repeat(70)} 2222 pins: 3333, 4444`)).toEqual(['1111']);
    expect(found(pin, '0000 pins: 4444')).toEqual(['4444']);
  });
});

describe('places of a context', () => {
  const sought = (words: readonly string[], inside = 0) => createContextPlaces([{ words, reach: 64, inside }]);
  const placesIn = (text: string, words: readonly string[], inside = 0) => {
    const places = sought(words, inside);
    places.read(text, { from: 0, to: text.length });
    return places.placesOf(0);
  };

  it('begin behind the first three letters of a word, and end where the word would stand too far left', () => {
    expect(placesIn('a passport 123', ['passport'])).toEqual([{ from: 5, to: 67 }]);
  });

  it('are one where they overlap', () => {
    expect(placesIn('tax id, tax id', ['tax id'])).toEqual([{ from: 3, to: 73 }]);
  });

  it('begin in front of a word that may stand in the match', () => {
    expect(placesIn('0123456789 vault', ['vault'], 8)).toEqual([{ from: 3, to: 76 }]);
  });

  it('are none in a text of digits', () => {
    expect(placesIn('4111 1111-1111/1111.', ['passport', 'id'])).toEqual([]);
  });

  it('are everywhere for a word of one letter', () => {
    expect(placesIn('4111', ['n'])).toEqual([{ from: 0, to: 4 }]);
  });

  it('belong to the context that has the word', () => {
    const places = createContextPlaces([
      { words: ['passport'], reach: 64, inside: 0 },
      { words: ['patient'], reach: 64, inside: 0 },
    ]);
    places.read('my patient', { from: 0, to: 10 });
    expect([places.placesOf(0), places.placesOf(1)]).toEqual([[], [{ from: 6, to: 68 }]]);
  });

  it('have the words of a context as they may stand in a folded text', () => {
    expect(context(() => true, ['ЕГН']).words).toEqual(['eгh', 'erн']);
  });
});
