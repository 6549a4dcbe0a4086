import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '../../../src/detect/catalogue.ts';
import { ANY_WORD, instructionWords } from '../../../src/detect/instruction-words.ts';
import { unleet } from '../../../src/detect/views/leet.ts';

const words = instructionWords(CATALOGUE);
const read = (text: string, known = words): readonly string[] => unleet(text, known).map((view) => view.text);

describe('leetspeak', () => {
  test.each([
    ['1gn0re 4ll', ['ignore all', 'lgnore all']],
    ['IGN0RE', ['IGNoRE']],
    ['pr3vious, by b@nk', ['previous, by bank']],
    ['ignore previou5!!', ['ignore previous!!']],
  ])('of %j reads as %j', (text, views) => {
    expect(read(text)).toEqual(views);
  });

  test.each([
    'write to bob@bank.example',
    'utf8 and sha256 of item1 in $home, 94d6',
    'Hello! Wonderful!!',
    'b2b, mp3, 2nd',
    `${'ignore'.repeat(5)}1`,
  ])('is not looked for in %j', (text) => {
    expect(read(text)).toEqual([]);
  });

  test('is undone in all of a text that has one such word, and where any word may matter', () => {
    expect(read('item0 1gnore')).toEqual(['itemo ignore', 'itemo lgnore']);
    expect(read('item0', ANY_WORD)).toEqual(['itemo']);
  });

  test('knows where each letter stood', () => {
    const [view] = unleet('so 1gnore', words);
    expect([view!.starts[3], view!.ends[3], view!.starts[8], view!.ends[8]]).toEqual([3, 4, 8, 9]);
  });
});

describe('words of instructions', () => {
  test.each(['ignore', 'instruction', 'instructions', 'instructed', 'system', 'prompt', 'jailbreak'])('have %j', (word) => {
    expect(words.has(word)).toBe(true);
  });

  test.each(['', 'i', 'itemi', 'bobabank', 'sha', 'utfb'])('do not have %j', (word) => {
    expect(words.has(word)).toBe(false);
  });

  test('are those of detectors for instructions alone', () => {
    const others = CATALOGUE.filter(({ family }) => family === 'pii' || family === 'secret');
    expect(others.length).toBeGreaterThan(100);
    expect(instructionWords(others).has('number')).toBe(false);
  });
});
