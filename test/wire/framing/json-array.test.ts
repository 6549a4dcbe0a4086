import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ArrayPiece } from '../../../src/wire/framing/json-array.ts';
import { createArrayFramer } from '../../../src/wire/framing/json-array.ts';
import { bytewise, cutPlaces, pieces, runs } from '../pieces.ts';

function frames(parts: readonly Buffer[], elementBytesMax = 1 << 20): ArrayPiece[] {
  const framer = createArrayFramer({ elementBytesMax });
  return [...parts.flatMap((part) => [...framer.push(part)]), ...framer.end()];
}

const shape = (found: readonly ArrayPiece[]): string[] =>
  found.map((piece) => {
    const text = piece.bytes.toString('latin1');
    return piece.kind === 'element' ? `${text.slice(0, piece.start)}<${text.slice(piece.start, piece.end)}>` : `${piece.kind} ${text}`;
  });

const joined = (found: readonly ArrayPiece[]): string => Buffer.concat(found.map(({ bytes }) => bytes)).toString('latin1');

const ARRAYS: readonly (readonly [what: string, text: string, shape: readonly string[]])[] = [
  ['objects', '[{"a":1}\n,\r\n{"b":[2]}]', ['[<{"a":1}>', '\n,\r\n<{"b":[2]}>', 'close ]']],
  ['an empty array', ' [ ] ', ['close  [ ]', 'close  ']],
  ['brackets and quotes in strings', '[{"a":"]}\\"]"},"[\\\\"]', ['[<{"a":"]}\\"]"}>', ',<"[\\\\">', 'close ]']],
  ['numbers and literals', '[1, -2.5e3 ,true]', ['[<1>', ', <-2.5e3>', ' ,<true>', 'close ]']],
  ['arrays in the array', '[[1,[2]],[]]', ['[<[1,[2]]>', ',<[]>', 'close ]']],
  ['a byte order mark', '\xef\xbb\xbf[1]', ['\xef\xbb\xbf[<1>', 'close ]']],
  ['a missing comma', '[{"a":1} {"b":2}]', ['[<{"a":1}>', 'broken  {"b":2}]']],
  ['two commas', '[1,,2]', ['[<1>', 'broken ,,2]']],
  ['a comma before the end', '[1,]', ['[<1>', 'broken ,]']],
  ['something after the end', '[1]x[', ['[<1>', 'close ]', 'broken x[']],
  ['no array', '{"a":1}', ['broken {"a":1}']],
  ['an array that stops between elements', '[{"a":1}', ['[<{"a":1}>']],
  ['an array that stops in an element', '[{"a":1},{"b', ['[<{"a":1}>', 'broken ,{"b']],
  ['an array that stops in a number', '[12', ['broken [12']],
  ['nothing', '', []],
];

test('the table of arrays has all its rows', () => expect(ARRAYS).toHaveLength(15));

/** What is no array comes as its bytes come: joined, it is the same. */
function whole(found: readonly ArrayPiece[]): string[] {
  const broken = joined(found.filter(({ kind }) => kind === 'broken'));
  return [...shape(found.filter(({ kind }) => kind !== 'broken')), ...(broken === '' ? [] : [`broken ${broken}`])];
}

test.each(ARRAYS)('frames %s, whole, byte by byte and at every split', (_what, text, expected) => {
  const bytes = Buffer.from(text, 'latin1');
  expect(shape(frames([bytes]))).toEqual(expected);
  expect(whole(frames(bytewise(bytes)))).toEqual(expected);
  for (let at = 0; at <= bytes.length; at++) expect(whole(frames(pieces(bytes, [at])))).toEqual(expected);
});

test('says why an array is broken', () => {
  const reasons = (text: string) => frames([Buffer.from(text)]).flatMap((piece) => (piece.kind === 'broken' ? [piece.reason] : []));
  expect(reasons('[1 2]')).toEqual(['invalid-json']);
  expect(reasons('[{"a"')).toEqual(['truncated']);
});

test('gives an element as soon as its last byte is there', () => {
  const framer = createArrayFramer({ elementBytesMax: 100 });
  expect(shape(framer.push(Buffer.from('[{"a":')))).toEqual([]);
  expect(shape(framer.push(Buffer.from('1}')))).toEqual(['[<{"a":1}>']);
  expect(shape(framer.push(Buffer.from(',{"b"')))).toEqual([]);
  expect(shape(framer.push(Buffer.from(':2}]')))).toEqual([',<{"b":2}>', 'close ]']);
});

test('an element over the limit comes in pieces, the next one whole', () => {
  const bytes = Buffer.from(`[{"a":"${'x'.repeat(40)}"},{"b":1}]`);
  const found = frames(bytewise(bytes), 20);
  expect(joined(found)).toBe(bytes.toString());
  expect(found.filter(({ kind }) => kind === 'oversized').every((piece) => piece.bytes.length <= 21)).toBe(true);
  expect(shape(found).slice(-2)).toEqual([',<{"b":1}>', 'close ]']);
  expect(shape(frames([bytes], 20))).toEqual([`oversized [{"a":"${'x'.repeat(40)}"}`, ',<{"b":1}>', 'close ]']);
});

test('elements are those of JSON.parse, and no byte is lost, whatever the cutting', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { maxLength: 6 }), fc.constantFrom(undefined, 1, '\r\n'), cutPlaces, (values, space, cuts) => {
      const bytes = Buffer.from(JSON.stringify(values, undefined, space));
      const found = frames(pieces(bytes, cuts));
      const elements = found.flatMap((piece) => (piece.kind === 'element' ? [piece.bytes.toString('utf8', piece.start, piece.end)] : []));
      expect(elements.map((text) => JSON.parse(text))).toEqual(JSON.parse(bytes.toString()));
      expect(joined(found)).toBe(bytes.toString('latin1'));
      expect(shape(found)).toEqual(shape(frames([bytes])));
    }),
    { numRuns: runs(200) },
  );
});

test('any bytes come out as they went in', () => {
  const noise = fc.array(fc.constantFrom('[', ']', '{', '}', ',', '"', '\\', 'a', '1', ' ', 'é'), { maxLength: 30 });
  fc.assert(
    fc.property(noise, cutPlaces, fc.integer({ min: 1, max: 12 }), (tokens, cuts, limit) => {
      const bytes = Buffer.from(`[${tokens.join('')}`);
      expect(joined(frames(pieces(bytes, cuts), limit))).toBe(bytes.toString('latin1'));
      expect(whole(frames(pieces(bytes, cuts)))).toEqual(whole(frames([bytes])));
    }),
    { numRuns: runs(300) },
  );
});
