import type { IncomingMessage, ServerResponse } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { CohereClient, CohereClientV2, CohereError } from 'cohere-ai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../../support/gateway.ts';

const EMAIL = 'anna@example.org';
const MASK = '[REDACTED:pii.email]';
const KEY = `${'AKIA'}QZ7M3KX5TWNB2RVD`;
const PLAIN = 'The capital of France is Paris.';
const PIECES = ['Write to an', 'na@exam', 'ple.org', ' and wait.'];
const POLICY = 'version: 1\ndetectors:\n  "*": {action: redact}\n  secret.*: {action: deny}\n';
const MODEL = 'command-a-03-2025';

/** What the provider was asked, body by body. */
const asked: string[] = [];
/** Told by a client that has got something of a stream that goes wrong. */
let seen: () => void = () => {};

let gateway: Gateway;
let v1: CohereClient;
let v2: CohereClientV2;
beforeAll(async () => {
  gateway = await startGateway({ upstream: provide, profile: 'default', policy: POLICY });
  const options = { token: 'test', environment: `http://127.0.0.1:${gateway.port}`, maxRetries: 0 };
  v1 = new CohereClient(options);
  v2 = new CohereClientV2(options);
});
afterAll(() => gateway.stop());

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const events: T[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

// ---- the provider: what it answers is the last word of the question

async function provide(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = await textOf(incoming);
  asked.push(body);
  const { stream, message, messages } = JSON.parse(body);
  const question = String(message ?? messages?.at(-1).content);
  const wish = question.split(' ').at(-1)!;
  const answers = incoming.url?.startsWith('/v2') === true ? V2 : V1;
  const found = answers[`${incoming.url}${stream === true ? ' stream' : ''} ${wish}`] ?? answers[incoming.url ?? ''];
  if (stream !== true) return void outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(found));
  const asLines = answers === V1;
  outgoing.writeHead(200, { 'content-type': asLines ? 'application/stream+json' : 'text/event-stream' });
  for (const event of found as readonly Event[]) {
    outgoing.write(asLines ? `${JSON.stringify(event)}\n` : `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    if (event.pause === true) await new Promise<void>((resolve) => (seen = resolve));
  }
  outgoing.end(asLines ? '' : 'data: [DONE]\n\n');
}

interface Event {
  readonly type?: string;
  /** The provider waits for `seen` before it goes on. */
  readonly pause?: boolean;
}

const USAGE = { billed_units: { input_tokens: 3, output_tokens: 5 }, tokens: { input_tokens: 66, output_tokens: 8 } };
const START = { type: 'message-start', id: 'm1', delta: { message: { role: 'assistant', content: [], tool_calls: [], citations: [] } } };
const BEGIN = { type: 'content-start', index: 0, delta: { message: { content: { type: 'text', text: '' } } } };
const piece = (text: string) => ({ type: 'content-delta', index: 0, delta: { message: { content: { text } } } });
const message = (content: object) => ({ id: 'm1', finish_reason: 'COMPLETE', message: { role: 'assistant', ...content }, usage: USAGE });
const end = (finish_reason: string) => ({ type: 'message-end', delta: { finish_reason, usage: USAGE } });
const said = (pieces: readonly string[]) => [START, BEGIN, ...pieces.map(piece), { type: 'content-end', index: 0 }, end('COMPLETE')];
const called = (tool_calls: object, type: string) => ({ type, index: 0, delta: { message: { tool_calls } } });

const V2: Readonly<Record<string, unknown>> = {
  '/v2/chat plainly': message({ content: [{ type: 'text', text: PLAIN }] }),
  '/v2/chat contact': message({
    content: [{ type: 'text', text: PIECES.join('') }],
    citations: [{ start: 9, end: 25, text: EMAIL, sources: [{ type: 'document', id: 'd0', document: { text: PIECES.join('') } }] }],
  }),
  '/v2/chat call': message({
    tool_plan: `I ask ${EMAIL}.`,
    tool_calls: [{ id: 't1', type: 'function', function: { name: 'send', arguments: `{"to":"${EMAIL}"}` } }],
  }),
  '/v2/chat stream plainly': said(PLAIN.split(/(?<= )/)),
  '/v2/chat stream contact': said(PIECES),
  '/v2/chat stream call': [
    START,
    ...['I ask an', 'na@example', '.org.'].map((tool_plan) => ({ type: 'tool-plan-delta', delta: { message: { tool_plan } } })),
    called({ id: 't1', type: 'function', function: { name: 'send', arguments: '' } }, 'tool-call-start'),
    ...['{"to"', ': "anna@exa', 'mple.o', 'rg"}'].map((part) => called({ function: { arguments: part } }, 'tool-call-delta')),
    { type: 'tool-call-end', index: 0 },
    end('TOOL_CALL'),
  ],
  '/v2/chat stream wrong': [
    START,
    BEGIN,
    { ...piece('Here it is. '), pause: true },
    piece(`The key is ${KEY}. `),
    piece('Never seen.'),
    { type: 'content-end', index: 0 },
    end('COMPLETE'),
  ],
  '/v2/embed': { id: 'e1', embeddings: { float: [[0.0123456789, -0.5]] }, texts: ['hello'], meta: { api_version: { version: '2' } } },
  '/v2/rerank': { id: 'r1', results: [{ index: 1, relevance_score: 0.9990564212 }], meta: { billed_units: { search_units: 1 } } },
};

const META = { billed_units: { input_tokens: 3, output_tokens: 5 } };
const typed = (event_type: string, fields: object) => ({ is_finished: event_type === 'stream-end', event_type, ...fields });
const whole = (fields: object) => ({ response_id: 'r1', generation_id: 'g1', text: '', finish_reason: 'COMPLETE', meta: META, ...fields });
const told = (pieces: readonly string[]) => [
  typed('stream-start', { generation_id: 'g1' }),
  ...pieces.map((text) => typed('text-generation', { text })),
  typed('stream-end', { finish_reason: 'COMPLETE', response: whole({ text: pieces.join('') }) }),
];
const CALLS = [{ name: 'send', parameters: { to: EMAIL } }];

const V1: Readonly<Record<string, unknown>> = {
  '/v1/chat plainly': whole({ text: PLAIN }),
  '/v1/chat contact': whole({ text: PIECES.join('') }),
  '/v1/chat call': whole({ tool_calls: CALLS }),
  '/v1/chat stream plainly': told(PLAIN.split(/(?<= )/)),
  '/v1/chat stream contact': told(PIECES),
  '/v1/chat stream call': [
    typed('stream-start', { generation_id: 'g1' }),
    typed('tool-calls-chunk', { tool_call_delta: { index: 0, name: 'send' } }),
    ...['{"to": "anna', '@example.org"}'].map((parameters) => typed('tool-calls-chunk', { tool_call_delta: { index: 0, parameters } })),
    typed('tool-calls-generation', { tool_calls: CALLS }),
    typed('stream-end', { finish_reason: 'COMPLETE', response: whole({ tool_calls: CALLS }) }),
  ],
  '/v1/chat stream wrong': [
    typed('stream-start', { generation_id: 'g1' }),
    { ...typed('text-generation', { text: 'Here it is. ' }), pause: true },
    typed('text-generation', { text: `The key is ${KEY}. ` }),
    typed('text-generation', { text: 'Never seen.' }),
    typed('stream-end', { finish_reason: 'COMPLETE', response: whole({ text: `Here it is. The key is ${KEY}. Never seen.` }) }),
  ],
};

const REDACTED = `Write to ${MASK} and wait.`;

describe('the client of v2', () => {
  const ask = (wish: string) => ({ model: MODEL, messages: [{ role: 'user' as const, content: `Answer ${wish}` }] });
  const answered = async (wish: string) => (await v2.chat(ask(wish))).message;
  const streamed = async (wish: string) => all(await v2.chatStream(ask(wish)));
  const textIn = (events: Awaited<ReturnType<typeof streamed>>) =>
    events.map((event) => (event.type === 'content-delta' ? (event.delta?.message?.content?.text ?? '') : '')).join('');

  test('gets a harmless answer unchanged, whole and streamed', async () => {
    expect((await answered('plainly')).content).toEqual([{ type: 'text', text: PLAIN }]);
    const events = await streamed('plainly');
    expect(textIn(events)).toBe(PLAIN);
    expect(events.at(-1)).toMatchObject({
      type: 'message-end',
      delta: { finishReason: 'COMPLETE', usage: { tokens: { outputTokens: 8 } } },
    });
  });

  test('gets an answer redacted, whole and streamed alike, its citations too', async () => {
    const { content, citations } = await answered('contact');
    expect(content).toEqual([{ type: 'text', text: REDACTED }]);
    expect(citations).toMatchObject([{ text: MASK, sources: [{ document: { text: REDACTED } }] }]);
    expect(textIn(await streamed('contact'))).toBe(REDACTED);
  });

  test('gets tool calls with redacted arguments, whole and streamed', async () => {
    const { toolPlan, toolCalls } = await answered('call');
    expect([toolPlan, JSON.parse(toolCalls![0]!.function!.arguments!)]).toEqual([`I ask ${MASK}.`, { to: MASK }]);
    const events = await streamed('call');
    const plan = events.map((event) => (event.type === 'tool-plan-delta' ? event.delta?.message?.toolPlan : '')).join('');
    const parts = events.map((event) => (event.type === 'tool-call-delta' ? event.delta?.message?.toolCalls?.function?.arguments : ''));
    expect([plan, JSON.parse(parts.join(''))]).toEqual([`I ask ${MASK}.`, { to: MASK }]);
    expect(events.flatMap((event) => (event.type === 'tool-call-start' ? [event.delta?.message?.toolCalls?.function?.name] : []))).toEqual([
      'send',
    ]);
  });

  test('has its question, history and documents redacted before the provider sees them', async () => {
    await v2.chat({
      model: MODEL,
      messages: [
        { role: 'assistant', toolCalls: [{ id: 't', type: 'function', function: { name: 'f', arguments: `{"a":"${EMAIL}"}` } }] },
        { role: 'tool', toolCallId: 't', content: [{ type: 'document', document: { data: { text: EMAIL } } }] },
        { role: 'user', content: `I am ${EMAIL}, answer plainly` },
      ],
      documents: [`${EMAIL} wrote this`, { data: { from: EMAIL } }],
    });
    expect(asked.at(-1)).not.toContain(EMAIL);
    expect(asked.at(-1)?.split(MASK)).toHaveLength(6);
  });

  test('takes a denial for its own error', async () => {
    const error: unknown = await v2.chat(ask(`with ${KEY}`)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CohereError);
    expect(error).toMatchObject({ name: 'ForbiddenError', statusCode: 403, body: { message: expect.stringContaining('policy') } });
    const streamError: unknown = await v2.chatStream(ask(`with ${KEY}`)).catch((caught: unknown) => caught);
    expect(streamError).toMatchObject({ statusCode: 403 });
  });

  test('ends normally where a stream is ended early, with the reason ERROR', async () => {
    const events = [];
    for await (const event of await v2.chatStream(ask('wrong'))) {
      events.push(event);
      seen();
    }
    expect(textIn(events)).not.toContain(KEY);
    expect(textIn(events).startsWith('Here it is. ')).toBe(true);
    expect(events.slice(-2)).toMatchObject([
      { type: 'content-end', index: 0 },
      { type: 'message-end', delta: { finishReason: 'ERROR' } },
    ]);
  });

  test('gets vectors and ranks unchanged', async () => {
    const { embeddings } = await v2.embed({ model: 'embed-v4.0', inputType: 'search_query', embeddingTypes: ['float'], texts: ['hello'] });
    expect(embeddings.float).toEqual([[0.0123456789, -0.5]]);
    const { results } = await v2.rerank({ model: 'rerank-v3.5', query: EMAIL, documents: ['a', EMAIL] });
    expect(results).toEqual([{ index: 1, relevanceScore: 0.9990564212 }]);
    expect(asked.at(-1)).not.toContain(EMAIL);
  });
});

describe('the client of v1', () => {
  const ask = (wish: string) => ({ message: `Answer ${wish}` });
  const streamed = async (wish: string) => all(await v1.chatStream(ask(wish)));
  const textIn = (events: Awaited<ReturnType<typeof streamed>>) =>
    events.map((event) => (event.eventType === 'text-generation' ? event.text : '')).join('');

  test('gets a harmless answer unchanged, whole and streamed', async () => {
    expect((await v1.chat(ask('plainly'))).text).toBe(PLAIN);
    const events = await streamed('plainly');
    expect(textIn(events)).toBe(PLAIN);
    expect(events.at(-1)).toMatchObject({ eventType: 'stream-end', finishReason: 'COMPLETE', response: { text: PLAIN } });
  });

  test('gets an answer redacted, whole, streamed and repeated at the end alike', async () => {
    expect((await v1.chat(ask('contact'))).text).toBe(REDACTED);
    const events = await streamed('contact');
    expect(textIn(events)).toBe(REDACTED);
    expect(events.at(-1)).toMatchObject({ response: { text: REDACTED } });
  });

  test('gets tool calls with redacted parameters, whole and streamed', async () => {
    expect((await v1.chat(ask('call'))).toolCalls).toEqual([{ name: 'send', parameters: { to: MASK } }]);
    const events = await streamed('call');
    const parts = events.map((event) => (event.eventType === 'tool-calls-chunk' ? (event.toolCallDelta.parameters ?? '') : ''));
    expect(JSON.parse(parts.join(''))).toEqual({ to: MASK });
    expect(events.at(-1)).toMatchObject({ response: { toolCalls: [{ name: 'send', parameters: { to: MASK } }] } });
  });

  test('has its history, documents and tool results redacted before the provider sees them', async () => {
    const call = { name: 'f', parameters: { a: EMAIL } };
    await v1.chat({
      ...ask('plainly'),
      preamble: `Be kind to ${EMAIL}`,
      chatHistory: [{ role: 'CHATBOT', message: `Hello ${EMAIL}` }],
      documents: [{ text: EMAIL }],
      toolResults: [{ call, outputs: [{ found: EMAIL }] }],
    });
    expect(asked.at(-1)).not.toContain(EMAIL);
    expect(asked.at(-1)?.split(MASK)).toHaveLength(6);
  });

  test('takes a denial for its own error', async () => {
    const error: unknown = await v1.chat(ask(`with ${KEY}`)).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'ForbiddenError', statusCode: 403, body: { message: expect.stringContaining('policy') } });
  });

  test('ends normally where a stream is ended early, with the reason ERROR_TOXIC', async () => {
    const events = [];
    for await (const event of await v1.chatStream(ask('wrong'))) {
      events.push(event);
      seen();
    }
    expect(textIn(events)).not.toContain(KEY);
    expect(textIn(events).startsWith('Here it is. ')).toBe(true);
    expect(events.at(-1)).toMatchObject({ eventType: 'stream-end', finishReason: 'ERROR_TOXIC', response: { text: '' } });
  });
});
