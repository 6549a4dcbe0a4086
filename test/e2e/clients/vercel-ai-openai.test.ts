import { createOpenAI, type OpenAIProvider } from '@ai-sdk/openai';
import { APICallError, generateText, jsonSchema, Output, streamText, type ToolSet, tool } from 'ai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../../support/gateway.ts';
import { createOpenaiProvider, KEY, MASK, PLAIN, POLICY, REDACTED } from '../../support/openai-provider.ts';

const provider = createOpenaiProvider();
let gateway: Gateway;
let openai: OpenAIProvider;
beforeAll(async () => {
  gateway = await startGateway({ upstream: provider.answer, profile: 'default', policy: POLICY });
  openai = createOpenAI({ baseURL: `http://127.0.0.1:${gateway.port}/v1`, apiKey: 'test' });
});
afterAll(() => gateway.stop());

const inputSchema = jsonSchema<{ to: string }>({ type: 'object', properties: { to: { type: 'string' } } });
const tools = { send: tool({ inputSchema }) } as unknown as ToolSet; // their types do not agree under exactOptionalPropertyTypes

describe.each(['chat', 'responses'] as const)('the provider of Vercel AI with %s', (api) => {
  const ask = (prompt: string) => ({ model: openai[api]('gpt-5-mini'), prompt, maxRetries: 0 });

  test.each([
    ['plainly', PLAIN],
    ['contact', REDACTED],
  ])('gives the same text whole and streamed when asked %s', async (wish, text) => {
    const whole = await generateText(ask(`Answer ${wish}`));
    const streamed = streamText(ask(`Answer ${wish}`));
    expect([whole.text, whole.finishReason]).toEqual([text, 'stop']);
    expect([await streamed.text, await streamed.finishReason]).toEqual([text, 'stop']);
  });

  test('calls tools with redacted arguments, whole and streamed', async () => {
    const whole = await generateText({ ...ask('Answer call'), tools });
    const streamed = streamText({ ...ask('Answer call'), tools });
    const call = { toolName: 'send', toolCallId: 'call_1', input: { to: MASK } };
    expect(whole.toolCalls).toMatchObject([call]);
    expect(await streamed.toolCalls).toMatchObject([call]);
    expect([whole.finishReason, await streamed.finishReason]).toEqual(['tool-calls', 'tool-calls']);
  });

  test('gives the object that was asked for', async () => {
    const schema = jsonSchema<{ to: string; n: number }>({ type: 'object', properties: { to: { type: 'string' }, n: { type: 'number' } } });
    const { output } = await generateText({ ...ask('Answer shape'), output: Output.object({ schema }) });
    expect(output).toEqual({ to: MASK, n: 3 });
  });

  test('fails with an API error when it is denied, whole and streamed', async () => {
    const whole: unknown = await generateText(ask(`Keep ${KEY}`)).catch((error: unknown) => error);
    const errors: unknown[] = [];
    await streamText({ ...ask(`Keep ${KEY}`), onError: ({ error }) => void errors.push(error) }).consumeStream();
    expect([whole, ...errors].map((error) => APICallError.isInstance(error) && [error.statusCode, error.isRetryable])).toEqual([
      [403, false],
      [403, false],
    ]);
    expect([whole, ...errors]).toMatchObject([
      { data: { error: { code: 'content_filter' } } },
      { data: { error: { code: 'content_filter' } } },
    ]);
    expect(provider.asked.join()).not.toContain(KEY);
  });

  test('sees a stream that ends early as stopped by a content filter', async () => {
    const streamed = streamText(ask('Answer wrong'));
    let text = '';
    for await (const piece of streamed.textStream) {
      text += piece;
      provider.seen();
    }
    expect([text, await streamed.finishReason]).toEqual(['Here it is. ', 'content-filter']);
  });
});
