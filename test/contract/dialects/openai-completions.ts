import type { DialectCase } from '../dialect-case.ts';
import { isDone, joined, jsonEvents, one, sse } from '../writing.ts';

const HEAD = { path: '/v1/completions' };

/** OpenAI's legacy completions: https://platform.openai.com/docs/api-reference/completions */
export const OPENAI_COMPLETIONS: readonly DialectCase[] = [
  {
    format: 'openai-completions',
    name: 'request with two prompts',
    direction: 'request',
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'first', lane: 'user' },
      { name: 'second', lane: 'user' },
      { name: 'suffix', lane: 'user' },
      { name: 'stop', lane: 'other' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          model: 'gpt-3.5-turbo-instruct',
          prompt: [one(texts, 'first'), one(texts, 'second')],
          suffix: one(texts, 'suffix'),
          stop: [one(texts, 'stop')],
        }),
      ),
    read(bytes) {
      const { prompt, suffix, stop } = JSON.parse(bytes.toString());
      return new Map([
        ['first', prompt[0]],
        ['second', prompt[1]],
        ['suffix', suffix],
        ['stop', stop[0]],
      ]);
    },
  },
  {
    format: 'openai-completions',
    name: 'whole answer with two choices',
    direction: 'response',
    head: { path: '/openai/deployments/d/completions' },
    contentType: 'application/json',
    slots: [
      { name: 'first', lane: 'output' },
      { name: 'second', lane: 'output' },
      { name: 'unknown', lane: 'output' },
    ],
    write(texts) {
      const logprobs = { tokens: ['x'], token_logprobs: [-0.1], top_logprobs: [], text_offset: [0] };
      return Buffer.from(
        JSON.stringify({
          id: 'cmpl-1',
          object: 'text_completion',
          created: 1,
          model: 'm',
          choices: ['first', 'second'].map((name, index) => ({ index, text: one(texts, name), logprobs, finish_reason: 'stop' })),
          some_new_field: one(texts, 'unknown'),
        }),
      );
    },
    read(bytes) {
      const { choices, some_new_field: unknown } = JSON.parse(bytes.toString());
      return new Map([
        ['first', choices[0].text],
        ['second', choices[1].text],
        ['unknown', unknown],
      ]);
    },
  },
  {
    format: 'openai-completions',
    name: 'streamed answer with two choices',
    direction: 'response',
    head: HEAD,
    contentType: 'text/event-stream',
    slots: [
      { name: 'first', lane: 'output', pieces: true },
      { name: 'second', lane: 'output', pieces: true },
    ],
    write(texts) {
      const chunk = (index: number, text: string, finish_reason: string | null = null) =>
        sse({ id: 'cmpl-1', object: 'text_completion', created: 1, model: 'm', choices: [{ index, text, logprobs: null, finish_reason }] });
      return Buffer.concat([
        ...joined(texts, 'first', (text) => chunk(0, text)),
        chunk(0, '', 'stop'),
        ...joined(texts, 'second', (text) => chunk(1, text)),
        chunk(1, '', 'length'),
        Buffer.from('data: [DONE]\n\n'),
      ]);
    },
    read(bytes) {
      const choices = jsonEvents(bytes).flatMap((chunk) => chunk.choices);
      const of = (index: number) => choices.filter((choice) => choice.index === index).map(({ text }) => text);
      return new Map([
        ['first', of(0).join('')],
        ['second', of(1).join('')],
      ]);
    },
    isEnded: (bytes) => isDone(bytes) && jsonEvents(bytes).some(({ choices }) => choices[0].finish_reason !== null),
  },
];
