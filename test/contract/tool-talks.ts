import { answer, CALLS, HISTORY, inputPieces, ORPHAN, request, sseAnswer, TOOLS, type ToolTalk } from './tool-talk.ts';
import { sse } from './writing.ts';

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

/** Every dialect with tools; the grid asserts which. */
export const TOOL_TALKS: readonly ToolTalk[] = [OPENAI_CHAT, OPENAI_FUNCTIONS, OPENAI_RESPONSES, ANTHROPIC, COHERE, COHERE_V1, OLLAMA, MCP];
