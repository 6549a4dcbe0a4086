import { expect, test } from 'vitest';
import { denialFor } from '../../../src/respond/denial.ts';
import type { Head } from '../../../src/wire/format.ts';
import { anthropicMessages } from '../../../src/wire/formats/anthropic-messages.ts';
import { emptyFacts } from '../../../src/wire/frame.ts';
import { readJson } from '../../../src/wire/framing/json.ts';
import { lanes, read, values } from '../reading.ts';

const request = (body: unknown) => read([Buffer.from(JSON.stringify(body))], { format: anthropicMessages, direction: 'request' });
const response = (body: unknown) => read([Buffer.from(JSON.stringify(body))], { format: anthropicMessages, direction: 'response' });

interface Event {
  readonly type: string;
  readonly [field: string]: unknown;
}
const stream = (events: readonly Event[]) =>
  read(
    events.map((event) => Buffer.from(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)),
    { format: anthropicMessages, direction: 'response', contentType: 'text/event-stream; charset=utf-8' },
  );
const START: Event = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-x',
    content: [],
    stop_reason: null,
    usage: { input_tokens: 9, output_tokens: 1 },
  },
};
const begin = (index: number, content_block: unknown): Event => ({ type: 'content_block_start', index, content_block });
const delta = (index: number, value: unknown): Event => ({ type: 'content_block_delta', index, delta: value });
const stop = (index: number): Event => ({ type: 'content_block_stop', index });

test('reads the system text and every kind of block of a request', () => {
  const { frames, facts } = request({
    model: 'claude-x',
    max_tokens: 1024,
    stream: false,
    system: [
      { type: 'text', text: 'be ' },
      { type: 'text', text: 'kind', cache_control: { type: 'ephemeral' } },
    ],
    messages: [
      { role: 'user', content: 'hello' },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'hmm', signature: 'EqQB+/==' },
          { type: 'redacted_thinking', data: 'Emw=' },
          { type: 'text', text: 'I look' },
          { type: 'tool_use', id: 'toolu_1', name: 'look', input: { where: 'here', deep: [{ n: 123_456_789 }] } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: 'found' }] },
          { type: 'tool_result', tool_use_id: 'toolu_2', content: 'plain' },
          { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'report' }, title: 'T' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
          { type: 'text', text: 'so?' },
        ],
      },
    ],
    tools: [{ name: 'look', description: 'looks', input_schema: { type: 'object' } }],
    metadata: { user_id: 'u' },
  });
  expect(values({ frames })).toEqual([
    ['system', 'system', 'be kind'],
    ['system', 'system.1.cache_control.type', 'ephemeral'],
    ['user', 'messages.0.content', 'hello'],
    ['reasoning', 'messages.1.content.0.thinking', 'hmm'],
    ['assistant-history', 'messages.1.content.2', 'I look'],
    ['tool-arguments', 'messages.1.content.3.input.where', 'here'],
    ['tool-arguments', 'messages.1.content.3.input.deep.0.n', '123456789'],
    ['tool-result', 'messages.2.content.0.content', 'found'],
    ['tool-result', 'messages.2.content.1.content', 'plain'],
    ['document', 'messages.2.content.2.source.data', 'report'],
    ['document', 'messages.2.content.2.title', 'T'],
    ['user', 'messages.2.content.4', 'so?'],
    ['tool-definition', 'tools.0.description', 'looks'],
    ['tool-definition', 'tools.0.input_schema.type', 'object'],
    ['other', 'body.metadata.user_id', 'u'],
  ]);
  expect(facts).toMatchObject({ model: 'claude-x', stream: false, toolsDeclared: ['look'], toolsCalled: [] });
});

test('reads what stands in a base64 field and is not base64', () => {
  const content = [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'call 555 0100!' } }];
  expect(values(request({ messages: [{ role: 'user', content }] }))).toEqual([
    ['user', 'messages.0.content.0.source.data', 'call 555 0100!'],
  ]);
});

test('the names of fields no dialect knows are read', () => {
  const names = lanes(request({ messages: [{ role: 'user', content: [{ type: 'text', text: 'x', hidden: 1 }] }], strange: 2 }));
  expect(names).toEqual([
    ['user', 'messages.0.content', 'x'],
    ['user', 'key#0', 'hidden'],
    ['other', 'key#1', 'strange'],
  ]);
});

test('reads every lane of an answer', () => {
  const { frames, facts } = response({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-x',
    content: [
      { type: 'thinking', thinking: 'hmm', signature: 'abc=' },
      { type: 'text', text: 'hello', citations: [{ type: 'char_location', cited_text: 'quoted' }] },
      { type: 'text', text: 'again' },
      { type: 'tool_use', id: 't', name: 'send', input: { to: 'bob' } },
    ],
    stop_reason: 'tool_use',
    stop_sequence: null,
    usage: { input_tokens: 9, output_tokens: 4 },
  });
  expect(values({ frames })).toEqual([
    ['reasoning', 'content.0.thinking', 'hmm'],
    ['output', 'content.1', 'helloagain'],
    ['output', 'content.1.citations.0.cited_text', 'quoted'],
    ['tool-arguments', 'content.3.input.to', 'bob'],
  ]);
  expect(facts).toEqual({
    responseId: 'msg_1',
    responseModel: 'claude-x',
    inputTokens: 9,
    outputTokens: 4,
    toolsDeclared: [],
    toolsCalled: ['send'],
    finishReasons: ['tool_use'],
    methods: [],
  });
});

test('gathers the texts of a stream by content block', () => {
  const { frames, facts } = stream([
    START,
    begin(0, { type: 'thinking', thinking: '' }),
    delta(0, { type: 'thinking_delta', thinking: 'hm' }),
    delta(0, { type: 'thinking_delta', thinking: 'm' }),
    delta(0, { type: 'signature_delta', signature: 'Eq+/=' }),
    stop(0),
    { type: 'ping' },
    begin(1, { type: 'text', text: '' }),
    delta(1, { type: 'text_delta', text: 'hel' }),
    delta(1, { type: 'text_delta', text: 'lo' }),
    delta(1, { type: 'citations_delta', citation: { cited_text: 'quoted' } }),
    stop(1),
    begin(2, { type: 'tool_use', id: 't', name: 'send', input: {} }),
    delta(2, { type: 'input_json_delta', partial_json: '' }),
    delta(2, { type: 'input_json_delta', partial_json: '{"to": "b' }),
    delta(2, { type: 'input_json_delta', partial_json: 'ob"}' }),
    stop(2),
    { type: 'message_delta', delta: { stop_reason: 'tool_use', stop_sequence: null }, usage: { output_tokens: 7 } },
    { type: 'message_stop' },
  ]);
  expect(values({ frames })).toEqual([
    ['reasoning', 'content.0.thinking', 'hmm'],
    ['output', 'content.1', 'hello'],
    ['output', 'content.1.citation.cited_text#0', 'quoted'],
    ['tool-arguments', 'content.2.input/0', 'to'],
    ['tool-arguments', 'content.2.input/1', 'bob'],
  ]);
  expect(frames.flatMap((frame) => frame.laneEnds).filter((key) => !key.startsWith('key#'))).toEqual([
    'content.0.thinking',
    'content.1.citation.cited_text#0',
    'content.1',
    'content.2.input/0',
    'content.2.input/1',
    '*',
  ]);
  expect(facts).toMatchObject({
    responseModel: 'claude-x',
    inputTokens: 9,
    outputTokens: 7,
    toolsCalled: ['send'],
    finishReasons: ['tool_use'],
    methods: [],
  });
});

test('says which blocks are open, in snapshots that do not change', () => {
  const { frames } = stream([
    START,
    begin(0, { type: 'text', text: '' }),
    delta(0, { type: 'text_delta', text: 'a' }),
    stop(0),
    { type: 'message_stop' },
  ]);
  expect(frames.map((frame) => frame.position)).toEqual([
    { open: [], started: true, stopped: false },
    { open: [0], started: true, stopped: false },
    { open: [0], started: true, stopped: false },
    { open: [], started: true, stopped: false },
    { open: [], started: true, stopped: true },
  ]);
});

const typesOf = (ending: Buffer): string[] =>
  ending
    .toString()
    .split('\n')
    .flatMap((line) => (line.startsWith('event: ') ? [line.slice(7)] : []));

test('ends a stream with its open blocks closed and a refusal', () => {
  const { frames } = stream([START, begin(0, { type: 'text', text: '' })]);
  expect(anthropicMessages.ending(frames.at(-1)!.position, denialFor('content_filter')).toString()).toBe(
    [
      'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n',
      'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"refusal","stop_sequence":null},"usage":{"output_tokens":0}}\n\n',
      'event: message_stop\ndata: {"type":"message_stop"}\n\n',
    ].join(''),
  );
});

test('ends a stream nobody has seen anything of, and adds nothing to one that is done', () => {
  expect(typesOf(anthropicMessages.ending(undefined, denialFor('content_filter')))).toEqual([
    'message_start',
    'message_delta',
    'message_stop',
  ]);
  const { frames } = stream([START, { type: 'message_stop' }]);
  expect(anthropicMessages.ending(frames.at(-1)!.position, denialFor('content_filter'))).toHaveLength(0);
});

test('reads an error event', () => {
  expect(values(stream([{ type: 'error', error: { type: 'overloaded_error', message: 'later' } }]))).toEqual([
    ['output', 'event.error.type#1', 'overloaded_error'],
    ['output', 'event.error.message#3', 'later'],
  ]);
});

const DENIALS = [
  ['content_filter', 403, 'permission_error'],
  ['request_too_large', 413, 'request_too_large'],
  ['uninspectable', 403, 'permission_error'],
  ['unavailable', 503, 'overloaded_error'],
] as const;

test('the table of denials has all its rows', () => expect(DENIALS).toHaveLength(4));

test.each(DENIALS)('denies %s with %i %s', (code, status, type) => {
  const denial = denialFor(code, 'pii.email');
  const answer = anthropicMessages.denial(denial);
  expect([answer.status, JSON.parse(answer.body)]).toEqual([status, { type: 'error', error: { type, message: denial.message } }]);
});

const head = (path: string): Head => ({ method: 'POST', path, host: 'api.example', header: () => undefined });

const PATHS = [
  ['/v1/messages', true],
  ['/anthropic/v1/messages/', true],
  ['/v1/messages/count_tokens', true],
  ['/v1/messages/batches', true],
  ['/v1/messages/batches/msgbatch_1/results', true],
  ['/v1/projects/p/locations/l/publishers/anthropic/models/claude-x:rawPredict', true],
  ['/api/v1/messages/4711', false],
  ['/v1/threads/t/messages', false],
  ['/v1/projects/p/locations/l/publishers/google/models/gemini-x:rawPredict', false],
  ['/v1/publishers/anthropic/models/claude-x', false],
] as const;

test('the table of paths has all its rows', () => expect(PATHS).toHaveLength(10));

test.each(PATHS)('%s is of the dialect: %s', (path, expected) => expect(anthropicMessages.recognise(head(path))).toBe(expected));

test('on Vertex AI the path names the model and whether the answer is a stream', () => {
  const path = '/v1/projects/p/locations/l/publishers/anthropic/models/claude-x@20250929:streamRawPredict';
  const facts = emptyFacts();
  anthropicMessages.readHead?.(head(path), facts);
  expect([facts.model, facts.stream, anthropicMessages.provider(head(path))]).toEqual(['claude-x@20250929', true, 'gcp.vertex_ai']);
  expect(anthropicMessages.provider(head('/v1/messages'))).toBe('anthropic');
});

const docOf = (body: unknown) => {
  const result = readJson(Buffer.from(JSON.stringify(body)), 64);
  return result.ok ? result.doc : expect.unreachable();
};

test('a body is known by its version field, and fits with messages or requests', () => {
  expect(anthropicMessages.recogniseBody?.(docOf({ anthropic_version: 'vertex-2023-10-16', messages: [] }))).toBe(true);
  expect(anthropicMessages.recogniseBody?.(docOf({ model: 'm', messages: [] }))).toBe(false);
  const fits = [{ messages: [] }, { requests: [] }, { prompt: 'x' }, ['x'], {}].map((body) => anthropicMessages.fits?.(docOf(body)));
  expect(fits).toEqual([true, true, false, false, false]);
});

test('text after a block of another kind is a text of its own, and no text of a signed block', () => {
  const content = [
    { type: 'text', text: 'a' },
    { type: 'thinking', thinking: 'b', signature: 'Eq==' },
    { type: 'text', text: 'c' },
    { type: 'text', text: 'd' },
  ];
  const { frames } = request({ messages: [{ role: 'assistant', content }] });
  expect(values({ frames })).toEqual([
    ['assistant-history', 'messages.0.content', 'a'],
    ['reasoning', 'messages.0.content.1.thinking', 'b'],
    ['assistant-history', 'messages.0.content.2', 'cd'],
  ]);
  expect(frames[0]?.signatures?.map(({ key }) => key)).toEqual(['messages.0.content.1']);
});

test('reads what server tools, MCP servers and files bring', () => {
  const { frames, facts } = response({
    content: [
      { type: 'server_tool_use', id: 's', name: 'web_fetch', input: { url: 'https://a' }, caller: { type: 'direct' } },
      {
        type: 'web_fetch_tool_result',
        tool_use_id: 's',
        content: {
          type: 'web_fetch_result',
          url: 'https://a',
          content: { type: 'document', title: 'T', source: { type: 'base64', media_type: 'text/plain', data: 'aGVsbG8=' } },
        },
      },
      { type: 'tool_search_tool_result', tool_use_id: 't', content: { type: 'tool_search_tool_result_error', error_code: 'unavailable' } },
      {
        type: 'code_execution_tool_result',
        content: { type: 'code_execution_result', stdout: '1', stderr: 'e', content: [{ file_id: 'f' }] },
      },
      { type: 'mcp_tool_result', tool_use_id: 'm', is_error: false, content: [{ type: 'text', text: 'found' }] },
      { type: 'mcp_tool_listing', mcp_server_name: 'x', tools: [{ name: 'look', description: 'looks' }] },
      { type: 'container_upload', file_id: 'f' },
      { type: 'redacted_thinking', data: 'Emw=' },
    ],
    context_management: { applied_edits: [{ type: 'clear_tool_uses' }] },
  });
  expect(values({ frames }).map(([lane, , text]) => [lane, text])).toEqual([
    ['tool-arguments', 'https://a'],
    ['tool-arguments', 'direct'],
    ['tool-result', 'https://a'],
    ['tool-result', 'T'],
    ['tool-result', 'aGVsbG8='],
    ['tool-result', '1'],
    ['tool-result', 'e'],
    ['tool-result', 'found'],
    ['tool-definition', 'looks'],
    ['output', 'clear_tool_uses'],
  ]);
  expect(facts).toMatchObject({ toolsCalled: ['web_fetch'], toolsDeclared: ['look'] });
});

test('text blocks that follow each other in a stream are one text, up to a block of another kind', () => {
  const text = (index: number, piece: string) => [
    begin(index, { type: 'text', text: '' }),
    delta(index, { type: 'text_delta', text: piece }),
    stop(index),
  ];
  const { frames } = stream([
    START,
    ...text(0, 'a'),
    ...text(1, 'b'),
    begin(2, { type: 'container_upload', file_id: 'f' }),
    stop(2),
    ...text(3, 'c'),
  ]);
  expect(values({ frames })).toEqual([
    ['output', 'content.0', 'ab'],
    ['output', 'content.3', 'c'],
  ]);
  expect(frames.map(({ laneEnds }) => laneEnds.includes('content.0'))).toEqual(Array.from({ length: 12 }, (_, i) => i === 7));
});

test('a compaction is read, and its signature is over it', () => {
  const { frames } = stream([
    START,
    begin(0, { type: 'compaction', content: null }),
    delta(0, { type: 'compaction_delta', content: 'so far', encrypted_content: 'Eq==' }),
    delta(0, { type: 'signature_delta', signature: 'Eq==' }),
  ]);
  expect(values({ frames })).toEqual([['output', 'content.0.content', 'so far']]);
  expect(frames.at(-1)?.signatures?.map(({ key }) => key)).toEqual(['content.0']);
});

test('the results of a batch are texts of their own, line by line', () => {
  const line = (text: string) =>
    `${JSON.stringify({ custom_id: 'a', result: { type: 'succeeded', message: { content: [{ type: 'text', text }] } } })}\n`;
  const { frames } = read([Buffer.from(line('a') + line('b'))], {
    format: anthropicMessages,
    direction: 'response',
    contentType: 'application/x-jsonl',
  });
  expect(values({ frames })).toEqual([
    ['output', 'results.0.result.message.content.0', 'a'],
    ['output', 'results.1.result.message.content.0', 'b'],
  ]);
  expect(frames.map(({ laneEnds }) => laneEnds)).toEqual([['*'], ['*']]);
});

test('the answer to a token count is counted', () => expect(response({ input_tokens: 31 }).facts.inputTokens).toBe(31));
