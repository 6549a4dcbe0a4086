import type { DialectCase } from '../dialect-case.ts';
import { joined, jsonLines, one } from '../writing.ts';

const CHAT = { path: '/api/chat' };
const GENERATE = { path: '/api/generate' };
const NDJSON = 'application/x-ndjson';
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const line = (fields: object): Buffer =>
  Buffer.from(`${JSON.stringify({ model: 'qwen3', created_at: '2026-01-02T03:04:05.678901234Z', ...fields })}\n`);
const METRICS = { total_duration: 4883583458, load_duration: 1334875, prompt_eval_count: 26, eval_count: 282, eval_duration: 4535599000 };
const END = { done: true, done_reason: 'stop', ...METRICS };
const isEnded = (bytes: Buffer): boolean => jsonLines(bytes).at(-1)?.done === true;

/** Ollama: https://github.com/ollama/ollama/blob/main/docs/api.md */
export const OLLAMA: readonly DialectCase[] = [
  {
    format: 'ollama',
    name: 'chat with history, an image and tools',
    direction: 'request',
    media: true,
    head: CHAT,
    contentType: 'application/json',
    slots: [
      { name: 'system', lane: 'system' },
      { name: 'user', lane: 'user' },
      { name: 'thinking', lane: 'reasoning' },
      { name: 'history', lane: 'assistant-history' },
      { name: 'arguments', lane: 'tool-arguments' },
      { name: 'result', lane: 'tool-result' },
      { name: 'description', lane: 'tool-definition' },
      { name: 'format', lane: 'other' },
      { name: 'stop', lane: 'other' },
      { name: 'unknown', lane: 'other' },
    ],
    write: (texts) =>
      json({
        model: 'qwen3',
        messages: [
          { role: 'system', content: one(texts, 'system') },
          { role: 'user', content: one(texts, 'user'), images: ['iVBORw0KGgo='] },
          {
            role: 'assistant',
            thinking: one(texts, 'thinking'),
            content: one(texts, 'history'),
            tool_calls: [{ function: { index: 0, name: 'look_up', arguments: { where: [one(texts, 'arguments')] } } }],
          },
          { role: 'tool', tool_name: 'look_up', content: one(texts, 'result') },
        ],
        tools: [
          { type: 'function', function: { name: 'look_up', description: one(texts, 'description'), parameters: { type: 'object' } } },
        ],
        format: { type: 'object', description: one(texts, 'format') },
        options: { temperature: 0, seed: 101, stop: [one(texts, 'stop')] },
        stream: false,
        keep_alive: '5m',
        some_new_field: { deep: [one(texts, 'unknown')] },
      }),
    read(bytes) {
      const { messages, tools, format, options, some_new_field: unknown } = JSON.parse(bytes.toString());
      const [system, user, assistant, tool] = messages;
      return new Map([
        ['system', system.content],
        ['user', user.content],
        ['thinking', assistant.thinking],
        ['history', assistant.content],
        ['arguments', assistant.tool_calls[0].function.arguments.where[0]],
        ['result', tool.content],
        ['description', tools[0].function.description],
        ['format', format.description],
        ['stop', options.stop[0]],
        ['unknown', unknown.deep[0]],
      ]);
    },
  },
  {
    format: 'ollama',
    name: 'prompt to complete',
    direction: 'request',
    head: GENERATE,
    contentType: 'application/json',
    slots: [
      { name: 'prompt', lane: 'user' },
      { name: 'suffix', lane: 'user' },
      { name: 'system', lane: 'system' },
      { name: 'template', lane: 'system' },
    ],
    write: (texts) =>
      json({
        model: 'codellama',
        prompt: one(texts, 'prompt'),
        suffix: one(texts, 'suffix'),
        system: one(texts, 'system'),
        template: one(texts, 'template'),
        context: [1, 2, 3],
        format: 'json',
        raw: false,
      }),
    read(bytes) {
      const { prompt, suffix, system, template } = JSON.parse(bytes.toString());
      return new Map(Object.entries({ prompt, suffix, system, template }));
    },
  },
  {
    format: 'ollama',
    name: 'texts to embed',
    direction: 'request',
    head: { path: '/api/embed' },
    contentType: 'application/json',
    slots: [
      { name: 'first', lane: 'user' },
      { name: 'second', lane: 'user' },
    ],
    write: (texts) => json({ model: 'all-minilm', input: [one(texts, 'first'), one(texts, 'second')] }),
    read(bytes) {
      const [first, second] = JSON.parse(bytes.toString()).input;
      return new Map([
        ['first', first],
        ['second', second],
      ]);
    },
  },
  {
    format: 'ollama',
    name: 'answer with thinking and a tool call',
    direction: 'response',
    head: CHAT,
    contentType: 'application/json; charset=utf-8',
    slots: [
      { name: 'thinking', lane: 'reasoning' },
      { name: 'content', lane: 'output' },
      { name: 'arguments', lane: 'tool-arguments' },
      { name: 'unknown', lane: 'output' },
    ],
    write: (texts) =>
      json({
        model: 'qwen3',
        created_at: '2026-01-02T03:04:05.678901234Z',
        message: {
          role: 'assistant',
          thinking: one(texts, 'thinking'),
          content: one(texts, 'content'),
          tool_calls: [{ function: { name: 'send', arguments: { to: one(texts, 'arguments') } } }],
        },
        notice: one(texts, 'unknown'),
        ...END,
      }),
    read(bytes) {
      const { message, notice } = JSON.parse(bytes.toString());
      return new Map([
        ['thinking', message.thinking],
        ['content', message.content],
        ['arguments', message.tool_calls[0].function.arguments.to],
        ['unknown', notice],
      ]);
    },
  },
  {
    format: 'ollama',
    name: 'description of a model',
    direction: 'response',
    head: { path: '/api/show' },
    contentType: 'application/json',
    slots: [
      { name: 'license', lane: 'output' },
      { name: 'system', lane: 'output' },
      { name: 'info', lane: 'output' },
    ],
    write: (texts) =>
      json({
        license: one(texts, 'license'),
        system: one(texts, 'system'),
        details: { family: 'llama' },
        model_info: { 'general.parameter_count': 8030261248, 'general.name': one(texts, 'info') },
        capabilities: ['completion'],
      }),
    read(bytes) {
      const { license, system, model_info: info } = JSON.parse(bytes.toString());
      return new Map(Object.entries({ license, system, info: info['general.name'] }));
    },
  },
  {
    format: 'ollama',
    name: 'streamed answer with thinking and a tool call',
    direction: 'response',
    head: CHAT,
    contentType: NDJSON,
    slots: [
      { name: 'thinking', lane: 'reasoning', pieces: true },
      { name: 'content', lane: 'output', pieces: true },
      { name: 'arguments', lane: 'tool-arguments' },
      { name: 'more', lane: 'tool-arguments' },
    ],
    write(texts) {
      const message = (fields: object, rest: object = { done: false }) =>
        line({ message: { role: 'assistant', content: '', ...fields }, ...rest });
      const call = (text: string) => message({ tool_calls: [{ function: { index: 0, name: 'send', arguments: { to: text } } }] });
      return Buffer.concat([
        ...joined(texts, 'thinking', (thinking) => message({ thinking })),
        ...joined(texts, 'content', (content) => message({ content })),
        call(one(texts, 'arguments')),
        call(one(texts, 'more')),
        message({}, END),
      ]);
    },
    read(bytes) {
      const messages = jsonLines(bytes).map(({ message }) => message);
      const calls = messages.flatMap((message) => message.tool_calls ?? []).map((call) => call.function.arguments.to);
      return new Map([
        ['thinking', messages.map(({ thinking }) => thinking ?? '').join('')],
        ['content', messages.map(({ content }) => content).join('')],
        ['arguments', calls[0] ?? ''],
        ['more', calls[1] ?? ''],
      ]);
    },
    isEnded,
  },
  {
    format: 'ollama',
    name: 'streamed completion',
    direction: 'response',
    head: GENERATE,
    contentType: NDJSON,
    slots: [
      { name: 'thinking', lane: 'reasoning', pieces: true },
      { name: 'response', lane: 'output', pieces: true },
    ],
    write: (texts) =>
      Buffer.concat([
        ...joined(texts, 'thinking', (thinking) => line({ response: '', thinking, done: false })),
        ...joined(texts, 'response', (response) => line({ response, done: false })),
        line({ response: '', context: [128006, 9125, 128007], ...END }),
      ]),
    read(bytes) {
      const lines = jsonLines(bytes);
      return new Map([
        ['thinking', lines.map(({ thinking }) => thinking ?? '').join('')],
        ['response', lines.map(({ response }) => response ?? '').join('')],
      ]);
    },
    isEnded,
  },
];
