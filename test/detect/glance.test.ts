import { describe, expect, test } from 'vitest';
import { glanceAt } from '../../src/detect/glance.ts';
import { createKeyFilter, type KeyFilter } from '../../src/detect/phrases/key-filter.ts';
import { isWordUnit, wordHash } from '../../src/detect/phrases/words.ts';
import { PART_UNITS } from '../../src/detect/text-units.ts';
import { hintsOf } from '../../src/detect/views/hints.ts';
import { createRandom, type Random } from '../support/random.ts';

const UNITS = [...'abcdefxyzABC0123456789  ,.-_/@$!|%&\\<#~', 'é', 'н', '中', '\ud83d', '\ude00', '\u200b'];

/** Every word of a text is a key. */
function wordsSeen(text: string) {
  const known = [...new Set(wordsIn(text).map(({ word }) => word))];
  const filter = createKeyFilter(new Map(known.map((word, number) => [word, [number]])));
  const { words } = glanceAt(text, filter);
  return Array.from({ length: words?.count ?? 0 }, (_, i) => ({
    start: words!.starts[i]!,
    end: words!.ends[i]!,
    isKey: words!.keys.subarray(0, words!.keyCount).includes(i),
    listed: listAt(filter, filter.listAlone(words!, i)).some((number) => wordHash(known[number]!) === words!.hashes[i]),
  }));
}

function listAt({ lists }: KeyFilter, start: number): readonly number[] {
  return [...lists.subarray(start + 1, start + 1 + lists[start]!)];
}

/** The words of a text, cut one unit after the other. */
function wordsIn(text: string): readonly { readonly start: number; readonly end: number; readonly word: string }[] {
  const units = Array.from({ length: text.length + 1 }, (_, i) => i < text.length && isWordUnit(text.charCodeAt(i)));
  const starts = units.flatMap((isIn, i) => (isIn && units[i - 1] !== true ? [i] : []));
  return starts.map((start) => {
    const end = units.indexOf(false, start);
    return { start, end, word: text.slice(start, end) };
  });
}

const textOf = (random: Random, length: number): string => Array.from({ length }, () => random.pick(UNITS)).join('');

describe('a glance', () => {
  const random = createRandom();
  const lengths = [0, 1, 2, 30, PART_UNITS - 1, PART_UNITS, PART_UNITS + 1, 2 * PART_UNITS + 7];
  const texts = [
    ...lengths.map((length) => textOf(random, length)),
    ...Array.from({ length: 200 }, () => textOf(random, random.below(60))),
  ];

  test('sees the hints that are in a text', () => {
    const filter = createKeyFilter(new Map());
    expect(texts.filter((text) => glanceAt(text, filter).hints !== hintsOf(text))).toEqual([]);
  });

  test('cuts every word, one over the border of what is read at once too, and misses no key', () => {
    const long = `${' '.repeat(PART_UNITS - 3)}bordered ${'x'.repeat(PART_UNITS)} end`;
    for (const text of [...texts, long, long.slice(5)])
      expect(wordsSeen(text)).toEqual(wordsIn(text).map(({ start, end }) => ({ start, end, isKey: true, listed: true })));
  });
});
