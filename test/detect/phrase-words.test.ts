import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../src/detect/pattern.ts';
import { phrase, phraseOf } from '../../src/detect/phrase.ts';
import { createTemplateReader } from '../../src/detect/phrases/keys.ts';
import { phraseGraph } from '../../src/detect/phrases/phrase-graph.ts';
import { type ReachableWords, reachableWords } from '../../src/detect/phrases/reachable-words.ts';
import { mayBeOneOf, wordFilter } from '../../src/detect/phrases/word-filter.ts';
import { wordHash } from '../../src/detect/phrases/words.ts';

const { keysOf } = createTemplateReader();

/** The words of a template that has these keys. */
function wordsOf(template: string): Record<keyof ReachableWords | 'keys', readonly string[] | undefined> {
  const parsed = parsePattern(phraseOf(phrase(template))!.innerOf(template));
  if (!parsed.ok) throw new Error(parsed.error.message);
  const keys = keysOf(template)!.words;
  const { first, second, behindKey } = reachableWords(phraseGraph(parsed.pattern), keys);
  const listed = (words: ReadonlySet<string> | undefined) => words && [...words].filter((word) => word !== '').toSorted();
  return { keys: listed(keys), first: listed(first), second: listed(second), behindKey: listed(behindKey) };
}

describe('the words of a phrase', () => {
  it.each([
    [
      'of a list that may be missing, and of what follows it',
      'send {the|all}2 (?:zebras|emus) (?:to|from) me',
      { keys: ['emus', 'zebras'], first: ['send'], second: ['all', 'emus', 'the', 'zebras'], behindKey: ['from', 'to'] },
    ],
    [
      'behind a key in all its places',
      '(?:zebra|zebra feed) (?:is|zebra) now',
      { keys: ['zebra'], first: ['zebra'], second: ['feed', 'is', 'zebra'], behindKey: ['feed', 'is', 'now', 'zebra'] },
    ],
    [
      'behind the second word of a pair',
      'the (?:system|user) (?:message|data)s? (?:zebra|emu)',
      { keys: ['emu', 'zebra'], first: ['the'], second: ['system', 'user'], behindKey: undefined },
    ],
    [
      'with a mark in the middle',
      "don[’']?t zebra this",
      { keys: ['zebra'], first: ['don', 'dont'], second: ['t', 'zebra'], behindKey: ['this'] },
    ],
    ['unless a gap may stand there', 'zebra ~2 now', { keys: ['zebra'], first: ['zebra'], second: undefined, behindKey: undefined }],
    [
      'unless the match may end there',
      'the zebras?[.!]?',
      { keys: ['zebra', 'zebras'], first: ['the'], second: ['zebra', 'zebras'], behindKey: undefined },
    ],
    ['unless it may end behind a sign', 'zebra[:,] ?', { keys: ['zebra'], first: ['zebra'], second: undefined, behindKey: undefined }],
  ] as const)('are listed %s', (_, template, expected) => {
    expect(wordsOf(template)).toEqual(expected);
  });

  it('are those of both cases where folding knows one only', () => {
    expect(wordsOf('зебра новых правил').behindKey).toEqual(wordsOf('ЗЕБРА НОВЫХ ПРАВИЛ').behindKey);
    expect(wordsOf('зебра новых правил').behindKey).toHaveLength(1);
  });
});

describe('a filter of words', () => {
  const words = new Set(Array.from({ length: 300 }, (_, i) => `word${i}`));

  it('misses none, and takes few others for one', () => {
    const filter = wordFilter(words);
    expect([...words].filter((word) => mayBeOneOf(filter, wordHash(word)) === 0)).toEqual([]);
    const others = Array.from({ length: 10_000 }, (_, i) => `other${i}`).filter((word) => mayBeOneOf(filter, wordHash(word)) === 1);
    expect(others.length).toBeLessThan(300);
  });

  it('has every word where they cannot be listed, and none where there are none', () => {
    expect([...words].filter((word) => mayBeOneOf(wordFilter(undefined), wordHash(word)) === 0)).toEqual([]);
    expect([...words].filter((word) => mayBeOneOf(wordFilter(new Set()), wordHash(word)) === 1)).toEqual([]);
  });
});
