import { expect, test } from 'vitest';
import { openaiEmbeddings } from '../../../src/wire/formats/openai-embeddings.ts';
import { read, values } from '../reading.ts';

const request = (body: unknown) => read([Buffer.from(JSON.stringify(body))], { format: openaiEmbeddings, direction: 'request' });
const response = (body: unknown) => read([Buffer.from(JSON.stringify(body))], { format: openaiEmbeddings, direction: 'response' });

test('inputs are what the user says; token ids are none', () => {
  const { frames, facts } = request({ model: 'm', input: ['a', 'b'], encoding_format: 'base64', dimensions: 256 });
  expect(values({ frames })).toEqual([
    ['user', 'input.0', 'a'],
    ['user', 'input.1', 'b'],
  ]);
  expect(facts.model).toBe('m');
  expect(values(request({ input: 'c' }))).toEqual([['user', 'input', 'c']]);
  expect(values(request({ input: [[1212, 318]] }))).toEqual([]);
});

test('of vectors nothing is text, in numbers or in base64', () => {
  const embedding = Array.from({ length: 1536 }, (_, i) => Math.sin(i) / 10);
  const { frames, facts } = response({
    object: 'list',
    model: 'text-embedding-3-small',
    data: [
      { object: 'embedding', index: 0, embedding },
      { object: 'embedding', index: 1, embedding: Buffer.from(new Float32Array(embedding).buffer).toString('base64') },
    ],
    usage: { prompt_tokens: 8, total_tokens: 8 },
  });
  expect(values({ frames })).toEqual([]);
  expect(facts).toMatchObject({ responseModel: 'text-embedding-3-small', inputTokens: 8 });
});

test('text where a vector should be is read', () => {
  const data = [
    { object: 'embedding', index: 0, embedding: [0.1, 'not a number', { deep: 'odd' }] },
    { object: 'embedding', index: 1, embedding: 'not base64!' },
    { object: 'embedding', index: 2, note: 'extra' },
    'bare',
  ];
  expect(values(response({ object: 'list', data }))).toEqual([
    ['output', 'data.0.embedding.1', 'not a number'],
    ['output', 'data.0.embedding.2.deep', 'odd'],
    ['output', 'data.1.embedding', 'not base64!'],
    ['output', 'data.2.note', 'extra'],
    ['output', 'data.3', 'bare'],
  ]);
});
