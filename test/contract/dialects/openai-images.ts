import type { DialectCase } from '../dialect-case.ts';
import { jsonEvents, one, sse } from '../writing.ts';

const HEAD = { path: '/v1/images/generations' };

/** OpenAI images: https://platform.openai.com/docs/api-reference/images */
export const OPENAI_IMAGES: readonly DialectCase[] = [
  {
    format: 'openai-images',
    name: 'request',
    direction: 'request',
    media: true,
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'prompt', lane: 'user' },
      { name: 'address', lane: 'other' },
      { name: 'user', lane: 'other' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          model: 'gpt-image-1',
          prompt: one(texts, 'prompt'),
          images: [{ image_url: one(texts, 'address') }, { image_url: 'data:image/png;base64,iVBORw0KGgo=' }],
          size: '1024x1024',
          user: one(texts, 'user'),
        }),
      ),
    read(bytes) {
      const { prompt, images, user } = JSON.parse(bytes.toString());
      return new Map([
        ['prompt', prompt],
        ['address', images[0].image_url],
        ['user', user],
      ]);
    },
  },
  {
    format: 'openai-images',
    name: 'answer',
    direction: 'response',
    media: true,
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'revised', lane: 'output' },
      { name: 'address', lane: 'output' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          created: 1_700_000_000,
          data: [{ b64_json: 'iVBORw0KGgo=', revised_prompt: one(texts, 'revised') }, { url: one(texts, 'address') }],
          usage: { input_tokens: 1, output_tokens: 2 },
        }),
      ),
    read(bytes) {
      const { data } = JSON.parse(bytes.toString());
      return new Map([
        ['revised', data[0].revised_prompt],
        ['address', data[1].url],
      ]);
    },
  },
  {
    format: 'openai-images',
    name: 'stream of partial images',
    direction: 'response',
    media: true,
    head: HEAD,
    contentType: 'text/event-stream',
    slots: [{ name: 'revised', lane: 'output' }],
    write(texts) {
      const image = { b64_json: 'iVBORw0KGgo=', created_at: 1_700_000_000, size: '1024x1024', quality: 'high', output_format: 'png' };
      const partial = (index: number) => ({ type: 'image_generation.partial_image', ...image, partial_image_index: index });
      const completed = { type: 'image_generation.completed', ...image, revised_prompt: one(texts, 'revised'), usage: { input_tokens: 1 } };
      return Buffer.concat([partial(0), partial(1), completed].map((event) => sse(event, event.type)));
    },
    read: (bytes) => new Map([['revised', jsonEvents(bytes).at(-1)?.revised_prompt ?? '']]),
    isEnded: (bytes) => ['image_generation.completed', 'error'].includes(jsonEvents(bytes).at(-1)?.type),
  },
];
