import { expect, test } from 'vitest';
import { remembered } from '../../src/lib/remembered.ts';

test('what was made of a text is made once, of long texts each time, and what is kept is bounded', () => {
  const made: string[] = [];
  const twice = remembered((text) => {
    made.push(text);
    return text + text;
  });
  const long = 'l'.repeat(2000);
  expect([twice('a'), twice('b'), twice('a'), twice(long).length, twice(long).length]).toEqual(['aa', 'bb', 'aa', 4000, 4000]);
  expect(made).toEqual(['a', 'b', long, long]);
  for (let i = 0; i < 5000; i++) twice(`text ${i}`);
  twice('a');
  expect(made.filter((text) => text === 'a')).toHaveLength(2);
});
