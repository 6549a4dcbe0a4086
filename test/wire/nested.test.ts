import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteOffset } from '../../src/lib/units.ts';
import type { OuterSource, Segment } from '../../src/text/segment.ts';
import { createNestedLexer, lexNested } from '../../src/wire/nested.ts';
import { runs } from './pieces.ts';

const outer = (ordinal: number, text: string): OuterSource => ({
  kind: 'utf8',
  start: byteOffset(ordinal * 10_000),
  end: byteOffset(ordinal * 10_000 + Buffer.byteLength(text)),
});

/** Text and token of each key, in order of appearance. */
function texts(segments: readonly Segment[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { key, text, source } of segments) {
    const token = source.kind === 'nested' ? source.token : 'none';
    found[`${key} ${token}`] = (found[`${key} ${token}`] ?? '') + text;
  }
  return found;
}

const whole = (text: string) => lexNested(text, { key: 'k', lane: 'tool-arguments', outer: outer(0, text) });

function cut(parts: readonly string[]): { segments: Segment[]; laneEnds: string[] } {
  const segments: Segment[] = [];
  const laneEnds: string[] = [];
  const lexer = createNestedLexer({ key: 'k', lane: 'tool-arguments', emit: (s) => segments.push(s), ends: (key) => laneEnds.push(key) });
  for (const [i, part] of parts.entries()) lexer.push(part, outer(i, part));
  lexer.end();
  return { segments, laneEnds };
}

const CASES: readonly (readonly [what: string, text: string, found: Record<string, string>])[] = [
  [
    'strings, keys and long numbers',
    '{"to":"bob\\n","n":123456789,"m":12345678}',
    {
      'k/0 key': 'to',
      'k/1 string': 'bob\n',
      'k/2 key': 'n',
      'k/3 number': '123456789',
      'k/4 key': 'm',
    },
  ],
  ['escapes undone once more', '["\\u0041KIA\\/\\""]', { 'k/0 string': 'AKIA/"' }],
  ['text that is not JSON, as one text', ' pay 4111 1111 "x"', { 'k/raw raw': 'pay 4111 1111 "x"' }],
  ['one string', '"abc"', { 'k/0 string': 'abc' }],
  ['what follows the JSON', '{} card 4111 1111', { 'k/raw raw': 'card 4111 1111' }],
  ['words that are no literals, with the rest', '[nul 4111 1111, "\\u0041"]', { 'k/raw raw': 'nul 4111 1111, ]', 'k/0 string': 'A' }],
  ['literals, which are not text', '[true , false,null\n,-1.5e3 ]', {}],
  ['two texts after each other', '{"a":"1"}{"b":"2"}', { 'k/0 key': 'a', 'k/1 string': '1', 'k/2 key': 'b', 'k/3 string': '2' }],
  ['a string that never ends', '{"a":"xy', { 'k/0 key': 'a', 'k/1 string': 'xy' }],
  ['a backslash that begins no escape', '["\\x\\u00zz"]', { 'k/0 string': '\\x\\u00zz' }],
  ['an escape that never ends', '["a\\u00', { 'k/0 string': 'a\\u00' }],
  ['strings after an error, decoded', '{,"a":"\\u0041"', { 'k/raw raw': ',:', 'k/0 string': 'a', 'k/1 string': 'A' }],
  ['a number with separators it should not have', '[4111 1111 1111 1111]', { 'k/raw raw': '4111 1111 1111 1111]' }],
];

test('the table of nested texts has all its rows', () => expect(CASES).toHaveLength(13));

test.each(CASES)('finds %s', (_what, text, found) => {
  expect(texts(whole(text).segments)).toEqual(found);
});

test.each(CASES)('finds %s in the same keys at every two cuts', (_what, text) => {
  const expected = texts(whole(text).segments);
  for (let a = 0; a <= text.length; a++) {
    for (let b = a; b <= text.length; b++) {
      expect(texts(cut([text.slice(0, a), text.slice(a, b), text.slice(b)]).segments)).toEqual(expected);
    }
  }
});

test('ends every key it used', () => {
  const { segments, laneEnds } = whole('{"a":["x",1234567890]} rest');
  expect(new Set(laneEnds)).toEqual(new Set(segments.map(({ key }) => key)));
});

test('waits for the end of an escape or a number, and not otherwise', () => {
  const lexer = createNestedLexer({ key: 'k', lane: 'tool-arguments', emit: () => undefined, ends: () => undefined });
  const waits = ['{"a', '":', '12', '3,', '"b":"c', '\\', 'u00', '41', 'd"', '}'].map((part) => {
    lexer.push(part, outer(0, part));
    return lexer.isWaiting();
  });
  expect(waits).toEqual([false, false, true, false, false, true, true, false, false, false]);
});

test('gives every string that JSON.parse gives, whatever the cuts', () => {
  const strings = (value: unknown): string[] =>
    typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
  fc.assert(
    fc.property(
      fc.json({ stringUnit: 'binary', noUnicodeString: false } as never),
      fc.array(fc.nat(), { maxLength: 5 }),
      (json, places) => {
        const text = json.replace(/[^\0-~]/g, (c, i: number) => (i % 2 === 0 ? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}` : c));
        const at = [0, ...places.map((p) => p % (text.length + 1)).sort((a, b) => a - b), text.length];
        const { segments } = cut(at.slice(1).map((end, i) => text.slice(at[i], end)));
        const found = texts(segments);
        const inner = Object.entries(found).flatMap(([key, value]) => (key.endsWith(' string') ? [value] : []));
        // duplicate keys: JSON.parse keeps the last only
        for (const expected of strings(JSON.parse(text)).filter((s) => s !== '' && text.trim()[0] !== undefined))
          expect(inner).toContain(expected);
      },
    ),
    { numRuns: runs(300) },
  );
});

test('finds the same texts in any text at all, however it is cut', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'{}[]",:\\u0041 tfn9-.eab') }),
      fc.array(fc.nat(), { maxLength: 5 }),
      (text, places) => {
        const at = [0, ...places.map((p) => p % (text.length + 1)).sort((a, b) => a - b), text.length];
        expect(texts(cut(at.slice(1).map((end, i) => text.slice(at[i], end))).segments)).toEqual(texts(whole(text).segments));
      },
    ),
    { numRuns: runs(1000) },
  );
});
