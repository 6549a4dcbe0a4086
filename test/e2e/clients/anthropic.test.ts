import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAnthropicProvider } from '../../support/anthropic-provider.ts';
import { type Gateway, startGateway } from '../../support/gateway.ts';
import { all, EMAIL, KEY, MASK, PLAIN, REDACT_AND_DENY, REDACTED } from '../../support/model-talk.ts';

const { listener, asked, pause } = createAnthropicProvider();
const THOUGHT = `I think of ${MASK}.`;

let gateway: Gateway;
let client: Anthropic;
beforeAll(async () => {
  gateway = await startGateway({ upstream: listener, profile: 'default', policy: REDACT_AND_DENY });
  client = new Anthropic({ baseURL: `http://127.0.0.1:${gateway.port}`, apiKey: 'test', maxRetries: 0 });
});
afterAll(() => gateway.stop());

const ask = (wish: string) => ({ model: 'claude-x', max_tokens: 100, messages: [{ role: 'user' as const, content: `Answer ${wish}` }] });
const answered = (wish: string) => client.messages.create(ask(wish));
const streamed = (wish: string) => client.messages.stream(ask(wish)).finalMessage();
const both = async (wish: string) => Promise.all([answered(wish), streamed(wish)]);
const contents = async (wish: string) => (await both(wish)).map(({ content }) => content);
const refusalOf = (asking: Promise<unknown>) => asking.catch((caught: unknown) => caught);

describe('the Anthropic client', () => {
  test('gets a harmless answer unchanged, whole and streamed', async () => {
    expect(await contents('plainly')).toEqual([[{ type: 'text', text: PLAIN }], [{ type: 'text', text: PLAIN }]]);
  });

  test('gets thoughts and their signature unchanged where nothing is redacted', async () => {
    const content = [
      { type: 'thinking', thinking: 'I think of Paris.', signature: 'EqQB+/==' },
      { type: 'text', text: PLAIN },
    ];
    expect(await contents('thoughtfully')).toEqual([content, content]);
  });

  test('gets an answer redacted, whole and streamed alike', async () => {
    expect(await contents('contact')).toEqual([[{ type: 'text', text: REDACTED }], [{ type: 'text', text: REDACTED }]]);
  });

  test('gets an answer redacted that is cut into text blocks, and what it quotes', async () => {
    const found = await contents('cited');
    const texts = found.map((content) => content.map((block) => (block.type === 'text' ? block.text : '')).join(''));
    const quoted = found.map((content) => content.flatMap((block) => (block.type === 'text' ? (block.citations ?? []) : [])));
    expect(texts).toEqual([REDACTED, REDACTED]);
    expect(quoted).toMatchObject([[{ cited_text: `It is ${MASK}.` }], [{ cited_text: `It is ${MASK}.` }]]);
  });

  test('gets unsigned thoughts redacted', async () => {
    const content = [
      { type: 'thinking', thinking: THOUGHT, signature: '' },
      { type: 'text', text: PLAIN },
    ];
    expect(await contents('unsigned')).toEqual([content, content]);
  });

  test('gets no thoughts whose signature would not fit any more', async () => {
    const refused = await refusalOf(answered('signed'));
    expect(refused).toBeInstanceOf(Anthropic.PermissionDeniedError);
    const text = JSON.stringify(await refusalOf(streamed('signed')));
    expect(text).not.toContain('EqQB');
    expect(text).not.toContain(EMAIL);
  });

  test('gets tool calls with redacted input, whole and streamed', async () => {
    const calls = (await contents('call')).map((content) => content.find((block) => block.type === 'tool_use'));
    expect(calls).toMatchObject([
      { name: 'send', input: { to: MASK } },
      { name: 'send', input: { to: MASK } },
    ]);
  });

  test('gets what server tools were asked and have found redacted', async () => {
    const wanted = [
      { input: { query: MASK } },
      { content: [{ title: `The page of ${MASK}`, encrypted_content: 'EqgfCioI' }] },
      { text: PLAIN },
    ];
    expect(await contents('search')).toMatchObject([wanted, wanted]);
  });

  test('takes a denial for its own error', async () => {
    const refused = await Promise.all([answered(`with ${KEY}`), streamed(`with ${KEY}`)].map(refusalOf));
    expect(refused.every((error) => error instanceof Anthropic.PermissionDeniedError)).toBe(true);
    expect(refused[0]).toMatchObject({ status: 403, error: { type: 'error', error: { type: 'permission_error' } } });
  });

  test('ends normally where a stream is ended early, with the reason refusal', async () => {
    const stream = client.messages.stream(ask('wrong')).on('text', pause.seen);
    const { content, stop_reason: reason } = await stream.finalMessage();
    expect(reason).toBe('refusal');
    expect(content).toEqual([{ type: 'text', text: 'Here it is. ' }]);
  });

  test('has prompt, history, documents and tools redacted before the provider sees them', async () => {
    await client.messages.create({
      ...ask('plainly'),
      system: `Be kind to ${EMAIL}`,
      messages: [
        { role: 'user', content: [{ type: 'document', source: { type: 'text', media_type: 'text/plain', data: `By ${EMAIL}` } }] },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'send', input: { to: EMAIL } }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: `Sent to ${EMAIL}` }] },
        { role: 'user', content: `I am ${EMAIL}, answer plainly` },
      ],
      tools: [{ name: 'send', description: `As ${EMAIL}`, input_schema: { type: 'object' } }],
    });
    expect(asked.at(-1)).not.toContain(EMAIL);
    expect(asked.at(-1)?.split(MASK)).toHaveLength(7);
  });

  test('counts tokens', async () => {
    const { max_tokens: _, ...question } = ask(EMAIL);
    expect((await client.messages.countTokens(question)).input_tokens).toBe(31);
    expect(asked.at(-1)).toContain(MASK);
  });

  test('makes a batch, redacted, and gets its results, redacted', async () => {
    const requests = [{ custom_id: 'a', params: { ...ask('plainly'), system: `Be kind to ${EMAIL}` } }];
    const { id } = await client.messages.batches.create({ requests });
    expect(asked.at(-1)).toContain(`Be kind to ${MASK}`);
    const results = await all(await client.messages.batches.results(id));
    const contact = results.find(({ custom_id: name }) => name === 'contact');
    expect(contact?.result).toMatchObject({ type: 'succeeded', message: { content: [{ type: 'text', text: REDACTED }] } });
  });

  test('talks to Claude on Vertex AI, by its paths', async () => {
    const { model: _, ...question } = ask('contact');
    const models = '/v1/projects/p/locations/l/publishers/anthropic/models/claude-x@20250929';
    const body = { anthropic_version: 'vertex-2023-10-16', ...question };
    const whole = await client.post<Anthropic.Message>(`${models}:rawPredict`, { body });
    const stream = await client.post<AsyncIterable<Anthropic.RawMessageStreamEvent>>(`${models}:streamRawPredict`, {
      body: { ...body, stream: true },
      stream: true,
    });
    const deltas = (await all(stream)).map((event) => (event.type === 'content_block_delta' ? event.delta : undefined));
    expect(whole.content).toEqual([{ type: 'text', text: REDACTED }]);
    expect(deltas.map((delta) => (delta?.type === 'text_delta' ? delta.text : '')).join('')).toBe(REDACTED);
  });

  test('completes texts, redacted, whole and streamed alike', async () => {
    const whole = await client.post<Completion>('/v1/complete', { body: complete('contact') });
    const events = await completions('contact');
    expect([whole.completion, events.map(({ completion }) => completion).join('')]).toEqual([REDACTED, REDACTED]);
    expect(events.at(-1)?.stop_reason).toBe('stop_sequence');
  });

  test('ends normally where a completion is ended early', async () => {
    const events = await completions('wrong');
    expect(events.map(({ completion }) => completion).join('')).toBe('Here it is. ');
    expect(events.at(-1)?.stop_reason).toBe('refusal');
  });
});

/** The client has no method for text completions any more, but still reads their streams. */
interface Completion {
  readonly completion: string;
  readonly stop_reason: string | null;
}
const complete = (wish: string) => ({ model: 'claude-2.1', max_tokens_to_sample: 100, prompt: `\n\nHuman: Answer ${wish}\n\nAssistant:` });
const completions = async (wish: string) =>
  all(
    await client.post<AsyncIterable<Completion>>('/v1/complete', { body: { ...complete(wish), stream: true }, stream: true }),
    pause.seen,
  );
