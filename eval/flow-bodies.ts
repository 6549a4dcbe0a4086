import type { FlowCase } from './flow-case.ts';

/** One exchange that carries a conversation, as one dialect writes it. */
export interface FlowBodies {
  readonly path: string;
  readonly request: Buffer;
  readonly response: Buffer;
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** A conversation in each of these dialects: the request has its history, the answer the call that is judged. */
export const FLOW_DIALECTS = {
  'openai-chat': ({ user, turns, call }) => ({
    path: '/v1/chat/completions',
    request: json({
      model: 'm',
      messages: [
        { role: 'user', content: user },
        ...turns.flatMap(({ name, args, result }, i) => [
          { role: 'assistant', content: null, tool_calls: [chatCall(`call_${i}`, name, args)] },
          { role: 'tool', tool_call_id: `call_${i}`, content: result },
        ]),
      ],
    }),
    response: json({
      id: 'r',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [
        {
          index: 0,
          finish_reason: 'tool_calls',
          message: { role: 'assistant', content: null, tool_calls: [chatCall('call_x', call.name, call.args)] },
        },
      ],
    }),
  }),
  'openai-responses': ({ user, turns, call }) => ({
    path: '/v1/responses',
    request: json({
      model: 'm',
      input: [
        { role: 'user', content: user },
        ...turns.flatMap(({ name, args, result }, i) => [
          functionCall(`call_${i}`, name, args),
          { type: 'function_call_output', call_id: `call_${i}`, output: result },
        ]),
      ],
    }),
    response: json({ id: 'r', object: 'response', status: 'completed', output: [functionCall('call_x', call.name, call.args)] }),
  }),
  'anthropic-messages': ({ user, turns, call }) => ({
    path: '/v1/messages',
    request: json({
      model: 'm',
      max_tokens: 100,
      messages: [
        { role: 'user', content: user },
        ...turns.flatMap(({ name, args, result }, i) => [
          { role: 'assistant', content: [{ type: 'tool_use', id: `toolu_${i}`, name, input: args }] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: `toolu_${i}`, content: [{ type: 'text', text: result }] }] },
        ]),
      ],
    }),
    response: json({
      id: 'msg',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [{ type: 'tool_use', id: 'toolu_x', name: call.name, input: call.args }],
      stop_reason: 'tool_use',
    }),
  }),
  gemini: ({ user, turns, call }) => ({
    path: '/v1beta/models/m:generateContent',
    request: json({
      contents: [
        { role: 'user', parts: [{ text: user }] },
        ...turns.flatMap(({ name, args, result }) => [
          { role: 'model', parts: [{ functionCall: { name, args } }] },
          { role: 'user', parts: [{ functionResponse: { name, response: { output: result } } }] },
        ]),
      ],
    }),
    response: json({
      candidates: [{ index: 0, content: { role: 'model', parts: [{ functionCall: { name: call.name, args: call.args } }] } }],
    }),
  }),
} as const satisfies Record<string, (flow: FlowCase) => FlowBodies>;

export type FlowDialect = keyof typeof FLOW_DIALECTS;

type Arguments = Readonly<Record<string, unknown>>;

function chatCall(id: string, name: string, args: Arguments) {
  return { id, type: 'function', function: { name, arguments: JSON.stringify(args) } };
}

function functionCall(id: string, name: string, args: Arguments) {
  return { type: 'function_call', id: `fc_${id}`, call_id: id, name, arguments: JSON.stringify(args) };
}
