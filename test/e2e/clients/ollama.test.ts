import type { IncomingMessage, ServerResponse } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { type ChatResponse, type GenerateResponse, Ollama } from 'ollama';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../../support/gateway.ts';

const EMAIL = 'anna@example.org';
const MASK = '[REDACTED:pii.email]';
const KEY = `${'AKIA'}QZ7M3KX5TWNB2RVD`;
const PLAIN = 'The sky is blue because of Rayleigh scattering.';
const PIECES = ['Write to an', 'na@exam', 'ple.org', ' and wait.'];
const REDACTED = `Write to ${MASK} and wait.`;
const POLICY = 'version: 1\ndetectors:\n  "*": {action: redact}\n  secret.*: {action: deny}\n';

/** What the provider was asked, body by body. */
const asked: string[] = [];
/** Told by a client that has got something of a stream that goes wrong. */
let seen: () => void = () => {};

let gateway: Gateway;
let ollama: Ollama;
beforeAll(async () => {
  gateway = await startGateway({ upstream: provide, profile: 'default', policy: POLICY });
  ollama = new Ollama({ host: `http://127.0.0.1:${gateway.port}` });
});
afterAll(() => gateway.stop());

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const events: T[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

// ---- the provider: what it answers is the last word of the question

interface Line {
  /** The provider waits for `seen` before it goes on. */
  readonly pause?: boolean;
  readonly [field: string]: unknown;
}

async function provide(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = await textOf(incoming);
  asked.push(body);
  const { stream, prompt, messages } = body === '' ? {} : JSON.parse(body);
  const wish = String(prompt ?? messages?.at(-1).content)
    .split(' ')
    .at(-1)!;
  const found = ANSWERS[`${incoming.url} ${wish}`] ?? ANSWERS[incoming.url ?? ''] ?? [];
  outgoing.writeHead(200, { 'content-type': stream === true ? 'application/x-ndjson' : 'application/json; charset=utf-8' });
  for (const line of found) {
    outgoing.write(`${JSON.stringify(line)}\n`);
    if (line.pause === true) await new Promise<void>((resolve) => (seen = resolve));
  }
  outgoing.end();
}

const HEAD = { model: 'qwen3', created_at: '2026-01-02T03:04:05.678901234Z' };
const END = { done: true, done_reason: 'stop', total_duration: 4883583458, prompt_eval_count: 26, eval_count: 282 };
const said = (message: object, rest: object = { done: false }): Line => ({
  ...HEAD,
  message: { role: 'assistant', content: '', ...message },
  ...rest,
});
const went = (response: string, rest: object = { done: false }): Line => ({ ...HEAD, response, ...rest });
const call = { tool_calls: [{ function: { name: 'send', arguments: { to: EMAIL } } }] };

const ANSWERS: Readonly<Record<string, readonly Line[]>> = {
  '/api/chat plainly': [said({ content: PLAIN }, END)],
  '/api/chat contact': [said({ content: PIECES.join(''), thinking: `Who is ${EMAIL}?` }, END)],
  '/api/chat call': [said(call, END)],
  '/api/chat plainly-streamed': [...PLAIN.split(/(?<= )/).map((content) => said({ content })), said({}, END)],
  '/api/chat contact-streamed': [
    ...['Who is anna', '@example.org?'].map((thinking) => said({ thinking })),
    ...PIECES.map((content) => said({ content })),
    said(call),
    said({}, END),
  ],
  '/api/chat wrong': [
    { ...said({ content: 'Here it is. ' }), pause: true },
    said({ content: `The key is ${KEY}. ` }),
    said({ content: 'Never seen.' }),
    said({}, END),
  ],
  '/api/generate contact': [went(PIECES.join(''), { ...END, context: [1, 2, 3] })],
  '/api/generate contact-streamed': [...PIECES.map((response) => went(response)), went('', { ...END, context: [1, 2, 3] })],
  '/api/generate wrong': [{ ...went('Here it is. '), pause: true }, went(`The key is ${KEY}. `), went('Never seen.'), went('', END)],
  '/api/embed': [{ model: 'all-minilm', embeddings: [[0.0123456789, -0.5]], total_duration: 14143917, prompt_eval_count: 8 }],
  '/api/tags': [{ models: [{ name: 'qwen3:latest', size: 3338801804, digest: 'sha256:a2af6cc3', details: { family: 'qwen3' } }] }],
};

const ask = (wish: string) => ({ model: 'qwen3', messages: [{ role: 'user', content: `Answer ${wish}` }] });
const contentOf = (lines: readonly ChatResponse[]): string => lines.map(({ message }) => message.content).join('');

test('gets a harmless answer unchanged, whole and streamed', async () => {
  expect(await ollama.chat(ask('plainly'))).toEqual(ANSWERS['/api/chat plainly']![0]);
  const lines = await all(await ollama.chat({ ...ask('plainly-streamed'), stream: true }));
  expect(lines).toEqual(ANSWERS['/api/chat plainly-streamed']);
});

test('gets an answer redacted, whole and streamed alike, thoughts and tool calls too', async () => {
  const { message } = await ollama.chat(ask('contact'));
  expect([message.content, message.thinking]).toEqual([REDACTED, `Who is ${MASK}?`]);
  const lines = await all(await ollama.chat({ ...ask('contact-streamed'), stream: true }));
  expect(contentOf(lines)).toBe(REDACTED);
  expect(lines.map((line) => line.message.thinking ?? '').join('')).toBe(`Who is ${MASK}?`);
  expect(lines.flatMap((line) => line.message.tool_calls ?? [])).toEqual([{ function: { name: 'send', arguments: { to: MASK } } }]);
  expect(lines.at(-1)).toMatchObject({ done: true, done_reason: 'stop', eval_count: 282 });
});

test('gets a tool call with redacted arguments', async () => {
  const tool = { type: 'function', function: { name: 'send', parameters: { type: 'object', properties: { to: { type: 'string' } } } } };
  const { message } = await ollama.chat({ ...ask('call'), tools: [tool] });
  expect(message.tool_calls).toEqual([{ function: { name: 'send', arguments: { to: MASK } } }]);
});

test('gets completions redacted, whole and streamed alike', async () => {
  const body = { model: 'codellama', system: `You are of ${EMAIL}`, suffix: EMAIL };
  const { response, context } = await ollama.generate({ ...body, prompt: 'Answer contact' });
  expect([response, context]).toEqual([REDACTED, [1, 2, 3]]);
  expect(asked.at(-1)).not.toContain(EMAIL);
  const lines = await all(await ollama.generate({ ...body, prompt: 'Answer contact-streamed', stream: true }));
  expect(lines.map((line) => line.response).join('')).toBe(REDACTED);
});

test('has its history, tool results and options redacted before the provider sees them', async () => {
  await ollama.chat({
    model: 'qwen3',
    messages: [
      { role: 'system', content: `You are of ${EMAIL}` },
      { role: 'assistant', content: '', tool_calls: [{ function: { name: 'f', arguments: { a: EMAIL } } }] },
      { role: 'tool', tool_name: 'f', content: EMAIL },
      { role: 'user', content: `I am ${EMAIL}, answer plainly`, images: ['iVBORw0KGgo='] },
    ],
    options: { stop: [EMAIL] },
  });
  expect(asked.at(-1)).not.toContain(EMAIL);
  expect(asked.at(-1)?.split(MASK)).toHaveLength(6);
});

test('takes a denial for its own error', async () => {
  const denied = { name: 'ResponseError', status_code: 403, error: expect.stringContaining('policy') };
  expect(await ollama.chat(ask(`with ${KEY}`)).catch((caught: unknown) => caught)).toMatchObject(denied);
  expect(await ollama.chat({ ...ask(`with ${KEY}`), stream: true }).catch((caught: unknown) => caught)).toMatchObject(denied);
});

test('ends normally where a chat or a completion is ended early', async () => {
  const lines: ChatResponse[] = [];
  for await (const line of await ollama.chat({ ...ask('wrong'), stream: true })) {
    lines.push(line);
    seen();
  }
  expect(contentOf(lines)).not.toContain(KEY);
  expect(contentOf(lines).startsWith('Here it is. ')).toBe(true);
  expect(lines.at(-1)).toMatchObject({ model: 'qwen3', done: true, done_reason: 'content_filter' });
  const completed: GenerateResponse[] = [];
  for await (const line of await ollama.generate({ model: 'codellama', prompt: 'Answer wrong', stream: true })) {
    completed.push(line);
    seen();
  }
  expect(completed.map((line) => line.response).join('')).not.toContain(KEY);
  expect(completed.at(-1)).toMatchObject({ response: '', done: true, done_reason: 'content_filter' });
});

test('gets vectors and the list of models unchanged', async () => {
  expect(await ollama.embed({ model: 'all-minilm', input: EMAIL })).toEqual(ANSWERS['/api/embed']![0]);
  expect(asked.at(-1)).not.toContain(EMAIL);
  expect(await ollama.list()).toEqual(ANSWERS['/api/tags']![0]);
});
