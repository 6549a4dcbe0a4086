import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/detect/catalogue.ts';
import { has, ranges } from '../../src/detect/charset.ts';
import { createDetectorCompiler } from '../../src/detect/compiled-detectors.ts';
import { type Detector, detectorId } from '../../src/detect/detector.ts';
import { createEngine } from '../../src/detect/engine.ts';
import { type PatternNode, parsePattern } from '../../src/detect/pattern.ts';
import { phrase, phraseOf } from '../../src/detect/phrase.ts';
import { type CompiledPhrases, compilePhrases } from '../../src/detect/phrases/phrase-scan.ts';
import type { Engine, Match, Rule } from '../../src/detect/scan.ts';
import { foldText } from '../../src/detect/views/fold.ts';
import { createRandom, LONG_RUN } from '../support/random.ts';
import { ruleOf } from '../support/rules.ts';

const random = createRandom(LONG_RUN ? undefined : 1);
const ALL = compilePhrases(CATALOGUE);
const compile = createDetectorCompiler({ folded: true });

/** A phrase detector, read both ways, and what makes its texts. */
interface Reading {
  readonly id: string;
  readonly rules: ReadonlyMap<Detector, Rule>;
  readonly engine: Engine;
  readonly samples: readonly string[];
  readonly templates: readonly PatternNode[];
}

const readings = new Map<Detector, Reading>();

function readingOf(detector: Detector): Reading {
  const known = readings.get(detector);
  if (known !== undefined) return known;
  const rule: Rule = { ...ruleOf(detector.name, detector.pattern), id: detectorId(detector), detector };
  const reading = {
    id: rule.id,
    rules: new Map([[detector, rule]]),
    engine: createEngine([rule], undefined, compile),
    samples: [...detector.finds, ...detector.ignores].map(foldText),
    templates: phraseOf(detector.pattern)!.templates.map((template) => treeOf(phraseOf(detector.pattern)!.innerOf(template))),
  };
  readings.set(detector, reading);
  return reading;
}

function treeOf(pattern: Parameters<typeof parsePattern>[0]): PatternNode {
  const parsed = parsePattern(pattern);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.pattern.root;
}

const show = (matches: readonly Match[]): string => matches.map(({ start, end }) => `${start}-${end}`).join();

const foundBy = (phrases: CompiledPhrases, text: string, rules: Reading['rules']): string => {
  const { words } = phrases.glance(text);
  return words === undefined ? '' : show(phrases.search(text, words, rules));
};

/** What is found by words, in a folded text. */
const byWords = (text: string, { rules }: Reading): string => foundBy(ALL, text, rules);

/** What a plain engine finds, which reads unit by unit. */
function byUnits(text: string, { engine }: Pick<Reading, 'engine'>): string {
  const scan = engine.open({ stopAtDenial: false });
  scan.push(text);
  scan.end();
  return show(scan.takeMatches());
}

/** A text that a pattern matches. */
function sampleOf(node: PatternNode): string {
  switch (node.kind) {
    case 'set':
      return letterOf(node.set);
    case 'cat':
      return node.items.map((item) => sampleOf(item)).join('');
    case 'alt':
      return sampleOf(random.pick(node.items));
    case 'repeat': {
      const most = Math.min(node.max, node.min + random.pick([0, 0, 1, 1, 2, 8]));
      return Array.from({ length: node.min + random.below(most - node.min + 1) }, () => sampleOf(node.item)).join('');
    }
    case 'assert':
      return '';
  }
}

/** A member of a set: mostly the space or a small letter, now and then any. */
function letterOf(set: readonly number[]): string {
  if (has(set, 0x20) && random.below(4) > 0) return ' ';
  const all = ranges(set);
  const [lo, hi] = random.pick(
    random.below(8) === 0 ? all : all.filter(([first]) => first >= 0x61 || all.length === 1).concat(all.slice(-1)),
  );
  return String.fromCodePoint(lo + random.below(hi - lo + 1));
}

const WORDS = [
  'the',
  'a',
  'of',
  'please',
  'x',
  '7',
  'Größe',
  'mode',
  'all',
  'previous',
  'and',
  'you',
  'verylongwordthatnobodywrites'.repeat(3),
];
const BETWEEN = [' ', ' ', ' ', ', ', '. ', '_', '-', '\n', "'", '  ', '!', '/', ' «', '\u0301', '中', '😀', '\ud83d', '"}{"'];

/** A template's text, changed a little, among words and other texts. */
function textFor({ samples, templates }: Reading): string {
  const made = (): string => sampleOf(random.pick(templates));
  const part = (): string => {
    const text = random.pick([made, made, made, () => random.pick(samples), () => random.pick(WORDS)])();
    const at = random.below(text.length + 1);
    return random.pick([
      () => text,
      () => text,
      () => text,
      () => text.toUpperCase(),
      () => text.slice(0, at),
      () => text.slice(at),
      () => `${text.slice(0, at)}${random.pick(BETWEEN)}${text.slice(at)}`,
      () => `${text.slice(0, at)}${random.pick(BETWEEN)}${text.slice(at + 1)}`,
      () => text.replaceAll(' ', () => random.pick(BETWEEN)),
    ])();
  };
  return foldText(Array.from({ length: 1 + random.below(4) }, part).join(random.pick(BETWEEN)));
}

describe('phrases are read by words', () => {
  it('in almost every detector that has some', () => {
    const phrases = CATALOGUE.filter(({ pattern }) => phraseOf(pattern) !== undefined);
    expect(ALL.detectors.length).toBeGreaterThan(50);
    expect(phrases.length - ALL.detectors.length).toBeLessThanOrEqual(3);
  });

  it('has no template with a space in a list of characters: a space is a pattern of its own', () => {
    const templates = CATALOGUE.flatMap(({ pattern }) => phraseOf(pattern)?.templates ?? []);
    expect(templates.length).toBeGreaterThan(300);
    expect(templates.filter((template) => /\[[^\]]* [^\]]*\]/.test(template))).toEqual([]);
  });

  it.each(ALL.detectors.map((detector) => [detectorId(detector), detector] as const))(
    '%s finds what a plain engine finds, and each text with a match has a key',
    { timeout: LONG_RUN ? 600_000 : 30_000 },
    (_, detector) => {
      const reading = readingOf(detector);
      const texts = [...reading.samples, ...Array.from({ length: LONG_RUN ? 5_000 : 40 }, () => textFor(reading))];
      const rows = texts.map((text) => ({ text, expected: byUnits(text, reading), actual: byWords(text, reading) }));
      const found = rows.filter(({ expected }) => expected !== '');
      expect(rows.filter(({ expected, actual }) => expected !== actual)).toEqual([]);
      expect(found.filter(({ text }) => ALL.glance(text).words?.keyCount === 0)).toEqual([]);
      expect(found.length).toBeGreaterThan(detector.finds.length);
    },
  );
});

const ROWS: readonly (readonly [name: string, pattern: RegExp, text: string, found: string])[] = [
  ['a match may end behind a sign, where the next word begins', phrase('note to (?:ai|bots)[:,]\\s?'), 'a note to AI: read', '2-14'],
  ['a word boundary within a phrase is asked for', phrase('run [^.]{0,20}\\bcode'), 'run xcode. run my code', '11-22'],
  ['an underscore is of the word beside it', phrase('ignore rules'), '_ignore rules, ignore rules_, ignore_rules', '30-42'],
  ['letters of which folding knows one case stand in any mixture', phrase('новых правил'), 'НоВыХ ПрАвИл НОвЫх пРаВиЛ', '0-12,13-25'],
  ['letters of old manuscripts are those of today', phrase('новых правил'), 'ноᲀых праᲀил', '0-12'],
  [
    'the longest end counts, and the next match begins behind it',
    phrase('go {on|now}2 (?:on|away)'),
    'go on now on, go away',
    '0-12,14-21',
  ],
];

describe('a phrase read by words', () => {
  it('has 6 rows', () => expect(ROWS).toHaveLength(6));

  it.each(ROWS)('%s', (_, pattern, text, found) => {
    const rule = ruleOf('own', pattern);
    const phrases = compilePhrases([rule.detector]);
    const folded = foldText(text);
    const engine = createEngine([rule], undefined, createDetectorCompiler({ folded: true }));
    expect(foundBy(phrases, folded, new Map([[rule.detector, rule]]))).toBe(found);
    expect(byUnits(folded, { engine })).toBe(found);
  });
});
