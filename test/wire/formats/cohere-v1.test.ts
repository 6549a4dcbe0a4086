import { expect, test } from 'vitest';
import { denialFor } from '../../../src/respond/denial.ts';
import { cohereV1 } from '../../../src/wire/formats/cohere-v1.ts';
import { read, values } from '../reading.ts';

const request = (body: unknown) => read([Buffer.from(JSON.stringify(body))], { format: cohereV1, direction: 'request' });
const response = (body: unknown) => read([Buffer.from(JSON.stringify(body))], { format: cohereV1, direction: 'response' });
const stream = (lines: readonly unknown[]) =>
  read(
    lines.map((line) => Buffer.from(`${JSON.stringify(line)}\n`)),
    { format: cohereV1, direction: 'response', contentType: 'application/stream+json' },
  );
const START = { is_finished: false, event_type: 'stream-start', generation_id: 'g1' };
const text = (piece: string) => ({ is_finished: false, event_type: 'text-generation', text: piece });
const denied = denialFor('content_filter');

const PATHS: readonly (readonly [path: string, speaks: boolean])[] = [
  ['/v1/chat', true],
  ['/proxy/v1/chat/', true],
  ['/v1/generate', true],
  ['/v1/embed', true],
  ['/v1/rerank', true],
  ['/v1/classify', true],
  ['/v1/summarize', true],
  ['/v1/tokenize', true],
  ['/v1/detokenize', true],
  ['/v1/chat/completions', false],
  ['/v1/embeddings', false],
  ['/v2/chat', false],
];

test('the table of paths has all its rows', () => expect(PATHS).toHaveLength(12));

test.each(PATHS)('%s speaks Cohere v1: %s', (path, speaks) => {
  expect(cohereV1.recognise({ method: 'POST', path, host: 'api.cohere.com', header: () => undefined })).toBe(speaks);
});

test('reads every lane of a chat request', () => {
  const { frames, facts } = request({
    model: 'command-r',
    stream: false,
    message: 'hello',
    preamble: 'be kind',
    conversation_id: 'c1',
    prompt_truncation: 'AUTO',
    chat_history: [
      { role: 'USER', message: 'before' },
      { role: 'Chatbot', message: 'I look', tool_calls: [{ name: 'look', parameters: { where: 'here' } }] },
      { role: 'SYSTEM', message: 'note' },
      { role: 'TOOL', tool_results: [{ call: { name: 'look', parameters: { where: 'there' } }, outputs: [{ found: 'it' }] }] },
    ],
    documents: [{ id: 'd', text: 'doc' }],
    tools: [{ name: 'look', description: 'looks', parameter_definitions: { where: { type: 'str' } } }],
    tool_results: [{ call: { name: 'look', parameters: {} }, outputs: [{ n: 123_456_789 }] }],
    connectors: [{ id: 'web-search' }],
  });
  expect(values({ frames })).toEqual([
    ['user', 'message', 'hello'],
    ['system', 'preamble', 'be kind'],
    ['user', 'chat_history.0.message', 'before'],
    ['assistant-history', 'chat_history.1.message', 'I look'],
    ['tool-arguments', 'chat_history.1.tool_calls.0.parameters.where', 'here'],
    ['system', 'chat_history.2.message', 'note'],
    ['tool-arguments', 'chat_history.3.tool_results.0.call.parameters.where', 'there'],
    ['tool-result', 'chat_history.3.tool_results.0.outputs.0.found', 'it'],
    ['document', 'documents.0.id', 'd'],
    ['document', 'documents.0.text', 'doc'],
    ['tool-definition', 'tools.0.description', 'looks'],
    ['tool-definition', 'tools.0.parameter_definitions.where.type', 'str'],
    ['other', 'body.connectors.0.id', 'web-search'],
    ['tool-result', 'tool_results.0.outputs.0.n', '123456789'], // after the history, wherever it stands
  ]);
  expect(facts).toMatchObject({ model: 'command-r', stream: false, conversationId: 'c1', toolsDeclared: ['look'], toolsCalled: [] });
});

test('a request that is nothing of Cohere is read as any JSON and counted', () => {
  expect(request({ foo: 'bar' }).facts.unfit).toBe(true);
  expect(request({ message: 'hi' }).facts.unfit).toBeUndefined();
});

test('reads every lane of an answer, and its facts', () => {
  const { frames, facts } = response({
    response_id: 'r1',
    generation_id: 'g1',
    text: 'hello',
    citations: [{ start: 0, end: 5, text: 'hello', document_ids: ['d'] }],
    documents: [{ id: 'd', snippet: 'doc' }],
    search_queries: [{ text: 'what', generation_id: 'g0' }],
    tool_calls: [{ name: 'send', parameters: { to: 'bob' } }],
    finish_reason: 'COMPLETE',
    is_search_required: true,
    meta: { billed_units: { input_tokens: 4, output_tokens: 6 } },
  });
  expect(values({ frames })).toEqual([
    ['output', 'text', 'hello'],
    ['output', 'body.citations.0.text', 'hello'],
    ['output', 'body.citations.0.document_ids.0', 'd'],
    ['document', 'body.documents.0.id', 'd'],
    ['document', 'body.documents.0.snippet', 'doc'],
    ['output', 'body.search_queries.0.text', 'what'],
    ['output', 'body.search_queries.0.generation_id', 'g0'],
    ['tool-arguments', 'body.tool_calls.0.parameters.to', 'bob'],
  ]);
  expect(frames[0]?.echoes).toHaveLength(2);
  expect(facts).toEqual({
    responseId: 'r1',
    inputTokens: 4,
    outputTokens: 6,
    toolsDeclared: [],
    toolsCalled: ['send'],
    finishReasons: ['COMPLETE'],
    methods: [],
  });
});

test('reads completions, summaries, classifications, ranks and tokens', () => {
  const bodies = [
    { id: 'x', prompt: 'ask', generations: [{ id: 'g', text: 'say', likelihood: -0.1234567891, token_likelihoods: [{ token: 'say' }] }] },
    { summary: 'short' },
    { classifications: [{ id: 'i', input: 'in', prediction: 'spam', labels: { spam: { confidence: 0.9123456789 } } }] },
    { results: [{ index: 0, relevance_score: 0.9123456789, document: { text: 'doc' } }] },
    { embeddings: [[0.1234567891, 0.2]], texts: ['t'] },
    { tokens: [1, 123_456_789], token_strings: ['to', 'ken'] },
  ];
  expect(bodies.map((body) => values(response(body)).map(([lane, key, found]) => `${lane} ${key} ${found}`))).toEqual([
    ['output body.prompt ask', 'output body.generations.0.text say', 'output body.generations.0.token_likelihoods.0.token say'],
    ['output body.summary short'],
    ['output body.classifications.0.input in', 'output body.classifications.0.prediction spam'],
    ['document body.results.0.document.text doc'],
    ['output body.texts.0 t'],
    ['output body.token_strings.0 to', 'output body.token_strings.1 ken'],
  ]);
});

test('gathers the text of a stream; what stream-end repeats is a text of its own', () => {
  const { frames, facts } = stream([
    START,
    text('hel'),
    text('lo'),
    { is_finished: false, event_type: 'citation-generation', citations: [{ start: 0, end: 5, text: 'hello', document_ids: [] }] },
    {
      is_finished: true,
      event_type: 'stream-end',
      finish_reason: 'COMPLETE',
      response: { response_id: 'r1', text: 'hello', finish_reason: 'COMPLETE', meta: { tokens: { input_tokens: 9, output_tokens: 7 } } },
    },
  ]);
  expect(values({ frames })).toEqual([
    ['output', 'text', 'hello'],
    ['output', 'event.citations.0.text#0', 'hello'],
    ['output', 'event.response.text#1', 'hello'],
  ]);
  expect(frames.at(-1)?.laneEnds).toEqual(['*']);
  expect(facts).toMatchObject({ responseId: 'r1', inputTokens: 9, outputTokens: 7, finishReasons: ['COMPLETE'] });
});

test('gathers the completions of a stream apart, and streams of events without a type', () => {
  const piece = (index: number, found: string) => ({ text: found, index, is_finished: false });
  expect(values(stream([piece(0, 'a'), piece(1, 'x'), piece(0, 'b'), piece(1, 'y'), { text: 'z', is_finished: false }]))).toEqual([
    ['output', 'text.0', 'ab'],
    ['output', 'text.1', 'xy'],
    ['output', 'text', 'z'],
  ]);
});

test('gathers the arguments of tool calls that come in pieces, each call apart', () => {
  const piece = (delta: unknown) => ({ is_finished: false, event_type: 'tool-calls-chunk', tool_call_delta: delta });
  const { frames, facts } = stream([
    { is_finished: false, event_type: 'tool-calls-chunk', text: 'I ' },
    { is_finished: false, event_type: 'tool-calls-chunk', text: 'send' },
    piece({ index: 0, name: 'send' }),
    piece({ index: 0, parameters: '{"to": "b' }),
    piece({ index: 1, parameters: '{"to": "a' }),
    piece({ index: 0, parameters: 'ob"}' }),
    piece({ index: 1, parameters: 'nn"}' }),
    { is_finished: false, event_type: 'tool-calls-generation', text: 'I send', tool_calls: [{ name: 'send', parameters: { to: 'bob' } }] },
  ]);
  expect(values({ frames })).toEqual([
    ['output', 'tool_plan', 'I send'],
    ['tool-arguments', 'tool_calls.0.parameters/0', 'to'],
    ['tool-arguments', 'tool_calls.0.parameters/1', 'bob'],
    ['tool-arguments', 'tool_calls.1.parameters/0', 'to'],
    ['tool-arguments', 'tool_calls.1.parameters/1', 'ann'],
    ['output', 'event.text#0', 'I send'],
    ['tool-arguments', 'event.tool_calls.0.parameters.to#2', 'bob'],
  ]);
  expect(facts.toolsCalled).toEqual(['send']);
});

const END = {
  is_finished: true,
  event_type: 'stream-end',
  finish_reason: 'ERROR_TOXIC',
  response: { id: 'g1', response_id: 'g1', generation_id: 'g1', text: '', generations: [], finish_reason: 'ERROR_TOXIC' },
};

test('ends JSON lines and SSE with the same event, each in its framing', () => {
  const position = stream([START, text('a')]).frames.at(-1)!.position;
  expect(JSON.parse(cohereV1.ending(position, denied).toString())).toEqual(END);
  const reader = cohereV1.openStream('sse');
  const [event, data] = cohereV1.ending(reader.position(), denied).toString().split('\n');
  expect(event).toBe('event: stream-end');
  expect(JSON.parse(data!.slice('data: '.length))).toMatchObject({ finish_reason: 'ERROR_TOXIC', response: { id: 'filtered' } });
});

test('adds nothing to a stream that is ended, or that stands in another framing', () => {
  const { frames } = stream([START, { is_finished: true, event_type: 'stream-end', finish_reason: 'COMPLETE', response: {} }]);
  expect(cohereV1.ending(frames.at(-1)!.position, denied)).toHaveLength(0);
  expect(cohereV1.ending(cohereV1.openStream('json-array').position(), denied)).toHaveLength(0);
});

test('a stream of another application is read as any JSON, joined over its lines, and has no ending', () => {
  const lines = [{ choices: [{ delta: { content: 'hel' } }] }, { choices: [{ delta: { content: 'lo' } }] }];
  const { frames } = stream(lines);
  expect(values({ frames })).toEqual([['output', 'event.choices.0.delta.content', 'hello']]);
  expect(cohereV1.ending(stream([START, ...lines]).frames.at(-1)!.position, denied)).not.toHaveLength(0);
  expect(cohereV1.ending(frames.at(-1)!.position, denied)).toHaveLength(0);
});

test('denies with the error of the API', () => {
  const denial = denialFor('unavailable');
  const { status, body } = cohereV1.denial(denial);
  expect([status, JSON.parse(body)]).toEqual([503, { message: denial.message }]);
});
