import type { DialectCase } from '../dialect-case.ts';
import { joined, jsonEvents, jsonLines, one, sse } from '../writing.ts';

const CHAT = { path: '/v1/chat' };
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const line = (event_type: string, fields: object): Buffer =>
  Buffer.from(`${JSON.stringify({ is_finished: event_type === 'stream-end', event_type, ...fields })}\n`);
const META = { api_version: { version: '1' }, billed_units: { input_tokens: 4, output_tokens: 6 } };
const lineEnded = (bytes: Buffer): boolean => jsonLines(bytes).at(-1)?.event_type === 'stream-end';
// biome-ignore lint/suspicious/noExplicitAny: a client reads what it expects
const ofType = (events: readonly any[], type: string) => events.filter(({ event_type }) => event_type === type);

/** Cohere v1: https://docs.cohere.com/v1/reference/chat */
export const COHERE_V1: readonly DialectCase[] = [
  {
    format: 'cohere-v1',
    name: 'chat with history, documents and tool results',
    direction: 'request',
    head: CHAT,
    contentType: 'application/json',
    slots: [
      { name: 'message', lane: 'user' },
      { name: 'preamble', lane: 'system' },
      { name: 'user', lane: 'user' },
      { name: 'chatbot', lane: 'assistant-history' },
      { name: 'past arguments', lane: 'tool-arguments' },
      { name: 'system', lane: 'system' },
      { name: 'past result', lane: 'tool-result' },
      { name: 'document', lane: 'document' },
      { name: 'description', lane: 'tool-definition' },
      { name: 'parameter', lane: 'tool-definition' },
      { name: 'arguments', lane: 'tool-arguments' },
      { name: 'result', lane: 'tool-result' },
      { name: 'connector', lane: 'other' },
      { name: 'stop', lane: 'other' },
    ],
    write: (texts) =>
      json({
        model: 'command-r-plus',
        message: one(texts, 'message'),
        preamble: one(texts, 'preamble'),
        conversation_id: 'c1',
        chat_history: [
          { role: 'USER', message: one(texts, 'user') },
          {
            role: 'CHATBOT',
            message: one(texts, 'chatbot'),
            tool_calls: [{ name: 'look_up', parameters: { q: one(texts, 'past arguments') } }],
          },
          { role: 'SYSTEM', message: one(texts, 'system') },
          {
            role: 'TOOL',
            tool_results: [{ call: { name: 'look_up', parameters: {} }, outputs: [{ text: one(texts, 'past result') }] }],
          },
        ],
        documents: [{ id: 'd1', snippet: one(texts, 'document') }],
        tools: [
          {
            name: 'look_up',
            description: one(texts, 'description'),
            parameter_definitions: { q: { description: one(texts, 'parameter'), type: 'str', required: true } },
          },
        ],
        tool_results: [
          { call: { name: 'look_up', parameters: { q: one(texts, 'arguments') } }, outputs: [{ deep: { text: one(texts, 'result') } }] },
        ],
        connectors: [{ id: 'web-search', options: { site: one(texts, 'connector') } }],
        stop_sequences: [one(texts, 'stop')],
        prompt_truncation: 'AUTO',
      }),
    read(bytes) {
      const body = JSON.parse(bytes.toString());
      const [user, chatbot, system, tool] = body.chat_history;
      return new Map([
        ['message', body.message],
        ['preamble', body.preamble],
        ['user', user.message],
        ['chatbot', chatbot.message],
        ['past arguments', chatbot.tool_calls[0].parameters.q],
        ['system', system.message],
        ['past result', tool.tool_results[0].outputs[0].text],
        ['document', body.documents[0].snippet],
        ['description', body.tools[0].description],
        ['parameter', body.tools[0].parameter_definitions.q.description],
        ['arguments', body.tool_results[0].call.parameters.q],
        ['result', body.tool_results[0].outputs[0].deep.text],
        ['connector', body.connectors[0].options.site],
        ['stop', body.stop_sequences[0]],
      ]);
    },
  },
  {
    format: 'cohere-v1',
    name: 'prompt to complete',
    direction: 'request',
    head: { path: '/v1/generate' },
    contentType: 'application/json',
    slots: [{ name: 'prompt', lane: 'user' }],
    write: (texts) =>
      json({ model: 'command', prompt: one(texts, 'prompt'), num_generations: 1, stream: true, return_likelihoods: 'NONE' }),
    read: (bytes) => new Map([['prompt', JSON.parse(bytes.toString()).prompt]]),
  },
  {
    format: 'cohere-v1',
    name: 'inputs and examples to classify',
    direction: 'request',
    head: { path: '/v1/classify' },
    contentType: 'application/json',
    slots: [
      { name: 'input', lane: 'user' },
      { name: 'example', lane: 'document' },
    ],
    write: (texts) => json({ inputs: [one(texts, 'input')], examples: [{ text: one(texts, 'example'), label: 'spam' }] }),
    read(bytes) {
      const { inputs, examples } = JSON.parse(bytes.toString());
      return new Map([
        ['input', inputs[0]],
        ['example', examples[0].text],
      ]);
    },
  },
  {
    format: 'cohere-v1',
    name: 'text to summarize',
    direction: 'request',
    head: { path: '/v1/summarize' },
    contentType: 'application/json',
    slots: [
      { name: 'text', lane: 'user' },
      { name: 'command', lane: 'system' },
    ],
    write: (texts) => json({ text: one(texts, 'text'), length: 'short', additional_command: one(texts, 'command') }),
    read(bytes) {
      const { text, additional_command } = JSON.parse(bytes.toString());
      return new Map([
        ['text', text],
        ['command', additional_command],
      ]);
    },
  },
  {
    format: 'cohere-v1',
    name: 'answer with citations, documents and a tool call',
    direction: 'response',
    head: CHAT,
    contentType: 'application/json',
    slots: [
      { name: 'text', lane: 'output' },
      { name: 'cited', lane: 'output' },
      { name: 'document', lane: 'document' },
      { name: 'query', lane: 'output' },
      { name: 'result', lane: 'document' },
      { name: 'arguments', lane: 'tool-arguments' },
      { name: 'history', lane: 'output' },
      { name: 'unknown', lane: 'output' },
    ],
    write: (texts) =>
      json({
        response_id: 'r1',
        generation_id: 'g1',
        text: one(texts, 'text'),
        citations: [{ start: 0, end: 4, text: one(texts, 'cited'), document_ids: ['web-search_0'] }],
        documents: [{ id: 'web-search_0', snippet: one(texts, 'document'), url: 'https://example.test/' }],
        search_queries: [{ text: one(texts, 'query'), generation_id: 'g0' }],
        search_results: [{ search_query: { text: one(texts, 'result') }, document_ids: ['web-search_0'], connector: { id: 'web-search' } }],
        tool_calls: [{ name: 'send', parameters: { to: one(texts, 'arguments') } }],
        chat_history: [{ role: 'USER', message: one(texts, 'history') }],
        finish_reason: 'COMPLETE',
        meta: META,
        notice: one(texts, 'unknown'),
      }),
    read(bytes) {
      const body = JSON.parse(bytes.toString());
      return new Map([
        ['text', body.text],
        ['cited', body.citations[0].text],
        ['document', body.documents[0].snippet],
        ['query', body.search_queries[0].text],
        ['result', body.search_results[0].search_query.text],
        ['arguments', body.tool_calls[0].parameters.to],
        ['history', body.chat_history[0].message],
        ['unknown', body.notice],
      ]);
    },
  },
  {
    format: 'cohere-v1',
    name: 'classifications',
    direction: 'response',
    head: { path: '/v1/classify' },
    contentType: 'application/json',
    slots: [
      { name: 'input', lane: 'output' },
      { name: 'prediction', lane: 'output' },
    ],
    write: (texts) =>
      json({
        id: 'k1',
        classifications: [
          {
            id: 'i1',
            input: one(texts, 'input'),
            prediction: one(texts, 'prediction'),
            confidence: 0.9123456789,
            labels: { spam: { confidence: 0.9123456789 } },
            classification_type: 'single-label',
          },
        ],
        meta: META,
      }),
    read(bytes) {
      const [{ input, prediction }] = JSON.parse(bytes.toString()).classifications;
      return new Map([
        ['input', input],
        ['prediction', prediction],
      ]);
    },
  },
  {
    format: 'cohere-v1',
    name: 'streamed answer with citations, as JSON lines',
    direction: 'response',
    head: CHAT,
    contentType: 'application/stream+json',
    slots: [
      { name: 'query', lane: 'output' },
      { name: 'document', lane: 'document' },
      { name: 'text', lane: 'output', pieces: true },
      { name: 'cited', lane: 'output' },
      { name: 'whole text', lane: 'output', repeats: 'text' },
      { name: 'whole cited', lane: 'output', repeats: 'cited' },
    ],
    write(texts) {
      const citations = [{ start: 0, end: 4, text: one(texts, 'cited'), document_ids: ['d0'] }];
      return Buffer.concat([
        line('stream-start', { generation_id: 'g1' }),
        line('search-queries-generation', { search_queries: [{ text: one(texts, 'query'), generation_id: 'g0' }] }),
        line('search-results', { documents: [{ id: 'd0', text: one(texts, 'document') }], search_results: [] }),
        ...joined(texts, 'text', (text) => line('text-generation', { text })),
        line('citation-generation', { citations }),
        line('stream-end', {
          finish_reason: 'COMPLETE',
          response: { response_id: 'r1', generation_id: 'g1', text: one(texts, 'text'), citations, meta: META },
        }),
      ]);
    },
    read(bytes) {
      const events = jsonLines(bytes);
      const ends = ofType(events, 'stream-end').map(({ response }) => response);
      return new Map([
        [
          'query',
          ofType(events, 'search-queries-generation')
            .map((event) => event.search_queries[0].text)
            .join(''),
        ],
        [
          'document',
          ofType(events, 'search-results')
            .map((event) => event.documents[0].text)
            .join(''),
        ],
        [
          'text',
          ofType(events, 'text-generation')
            .map(({ text }) => text)
            .join(''),
        ],
        [
          'cited',
          ofType(events, 'citation-generation')
            .map((event) => event.citations[0].text)
            .join(''),
        ],
        ['whole text', ends.map(({ text }) => text).join('')],
        ['whole cited', ends.map(({ citations }) => citations?.[0].text ?? '').join('')],
      ]);
    },
    isEnded: lineEnded,
  },
  {
    format: 'cohere-v1',
    name: 'streamed tool calls, as SSE',
    direction: 'response',
    head: CHAT,
    contentType: 'text/event-stream',
    slots: [
      { name: 'plan', lane: 'output', pieces: true },
      { name: 'arguments', lane: 'tool-arguments', pieces: true, nested: true },
      { name: 'whole plan', lane: 'output', repeats: 'plan' },
      { name: 'whole arguments', lane: 'tool-arguments', repeats: 'arguments' },
    ],
    write(texts) {
      const event = (event_type: string, fields: object) =>
        sse({ is_finished: event_type === 'stream-end', event_type, ...fields }, event_type);
      const piece = (parameters: string) => event('tool-calls-chunk', { tool_call_delta: { index: 0, parameters } });
      return Buffer.concat([
        event('stream-start', { generation_id: 'g1' }),
        ...joined(texts, 'plan', (text) => event('tool-calls-chunk', { text })),
        event('tool-calls-chunk', { tool_call_delta: { index: 0, name: 'look_up' } }),
        piece('{"q": "'),
        ...joined(texts, 'arguments', (text) => piece(JSON.stringify(text).slice(1, -1))),
        piece('"}'),
        event('tool-calls-generation', {
          text: one(texts, 'plan'),
          tool_calls: [{ name: 'look_up', parameters: { q: one(texts, 'arguments') } }],
        }),
        event('stream-end', { finish_reason: 'COMPLETE', response: { generation_id: 'g1', text: '', meta: META } }),
      ]);
    },
    read(bytes) {
      const chunks = ofType(jsonEvents(bytes), 'tool-calls-chunk');
      const whole = ofType(jsonEvents(bytes), 'tool-calls-generation');
      return new Map([
        ['plan', chunks.map(({ text }) => text ?? '').join('')],
        ['arguments', quoted(chunks.map(({ tool_call_delta: delta }) => delta?.parameters ?? '').join(''))],
        ['whole plan', whole.map(({ text }) => text).join('')],
        ['whole arguments', whole.map((event) => event.tool_calls[0].parameters.q).join('')],
      ]);
    },
    isEnded: (bytes) => jsonEvents(bytes).at(-1)?.event_type === 'stream-end',
  },
  {
    format: 'cohere-v1',
    name: 'streamed completion',
    direction: 'response',
    head: { path: '/v1/generate' },
    contentType: 'application/stream+json',
    slots: [
      { name: 'text', lane: 'output', pieces: true },
      { name: 'prompt', lane: 'output' },
      { name: 'whole text', lane: 'output', repeats: 'text' },
    ],
    write: (texts) =>
      Buffer.concat([
        ...joined(texts, 'text', (text) => line('text-generation', { text })),
        line('stream-end', {
          finish_reason: 'COMPLETE',
          response: {
            id: 'r1',
            prompt: one(texts, 'prompt'),
            generations: [{ id: 'g1', text: one(texts, 'text'), finish_reason: 'COMPLETE' }],
          },
        }),
      ]),
    read(bytes) {
      const events = jsonLines(bytes);
      const ends = ofType(events, 'stream-end').map(({ response }) => response);
      return new Map([
        [
          'text',
          ofType(events, 'text-generation')
            .map(({ text }) => text)
            .join(''),
        ],
        ['prompt', ends.map(({ prompt }) => prompt ?? '').join('')],
        ['whole text', ends.flatMap(({ generations }) => generations.map(({ text }: { text: string }) => text)).join('')],
      ]);
    },
    isEnded: lineEnded,
  },
];

/** The one string in `{"q": "…"}`, which may be cut off behind a whole character. */
function quoted(text: string): string {
  const inner = text.slice('{"q": "'.length);
  return JSON.parse(`"${inner.endsWith('"}') ? inner.slice(0, -2) : inner}"`) as string;
}
