import { awsChunk, awsEvent, awsEvents } from '../../support/aws-eventstream.ts';
import type { DialectCase, Slot } from '../dialect-case.ts';
import { joined, jsonPiece, one, stringSoFar } from '../writing.ts';

const head = (model: string, call = 'invoke') => ({ path: `/model/${encodeURIComponent(model)}/${call}` });
const streamHead = (model: string) => head(model, 'invoke-with-response-stream');
const METRICS = { 'amazon-bedrock-invocationMetrics': { inputTokenCount: 5, outputTokenCount: 7, invocationLatency: 900 } };

type Texts = Parameters<DialectCase['write']>[0];
// biome-ignore lint/suspicious/noExplicitAny: a client reads what it expects
type Read = (body: any) => Readonly<Record<string, string>>;

/** A body of JSON, one slot a text. */
function whole(
  direction: 'request' | 'response',
  { name, model, slots, write, read }: { name: string; model: string; slots: readonly Slot[]; write: (texts: Texts) => object; read: Read },
): DialectCase {
  return {
    format: 'bedrock-invoke',
    name,
    direction,
    head: head(model),
    contentType: 'application/json',
    slots,
    write: (texts) => Buffer.from(JSON.stringify(write(texts))),
    read: (bytes) => new Map(Object.entries(read(JSON.parse(bytes.toString())))),
  };
}

interface Streamed {
  readonly name: string;
  readonly model: string;
  readonly slots: readonly Slot[];
  readonly write: (texts: Texts) => readonly object[];
  // biome-ignore lint/suspicious/noExplicitAny: a client reads what it expects
  readonly read: (events: readonly any[]) => Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: a client reads what it expects
  readonly isEnd?: (event: any) => boolean;
}

/** A stream of chunks, each with a body of the model. */
function streamed({ name, model, slots, write, read, isEnd }: Streamed): DialectCase {
  const chunks = (bytes: Buffer) => awsEvents(bytes).map(([, event]) => event);
  return {
    format: 'bedrock-invoke',
    name,
    direction: 'response',
    head: streamHead(model),
    contentType: 'application/vnd.amazon.eventstream',
    slots,
    write: (texts) => Buffer.concat(write(texts).map(awsChunk)),
    read: (bytes) => new Map(Object.entries(read(chunks(bytes)))),
    ...(isEnd && { isEnded: (bytes: Buffer) => chunks(bytes).some(isEnd) }),
  };
}

/** What the events say, joined. */
// biome-ignore lint/suspicious/noExplicitAny: a client reads what it expects
const all = (events: readonly any[], pick: (event: any) => string | null | undefined): string =>
  events.map((event) => pick(event) ?? '').join('');

const OUTPUT: readonly Slot[] = [{ name: 'output', lane: 'output', pieces: true }];

/** Amazon Bedrock InvokeModel: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html */
export const BEDROCK_INVOKE: readonly DialectCase[] = [
  whole('request', {
    name: 'Claude',
    model: 'anthropic.claude-3-5-sonnet-20241022-v2:0',
    slots: [
      { name: 'system', lane: 'system' },
      { name: 'part', lane: 'user', pieces: true },
      { name: 'result', lane: 'tool-result' },
      { name: 'description', lane: 'tool-definition' },
      { name: 'unknown', lane: 'other' },
    ],
    write: (texts) => ({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 512,
      system: one(texts, 'system'),
      messages: [
        { role: 'user', content: joined(texts, 'part', (text) => ({ type: 'text', text })) },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: one(texts, 'result') }] },
      ],
      tools: [{ name: 'look_up', description: one(texts, 'description'), input_schema: { type: 'object' } }],
      some_new_field: one(texts, 'unknown'),
    }),
    read: ({ system, messages, tools, some_new_field }) => ({
      system,
      part: all(messages[0].content, ({ text }) => text),
      result: messages[1].content[0].content,
      description: tools[0].description,
      unknown: some_new_field,
    }),
  }),
  whole('request', {
    name: 'Nova',
    model: 'amazon.nova-lite-v1:0',
    slots: [
      { name: 'system', lane: 'system' },
      { name: 'part', lane: 'user', pieces: true },
      { name: 'arguments', lane: 'tool-arguments' },
    ],
    write: (texts) => ({
      schemaVersion: 'messages-v1',
      system: [{ text: one(texts, 'system') }],
      messages: [
        { role: 'user', content: joined(texts, 'part', (text) => ({ text })) },
        { role: 'assistant', content: [{ toolUse: { toolUseId: 't', name: 'look_up', input: { q: one(texts, 'arguments') } } }] },
      ],
      inferenceConfig: { maxTokens: 512 },
    }),
    read: ({ system, messages }) => ({
      system: system[0].text,
      part: all(messages[0].content, ({ text }) => text),
      arguments: messages[1].content[0].toolUse.input.q,
    }),
  }),
  whole('request', {
    name: 'Titan',
    model: 'amazon.titan-text-express-v1',
    slots: [
      { name: 'input', lane: 'user' },
      { name: 'stop', lane: 'other' },
    ],
    write: (texts) => ({ inputText: one(texts, 'input'), textGenerationConfig: { stopSequences: [one(texts, 'stop')], topP: 0.9 } }),
    read: ({ inputText, textGenerationConfig }) => ({ input: inputText, stop: textGenerationConfig.stopSequences[0] }),
  }),
  whole('request', {
    name: 'Llama',
    model: 'meta.llama3-70b-instruct-v1:0',
    slots: [
      { name: 'prompt', lane: 'user' },
      { name: 'unknown', lane: 'other' },
    ],
    write: (texts) => ({ prompt: one(texts, 'prompt'), max_gen_len: 512, some_new_field: { deep: one(texts, 'unknown') } }),
    read: ({ prompt, some_new_field }) => ({ prompt, unknown: some_new_field.deep }),
  }),
  whole('request', {
    name: 'Command R',
    model: 'cohere.command-r-v1:0',
    slots: [
      { name: 'message', lane: 'user' },
      { name: 'preamble', lane: 'system' },
      { name: 'history', lane: 'assistant-history' },
      { name: 'document', lane: 'document' },
    ],
    write: (texts) => ({
      message: one(texts, 'message'),
      preamble: one(texts, 'preamble'),
      chat_history: [{ role: 'CHATBOT', message: one(texts, 'history') }],
      documents: [{ title: 'd', snippet: one(texts, 'document') }],
    }),
    read: ({ message, preamble, chat_history, documents }) => ({
      message,
      preamble,
      history: chat_history[0].message,
      document: documents[0].snippet,
    }),
  }),
  whole('response', {
    name: 'Claude',
    model: 'anthropic.claude-3-5-sonnet-20241022-v2:0',
    slots: [
      { name: 'output', lane: 'output' },
      { name: 'arguments', lane: 'tool-arguments' },
    ],
    write: (texts) => ({
      id: 'msg_bdrk_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-3-5-sonnet-20241022',
      content: [
        { type: 'text', text: one(texts, 'output') },
        { type: 'tool_use', id: 't', name: 'look_up', input: { q: one(texts, 'arguments') } },
      ],
      stop_reason: 'tool_use',
      usage: { input_tokens: 5, output_tokens: 7 },
    }),
    read: ({ content }) => ({ output: content[0].text, arguments: content[1].input.q }),
  }),
  whole('response', {
    name: 'Titan',
    model: 'amazon.titan-text-express-v1',
    slots: [
      { name: 'output', lane: 'output' },
      { name: 'unknown', lane: 'output' },
    ],
    write: (texts) => ({
      inputTextTokenCount: 5,
      results: [{ tokenCount: 7, outputText: one(texts, 'output'), completionReason: 'FINISH', note: one(texts, 'unknown') }],
    }),
    read: ({ results }) => ({ output: results[0].outputText, unknown: results[0].note }),
  }),
  whole('response', {
    name: 'Jurassic, which repeats its text token by token',
    model: 'ai21.j2-ultra-v1',
    slots: [
      { name: 'prompt', lane: 'output' },
      { name: 'output', lane: 'output' },
    ],
    write: (texts) => ({
      prompt: { text: one(texts, 'prompt') },
      completions: [
        { data: { text: one(texts, 'output'), tokens: [{ generatedToken: { token: '_ok' } }] }, finishReason: { reason: 'endoftext' } },
      ],
    }),
    read: ({ prompt, completions }) => ({ prompt: prompt.text, output: completions[0].data.text }),
  }),
  streamed({
    name: 'streamed answer of Claude with thinking and a tool call',
    model: 'us.anthropic.claude-sonnet-4-20250514-v1:0',
    slots: [
      { name: 'thinking', lane: 'reasoning', pieces: true },
      { name: 'output', lane: 'output', pieces: true },
      { name: 'arguments', lane: 'tool-arguments', pieces: true, nested: true },
    ],
    write: (texts) => {
      const delta = (index: number, content: object) => ({ type: 'content_block_delta', index, delta: content });
      const start = (index: number, content_block: object) => ({ type: 'content_block_start', index, content_block });
      const stop = (index: number) => ({ type: 'content_block_stop', index });
      return [
        { type: 'message_start', message: { id: 'm', type: 'message', role: 'assistant', content: [], usage: { input_tokens: 5 } } },
        start(0, { type: 'thinking', thinking: '' }),
        ...joined(texts, 'thinking', (thinking) => delta(0, { type: 'thinking_delta', thinking })),
        stop(0),
        start(1, { type: 'text', text: '' }),
        ...joined(texts, 'output', (text) => delta(1, { type: 'text_delta', text })),
        stop(1),
        start(2, { type: 'tool_use', id: 't', name: 'look_up', input: {} }),
        delta(2, { type: 'input_json_delta', partial_json: '{"q": "' }),
        ...joined(texts, 'arguments', (text) => delta(2, { type: 'input_json_delta', partial_json: jsonPiece(text) })),
        delta(2, { type: 'input_json_delta', partial_json: '"}' }),
        stop(2),
        { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 7 } },
        { type: 'message_stop', ...METRICS },
      ];
    },
    read: (events) => ({
      thinking: all(events, ({ delta }) => delta?.thinking),
      output: all(events, ({ delta }) => delta?.text),
      arguments: stringSoFar(
        all(events, ({ delta }) => delta?.partial_json),
        '{"q": "',
      ),
    }),
    isEnd: ({ type }) => type === 'message_stop',
  }),
  streamed({
    name: 'streamed answer of Nova',
    model: 'amazon.nova-pro-v1:0',
    slots: OUTPUT,
    write: (texts) => [
      { messageStart: { role: 'assistant' } },
      ...joined(texts, 'output', (text) => ({ contentBlockDelta: { delta: { text }, contentBlockIndex: 0 } })),
      { contentBlockStop: { contentBlockIndex: 0 } },
      { messageStop: { stopReason: 'end_turn' } },
      { metadata: { usage: { inputTokens: 5, outputTokens: 7 } }, ...METRICS },
    ],
    read: (events) => ({ output: all(events, ({ contentBlockDelta }) => contentBlockDelta?.delta.text) }),
    isEnd: ({ messageStop }) => messageStop !== undefined,
  }),
  streamed({
    name: 'streamed answer of Titan',
    model: 'amazon.titan-text-express-v1',
    slots: OUTPUT,
    write: (texts) => [
      ...joined(texts, 'output', (outputText) => ({ outputText, index: 0, totalOutputTextTokenCount: null, completionReason: null })),
      { outputText: '', index: 0, totalOutputTextTokenCount: 7, completionReason: 'FINISH', ...METRICS },
    ],
    read: (events) => ({ output: all(events, ({ outputText }) => outputText) }),
    isEnd: ({ completionReason }) => completionReason != null,
  }),
  streamed({
    name: 'streamed answer of Llama',
    model: 'meta.llama3-70b-instruct-v1:0',
    slots: OUTPUT,
    write: (texts) => [
      ...joined(texts, 'output', (generation) => ({ generation, prompt_token_count: null, generation_token_count: 1, stop_reason: null })),
      { generation: '', prompt_token_count: null, generation_token_count: 7, stop_reason: 'stop', ...METRICS },
    ],
    read: (events) => ({ output: all(events, ({ generation }) => generation) }),
    isEnd: ({ stop_reason }) => stop_reason != null,
  }),
  streamed({
    name: 'streamed answer of Mistral',
    model: 'mistral.mistral-7b-instruct-v0:2',
    slots: OUTPUT,
    write: (texts) => [
      ...joined(texts, 'output', (text) => ({ outputs: [{ text, stop_reason: null }] })),
      { outputs: [{ text: '', stop_reason: 'stop' }], ...METRICS },
    ],
    read: (events) => ({ output: all(events, ({ outputs }) => outputs[0].text) }),
  }),
  streamed({
    name: 'streamed answer of a model that speaks OpenAI chat',
    model: 'openai.gpt-oss-120b-1:0',
    slots: OUTPUT,
    write: (texts) => [
      ...joined(texts, 'output', (content) => ({ id: 'c', choices: [{ index: 0, delta: { content }, finish_reason: null }] })),
      { id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], ...METRICS },
    ],
    read: (events) => ({ output: all(events, ({ choices }) => choices[0].delta.content) }),
    isEnd: ({ choices }) => choices[0].finish_reason !== null,
  }),
  {
    ...streamed({ name: 'texts beside the bytes', model: 'any', slots: [], write: () => [], read: () => ({}) }),
    slots: [
      { name: 'padding', lane: 'output' },
      { name: 'beside', lane: 'output' },
    ],
    write: (texts) => awsEvent('chunk', { bytes: 'e30=', p: one(texts, 'padding'), some_new_field: one(texts, 'beside') }),
    read: (bytes) => {
      const messages = bytes.toString('utf8', bytes.indexOf('{"bytes"'), bytes.length - 4);
      const { p, some_new_field } = JSON.parse(messages);
      return new Map([
        ['padding', p],
        ['beside', some_new_field],
      ]);
    },
  },
];
