import { expect, test } from 'vitest';
import { atOnce } from '../../src/lib/slices.ts';
import { createTextMemo, textKey, textKeyInSlices } from '../../src/lib/text-memo.ts';

test('a text has the key of its letters, half a surrogate pair has none', () => {
  expect(textKey('a')).toBe(textKey(['a'].join('')));
  expect(new Set(['a', 'A', 'a ', '\ufffd', 'ä'].map(textKey)).size).toBe(5);
  expect(textKey('\ud83d')).toBeUndefined();
});

test.each([
  ['ASCII', 'a'],
  ['pairs', '🙂'],
  ['pairs that a cut would halve', ' 🙂'],
])('a text of many slices has the same key in slices: %s', (_, unit) => {
  const text = `x${unit.repeat(150_000)}`;
  expect(atOnce(textKeyInSlices(text))).toBe(textKey(text));
  expect([...textKeyInSlices(text)].length).toBeGreaterThan(1);
  expect(atOnce(textKeyInSlices(`${text}\ud83d`))).toBeUndefined();
});

test('what was asked for lately stays, what was not is forgotten, and all of it is bounded', () => {
  const memo = createTextMemo<number>({ bytesMax: 4000 });
  memo.set('asked', 1, 0);
  for (let i = 0; i < 100; i++) {
    memo.set(`other ${i}`, i, 0);
    expect(memo.get('asked')).toBe(1);
  }
  const kept = Array.from({ length: 100 }, (_, i) => memo.get(`other ${i}`)).filter((value) => value !== undefined);
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length * 128).toBeLessThanOrEqual(4000);
});

test('a value as large as a quarter of all is not kept', () => {
  const memo = createTextMemo<string>({ bytesMax: 4000 });
  memo.set('large', 'value', 1000);
  expect(memo.get('large')).toBeUndefined();
});
