import OpenAI from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Gateway, send, startGateway } from '../../support/gateway.ts';
import { createOpenaiProvider, EMAIL, KEY, MASK, PLAIN, POLICY, REDACTED } from '../../support/openai-provider.ts';

const MODEL = 'gpt-5-mini';
const SHAPE = z.object({ to: z.string(), n: z.number() });

const provider = createOpenaiProvider();
let gateway: Gateway;
let client: OpenAI;
beforeAll(async () => {
  gateway = await startGateway({ upstream: provider.answer, profile: 'default', policy: POLICY });
  client = new OpenAI({ baseURL: `http://127.0.0.1:${gateway.port}/v1`, apiKey: 'test', maxRetries: 0 });
});
afterAll(() => gateway.stop());

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'nothing thrown',
    (error: unknown) => error,
  );

describe('chat completions', () => {
  const tools = [{ type: 'function' as const, function: { name: 'send', parameters: { type: 'object' } } }];
  const ask = (wish: string) => ({ model: MODEL, messages: [{ role: 'user' as const, content: `Answer ${wish}` }] });
  const whole = async (wish: string) => (await client.chat.completions.create({ ...ask(wish), tools })).choices[0]!;
  const streamed = async (wish: string) =>
    (await client.chat.completions.stream({ ...ask(wish), tools }).finalChatCompletion()).choices[0]!;

  test.each([
    ['plainly', PLAIN],
    ['contact', REDACTED],
  ])('give the same text whole and streamed when asked %s', async (wish, text) => {
    expect([(await whole(wish)).message.content, (await streamed(wish)).message.content]).toEqual([text, text]);
  });

  test('redact the arguments of a tool call, whole and streamed', async () => {
    const calls = [await whole('call'), await streamed('call')].map(({ message, finish_reason }) => [message.tool_calls, finish_reason]);
    const call = { id: 'call_1', type: 'function', function: expect.objectContaining({ name: 'send', arguments: `{"to":"${MASK}"}` }) };
    expect(calls).toMatchObject([
      [[call], 'tool_calls'],
      [[call], 'tool_calls'],
    ]);
  });

  test('redact a refusal, whole and streamed', async () => {
    const refusals = [await whole('refuse'), await streamed('refuse')].map(({ message }) => message.refusal);
    expect(refusals).toEqual([`I cannot tell ${MASK} that.`, `I cannot tell ${MASK} that.`]);
  });

  test('are parsed into the shape that was asked for', async () => {
    const { choices } = await client.chat.completions.parse({ ...ask('shape'), response_format: zodResponseFormat(SHAPE, 'shape') });
    expect(choices[0]!.message.parsed).toEqual({ to: MASK, n: 3 });
  });

  test('are denied with the error the client has for it, whole and streamed', async () => {
    const request = { model: MODEL, messages: [{ role: 'user' as const, content: `Keep ${KEY}` }] };
    const errors = [
      await caught(client.chat.completions.create(request)),
      await caught(client.chat.completions.create({ ...request, stream: true })),
    ];
    expect(errors.map((error) => error instanceof OpenAI.PermissionDeniedError)).toEqual([true, true]);
    expect(errors).toMatchObject([{ code: 'content_filter' }, { code: 'content_filter' }]);
    expect(provider.asked.join()).not.toContain(KEY);
  });

  test('that end early end with a content filter', async () => {
    const stream = client.chat.completions.stream(ask('wrong')).on('content', () => provider.seen());
    const [choice] = (await stream.finalChatCompletion()).choices;
    expect(choice).toMatchObject({ finish_reason: 'content_filter', message: { content: 'Here it is. ' } });
  });
});

describe('responses', () => {
  const tools = [{ type: 'function' as const, name: 'send', parameters: { type: 'object' }, strict: false }];
  const ask = (wish: string) => ({ model: MODEL, input: `Answer ${wish}`, tools });
  const whole = (wish: string) => client.responses.create(ask(wish));
  const streamed = (wish: string) => client.responses.stream(ask(wish)).finalResponse();

  test.each([
    ['plainly', PLAIN],
    ['contact', REDACTED],
  ])('give the same text whole and streamed when asked %s', async (wish, text) => {
    expect([(await whole(wish)).output_text, (await streamed(wish)).output_text]).toEqual([text, text]);
  });

  test('say nothing in any event that they do not say in the end', async () => {
    const events: string[] = [];
    for await (const event of await client.responses.create({ ...ask('contact'), stream: true })) events.push(JSON.stringify(event));
    expect(events).toHaveLength(12);
    expect(events.filter((event) => event.includes('anna') || event.includes('example.org'))).toEqual([]);
    expect(events.filter((event) => event.includes(REDACTED))).toHaveLength(4); // three events that are done, and the last
  });

  test('redact the arguments of a tool call, whole and streamed', async () => {
    const calls = [await whole('call'), await streamed('call')].map(({ output }) => output);
    const call = { type: 'function_call', call_id: 'call_1', name: 'send', arguments: `{"to":"${MASK}"}` };
    expect(calls).toMatchObject([[call], [call]]);
  });

  test('redact a refusal, whole and streamed', async () => {
    const outputs = [await whole('refuse'), await streamed('refuse')].map(({ output }) => output);
    const message = { type: 'message', content: [{ type: 'refusal', refusal: `I cannot tell ${MASK} that.` }] };
    expect(outputs).toMatchObject([[message], [message]]);
  });

  test('are parsed into the shape that was asked for, whole and streamed', async () => {
    const request = { model: MODEL, input: 'Answer shape', text: { format: zodTextFormat(SHAPE, 'shape') } };
    const parsed = [await client.responses.parse(request), await client.responses.stream(request).finalResponse()];
    expect(parsed.map(({ output_parsed: found }) => found)).toEqual([
      { to: MASK, n: 3 },
      { to: MASK, n: 3 },
    ]);
  });

  test('are denied with the error the client has for it, whole and streamed', async () => {
    const request = { model: MODEL, input: `Keep ${KEY}` };
    const errors = [
      await caught(client.responses.create(request)),
      await caught(client.responses.create({ ...request, stream: true })),
      await caught(client.responses.stream(request).finalResponse()),
    ];
    expect(errors.map((error) => error instanceof OpenAI.PermissionDeniedError)).toEqual([true, true, true]);
    expect(provider.asked.join()).not.toContain(KEY);
  });

  test('that end early are incomplete, and keep what was said', async () => {
    const numbers: number[] = [];
    const stream = client.responses
      .stream(ask('wrong'))
      .on('event', ({ sequence_number }) => numbers.push(sequence_number))
      .on('response.output_text.delta', () => provider.seen());
    const { status, incomplete_details, output_text, output } = await stream.finalResponse();
    expect([status, incomplete_details, output_text]).toEqual(['incomplete', { reason: 'content_filter' }, 'Here it is. ']);
    expect(output).toMatchObject([{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Here it is. ' }] }]);
    expect(numbers).toEqual(numbers.map((_, i) => i));
  });
});

describe('the smaller APIs', () => {
  test('complete a prompt, whole and streamed', async () => {
    const request = { model: MODEL, prompt: 'Answer contact' };
    const whole = await client.completions.create(request);
    let text = '';
    for await (const { choices } of await client.completions.create({ ...request, stream: true })) text += choices[0]!.text;
    expect([whole.choices[0]!.text, text]).toEqual([REDACTED, REDACTED]);
  });

  test('end a completion early with a content filter', async () => {
    const reasons: (string | null)[] = [];
    for await (const { choices } of await client.completions.create({ model: MODEL, prompt: 'Answer wrong', stream: true })) {
      reasons.push(choices[0]!.finish_reason);
      provider.seen();
    }
    expect(reasons.at(-1)).toBe('content_filter');
  });

  test('make vectors of texts that are redacted on the way', async () => {
    const { data } = await client.embeddings.create({ model: MODEL, input: [`I am ${EMAIL}`, 'nobody'] });
    expect(data[0]!.embedding).toHaveLength(1);
    expect(JSON.parse(provider.asked.at(-1)!).input).toEqual([`I am ${MASK}`, 'nobody']);
  });

  test('judge texts', async () => {
    const { results } = await client.moderations.create({ input: [{ type: 'text', text: EMAIL }] });
    expect(results[0]!.flagged).toBe(false);
    expect(JSON.parse(provider.asked.at(-1)!).input[0].text).toBe(MASK);
  });

  test('draw pictures', async () => {
    const { data } = await client.images.generate({ prompt: `Answer contact for ${EMAIL}` });
    expect(data).toEqual([{ b64_json: 'iVBORw0KGgo=', revised_prompt: REDACTED }]);
    expect(JSON.parse(provider.asked.at(-1)!).prompt).toBe(`Answer contact for ${MASK}`);
  });

  test('write down what is said, whole and streamed', async () => {
    const file = () => new File([new Uint8Array([0x52, 0x49, 0x46, 0x46, 0xff, 0x00])], 'a.wav', { type: 'audio/wav' });
    const request = { model: 'gpt-4o-transcribe', prompt: `Answer contact for ${EMAIL}` };
    const whole = await client.audio.transcriptions.create({ ...request, file: file() });
    let text = '';
    for await (const event of await client.audio.transcriptions.create({ ...request, file: file(), stream: true })) {
      text += event.type === 'transcript.text.delta' ? event.delta : '';
    }
    expect([whole.text, text]).toEqual([REDACTED, REDACTED]);
    expect(provider.asked.at(-1)).toContain(`Answer contact for ${MASK}`);
  });

  test('end a transcript early with an error the client throws', async () => {
    const file = new File([new Uint8Array([0x52])], 'a.wav', { type: 'audio/wav' });
    const listen = async () => {
      const stream = await client.audio.transcriptions.create({ model: MODEL, prompt: 'Answer wrong', file, stream: true });
      for await (const _ of stream) provider.seen();
    };
    const error = await caught(listen());
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error).toMatchObject({ code: 'content_filter' });
  });
});

test('a deployment of Azure is asked as it is there', async () => {
  const path = '/openai/deployments/gpt/chat/completions?api-version=2024-10-21';
  const { body } = await send(gateway.port, { path, body: JSON.stringify({ messages: [{ role: 'user', content: 'Answer contact' }] }) });
  expect(JSON.parse(body.toString()).choices[0].message.content).toBe(REDACTED);
});
