import { expect, test } from 'vitest';
import { openaiModerations } from '../../../src/wire/formats/openai-moderations.ts';
import { read, values } from '../reading.ts';

const request = (body: unknown) => read([Buffer.from(JSON.stringify(body))], { format: openaiModerations, direction: 'request' });

test('reads a text, a list of texts, parts, and the messages of a chat', () => {
  expect(values(request({ input: 'a' }))).toEqual([['user', 'input', 'a']]);
  expect(values(request({ input: ['a', 'b'] }))).toEqual([
    ['user', 'input.0', 'a'],
    ['user', 'input.1', 'b'],
  ]);
  const input = [
    { type: 'text', text: 'c' },
    { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'low' } },
    { type: 'image_url', image_url: 'https://example.com/p' },
    { role: 'user', content: 'd', odd: 'e' },
  ];
  expect(values(request({ model: 'm', input }))).toEqual([
    ['user', 'input.0.text', 'c'],
    ['user', 'input.1.image_url.detail', 'low'],
    ['user', 'input.2.image_url', 'https://example.com/p'],
    ['user', 'input.3.content', 'd'],
    ['user', 'input.3.odd', 'e'],
  ]);
});

test('scores are numbers, and everything else of an answer is read', () => {
  const results = [{ flagged: false, categories: { hate: false }, category_scores: { hate: 0.0012345678901 }, note: 'n' }];
  const body = Buffer.from(JSON.stringify({ id: 'modr-1', model: 'omni', results }));
  const { frames, facts } = read([body], { format: openaiModerations, direction: 'response' });
  expect(values({ frames })).toEqual([['output', 'results.0.note', 'n']]);
  expect(facts).toMatchObject({ responseId: 'modr-1', responseModel: 'omni' });
});
