import { expect, test } from 'vitest';
import { denialFor } from '../../../src/respond/denial.ts';
import { ollama } from '../../../src/wire/formats/ollama.ts';
import { lanes, read, values } from '../reading.ts';

const request = (body: unknown) => read([Buffer.from(JSON.stringify(body))], { format: ollama, direction: 'request' });
const response = (body: unknown) => read([Buffer.from(JSON.stringify(body))], { format: ollama, direction: 'response' });
const stream = (lines: readonly unknown[], contentType = 'application/x-ndjson') =>
  read(
    lines.map((line) => Buffer.from(`${JSON.stringify(line)}\n`)),
    { format: ollama, direction: 'response', contentType },
  );
const LINE = { model: 'qwen3', created_at: '2026-01-02T03:04:05.678901234Z', done: false };
const chat = (message: object, rest: object = {}) => ({ ...LINE, message: { role: 'assistant', content: '', ...message }, ...rest });
const END = { done: true, done_reason: 'stop', prompt_eval_count: 26, eval_count: 282, total_duration: 4883583458 };
const denied = denialFor('content_filter');

const HEADS: readonly (readonly [method: string, path: string, agent: string | undefined, speaks: boolean])[] = [
  ['POST', '/api/chat', undefined, true],
  ['POST', '/gateway/ollama/api/chat/', undefined, true],
  ['POST', '/api/generate', undefined, true],
  ['POST', '/api/embed', undefined, true],
  ['POST', '/api/embeddings', undefined, true],
  ['POST', '/api/show', undefined, true],
  ['GET', '/api/chat', undefined, false],
  ['GET', '/api/tags', 'ollama-python/0.6.1 (x86_64 linux) Python/3.13', true],
  ['POST', '/api/pull', 'ollama-js/0.6.4 (x64 linux Node.js/v24)', true],
  ['DELETE', '/api/delete', 'ollama/0.13.0 (amd64 linux) Go/go1.24', true],
  ['GET', '/api/tags', 'Mozilla/5.0', false],
  ['DELETE', '/api/delete', undefined, false],
  ['POST', '/v1/chat/completions', 'ollama-js/0.6.4', false],
  ['POST', '/api/chats', undefined, false],
];

test('the table of heads has all its rows', () => expect(HEADS).toHaveLength(14));

test.each(HEADS)('%s %s of %s: speaks Ollama: %s', (method, path, agent, speaks) => {
  const header = (name: string) => (name === 'user-agent' ? agent : undefined);
  expect(ollama.recognise({ method, path, host: 'localhost:11434', header })).toBe(speaks);
});

test('reads every lane of a chat request', () => {
  const { frames, facts } = request({
    model: 'qwen3',
    stream: true,
    think: 'high',
    keep_alive: '5m',
    format: 'json',
    messages: [
      { role: 'system', content: 'be kind' },
      { role: 'user', content: 'hello', images: ['iVBORw0KGgo=', 'not an image!'] },
      {
        role: 'assistant',
        content: 'I look',
        thinking: 'hmm',
        tool_calls: [{ function: { name: 'look', arguments: { where: 'here', n: 123_456_789 } } }],
      },
      { role: 'tool', tool_name: 'look', content: 'found' },
      { role: 'elsewhere', content: 'who?' },
    ],
    tools: [{ type: 'function', function: { name: 'look', description: 'looks', parameters: { type: 'object' } } }],
    options: { stop: ['END'] },
  });
  expect(values({ frames })).toEqual([
    ['system', 'messages.0.content', 'be kind'],
    ['user', 'messages.1.content', 'hello'],
    ['user', 'messages.1.images.1', 'not an image!'],
    ['assistant-history', 'messages.2.content', 'I look'],
    ['reasoning', 'messages.2.thinking', 'hmm'],
    ['tool-arguments', 'messages.2.tool_calls.0.arguments.where', 'here'],
    ['tool-arguments', 'messages.2.tool_calls.0.arguments.n', '123456789'],
    ['tool-result', 'messages.3.content', 'found'],
    ['user', 'messages.4.content', 'who?'],
    ['tool-definition', 'tools.0.function.description', 'looks'],
    ['tool-definition', 'tools.0.function.parameters.type', 'object'],
    ['other', 'body.options.stop.0', 'END'],
  ]);
  expect(facts).toMatchObject({ model: 'qwen3', stream: true, toolsDeclared: ['look'], toolsCalled: [] });
});

test('skips the numbers of a context and of vectors, and nothing else that stands there', () => {
  const reading = request({ model: 'm', prompt: 'go on', context: [1, 128_006_000, 'text', { deep: ['er', 123_456_789] }] });
  expect(lanes(reading)).toEqual([
    ['user', 'prompt', 'go on'],
    ['other', 'context.2', 'text'],
    ['other', 'key#0', 'deep'],
    ['other', 'context.3.deep.0', 'er'],
  ]);
  expect(values(response({ model: 'm', embeddings: [[0.0123456789, -0.9876543211]], total_duration: 14143917 }))).toEqual([]);
});

test('reads both texts of a field that is there twice', () => {
  const body = '{"model":"m","prompt":"a","prompt":"b"}';
  expect(values(read([Buffer.from(body)], { format: ollama, direction: 'request' }))).toEqual([
    ['user', 'prompt', 'a'],
    ['user', 'prompt~1', 'b'],
  ]);
});

test('a request without a model is not of Ollama: it is read as any JSON and counted', () => {
  const { frames, facts } = request({ id: 'x', messages: [{ role: 'user', parts: [{ type: 'text', text: 'hello' }] }] });
  expect(facts.unfit).toBe(true);
  expect(values({ frames })).toContainEqual(['user', 'body.messages.0.parts.0.text', 'hello']);
});

test('reads every lane of an answer, and its facts', () => {
  const { frames, facts } = response({
    ...chat({
      thinking: 'hmm',
      content: 'hello',
      tool_calls: [{ id: 'c', function: { index: 0, name: 'send', arguments: { to: 'bob' } } }],
    }),
    ...END,
    logprobs: [{ token: 'hello', logprob: -0.1 }],
    strange: 'thing',
  });
  expect(values({ frames })).toEqual([
    ['output', 'message.content', 'hello'],
    ['reasoning', 'message.thinking', 'hmm'],
    ['tool-arguments', 'message.tool_calls.0.arguments.to', 'bob'],
    ['output', 'logprobs.0.token', 'hello'],
    ['output', 'body.strange', 'thing'],
  ]);
  expect(frames[0]?.echoes).toHaveLength(1);
  expect(facts).toEqual({
    responseModel: 'qwen3',
    inputTokens: 26,
    outputTokens: 282,
    toolsDeclared: [],
    toolsCalled: ['send'],
    finishReasons: ['stop'],
    methods: [],
  });
});

test('reads lists of models: names are names, what is below is text', () => {
  const models = [{ name: 'a:latest', model: 'a:latest', size: 3338801804, digest: 'sha256:aa', details: { family: 'llama' } }];
  expect(values(response({ models }))).toEqual([['output', 'models.0.details.family', 'llama']]);
});

test('gathers the texts of a stream by field; calls are whole in their lines', () => {
  const call = (to: string) => ({ tool_calls: [{ function: { name: 'send', arguments: { to } } }] });
  const { frames, facts } = stream([
    chat({ thinking: 'h' }),
    chat({ thinking: 'm' }),
    chat({ content: 'hel' }),
    chat({ content: 'lo' }),
    chat(call('ann')),
    chat(call('bob')),
    chat({}, END),
  ]);
  expect(values({ frames })).toEqual([
    ['reasoning', 'message.thinking', 'hm'],
    ['output', 'message.content', 'hello'],
    ['tool-arguments', 'message.tool_calls.4.0.arguments.to#1', 'ann'],
    ['tool-arguments', 'message.tool_calls.5.0.arguments.to#2', 'bob'],
  ]);
  expect(facts).toMatchObject({ outputTokens: 282, finishReasons: ['stop'], toolsCalled: ['send'] });
});

test('a thought ends where speaking begins, everything else at the last line', () => {
  const ended = stream([chat({ thinking: 'hm' }), chat({ content: 'a' }), chat({ content: 'b' }), chat({}, END)]).frames;
  expect(ended.map(({ laneEnds }) => laneEnds)).toEqual([[], ['message.thinking'], [], ['*']]);
  const completed = stream([
    { ...LINE, response: '', thinking: 'hm' },
    { ...LINE, response: 'a', thinking: '' },
  ]).frames;
  expect(completed.map(({ laneEnds }) => laneEnds)).toEqual([[], ['thinking']]);
});

const ending = (lines: readonly unknown[], contentType?: string): unknown[] =>
  ollama
    .ending(stream(lines, contentType).frames.at(-1)?.position, denied)
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
const LAST = {
  model: 'qwen3',
  created_at: LINE.created_at,
  done: true,
  done_reason: 'content_filter',
  prompt_eval_count: 0,
  eval_count: 0,
};

test('ends a chat and a completion each with its own last line', () => {
  expect(ending([chat({ content: 'a' })])).toEqual([{ ...LAST, message: { role: 'assistant', content: '' } }]);
  expect(ending([{ ...LINE, response: 'a' }])).toEqual([{ ...LAST, response: '' }]);
});

test('ends a stream nobody has seen anything of, and adds nothing to one that is done', () => {
  const last = JSON.parse(ollama.ending(undefined, denied).toString());
  expect(last).toMatchObject({ message: { content: '' }, response: '', done: true, created_at: '1970-01-01T00:00:00Z' });
  expect(ending([chat({}, END)])).toEqual([]);
});

test('ends a download as failed, and knows no ending of what is no stream of Ollama', () => {
  expect(ending([{ status: 'pulling manifest' }])).toEqual([{ error: denied.message }]);
  expect(ollama.ending(ollama.openStream('sse').position(), denied)).toHaveLength(0);
});

test('a stream of another application with such a path is read as any JSON, joined over its lines, and has no ending', () => {
  const { frames } = stream([
    { type: 'text-delta', delta: 'hel' },
    { type: 'text-delta', delta: 'lo' },
  ]);
  expect(values({ frames }).filter(([, key]) => key === 'event.delta')).toEqual([['output', 'event.delta', 'hello']]);
  expect(ollama.ending(frames.at(-1)!.position, denied)).toHaveLength(0);
});

test('denies with the error of the API', () => {
  const denial = denialFor('request_too_large');
  const { status, contentType, body } = ollama.denial(denial);
  expect([status, contentType, JSON.parse(body)]).toEqual([413, 'application/json', { error: denial.message }]);
});
