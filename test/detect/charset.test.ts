import { describe, expect, it } from 'vitest';
import { buildAlphabet, groupClasses } from '../../src/detect/alphabet.ts';
import {
  type CharSet,
  charSet,
  complement,
  EVERYTHING,
  foldCase,
  has,
  intersection,
  MAX_CODE_POINT,
  NOTHING,
  propertySet,
  ranges,
  size,
  union,
  WORD,
} from '../../src/detect/charset.ts';
import { createRandom, type Random } from '../support/random.ts';

const randomSet = (random: Random): CharSet =>
  charSet(
    Array.from({ length: random.below(6) }, () => {
      const lo = random.below(80);
      return [lo, lo + random.below(20)];
    }),
  );

const isNormal = (set: CharSet): boolean => set.every((at, i) => i === 0 || (i % 2 === 1 ? at >= set[i - 1]! : at > set[i - 1]! + 1));

describe('a character set', () => {
  it('obeys the laws of sets, member by member', () => {
    const random = createRandom();
    const wrong: string[] = [];
    for (let i = 0; i < 300; i++) {
      const [a, b] = [randomSet(random), randomSet(random)];
      const results = [a, union([a, b]), intersection(a, b), complement(a)];
      if (!results.every(isNormal)) wrong.push(`${a.join()} and ${b.join()}: not sorted and apart`);
      for (let c = 0; c < 110; c++) {
        const expected = [has(a, c) || has(b, c), has(a, c) && has(b, c), !has(a, c)];
        if (
          results
            .slice(1)
            .map((set) => has(set, c))
            .join() !== expected.join()
        )
          wrong.push(`${c} in ${a.join()} and ${b.join()}`);
      }
      if (size(a) + size(complement(a)) !== MAX_CODE_POINT + 1) wrong.push(`size of ${a.join()}`);
    }
    expect(wrong).toEqual([]);
  });

  it('knows the edges', () => {
    expect([complement(EVERYTHING), complement(NOTHING), union([NOTHING, NOTHING]), intersection(EVERYTHING, NOTHING)]).toEqual([
      NOTHING,
      EVERYTHING,
      NOTHING,
      NOTHING,
    ]);
    expect([has([5, 7], 4), has([5, 7], 5), has([5, 7], 7), has([5, 7], 8)]).toEqual([false, true, true, false]);
    expect(
      charSet([
        [5, 6],
        [1, 2],
        [3, 4],
        [9, 9],
      ]),
    ).toEqual([1, 6, 9, 9]);
  });

  it('folds every cased character as the platform does under the flags iu', () => {
    const cased = ranges(propertySet('Changes_When_Casemapped')).flatMap(([lo, hi]) =>
      Array.from({ length: hi - lo + 1 }, (_, i) => lo + i),
    );
    const text = String.fromCodePoint(...cased);
    const expected = cased.map((one) =>
      Array.from(text.matchAll(new RegExp(`\\u{${one.toString(16)}}`, 'giu')), ([other]) => other.codePointAt(0)!),
    );
    const wrong = cased.filter((one, i) => foldCase([one, one]).join() !== charSet(expected[i]!.map((at) => [at, at])).join());
    expect(cased.length).toBeGreaterThan(2_500);
    expect(wrong).toEqual([]);
    expect([foldCase([0x73, 0x73]), foldCase([0x6b, 0x6b])]).toEqual([
      [0x53, 0x53, 0x73, 0x73, 0x17f, 0x17f],
      [0x4b, 0x4b, 0x6b, 0x6b, 0x212a, 0x212a],
    ]);
  });

  it.each(['L', 'Script=Greek', 'Emoji_Presentation', 'Cn', 'Co', 'Lowercase'])('reads the property %s as the platform does', (name) => {
    const set = propertySet(name);
    const test = new RegExp(`\\p{${name}}`, 'u');
    const points = [...ranges(set).flatMap(([lo, hi]) => [lo - 1, lo, hi, hi + 1]), ...Array.from({ length: 500 }, (_, i) => i * 2221)];
    const usable = points.filter((at) => at >= 0 && at <= MAX_CODE_POINT && !(at >= 0xd800 && at <= 0xdfff) && (at & 0xfffe) !== 0xfffe);
    expect(usable.length).toBeGreaterThan(400);
    expect(usable.filter((at) => has(set, at) !== test.test(String.fromCodePoint(at)))).toEqual([]);
  });

  it('takes letters, digits, marks and _ of the basic plane for word characters, but no variation selector', () => {
    const isWord = (text: string): boolean => has(WORD, text.codePointAt(0)!);
    expect([...'aZ09_éß中ा٣'].every(isWord)).toBe(true);
    expect([' ', '-', '@', '\ufe0f', '😀', '𝒜', '\ufffd', '\u200b'].some(isWord)).toBe(false);
  });
});

describe('an alphabet', () => {
  it('tells units apart exactly where a set or their kind does', () => {
    const random = createRandom();
    const sets = Array.from({ length: 12 }, () => randomSet(random));
    const { classOf, kindOf, sample, classCount } = buildAlphabet([...sets, [0xd83d, 0xd83d]]);
    const signature = (unit: number): string =>
      [...sets, WORD, [0xd800, 0xdbff], [0xdc00, 0xdfff], [0xd83d, 0xd83d]].map((set) => (has(set, unit) ? 1 : 0)).join('');
    const bySignature = new Map<string, Set<number>>();
    for (let unit = 0; unit <= 0xffff; unit++) {
      const key = signature(unit);
      bySignature.set(key, (bySignature.get(key) ?? new Set()).add(classOf[unit]!));
    }
    expect([...bySignature.values()].filter((classes) => classes.size !== 1)).toEqual([]);
    expect(bySignature.size).toBe(classCount);
    expect(sample.map((unit) => classOf[unit])).toEqual(sample.map((_, i) => i));
    expect(['a', '\ud800', '\udc00', '!'].map((unit) => kindOf[classOf[unit.charCodeAt(0)]!])).toEqual(['word', 'lead', 'trail', 'other']);
  });

  it('joins the classes that fewer sets do not tell apart', () => {
    const digits: CharSet = [0x30, 0x39];
    const alphabet = buildAlphabet([digits, [0x61, 0x66], [0x67, 0x7a], [0x2d, 0x2d]]);
    const { columnOf, columns } = groupClasses(alphabet, [digits]);
    const column = (unit: string) => columnOf[alphabet.classOf[unit.charCodeAt(0)]!]!;
    expect([column('a') === column('z'), column('-') === column('!'), column('1') === column('a'), columns.length]).toEqual([
      true,
      true,
      false,
      5,
    ]);
    expect([...'1a-'].map((unit) => [columns[column(unit)]!.kind, columns[column(unit)]!.inside[0]])).toEqual([
      ['word', 1],
      ['word', 0],
      ['other', 0],
    ]);
  });
});
