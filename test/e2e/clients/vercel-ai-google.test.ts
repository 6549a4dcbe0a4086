import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { APICallError, generateText, jsonSchema, streamText, type ToolSet } from 'ai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../../support/gateway.ts';
import { createGeminiProvider } from '../../support/gemini-provider.ts';
import { all, EMAIL, KEY, MASK, PLAIN, REDACT_AND_DENY, REDACTED } from '../../support/model-talk.ts';

const { listener, asked, pause } = createGeminiProvider();

let gateway: Gateway;
let google: ReturnType<typeof createGoogleGenerativeAI>;
beforeAll(async () => {
  gateway = await startGateway({ upstream: listener, profile: 'default', policy: REDACT_AND_DENY });
  google = createGoogleGenerativeAI({ baseURL: `http://127.0.0.1:${gateway.port}/v1beta`, apiKey: 'test' });
});
afterAll(() => gateway.stop());

const tools: ToolSet = {
  send: { description: `As ${EMAIL}`, inputSchema: jsonSchema({ type: 'object', properties: { to: { type: 'string' } } }) },
};
const ask = (wish: string) => ({ model: google('gemini-3-flash'), prompt: `Answer ${wish}`, tools, maxOutputTokens: 100, maxRetries: 0 });
const streamed = (wish: string, onError: (caught: { error: unknown }) => void = () => {}) => streamText({ ...ask(wish), onError });

test('ai gets a harmless answer unchanged, whole and streamed', async () => {
  const stream = streamed('plainly');
  expect([(await generateText(ask('plainly'))).text, await stream.text, await stream.finishReason]).toEqual([PLAIN, PLAIN, 'stop']);
});

test('ai gets an answer redacted, whole and streamed alike', async () => {
  expect([(await generateText(ask('contact'))).text, await streamed('contact').text]).toEqual([REDACTED, REDACTED]);
});

test('ai gets thoughts redacted, apart from the answer', async () => {
  const whole = await generateText(ask('thoughtfully'));
  const stream = streamed('thoughtfully');
  expect([whole.reasoningText, whole.text]).toEqual([`I think of ${MASK}.`, PLAIN]);
  expect([await stream.reasoningText, await stream.text]).toEqual([`I think of ${MASK}.`, PLAIN]);
});

test('ai gets tool calls with redacted arguments, and sends its tools redacted', async () => {
  const calls = [(await generateText(ask('call'))).toolCalls, await streamed('call').toolCalls];
  const wanted = [{ toolName: 'send', input: { to: MASK } }];
  expect(calls).toMatchObject([wanted, wanted]);
  expect(asked.at(-1)).toContain(`"description":"As ${MASK}"`);
});

test('ai takes a denial for an error of the API', async () => {
  const error: unknown = await generateText(ask(`with ${KEY}`)).catch((caught: unknown) => caught);
  expect(APICallError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ statusCode: 403, data: { error: { code: 403, status: 'PERMISSION_DENIED' } } });
  const caught: unknown[] = [];
  await streamed(`with ${KEY}`, ({ error: told }) => caught.push(told)).consumeStream();
  expect(caught).toMatchObject([{ statusCode: 403 }]);
});

test('ai ends normally where a stream is ended early, with the reason content-filter', async () => {
  const stream = streamed('wrong');
  const texts = await all(stream.textStream, pause.seen);
  expect(texts.join('')).toBe('Here it is. ');
  expect(await stream.finishReason).toBe('content-filter');
});
