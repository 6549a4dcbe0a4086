import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { FIXED } from '../../src/lib/limits.ts';
import { type BodyShape, isFieldName, shapeOf } from '../../src/wire/body-shape.ts';
import { FIELD_NAMES } from '../../src/wire/field-names.ts';
import { type JsonNode, readJson } from '../../src/wire/framing/json.ts';
import { PLAIN_NAMES } from '../../src/wire/plain-names.ts';
import { stringFormat } from '../../src/wire/string-format.ts';

function shape(value: unknown): BodyShape {
  return shapeOfText(JSON.stringify(value));
}

function shapeOfText(text: string): BodyShape {
  const read = readJson(Buffer.from(text), 512);
  if (!read.ok) throw new Error(read.reason);
  return shapeOf(read.doc);
}

const numbered = (count: number, value: unknown, name = 'field'): Record<string, unknown> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${name}_${letters(at)}`, value]));
/** `aa`, `ab` …: names without a digit. */
const letters = (at: number): string => String.fromCharCode(97 + Math.floor(at / 26), 97 + (at % 26));

/** What a body says, and what is said of it. */
const BODIES: readonly (readonly [name: string, body: unknown, lines: readonly string[]])[] = [
  ['a text', 'hello', [' string']],
  ['nothing', null, [' null']],
  ['an empty object', {}, [' object']],
  ['an empty list', [], [' array']],
  [
    'fields of every type',
    { a: 'x', b: 1, c: 1.5, d: -2, e: 1e3, f: true, g: false, h: null, i: {}, j: [] },
    [
      ' object',
      ...['/a string', '/b integer', '/c number', '/d integer', '/e integer', '/f boolean', '/g boolean', '/h null', '/i object'],
      '/j array',
    ],
  ],
  [
    'a list of objects that differ',
    [{ id: 1, name: 'a' }, { id: 'x' }, { id: null, name: 'b' }],
    [' array', '/* object', '/*/id integer|null|string', '/*/name? string'],
  ],
  ['lists in lists', { rows: [[1], [2.5, 'x']] }, [' object', '/rows array', '/rows/* array', '/rows/*/* integer|number|string']],
  ['a field that is an object or a text', [{ a: { b: 1 } }, { a: 'x' }], [' array', '/* object', '/*/a object|string', '/*/a/b integer']],
  [
    'keys that are ids, dates, addresses or sentences',
    { by: { '4711': 1, '9f1c0a7e': 2 }, on: { '2024-05-06': true }, of: { 'ann@bank.example': 1 }, say: { 'Pay Ann': 1, 'Pay Bob': 2 } },
    [
      ' object',
      ...['/by object', '/on object', '/of object', '/say object'],
      ...['/by/{key} integer', '/on/{key} boolean', '/of/{key} integer', '/say/{key} integer'],
    ],
  ],
  [
    'a key that is data among names',
    { first: 1, second: 2, 'Ann Smith': 'x' },
    [' object', '/first integer', '/second integer', '/{key} string'],
  ],
  ['names among keys that are data', { ann: 1, 'Ann Smith': 2 }, [' object', '/{key} integer']],
  ['a key that is as long as no name', { ['a'.repeat(65)]: 1, b: 2, c: 3 }, [' object', '/b integer', '/c integer', '/{key} integer']],
  ['a short table by first names', { anna: { age: 41 }, tom: { age: 7 } }, [' object', '/{key} object', '/{key}/age integer']],
  [
    'a short table by names that nobody knows, of rows that are much alike',
    { xandriel: { age: 41, city: 'Ulm' }, quorvan: { age: 7, city: 'Bonn', dog: true }, total: 2 },
    [' object', '/total integer', '/{key} object', '/{key}/age integer', '/{key}/city string', '/{key}/dog? boolean'],
  ],
  [
    'a table of lists',
    { xandriel: [{ id: 1 }], quorvan: [{ id: 2 }] },
    [' object', '/{key} array', '/{key}/* object', '/{key}/*/id integer'],
  ],
  ['a table of empty objects', { xandriel: {}, quorvan: {} }, [' object', '/{key} object']],
  ['a table of numbers by first names', { anna: 5, tom: 7 }, [' object', '/{key} integer']],
  ['a table with more first names than others', { anna: 5, tom: 7, xandriel: 9 }, [' object', '/{key} integer']],
  [
    'one person',
    { balances: { Anna: { amount: 5 } } },
    [' object', '/balances object', '/balances/{key} object', '/balances/{key}/amount integer'],
  ],
  ['people in a list of tables', [{ anna_smith: 1 }, { tomKowalski: 2 }, { 'eva.nowak': 3 }], [' array', '/* object', '/*/{key} integer']],
  [
    'objects that differ',
    { user: { id: 1, name: 'x', mail: 'y' }, order: { id: 2, total: 3.5, lines: [] } },
    [
      ...[' object', '/user object', '/order object'],
      ...['/user/id integer', '/user/name string', '/user/mail string', '/order/id integer', '/order/total number', '/order/lines array'],
    ],
  ],
  ['a table of objects', numbered(8, { a: 1 }), [' object', '/{key} object', '/{key}/a integer']],
  ['a table of numbers', numbered(24, 1), [' object', '/{key} integer']],
  ['more names than fields', numbered(65, null), [' object', '/{key} null']],
];

describe('the shape of a body', () => {
  it.each(BODIES)('says names and types: %s', (_, body, lines) => {
    expect(shape(body)).toEqual(lines);
  });

  it('is tried with every kind', () => expect(BODIES).toHaveLength(24));

  it('keeps the names of a few objects, and of many fields that differ', () => {
    const differing = Object.fromEntries(Array.from({ length: 7 }, (_, at) => [`part_${letters(at)}`, { [`only_${letters(at)}`]: 1 }]));
    expect(shape(differing)).toHaveLength(15);
    expect(shape(numbered(23, 1))).toHaveLength(24);
    expect(shape({ ...numbered(40, 1), text: 'x' })).toHaveLength(42);
  });

  it('has a key that comes twice once', () => {
    expect(shapeOfText('[{"a":1,"a":"x"},{"a":2},{}]')).toEqual([' array', '/* object', '/*/a? integer|string']);
  });

  it('does not depend on white space or the order of elements', () => {
    expect(shapeOfText('[ {"b" : 1}, {} ]')).toEqual(shapeOfText('[{},{"b":1}]'));
  });

  it('is bounded in fields: an object that does not fit is said without its own', () => {
    const parts = (more: number) => ({ one: { ...numbered(62, 1), text: 'x' }, two: { ...numbered(60 + more, 1, 'other'), text: 'x' } });
    expect(shape(parts(0))).toHaveLength(127);
    expect(shape(parts(1))).toHaveLength(FIXED.shapeFields);
    expect(shape(parts(2))).toHaveLength(66);
  });

  it('is bounded in depth', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });
    const lines = [FIXED.shapeDepth - 1, FIXED.shapeDepth, FIXED.shapeDepth + 1].map((levels) => shape(nested(levels)));
    expect(lines.map(({ length }) => length)).toEqual([FIXED.shapeDepth, FIXED.shapeDepth + 1, FIXED.shapeDepth + 1]);
    expect(lines.map((one) => one.at(-1)?.split(' ')[1])).toEqual(['integer', 'integer', 'object']);
  });

  it('is bounded in the length of paths', () => {
    const inner = (last: number) => ({
      list: { deep: { ...numbered(54, 1, 'note'.repeat(15)), tenletters: 'x', ['word'.repeat(14).slice(0, last)]: 'x' } },
    });
    const units = (lines: BodyShape) => lines.reduce((sum, line) => sum + line.slice(0, line.indexOf(' ')).length, 0);
    expect([52, 53, 54].map((last) => units(shape(inner(last))))).toEqual([FIXED.shapeUnits - 1, FIXED.shapeUnits, 15]);
  });

  it('is bounded in values', () => {
    const rows = Array.from({ length: 32 }, () => ({ ...numbered(60, 1), text: 'x' }));
    const list = (length: number) => Array.from({ length }, () => 1);
    // The body, its 3 fields, 32 rows, 32 and 28 numbers, and 32 × 61 values in the rows.
    expect(1 + 3 + 32 + 32 + 28 + 32 * 61).toBe(FIXED.shapeNodes);
    expect([27, 28, 29].map((more) => shape({ rows, all: list(32), more: list(more) }).length)).toEqual([68, 68, 7]);
  });

  it('looks at the first elements of a list', () => {
    const list = (before: number) => shape([...Array.from({ length: before }, () => 1), 'x']);
    expect([list(31), list(32)]).toEqual([
      [' array', '/* integer|string'],
      [' array', '/* integer'],
    ]);
  });
});

test.each([
  ['3b241101-e2bb-4255-8caf-4136c566a962', 'uuid'],
  ['2024-05-06', 'date'],
  ['2024-05-06T10:11:12Z', 'date-time'],
  ['2024-05-06T10:11:12.5+02:00', 'date-time'],
  ['ann@bank.example', 'email'],
  ['https://bank.example/x?y=z', 'uri'],
  ['10.1.2.255', 'ipv4'],
  ['fe80::1:2', 'ipv6'],
  ['2001:0db8:0000:0000:0000:ff00:0042:8329', 'ipv6'],
  ['10.1.2.256', undefined],
  ['1.2.3', undefined],
  ['2024-13-06', undefined],
  ['2024-05', undefined],
  ['write to ann@bank.example', undefined],
  ['12:30:45', undefined],
  ['hello', undefined],
  ['', undefined],
])('the format of "%s" is %s', (text, format) => {
  expect(stringFormat(text)).toBe(format);
});

test.each([
  ['amount', true],
  ['first_name', true],
  ['X-Request-Id', true],
  ['$schema', true],
  ['@type', true],
  ['address1', true],
  ['iso8601', true],
  ['oauth2.token', true],
  ['', false],
  ['first name', false],
  ['größe', false],
  ['1st', false],
  ['-x', false],
  ['a/b', false],
  ['{key}', false],
  ['ann@bank.example', false],
  ['q7x1pxl8k93p7n4pz4', false],
  ['user-4711', false],
  ['550e8400e29b41d4', false],
  ['a'.repeat(65), false],
  ['anna', false],
  ['TOM', false],
  ['Anna-Smith', false],
  ['customer_anna', false],
  ['annaSmith', false],
  ['max_tokens', true],
  ['grant_type', true],
  ['customers', true],
  ['annual', true],
  ['atomic', true],
])('"%s" reads like the name of a field: %s', (name, is) => {
  expect(isFieldName(name)).toBe(is);
});

test("no name of a field that dialects have is somebody's", () => {
  const names = [...PLAIN_NAMES, ...FIELD_NAMES];
  expect(names.length).toBeGreaterThan(150);
  expect(names.filter((name) => !isFieldName(name))).toEqual([]);
});

it('says no value, whatever a body says', () => {
  const word = 'Qq Zz';
  const values = fc.oneof(fc.constantFrom(word, 7071067, 3.7071067, `https://${word}`, `${word}@x.example`, true, null));
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      values,
      fc.array(tie('tree'), { maxLength: 5 }),
      fc.dictionary(fc.constantFrom('a', 'b', word), tie('tree')),
    ),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      const said = shape(value).join('\n');
      expect(['Qq', 'Zz', '7071067'].filter((part) => said.includes(part))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('of a table of many thousand keys it looks at no more than it takes to know that it is one', () => {
  const orders = Array.from({ length: 20_000 }, (_, at) => [`order-${100_000 + at}`, at]);
  const read = readJson(Buffer.from(JSON.stringify(Object.fromEntries(orders))), 512);
  if (!read.ok) throw new Error(read.reason);
  const { doc } = read;
  let looks = 0;
  const counting = {
    ...doc,
    name(node: JsonNode): string {
      looks++;
      return doc.name(node);
    },
  };
  expect(shapeOf(counting)).toEqual([' object', '/{key} integer']);
  expect(looks).toBeLessThan(200);
});
