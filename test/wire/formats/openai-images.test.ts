import { expect, test } from 'vitest';
import { denialFor } from '../../../src/respond/denial.ts';
import { openaiImages } from '../../../src/wire/formats/openai-images.ts';
import { emptyFacts } from '../../../src/wire/frame.ts';
import { read, values } from '../reading.ts';

const request = (body: unknown) => read([Buffer.from(JSON.stringify(body))], { format: openaiImages, direction: 'request' });
const PICTURE = 'iVBORw0KGgo=';

test('the prompt is what the user says; pictures are passed over, their addresses read', () => {
  const images = [{ image_url: `data:image/png;base64,${PICTURE}` }, { image_url: 'https://example.com/p' }, { file_id: 'file_1' }];
  const { frames, facts } = request({ model: 'gpt-image-1', prompt: 'a cat', images, mask: { note: 'x y' }, quality: 'high', user: 'u' });
  expect(values({ frames })).toEqual([
    ['user', 'prompt', 'a cat'],
    ['other', 'images.1.image_url', 'https://example.com/p'],
    ['other', 'mask.note', 'x y'],
    ['other', 'body.user', 'u'],
  ]);
  expect(facts.model).toBe('gpt-image-1');
});

test('of an answer it reads how the prompt was put, and addresses', () => {
  const body = { created: 1_700_000_000, data: [{ b64_json: PICTURE, revised_prompt: 'a tabby' }, { url: 'https://example.com/p' }] };
  expect(values(read([Buffer.from(JSON.stringify(body))], { format: openaiImages, direction: 'response' }))).toEqual([
    ['output', 'body.data.0.revised_prompt', 'a tabby'],
    ['output', 'body.data.1.url', 'https://example.com/p'],
  ]);
});

test('a stream of partial pictures has no text, ends by itself, or with an error', () => {
  const image = { b64_json: PICTURE, created_at: 1_700_000_000, size: '1024x1024' };
  const events = [
    { type: 'image_generation.partial_image', ...image, partial_image_index: 0 },
    { type: 'image_generation.completed', ...image, usage: { input_tokens: 5, output_tokens: 6 } },
  ];
  const { frames, facts } = read(
    events.map((event) => Buffer.from(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)),
    { format: openaiImages, direction: 'response', contentType: 'text/event-stream' },
  );
  expect(values({ frames })).toEqual([]);
  expect(facts).toMatchObject({ inputTokens: 5, outputTokens: 6 });
  const [early, late] = frames.map(({ position }) => openaiImages.ending(position, denialFor('content_filter')).toString());
  expect(early).toMatch(/^event: error\ndata: \{"type":"error","error":\{.*"code":"content_filter"\}\}\n\n$/);
  expect(late).toBe('');
});

test('says where the fields of a form belong', () => {
  const facts = emptyFacts();
  const part = (name: string, value?: string, fileName?: string) =>
    openaiImages.readPart!({ name, value, fileName, contentType: undefined }, facts);
  expect([
    part('prompt', 'a cat'),
    part('model', 'gpt-image-1'),
    part('image[]', undefined, 'a.png'),
    part('size', 'auto'),
    part('odd', 'x'),
  ]).toEqual(['user', 'structural', undefined, 'structural', 'other']);
  expect(facts.model).toBe('gpt-image-1');
});
