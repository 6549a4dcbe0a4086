import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT_QUESTION, assistantReply, CRAFTED_QUESTION, CUSTOMERS, SYSTEM_PROMPT, tokensOf } from '../../src/demo/bank.ts';
import { createProvider } from '../../src/demo/provider.ts';

const customer = CUSTOMERS[0]!;
const answer = assistantReply({ question: ACCOUNT_QUESTION, system: undefined });
const lookup = { type: 'object', properties: { customer: { type: 'string' }, limit: { type: 'integer' } } } as const;
const found = { customer: 'Please look up customer 4711', limit: 4711 };

describe('the stand-in provider', () => {
  let server: Server;
  let base: string;
  let openai: OpenAI;
  let anthropic: Anthropic;
  beforeAll(async () => {
    server = createProvider({ tokenMs: 0 });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    openai = new OpenAI({ baseURL: `${base}/v1`, apiKey: 'test', maxRetries: 0 });
    anthropic = new Anthropic({ baseURL: base, apiKey: 'test', maxRetries: 0 });
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const ask = (question: string) => ({ model: 'penny-1', messages: [{ role: 'user' as const, content: question }] });

  test('answers the OpenAI client with a customer, whole and streamed alike', async () => {
    const whole = await openai.chat.completions.create(ask(ACCOUNT_QUESTION));
    const stream = openai.chat.completions.stream({ ...ask(ACCOUNT_QUESTION), stream_options: { include_usage: true } });
    const streamed = await stream.finalChatCompletion();
    expect(whole.choices[0]?.message.content).toBe(answer);
    expect(streamed.choices[0]?.message.content).toBe(answer);
    expect(streamed.usage).toEqual(whole.usage);
    expect([customer.email, customer.card, customer.iban].every((secret) => answer.includes(secret))).toBe(true);
  });

  test('gives as many choices as were asked for', async () => {
    const { choices } = await openai.chat.completions.create({ ...ask('hello'), n: 3 });
    expect(choices.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  test('answers the Anthropic client with a customer, whole and streamed alike', async () => {
    const whole = await anthropic.messages.create({ ...ask(ACCOUNT_QUESTION), max_tokens: 200 });
    const streamed = await anthropic.messages.stream({ ...ask(ACCOUNT_QUESTION), max_tokens: 200 }).finalMessage();
    expect(whole.content).toEqual([{ type: 'text', text: answer }]);
    expect(streamed.content).toEqual(whole.content);
    expect(streamed.stop_reason).toBe('end_turn');
  });

  test('calls a declared OpenAI tool with arguments that fit its schema, whole and streamed alike', async () => {
    const body = {
      ...ask(found.customer),
      tools: [{ type: 'function' as const, function: { name: 'find_customer', parameters: lookup } }],
    };
    const whole = await openai.chat.completions.create(body);
    const streamed = await openai.chat.completions.stream(body).finalChatCompletion();
    const calls = [whole, streamed].map(({ choices }) => choices[0]?.message.tool_calls?.[0]);
    expect(calls.map((call) => call?.type === 'function' && [call.function.name, JSON.parse(call.function.arguments)])).toEqual([
      ['find_customer', found],
      ['find_customer', found],
    ]);
  });

  test('calls a declared Anthropic tool with arguments that fit its schema, whole and streamed alike', async () => {
    const body = { ...ask(found.customer), max_tokens: 200, tools: [{ name: 'find_customer', input_schema: lookup }] };
    const whole = await anthropic.messages.create(body);
    const streamed = await anthropic.messages.stream(body).finalMessage();
    expect([whole, streamed].map(({ content, stop_reason }) => [content[0]?.type === 'tool_use' && content[0].input, stop_reason])).toEqual(
      [
        [found, 'tool_use'],
        [found, 'tool_use'],
      ],
    );
  });

  test('reveals its instructions to the crafted question', async () => {
    const { choices } = await openai.chat.completions.create(ask(CRAFTED_QUESTION));
    expect(choices[0]?.message.content).toContain(SYSTEM_PROMPT);
  });

  test('answers the models, a declared account and the forgotten endpoint', async () => {
    const get = async (path: string) => (await fetch(base + path)).json();
    expect((await openai.models.list()).data.map(({ id }) => id)).toContain('penny-1');
    expect(await get('/accounts/4711')).toMatchObject({ owner: customer.name, iban: customer.iban });
    expect(await get('/internal/dev/accounts')).toEqual({ environment: 'dev', accounts: CUSTOMERS });
  });

  test.each([
    ['GET', '/accounts/1', undefined, 404],
    ['GET', '/nowhere', undefined, 404],
    ['POST', '/v1/chat/completions', '{', 400],
    ['POST', '/v1/messages', 'no', 400],
  ])('%s %s with %s is refused with a JSON error', async (method, path, body, status) => {
    const response = await fetch(base + path, { method, body: body ?? null });
    expect(response.status).toBe(status);
    expect(await response.json()).toHaveProperty('error');
  });

  test('streams in pieces that tear card numbers and addresses apart', () => {
    const tokens = tokensOf(answer);
    expect(tokens.join('')).toBe(answer);
    expect(tokens.filter((token) => token.trim().length > 5)).toEqual([]);
    expect(tokens.length).toBeGreaterThan(60);
  });
});
