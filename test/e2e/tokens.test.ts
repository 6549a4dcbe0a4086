import type { IncomingMessage, ServerResponse } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { tokensIn } from '../support/token-exchange.ts';

const EMAIL = 'anna@example.org';
const POLICY = 'version: 1\nmode: enforce\ndetectors:\n  pii.email: {action: tokenize}\n';

const asked: string[] = [];
let gateway: Gateway;
let client: OpenAI;
beforeAll(async () => {
  gateway = await startGateway({ upstream: answer, profile: 'default', policy: POLICY });
  client = new OpenAI({ baseURL: `http://127.0.0.1:${gateway.port}/v1`, apiKey: 'test', maxRetries: 0 });
});
afterAll(() => gateway.stop());

/** Says the token it was given, in lower case and bold, and calls two tools with it, three letters an event. */
async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = await textOf(incoming);
  asked.push(body);
  const [token = ''] = tokensIn(body);
  outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
  const say = (delta: object, finish: string | null = null): void => {
    const chunk = {
      id: 'c',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'm',
      choices: [{ index: 0, delta, finish_reason: finish }],
    };
    outgoing.write(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  say({ role: 'assistant', content: '' });
  for (const content of inThrees(`Dear **${token.toLowerCase()}**, see https://x.example/?q=${token} now.`)) say({ content });
  for (const [index, name] of ['find_customer', 'send_email'].entries()) {
    say({ tool_calls: [{ index, id: `call_${index}`, type: 'function', function: { name, arguments: '' } }] });
    for (const part of inThrees(JSON.stringify({ to: token }))) say({ tool_calls: [{ index, function: { arguments: part } }] });
  }
  say({}, 'tool_calls');
  outgoing.end('data: [DONE]\n\n');
}

const inThrees = (text: string): readonly string[] => text.match(/.{1,3}/gs) ?? [];

test('the OpenAI client gets the value while the answer streams; the provider, links and a tool that sends get the token', async () => {
  const stream = client.chat.completions.stream({ model: 'm', messages: [{ role: 'user', content: `I am ${EMAIL}.` }] });
  const [choice] = (await stream.finalChatCompletion()).choices;
  const [token] = tokensIn(asked.join());
  expect(asked.join()).not.toContain(EMAIL);
  expect(choice?.message.content).toBe(`Dear **${EMAIL}**, see https://x.example/?q=${token} now.`);
  expect(choice?.message.tool_calls?.map((call) => call.type === 'function' && JSON.parse(call.function.arguments))).toEqual([
    { to: EMAIL },
    { to: token },
  ]);
  expect((await gateway.filter().status()).traffic).toMatchObject({ verdicts: { redact: 1 }, findings: { 'pii.email tokenize': 1 } });
});
