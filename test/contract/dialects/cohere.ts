import type { DialectCase } from '../dialect-case.ts';
import { joined, jsonEvents, one, sse } from '../writing.ts';

const CHAT = { path: '/v2/chat' };
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const event = (type: string, fields: object = {}): Buffer => sse({ type, ...fields }, type);
const START = event('message-start', {
  id: 'c14c80c3',
  delta: { message: { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] } },
});
const end = (finish_reason: string): Buffer =>
  Buffer.concat([
    event('message-end', {
      delta: {
        finish_reason,
        usage: { billed_units: { input_tokens: 3, output_tokens: 5 }, tokens: { input_tokens: 66, output_tokens: 8 } },
      },
    }),
    Buffer.from('data: [DONE]\n\n'),
  ]);
const isEnded = (bytes: Buffer): boolean => jsonEvents(bytes).at(-1)?.type === 'message-end';
/** Messages of all events of a type. */
const messages = (bytes: Buffer, type: string) =>
  jsonEvents(bytes)
    .filter((each) => each.type === type)
    .map((each) => each.delta.message);

/** Cohere v2: https://docs.cohere.com/reference/chat */
export const COHERE: readonly DialectCase[] = [
  {
    format: 'cohere',
    name: 'chat with documents, history and tools',
    direction: 'request',
    media: true,
    head: CHAT,
    contentType: 'application/json',
    slots: [
      { name: 'system', lane: 'system' },
      { name: 'part', lane: 'user', pieces: true },
      { name: 'plan', lane: 'reasoning' },
      { name: 'arguments', lane: 'tool-arguments', nested: true },
      { name: 'result', lane: 'tool-result' },
      { name: 'result document', lane: 'tool-result' },
      { name: 'thought', lane: 'reasoning' },
      { name: 'history', lane: 'assistant-history', pieces: true },
      { name: 'cited', lane: 'assistant-history' },
      { name: 'source', lane: 'document' },
      { name: 'message document', lane: 'document' },
      { name: 'document', lane: 'document' },
      { name: 'document data', lane: 'document' },
      { name: 'description', lane: 'tool-definition' },
      { name: 'schema', lane: 'other' },
      { name: 'unknown', lane: 'other' },
    ],
    write: (texts) =>
      json({
        model: 'command-a-03-2025',
        stream: false,
        messages: [
          { role: 'system', content: one(texts, 'system') },
          {
            role: 'user',
            content: [
              ...joined(texts, 'part', (text) => ({ type: 'text', text })),
              { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'low' } },
              { type: 'document', document: { id: 'd0', data: { body: one(texts, 'message document') } } },
            ],
          },
          {
            role: 'assistant',
            tool_plan: one(texts, 'plan'),
            tool_calls: [
              {
                id: 'look_up_1',
                type: 'function',
                function: { name: 'look_up', arguments: JSON.stringify({ q: one(texts, 'arguments') }) },
              },
            ],
          },
          {
            role: 'tool',
            tool_call_id: 'look_up_1',
            content: [
              { type: 'text', text: one(texts, 'result') },
              { type: 'document', document: { id: 'd1', data: { body: one(texts, 'result document') } } },
            ],
          },
          {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: one(texts, 'thought') },
              ...joined(texts, 'history', (text) => ({ type: 'text', text })),
            ],
            citations: [
              {
                start: 0,
                end: 4,
                text: one(texts, 'cited'),
                sources: [{ type: 'document', id: 'd1', document: { t: one(texts, 'source') } }],
              },
            ],
          },
        ],
        documents: [one(texts, 'document'), { id: 'd2', data: { title: one(texts, 'document data') } }],
        tools: [
          { type: 'function', function: { name: 'look_up', description: one(texts, 'description'), parameters: { type: 'object' } } },
        ],
        response_format: { type: 'json_object', json_schema: { description: one(texts, 'schema') } },
        some_new_field: { deep: [one(texts, 'unknown')] },
      }),
    read(bytes) {
      const { messages: all, documents, tools, response_format: format, some_new_field: unknown } = JSON.parse(bytes.toString());
      const [system, user, call, result, last] = all;
      const text = (parts: readonly { text?: string }[]) => parts.map((part) => part.text ?? '').join('');
      return new Map([
        ['system', system.content],
        ['part', text(user.content)],
        ['message document', user.content.at(-1).document.data.body],
        ['plan', call.tool_plan],
        ['arguments', JSON.parse(call.tool_calls[0].function.arguments).q],
        ['result', result.content[0].text],
        ['result document', result.content[1].document.data.body],
        ['thought', last.content[0].thinking],
        ['history', text(last.content)],
        ['cited', last.citations[0].text],
        ['source', last.citations[0].sources[0].document.t],
        ['document', documents[0]],
        ['document data', documents[1].data.title],
        ['description', tools[0].function.description],
        ['schema', format.json_schema.description],
        ['unknown', unknown.deep[0]],
      ]);
    },
  },
  {
    format: 'cohere',
    name: 'texts and mixed inputs to embed',
    direction: 'request',
    media: true,
    head: { path: '/v2/embed' },
    contentType: 'application/json',
    slots: [
      { name: 'text', lane: 'user' },
      { name: 'input', lane: 'user', pieces: true },
    ],
    write: (texts) =>
      json({
        model: 'embed-v4.0',
        input_type: 'search_document',
        embedding_types: ['float'],
        texts: [one(texts, 'text')],
        images: ['data:image/png;base64,iVBORw0KGgo='],
        inputs: [{ content: joined(texts, 'input', (text) => ({ type: 'text', text })) }],
      }),
    read(bytes) {
      const { texts, inputs } = JSON.parse(bytes.toString());
      return new Map([
        ['text', texts[0]],
        ['input', inputs[0].content.map(({ text }: { text: string }) => text).join('')],
      ]);
    },
  },
  {
    format: 'cohere',
    name: 'documents to rank',
    direction: 'request',
    head: { path: '/v2/rerank' },
    contentType: 'application/json',
    slots: [
      { name: 'query', lane: 'user' },
      { name: 'document', lane: 'document' },
    ],
    write: (texts) => json({ model: 'rerank-v3.5', query: one(texts, 'query'), documents: [one(texts, 'document'), 'another'], top_n: 1 }),
    read(bytes) {
      const { query, documents } = JSON.parse(bytes.toString());
      return new Map([
        ['query', query],
        ['document', documents[0]],
      ]);
    },
  },
  {
    format: 'cohere',
    name: 'answer with thinking, a tool call and citations',
    direction: 'response',
    head: CHAT,
    contentType: 'application/json',
    slots: [
      { name: 'thinking', lane: 'reasoning' },
      { name: 'output', lane: 'output' },
      { name: 'plan', lane: 'reasoning' },
      { name: 'arguments', lane: 'tool-arguments', nested: true },
      { name: 'cited', lane: 'output' },
      { name: 'source', lane: 'document' },
      { name: 'unknown', lane: 'output' },
    ],
    write: (texts) =>
      json({
        id: 'a1',
        finish_reason: 'TOOL_CALL',
        message: {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: one(texts, 'thinking') },
            { type: 'text', text: one(texts, 'output') },
          ],
          tool_plan: one(texts, 'plan'),
          tool_calls: [
            { id: 'send_1', type: 'function', function: { name: 'send', arguments: JSON.stringify({ to: one(texts, 'arguments') }) } },
          ],
          citations: [
            {
              start: 0,
              end: 4,
              text: one(texts, 'cited'),
              type: 'TEXT_CONTENT',
              sources: [{ type: 'tool', id: 'send_1:0', tool_output: { content: one(texts, 'source') } }],
            },
          ],
        },
        usage: { billed_units: { input_tokens: 3, output_tokens: 5 }, tokens: { input_tokens: 66, output_tokens: 8 } },
        notice: one(texts, 'unknown'),
      }),
    read(bytes) {
      const { message, notice } = JSON.parse(bytes.toString());
      return new Map([
        ['thinking', message.content[0].thinking],
        ['output', message.content[1].text],
        ['plan', message.tool_plan],
        ['arguments', JSON.parse(message.tool_calls[0].function.arguments).to],
        ['cited', message.citations[0].text],
        ['source', message.citations[0].sources[0].tool_output.content],
        ['unknown', notice],
      ]);
    },
  },
  {
    format: 'cohere',
    name: 'ranked documents',
    direction: 'response',
    head: { path: '/v2/rerank' },
    contentType: 'application/json',
    slots: [
      { name: 'document', lane: 'document' },
      { name: 'warning', lane: 'output' },
    ],
    write: (texts) =>
      json({
        id: 'r1',
        results: [{ index: 3, relevance_score: 0.9990564212345, document: { text: one(texts, 'document') } }],
        meta: { api_version: { version: '2' }, billed_units: { search_units: 1 }, warnings: [one(texts, 'warning')] },
      }),
    read(bytes) {
      const { results, meta } = JSON.parse(bytes.toString());
      return new Map([
        ['document', results[0].document.text],
        ['warning', meta.warnings[0]],
      ]);
    },
  },
  {
    format: 'cohere',
    name: 'vectors with the texts they were made of',
    direction: 'response',
    head: { path: '/v2/embed' },
    contentType: 'application/json',
    slots: [{ name: 'text', lane: 'output' }],
    write: (texts) =>
      json({
        id: 'e1',
        response_type: 'embeddings_by_type',
        embeddings: { float: [[0.0123456789, -0.9876543211]], int8: [[1, -2]], base64: ['zczMPQ=='] },
        texts: [one(texts, 'text')],
      }),
    read: (bytes) => new Map([['text', JSON.parse(bytes.toString()).texts[0]]]),
  },
  {
    format: 'cohere',
    name: 'streamed answer with thinking and citations',
    direction: 'response',
    head: CHAT,
    contentType: 'text/event-stream',
    slots: [
      { name: 'thinking', lane: 'reasoning', pieces: true },
      { name: 'output', lane: 'output', pieces: true },
      { name: 'cited', lane: 'output' },
      { name: 'source', lane: 'document' },
      { name: 'prompt', lane: 'output' },
      { name: 'unknown', lane: 'output' },
    ],
    write(texts) {
      const content = (type: string, index: number, part: object) => event(type, { index, delta: { message: { content: part } } });
      const sources = [{ type: 'document', id: 'doc:0', document: { id: 'doc:0', text: one(texts, 'source') } }];
      return Buffer.concat([
        START,
        event('debug', { prompt: one(texts, 'prompt') }),
        content('content-start', 0, { type: 'thinking', thinking: '' }),
        ...joined(texts, 'thinking', (thinking) => content('content-delta', 0, { thinking })),
        event('content-end', { index: 0 }),
        content('content-start', 1, { type: 'text', text: '' }),
        ...joined(texts, 'output', (text) => content('content-delta', 1, { text })),
        event('citation-start', { index: 0, delta: { message: { citations: { start: 0, end: 3, text: one(texts, 'cited'), sources } } } }),
        event('citation-end', { index: 0 }),
        event('content-end', { index: 1, notice: one(texts, 'unknown') }),
        end('COMPLETE'),
      ]);
    },
    read(bytes) {
      const deltas = messages(bytes, 'content-delta').map(({ content }) => content);
      const citations = messages(bytes, 'citation-start').map((message) => message.citations);
      const all = jsonEvents(bytes);
      return new Map([
        ['thinking', deltas.map((content) => content.thinking ?? '').join('')],
        ['output', deltas.map((content) => content.text ?? '').join('')],
        ['cited', citations.map(({ text }) => text).join('')],
        ['source', citations.map(({ sources }) => sources[0].document.text).join('')],
        ['prompt', all.map(({ prompt }) => prompt ?? '').join('')],
        ['unknown', all.map(({ notice }) => notice ?? '').join('')],
      ]);
    },
    isEnded,
  },
  {
    format: 'cohere',
    name: 'streamed plan and tool calls',
    direction: 'response',
    head: CHAT,
    contentType: 'text/event-stream',
    slots: [
      { name: 'plan', lane: 'reasoning', pieces: true },
      { name: 'arguments', lane: 'tool-arguments', pieces: true, nested: true },
      { name: 'second', lane: 'tool-arguments', pieces: true, nested: true },
    ],
    write(texts) {
      const call = (type: string, index: number, tool_calls: object) => event(type, { index, delta: { message: { tool_calls } } });
      const begin = (index: number, name: string) =>
        call('tool-call-start', index, { id: `${name}_${index}`, type: 'function', function: { name, arguments: '' } });
      const piece = (index: number, text: string) => call('tool-call-delta', index, { function: { arguments: text } });
      const pieces = (index: number, slot: string) => [
        piece(index, '{"q": "'),
        ...joined(texts, slot, (text) => piece(index, JSON.stringify(text).slice(1, -1))),
        piece(index, '"}'),
        event('tool-call-end', { index }),
      ];
      return Buffer.concat([
        START,
        ...joined(texts, 'plan', (tool_plan) => event('tool-plan-delta', { delta: { message: { tool_plan } } })),
        begin(0, 'look_up'),
        ...pieces(0, 'arguments'),
        begin(1, 'send'),
        ...pieces(1, 'second'),
        end('TOOL_CALL'),
      ]);
    },
    read(bytes) {
      const calls = jsonEvents(bytes).filter(({ type }) => type === 'tool-call-delta');
      const argument = (index: number) =>
        quoted(
          calls
            .filter((call) => call.index === index)
            .map((call) => call.delta.message.tool_calls.function.arguments)
            .join(''),
        );
      return new Map([
        [
          'plan',
          messages(bytes, 'tool-plan-delta')
            .map((message) => message.tool_plan)
            .join(''),
        ],
        ['arguments', argument(0)],
        ['second', argument(1)],
      ]);
    },
    isEnded,
  },
];

/** The one string in `{"q": "…"}`, which may be cut off behind a whole character. */
function quoted(text: string): string {
  const inner = text.slice('{"q": "'.length);
  return JSON.parse(`"${inner.endsWith('"}') ? inner.slice(0, -2) : inner}"`) as string;
}
