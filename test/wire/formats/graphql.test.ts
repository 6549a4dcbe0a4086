import { expect, test } from 'vitest';
import { utf16Offset } from '../../../src/lib/units.ts';
import { denialFor } from '../../../src/respond/denial.ts';
import { spliceFrame } from '../../../src/respond/splice.ts';
import { graphql, operationKinds } from '../../../src/wire/formats/graphql.ts';
import { readJson } from '../../../src/wire/framing/json.ts';
import { read, values } from '../reading.ts';

const request = (body: unknown) => read([Buffer.from(JSON.stringify(body))], { format: graphql, direction: 'request' });
const says = (method: 'recogniseBody' | 'fits', body: unknown) => {
  const result = readJson(Buffer.from(JSON.stringify(body)), 64);
  return result.ok && graphql[method]!(result.doc);
};

const DOCUMENTS: readonly (readonly [text: string, kinds: readonly string[] | undefined])[] = [
  ['{ me { name } }', ['query']],
  ['query Me($id: ID! = "}") { me(id: $id) { name } }', ['query']],
  ['mutation { pay(card: "4111 { 1111") { ok } }', ['mutation']],
  ['# a comment {\nsubscription Prices { price }', ['subscription']],
  ['query A { a } mutation B { b } fragment F on T { c }', ['query', 'mutation']],
  ['fragment F on T { c }', []],
  ['{ a(x: """block \\""" " } """) }', ['query']],
  ['query ($x: [Int!]! = [1, 2]) @live { a }', ['query']],
  ['query the bank for my balance', undefined],
  ['what is {this}?', undefined],
  ['{ a', undefined],
  ['{ a } }', undefined],
  ['query ) ( { a }', undefined],
  ['type T { a: Int }', undefined],
  ['', undefined],
];

test('the table of documents has all its rows', () => expect(DOCUMENTS).toHaveLength(15));
test.each(DOCUMENTS)('kinds of operation: %s', (text, kinds) => {
  expect(operationKinds(text)).toEqual(kinds);
});

test('a body is recognised by its document, not by having a query', () => {
  expect(says('recogniseBody', { query: '{ me }' })).toBe(true);
  expect(says('recogniseBody', [{ query: 'mutation { a }' }])).toBe(true);
  expect(says('recogniseBody', { query: 'weather in Berlin' })).toBe(false);
  expect(says('recogniseBody', { query: { match: {} } })).toBe(false);
  expect(says('recogniseBody', 'query')).toBe(false);
  const head = (path: string) => ({ method: 'POST', path, host: '', header: () => undefined });
  expect(['/graphql', '/api/graphql/', '/graphql/x'].map((path) => graphql.recognise(head(path)))).toEqual([true, true, false]);
});

test('a body behind the path may be a persisted query, and does not fit when it is something else', () => {
  expect(says('fits', { extensions: { persistedQuery: { version: 1 } } })).toBe(true);
  expect(says('fits', [{ query: '{ a }' }])).toBe(true);
  expect(says('fits', { messages: [] })).toBe(false);
});

test('the document is the query, each value of its variables is the user’s', () => {
  const { frames, facts } = request({
    operationName: 'Pay',
    query: 'mutation Pay($to: String) { pay(to: $to, note: "rent") { ok } }',
    variables: { to: 'bob', cards: ['c1'], account: 123456789 },
    extensions: { persistedQuery: { sha256Hash: 'abc' } },
    odd: 'o',
  });
  expect(values({ frames })).toEqual([
    ['query', 'body.query', 'mutation Pay($to: String) { pay(to: $to, note: "rent") { ok } }'],
    ['user', 'body.variables.to', 'bob'],
    ['user', 'body.variables.cards.0', 'c1'],
    ['user', 'body.variables.account', '123456789'],
    ['other', 'body.extensions.persistedQuery.sha256Hash', 'abc'],
    ['other', 'body.odd', 'o'],
  ]);
  expect(facts.methods).toEqual(['mutation']);
});

test('a batch has the kinds of all its operations', () => {
  const { frames, facts } = request([{ query: '{ a }' }, { query: 'mutation { b }', variables: 'odd' }, 'lost']);
  expect(values({ frames })).toEqual([
    ['query', 'body.0.query', '{ a }'],
    ['query', 'body.1.query', 'mutation { b }'],
    ['user', 'body.1.variables', 'odd'],
    ['other', 'body.2', 'lost'],
  ]);
  expect(facts.methods).toEqual(['query', 'mutation']);
});

test('a form has its query, and the variables and the files of an upload their own lanes', () => {
  const form = read([Buffer.from('query=%7B+me+%7D&operationName=Me&variables=%7B%22to%22%3A%22bob%22%7D')], {
    format: graphql,
    direction: 'request',
    contentType: 'application/x-www-form-urlencoded',
  });
  expect(values(form).map(([lane, , text]) => [lane, text])).toContainEqual(['query', '{ me }']);
  expect(values(form).map(([lane, , text]) => [lane, text])).toContainEqual(['user', 'bob']);
  const part = (head: string, content: string) => `--b\r\ncontent-disposition: form-data; ${head}\r\n\r\n${content}\r\n`;
  const operations = JSON.stringify({ query: 'mutation { up }', variables: { note: 'rent' } });
  const upload = `${part('name="operations"', operations)}${part('name="0"; filename="a.txt"', 'a file')}--b--\r\n`;
  const parts = read([Buffer.from(upload)], { format: graphql, direction: 'request', contentType: 'multipart/form-data; boundary=b' });
  expect(values(parts).map(([lane, , text]) => [lane, text])).toEqual(
    expect.arrayContaining([
      ['user', 'rent'],
      ['document', 'a file'],
    ]),
  );
});

test('data and errors are output, in a body and in each event of a subscription', () => {
  const answer = { data: { me: { name: 'Bob' } }, errors: [{ message: 'no', path: ['me'] }] };
  const texts = [
    ['output', 'Bob'],
    ['output', 'no'],
    ['output', 'me'],
  ];
  const whole = read([Buffer.from(JSON.stringify(answer))], { format: graphql, direction: 'response' });
  expect(values(whole).map(([lane, , text]) => [lane, text])).toEqual(texts);
  const event = Buffer.from(`event: next\ndata: ${JSON.stringify(answer)}\n\n`);
  const streamed = read([event, event], { format: graphql, direction: 'response', contentType: 'text/event-stream' });
  expect(
    values(streamed)
      .filter(([, key]) => key.startsWith('event'))
      .map(([lane, , text]) => [lane, text]),
  ).toEqual(['Bob', 'nono', 'meme', 'Bob'].map((text) => ['output', text])); // what stands at one place may be said piece by piece
});

test('a denial is an error of GraphQL, and a stream ends with one', () => {
  const denial = denialFor('content_filter', 'pii.card');
  const errors = [{ message: denial.message, extensions: { code: 'CONTENT_FILTER', detector: 'pii.card' } }];
  expect(graphql.denial(denial)).toEqual({ status: 403, contentType: 'application/json', body: JSON.stringify({ errors }) });
  expect(graphql.ending(undefined, denial).toString()).toBe(
    `event: next\ndata: ${JSON.stringify({ errors })}\n\nevent: complete\ndata:\n\n`,
  );
});

const ESCAPES: readonly (readonly [what: string, document: string, text: string])[] = [
  ['four digits', '{ a(x: "\\u0062ob") }', '{ a(x: "bob") }'],
  ['digits in braces', '{ a(x: "\\u{62}o\\u{000062}\\u{1F600}") }', '{ a(x: "bob😀") }'],
  ['a pair of surrogates', '{ a(x: "\\uD83D\\uDE00") }', '{ a(x: "😀") }'],
  ['quotes and line breaks', '{ a(x: "\\"b\\" \\n\\\\") }', '{ a(x: ""b" \n\\") }'],
  ['none in a block string', '{ a(x: """\\u0062 \\""" \\u{62}""", y: "\\u0062") }', '{ a(x: """\\u0062 \\""" \\u{62}""", y: "b") }'],
  ['none in a comment, which a carriage return ends', '# "\\u0062\r{ a(x: "\\u0062") }', '# "\\u0062\r{ a(x: "b") }'],
  ['what is no escape', '{ a(x: "\\q \\u12 \\u{} \\u{110000} \\u0062") }', '{ a(x: "\\q \\u12 \\u{} \\u{110000} b") }'],
  ['a string without an end', '{ a(x: "\\u0062 \n"\\u0062"', '{ a(x: "b \n"b"'],
];

test('the table of escapes has all its rows', () => expect(ESCAPES).toHaveLength(8));
test.each(ESCAPES)('strings of a document are read as they are meant: %s', (_, query, text) => {
  expect(values(request({ query }))).toEqual([['query', 'body.query', text]]);
});

test('what is cut in a string with escapes goes with them, and what is written there is a legal string', () => {
  const query = 'mutation { a(x: "to \\u{1F600}\\u0062ob\\u{1F600} now", y: "bob") }';
  const [frame] = request({ query }).frames;
  const cuts = frame!.segments.flatMap(({ text }, segment) => {
    const at = text.indexOf('bob');
    return at < 0 ? [] : [{ segment, start: utf16Offset(at), end: utf16Offset(at + 3), replacement: '[X "]' }];
  });
  const written = JSON.parse(spliceFrame(frame!, cuts).toString()) as { readonly query: string };
  expect(written.query).toBe('mutation { a(x: "to \\u{1F600}[X \\"]\\u{1F600} now", y: "[X \\"]") }');
});
