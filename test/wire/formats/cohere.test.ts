import { expect, test } from 'vitest';
import { denialFor } from '../../../src/respond/denial.ts';
import { cohere } from '../../../src/wire/formats/cohere.ts';
import { lanes, read, values } from '../reading.ts';

const request = (body: unknown) => read([Buffer.from(JSON.stringify(body))], { format: cohere, direction: 'request' });
const response = (body: unknown) => read([Buffer.from(JSON.stringify(body))], { format: cohere, direction: 'response' });

interface Event {
  readonly type: string;
  readonly [field: string]: unknown;
}
const stream = (events: readonly Event[], tail = '') =>
  read([...events.map((event) => Buffer.from(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)), Buffer.from(tail)], {
    format: cohere,
    direction: 'response',
    contentType: 'text/event-stream',
  });
const START: Event = { type: 'message-start', id: 'm1', delta: { message: { role: 'assistant', content: [], citations: [] } } };
const content = (type: string, index: number, part: unknown): Event => ({ type, index, delta: { message: { content: part } } });
const call = (type: string, index: number, tool_calls: unknown): Event => ({ type, index, delta: { message: { tool_calls } } });
const END: Event = {
  type: 'message-end',
  delta: {
    finish_reason: 'COMPLETE',
    usage: { billed_units: { input_tokens: 3, output_tokens: 5 }, tokens: { input_tokens: 66, output_tokens: 8 } },
  },
};
const denied = denialFor('content_filter');

const PATHS: readonly (readonly [path: string, speaks: boolean])[] = [
  ['/v2/chat', true],
  ['/cohere/v2/chat/', true],
  ['/v2/embed', true],
  ['/v2/rerank', true],
  ['/v1/chat', false],
  ['/v2/chat/completions', false],
];

test('the table of paths has all its rows', () => expect(PATHS).toHaveLength(6));

test.each(PATHS)('%s speaks Cohere v2: %s', (path, speaks) => {
  expect(cohere.recognise({ method: 'POST', path, host: 'api.cohere.com', header: () => undefined })).toBe(speaks);
});

test('reads every lane of a chat request', () => {
  const { frames, facts } = request({
    model: 'command-a',
    stream: true,
    safety_mode: 'STRICT',
    messages: [
      { role: 'system', content: 'be kind' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'hel' },
          { type: 'text', text: 'lo' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'low' } },
          { type: 'image_url', image_url: 'https://example.test/cat.png' },
          { type: 'text', text: 'so?' },
        ],
      },
      {
        role: 'assistant',
        tool_plan: 'I look',
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{"where":"here"}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: [{ type: 'document', document: { id: '1', data: 'found' } }] },
    ],
    documents: ['a', { id: 'd', data: { title: 'b' } }],
    tools: [{ type: 'function', function: { name: 'look', description: 'looks', parameters: {} } }],
  });
  expect(values({ frames })).toEqual([
    ['system', 'messages.0.content', 'be kind'],
    ['user', 'messages.1.content', 'hello'],
    ['user', 'messages.1.content.3.image_url', 'https://example.test/cat.png'],
    ['user', 'messages.1.content.3', 'so?'],
    ['reasoning', 'messages.2.tool_plan', 'I look'],
    ['tool-arguments', 'messages.2.tool_calls.0.arguments/0', 'where'],
    ['tool-arguments', 'messages.2.tool_calls.0.arguments/1', 'here'],
    ['tool-result', 'messages.3.content.0.document.id', '1'],
    ['tool-result', 'messages.3.content.0.document.data', 'found'],
    ['document', 'documents.0', 'a'],
    ['document', 'documents.1.id', 'd'],
    ['document', 'documents.1.data.title', 'b'],
    ['tool-definition', 'tools.0.function.description', 'looks'],
  ]);
  expect(facts).toMatchObject({ model: 'command-a', stream: true, toolsDeclared: ['look'], toolsCalled: [] });
});

test('the names of fields no dialect knows are read', () => {
  expect(lanes(request({ model: 'm', messages: [{ role: 'user', content: 'x', hidden: 1 }], strange: 2 }))).toEqual([
    ['user', 'messages.0.content', 'x'],
    ['other', 'key#0', 'hidden'],
    ['other', 'key#1', 'strange'],
  ]);
});

test('a request that is nothing of Cohere is read as any JSON and counted', () => {
  expect(request({ foo: 'bar' }).facts.unfit).toBe(true);
  expect(request({ messages: [] }).facts.unfit).toBeUndefined();
});

test('reads every lane of an answer, and its facts', () => {
  const { frames, facts } = response({
    id: 'a1',
    finish_reason: 'TOOL_CALL',
    message: {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'hmm' },
        { type: 'text', text: 'hello' },
      ],
      tool_plan: 'I send',
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'send', arguments: '{"to":"bob"}' } }],
      citations: [
        { start: 0, end: 5, text: 'hello', type: 'TEXT_CONTENT', sources: [{ type: 'document', id: 'd', document: { t: 'src' } }] },
      ],
    },
    usage: { billed_units: { input_tokens: 3, output_tokens: 5 }, tokens: { input_tokens: 66.0, output_tokens: 8 } },
    logprobs: [
      { text: 'hel', token_ids: [1, 2], logprobs: [-0.1234567891] },
      { text: 'lo', token_ids: [3] },
    ],
  });
  expect(values({ frames })).toEqual([
    ['reasoning', 'content.0.thinking', 'hmm'],
    ['output', 'content.1', 'hello'],
    ['reasoning', 'tool_plan', 'I send'],
    ['tool-arguments', 'tool_calls.0.arguments/0', 'to'],
    ['tool-arguments', 'tool_calls.0.arguments/1', 'bob'],
    ['output', 'citations.0.text', 'hello'],
    ['document', 'citations.0.sources.0.type', 'document'],
    ['document', 'citations.0.sources.0.id', 'd'],
    ['document', 'citations.0.sources.0.document.t', 'src'],
    ['output', 'logprobs.text', 'hello'],
  ]);
  expect(frames[0]?.echoes).toHaveLength(3); // start and end of the citation, and the logprobs
  expect(facts).toEqual({
    responseId: 'a1',
    inputTokens: 66,
    outputTokens: 8,
    toolsDeclared: [],
    toolsCalled: ['send'],
    finishReasons: ['TOOL_CALL'],
    methods: [],
  });
});

test('reads ranked documents, and of vectors only what is no vector', () => {
  expect(values(response({ results: [{ index: 0, relevance_score: 0.9876543211, document: { text: 'doc' } }] }))).toEqual([
    ['document', 'results.0.document.text', 'doc'],
  ]);
  const embeddings = { float: [[0.1234567891]], base64: ['zczMPQ==', 'call me!'], int8: [[1, 'two']] };
  expect(values(response({ embeddings, texts: ['hello'], response_type: 'embeddings_by_type' }))).toEqual([
    ['output', 'embeddings.base64.1', 'call me!'],
    ['output', 'embeddings.int8.0.1', 'two'],
    ['output', 'body.texts.0', 'hello'],
  ]);
});

test('gathers the texts of a stream by content and by call, which are counted apart', () => {
  const { frames, facts } = stream(
    [
      START,
      { type: 'tool-plan-delta', delta: { message: { tool_plan: 'I ' } } },
      { type: 'tool-plan-delta', delta: { message: { tool_plan: 'send' } } },
      call('tool-call-start', 0, { id: 'c', type: 'function', function: { name: 'send', arguments: '' } }),
      call('tool-call-delta', 0, { function: { arguments: '{"to": "b' } }),
      call('tool-call-delta', 0, { function: { arguments: 'ob"}' } }),
      { type: 'tool-call-end', index: 0 },
      content('content-start', 0, { type: 'thinking', thinking: '' }),
      content('content-delta', 0, { thinking: 'hm' }),
      content('content-delta', 0, { thinking: 'm' }),
      { type: 'content-end', index: 0 },
      content('content-start', 1, { type: 'text', text: 'h' }),
      { ...content('content-delta', 1, { text: 'i' }), logprobs: { text: 'i', token_ids: [7] } },
      { type: 'citation-start', index: 0, delta: { message: { citations: { start: 0, end: 2, text: 'hi', sources: [] } } } },
      { type: 'citation-end', index: 0 },
      { type: 'content-end', index: 1 },
      END,
    ],
    'data: [DONE]\n\n',
  );
  expect(values({ frames })).toEqual([
    ['reasoning', 'tool_plan', 'I send'],
    ['tool-arguments', 'tool_calls.0.arguments/0', 'to'],
    ['tool-arguments', 'tool_calls.0.arguments/1', 'bob'],
    ['reasoning', 'content.0.thinking', 'hmm'],
    ['output', 'content.1', 'hi'],
    ['output', 'logprobs.1.text', 'i'],
    ['output', 'citations.0.text#0', 'hi'],
  ]);
  const ends = frames.flatMap(({ laneEnds }) => laneEnds).filter((key) => !key.startsWith('key#'));
  expect(ends).toEqual([
    'tool_plan',
    'tool_calls.0.arguments/0',
    'tool_calls.0.arguments/1',
    'content.0.thinking',
    'citations.0.text#0',
    'content.1',
    'logprobs.1.text',
    '*',
    '*',
  ]);
  expect(facts).toMatchObject({ responseId: 'm1', inputTokens: 66, outputTokens: 8, toolsCalled: ['send'], finishReasons: ['COMPLETE'] });
});

test('says what is open, in snapshots that do not change', () => {
  const { frames } = stream([
    START,
    content('content-start', 0, { type: 'text', text: '' }),
    call('tool-call-start', 0, { function: { name: 'send' } }),
    { type: 'content-end', index: 0 },
    END,
  ]);
  expect(frames.map(({ position }) => position)).toEqual([
    { framing: 'sse', started: true, contents: [], calls: [], ended: false, foreign: false },
    { framing: 'sse', started: true, contents: [0], calls: [], ended: false, foreign: false },
    { framing: 'sse', started: true, contents: [0], calls: [0], ended: false, foreign: false },
    { framing: 'sse', started: true, contents: [], calls: [0], ended: false, foreign: false },
    { framing: 'sse', started: true, contents: [], calls: [], ended: true, foreign: false },
  ]);
});

const typesOf = (ending: Buffer): string[] =>
  ending
    .toString()
    .split('\n')
    .flatMap((line) => (line.startsWith('event: ') ? [line.slice(7)] : []));

test('ends a stream with everything closed, an error and a marker', () => {
  const { frames } = stream([
    START,
    content('content-start', 2, { type: 'text', text: '' }),
    call('tool-call-start', 1, { function: { name: 'send' } }),
  ]);
  const ending = cohere.ending(frames.at(-1)!.position, denied);
  expect(typesOf(ending)).toEqual(['content-end', 'tool-call-end', 'message-end']);
  const data = ending
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => line.slice(6));
  expect(data.at(-1)).toBe('[DONE]');
  expect(data.slice(0, -1).map((line) => JSON.parse(line))).toMatchObject([
    { index: 2 },
    { index: 1 },
    { delta: { finish_reason: 'ERROR', error: denied.message, usage: { tokens: { output_tokens: 0 } } } },
  ]);
});

test('ends a stream nobody has seen anything of, and adds nothing to one that is ended or is no SSE', () => {
  expect(typesOf(cohere.ending(undefined, denied))).toEqual(['message-start', 'message-end']);
  expect(cohere.ending(stream([START, END]).frames.at(-1)!.position, denied)).toHaveLength(0);
  expect(cohere.ending(cohere.openStream('json-lines').position(), denied)).toHaveLength(0);
});

test('a stream of another application is read as any JSON, joined over its events, and has no ending', () => {
  const { frames } = stream([
    { type: 'text-delta', delta: 'hel' },
    { type: 'text-delta', delta: 'lo' },
  ]);
  expect(values({ frames }).filter(([, key]) => key === 'event.delta')).toEqual([['output', 'event.delta', 'hello']]);
  expect(cohere.ending(frames.at(-1)!.position, denied)).toHaveLength(0);
});

test('denies with the error of the API', () => {
  const { status, contentType, body } = cohere.denial(denied);
  expect([status, contentType, JSON.parse(body)]).toEqual([403, 'application/json', { message: denied.message }]);
});
