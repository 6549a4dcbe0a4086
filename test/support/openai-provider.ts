import type { IncomingMessage, ServerResponse } from 'node:http';
import { text as textOf } from 'node:stream/consumers';

/** What is in the answers of the stand-in, and what redaction makes of it. */
export const EMAIL = 'anna@example.org';
export const MASK = '[REDACTED:pii.email]';
/** Split, so that no file has it as a whole. */
export const KEY = `${'AKIA'}QZ7M3KX5TWNB2RVD`;
export const PLAIN = 'The capital of France is Paris.';
const PIECES = ['Write to an', 'na@exam', 'ple.org', ' and wait.'];
export const REDACTED = `Write to ${MASK} and wait.`;
/** Redacts everything, and denies secrets. */
export const POLICY = 'version: 1\ndetectors:\n  "*": {action: redact}\n  secret.*: {action: deny}\n';

/** A stand-in for OpenAI that answers what the last word of the question wishes. */
export interface OpenaiProvider {
  readonly answer: (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;
  /** What it was asked, body by body. */
  readonly asked: string[];
  /** A client has got something of a stream that goes wrong: it may go on. */
  readonly seen: () => void;
}

/**
 * Speaks chat completions, Responses, legacy completions, embeddings, moderations, images and transcriptions. Wishes: `plainly`,
 * `contact`, `call`, `shape`, `refuse`, and `wrong` for a stream that pauses after its first text until `seen`, then says a secret.
 */
export function createOpenaiProvider(): OpenaiProvider {
  const asked: string[] = [];
  let go: () => void = () => {};

  async function stream(outgoing: ServerResponse, events: readonly StreamEvent[]): Promise<void> {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const { payload, pause } of events) {
      const { type } = payload as { readonly type?: string };
      outgoing.write(`${type === undefined ? '' : `event: ${type}\n`}data: ${JSON.stringify(payload)}\n\n`);
      if (pause === true) await new Promise<void>((resolve) => (go = resolve));
    }
  }

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await textOf(incoming);
    asked.push(body);
    const path = incoming.url!.split('?')[0]!;
    const streams = body.includes('"stream":true') || body.includes('name="stream"\r\n\r\ntrue');
    const wish = WISHES.find((name) => body.includes(`Answer ${name}`)) ?? 'plainly';
    if (!streams) {
      outgoing.writeHead(200, { 'content-type': 'application/json', 'x-request-id': 'req_1' }).end(JSON.stringify(wholeAnswer(path, wish)));
      return;
    }
    await stream(outgoing, streamedAnswer(path, wish));
    outgoing.end(path.endsWith('/completions') ? 'data: [DONE]\n\n' : '');
  }

  return { answer, asked, seen: () => go() };
}

interface StreamEvent {
  readonly payload: object;
  /** It waits for `seen` before it goes on. */
  readonly pause?: boolean;
}

const WISHES = ['plainly', 'contact', 'call', 'shape', 'refuse', 'wrong'] as const;
type Wish = (typeof WISHES)[number];

const WRONG = ['Here it is. ', `The key is ${KEY}. `, 'Never seen.'];
const TEXTS: Readonly<Record<Wish, readonly string[]>> = {
  plainly: PLAIN.split(/(?<= )/),
  contact: PIECES,
  call: [],
  shape: ['{"to":', `"${EMAIL.slice(0, 7)}`, `${EMAIL.slice(7)}","n":`, '3}'],
  refuse: [],
  wrong: WRONG,
};
const ARGUMENTS = ['{"to"', ':"anna@exa', 'mple.o', 'rg"}'];
const REFUSAL = ['I cannot tell ', 'anna@', 'example.org that.'];

function wholeAnswer(path: string, wish: Wish): object {
  if (path.endsWith('/chat/completions')) return chat(wish);
  if (path.endsWith('/responses')) return response({ status: 'completed', output: items(wish) });
  if (path.endsWith('/completions'))
    return { ...CHUNK, object: 'text_completion', choices: [{ index: 0, text: TEXTS[wish].join(''), finish_reason: 'stop' }] };
  if (path.endsWith('/embeddings'))
    return { object: 'list', model: 'm', data: [{ object: 'embedding', index: 0, embedding: 'zczMPQ==' }], usage: USAGE };
  if (path.endsWith('/moderations'))
    return { id: 'modr-1', model: 'm', results: [{ flagged: false, categories: {}, category_scores: { hate: 0.0012345678901 } }] };
  if (path.endsWith('/images/generations'))
    return { created: 1, data: [{ b64_json: 'iVBORw0KGgo=', revised_prompt: TEXTS[wish].join('') }] };
  return { text: TEXTS[wish].join('') };
}

function streamedAnswer(path: string, wish: Wish): readonly StreamEvent[] {
  if (path.endsWith('/chat/completions')) return chatStream(wish);
  if (path.endsWith('/responses')) return responseStream(wish);
  if (path.endsWith('/completions')) {
    const chunk = (text: string, finish_reason: string | null) => ({
      ...CHUNK,
      object: 'text_completion',
      choices: [{ index: 0, text, finish_reason }],
    });
    return [
      ...paused(
        TEXTS[wish].map((text) => chunk(text, null)),
        wish,
      ),
      { payload: chunk('', 'stop') },
    ];
  }
  const deltas = TEXTS[wish].map((delta) => ({ type: 'transcript.text.delta', delta }));
  return [...paused(deltas, wish), { payload: { type: 'transcript.text.done', text: TEXTS[wish].join('') } }];
}

/** Events of a text; after the first of one that goes wrong there is a pause. */
const paused = (payloads: readonly object[], wish: Wish): readonly StreamEvent[] =>
  payloads.map((payload, i) => ({ payload, pause: wish === 'wrong' && i === 0 }));

// ---- chat completions

const USAGE = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
const CHUNK = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'gpt-5-mini' };

function chat(wish: Wish): object {
  const tool_calls = [{ id: 'call_1', type: 'function', function: { name: 'send', arguments: ARGUMENTS.join('') } }];
  const content = TEXTS[wish].join('') || null;
  const message = {
    role: 'assistant',
    content,
    refusal: wish === 'refuse' ? REFUSAL.join('') : null,
    ...(wish === 'call' ? { tool_calls } : {}),
  };
  const finish_reason = wish === 'call' ? 'tool_calls' : 'stop';
  return { ...CHUNK, object: 'chat.completion', choices: [{ index: 0, message, logprobs: null, finish_reason }], usage: USAGE };
}

function chatStream(wish: Wish): readonly StreamEvent[] {
  const chunk = (delta: object, finish_reason: string | null = null) => ({ ...CHUNK, choices: [{ index: 0, delta, finish_reason }] });
  const call = (fields: object) => chunk({ tool_calls: [{ index: 0, ...fields }] });
  const calls = [
    call({ id: 'call_1', type: 'function', function: { name: 'send', arguments: '' } }),
    ...ARGUMENTS.map((text) => call({ function: { arguments: text } })),
  ];
  return [
    { payload: chunk({ role: 'assistant', content: '' }) },
    ...paused(
      TEXTS[wish].map((content) => chunk({ content })),
      wish,
    ),
    ...(wish === 'refuse' ? REFUSAL : []).map((refusal) => ({ payload: chunk({ refusal }) })),
    ...(wish === 'call' ? calls : []).map((payload) => ({ payload })),
    { payload: chunk({}, wish === 'call' ? 'tool_calls' : 'stop') },
    { payload: { ...CHUNK, choices: [], usage: USAGE } },
  ];
}

// ---- Responses

const RESPONSE = {
  id: 'resp_1',
  object: 'response',
  created_at: 1_700_000_000,
  model: 'gpt-5-mini',
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  parallel_tool_calls: true,
  temperature: 1,
  tool_choice: 'auto',
  tools: [],
  top_p: 1,
};

const response = (fields: object) => ({
  ...RESPONSE,
  usage: {
    input_tokens: 1,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 2,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 3,
  },
  ...fields,
});

const CALL = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'send', status: 'completed', arguments: ARGUMENTS.join('') };
const MESSAGE = { type: 'message', id: 'msg_1', role: 'assistant' };

function part(wish: Wish): object {
  if (wish === 'refuse') return { type: 'refusal', refusal: REFUSAL.join('') };
  return { type: 'output_text', text: TEXTS[wish].join(''), annotations: [], logprobs: [] };
}

const items = (wish: Wish): readonly object[] => (wish === 'call' ? [CALL] : [{ ...MESSAGE, status: 'completed', content: [part(wish)] }]);

function responseStream(wish: Wish): readonly StreamEvent[] {
  const body = wish === 'call' ? callEvents() : messageEvents(wish);
  const events: readonly StreamEvent[] = [
    { payload: { type: 'response.created', response: { ...RESPONSE, status: 'in_progress', output: [] } } },
    { payload: { type: 'response.in_progress', response: { ...RESPONSE, status: 'in_progress', output: [] } } },
    ...body,
    { payload: { type: 'response.completed', response: response({ status: 'completed', output: items(wish) }) } },
  ];
  return events.map(({ payload, ...rest }, sequence_number) => ({ payload: { ...payload, sequence_number }, ...rest }));
}

function messageEvents(wish: Wish): readonly StreamEvent[] {
  const at = { item_id: 'msg_1', output_index: 0, content_index: 0 };
  const text = TEXTS[wish].map((delta) => ({ type: 'response.output_text.delta', ...at, delta, logprobs: [] }));
  const refusal = REFUSAL.map((delta) => ({ type: 'response.refusal.delta', ...at, delta }));
  const done =
    wish === 'refuse'
      ? { type: 'response.refusal.done', ...at, refusal: REFUSAL.join('') }
      : { type: 'response.output_text.done', ...at, text: TEXTS[wish].join(''), logprobs: [] };
  const empty = wish === 'refuse' ? { type: 'refusal', refusal: '' } : { type: 'output_text', text: '', annotations: [], logprobs: [] };
  return [
    { payload: { type: 'response.output_item.added', output_index: 0, item: { ...MESSAGE, status: 'in_progress', content: [] } } },
    { payload: { type: 'response.content_part.added', ...at, part: empty } },
    ...paused(wish === 'refuse' ? refusal : text, wish),
    { payload: done },
    { payload: { type: 'response.content_part.done', ...at, part: part(wish) } },
    { payload: { type: 'response.output_item.done', output_index: 0, item: items(wish)[0] } },
  ];
}

function callEvents(): readonly StreamEvent[] {
  const at = { item_id: 'fc_1', output_index: 0 };
  const deltas = ARGUMENTS.map((delta) => ({ payload: { type: 'response.function_call_arguments.delta', ...at, delta } }));
  return [
    { payload: { type: 'response.output_item.added', output_index: 0, item: { ...CALL, status: 'in_progress', arguments: '' } } },
    ...deltas,
    { payload: { type: 'response.function_call_arguments.done', ...at, name: 'send', arguments: CALL.arguments } },
    { payload: { type: 'response.output_item.done', output_index: 0, item: CALL } },
  ];
}
