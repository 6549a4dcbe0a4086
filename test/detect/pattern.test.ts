import RE2 from 're2';
import { describe, expect, it } from 'vitest';
import { buildAlphabet } from '../../src/detect/alphabet.ts';
import { CATALOGUE } from '../../src/detect/catalogue.ts';
import { createMatcher } from '../../src/detect/matcher.ts';
import { buildNfa } from '../../src/detect/nfa.ts';
import { type Pattern, parsePattern } from '../../src/detect/pattern.ts';
import { createRandom, LONG_RUN, type Random } from '../support/random.ts';
import { generateRules, generateText } from '../support/rules.ts';

function mustParse(source: string, flags = ''): Pattern {
  const result = parsePattern({ source, flags });
  if (!result.ok) throw new Error(`${source}: ${result.error.message}`);
  return result.pattern;
}

const matcherOf = (pattern: Pattern) => {
  const sets = buildNfa([pattern.root], 'loose').nodes.flatMap((node) => (node.kind === 'unit' ? [node.set] : []));
  return createMatcher({ detector: {}, longest: pattern.longest, pattern: () => pattern, alphabet: buildAlphabet(sets) });
};

/** Whether a pattern matches a whole text. */
function accepts(source: string, flags: string): (text: string) => boolean {
  const matcher = matcherOf(mustParse(`^(?:${source})$`, flags));
  return (text) => {
    const window = { from: 0, to: Math.max(1, text.length), endMax: text.length };
    return matcher.search({ text, begins: true, ends: true }, window)[0]?.end === text.length;
  };
}

const REFUSALS: readonly (readonly [source: string, flags: string, index: number, message: string])[] = [
  ['\\Aabc', '', 0, '\\A is the syntax of another engine: use ^ for the start of the text'],
  ['a\\\\\\zb', '', 3, '\\z is the syntax of another engine: use $ for the end of the text'],
  ['abc\\Z', '', 3, '\\Z is the syntax of another engine: use $ for the end of the text'],
  ['a(?P<n>b)', '', 1, '(?P< is the syntax of another engine: named groups are written (?<name>…)'],
  ['[[:alpha:]]x', '', 0, '[[: is the syntax of another engine: POSIX classes are not supported; write the characters, e.g. [A-Za-z]'],
  ['ab(?i)c', '', 2, '(?i) is the syntax of another engine: put the letters into flags'],
  ['ab', 'm', 0, 'flag "m" is not supported; use i, s or u'],
  ['a(?=b)', '', 1, 'look-around cannot be matched in linear time; move the condition into the pattern or into keywords'],
  ['(?<!a)b', '', 0, 'look-around cannot be matched in linear time; move the condition into the pattern or into keywords'],
  ['(a)b\\1', '', 4, 'back-references cannot be matched in linear time'],
  ['xa{1001}', '', 1, 'a repetition counts at most 1000'],
  ['x(?:a{900}){900}', '', 0, 'the pattern expands to more than 20000 states; shorten its repetitions'],
  ['a*', '', 0, 'the pattern matches the empty text; make one part of it mandatory'],
  ['a|b?', '', 0, 'the pattern matches the empty text; make one part of it mandatory'],
  ['a\\Kb', '', 1, '\\K is not an escape of this syntax'],
  ['[\\h]', '', 1, '\\h is not an escape of this syntax'],
  ['a\\ud83d', '', 1, 'half of a surrogate pair is no character; write the whole one as \\u{…}'],
  ['[[a-z]&&[aeiou]]', 'v', 0, 'class operations (&&, --) are not supported; write the resulting class'],
  ['a(b', '', 3, 'Unterminated group'],
  ['a{2,1}', '', 6, 'numbers out of order in {} quantifier'],
];

describe('a pattern', () => {
  it('has 20 rows of refusals', () => expect(REFUSALS).toHaveLength(20));

  it.each(REFUSALS)('%s with flags "%s" is refused at %i: %s', (source, flags, index, message) => {
    expect(parsePattern({ source, flags })).toEqual({ ok: false, error: { message, index } });
  });

  it('gives its shortest and longest match in UTF-16 units', () => {
    const lengths = ['abc', 'a{2,5}b?', '(?:ab|c){3}', '[^x]y', '\\p{Emoji_Presentation}', 'a+', 'a{3,1000}a{0,500}'].map((source) => {
      const { shortest, longest } = mustParse(source);
      return [shortest, longest];
    });
    expect(lengths).toEqual([
      [3, 3],
      [2, 6],
      [3, 6],
      [2, 3],
      [1, 2],
      [1, 1000],
      [3, 1500],
    ]);
  });

  it('of every detector in the catalogue can be read', () => {
    const results = CATALOGUE.flatMap(({ pattern, until }) => [pattern, ...(until === undefined ? [] : [until])]).map(parsePattern);
    expect(results.length).toBeGreaterThan(CATALOGUE.length);
    expect(results.filter(({ ok }) => !ok)).toEqual([]);
  });
});

/** A random pattern of the supported syntax over few letters. */
function randomSource(random: Random, depth: number): string {
  const inner = (): string => randomSource(random, depth - 1);
  const leaf = (): string =>
    random.pick([
      'a',
      'b',
      'é',
      'S',
      '[ab]',
      '[^a]',
      '\\w',
      '\\W',
      '\\d',
      '\\s',
      '.',
      '[a-f]',
      '[^\\W_]',
      '😀',
      '\\u{1f601}',
      'ſ',
      '\\p{Lu}',
    ]);
  if (depth === 0) return leaf();
  return random.pick([
    leaf,
    () => inner() + inner(),
    () => `(?:${inner()}|${inner()})`,
    () => `(?:${inner()})${random.pick(['?', '*', '+', '{2}', '{1,3}', '*?'])}`,
  ])();
}

const TEXTS = ['', 'a', 'b', 'é', 's', 'S', 'ſ', 'K', 'K', '😀', '\u{1f601}', '1', ' ', '\n', '_', '\ud800', '\udc00', 'É'];

describe('reading a pattern', () => {
  it('agrees with the platform about whole texts', () => {
    const random = createRandom();
    const patterns = Array.from({ length: LONG_RUN ? 20_000 : 400 }, () => ({
      source: `a?${randomSource(random, 3)}`,
      flags: random.pick(['u', 'iu', 'su']),
    })).filter(({ source, flags }) => parsePattern({ source: `^(?:${source})$`, flags }).ok);
    const failures: string[] = [];
    let accepted = 0;
    for (const { source, flags } of patterns) {
      const ours = accepts(source, flags);
      const theirs = new RegExp(`^(?:${source})$`, flags);
      for (let k = 0; k < 30; k++) {
        const text = `${Array.from({ length: random.below(4) }, () => random.pick(TEXTS)).join('')}${random.pick(TEXTS.slice(1))}`;
        const expected = theirs.test(text.toWellFormed());
        accepted += expected ? 1 : 0;
        if (ours(text) !== expected) failures.push(`${JSON.stringify(text)} and /${source}/${flags}: ${expected} expected`);
      }
    }
    expect(patterns.length).toBeGreaterThan(200);
    expect(failures.slice(0, 5)).toEqual([]);
    expect(accepted).toBeGreaterThan(500);
  });

  it('agrees with the platform about word boundaries in ASCII text', () => {
    const random = createRandom();
    const failures: string[] = [];
    for (let i = 0; i < (LONG_RUN ? 5_000 : 200); i++) {
      const source = Array.from({ length: 4 }, () => random.pick(['\\b', '\\B', 'a', ' ?', '-?', '[a-z]{0,2}', '(?:\\b|-)'])).join('');
      const ours = accepts(`a?-?${source}x`, '');
      for (let k = 0; k < 20; k++) {
        const text = `${Array.from({ length: random.below(5) }, () => random.pick(['a', ' ', '-', 'b'])).join('')}x`;
        const expected = new RegExp(`^(?:a?-?${source}x)$`).test(text);
        if (ours(text) !== expected) failures.push(`${JSON.stringify(text)} and /${source}/: ${expected} expected`);
      }
    }
    expect(failures.slice(0, 5)).toEqual([]);
  });

  it('does not let \\W or a negated class in through the case of its complement', () => {
    const texts = ['s', 'S', 'ſ', 'k', 'K', '-'];
    expect(texts.filter(accepts('\\W', 'i'))).toEqual(['-']);
    expect(texts.filter(accepts('[^s]', 'i'))).toEqual(['k', 'K', '-']);
    expect(texts.filter(accepts('[^\\W]', 'i'))).toEqual(['s', 'S', 'ſ', 'k', 'K']);
  });
});

describe('a search', () => {
  it('begins where RE2 finds a match, in ASCII text', () => {
    const random = createRandom();
    const generated = generateRules(random, 120).filter(({ rule }) => isAscii(rule.detector.pattern.source));
    const failures: string[] = [];
    let found = 0;
    for (const { rule, sample } of generated) {
      const { source, flags } = rule.detector.pattern;
      const matcher = matcherOf(mustParse(source, flags));
      const theirs = new RE2(source, flags.includes('u') ? flags : `${flags}u`);
      for (let k = 0; k < (LONG_RUN ? 200 : 10); k++) {
        const text = [generateText(random, generated, 4), sample(), generateText(random, generated, 2)].join('').replace(/[^ -~]/g, '.');
        const [match] = matcher.search({ text, begins: true, ends: true }, { from: 0, to: text.length, endMax: text.length });
        found += match === undefined ? 0 : 1;
        if (match?.start !== theirs.exec(text)?.index)
          failures.push(`${rule.detector.pattern} at ${match?.start} of ${JSON.stringify(text)}`);
      }
    }
    expect(failures.slice(0, 5)).toEqual([]);
    expect(found).toBeGreaterThan(300);
  });
});

const isAscii = (source: string): boolean => /^[ -~]*$/.test(source);
