import { expect, test } from 'vitest';
import { denialFor } from '../../../src/respond/denial.ts';
import { generic } from '../../../src/wire/formats/generic.ts';
import { FORMATS, formatById, recogniseFormat } from '../../../src/wire/formats/index.ts';
import { lanes, read, values } from '../reading.ts';

const PATHS: readonly (readonly [path: string, id: string])[] = [
  ['/v1/chat/completions', 'openai-chat'],
  ['/openai/deployments/gpt/chat/completions', 'openai-chat'],
  ['/api/v1/chat/completions/', 'openai-chat'],
  ['/v1/messages', 'anthropic-messages'],
  ['/anthropic/v1/messages', 'anthropic-messages'],
  ['/v1/chat/completions2', 'generic'],
  ['/messages', 'generic'],
  ['/', 'generic'],
];

test('the table of paths has all its rows', () => expect(PATHS).toHaveLength(8));

test.each(PATHS)('%s speaks %s', (path, id) => {
  expect(recogniseFormat({ method: 'POST', path, host: 'example.com', header: () => undefined }).id).toBe(id);
});

const OPERATIONS: readonly (readonly [path: string, operation: string | undefined])[] = [
  ['/v1/chat/completions', 'chat'],
  ['/v1/embeddings', 'embeddings'],
  ['/v2/chat', 'chat'],
  ['/v2/embed', 'embeddings'],
  ['/v2/rerank', 'rerank'],
  ['/v1/chat', 'chat'],
  ['/v1/embed/', 'embeddings'],
  ['/v1/rerank', 'rerank'],
  ['/v1/generate', 'text_completion'],
  ['/api/chat', 'chat'],
  ['/api/generate', 'text_completion'],
  ['/api/embed', 'embeddings'],
  ['/api/embeddings', 'embeddings'],
  ['/api/show', undefined],
  ['/v1beta/models/gemini-embedding-001:embedContent', 'embeddings'],
  ['/v1beta/models/gemini-embedding-001:batchEmbedContents', 'embeddings'],
  ['/v1beta/models/gemini-2.5-pro:generateContent', 'generate_content'],
  ['/model/amazon.titan-embed-text-v2%3A0/invoke', 'embeddings'],
  ['/model/cohere.embed-v4%3A0/invoke', 'embeddings'],
  ['/model/cohere.rerank-v3-5%3A0/invoke', 'rerank'],
  ['/model/anthropic.claude-sonnet-4/invoke', 'chat'],
];

test('the table of operations has all its rows', () => expect(OPERATIONS).toHaveLength(21));

test.each(OPERATIONS)('%s is the operation %s', (path, operation) => {
  const head = { method: 'POST', path, host: 'example.com', header: () => undefined };
  expect(recogniseFormat(head).operation(head)).toBe(operation);
});

test('finds a dialect by its id', () => {
  expect(FORMATS.map((format) => formatById(format.id))).toEqual(FORMATS);
  expect(formatById('nothing')).toBeUndefined();
});

test('generic gives every string, long number and key under its path', () => {
  const body = '{"a":{"b":["x",{"c":123456789}]},"a.b":"y","":"z","n":12,"a":"again"}';
  expect(lanes(read([Buffer.from(body)], { format: generic, direction: 'request' }))).toEqual([
    ['user', 'key#0', 'a'],
    ['user', 'key#1', 'b'],
    ['user', 'body.a.b.0', 'x'],
    ['user', 'key#2', 'c'],
    ['user', 'body.a.b.1.c', '123456789'],
    ['user', 'key#3', 'a.b'],
    ['user', 'body.["a.b"]', 'y'],
    ['user', 'body.', 'z'],
    ['user', 'key#4', 'n'],
    ['user', 'body.a~1', 'again'],
  ]);
});

test('generic joins the texts of one path over the events of a stream, and not ids and numbers', () => {
  const event = (id: string, text: string, at: number) => Buffer.from(`data: ${JSON.stringify({ id, text, at })}\n\n`);
  const reading = read([event('e1', 'hel', 1_700_000_000), event('e2', 'lo', 1_700_000_001)], {
    format: generic,
    direction: 'response',
    contentType: 'text/event-stream',
  });
  expect(values(reading).map(([, key, text]) => [key.split('#')[0], text])).toEqual([
    ['event.id', 'e1'],
    ['event.text', 'hello'],
    ['event.at', '1700000000'],
    ['event.id', 'e2'],
    ['event.at', '1700000001'],
  ]);
});

test('generic denies with problem details and knows no ending', () => {
  const { contentType, body } = generic.denial(denialFor('content_filter', 'pii.email', { legal: true }));
  expect(contentType).toBe('application/problem+json');
  expect(JSON.parse(body)).toEqual({
    type: 'about:blank',
    title: 'Blocked by policy',
    status: 451,
    detail: 'Blocked by policy: the content of this exchange is not allowed.',
    code: 'content_filter',
    detector: 'pii.email',
  });
  expect(generic.ending(undefined, denialFor('content_filter'))).toHaveLength(0);
});
