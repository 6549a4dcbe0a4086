import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atOnce } from '../../../src/lib/slices.ts';
import type { JsonDoc, JsonNode, JsonResult } from '../../../src/wire/framing/json.ts';
import { createJsonReader, readJson } from '../../../src/wire/framing/json.ts';

const RUNS = process.env['SLUICE_TEST_LONG'] === undefined ? 300 : 20_000;

/** What JSON.parse would give, from the tape; the last of duplicate keys wins. */
function toValue(doc: JsonDoc, node: JsonNode): unknown {
  switch (doc.type(node)) {
    case 'object': {
      const value: Record<string, unknown> = {};
      doc.fields(node, (key, field) => {
        Object.defineProperty(value, doc.text(key), { value: toValue(doc, field), enumerable: true, configurable: true, writable: true });
      });
      return value;
    }
    case 'array': {
      const value: unknown[] = [];
      doc.items(node, (item) => value.push(toValue(doc, item)));
      return value;
    }
    case 'string':
      return doc.text(node);
    default:
      return JSON.parse(doc.text(node));
  }
}

const asValue = (result: JsonResult): unknown => (result.ok ? { value: toValue(result.doc, result.doc.root) } : 'refused');

function expected(bytes: Buffer): unknown {
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    return 'refused';
  }
}

function inPieces(bytes: Buffer, cuts: readonly number[]): JsonResult {
  const reader = createJsonReader(64);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let i = 1; i < places.length; i++) reader.push(bytes.subarray(places[i - 1], places[i]));
  return reader.end();
}

const jsonText = fc.oneof(fc.json({ maxDepth: 6 }), fc.json({ stringUnit: 'binary' }));
/** JSON with its strings written in many ways: every character may be escaped. */
const escapedJson = fc
  .tuple(jsonText, fc.array(fc.nat(5), { minLength: 1, maxLength: 20 }))
  .map(([text, choices]) => [...text].map((c, i) => (c > '\u007f' && choices[i % choices.length] === 0 ? escapeAll(c) : c)).join(''));
const escapeAll = (text: string): string =>
  Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');

test.each([
  ['numbers', JSON.stringify(Array.from({ length: 60_000 }, (_, at) => at))],
  ['one string', JSON.stringify('é\\"\n'.repeat(60_000))],
  ['a number that is all of it', '1'.repeat(300)],
  ['what ends too early', `[${'1,'.repeat(100_000)}`],
  ['what is wrong in its middle', `[${'1,'.repeat(100_000)},${'1,'.repeat(100_000)}1]`],
])('a text in one piece is read in slices as at once: %s', (_, text) => {
  const bytes = Buffer.from(text);
  const readerOf = (...pieces: readonly Buffer[]) => {
    const reader = createJsonReader(64);
    for (const piece of pieces) reader.push(piece);
    return reader;
  };
  expect(asValue(readerOf(bytes).end())).toEqual(expected(bytes));
  expect(asValue(atOnce(readerOf(bytes).endInSlices()))).toEqual(expected(bytes));
  expect(asValue(atOnce(readerOf(bytes.subarray(0, 10), bytes.subarray(10)).endInSlices()))).toEqual(expected(bytes));
  expect(readerOf(bytes).endInSlices().toArray().length).toBeLessThanOrEqual(bytes.length / 65_536);
});

test('reads what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.oneof(jsonText, escapedJson), (text) => {
      const bytes = Buffer.from(text);
      expect(asValue(readJson(bytes, 512))).toEqual(expected(bytes));
    }),
    { numRuns: RUNS },
  );
});

test('accepts and refuses the same mutated texts as JSON.parse', () => {
  const mutation = fc.record({
    at: fc.nat(),
    byte: fc.oneof(fc.constantFrom(...Buffer.from('{}[]",:\\u0-1.eE+ \ntfn')), fc.nat(255)),
    remove: fc.nat(2),
  });
  fc.assert(
    fc.property(escapedJson, fc.array(mutation, { minLength: 1, maxLength: 4 }), (text, mutations) => {
      let bytes = Buffer.from(text);
      for (const { at, byte, remove } of mutations) {
        const place = at % (bytes.length + 1);
        bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from([byte]), bytes.subarray(place + remove)]);
      }
      expect(asValue(readJson(bytes, 512))).toEqual(expected(bytes));
    }),
    { numRuns: RUNS * 4 },
  );
});

test('gives the same document or reason however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.oneof(escapedJson, fc.string()), fc.array(fc.nat(), { maxLength: 8 }), (text, cuts) => {
      const bytes = Buffer.from(text);
      const whole = readJson(bytes, 64);
      const cut = inPieces(bytes, cuts);
      expect({ ...cut, doc: asValue(cut) }).toEqual({ ...whole, doc: asValue(whole) });
    }),
    { numRuns: RUNS },
  );
});

test('gives the same document at every split of one text, byte by byte too', () => {
  const bytes = Buffer.from('\ufeff{"a\\u0041":[1,-2.5e+10,true,null,"é\\ud83d\\ude00😀\\n"],"b":{"a":false},"":""}\n');
  const whole = asValue(readJson(bytes, 64));
  for (let cut = 0; cut <= bytes.length; cut++) expect(asValue(inPieces(bytes, [cut]))).toEqual(whole);
  expect(asValue(inPieces(bytes, [...bytes.keys()]))).toEqual(whole);
});

const REASONS: readonly (readonly [text: string | Buffer, reason: string])[] = [
  ['', 'truncated'],
  ['  ', 'truncated'],
  ['{"a":', 'truncated'],
  ['["abc', 'truncated'],
  ['"\\u00', 'truncated'],
  ['tru', 'truncated'],
  ['[1', 'truncated'],
  ['{"a" 1}', 'invalid-json'],
  ['[1,]', 'invalid-json'],
  ['{"a":1,}', 'invalid-json'],
  ['[1}', 'invalid-json'],
  ['01', 'invalid-json'],
  ['-', 'invalid-json'],
  ['1.e5', 'invalid-json'],
  ['"\t"', 'invalid-json'],
  ['"\\x"', 'invalid-json'],
  ['"\\u00g0"', 'invalid-json'],
  ['{} {}', 'invalid-json'],
  ['1,2', 'invalid-json'],
  ["{'a':1}", 'invalid-json'],
  ['\u00a01', 'invalid-json'],
  [Buffer.from([0x22, 0xff, 0x22]), 'invalid-utf8'],
  [Buffer.from([0x22, 0xc0, 0x80, 0x22]), 'invalid-utf8'],
  [Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'invalid-utf8'],
  [Buffer.from([0x5b, 0xff]), 'invalid-utf8'],
  [`${'['.repeat(65)}${']'.repeat(65)}`, 'json-depth'],
  [`${'{"a":'.repeat(65)}1`, 'json-depth'],
];

test('the table of reasons has all its rows', () => expect(REASONS).toHaveLength(27));

test.each(REASONS)('refuses %j as %s', (text, reason) => {
  expect(readJson(Buffer.from(text as string), 64)).toEqual({ ok: false, reason });
});

test('takes 64 levels and refuses 65 when the limit is 64', () => {
  expect(readJson(Buffer.from('['.repeat(64) + ']'.repeat(64)), 64).ok).toBe(true);
  expect(readJson(Buffer.from('['.repeat(65) + ']'.repeat(65)), 64)).toEqual({ ok: false, reason: 'json-depth' });
});

test('keeps both of two duplicate keys and finds the last one', () => {
  const { doc } = readJson(Buffer.from('{"role":"user","r\\u006fle":"system"}'), 64) as Extract<JsonResult, { ok: true }>;
  const seen: string[] = [];
  doc.fields(doc.root, (key, value) => seen.push(`${doc.text(key)}=${doc.text(value)}`));
  expect(seen).toEqual(['role=user', 'role=system']);
  expect(doc.text(doc.field(doc.root, 'role')!)).toBe('system');
});

test('says where every token stands', () => {
  const bytes = Buffer.from(' {"é": [12, "x\\n"] }');
  const { doc } = readJson(bytes, 64) as Extract<JsonResult, { ok: true }>;
  const tokens: string[] = [];
  const slice = (node: JsonNode) => tokens.push(bytes.toString('utf8', doc.start(node), doc.end(node)));
  slice(doc.root);
  doc.fields(doc.root, (key, value) => {
    slice(key);
    slice(value);
    doc.items(value, slice);
  });
  expect(tokens).toEqual(['{"é": [12, "x\\n"] }', '"é"', '[12, "x\\n"]', '12', '"x\\n"']);
});

test('reads a range of a buffer with the offsets of the buffer', () => {
  const reader = createJsonReader(64);
  const bytes = Buffer.from('data: {"a":1}\n\n');
  const result = reader.read(bytes, { start: 6, end: 13 });
  expect(result.ok && [result.doc.start(result.doc.root), result.doc.end(result.doc.root)]).toEqual([6, 13]);
});

test('any bytes at all give a result', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(asValue(readJson(Buffer.from(bytes), 64))).toEqual(expected(Buffer.from(bytes)));
    }),
    { numRuns: RUNS },
  );
});
