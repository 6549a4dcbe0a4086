import { expect, test } from 'vitest';
import { atOnce, growingPiecesOf, piecesOf, SLICE_UNITS, type Slices } from '../../src/lib/slices.ts';

test.each([
  ['no text', '', 1],
  ['a text of one slice', 'a'.repeat(SLICE_UNITS), 1],
  ['a unit more', 'a'.repeat(SLICE_UNITS + 1), 2],
  ['pairs that fit', '🙂'.repeat(SLICE_UNITS), 2],
  ['pairs that do not', `a${'🙂'.repeat(SLICE_UNITS)}`, 2],
  ['half pairs', '\ud83d'.repeat(2 * SLICE_UNITS), 2],
])('pieces are a slice or a unit more, and cut no pair: %s', (_, text, count) => {
  const pieces = [...piecesOf(text)];
  expect(pieces.join('')).toBe(text);
  expect(pieces).toHaveLength(count);
  expect(pieces.every(({ length }) => length <= SLICE_UNITS + 1)).toBe(true);
  expect(pieces.filter((piece) => piece.isWellFormed()).length).toBe(text.isWellFormed() ? count : 0);
});

test.each([
  ['no text', '', []],
  ['a short one', 'a', [1]],
  ['a long one', 'a'.repeat(3 * SLICE_UNITS), [512, 1024, 2048, 4096, 4096, 512]],
  ['pairs', `a${'🙂'.repeat(1024)}`, [513, 1024, 512]],
])('growing pieces are each twice as long as the one before, up to a slice: %s', (_, text, lengths) => {
  const pieces = [...growingPiecesOf(text)];
  expect(pieces.join('')).toBe(text);
  expect(pieces.map(({ length }) => length)).toEqual(lengths);
});

test('all slices at once are the last one', () => {
  function* three(): Slices<string> {
    yield;
    yield;
    return 'done';
  }
  expect(atOnce(three())).toBe('done');
});
