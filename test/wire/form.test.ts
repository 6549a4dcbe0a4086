import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BodyPart, WireFormat } from '../../src/wire/format.ts';
import { generic } from '../../src/wire/formats/generic.ts';
import { percentDecoded, percentEncoded } from '../../src/wire/framing/form.ts';
import { cutPlaces, pieces, runs } from './pieces.ts';
import type { ReadOptions } from './reading.ts';
import { lanes, outcome, read } from './reading.ts';
import { bytesOf, reasonsOf, redacted } from './redacting.ts';

const FORM: ReadOptions = { format: generic, direction: 'request', contentType: 'application/x-www-form-urlencoded' };

const FORMS: readonly (readonly [what: string, body: string, texts: readonly (readonly [string, string])[], after: string])[] = [
  [
    'names and values',
    'a=x&b=SECRET',
    [
      ['key#form.a', 'a'],
      ['form.a', 'x'],
      ['key#form.b', 'b'],
      ['form.b', 'SECRET'],
    ],
    'a=x&b=%5BX%5D',
  ],
  [
    'escapes in both',
    'a%20b=x+%C3%A9+SECRET%21',
    [
      ['key#form.a b', 'a b'],
      ['form.a b', 'x é SECRET!'],
    ],
    'a%20b=x+%C3%A9+%5BX%5D%21',
  ],
  [
    'a secret written in escapes',
    'a=%53ECRE%54&b=%zz',
    [
      ['key#form.a', 'a'],
      ['form.a', 'SECRET'],
      ['key#form.b', 'b'],
      ['form.b', '%zz'],
    ],
    'a=%5BX%5D&b=%zz',
  ],
  [
    'escapes that are none',
    'a=100%&b=%4&c=%g1 SECRET',
    [
      ['key#form.a', 'a'],
      ['form.a', '100%'],
      ['key#form.b', 'b'],
      ['form.b', '%4'],
      ['key#form.c', 'c'],
      ['form.c', '%g1 SECRET'],
    ],
    'a=100%&b=%4&c=%25g1+%5BX%5D',
  ],
  [
    'a name that comes again',
    'a=x&a=SECRET&a',
    [
      ['key#form.a', 'a'],
      ['form.a', 'x'],
      ['form.a~1', 'SECRET'],
      ['form.~2', 'a'],
    ],
    'a=x&a=%5BX%5D&a',
  ],
  ['a text without a name', 'my SECRET text', [['form.', 'my SECRET text']], 'my+%5BX%5D+text'],
  [
    'a value with an equals sign',
    'a=b=SECRET',
    [
      ['key#form.a', 'a'],
      ['form.a', 'b=SECRET'],
    ],
    'a=b%3D%5BX%5D',
  ],
  [
    'empty fields',
    '&&a=&=SECRET&',
    [
      ['key#form.a', 'a'],
      ['form.', 'SECRET'],
    ],
    '&&a=&=%5BX%5D&',
  ],
  [
    'a value that is JSON',
    'p=%7B%22k%22%3A%22a+SECRET%22%7D',
    [
      ['key#form.p', 'p'],
      ['form.p/0', 'k'],
      ['form.p/1', 'a SECRET'],
    ],
    'p=%7B%22k%22%3A%22a+%5BX%5D%22%7D',
  ],
  [
    'a value that only begins as JSON',
    'p=[SECRET] x',
    [
      ['key#form.p', 'p'],
      ['form.p', '[SECRET] x'],
    ],
    'p=%5B%5BX%5D%5D+x',
  ],
  [
    'bytes that are no UTF-8',
    'a=%E9+SECRET',
    [
      ['key#form.a', 'a'],
      ['form.a', 'é SECRET'],
    ],
    'a=%E9+%5BX%5D',
  ],
  [
    'JSON that says it is a form',
    '{"a":"SECRET"}',
    [
      ['key#0', 'a'],
      ['body.a', 'SECRET'],
    ],
    '{"a":"[X]"}',
  ],
];

test('the table of forms has all its rows', () => expect(FORMS).toHaveLength(12));

test.each(FORMS)('reads %s', (_what, body, texts, after) => {
  const { frames } = read([Buffer.from(body)], FORM);
  expect(lanes({ frames }).map(([, key, text]) => [key, text])).toEqual(texts);
  expect(reasonsOf(frames)).toEqual([]);
  expect(bytesOf(frames).toString()).toBe(body);
  expect(redacted(frames, 'SECRET').toString()).toBe(after);
});

test('values of a request are the user’s, of an answer the output', () => {
  expect(lanes(read([Buffer.from('a=x')], FORM)).map(([lane]) => lane)).toEqual(['user', 'user']);
  expect(lanes(read([Buffer.from('a=x')], { ...FORM, direction: 'response' })).map(([lane]) => lane)).toEqual(['output', 'output']);
});

test('a dialect says where fields belong', () => {
  const asked: BodyPart[] = [];
  const format: WireFormat = {
    ...generic,
    readPart(part, facts) {
      asked.push(part);
      facts.model = 'm';
      return part.name === 'system' ? 'system' : 'structural';
    },
  };
  const long = 'x'.repeat(129);
  const { frames, facts } = read([Buffer.from(`system=s&id=5&long=${long}`)], { ...FORM, format });
  expect(lanes({ frames }).filter(([, key]) => !key.startsWith('key#'))).toEqual([
    ['system', 'form.system', 's'],
    ['user', 'form.long', long],
  ]);
  expect(asked.map(({ name, value }) => [name, value])).toEqual([
    ['system', 's'],
    ['id', '5'],
    ['long', undefined],
  ]);
  expect(facts.model).toBe('m');
});

test('a form over the limit is given unread, one with too many fields is one text', () => {
  const over = read([Buffer.from('a=xxxx'), Buffer.from('yyyy')], { ...FORM, limits: { bodyBytes: 8 } });
  expect(over.frames.map(({ bytes, uninspectable }) => [bytes.toString(), uninspectable])).toEqual([
    ['a=xxxx', 'body-limit'],
    ['yyyy', 'body-limit'],
  ]);
  const many = 'a=1&'.repeat(16 * 1024 + 1);
  const { frames } = read([Buffer.from(many)], FORM);
  expect(reasonsOf(frames)).toEqual(['lane-limit']);
  expect(lanes({ frames }).map(([, , text]) => text)).toEqual([many]);
});

test('any bytes survive percent-encoding', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), (array) => {
      expect(percentDecoded(percentEncoded(Buffer.from(array))).equals(Buffer.from(array))).toBe(true);
    }),
    { numRuns: runs(200) },
  );
});

const FORM_BYTES = fc.array(fc.oneof(fc.constantFrom('&', '=', '%', '+', '%41', '%C3%A9', '%FF', '{"a":', '"x"', '}', 'é'), fc.string()), {
  maxLength: 20,
});

test('any form in any pieces is read the same, as URLSearchParams reads it', () => {
  fc.assert(
    fc.property(FORM_BYTES, cutPlaces, (parts, cuts) => {
      const body = `a=${parts.join('')}`;
      const bytes = Buffer.from(body);
      const whole = read([bytes], FORM);
      expect(outcome(read(pieces(bytes, cuts), FORM))).toEqual(outcome(whole));
      expect(bytesOf(whole.frames).equals(bytes)).toBe(true);
    }),
    { numRuns: runs(300) },
  );
});

const params = fc.array(fc.tuple(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ unit: 'binary' })), { maxLength: 8 });

test('names and values are those of URLSearchParams', () => {
  fc.assert(
    fc.property(params, (pairs) => {
      const body = `first=1&${new URLSearchParams(pairs).toString()}`;
      const { frames } = read([Buffer.from(body)], FORM);
      const expected = [...new URLSearchParams(body)].map(([, value]) => value).filter((value) => value !== '' && !/^\s*[{[]/.test(value));
      const found = frames.flatMap(({ segments }) => segments.filter(({ source }) => source.kind === 'utf8').map(({ text }) => text));
      expect(found.filter((value) => !/^\s*[{[]/.test(value))).toEqual(expected);
    }),
    { numRuns: runs(300) },
  );
});
