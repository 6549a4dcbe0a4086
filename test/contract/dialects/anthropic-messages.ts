import type { DialectCase } from '../dialect-case.ts';
import { joined, jsonEvents, one, sse } from '../writing.ts';

const HEAD = { path: '/v1/messages', headers: { 'anthropic-version': '2023-06-01' } };
const VERTEX = '/v1/projects/p/locations/europe-west4/publishers/anthropic/models/claude-sonnet-4-5@20250929';

// biome-ignore lint/suspicious/noExplicitAny: a client reads what it expects
type Json = any;

interface Event {
  readonly type: string;
  readonly [field: string]: unknown;
}

const START: Event = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-x',
    content: [],
    stop_reason: null,
    usage: { input_tokens: 9 },
  },
};
const begin = (index: number, content_block: object): Event => ({ type: 'content_block_start', index, content_block });
const delta = (index: number, value: object): Event => ({ type: 'content_block_delta', index, delta: value });
const stop = (index: number): Event => ({ type: 'content_block_stop', index });
const END: readonly Event[] = [
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 7 } },
  { type: 'message_stop' },
];
const stream = (events: readonly Event[]): Buffer => Buffer.concat(events.map((event) => sse(event, event.type)));

/** All deltas of a block, each field joined. */
const deltasOf = (events: readonly Json[], index: number, field: string): string =>
  events.map((event) => (event.type === 'content_block_delta' && event.index === index ? (event.delta[field] ?? '') : '')).join('');

const blockOf = (events: readonly Json[], index: number): Json =>
  events.find((event) => event.type === 'content_block_start' && event.index === index)?.content_block;

/** The string in `{"q":"…"}`; of one that is not complete, nothing. */
function argument(json: string): string {
  try {
    return JSON.parse(json).q;
  } catch {
    return '';
  }
}

const isEnded = (bytes: Buffer): boolean => {
  const types = jsonEvents(bytes).map(({ type }) => type);
  const closed =
    types.filter((type) => type === 'content_block_start').length === types.filter((type) => type === 'content_block_stop').length;
  return types[0] === 'message_start' && closed && types.at(-2) === 'message_delta' && types.at(-1) === 'message_stop';
};

/** Anthropic Messages: https://docs.anthropic.com/en/api/messages */
export const ANTHROPIC_MESSAGES: readonly DialectCase[] = [
  {
    format: 'anthropic-messages',
    name: 'request with history, documents and tools',
    direction: 'request',
    media: true,
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'system', lane: 'system', pieces: true },
      { name: 'part', lane: 'user', pieces: true },
      { name: 'document', lane: 'document' },
      { name: 'thinking', lane: 'reasoning' },
      { name: 'history', lane: 'assistant-history' },
      { name: 'arguments', lane: 'tool-arguments' },
      { name: 'result', lane: 'tool-result', pieces: true },
      { name: 'fetched', lane: 'tool-result' },
      { name: 'description', lane: 'tool-definition' },
      { name: 'example', lane: 'tool-definition' },
      { name: 'user', lane: 'other' },
      { name: 'unknown', lane: 'other' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          model: 'claude-x',
          max_tokens: 100,
          system: joined(texts, 'system', (text) => ({ type: 'text', text })),
          messages: [
            {
              role: 'user',
              content: [
                ...joined(texts, 'part', (text) => ({ type: 'text', text })),
                { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
                { type: 'document', source: { type: 'text', media_type: 'text/plain', data: one(texts, 'document') } },
              ],
            },
            {
              role: 'assistant',
              content: [
                { type: 'thinking', thinking: one(texts, 'thinking'), signature: '' },
                { type: 'redacted_thinking', data: 'Emw=' },
                { type: 'text', text: one(texts, 'history') },
                { type: 'tool_use', id: 'toolu_1', name: 'look_up', input: { q: one(texts, 'arguments') } },
              ],
            },
            {
              role: 'user',
              content: [
                { type: 'tool_result', tool_use_id: 'toolu_1', content: joined(texts, 'result', (text) => ({ type: 'text', text })) },
                {
                  type: 'web_fetch_tool_result',
                  tool_use_id: 'srvtoolu_1',
                  content: {
                    type: 'web_fetch_result',
                    content: { type: 'document', source: { type: 'text', media_type: 'text/plain', data: one(texts, 'fetched') } },
                  },
                },
              ],
            },
          ],
          tools: [
            {
              name: 'look_up',
              description: one(texts, 'description'),
              input_schema: { type: 'object' },
              input_examples: [{ q: one(texts, 'example') }],
            },
            { type: 'web_search_20250305', name: 'web_search', max_uses: 2 },
          ],
          metadata: { user_id: one(texts, 'user') },
          some_new_field: { deep: [one(texts, 'unknown')] },
        }),
      ),
    read(bytes) {
      const { system, messages, tools, metadata, some_new_field: unknown } = JSON.parse(bytes.toString());
      const [asked, said, got] = messages.map(({ content }: Json) => content);
      const textsOf = (blocks: readonly Json[]) => blocks.map(({ text }) => text ?? '').join('');
      return new Map([
        ['system', textsOf(system)],
        ['part', textsOf(asked)],
        ['document', asked.at(-1).source.data],
        ['thinking', said[0].thinking],
        ['history', said[2].text],
        ['arguments', said[3].input.q],
        ['result', textsOf(got[0].content)],
        ['fetched', got[1].content.content.source.data],
        ['description', tools[0].description],
        ['example', tools[0].input_examples[0].q],
        ['user', metadata.user_id],
        ['unknown', unknown.deep[0]],
      ]);
    },
  },
  {
    format: 'anthropic-messages',
    name: 'batch of requests',
    direction: 'request',
    head: { path: '/v1/messages/batches' },
    contentType: 'application/json',
    slots: [
      { name: 'first', lane: 'user' },
      { name: 'system', lane: 'system' },
      { name: 'second', lane: 'user' },
    ],
    write(texts) {
      const message = (slot: string) => [{ role: 'user', content: one(texts, slot) }];
      return Buffer.from(
        JSON.stringify({
          requests: [
            { custom_id: 'a', params: { model: 'claude-x', max_tokens: 9, messages: message('first') } },
            { custom_id: 'b', params: { model: 'claude-x', max_tokens: 9, system: one(texts, 'system'), messages: message('second') } },
          ],
        }),
      );
    },
    read(bytes) {
      const [a, b] = JSON.parse(bytes.toString()).requests.map(({ params }: Json) => params);
      return new Map([
        ['first', a.messages[0].content],
        ['system', b.system],
        ['second', b.messages[0].content],
      ]);
    },
  },
  {
    format: 'anthropic-messages',
    name: 'results of a batch',
    direction: 'response',
    head: { path: '/v1/messages/batches/msgbatch_1/results', method: 'GET' },
    contentType: 'application/x-jsonl',
    slots: [
      { name: 'first', lane: 'output' },
      { name: 'arguments', lane: 'tool-arguments' },
      { name: 'second', lane: 'output' },
      { name: 'error', lane: 'output' },
    ],
    write(texts) {
      const message = (content: readonly object[]) => ({
        type: 'succeeded',
        message: { id: 'msg_1', type: 'message', role: 'assistant', content },
      });
      const call = { type: 'tool_use', id: 'toolu_1', name: 'look_up', input: { q: one(texts, 'arguments') } };
      const lines = [
        { custom_id: 'a', result: message([{ type: 'text', text: one(texts, 'first') }, call]) },
        { custom_id: 'b', result: message([{ type: 'text', text: one(texts, 'second') }]) },
        {
          custom_id: 'c',
          result: { type: 'errored', error: { type: 'error', error: { type: 'api_error', message: one(texts, 'error') } } },
        },
      ];
      return Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    },
    read(bytes) {
      const lines = bytes
        .toString()
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).result);
      const text = (line: Json) => line?.message.content[0].text ?? '';
      return new Map([
        ['first', text(lines[0])],
        ['arguments', lines[0]?.message.content[1].input.q ?? ''],
        ['second', text(lines[1])],
        ['error', lines[2]?.error.error.message ?? ''],
      ]);
    },
  },
  {
    format: 'anthropic-messages',
    name: 'whole answer with server tools',
    direction: 'response',
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'thinking', lane: 'reasoning' },
      { name: 'query', lane: 'tool-arguments' },
      { name: 'found', lane: 'tool-result' },
      { name: 'printed', lane: 'tool-result' },
      { name: 'output', lane: 'output', pieces: true },
      { name: 'cited', lane: 'output' },
      { name: 'arguments', lane: 'tool-arguments' },
      { name: 'why', lane: 'output' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          model: 'claude-x',
          content: [
            { type: 'thinking', thinking: one(texts, 'thinking'), signature: '' },
            { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: one(texts, 'query') } },
            {
              type: 'web_search_tool_result',
              tool_use_id: 'srvtoolu_1',
              content: [
                { type: 'web_search_result', url: 'https://example.org', title: one(texts, 'found'), encrypted_content: 'EqgfCioI' },
              ],
            },
            {
              type: 'bash_code_execution_tool_result',
              tool_use_id: 'srvtoolu_2',
              content: { type: 'bash_code_execution_result', stdout: one(texts, 'printed'), stderr: '', return_code: 0, content: [] },
            },
            ...joined(texts, 'output', (text) => ({ type: 'text', text })),
            {
              type: 'text',
              text: '',
              citations: [
                { type: 'char_location', cited_text: one(texts, 'cited'), document_index: 0, start_char_index: 0, end_char_index: 9 },
              ],
            },
            { type: 'mcp_tool_use', id: 'mcptoolu_1', name: 'look_up', server_name: 's', input: { q: one(texts, 'arguments') } },
          ],
          stop_reason: 'refusal',
          stop_sequence: null,
          stop_details: { type: 'refusal', explanation: one(texts, 'why') },
          usage: { input_tokens: 9, output_tokens: 4 },
        }),
      ),
    read(bytes) {
      const { content, stop_details: details } = JSON.parse(bytes.toString());
      return new Map([
        ['thinking', content[0].thinking],
        ['query', content[1].input.query],
        ['found', content[2].content[0].title],
        ['printed', content[3].content.stdout],
        ['output', content.map(({ text }: Json) => text ?? '').join('')],
        ['cited', content.at(-2).citations[0].cited_text],
        ['arguments', content.at(-1).input.q],
        ['why', details.explanation],
      ]);
    },
  },
  {
    format: 'anthropic-messages',
    name: 'streamed answer',
    direction: 'response',
    head: { path: `${VERTEX}:streamRawPredict` },
    contentType: 'text/event-stream; charset=utf-8',
    slots: [
      { name: 'thinking', lane: 'reasoning', pieces: true },
      { name: 'output', lane: 'output', pieces: true },
      { name: 'cited', lane: 'output' },
      { name: 'arguments', lane: 'tool-arguments', nested: true },
      { name: 'found', lane: 'tool-result' },
    ],
    write: (texts) =>
      stream([
        START,
        { type: 'ping' },
        begin(0, { type: 'thinking', thinking: '', signature: '' }),
        ...joined(texts, 'thinking', (thinking) => delta(0, { type: 'thinking_delta', thinking })),
        stop(0),
        begin(1, { type: 'text', text: '' }),
        ...joined(texts, 'output', (text) => delta(1, { type: 'text_delta', text })),
        delta(1, {
          type: 'citations_delta',
          citation: {
            type: 'web_search_result_location',
            cited_text: one(texts, 'cited'),
            url: 'https://example.org',
            encrypted_index: 'EpEB',
          },
        }),
        stop(1),
        begin(2, { type: 'tool_use', id: 'toolu_1', name: 'look_up', input: {} }),
        ...pieces(`{"q": ${JSON.stringify(one(texts, 'arguments'))}}`).map((partial_json) =>
          delta(2, { type: 'input_json_delta', partial_json }),
        ),
        stop(2),
        begin(3, {
          type: 'mcp_tool_result',
          tool_use_id: 'mcptoolu_1',
          is_error: false,
          content: [{ type: 'text', text: one(texts, 'found') }],
        }),
        stop(3),
        ...END,
      ]),
    read(bytes) {
      const events = jsonEvents(bytes);
      const citation = events.find((event) => event.delta?.citation !== undefined)?.delta.citation;
      return new Map([
        ['thinking', deltasOf(events, 0, 'thinking')],
        ['output', deltasOf(events, 1, 'text')],
        ['cited', citation?.cited_text ?? ''],
        ['arguments', argument(deltasOf(events, 2, 'partial_json'))],
        ['found', blockOf(events, 3)?.content[0].text ?? ''],
      ]);
    },
    isEnded,
  },
  {
    format: 'anthropic-messages',
    name: 'streamed answer in several text blocks',
    direction: 'response',
    head: HEAD,
    contentType: 'text/event-stream',
    slots: [{ name: 'output', lane: 'output', pieces: true }],
    write: (texts) =>
      stream([
        START,
        ...joined(texts, 'output', (text) => text).flatMap((text, index) => [
          begin(index, { type: 'text', text: '' }),
          delta(index, { type: 'text_delta', text }),
          stop(index),
        ]),
        ...END,
      ]),
    read: (bytes) =>
      new Map([
        [
          'output',
          jsonEvents(bytes)
            .map((event) => event.delta?.text ?? '')
            .join(''),
        ],
      ]),
    isEnded,
  },
  {
    format: 'anthropic-messages',
    name: 'error in a stream',
    direction: 'response',
    head: HEAD,
    contentType: 'text/event-stream',
    slots: [{ name: 'message', lane: 'output' }],
    write: (texts) => stream([START, { type: 'error', error: { type: 'overloaded_error', message: one(texts, 'message') } }]),
    read: (bytes) => new Map([['message', jsonEvents(bytes).find(({ type }) => type === 'error')?.error.message ?? '']]),
  },
];

/** In three pieces, so that what is escaped is cut too. */
function pieces(text: string): readonly string[] {
  const third = Math.ceil(text.length / 3);
  return [text.slice(0, third), text.slice(third, 2 * third), text.slice(2 * third)];
}
