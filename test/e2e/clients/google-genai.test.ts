import { ApiError, type GenerateContentResponse, GoogleGenAI } from '@google/genai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, send, startGateway } from '../../support/gateway.ts';
import { createGeminiProvider } from '../../support/gemini-provider.ts';
import { all, EMAIL, KEY, MASK, PLAIN, REDACT_AND_DENY, REDACTED } from '../../support/model-talk.ts';

const { listener, asked, pause } = createGeminiProvider();
const MODEL = 'gemini-3-flash';

let gateway: Gateway;
let gemini: GoogleGenAI;
let vertex: GoogleGenAI;
beforeAll(async () => {
  gateway = await startGateway({ upstream: listener, profile: 'default', policy: REDACT_AND_DENY });
  const httpOptions = { baseUrl: `http://127.0.0.1:${gateway.port}` };
  gemini = new GoogleGenAI({ apiKey: 'test', httpOptions });
  vertex = new GoogleGenAI({ vertexai: true, apiKey: 'test', httpOptions });
});
afterAll(() => gateway.stop());

const ask = (wish: string) => ({ model: MODEL, contents: `Answer ${wish}` });
const textIn = (events: readonly GenerateContentResponse[]) => events.map((event) => event.text ?? '').join('');
const partsIn = (events: readonly GenerateContentResponse[]) => events.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []);

describe.each([
  ['of the Gemini API', () => gemini],
  ['of Vertex AI', () => vertex],
])('the client %s', (_, client) => {
  const answered = (wish: string) => client().models.generateContent(ask(wish));
  const streamed = async (wish: string) => all(await client().models.generateContentStream(ask(wish)));

  test('gets a harmless answer unchanged, whole and streamed', async () => {
    const whole = await answered('plainly');
    const events = await streamed('plainly');
    expect([whole.text, textIn(events)]).toEqual([PLAIN, PLAIN]);
    expect(events.at(-1)).toMatchObject({ responseId: 'r1', candidates: [{ finishReason: 'STOP' }] });
    expect(partsIn(events).at(-1)).toEqual({ text: '', thoughtSignature: 'CiQB+/==' });
  });

  test('gets an answer redacted, whole and streamed alike', async () => {
    expect((await answered('contact')).text).toBe(REDACTED);
    expect(textIn(await streamed('contact'))).toBe(REDACTED);
  });

  test('gets thoughts redacted, apart from the answer', async () => {
    const whole = await answered('thoughtfully');
    const events = await streamed('thoughtfully');
    const thoughts = [[whole], events].map((of) =>
      partsIn(of)
        .map((part) => (part.thought === true ? part.text : ''))
        .join(''),
    );
    expect(thoughts).toEqual([`I think of ${MASK}.`, `I think of ${MASK}.`]);
    expect([whole.text, textIn(events)]).toEqual([PLAIN, PLAIN]);
  });

  test('gets function calls with redacted arguments, whole and streamed', async () => {
    const calls = [(await answered('call')).functionCalls, (await streamed('call')).flatMap((event) => event.functionCalls ?? [])];
    expect(calls).toEqual([[{ name: 'send', args: { to: MASK } }], [{ name: 'send', args: { to: MASK } }]]);
  });

  test('gets no call whose signature would not fit any more', async () => {
    const refused = await Promise.all([answered('signed'), streamed('signed')].map((asking) => asking.catch((caught: unknown) => caught)));
    expect(refused.every((error) => error instanceof ApiError && error.status === 403)).toBe(true);
  });

  test('takes a denial for its own error', async () => {
    const refused = await Promise.all(
      [answered(`with ${KEY}`), streamed(`with ${KEY}`)].map((asking) => asking.catch((caught: unknown) => caught)),
    );
    const bodies = refused.map((error) => error instanceof ApiError && error.status === 403 && JSON.parse(error.message).error);
    const wanted = { code: 403, status: 'PERMISSION_DENIED', details: [{ reason: 'CONTENT_FILTER' }] };
    expect(bodies).toMatchObject([wanted, wanted]);
  });

  test('ends normally where a stream is ended early, with the reason SAFETY', async () => {
    const events = await all(await client().models.generateContentStream(ask('wrong')), pause.seen);
    expect(textIn(events)).not.toContain(KEY);
    expect(textIn(events).startsWith('Here it is. ')).toBe(true);
    expect(events.at(-1)).toMatchObject({ candidates: [{ index: 0, finishReason: 'SAFETY' }], responseId: 'r1' });
  });

  test('has prompt, history, tools and results redacted before the provider sees them', async () => {
    await client().models.generateContent({
      model: MODEL,
      contents: [
        { role: 'user', parts: [{ text: `I am ${EMAIL}` }, { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }] },
        { role: 'model', parts: [{ functionCall: { name: 'send', args: { to: EMAIL } } }] },
        { role: 'user', parts: [{ functionResponse: { name: 'send', response: { sent: EMAIL } } }] },
        { role: 'user', parts: [{ text: 'Answer plainly' }] },
      ],
      config: {
        systemInstruction: `Be kind to ${EMAIL}`,
        tools: [{ functionDeclarations: [{ name: 'send', description: `As ${EMAIL}`, parametersJsonSchema: { type: 'object' } }] }],
      },
    });
    expect(asked.at(-1)).not.toContain(EMAIL);
    expect(asked.at(-1)?.split(MASK)).toHaveLength(6);
    expect(asked.at(-1)).toContain('iVBORw0KGgo=');
  });
});

test('counts tokens and gets vectors unchanged', async () => {
  expect((await gemini.models.countTokens(ask(EMAIL))).totalTokens).toBe(31);
  expect(asked.at(-1)).toContain(MASK);
  const { embeddings } = await gemini.models.embedContent({ model: 'gemini-embedding-001', contents: [EMAIL] });
  expect(embeddings?.[0]?.values).toEqual([0.0123456789, -0.5]);
  expect(asked.at(-1)).not.toContain(EMAIL);
});

describe('a client that takes a stream as one array', () => {
  const path = `/v1beta/models/${MODEL}:streamGenerateContent`;
  const question = (wish: string) => ({ path, body: JSON.stringify({ contents: [{ parts: [{ text: `Answer ${wish}` }] }] }) });
  const textsIn = (body: Buffer) =>
    (JSON.parse(body.toString()) as GenerateContentResponse[])
      .flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? [])
      .map(({ text }) => text)
      .join('');

  test('gets a harmless one byte for byte, and a redacted one', async () => {
    const { body } = await send(gateway.port, question('plainly'));
    expect(textsIn(body)).toBe(PLAIN);
    expect(body.toString()).toContain(',\r\n{"candidates"');
    expect(textsIn((await send(gateway.port, question('contact'))).body)).toBe(REDACTED);
  });

  test('gets a closed array where it is ended early', async () => {
    const { status, body, complete } = await send(gateway.port, { ...question('wrong'), onData: pause.seen });
    expect([status, complete]).toEqual([200, true]);
    expect(textsIn(body)).toBe('Here it is. ');
    expect(JSON.parse(body.toString()).at(-1)).toMatchObject({ candidates: [{ index: 0, finishReason: 'SAFETY' }] });
  });
});
