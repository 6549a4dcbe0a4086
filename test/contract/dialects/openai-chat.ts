import type { DialectCase } from '../dialect-case.ts';
import { isDone, joined, jsonEvents, jsonPiece, one, sse, stringSoFar } from '../writing.ts';

const HEAD = { path: '/v1/chat/completions' };

/** OpenAI Chat Completions: https://platform.openai.com/docs/api-reference/chat */
export const OPENAI_CHAT: readonly DialectCase[] = [
  {
    format: 'openai-chat',
    name: 'request with history, parts and tools',
    direction: 'request',
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'system', lane: 'system' },
      { name: 'part', lane: 'user', pieces: true },
      { name: 'history', lane: 'assistant-history' },
      { name: 'arguments', lane: 'tool-arguments', nested: true },
      { name: 'result', lane: 'tool-result' },
      { name: 'description', lane: 'tool-definition' },
      { name: 'unknown', lane: 'other' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          model: 'gpt-5-mini',
          messages: [
            { role: 'system', content: one(texts, 'system') },
            { role: 'user', content: joined(texts, 'part', (text) => ({ type: 'text', text })) },
            {
              role: 'assistant',
              content: one(texts, 'history'),
              tool_calls: [
                {
                  id: 'call_1',
                  type: 'function',
                  function: { name: 'look_up', arguments: JSON.stringify({ q: one(texts, 'arguments') }) },
                },
              ],
            },
            { role: 'tool', tool_call_id: 'call_1', content: one(texts, 'result') },
          ],
          tools: [
            { type: 'function', function: { name: 'look_up', description: one(texts, 'description'), parameters: { type: 'object' } } },
          ],
          some_new_field: { deep: [one(texts, 'unknown')] },
        }),
      ),
    read(bytes) {
      const { messages, tools, some_new_field: unknown } = JSON.parse(bytes.toString());
      const [system, user, assistant, tool] = messages;
      return new Map([
        ['system', system.content],
        ['part', user.content.map(({ text }: { text: string }) => text).join('')],
        ['history', assistant.content],
        ['arguments', JSON.parse(assistant.tool_calls[0].function.arguments).q],
        ['result', tool.content],
        ['description', tools[0].function.description],
        ['unknown', unknown.deep[0]],
      ]);
    },
  },
  {
    format: 'openai-chat',
    name: 'streamed answer',
    direction: 'response',
    head: HEAD,
    contentType: 'text/event-stream',
    slots: [
      { name: 'reasoning', lane: 'reasoning', pieces: true },
      { name: 'output', lane: 'output', pieces: true },
    ],
    write(texts) {
      const chunk = (delta: object, finish_reason: string | null = null) =>
        sse({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'gpt-5-mini', choices: [{ index: 0, delta, finish_reason }] });
      return Buffer.concat([
        chunk({ role: 'assistant', content: '' }),
        ...joined(texts, 'reasoning', (text) => chunk({ reasoning_content: text })),
        ...joined(texts, 'output', (content) => chunk({ content })),
        chunk({}, 'stop'),
        Buffer.from('data: [DONE]\n\n'),
      ]);
    },
    read(bytes) {
      const deltas = jsonEvents(bytes).map(({ choices }) => choices[0].delta);
      return new Map([
        ['reasoning', deltas.map((delta) => delta.reasoning_content ?? '').join('')],
        ['output', deltas.map((delta) => delta.content ?? '').join('')],
      ]);
    },
    isEnded: (bytes) => isDone(bytes) && jsonEvents(bytes).some(({ choices }) => choices[0].finish_reason !== null),
  },
  {
    format: 'openai-chat',
    name: 'request with what other providers add, and legacy functions',
    direction: 'request',
    media: true,
    head: { path: '/openai/deployments/gpt/chat/completions?api-version=2024-10-21', headers: { 'api-key': 'k' } },
    contentType: 'application/json',
    slots: [
      { name: 'thinking', lane: 'reasoning', pieces: true },
      { name: 'part', lane: 'assistant-history' },
      { name: 'reasoning', lane: 'reasoning' },
      { name: 'detail', lane: 'reasoning' },
      { name: 'refusal', lane: 'refusal' },
      { name: 'input', lane: 'tool-arguments' },
      { name: 'legacy', lane: 'tool-arguments', nested: true },
      { name: 'result', lane: 'tool-result' },
      { name: 'image', lane: 'other' },
      { name: 'file', lane: 'other' },
      { name: 'function', lane: 'tool-definition' },
      { name: 'grammar', lane: 'tool-definition' },
      { name: 'document', lane: 'document' },
      { name: 'prompt', lane: 'user' },
      { name: 'suffix', lane: 'user' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          messages: [
            {
              role: 'assistant',
              content: [
                { type: 'thinking', thinking: joined(texts, 'thinking', (text) => ({ type: 'text', text })), closed: true },
                { type: 'text', text: one(texts, 'part') },
              ],
              reasoning: one(texts, 'reasoning'),
              reasoning_details: [{ type: 'reasoning.text', text: one(texts, 'detail'), index: 0, format: 'x' }],
              refusal: one(texts, 'refusal'),
              tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'sql', input: one(texts, 'input') } }],
              function_call: { name: 'old', arguments: JSON.stringify({ q: [one(texts, 'legacy')] }) },
            },
            { role: 'function', name: 'old', content: one(texts, 'result') },
            {
              role: 'user',
              content: [
                { type: 'image_url', image_url: { url: one(texts, 'image') } },
                { type: 'file', file: { filename: one(texts, 'file'), file_data: 'data:text/plain;base64,QUJD' } },
              ],
            },
          ],
          functions: [{ name: 'old', description: one(texts, 'function') }],
          tools: [{ type: 'custom', custom: { name: 'sql', format: { grammar: { definition: one(texts, 'grammar') } } } }],
          documents: [{ text: one(texts, 'document') }],
          prompt: one(texts, 'prompt'),
          suffix: one(texts, 'suffix'),
        }),
      ),
    read(bytes) {
      const { messages, functions, tools, documents, prompt, suffix } = JSON.parse(bytes.toString());
      const [assistant, result, user] = messages;
      return new Map([
        ['thinking', assistant.content[0].thinking.map(({ text }: { text: string }) => text).join('')],
        ['part', assistant.content[1].text],
        ['reasoning', assistant.reasoning],
        ['detail', assistant.reasoning_details[0].text],
        ['refusal', assistant.refusal],
        ['input', assistant.tool_calls[0].custom.input],
        ['legacy', JSON.parse(assistant.function_call.arguments).q[0]],
        ['result', result.content],
        ['image', user.content[0].image_url.url],
        ['file', user.content[1].file.filename],
        ['function', functions[0].description],
        ['grammar', tools[0].custom.format.grammar.definition],
        ['document', documents[0].text],
        ['prompt', prompt],
        ['suffix', suffix],
      ]);
    },
  },
  {
    format: 'openai-chat',
    name: 'whole answer',
    direction: 'response',
    media: true,
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'output', lane: 'output' },
      { name: 'refusal', lane: 'refusal' },
      { name: 'reasoning', lane: 'reasoning' },
      { name: 'arguments', lane: 'tool-arguments', nested: true },
      { name: 'input', lane: 'tool-arguments' },
      { name: 'legacy', lane: 'tool-arguments', nested: true },
      { name: 'citation', lane: 'output' },
      { name: 'transcript', lane: 'output' },
      { name: 'second', lane: 'output', pieces: true },
      { name: 'license', lane: 'output' },
      { name: 'search', lane: 'output' },
      { name: 'unknown', lane: 'output' },
    ],
    write(texts) {
      const safe = { filtered: false, severity: 'safe' };
      const message = {
        role: 'assistant',
        content: one(texts, 'output'),
        refusal: one(texts, 'refusal'),
        reasoning_content: one(texts, 'reasoning'),
        tool_calls: [
          {
            id: 'a',
            type: 'function',
            function: { name: 'look_up', arguments: JSON.stringify({ q: { deep: [one(texts, 'arguments')] } }) },
          },
          { id: 'b', type: 'custom', custom: { name: 'sql', input: one(texts, 'input') } },
        ],
        function_call: { name: 'old', arguments: JSON.stringify({ q: one(texts, 'legacy') }) },
        annotations: [{ type: 'url_citation', url_citation: { title: one(texts, 'citation'), start_index: 0, end_index: 4 } }],
        audio: { id: 'audio_1', data: 'UklGRg==', expires_at: 1, transcript: one(texts, 'transcript') },
      };
      const code = { filtered: false, detected: true, citation: { URL: 'https://e.com', license: one(texts, 'license') } };
      const choices = [
        {
          index: 0,
          message,
          logprobs: { content: [{ token: 'x', logprob: -0.1, bytes: [120], top_logprobs: [] }] },
          finish_reason: 'tool_calls',
          content_filter_results: { hate: safe, protected_material_code: code },
          content_filter_offsets: { check_offset: 0, start_offset: 0, end_offset: 4 },
        },
        {
          index: 1,
          message: { role: 'assistant', content: joined(texts, 'second', (text) => ({ type: 'text', text })) },
          finish_reason: 'stop',
        },
      ];
      return Buffer.from(
        JSON.stringify({
          id: 'c',
          object: 'chat.completion',
          created: 1,
          model: 'gpt-5-mini',
          choices,
          usage: { prompt_tokens: 1, completion_tokens: 2 },
          prompt_filter_results: [{ prompt_index: 0, content_filter_results: { hate: safe } }],
          search_results: [{ title: one(texts, 'search'), url: 'https://e.com' }],
          some_new_field: [{ deep: one(texts, 'unknown') }],
        }),
      );
    },
    read(bytes) {
      const { choices, search_results: found, some_new_field: unknown } = JSON.parse(bytes.toString());
      const [{ message, content_filter_results: filters }, second] = choices;
      return new Map([
        ['output', message.content],
        ['refusal', message.refusal],
        ['reasoning', message.reasoning_content],
        ['arguments', JSON.parse(message.tool_calls[0].function.arguments).q.deep[0]],
        ['input', message.tool_calls[1].custom.input],
        ['legacy', JSON.parse(message.function_call.arguments).q],
        ['citation', message.annotations[0].url_citation.title],
        ['transcript', message.audio.transcript],
        ['second', second.message.content.map(({ text }: { text: string }) => text).join('')],
        ['license', filters.protected_material_code.citation.license],
        ['search', found[0].title],
        ['unknown', unknown[0].deep],
      ]);
    },
  },
  {
    format: 'openai-chat',
    name: 'streamed answer with two tool calls, a custom one, logprobs and a second choice',
    direction: 'response',
    head: HEAD,
    contentType: 'text/event-stream',
    slots: [
      { name: 'arguments', lane: 'tool-arguments', pieces: true, nested: true },
      { name: 'parallel', lane: 'tool-arguments', pieces: true, nested: true },
      { name: 'input', lane: 'tool-arguments', pieces: true },
      { name: 'refusal', lane: 'refusal', pieces: true },
      { name: 'second', lane: 'output', pieces: true },
      { name: 'legacy', lane: 'tool-arguments', pieces: true, nested: true },
      { name: 'citation', lane: 'output' },
    ],
    write(texts) {
      const chunk = (index: number, delta: object, rest: object = {}) =>
        sse({
          id: 'c',
          object: 'chat.completion.chunk',
          created: 1,
          model: 'm',
          choices: [{ index, delta, finish_reason: null, ...rest }],
        });
      const call = (index: number, fields: object) => chunk(0, { tool_calls: [{ index, ...fields }] });
      const grow = (index: number, text: string) => call(index, { function: { arguments: text } });
      const legacy = (text: string) => chunk(1, { function_call: { arguments: text } });
      const logprobs = { content: [{ token: 'x', logprob: -0.1, bytes: [120], top_logprobs: [] }] };
      return Buffer.concat([
        chunk(0, { role: 'assistant', content: null }),
        call(0, { id: 'a', type: 'function', function: { name: 'look_up', arguments: '' } }),
        call(1, { id: 'b', type: 'function', function: { name: 'look_up', arguments: '{"q":"' } }),
        call(2, { id: 'd', type: 'custom', custom: { name: 'sql', input: '' } }),
        grow(0, '{"q":{"deep":["'),
        ...joined(texts, 'arguments', (text) => grow(0, jsonPiece(text))),
        ...joined(texts, 'parallel', (text) => grow(1, jsonPiece(text))),
        grow(0, '"]}}'),
        grow(1, '"}'),
        ...joined(texts, 'input', (input) => call(2, { custom: { input } })),
        ...joined(texts, 'refusal', (refusal) => chunk(0, { refusal })),
        chunk(0, { annotations: [{ type: 'url_citation', url_citation: { title: one(texts, 'citation') } }] }),
        chunk(0, {}, { finish_reason: 'tool_calls' }),
        chunk(1, { role: 'assistant', content: '' }),
        ...joined(texts, 'second', (content) => chunk(1, { content }, { logprobs })),
        chunk(1, { function_call: { name: 'old', arguments: '{"q":"' } }),
        ...joined(texts, 'legacy', (text) => legacy(jsonPiece(text))),
        legacy('"}'),
        chunk(1, {}, { finish_reason: 'function_call' }),
        sse({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage: { prompt_tokens: 1 } }),
        Buffer.from('data: [DONE]\n\n'),
      ]);
    },
    read(bytes) {
      const choices = jsonEvents(bytes).flatMap((chunk) => chunk.choices);
      const deltas = (index: number) => choices.filter((choice) => choice.index === index).map(({ delta }) => delta);
      const calls = (index: number) =>
        deltas(0).flatMap(({ tool_calls: all = [] }) => all.filter((call: { index: number }) => call.index === index));
      const grown = (index: number) =>
        calls(index)
          .map((call) => call.function.arguments)
          .join('');
      const [cited] = deltas(0).flatMap(({ annotations = [] }) => annotations);
      return new Map<string, string>([
        ['arguments', stringSoFar(grown(0), '{"q":{"deep":["')],
        ['parallel', stringSoFar(grown(1), '{"q":"')],
        [
          'input',
          calls(2)
            .map((call) => call.custom.input)
            .join(''),
        ],
        [
          'refusal',
          deltas(0)
            .map(({ refusal = '' }) => refusal)
            .join(''),
        ],
        [
          'second',
          deltas(1)
            .map(({ content = '' }) => content)
            .join(''),
        ],
        [
          'legacy',
          stringSoFar(
            deltas(1)
              .map((delta) => delta.function_call?.arguments ?? '')
              .join(''),
            '{"q":"',
          ),
        ],
        ['citation', cited?.url_citation.title ?? ''],
      ]);
    },
    isEnded: (bytes) =>
      isDone(bytes) &&
      jsonEvents(bytes).some(({ choices }) => choices.some((choice: { finish_reason: unknown }) => choice.finish_reason !== null)),
  },
  {
    format: 'openai-chat',
    name: 'streamed answer of Mistral and OpenRouter: thinking parts and reasoning details',
    direction: 'response',
    head: { path: '/v1/agents/completions' },
    contentType: 'text/event-stream',
    slots: [
      { name: 'thinking', lane: 'reasoning', pieces: true },
      { name: 'output', lane: 'output', pieces: true },
      { name: 'detail', lane: 'reasoning', pieces: true },
      { name: 'summary', lane: 'reasoning', pieces: true },
      { name: 'error', lane: 'output' },
    ],
    write(texts) {
      const chunk = (delta: object, rest: object = {}) =>
        sse({ id: 'c', model: 'm', choices: [{ index: 0, delta, finish_reason: null, ...rest }] });
      const detail = (fields: object) => chunk({ reasoning_details: [{ format: 'anthropic-claude-v1', ...fields }] });
      return Buffer.concat([
        ...joined(texts, 'thinking', (text) => chunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text }] }] })),
        ...joined(texts, 'output', (text) => chunk({ content: [{ type: 'text', text }] })),
        ...joined(texts, 'detail', (text) => detail({ type: 'reasoning.text', text, index: 0 })),
        ...joined(texts, 'summary', (summary) => detail({ type: 'reasoning.summary', summary, index: 1 })),
        chunk({ reasoning_details: [{ type: 'reasoning.encrypted', data: 'c2VjcmV0', index: 2 }] }),
        sse({
          id: 'c',
          error: { code: 502, message: one(texts, 'error') },
          choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }],
        }),
        Buffer.from('data: [DONE]\n\n'),
      ]);
    },
    read(bytes) {
      const chunks = jsonEvents(bytes);
      const deltas = chunks.flatMap(({ choices }) => choices).map(({ delta }) => delta);
      const parts = deltas.flatMap(({ content }) => (Array.isArray(content) ? content : []));
      const details = deltas.flatMap(({ reasoning_details: all = [] }) => all);
      return new Map([
        ['thinking', parts.flatMap(({ thinking = [] }) => thinking.map(({ text }: { text: string }) => text)).join('')],
        ['output', parts.map(({ text = '' }) => text).join('')],
        ['detail', details.map(({ text = '' }) => text).join('')],
        ['summary', details.map(({ summary = '' }) => summary).join('')],
        ['error', chunks.find(({ error }) => error !== undefined)?.error.message ?? ''],
      ]);
    },
    isEnded: (bytes) => isDone(bytes) && jsonEvents(bytes).some(({ choices }) => choices[0].finish_reason !== null),
  },
];
