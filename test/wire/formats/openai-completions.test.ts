import { expect, test } from 'vitest';
import { denialFor } from '../../../src/respond/denial.ts';
import { openaiCompletions } from '../../../src/wire/formats/openai-completions.ts';
import { read, values } from '../reading.ts';

const request = (body: unknown) => read([Buffer.from(JSON.stringify(body))], { format: openaiCompletions, direction: 'request' });
const HEAD = { id: 'cmpl-1', object: 'text_completion', created: 1, model: 'gpt-3.5-turbo-instruct' };
const stream = (chunks: readonly unknown[]) =>
  read(
    chunks.map((chunk) => Buffer.from(`data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`)),
    { format: openaiCompletions, direction: 'response', contentType: 'text/event-stream' },
  );
const chunk = (index: number, text: string, finish_reason: string | null = null) => ({
  ...HEAD,
  choices: [{ index, text, logprobs: { tokens: [text] }, finish_reason }],
});

test('a prompt is a text, a list of texts, or token ids, which are none', () => {
  expect(values(request({ prompt: 'a', suffix: 'b' }))).toEqual([
    ['user', 'prompt', 'a'],
    ['user', 'suffix', 'b'],
  ]);
  expect(values(request({ prompt: ['a', 'b'] }))).toEqual([
    ['user', 'prompt.0', 'a'],
    ['user', 'prompt.1', 'b'],
  ]);
  const { frames, facts } = request({ model: 'm', prompt: [[1212, 318], [64]], stream: true });
  expect(values({ frames })).toEqual([]);
  expect(facts).toMatchObject({ model: 'm', stream: true });
});

test('gathers the texts of a stream by choice, and drops the tokens of a chunk that is rewritten', () => {
  const { frames, facts } = stream([
    chunk(0, 'he'),
    chunk(1, 'other'),
    chunk(0, 'llo', 'stop'),
    { ...HEAD, choices: [], usage: { prompt_tokens: 2 } },
    '[DONE]',
  ]);
  const read = values({ frames });
  expect(read.filter(([, key]) => !key.includes('logprobs'))).toEqual([
    ['output', 'choices.0.text', 'hello'],
    ['output', 'choices.1.text', 'other'],
  ]);
  expect(read.filter(([, key]) => key.includes('logprobs')).map(([, , text]) => text)).toEqual(['he', 'other', 'llo']);
  expect(frames.map(({ echoes }) => echoes.length)).toEqual([1, 1, 1, 0, 0]);
  const endOfChoice = frames.map(({ laneEnds }) => laneEnds.includes('choices.0.text') || laneEnds.includes('*'));
  expect(endOfChoice).toEqual([false, false, true, false, true]);
  expect(facts).toMatchObject({ responseId: 'cmpl-1', finishReasons: ['stop'], inputTokens: 2 });
});

test('ends each open choice as filtered', () => {
  const { frames } = stream([chunk(0, 'a'), chunk(1, 'b'), chunk(0, '', 'stop')]);
  const ending = openaiCompletions.ending(frames.at(-1)!.position, denialFor('content_filter')).toString();
  const [last, done] = ending.split('\n\n');
  expect(done).toBe('data: [DONE]');
  expect(JSON.parse(last!.slice('data: '.length))).toEqual({
    ...HEAD,
    choices: [{ index: 1, text: '', logprobs: null, finish_reason: 'content_filter' }],
  });
});

test('reads what a whole answer repeats of the prompt', () => {
  const body = { ...HEAD, choices: [{ index: 0, text: 'asked and said', logprobs: null, finish_reason: 'stop', stop_reason: 'END' }] };
  expect(values(read([Buffer.from(JSON.stringify(body))], { format: openaiCompletions, direction: 'response' }))).toEqual([
    ['output', 'choices.0.text', 'asked and said'],
    ['output', 'choices.0.stop_reason', 'END'],
  ]);
});
