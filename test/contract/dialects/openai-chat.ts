import type { DialectCase } from '../dialect-case.ts';
import { isDone, joined, jsonEvents, one, sse } from '../writing.ts';

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
];
