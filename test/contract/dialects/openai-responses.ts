import type { DialectCase } from '../dialect-case.ts';
import { joined, jsonEvents, jsonPiece, one, sse, stringSoFar } from '../writing.ts';

const HEAD = { path: '/v1/responses' };
const RESPONSE = { id: 'resp_1', object: 'response', created_at: 1, model: 'gpt-5-mini' };

/** Events with their names and numbers, as the API sends them. */
const numbered = (events: readonly { readonly type: string; readonly [field: string]: unknown }[]): Buffer =>
  Buffer.concat(events.map((event, i) => sse({ ...event, sequence_number: i }, event.type)));

// biome-ignore lint/suspicious/noExplicitAny: a client reads what it expects
const ofType = (bytes: Buffer, type: string): any[] => jsonEvents(bytes).filter((event) => event.type === `response.${type}`);

const grown = (bytes: Buffer, type: string, index: number): string =>
  ofType(bytes, `${type}.delta`)
    .filter((event) => event.output_index === index)
    .map(({ delta }) => delta)
    .join('');

const isOver = (bytes: Buffer): boolean => /^response\.(completed|incomplete)$/.test(jsonEvents(bytes).at(-1)?.type);

const argumentsOf = (text: string): string => JSON.stringify({ q: { deep: [text] } });
const OPENING = '{"q":{"deep":["';
// biome-ignore lint/suspicious/noExplicitAny: a client reads what it expects
const inArguments = (item: any): string => (item === undefined ? '' : JSON.parse(item.arguments).q.deep[0]);

/** OpenAI Responses: https://platform.openai.com/docs/api-reference/responses */
export const OPENAI_RESPONSES: readonly DialectCase[] = [
  {
    format: 'openai-responses',
    name: 'request with messages, tools and a stored prompt',
    direction: 'request',
    media: true,
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'instructions', lane: 'system' },
      { name: 'developer', lane: 'system' },
      { name: 'part', lane: 'user', pieces: true },
      { name: 'file', lane: 'user' },
      { name: 'history', lane: 'assistant-history' },
      { name: 'refusal', lane: 'refusal' },
      { name: 'variable', lane: 'user' },
      { name: 'function', lane: 'tool-definition' },
      { name: 'namespace', lane: 'tool-definition' },
      { name: 'server', lane: 'tool-definition' },
      { name: 'schema', lane: 'other' },
      { name: 'metadata', lane: 'other' },
      { name: 'unknown', lane: 'other' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          model: 'gpt-5-mini',
          instructions: one(texts, 'instructions'),
          conversation: { id: 'conv_1' },
          input: [
            { role: 'developer', content: one(texts, 'developer') },
            {
              type: 'message',
              role: 'user',
              content: [
                ...joined(texts, 'part', (text) => ({ type: 'input_text', text })),
                { type: 'input_image', image_url: 'data:image/png;base64,iVBORw0KGgo=' },
                { type: 'input_file', filename: one(texts, 'file'), file_data: 'data:text/plain;base64,QUJD' },
              ],
            },
            {
              type: 'message',
              role: 'assistant',
              content: [
                { type: 'output_text', text: one(texts, 'history') },
                { type: 'refusal', refusal: one(texts, 'refusal') },
              ],
            },
            { type: 'item_reference', id: 'msg_0' },
          ],
          prompt: { id: 'pmpt_1', variables: { name: one(texts, 'variable') } },
          tools: [
            { type: 'function', name: 'look_up', description: one(texts, 'function'), parameters: { type: 'object' } },
            { type: 'namespace', name: 'crm', tools: [{ type: 'function', name: 'find', description: one(texts, 'namespace') }] },
            { type: 'mcp', server_label: 'shop', server_url: one(texts, 'server') },
          ],
          text: { format: { type: 'json_schema', schema: { description: one(texts, 'schema') } } },
          metadata: { ticket: one(texts, 'metadata') },
          some_new_field: { deep: [one(texts, 'unknown')] },
        }),
      ),
    read(bytes) {
      const { instructions, input, prompt, tools, text, metadata, some_new_field: unknown } = JSON.parse(bytes.toString());
      const [developer, user, assistant] = input;
      const parts = user.content.filter(({ type }: { type: string }) => type === 'input_text');
      return new Map([
        ['instructions', instructions],
        ['developer', developer.content],
        ['part', parts.map((part: { text: string }) => part.text).join('')],
        ['file', user.content.at(-1).filename],
        ['history', assistant.content[0].text],
        ['refusal', assistant.content[1].refusal],
        ['variable', prompt.variables.name],
        ['function', tools[0].description],
        ['namespace', tools[1].tools[0].description],
        ['server', tools[2].server_url],
        ['schema', text.format.schema.description],
        ['metadata', metadata.ticket],
        ['unknown', unknown.deep[0]],
      ]);
    },
  },
  {
    format: 'openai-responses',
    name: 'request with every kind of call and its result',
    direction: 'request',
    media: true,
    head: { path: '/openai/responses?api-version=2025-04-01-preview', headers: { 'api-key': 'k' } },
    contentType: 'application/json',
    slots: [
      { name: 'arguments', lane: 'tool-arguments', nested: true },
      { name: 'output', lane: 'tool-result' },
      { name: 'part', lane: 'tool-result', pieces: true },
      { name: 'input', lane: 'tool-arguments' },
      { name: 'custom', lane: 'tool-result' },
      { name: 'typed', lane: 'tool-arguments' },
      { name: 'summary', lane: 'reasoning' },
      { name: 'thinking', lane: 'reasoning' },
      { name: 'listed', lane: 'tool-definition' },
      { name: 'mcp', lane: 'tool-arguments', nested: true },
      { name: 'bought', lane: 'tool-result' },
      { name: 'approval', lane: 'user' },
      { name: 'query', lane: 'tool-arguments' },
      { name: 'found', lane: 'document' },
      { name: 'code', lane: 'tool-arguments' },
      { name: 'logs', lane: 'tool-result' },
      { name: 'command', lane: 'tool-arguments' },
      { name: 'stdout', lane: 'tool-result' },
      { name: 'diff', lane: 'tool-arguments' },
      { name: 'prompt', lane: 'tool-arguments' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          model: 'gpt-5-mini',
          previous_response_id: 'resp_0',
          input: [
            { type: 'function_call', call_id: 'c', name: 'look_up', arguments: argumentsOf(one(texts, 'arguments')) },
            { type: 'function_call_output', call_id: 'c', output: one(texts, 'output') },
            { type: 'function_call_output', call_id: 'd', output: joined(texts, 'part', (text) => ({ type: 'input_text', text })) },
            { type: 'custom_tool_call', call_id: 'e', name: 'sql', input: one(texts, 'input') },
            { type: 'custom_tool_call_output', call_id: 'e', output: one(texts, 'custom') },
            { type: 'computer_call', id: 'i', call_id: 'f', action: { type: 'type', text: one(texts, 'typed') } },
            {
              type: 'computer_call_output',
              call_id: 'f',
              output: { type: 'computer_screenshot', image_url: 'data:image/png;base64,aaaa' },
            },
            {
              type: 'reasoning',
              id: 'rs',
              summary: [{ type: 'summary_text', text: one(texts, 'summary') }],
              content: [{ type: 'reasoning_text', text: one(texts, 'thinking') }],
              encrypted_content: 'gAAAAABo',
            },
            { type: 'mcp_list_tools', id: 'm', server_label: 's', tools: [{ name: 'buy', description: one(texts, 'listed') }] },
            {
              type: 'mcp_call',
              id: 'n',
              server_label: 's',
              name: 'buy',
              arguments: argumentsOf(one(texts, 'mcp')),
              output: one(texts, 'bought'),
            },
            { type: 'mcp_approval_response', approval_request_id: 'n', approve: true, reason: one(texts, 'approval') },
            { type: 'web_search_call', id: 'w', status: 'completed', action: { type: 'search', query: one(texts, 'query') } },
            { type: 'file_search_call', id: 'x', queries: [], results: [{ file_id: 'file_1', score: 0.5, text: one(texts, 'found') }] },
            { type: 'code_interpreter_call', id: 'y', code: one(texts, 'code'), outputs: [{ type: 'logs', logs: one(texts, 'logs') }] },
            { type: 'local_shell_call', id: 'z', call_id: 'g', action: { type: 'exec', command: [one(texts, 'command')], env: {} } },
            { type: 'shell_call_output', call_id: 'h', output: [{ stdout: one(texts, 'stdout'), stderr: '' }] },
            { type: 'apply_patch_call', call_id: 'j', operation: { type: 'update_file', path: 'a', diff: one(texts, 'diff') } },
            { type: 'image_generation_call', id: 'k', result: 'iVBORw0KGgo=', revised_prompt: one(texts, 'prompt') },
          ],
        }),
      ),
    read(bytes) {
      const { input } = JSON.parse(bytes.toString());
      return new Map([
        ['arguments', inArguments(input[0])],
        ['output', input[1].output],
        ['part', input[2].output.map(({ text }: { text: string }) => text).join('')],
        ['input', input[3].input],
        ['custom', input[4].output],
        ['typed', input[5].action.text],
        ['summary', input[7].summary[0].text],
        ['thinking', input[7].content[0].text],
        ['listed', input[8].tools[0].description],
        ['mcp', inArguments(input[9])],
        ['bought', input[9].output],
        ['approval', input[10].reason],
        ['query', input[11].action.query],
        ['found', input[12].results[0].text],
        ['code', input[13].code],
        ['logs', input[13].outputs[0].logs],
        ['command', input[14].action.command[0]],
        ['stdout', input[15].output[0].stdout],
        ['diff', input[16].operation.diff],
        ['prompt', input[17].revised_prompt],
      ]);
    },
  },
  {
    format: 'openai-responses',
    name: 'whole answer',
    direction: 'response',
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'instructions', lane: 'system' },
      { name: 'definition', lane: 'tool-definition' },
      { name: 'listed', lane: 'tool-definition' },
      { name: 'summary', lane: 'reasoning' },
      { name: 'arguments', lane: 'tool-arguments', nested: true },
      { name: 'input', lane: 'tool-arguments' },
      { name: 'result', lane: 'tool-result' },
      { name: 'found', lane: 'document' },
      { name: 'output', lane: 'output' },
      { name: 'title', lane: 'output' },
      { name: 'refusal', lane: 'refusal' },
      { name: 'unknown', lane: 'output' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          ...RESPONSE,
          status: 'completed',
          instructions: one(texts, 'instructions'),
          tools: [{ type: 'function', name: 'look_up', description: one(texts, 'definition') }],
          output: [
            { type: 'reasoning', id: 'rs', summary: [{ type: 'summary_text', text: one(texts, 'summary') }] },
            { type: 'function_call', id: 'fc', call_id: 'c', name: 'look_up', arguments: argumentsOf(one(texts, 'arguments')) },
            { type: 'custom_tool_call', id: 'ct', call_id: 'd', name: 'sql', input: one(texts, 'input') },
            { type: 'mcp_call', id: 'm', server_label: 's', name: 'buy', arguments: '{}', output: one(texts, 'result') },
            { type: 'mcp_list_tools', id: 'l', server_label: 's', tools: [{ name: 'buy', description: one(texts, 'listed') }] },
            { type: 'file_search_call', id: 'x', queries: [], results: [{ file_id: 'file_1', text: one(texts, 'found') }] },
            {
              type: 'message',
              id: 'msg',
              role: 'assistant',
              content: [
                {
                  type: 'output_text',
                  text: one(texts, 'output'),
                  annotations: [{ type: 'url_citation', title: one(texts, 'title'), start_index: 0, end_index: 4 }],
                  logprobs: [{ token: 'x', logprob: -0.1, bytes: [120], top_logprobs: [] }],
                },
                { type: 'refusal', refusal: one(texts, 'refusal') },
              ],
            },
          ],
          usage: { input_tokens: 1, output_tokens: 2 },
          some_new_field: { deep: [one(texts, 'unknown')] },
        }),
      ),
    read(bytes) {
      const { instructions, tools, output, some_new_field: unknown } = JSON.parse(bytes.toString());
      const [text, refusal] = output[6].content;
      return new Map([
        ['instructions', instructions],
        ['definition', tools[0].description],
        ['listed', output[4].tools[0].description],
        ['summary', output[0].summary[0].text],
        ['arguments', inArguments(output[1])],
        ['input', output[2].input],
        ['result', output[3].output],
        ['found', output[5].results[0].text],
        ['output', text.text],
        ['title', text.annotations[0].title],
        ['refusal', refusal.refusal],
        ['unknown', unknown.deep[0]],
      ]);
    },
  },
  {
    format: 'openai-responses',
    name: 'streamed message with its summary, repeated as it is done and in the end',
    direction: 'response',
    head: HEAD,
    contentType: 'text/event-stream',
    slots: [
      { name: 'summary', lane: 'reasoning', pieces: true },
      { name: 'summary done', lane: 'reasoning', repeats: 'summary' },
      { name: 'output', lane: 'output', pieces: true },
      { name: 'text done', lane: 'output', repeats: 'output' },
      { name: 'part done', lane: 'output', repeats: 'output' },
      { name: 'item done', lane: 'output', repeats: 'output' },
      { name: 'completed', lane: 'output', repeats: 'output' },
      { name: 'refusal', lane: 'refusal', pieces: true },
      { name: 'title', lane: 'output' },
      { name: 'unknown', lane: 'output' },
    ],
    write(texts) {
      const at = { item_id: 'msg', output_index: 1, content_index: 0 };
      const message = { type: 'message', id: 'msg', role: 'assistant', status: 'in_progress' };
      const full = { type: 'output_text', text: one(texts, 'output'), annotations: [], logprobs: [] };
      const done = { ...message, status: 'completed', content: [full] };
      const summary = { item_id: 'rs', output_index: 0, summary_index: 0 };
      return numbered([
        { type: 'response.created', response: { ...RESPONSE, status: 'in_progress', output: [] } },
        { type: 'response.output_item.added', output_index: 0, item: { type: 'reasoning', id: 'rs', summary: [] } },
        { type: 'response.reasoning_summary_part.added', ...summary, part: { type: 'summary_text', text: '' } },
        ...joined(texts, 'summary', (delta) => ({ type: 'response.reasoning_summary_text.delta', ...summary, delta })),
        { type: 'response.reasoning_summary_text.done', ...summary, text: one(texts, 'summary') },
        { type: 'response.output_item.added', output_index: 1, item: { ...message, content: [] } },
        { type: 'response.content_part.added', ...at, part: { ...full, text: '' } },
        ...joined(texts, 'output', (delta) => ({ type: 'response.output_text.delta', ...at, delta, logprobs: [{ token: 'x' }] })),
        {
          type: 'response.output_text.annotation.added',
          ...at,
          annotation_index: 0,
          annotation: { type: 'url_citation', title: one(texts, 'title'), start_index: 0, end_index: 4 },
        },
        { type: 'response.output_text.done', ...at, text: one(texts, 'output') },
        { type: 'response.content_part.done', ...at, part: full },
        ...joined(texts, 'refusal', (delta) => ({ type: 'response.refusal.delta', ...at, content_index: 1, delta })),
        { type: 'response.output_item.done', output_index: 1, item: done },
        { type: 'response.brand_new', note: one(texts, 'unknown') },
        { type: 'response.completed', response: { ...RESPONSE, status: 'completed', output: [done], usage: { input_tokens: 1 } } },
      ]);
    },
    read(bytes) {
      const [textDone] = ofType(bytes, 'output_text.done');
      const [partDone] = ofType(bytes, 'content_part.done');
      const [itemDone] = ofType(bytes, 'output_item.done');
      const [completed] = ofType(bytes, 'completed');
      return new Map([
        ['summary', grown(bytes, 'reasoning_summary_text', 0)],
        ['summary done', ofType(bytes, 'reasoning_summary_text.done')[0]?.text ?? ''],
        ['output', grown(bytes, 'output_text', 1)],
        ['text done', textDone?.text ?? ''],
        ['part done', partDone?.part.text ?? ''],
        ['item done', itemDone?.item.content[0].text ?? ''],
        ['completed', completed?.response.output[0].content[0].text ?? ''],
        ['refusal', grown(bytes, 'refusal', 1)],
        ['title', ofType(bytes, 'output_text.annotation.added')[0]?.annotation.title ?? ''],
        ['unknown', ofType(bytes, 'brand_new')[0]?.note ?? ''],
      ]);
    },
    isEnded: isOver,
  },
  {
    format: 'openai-responses',
    name: 'streamed calls of every kind that grows',
    direction: 'response',
    media: true,
    head: HEAD,
    contentType: 'text/event-stream',
    slots: [
      { name: 'arguments', lane: 'tool-arguments', pieces: true, nested: true },
      { name: 'arguments done', lane: 'tool-arguments', repeats: 'arguments', nested: true },
      { name: 'call done', lane: 'tool-arguments', repeats: 'arguments', nested: true },
      { name: 'call completed', lane: 'tool-arguments', repeats: 'arguments', nested: true },
      { name: 'mcp', lane: 'tool-arguments', pieces: true, nested: true },
      { name: 'result', lane: 'tool-result' },
      { name: 'input', lane: 'tool-arguments', pieces: true },
      { name: 'input done', lane: 'tool-arguments', repeats: 'input' },
      { name: 'code', lane: 'tool-arguments', pieces: true },
      { name: 'code done', lane: 'tool-arguments', repeats: 'code' },
      { name: 'thinking', lane: 'reasoning', pieces: true },
      { name: 'thinking done', lane: 'reasoning', repeats: 'thinking' },
      { name: 'stdout', lane: 'tool-result', pieces: true },
    ],
    write(texts) {
      const at = (index: number) => ({ item_id: `item_${index}`, output_index: index });
      const grow = (kind: string, index: number, delta: unknown, rest = {}) => ({
        type: `response.${kind}.delta`,
        ...at(index),
        ...rest,
        delta,
      });
      const item = { type: 'function_call', id: 'item_0', call_id: 'c', name: 'look_up' };
      const call = { ...item, arguments: argumentsOf(one(texts, 'arguments')) };
      const mcp = { type: 'mcp_call', id: 'item_1', server_label: 's', name: 'buy', arguments: '{}', output: one(texts, 'result') };
      return numbered([
        { type: 'response.created', response: { ...RESPONSE, status: 'in_progress', output: [] } },
        { type: 'response.output_item.added', output_index: 0, item: { ...item, arguments: '' } },
        grow('function_call_arguments', 0, OPENING),
        ...joined(texts, 'arguments', (text) => grow('function_call_arguments', 0, jsonPiece(text))),
        grow('function_call_arguments', 0, '"]}}'),
        grow('mcp_call_arguments', 1, OPENING),
        ...joined(texts, 'mcp', (text) => grow('mcp_call_arguments', 1, jsonPiece(text))),
        grow('mcp_call_arguments', 1, '"]}}'),
        { type: 'response.function_call_arguments.done', ...at(0), arguments: call.arguments },
        { type: 'response.output_item.done', output_index: 0, item: call },
        { type: 'response.output_item.done', output_index: 1, item: mcp },
        ...joined(texts, 'input', (text) => grow('custom_tool_call_input', 2, text)),
        { type: 'response.custom_tool_call_input.done', ...at(2), input: one(texts, 'input') },
        ...joined(texts, 'code', (text) => grow('code_interpreter_call_code', 3, text)),
        { type: 'response.code_interpreter_call_code.done', ...at(3), code: one(texts, 'code') },
        ...joined(texts, 'thinking', (text) => grow('reasoning_text', 4, text, { content_index: 0 })),
        { type: 'response.reasoning_text.done', ...at(4), content_index: 0, text: one(texts, 'thinking') },
        ...joined(texts, 'stdout', (stdout) => grow('shell_call_output_content', 5, { stdout, stderr: '' }, { command_index: 0 })),
        { type: 'response.image_generation_call.partial_image', ...at(6), partial_image_b64: 'iVBORw0KGgo=', partial_image_index: 0 },
        { type: 'response.completed', response: { ...RESPONSE, status: 'completed', output: [call] } },
      ]);
    },
    read(bytes) {
      const done = ofType(bytes, 'output_item.done').map((event) => event.item);
      return new Map([
        ['arguments', stringSoFar(grown(bytes, 'function_call_arguments', 0), OPENING)],
        ['arguments done', inArguments(ofType(bytes, 'function_call_arguments.done')[0])],
        ['call done', inArguments(done[0])],
        ['call completed', inArguments(ofType(bytes, 'completed')[0]?.response.output[0])],
        ['mcp', stringSoFar(grown(bytes, 'mcp_call_arguments', 1), OPENING)],
        ['result', done[1]?.output ?? ''],
        ['input', grown(bytes, 'custom_tool_call_input', 2)],
        ['input done', ofType(bytes, 'custom_tool_call_input.done')[0]?.input ?? ''],
        ['code', grown(bytes, 'code_interpreter_call_code', 3)],
        ['code done', ofType(bytes, 'code_interpreter_call_code.done')[0]?.code ?? ''],
        ['thinking', grown(bytes, 'reasoning_text', 4)],
        ['thinking done', ofType(bytes, 'reasoning_text.done')[0]?.text ?? ''],
        [
          'stdout',
          ofType(bytes, 'shell_call_output_content.delta')
            .map(({ delta }) => delta.stdout)
            .join(''),
        ],
      ]);
    },
    isEnded: isOver,
  },
];
