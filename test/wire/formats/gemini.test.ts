import { expect, test } from 'vitest';
import { utf16Offset } from '../../../src/lib/units.ts';
import { denialFor } from '../../../src/respond/denial.ts';
import { spliceFrame } from '../../../src/respond/splice.ts';
import type { Head } from '../../../src/wire/format.ts';
import { gemini } from '../../../src/wire/formats/gemini.ts';
import { emptyFacts } from '../../../src/wire/frame.ts';
import { readJson } from '../../../src/wire/framing/json.ts';
import { lanes, read, values } from '../reading.ts';

const request = (body: unknown) => read([Buffer.from(JSON.stringify(body))], { format: gemini, direction: 'request' });
const response = (body: unknown) => read([Buffer.from(JSON.stringify(body))], { format: gemini, direction: 'response' });
const sse = (events: readonly unknown[]) =>
  read(
    events.map((event) => Buffer.from(`data: ${JSON.stringify(event)}\r\n\r\n`)),
    { format: gemini, direction: 'response', contentType: 'text/event-stream' },
  );
const array = (text: string) => read([Buffer.from(text)], { format: gemini, direction: 'response' });
const head = (path: string, host = 'generativelanguage.googleapis.com'): Head => ({ method: 'POST', path, host, header: () => undefined });
const chunk = (...parts: readonly object[]) => ({ candidates: [{ index: 0, content: { role: 'model', parts } }] });

const PATHS = [
  ['/v1beta/models/gemini-3-flash:generateContent', 'gemini-3-flash', false, 'gcp.gemini'],
  ['/v1beta/models/gemini-3-flash:streamGenerateContent', 'gemini-3-flash', true, 'gcp.gemini'],
  ['/v1beta/models/gemini-embedding-001:batchEmbedContents', 'gemini-embedding-001', undefined, 'gcp.gemini'],
  ['/v1beta/tunedModels/mine:countTokens', 'mine', undefined, 'gcp.gemini'],
  ['/v1/projects/p/locations/l/publishers/google/models/gemini-3-pro:generateContent', 'gemini-3-pro', false, 'gcp.vertex_ai'],
  ['/v1beta1/publishers/google/models/gemini-3-pro:streamGenerateContent', 'gemini-3-pro', true, 'gcp.vertex_ai'],
  ['/v1/projects/p/locations/l/endpoints/4711:generateContent', '4711', false, 'gcp.vertex_ai'],
  ['/v1beta/cachedContents', undefined, undefined, 'gcp.gemini'],
] as const;

test('the table of paths has all its rows', () => expect(PATHS).toHaveLength(8));

test.each(PATHS)('%s names its model and its provider', (path, model, stream, provider) => {
  const facts = emptyFacts();
  gemini.readHead?.(head(path), facts);
  expect([gemini.recognise(head(path)), facts.model, facts.stream, gemini.provider(head(path))]).toEqual([true, model, stream, provider]);
});

test.each([
  '/v1beta/models',
  '/v1beta/models/gemini-3-flash',
  '/v1beta/models/gemini-3-flash:predict',
  '/v1/projects/p/locations/l/publishers/anthropic/models/claude-x:streamRawPredict',
  '/v1/chat/completions',
  ':generateContent',
])('%s is another dialect', (path) => expect(gemini.recognise(head(path))).toBe(false));

test('a host of Vertex AI says who is asked, whatever the path', () => {
  expect(gemini.provider(head('/v1/models/m:generateContent', 'europe-west4-aiplatform.googleapis.com'))).toBe('gcp.vertex_ai');
});

const docOf = (body: unknown) => {
  const result = readJson(Buffer.from(JSON.stringify(body)), 64);
  return result.ok ? result.doc : expect.unreachable();
};

test('a body is recognised by contents with parts, and fits with any field that carries some', () => {
  expect(gemini.recogniseBody?.(docOf({ contents: [{ parts: [{ text: 'x' }] }] }))).toBe(true);
  expect(gemini.recogniseBody?.(docOf({ contents: ['x'] }))).toBe(false);
  const fits = [{ contents: [] }, { requests: [] }, {}, { generate_content_request: {} }, { messages: [] }, ['x'], 'x'].map((body) =>
    gemini.fits?.(docOf(body)),
  );
  expect(fits).toEqual([true, true, true, true, false, false, false]);
});

test('reads every kind of part of a request', () => {
  const { frames, facts } = request({
    systemInstruction: 'be kind',
    contents: [
      {
        role: 'user',
        parts: [
          { text: 'look ' },
          { text: 'here' },
          { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=', displayName: 'cat.png' } },
          { inlineData: { mimeType: 'text/plain', data: 'aGVsbG8=' } },
          { text: 'so?' },
        ],
      },
      {
        role: 'model',
        parts: [
          { text: 'hm', thought: true, thoughtSignature: 'Ci/+=' },
          { functionCall: { id: 'c', name: 'look', args: { deep: [{ n: 123_456_789 }] } } },
          { toolCall: { id: 't', toolType: 'GOOGLE_SEARCH_WEB', args: { queries: ['q'] } } },
          { executableCode: { language: 'PYTHON', code: 'print(1)' } },
        ],
      },
      {
        role: 'user',
        parts: [
          {
            functionResponse: { name: 'look', response: { at: 'there' }, parts: [{ inlineData: { mimeType: 'image/png', data: 'iVBO' } }] },
          },
        ],
      },
    ],
    tools: [{ functionDeclarations: [{ name: 'look', description: 'looks', parametersJsonSchema: { title: 'T' } }] }, { googleSearch: {} }],
    cachedContent: 'cachedContents/abc',
  });
  expect(values({ frames })).toEqual([
    ['system', 'body.systemInstruction', 'be kind'],
    ['user', 'body.contents.0.parts', 'look here'],
    ['document', 'body.contents.0.parts.2.inlineData.displayName', 'cat.png'],
    ['document', 'body.contents.0.parts.3.inlineData.data', 'aGVsbG8='],
    ['user', 'body.contents.0.parts.3', 'so?'],
    ['reasoning', 'body.contents.1.parts.thought', 'hm'],
    ['tool-arguments', 'body.contents.1.parts.1.args.deep.0.n', '123456789'],
    ['tool-arguments', 'body.contents.1.parts.2.args.queries.0', 'q'],
    ['tool-arguments', 'body.contents.1.parts.3.executableCode.code', 'print(1)'],
    ['tool-result', 'body.contents.2.parts.0.functionResponse.response.at', 'there'],
    ['tool-definition', 'body.tools.0.functionDeclarations.0.description', 'looks'],
    ['tool-definition', 'body.tools.0.functionDeclarations.0.parametersJsonSchema.title', 'T'],
  ]);
  expect(facts.toolsDeclared).toEqual(['look', 'googleSearch']);
});

test('reads a request in a batch and one in snake case as any other', () => {
  const one = { system_instruction: { parts: [{ text: 'be kind' }] }, contents: { parts: { text: 'hello' } } };
  expect(values(request({ batch: { input_config: { requests: { requests: [{ request: one, metadata: { key: 'k' } }] } } } }))).toEqual([
    ['system', 'body.batch.input_config.requests.requests.0.request.system_instruction.parts', 'be kind'],
    ['user', 'body.batch.input_config.requests.requests.0.request.contents.parts', 'hello'],
    ['other', 'body.batch.input_config.requests.requests.0.metadata.key', 'k'],
  ]);
});

test('the names of fields no dialect knows are read', () => {
  const names = lanes(request({ contents: [{ parts: [{ text: 'x', hidden: 1 }], odd: 1 }], strange: 2 })).map(([, , text]) => text);
  expect(names).toEqual(['x', 'hidden', 'odd', 'strange']);
});

test('reads what stands in a field of bytes and is none', () => {
  expect(values(request({ contents: [{ parts: [{ inlineData: { mimeType: 'image/png', data: 'call 555 0100!' } }] }] }))).toEqual([
    ['document', 'body.contents.0.parts.0.inlineData.data', 'call 555 0100!'],
  ]);
});

test('reads every lane of an answer', () => {
  const { frames, facts } = response({
    candidates: [
      {
        content: {
          parts: [
            { text: 'hm', thought: true },
            { text: 'Par' },
            { functionCall: { name: 'send', args: { to: 'bob' } } },
            { text: 'is', thoughtSignature: 'Ci/=' },
          ],
        },
        finishReason: 'STOP',
        avgLogprobs: -0.123456789,
        logprobsResult: { chosenCandidates: [{ token: 'Par' }] },
        safetyRatings: [{ category: 'HARM', probability: 'LOW', probabilityScore: 0.123456789 }],
        citationMetadata: { citationSources: [{ startIndex: 0, endIndex: 3, uri: 'u' }] },
        groundingMetadata: {
          webSearchQueries: ['capital'],
          searchEntryPoint: { renderedContent: '<b>capital</b>', sdkBlob: 'aGk=' },
          groundingChunks: [{ web: { uri: 'w', title: 't' } }],
          groundingSupports: [{ segment: { endIndex: 5, text: 'Paris' }, confidenceScores: [0.123456789] }],
        },
      },
    ],
    promptFeedback: { blockReason: 'OTHER' },
    usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 4, thoughtsTokenCount: 5 },
    modelVersion: 'gemini-3-flash',
    responseId: 'r1',
  });
  expect(values({ frames }).map(([lane, , text]) => [lane, text])).toEqual([
    ['reasoning', 'hm'],
    ['output', 'Paris'],
    ['tool-arguments', 'bob'],
    ['output', 'Par'],
    ['output', 'u'],
    ['output', 'capital'],
    ['output', '<b>capital</b>'],
    ['output', 'w'],
    ['output', 't'],
    ['output', 'Paris'],
    ['output', 'OTHER'],
  ]);
  expect(facts).toEqual({
    ...emptyFacts(),
    responseModel: 'gemini-3-flash',
    responseId: 'r1',
    inputTokens: 3,
    outputTokens: 9,
    toolsCalled: ['send'],
    finishReasons: ['STOP', 'OTHER'],
  });
});

test('in a rewritten frame, what repeats its text or names places in it is null, and so is the signature of a text', () => {
  const { frames } = response({
    candidates: [
      {
        content: { parts: [{ text: 'bob', thoughtSignature: 'Ci/=' }] },
        logprobsResult: { chosenCandidates: [{ token: 'bob' }] },
        citationMetadata: { citations: [{ startIndex: 0, endIndex: 3 }] },
      },
    ],
  });
  const cut = { segment: 0, start: utf16Offset(0), end: utf16Offset(3), replacement: 'X' };
  expect(JSON.parse(spliceFrame(frames[0]!, [cut]).toString())).toEqual({
    candidates: [
      {
        content: { parts: [{ text: 'X', thoughtSignature: null }] },
        logprobsResult: null,
        citationMetadata: { citations: [{ startIndex: null, endIndex: null }] },
      },
    ],
  });
});

test('the signature of a call is over it, in each event by itself', () => {
  const call = { functionCall: { name: 'send', args: { to: 'bob' } }, thoughtSignature: 'Ci/=' };
  const { frames } = sse([chunk(call), chunk(call)]);
  const keys = frames.map(({ signatures, segments }) => [
    signatures?.map(({ key }) => key),
    segments.flatMap(({ key }) => (key.startsWith('key#') ? [] : [key.split('#')[0]])),
  ]);
  expect(keys).toEqual([
    [['candidates.0.parts.0'], ['candidates.0.parts.0.args.to']],
    [['candidates.0.parts.1'], ['candidates.0.parts.1.args.to']],
  ]);
});

test('gathers the texts of a stream by candidate, thoughts apart', () => {
  const { frames } = sse([
    chunk({ text: 'h', thought: true }),
    chunk({ text: 'm', thought: true }, { text: 'Pa' }),
    { candidates: [{ index: 1, content: { parts: [{ text: 'Rome' }] } }] },
    chunk({ text: 'ris' }),
    { candidates: [{ index: 0, finishReason: 'STOP' }] },
  ]);
  expect(values({ frames })).toEqual([
    ['reasoning', 'candidates.0.thought', 'hm'],
    ['output', 'candidates.0.text', 'Paris'],
    ['output', 'candidates.1.text', 'Rome'],
  ]);
});

test('joins arguments that come in pieces by their path, call by call', () => {
  const piece = (jsonPath: string, stringValue: string) =>
    chunk({ functionCall: { partialArgs: [{ jsonPath, stringValue, willContinue: true }], willContinue: true } });
  const { frames, facts } = sse([
    chunk({ functionCall: { name: 'send', willContinue: true } }),
    piece('$.to', 'b'),
    piece('$.text', 'hi'),
    piece('$.to', 'ob'),
    chunk({ functionCall: {} }),
    chunk({ functionCall: { name: 'send', willContinue: true } }),
    piece('$.to', 'ann'),
    chunk({ functionCall: {} }),
  ]);
  expect(values({ frames }).map(([lane, , text]) => [lane, text])).toEqual([
    ['tool-arguments', 'bob'],
    ['tool-arguments', 'hi'],
    ['tool-arguments', 'ann'],
  ]);
  expect(frames[4]!.laneEnds).toHaveLength(2);
  expect(facts.toolsCalled).toEqual(['send']);
});

test('reads an array element by element, and its end', () => {
  const { frames } = array(`[${JSON.stringify(chunk({ text: 'Pa' }))},\r\n${JSON.stringify(chunk({ text: 'ris' }))}]`);
  expect(values({ frames })).toEqual([['output', 'candidates.0.text', 'Paris']]);
  expect(frames.map(({ laneEnds, uninspectable }) => [laneEnds, uninspectable])).toEqual([
    [[], undefined],
    [[], undefined],
    [['*'], undefined],
  ]);
});

test('says what is wrong with an array, and reads it all the same', () => {
  const reasons = (text: string) =>
    array(text).frames.map(({ uninspectable, segments }) => [uninspectable, segments.map((one) => one.text).join('|')]);
  expect(reasons('[{"a" "x"}]')).toEqual([
    ['invalid-json', '{"a" "x"}'],
    [undefined, ''],
  ]);
  expect(reasons('[{} {"a":"x"}]')).toEqual([
    [undefined, ''],
    ['invalid-json', ' {"a":"x"}]'],
  ]);
  expect(reasons('[{"a":"x')).toEqual([['truncated', '[{"a":"x']]);
  expect(reasons('{"error":{"message":"x"}}')).toEqual([[undefined, 'message|x']]);
});

const refusal = denialFor('content_filter');
const SAFETY = { finishReason: 'SAFETY', finishMessage: refusal.message };
const endingAfter = (reading: ReturnType<typeof sse>, after: number) =>
  gemini.ending(reading.frames[after - 1]?.position, refusal).toString();

test('ends a stream with SAFETY for every candidate the client has seen', () => {
  const seen = sse([{ ...chunk({ text: 'a' }), responseId: 'r1', modelVersion: 'm' }, { candidates: [{ index: 2 }] }]);
  const event = { candidates: [0, 2].map((index) => ({ index, ...SAFETY })), modelVersion: 'm', responseId: 'r1' };
  expect(endingAfter(seen, 2)).toBe(`data: ${JSON.stringify(event)}\n\n`);
  expect(endingAfter(seen, 0)).toBe(`data: ${JSON.stringify({ candidates: [{ index: 0, ...SAFETY }] })}\n\n`);
});

test('ends an array inside it, and adds nothing to one that is closed', () => {
  const text = `[${JSON.stringify(chunk({ text: 'a' }))}]`;
  const event = JSON.stringify({ candidates: [{ index: 0, ...SAFETY }] });
  expect([1, 2].map((after) => endingAfter(array(text), after))).toEqual([`,${event}]`, '']);
  const start = gemini.openStream('json-array').position();
  expect(gemini.ending(start, refusal).toString()).toBe(`[${event}]`);
});

test('an array of which the client has an unread element is ended as one that has begun', () => {
  const { frames } = read([Buffer.from(`[{"a":"${'x'.repeat(50)}"}`)], {
    format: gemini,
    direction: 'response',
    limits: { eventBytes: 20 },
  });
  expect(frames.map(({ uninspectable }) => uninspectable)).toEqual(['event-limit']);
  expect(gemini.ending(frames[0]!.position, refusal).toString()).toMatch(/^,\{/);
});

const DENIALS = [
  ['content_filter', 403, 'PERMISSION_DENIED'],
  ['request_too_large', 413, 'INVALID_ARGUMENT'],
  ['uninspectable', 403, 'PERMISSION_DENIED'],
  ['unavailable', 503, 'UNAVAILABLE'],
] as const;

test('the table of denials has all its rows', () => expect(DENIALS).toHaveLength(4));

test.each(DENIALS)('denies %s with %i %s', (code, status, name) => {
  const denial = denialFor(code, 'pii.email');
  const answer = gemini.denial(denial);
  const error = { code: status, message: denial.message, status: name, details: [expect.objectContaining({ reason: code.toUpperCase() })] };
  expect([answer.status, JSON.parse(answer.body)]).toEqual([status, { error }]);
});
