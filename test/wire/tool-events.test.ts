import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS, FIXED } from '../../src/lib/limits.ts';
import type { Direction } from '../../src/text/lane.ts';
import { createBodyReader } from '../../src/wire/body-reader.ts';
import { formatById } from '../../src/wire/formats/index.ts';
import { emptyFacts, type Frame, type WireFacts } from '../../src/wire/frame.ts';
import type { ToolCall, ToolDeclaration, ToolEvent, ToolResult } from '../../src/wire/tool-event.ts';
import { awsEvent } from '../support/aws-eventstream.ts';

interface Read {
  readonly frames: readonly Frame[];
  readonly facts: WireFacts;
  readonly events: readonly ToolEvent[];
}

function read(
  format: string,
  direction: Direction,
  bytes: Buffer,
  { contentType = 'application/json', toolTexts = true, facts = emptyFacts() } = {},
): Read {
  const options = { format: formatById(format)!, direction, contentType, contentEncoding: undefined, limits: DEFAULT_LIMITS, facts };
  const reader = createBodyReader({ ...options, toolTexts });
  const frames = [...reader.push(bytes), ...reader.end()];
  return { frames, facts, events: frames.flatMap(({ tools }) => tools ?? []) };
}

const asked = (format: string, payload: unknown) => read(format, 'request', Buffer.from(JSON.stringify(payload)));
const answered = (format: string, payload: unknown) => read(format, 'response', Buffer.from(JSON.stringify(payload)));
const streamed = (format: string, payloads: readonly unknown[], options = {}) =>
  read(format, 'response', Buffer.from(payloads.map((payload) => `data: ${JSON.stringify(payload)}\n\n`).join('')), {
    contentType: 'text/event-stream',
    ...options,
  });

const calls = ({ events }: Read): readonly ToolCall[] => events.filter((event) => event.kind === 'call');
const results = ({ events }: Read): readonly ToolResult[] => events.filter((event) => event.kind === 'result');
const declarations = ({ events }: Read): readonly ToolDeclaration[] => events.filter((event) => event.kind === 'declaration');

const delta = (fn: object, call: object = {}) => ({
  choices: [{ index: 0, delta: { tool_calls: [{ index: 0, ...call, function: fn }] } }],
});
const finish = { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] };
const told = (read_: Read) => calls(read_).map(({ name, complete, arguments: text }) => [name, complete, text]);

describe('a call in a stream', () => {
  test('is told when it begins, when its name grows, and when it is complete', () => {
    const read_ = streamed('openai-chat', [
      delta({ arguments: '{"q":' }, { id: 'a' }),
      delta({ name: 'look' }),
      delta({ name: '_up', arguments: '1' }),
      delta({ name: '', arguments: '}' }),
      finish,
    ]);
    expect(told(read_)).toEqual([
      [undefined, false, undefined],
      ['look', false, undefined],
      ['look_up', false, undefined],
      ['look_up', true, '{"q":1}'],
    ]);
    expect(read_.facts.toolsCalled).toEqual(['look_up']);
  });

  test('has one name where each event repeats it', () => {
    const read_ = streamed('openai-chat', [delta({ name: 'look_up', arguments: '{' }), delta({ name: 'look_up', arguments: '}' }), finish]);
    expect(told(read_).at(-1)).toEqual(['look_up', true, '{}']);
  });

  test('is complete at the end of a stream that breaks off, in a frame without bytes', () => {
    const read_ = streamed('openai-chat', [delta({ name: 'look_up', arguments: '{"q":"cut' })]);
    expect(told(read_)).toEqual([
      ['look_up', false, undefined],
      ['look_up', true, '{"q":"cut'],
    ]);
    expect(read_.frames.map(({ bytes }) => bytes.length > 0)).toEqual([true, false]);
  });

  test('that goes on after it was complete is told again from its beginning', () => {
    const read_ = streamed('openai-chat', [
      delta({ name: 'run', arguments: '{"a":"x"' }),
      finish,
      delta({ arguments: ',"b":"y"}' }),
      finish,
    ]);
    expect(told(read_)).toEqual([
      ['run', false, undefined],
      ['run', true, '{"a":"x"'],
      ['run', false, undefined],
      ['run', true, '{"a":"x","b":"y"}'],
    ]);
  });

  test('whose turn another one takes stays open until something says that it is complete', () => {
    const other = { choices: [{ index: 0, delta: { tool_calls: [{ index: 1, id: 'b', function: { name: 'other', arguments: '{}' } }] } }] };
    const read_ = streamed('openai-chat', [delta({ name: 'run', arguments: '{"a"' }), other, delta({ arguments: ':1}' }), finish]);
    expect(told(read_)).toEqual([
      ['run', false, undefined],
      ['other', false, undefined],
      ['run', true, '{"a":1}'],
      ['other', true, '{}'],
    ]);
  });

  test('without a beginning has no name', () => {
    const read_ = streamed('anthropic-messages', [
      { type: 'content_block_delta', index: 3, delta: { type: 'input_json_delta', partial_json: '{}' } },
      { type: 'content_block_stop', index: 3 },
    ]);
    expect(told(read_)).toEqual([
      [undefined, false, undefined],
      [undefined, true, '{}'],
    ]);
  });

  test('has no arguments as a text where nobody asks for them', () => {
    const read_ = streamed('openai-chat', [delta({ name: 'run', arguments: '{"a":1}' }), finish], { toolTexts: false });
    expect(calls(read_).map(({ name, complete, arguments: text, isCut }) => [name, complete, text, isCut])).toEqual([
      ['run', false, undefined, false],
      ['run', true, undefined, false],
    ]);
  });
});

describe('nobody can say which tool is called', () => {
  const chat = (call: string) =>
    read('openai-chat', 'response', Buffer.from(`{"choices":[{"index":0,"message":{"tool_calls":[${call}]},"finish_reason":"stop"}]}`));

  test.each([
    ['of two names', '{"function":{"name":"a","name":"b","arguments":"{}"}}'],
    ['of two functions', '{"function":{"name":"a","arguments":"{}"},"function":{"name":"b","arguments":"{}"}}'],
    ['with two sets of arguments', '{"function":{"name":"a","arguments":"{}","arguments":"{\\"x\\":1}"}}'],
    ['with arguments and an input', '{"function":{"name":"a","arguments":"{}","input":"x"}}'],
    ['with a name that is no string', '{"function":{"name":["a"],"arguments":"{}"}}'],
    ['with a name that is too long', `{"function":{"name":"${'a'.repeat(129)}","arguments":"{}"}}`],
    ['without a name', '{"function":{"arguments":"{}"}}'],
  ])('%s', (_, call) => {
    expect(calls(chat(call)).map(({ name, complete }) => [name, complete])).toEqual([[undefined, true]]);
  });

  test('whose arguments are not those that came in pieces', () => {
    const at = { output_index: 0 };
    const item = { type: 'function_call', call_id: 'c', name: 'run', arguments: '{"rm":true}' };
    const read_ = streamed('openai-responses', [
      { type: 'response.output_item.added', ...at, item: { ...item, arguments: '' } },
      { type: 'response.function_call_arguments.delta', ...at, delta: '{"ls":true}' },
      { type: 'response.output_item.done', ...at, item },
    ]);
    expect(told(read_).map(([name, complete]) => [name, complete])).toEqual([
      ['run', false],
      [undefined, true],
    ]);
  });

  test('whose last event has other arguments is told again', () => {
    const at = { output_index: 0 };
    const item = { type: 'function_call', call_id: 'c', name: 'run', arguments: '{"ls":true}' };
    const read_ = streamed('openai-responses', [
      { type: 'response.output_item.done', ...at, item },
      { type: 'response.completed', response: { output: [{ ...item, arguments: '{"rm":true}' }] } },
    ]);
    expect(told(read_)).toEqual([
      ['run', true, '{"ls":true}'],
      ['run', true, '{"rm":true}'],
    ]);
  });
});

describe('tools that the provider runs itself', () => {
  test('Anthropic: its search, a remote MCP server, and computer use, which the client runs', () => {
    const tools = [{ type: 'web_search_20250305', name: 'web_search' }, { type: 'computer_20250124', name: 'computer' }, { name: 'own' }];
    expect(declarations(asked('anthropic-messages', { messages: [], tools })).map(({ name, builtIn }) => [name, builtIn])).toEqual([
      ['web_search', true],
      ['computer', true],
      ['own', false],
    ]);
    const read_ = answered('anthropic-messages', {
      content: [
        { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'x' } },
        { type: 'web_search_tool_result', tool_use_id: 's', content: { type: 'web_search_tool_result_error', error_code: 'unavailable' } },
        { type: 'mcp_tool_use', id: 'm', name: 'find', server_name: 'shop', input: {} },
        { type: 'mcp_tool_result', tool_use_id: 'm', is_error: false, content: 'ok' },
        { type: 'tool_use', id: 'c', name: 'computer', input: {} },
      ],
    });
    expect(calls(read_).map(({ name, server }) => [name, server])).toEqual([
      ['web_search', true],
      ['find', true],
      ['computer', false],
    ]);
    expect(results(read_).map(({ name, isCalled, server, failed }) => [name, isCalled, server, failed])).toEqual([
      ['web_search', true, true, true],
      ['find', true, true, false],
    ]);
  });

  test('OpenAI Responses: each by its type, an MCP server by its label', () => {
    const tools = [
      { type: 'web_search' },
      { type: 'mcp', server_label: 'shop', server_url: 'https://example.org' },
      { type: 'custom', name: 'write', format: { type: 'text' } },
      { type: 'namespace', name: 'crm', tools: [{ type: 'function', name: 'find' }] },
    ];
    expect(declarations(asked('openai-responses', { input: 'x', tools })).map(({ name, builtIn }) => [name, builtIn])).toEqual([
      ['web_search', true],
      ['shop', true],
      ['write', false],
      ['find', false],
    ]);
    const read_ = answered('openai-responses', {
      output: [
        { type: 'web_search_call', id: 'w', action: { type: 'search', query: 'x' } },
        { type: 'code_interpreter_call', id: 'i', code: 'print(1)', outputs: [{ type: 'logs', logs: '1' }] },
        { type: 'mcp_list_tools', server_label: 'shop', tools: [{ name: 'find', annotations: { readOnlyHint: true } }] },
        { type: 'mcp_call', id: 'm', name: 'find', arguments: '{}', output: null, error: 'no such thing' },
        { type: 'custom_tool_call', call_id: 'c', name: 'write', input: 'free text' },
        { type: 'computer_call', call_id: 'p', action: { type: 'click', x: 1 } },
      ],
    });
    expect(calls(read_).map(({ name, server, arguments: text }) => [name, server, text])).toEqual([
      ['web_search', true, '{"type":"search","query":"x"}'],
      ['code_interpreter', true, 'print(1)'],
      ['find', true, '{}'],
      ['write', false, 'free text'],
      ['computer', false, '{"type":"click","x":1}'],
    ]);
    expect(results(read_).map(({ name, isCalled, server, failed }) => [name, isCalled, server, failed])).toEqual([
      ['code_interpreter', true, true, false],
      ['find', true, true, true],
    ]);
    expect(declarations(read_).map(({ annotations }) => annotations?.readOnly)).toEqual([true]);
  });

  test('Gemini: search, and code with what it gave', () => {
    const tools = [{ googleSearch: {} }, { functionDeclarations: [{ name: 'own' }], codeExecution: {} }];
    expect(
      declarations(asked('gemini', { contents: [], tools })).map(({ name, builtIn, span }) => [name, builtIn, span !== undefined]),
    ).toEqual([
      ['googleSearch', true, true],
      ['own', false, true],
      ['codeExecution', true, false], // its element declares more than it
    ]);
    const parts = [
      { executableCode: { language: 'PYTHON', code: 'print(1)' } },
      { codeExecutionResult: { outcome: 'OUTCOME_FAILED', output: 'no' } },
      { functionCall: { name: 'own', partialArgs: [{ jsonPath: '$.q', stringValue: 'x' }] } },
    ];
    const read_ = streamed('gemini', [{ candidates: [{ index: 0, content: { role: 'model', parts } }] }]);
    expect(calls(read_).map(({ name, server, arguments: text, isCut }) => [name, server, text, isCut])).toEqual([
      ['code_execution', true, 'print(1)', false],
      ['own', false, undefined, true],
    ]);
    expect(results(read_).map(({ name, isCalled, server, failed }) => [name, isCalled, server, failed])).toEqual([
      ['code_execution', true, true, true],
    ]);
  });

  test('Bedrock: a system tool, and a result that comes in the answer', () => {
    const tools = [{ systemTool: { name: 'nova_grounding' } }, { cachePoint: { type: 'default' } }];
    expect(
      declarations(asked('bedrock-converse', { messages: [], toolConfig: { tools } })).map(({ name, builtIn }) => [name, builtIn]),
    ).toEqual([['nova_grounding', true]]);
    const messages = [
      awsEvent('messageStart', { role: 'assistant' }),
      awsEvent('contentBlockStart', {
        contentBlockIndex: 0,
        start: { toolUse: { toolUseId: 't', name: 'nova_grounding', type: 'server_tool_use' } },
      }),
      awsEvent('contentBlockDelta', { contentBlockIndex: 0, delta: { toolUse: { input: '{}' } } }),
      awsEvent('contentBlockStop', { contentBlockIndex: 0 }),
      awsEvent('contentBlockStart', { contentBlockIndex: 1, start: { toolResult: { toolUseId: 't', status: 'error' } } }),
    ];
    const read_ = read('bedrock-converse', 'response', Buffer.concat(messages), { contentType: 'application/vnd.amazon.eventstream' });
    expect(calls(read_).at(-1)).toMatchObject({ name: 'nova_grounding', server: true, complete: true, arguments: '{}' });
    expect(results(read_)).toMatchObject([{ name: 'nova_grounding', isCalled: true, server: true, failed: true }]);
  });
});

describe('tools that Groq runs by itself', () => {
  const search = { index: 0, type: 'search', arguments: '{"query":"rates"}' };
  const output = { output: 'Ignore the rates.', search_results: { results: [{ url: 'https://x.example', content: 'found' }] } };
  const shown = (read_: Read) => [
    calls(read_)
      .filter(({ complete }) => complete)
      .map(({ name, at, server, arguments: text }) => [name, at, server, text]),
    results(read_).map(({ name, isCalled, server }) => [name, isCalled, server]),
  ];

  test('are calls, and what they gave are results, whole and streamed', () => {
    const message = { role: 'assistant', content: 'Done.', executed_tools: [{ ...search, ...output }] };
    const whole = answered('openai-chat', { choices: [{ index: 0, message, finish_reason: 'stop' }] });
    expect(shown(whole)).toEqual([[['search', 'answer', true, '{"query":"rates"}']], [['search', true, true]]]);
    const chunk = (delta: object) => ({ choices: [{ index: 0, delta }] });
    const parts = streamed('openai-chat', [
      chunk({ executed_tools: [search] }),
      chunk({ executed_tools: [{ index: 0, type: 'search', ...output }] }),
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    ]);
    expect(shown(parts)).toEqual([[['search', 'answer', true, undefined]], [['search', true, true]]]);
    for (const { frames } of [whole, parts]) {
      const texts = frames.flatMap(({ segments }) => segments).map(({ lane, text }) => `${lane}: ${text}`);
      expect(texts).toEqual(expect.arrayContaining(['tool-result: Ignore the rates.', 'tool-result: found']));
    }
  });
});

describe('MCP and A2A', () => {
  const rpc = (method: string, params: object) => ({ jsonrpc: '2.0', id: 7, method, params });

  test('a client asks for tools, prompts and resources by name', () => {
    const read_ = asked('mcp', [
      rpc('tools/call', { name: 'find', arguments: { q: 1 } }),
      rpc('prompts/get', { name: 'greet', arguments: {} }),
      rpc('resources/read', { uri: 'file:///notes' }),
      rpc('tools/list', {}),
    ]);
    expect(calls(read_).map(({ target, at, id, name, arguments: text }) => [target, at, id, name, text])).toEqual([
      ['tool', 'request', '7', 'find', '{"q":1}'],
      ['prompt', 'request', '7', 'greet', '{}'],
      ['resource', 'request', '7', 'file:///notes', undefined],
    ]);
    expect(read_.facts.toolsCalled).toEqual(['find']);
  });

  test('a server lists them, with what it says of its tools, and answers', () => {
    const tool = { name: 'find', inputSchema: {}, annotations: { title: 'x', readOnlyHint: false, openWorldHint: true } };
    const result = (body: object) => ({ jsonrpc: '2.0', id: 7, result: body });
    const read_ = answered('mcp', [
      result({ tools: [tool] }),
      result({ prompts: [{ name: 'greet' }] }),
      result({ resources: [{ uri: 'file:///notes', name: 'notes' }] }),
      result({ content: [{ type: 'text', text: 'no' }], isError: true }),
      result({ contents: [{ uri: 'file:///notes', text: 'x' }] }),
      result({ messages: [] }),
    ]);
    expect(declarations(read_).map(({ target, name, annotations }) => [target, name, annotations])).toEqual([
      ['tool', 'find', { readOnly: false, destructive: undefined, idempotent: undefined, openWorld: true }],
      ['prompt', 'greet', undefined],
      ['resource', 'file:///notes', undefined],
    ]);
    expect(results(read_).map(({ target, id, failed }) => [target, id, failed])).toEqual([
      ['tool', '7', true],
      ['resource', '7', false],
      ['prompt', '7', false],
    ]);
    expect(read_.facts.toolsDeclared).toEqual(['find']);
  });

  test('a completion asks for the prompt or the template that it completes', () => {
    const read_ = asked('mcp', [
      rpc('completion/complete', { ref: { type: 'ref/prompt', name: 'greet' }, argument: { name: 'a', value: 'x' } }),
      rpc('completion/complete', { ref: { type: 'ref/resource', uri: 'file:///{path}' }, argument: { name: 'path', value: 'x' } }),
      rpc('completion/complete', { ref: { type: 'ref/prompt', name: 'both', uri: 'file:///x' } }),
    ]);
    expect(calls(read_).map(({ target, name }) => [target, name])).toEqual([
      ['prompt', 'greet'],
      ['resource', 'file:///{path}'],
      ['resource', 'file:///x'],
      ['prompt', 'both'],
    ]);
  });

  test('an error that answers a call is what the tool, the prompt or the agent gives; another error is none', () => {
    const request = {
      ...asked('mcp', [
        rpc('tools/call', { name: 'find' }),
        { ...rpc('prompts/get', { name: 'p' }), id: 'p' },
        { ...rpc('tools/list', {}), id: 8 },
      ]).facts,
    };
    const error = (id: string | number | null) => ({
      jsonrpc: '2.0',
      id,
      error: { code: -32603, message: `of ${id}`, data: { more: 'x' } },
    });
    const read_ = read('mcp', 'response', Buffer.from(JSON.stringify([error(7), error('p'), error(8), error(9), error(null)])), {
      facts: request,
    });
    expect(results(read_).map(({ target, id, isCalled, failed }) => [target, id, isCalled, failed])).toEqual([
      ['tool', '7', true, true],
      ['prompt', 'p', true, true],
    ]);
    const said = read_.frames.flatMap(({ segments }) => segments).filter(({ key }) => !key.startsWith('key#'));
    expect(said.map(({ lane, text }) => [lane, text]).filter(([, text]) => text!.startsWith('of'))).toEqual([
      ['tool-result', 'of 7'],
      ['document', 'of p'],
      ['output', 'of 8'],
      ['output', 'of 9'],
      ['output', 'of null'],
    ]);
  });

  test('a message to an agent is a call of it, over JSON-RPC and over HTTP alone', () => {
    const message = { kind: 'message', role: 'user', parts: [{ kind: 'text', text: 'go' }] };
    const [over, alone] = [rpc('message/send', { message }), { message }].map((payload) => calls(asked('a2a', payload)));
    expect([over, alone].map((found) => found!.map(({ target, at, id, name, arguments: text }) => [target, at, id, name, text]))).toEqual([
      [['agent', 'request', '7', 'message/send', JSON.stringify(message)]],
      [['agent', 'request', undefined, 'message/send', JSON.stringify(message)]],
    ]);
  });

  test('what an agent says is told once in a stream, and once more when it has failed', () => {
    const event = (result: object) => ({ jsonrpc: '2.0', id: 7, result });
    const update = (state: string) => event({ kind: 'status-update', taskId: 't', status: { state } });
    const read_ = streamed('a2a', [update('working'), update('working'), update('failed')]);
    expect(results(read_).map(({ target, id, failed }) => [target, id, failed])).toEqual([
      ['agent', '7', false],
      ['agent', '7', true],
    ]);
  });
});

describe('bounds', () => {
  const tools = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `t${i}` }));

  test.each([-1, 0, 1])('as many events as one body may have, give or take one: %i', (more) => {
    const { events, frames } = asked('anthropic-messages', { messages: [], tools: tools(FIXED.toolEvents + more) });
    expect([events.length, frames.map(({ uninspectable }) => uninspectable)]).toEqual([
      FIXED.toolEvents + Math.min(more, 0),
      [more > 0 ? 'tool-limit' : undefined],
    ]);
  });

  test.each([-1, 0, 1])('a definition that is as long as one may be, give or take one: %i', (more) => {
    const description = 'd'.repeat(FIXED.toolTextUnits + more);
    const [tool] = declarations(asked('anthropic-messages', { messages: [], tools: [{ name: 't', description }] }));
    expect(tool!.definition === undefined).toBe(more > 0);
  });

  test.each([-1, 0, 1])('arguments that are as long as all of a body may be, give or take one: %i', (more) => {
    const input = `{"q":"${'x'.repeat(FIXED.toolCallUnits + more - 8)}"}`;
    const content = [{ type: 'tool_use', id: 'a', name: 'run', input: JSON.parse(input) }];
    const [call] = calls(answered('anthropic-messages', { content }));
    expect([call!.arguments?.length, call!.isCut, call!.name]).toEqual([more > 0 ? undefined : input.length, more > 0, 'run']);
  });
});
