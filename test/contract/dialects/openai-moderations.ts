import type { DialectCase } from '../dialect-case.ts';
import { one } from '../writing.ts';

const HEAD = { path: '/v1/moderations' };

/** OpenAI moderations: https://platform.openai.com/docs/api-reference/moderations */
export const OPENAI_MODERATIONS: readonly DialectCase[] = [
  {
    format: 'openai-moderations',
    name: 'request with a text and a picture',
    direction: 'request',
    media: true,
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'part', lane: 'user' },
      { name: 'plain', lane: 'user' },
      { name: 'picture', lane: 'user' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          model: 'omni-moderation-latest',
          input: [
            { type: 'text', text: one(texts, 'part') },
            one(texts, 'plain'),
            { type: 'image_url', image_url: { url: one(texts, 'picture') } },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
          ],
        }),
      ),
    read(bytes) {
      const { input } = JSON.parse(bytes.toString());
      return new Map([
        ['part', input[0].text],
        ['plain', input[1]],
        ['picture', input[2].image_url.url],
      ]);
    },
  },
  {
    format: 'openai-moderations',
    name: 'answer',
    direction: 'response',
    head: HEAD,
    contentType: 'application/json',
    slots: [{ name: 'unknown', lane: 'output' }],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          id: 'modr-1',
          model: 'omni-moderation-latest',
          results: [
            {
              flagged: true,
              categories: { 'violence/graphic': true },
              category_scores: { 'violence/graphic': 0.8599265510337075 },
              category_applied_input_types: { 'violence/graphic': ['text'] },
              explanation: one(texts, 'unknown'),
            },
          ],
        }),
      ),
    read: (bytes) => new Map([['unknown', JSON.parse(bytes.toString()).results[0].explanation]]),
  },
];
