import { expect, it } from 'vitest';
import { HINT, hintsOf } from '../../../src/detect/views/hints.ts';

const named = (text: string): string => {
  const hints = hintsOf(text);
  return Object.entries(HINT)
    .flatMap(([name, bit]) => ((hints & bit) === 0 ? [] : [name]))
    .join(' ');
};

it.each([
  ['The branch on Main Street opens at nine (see b2b, 2nd, mp3, H2O; 50 % off), a or b.', ''],
  ['C & D <b>x</b> \\n 100% #1 ~5 a=b', ''],
  ['012345678901234', ''],
  ['0123456789abcdef', 'run leet'],
  ['SWdub3JlIGFsbCBwcmV2', 'run leet'],
  ['a-very-long-word-with-dashes', 'run'],
  ['x%41', 'escape'],
  ['&#65;', 'escape'],
  ['&lt;', 'escape'],
  ['\\x41', 'escape'],
  ['\\u0041', 'escape'],
  ['<~abc~>', 'ascii85'],
  ['1gnore', 'leet'],
  ['pa$$word', 'leet'],
  ['i g n o r e', 'spaced'],
  ['i.g.n.o', 'spaced'],
  ['i  g  n  o', 'spaced'],
  ['a b c', ''],
  ['a b (c) d e', ''],
  ['é', 'fold'],
  ['日本語', 'unspaced'],
  ['한국어', 'unspaced'],
  ['привет', 'fold'],
  ['שלום', ''],
  ['', ''],
])('%j shows: %s', (text, expected) => {
  expect(named(text)).toBe(expected);
});
