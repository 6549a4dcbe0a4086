import { awsEvent } from '../support/aws-eventstream.ts';
import { answer, CALLS, HISTORY, inputPieces, ORPHAN, request, sseAnswer, TOOLS, type ToolBody, type ToolTalk } from './tool-talk.ts';
import { jsonEvents, jsonLines, sse } from './writing.ts';

const json = (input: unknown): string => JSON.stringify(input);

// ---- OpenAI

const openaiCall = ({ id, name, input }: (typeof CALLS | typeof HISTORY)[number]) => ({
  id,
  type: 'function',
  function: { name, arguments: json(input) },
});

const chunk = (delta: object, finish_reason: string | null = null) =>
  sse({ id: 'c', object: 'chat.completion.chunk', model: 'm', choices: [{ index: 0, delta, finish_reason }] });

const OPENAI_CHAT: ToolTalk = {
  format: 'openai-chat',
  declared: request({
    model: 'm',
    messages: [{ role: 'user', content: 'go' }],
    tools: TOOLS.map(({ schema, ...tool }) => ({ type: 'function', function: { ...tool, parameters: schema } })),
  }),
  history: request({
    messages: [
      { role: 'user', content: 'go' },
      ...HISTORY.flatMap((turn) => [
        { role: 'assistant', content: null, tool_calls: [openaiCall(turn)] },
        { role: 'tool', tool_call_id: turn.id, content: turn.result },
      ]),
      { role: 'tool', tool_call_id: ORPHAN.id, content: ORPHAN.result },
    ],
  }),
  whole: answer({
    id: 'c',
    choices: [{ index: 0, message: { role: 'assistant', content: null, tool_calls: CALLS.map(openaiCall) }, finish_reason: 'tool_calls' }],
  }),
  streamed: sseAnswer([
    chunk({ role: 'assistant', content: null }),
    ...CALLS.flatMap(({ id, name, input }, index) => [
      chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }),
      ...inputPieces(input).map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
    ]),
    chunk({}, 'tool_calls'),
    'data: [DONE]\n\n',
  ]),
};

const OPENAI_FUNCTIONS: ToolTalk = {
  format: 'openai-chat',
  variant: 'functions',
  declared: request({ messages: [], functions: TOOLS.map(({ schema, ...tool }) => ({ ...tool, parameters: schema })) }),
  history: request({
    messages: [
      ...HISTORY.flatMap(({ name, input, result }) => [
        { role: 'assistant', content: null, function_call: { name, arguments: json(input) } },
        { role: 'function', name, content: result },
      ]),
      { role: 'function', name: ORPHAN.name, content: ORPHAN.result },
    ],
  }),
  // One call an answer: the second is that of a second choice.
  whole: answer({
    choices: CALLS.map(({ name, input }, index) => ({
      index,
      message: { role: 'assistant', content: null, function_call: { name, arguments: json(input) } },
      finish_reason: 'function_call',
    })),
  }),
  streamed: sseAnswer([
    ...CALLS.flatMap(({ name, input }, index) => [
      sse({ choices: [{ index, delta: { function_call: { name, arguments: '' } } }] }),
      ...inputPieces(input).map((piece) => sse({ choices: [{ index, delta: { function_call: { arguments: piece } } }] })),
      sse({ choices: [{ index, delta: {}, finish_reason: 'function_call' }] }),
    ]),
    'data: [DONE]\n\n',
  ]),
};

const functionCall = ({ id, name, input }: (typeof CALLS | typeof HISTORY)[number]) => ({
  type: 'function_call',
  id: `fc_${id}`,
  call_id: id,
  name,
  arguments: json(input),
});

/** Events with their names and numbers. */
const responseEvents = (events: readonly { readonly type: string; readonly [field: string]: unknown }[]) =>
  sseAnswer(events.map((event, i) => sse({ ...event, sequence_number: i }, event.type)));

const OPENAI_RESPONSES: ToolTalk = {
  format: 'openai-responses',
  declared: request({ input: 'go', tools: TOOLS.map(({ schema, ...tool }) => ({ type: 'function', ...tool, parameters: schema })) }),
  history: request({
    input: [
      { role: 'user', content: 'go' },
      ...HISTORY.flatMap((turn) => [functionCall(turn), { type: 'function_call_output', call_id: turn.id, output: turn.result }]),
      { type: 'function_call_output', call_id: ORPHAN.id, output: [{ type: 'input_text', text: ORPHAN.result }] },
    ],
  }),
  whole: answer({
    id: 'r',
    object: 'response',
    status: 'completed',
    output: CALLS.map(functionCall),
    tools: [{ type: 'function', name: 'x' }],
  }),
  streamed: responseEvents([
    { type: 'response.created', response: { id: 'r', output: [] } },
    ...CALLS.flatMap((made, output_index) => [
      { type: 'response.output_item.added', output_index, item: { ...functionCall(made), arguments: '' } },
      ...inputPieces(made.input).map((delta) => ({ type: 'response.function_call_arguments.delta', output_index, delta })),
      { type: 'response.function_call_arguments.done', output_index, arguments: json(made.input) },
      { type: 'response.output_item.done', output_index, item: functionCall(made) },
    ]),
    { type: 'response.completed', response: { id: 'r', status: 'completed', output: CALLS.map(functionCall) } },
  ]),
};

// ---- Anthropic

const block = (index: number, content_block: object) => sse({ type: 'content_block_start', index, content_block }, 'content_block_start');
const toolUse = ({ id, name, input }: (typeof CALLS | typeof HISTORY)[number]) => ({ type: 'tool_use', id, name, input });

const ANTHROPIC: ToolTalk = {
  format: 'anthropic-messages',
  declared: request({ messages: [], tools: TOOLS.map(({ schema, ...tool }) => ({ ...tool, input_schema: schema })) }),
  history: request({
    messages: [
      ...HISTORY.flatMap((turn) => [
        { role: 'assistant', content: [toolUse(turn)] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: turn.id, content: turn.result }] },
      ]),
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: ORPHAN.id, content: [{ type: 'text', text: ORPHAN.result }] }] },
    ],
  }),
  whole: answer({
    type: 'message',
    role: 'assistant',
    content: [{ type: 'text', text: 'so' }, ...CALLS.map(toolUse)],
    stop_reason: 'tool_use',
  }),
  streamed: sseAnswer([
    sse({ type: 'message_start', message: { id: 'm', type: 'message', role: 'assistant', content: [] } }, 'message_start'),
    ...CALLS.flatMap(({ id, name, input }, index) => [
      block(index, { type: 'tool_use', id, name, input: {} }),
      ...inputPieces(input).map((partial_json) =>
        sse({ type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json } }, 'content_block_delta'),
      ),
      sse({ type: 'content_block_stop', index }, 'content_block_stop'),
    ]),
    sse({ type: 'message_delta', delta: { stop_reason: 'tool_use' } }, 'message_delta'),
    sse({ type: 'message_stop' }, 'message_stop'),
  ]),
};

// ---- MCP

const rpc = (id: number, method: string, params: object) => ({ jsonrpc: '2.0', id, method, params });
const rpcResult = (id: number, result: object) => ({ jsonrpc: '2.0', id, result });
const textResult = (id: number, text: string) => rpcResult(id, { content: [{ type: 'text', text }] });

const MCP: ToolTalk = {
  format: 'mcp',
  at: 'request',
  declared: answer(rpcResult(1, { tools: TOOLS.map(({ schema, ...tool }) => ({ ...tool, inputSchema: schema })) })),
  results: answer([...HISTORY.map(({ result }, i) => textResult(i + 1, result)), textResult(9, ORPHAN.result)]),
  whole: request(CALLS.map(({ name, input }, i) => rpc(i + 3, 'tools/call', { name, arguments: input }))),
};

// ---- Gemini

const parts = (made: (typeof CALLS | typeof HISTORY)[number]) => ({ functionCall: { id: made.id, name: made.name, args: made.input } });
const candidates = (content: object) => ({ candidates: [{ index: 0, content }] });

const GEMINI: ToolTalk = {
  format: 'gemini',
  declared: request({
    contents: [],
    tools: [{ functionDeclarations: TOOLS.map(({ schema, ...tool }) => ({ ...tool, parametersJsonSchema: schema })) }],
  }),
  history: request({
    contents: [
      ...HISTORY.flatMap((turn) => [
        { role: 'model', parts: [parts(turn)] },
        { role: 'user', parts: [{ functionResponse: { id: turn.id, name: turn.name, response: { text: turn.result } } }] },
      ]),
      { role: 'function', parts: [{ function_response: { name: ORPHAN.name, response: { text: ORPHAN.result } } }] },
    ],
  }),
  whole: answer(candidates({ role: 'model', parts: CALLS.map(parts) })),
  streamed: sseAnswer([
    sse(candidates({ role: 'model', parts: [{ text: 'so' }] })),
    ...CALLS.map((made) => sse(candidates({ role: 'model', parts: [parts(made)] }))),
    sse({ candidates: [{ index: 0, content: { role: 'model', parts: [{ text: '' }] }, finishReason: 'STOP' }] }),
  ]),
};

const GEMINI_ARRAY: ToolTalk = {
  ...GEMINI,
  variant: 'array',
  streamed: answer([
    ...CALLS.map((made) => candidates({ role: 'model', parts: [parts(made)] })),
    { candidates: [{ finishReason: 'STOP' }] },
  ]),
};

// ---- Bedrock

const converseTools = TOOLS.map(({ schema, ...tool }) => ({ toolSpec: { ...tool, inputSchema: { json: schema } } }));
const converseUse = ({ id, name, input }: (typeof CALLS | typeof HISTORY)[number]) => ({ toolUse: { toolUseId: id, name, input } });
const converseResult = ({ id, result }: { readonly id: string; readonly result: string }) => ({
  role: 'user',
  content: [{ toolResult: { toolUseId: id, content: [{ text: result }] } }],
});

const converseEvents: readonly (readonly [string, object])[] = [
  ['messageStart', { role: 'assistant' }],
  ...CALLS.flatMap(({ id, name, input }, contentBlockIndex): readonly (readonly [string, object])[] => [
    ['contentBlockStart', { contentBlockIndex, start: { toolUse: { toolUseId: id, name } } }],
    ...inputPieces(input).map((piece) => ['contentBlockDelta', { contentBlockIndex, delta: { toolUse: { input: piece } } }] as const),
    ['contentBlockStop', { contentBlockIndex }],
  ]),
  ['messageStop', { stopReason: 'tool_use' }],
];

const BEDROCK_CONVERSE: ToolTalk = {
  format: 'bedrock-converse',
  declared: request({ messages: [], toolConfig: { tools: converseTools } }),
  history: request({
    messages: [
      ...HISTORY.flatMap((turn) => [{ role: 'assistant', content: [converseUse(turn)] }, converseResult(turn)]),
      converseResult(ORPHAN),
    ],
  }),
  whole: answer({ output: { message: { role: 'assistant', content: CALLS.map(converseUse) } }, stopReason: 'tool_use' }),
  streamed: eventStream(converseEvents.map(([name, payload]) => awsEvent(name, payload))),
};

function eventStream(messages: readonly Buffer[]): ToolBody {
  return { direction: 'response', contentType: 'application/vnd.amazon.eventstream', bytes: Buffer.concat(messages) };
}

/** A payload as InvokeModel streams it: in base64. */
const chunkMessage = (payload: unknown): Buffer => awsEvent('chunk', { bytes: Buffer.from(json(payload)).toString('base64') });

/** The same bodies and events as the maker of the model has them. */
function invoked(
  variant: string,
  talk: ToolTalk,
  { request: asked = {}, events }: { readonly request?: object; readonly events: readonly unknown[] },
): ToolTalk {
  const withFields = (body: ToolBody): ToolBody => request({ ...asked, ...JSON.parse(body.bytes.toString()) });
  return {
    ...talk,
    format: 'bedrock-invoke',
    variant,
    declared: withFields(talk.declared),
    history: withFields(talk.history!),
    streamed: eventStream(events.map(chunkMessage)),
  };
}

const payloads = ({ streamed }: ToolTalk): readonly unknown[] => jsonEvents(streamed!.bytes);

// ---- Cohere

const functions = TOOLS.map(({ schema, ...tool }) => ({ type: 'function', function: { ...tool, parameters: schema } }));

const COHERE: ToolTalk = {
  format: 'cohere',
  declared: request({ model: 'm', messages: [], tools: functions }),
  history: request({
    messages: [
      ...HISTORY.flatMap((turn) => [
        { role: 'assistant', tool_plan: 'I look', tool_calls: [openaiCall(turn)] },
        { role: 'tool', tool_call_id: turn.id, content: turn.result },
      ]),
      { role: 'tool', tool_call_id: ORPHAN.id, content: [{ type: 'document', document: { data: ORPHAN.result } }] },
    ],
  }),
  whole: answer({ id: 'c', message: { role: 'assistant', tool_calls: CALLS.map(openaiCall) }, finish_reason: 'TOOL_CALL' }),
  streamed: sseAnswer([
    sse({ type: 'message-start', id: 'c', delta: { message: { role: 'assistant' } } }, 'message-start'),
    ...CALLS.flatMap(({ id, name, input }, index) => [
      cohereEvent('tool-call-start', index, { id, type: 'function', function: { name, arguments: '' } }),
      ...inputPieces(input).map((piece) => cohereEvent('tool-call-delta', index, { function: { arguments: piece } })),
      sse({ type: 'tool-call-end', index }, 'tool-call-end'),
    ]),
    sse({ type: 'message-end', delta: { finish_reason: 'TOOL_CALL' } }, 'message-end'),
  ]),
};

function cohereEvent(type: string, index: number, call: object): Buffer {
  return sse({ type, index, delta: { message: { tool_calls: call } } }, type);
}

const v1Call = ({ name, input }: { readonly name: string; readonly input: object }) => ({ name, parameters: input });
const v1Result = ({ name, input, result }: { readonly name: string; readonly input: object; readonly result: string }) => ({
  call: { name, parameters: input },
  outputs: [{ text: result }],
});

/** Its parameters are no JSON Schema. */
const v1Schema = { q: { type: 'str', required: true } };

const COHERE_V1: ToolTalk = {
  format: 'cohere-v1',
  schemas: [v1Schema, v1Schema],
  declared: request({
    message: 'go',
    tools: TOOLS.map(({ name, description }) => ({ name, description, parameter_definitions: v1Schema })),
  }),
  // The results of the last turn stand before the history that they follow.
  history: request({
    tool_results: [v1Result(HISTORY[1]), v1Result({ ...ORPHAN, input: {} })],
    chat_history: [
      { role: 'CHATBOT', tool_calls: [v1Call(HISTORY[0])] },
      { role: 'TOOL', tool_results: [v1Result(HISTORY[0])] },
      { role: 'CHATBOT', tool_calls: [v1Call(HISTORY[1])] },
    ],
  }),
  whole: answer({ generation_id: 'g', text: '', tool_calls: CALLS.map(v1Call), finish_reason: 'COMPLETE' }),
  streamed: {
    direction: 'response',
    contentType: 'application/stream+json',
    bytes: lines([
      { is_finished: false, event_type: 'stream-start', generation_id: 'g' },
      ...CALLS.flatMap(({ name, input }, index) => [
        { is_finished: false, event_type: 'tool-calls-chunk', tool_call_delta: { index, name } },
        ...inputPieces(input).map((parameters) => ({
          is_finished: false,
          event_type: 'tool-calls-chunk',
          tool_call_delta: { index, parameters },
        })),
      ]),
      { is_finished: false, event_type: 'tool-calls-generation', tool_calls: CALLS.map(v1Call) },
      { is_finished: true, event_type: 'stream-end', response: { tool_calls: CALLS.map(v1Call) } },
    ]),
  },
};

function lines(documents: readonly object[]): Buffer {
  return Buffer.from(documents.map((document) => `${json(document)}\n`).join(''));
}

// ---- Ollama

const ollamaCall = ({ name, input }: { readonly name: string; readonly input: object }) => ({ function: { name, arguments: input } });

const OLLAMA: ToolTalk = {
  format: 'ollama',
  declared: request({ model: 'm', messages: [], tools: functions }),
  history: request({
    model: 'm',
    messages: [
      ...HISTORY.flatMap((turn) => [
        { role: 'assistant', content: '', tool_calls: [ollamaCall(turn)] },
        { role: 'tool', tool_name: turn.name, content: turn.result },
      ]),
      { role: 'tool', tool_name: ORPHAN.name, content: ORPHAN.result },
    ],
  }),
  whole: answer({ model: 'm', message: { role: 'assistant', content: '', tool_calls: CALLS.map(ollamaCall) }, done: true }),
  streamed: {
    direction: 'response',
    contentType: 'application/x-ndjson',
    bytes: lines([
      { model: 'm', message: { role: 'assistant', content: 'so' }, done: false },
      ...CALLS.map((made) => ({ model: 'm', message: { role: 'assistant', content: '', tool_calls: [ollamaCall(made)] }, done: false })),
      { model: 'm', message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop' },
    ]),
  },
};

const INVOKED = [
  invoked('anthropic', ANTHROPIC, { request: { anthropic_version: 'bedrock-2023-05-31' }, events: payloads(ANTHROPIC) }),
  invoked('converse', BEDROCK_CONVERSE, {
    request: { inferenceConfig: {} },
    events: converseEvents.map(([name, payload]) => ({ [name]: payload })),
  }),
  invoked('openai', OPENAI_CHAT, { events: payloads(OPENAI_CHAT) }),
  invoked('cohere', COHERE_V1, { request: { message: 'go' }, events: jsonLines(COHERE_V1.streamed!.bytes) }),
];

// ---- A2A

/** What an agent can do, in its card; it is asked in messages, which have a test of their own. */
const A2A: ToolTalk = {
  format: 'a2a',
  schemas: [],
  declared: answer({ name: 'agent', skills: TOOLS.map(({ name, description }) => ({ id: name, name: 'a skill', description, tags: [] })) }),
};

/** Every dialect with tools; the grid asserts which. */
export const TOOL_TALKS: readonly ToolTalk[] = [
  ...[OPENAI_CHAT, OPENAI_FUNCTIONS, OPENAI_RESPONSES, ANTHROPIC, GEMINI, GEMINI_ARRAY, BEDROCK_CONVERSE, ...INVOKED],
  ...[COHERE, COHERE_V1, OLLAMA, MCP, A2A],
];
