import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { message, messageEvents } from './anthropic.ts';
import { accountView, CUSTOMERS } from './bank.ts';
import { type Dialogue, readAnthropic, readOpenAi, replyTo } from './dialogue.ts';
import { type AnswerStamp, chatCompletion, chatCompletionEvents } from './openai.ts';

/** Largest request the stand-in reads, in bytes; larger ones get 413. */
const REQUEST_BYTES_MAX = 16 * 1024 * 1024;

export interface ProviderOptions {
  /** Pause between two streamed tokens, in milliseconds; default 5. */
  readonly tokenMs?: number;
}

/**
 * The stand-in provider: an HTTP server that speaks OpenAI chat completions and Anthropic messages as the careless assistant of a bank,
 * with the bank's own API beside it: declared (`/accounts/{id}`) and forgotten (`/internal/dev/accounts`). Not yet listening.
 */
export function createProvider({ tokenMs = 5 }: ProviderOptions = {}): Server {
  return createServer((request, response) => {
    answer({ request, response, tokenMs }).catch((error: unknown) => {
      // A client that left in the middle of a stream ends here too; there is nobody to tell.
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
}

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly tokenMs: number;
}

async function answer(call: Call): Promise<void> {
  const { request, response } = call;
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const route = `${request.method} ${path}`;
  if (route === 'POST /v1/chat/completions') return chat(call);
  if (route === 'POST /v1/messages') return messages(call);
  request.resume();
  if (route === 'GET /v1/models') return json(response, 200, modelList());
  if (route === 'GET /internal/dev/accounts') return json(response, 200, { environment: 'dev', accounts: CUSTOMERS });
  if (request.method === 'GET' && path.startsWith('/accounts/')) return account(response, path.slice('/accounts/'.length));
  return json(response, 404, { error: { message: 'no such endpoint', type: 'invalid_request_error', param: null, code: 'not_found' } });
}

async function chat({ request, response, tokenMs }: Call): Promise<void> {
  const dialogue = await readDialogue(request, readOpenAi);
  if (dialogue === undefined) {
    return json(response, 400, { error: { message: 'the body is not JSON', type: 'invalid_request_error', param: null, code: null } });
  }
  const stamp = newStamp();
  const headers = { 'openai-version': '2020-10-01', 'openai-processing-ms': '42', 'x-request-id': `req_${stamp.id}` };
  const reply = replyTo(dialogue);
  if (!dialogue.stream) return json(response, 200, chatCompletion(dialogue, reply, stamp), headers);
  const events = chatCompletionEvents(dialogue, reply, stamp);
  return stream({ response, tokenMs, headers, events: events.map((data) => `data: ${data}\n\n`) });
}

async function messages({ request, response, tokenMs }: Call): Promise<void> {
  const dialogue = await readDialogue(request, readAnthropic);
  if (dialogue === undefined) {
    return json(response, 400, { type: 'error', error: { type: 'invalid_request_error', message: 'the body is not JSON' } });
  }
  const stamp = newStamp();
  const headers = { 'request-id': `req_${stamp.id}`, 'anthropic-organization-id': 'sample-bank' };
  const reply = replyTo(dialogue);
  if (!dialogue.stream) return json(response, 200, message(dialogue, reply, stamp), headers);
  const events = messageEvents(dialogue, reply, stamp);
  return stream({ response, tokenMs, headers, events: events.map(({ event, data }) => `event: ${event}\ndata: ${data}\n\n`) });
}

function account(response: ServerResponse, id: string): void {
  const customer = CUSTOMERS.find((one) => one.id === id);
  if (customer === undefined) json(response, 404, { error: 'no such account' });
  else json(response, 200, accountView(customer));
}

function modelList() {
  const data = ['penny-1', 'gpt-5-mini', 'claude-sonnet-4-5'].map((id) => ({
    id,
    object: 'model',
    created: 1_760_000_000,
    owned_by: 'sample-bank',
  }));
  return { object: 'list', data };
}

async function readDialogue(request: IncomingMessage, read: (body: unknown) => Dialogue): Promise<Dialogue | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > REQUEST_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  const body = parseJson(Buffer.concat(chunks).toString('utf8'));
  return body === undefined ? undefined : read(body);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function json(response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length, ...headers });
  response.end(body);
}

interface StreamedAnswer {
  readonly response: ServerResponse;
  readonly tokenMs: number;
  readonly headers: Record<string, string>;
  readonly events: Iterable<string>;
}

async function stream({ response, tokenMs, headers, events }: StreamedAnswer): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache', ...headers });
  for (const event of events) {
    if (response.destroyed) return;
    response.write(event);
    if (tokenMs > 0) await delay(tokenMs);
  }
  response.end();
}

function newStamp(): AnswerStamp {
  return { id: randomBytes(12).toString('hex'), unixSeconds: Math.floor(Date.now() / 1000) };
}
