import type { DialectCase } from '../dialect-case.ts';
import { one } from '../writing.ts';

const HEAD = { path: '/v1/embeddings' };

/** OpenAI embeddings: https://platform.openai.com/docs/api-reference/embeddings */
export const OPENAI_EMBEDDINGS: readonly DialectCase[] = [
  {
    format: 'openai-embeddings',
    name: 'request with two inputs',
    direction: 'request',
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'first', lane: 'user' },
      { name: 'second', lane: 'user' },
      { name: 'user', lane: 'other' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          model: 'text-embedding-3-small',
          input: [one(texts, 'first'), one(texts, 'second')],
          encoding_format: 'float',
          user: one(texts, 'user'),
        }),
      ),
    read(bytes) {
      const { input, user } = JSON.parse(bytes.toString());
      return new Map([
        ['first', input[0]],
        ['second', input[1]],
        ['user', user],
      ]);
    },
  },
  {
    format: 'openai-embeddings',
    name: 'answer with a vector in numbers and one in base64',
    direction: 'response',
    head: { path: '/openai/deployments/d/embeddings' },
    contentType: 'application/json',
    slots: [
      { name: 'in a vector', lane: 'output' },
      { name: 'unknown', lane: 'output' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          object: 'list',
          data: [
            { object: 'embedding', index: 0, embedding: [0.0023064255, -0.009327292, one(texts, 'in a vector')] },
            { object: 'embedding', index: 1, embedding: 'zczMPQ==', note: one(texts, 'unknown') },
          ],
          model: 'text-embedding-3-small',
          usage: { prompt_tokens: 8, total_tokens: 8 },
        }),
      ),
    read(bytes) {
      const { data } = JSON.parse(bytes.toString());
      return new Map([
        ['in a vector', data[0].embedding[2]],
        ['unknown', data[1].note],
      ]);
    },
  },
];
