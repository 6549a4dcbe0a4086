import { expect, test } from 'vitest';
import { denialFor } from '../../../src/respond/denial.ts';
import { openaiChat } from '../../../src/wire/formats/openai-chat.ts';
import { lanes, read, values } from '../reading.ts';

const request = (body: unknown) => read([Buffer.from(JSON.stringify(body))], { format: openaiChat, direction: 'request' });
const response = (body: unknown) => read([Buffer.from(JSON.stringify(body))], { format: openaiChat, direction: 'response' });
const sse = (events: readonly unknown[]) => events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`);
const stream = (events: readonly unknown[]) =>
  read(
    sse(events).map((event) => Buffer.from(event)),
    { format: openaiChat, direction: 'response', contentType: 'text/event-stream' },
  );
const chunk = (delta: unknown, rest: Record<string, unknown> = {}) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1_700_000_000,
  model: 'gpt-5',
  choices: [{ index: 0, delta, finish_reason: null, ...rest }],
});

test('gives each role its lane, with the role after the content too', () => {
  const { frames, facts } = request({
    model: 'gpt-5',
    stream: true,
    messages: [
      { role: 'system', content: 'be kind' },
      { role: 'developer', content: 'be brief' },
      { content: 'hello', role: 'user', name: 'bob' },
      { role: 'assistant', content: 'hi', refusal: 'no' },
      { role: 'tool', tool_call_id: 'call_1', content: 'sunny' },
      { role: 'function', name: 'f', content: 'rain' },
      { role: 'somebody', content: 'odd' },
    ],
  });
  expect(values({ frames })).toEqual([
    ['system', 'messages.0.content', 'be kind'],
    ['system', 'messages.1.content', 'be brief'],
    ['user', 'messages.2.content', 'hello'],
    ['user', 'messages.2.name', 'bob'],
    ['assistant-history', 'messages.3.content', 'hi'],
    ['refusal', 'messages.3.refusal', 'no'],
    ['tool-result', 'messages.4.content', 'sunny'],
    ['tool-result', 'messages.5.name', 'f'],
    ['tool-result', 'messages.5.content', 'rain'],
    ['user', 'messages.6.content', 'odd'],
  ]);
  expect(facts).toMatchObject({ model: 'gpt-5', stream: true });
  expect(frames[0]!.laneEnds).toEqual(['*']);
});

test('text parts that stand side by side are one text, parts with a picture between them are two', () => {
  const content = [
    { type: 'text', text: '4111 1111 ' },
    { type: 'text', text: '1111 1111' },
    { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
    { type: 'text', text: 'after' },
    { type: 'image_url', image_url: { url: 'https://example.com/a?b=secret' } },
    { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } },
    { type: 'file', file: { file_data: 'not base64!', filename: 'a.txt' } },
  ];
  expect(values(request({ messages: [{ role: 'user', content }] }))).toEqual([
    ['user', 'messages.0.content', '4111 1111 1111 1111'],
    ['user', 'messages.0.content.2', 'after'],
    ['other', 'messages.0.content.4.image_url.url', 'https://example.com/a?b=secret'],
    ['other', 'messages.0.content.5.input_audio.format', 'wav'],
    ['other', 'messages.0.content.6.file.file_data', 'not base64!'],
    ['other', 'messages.0.content.6.file.filename', 'a.txt'],
  ]);
});

test('reads the arguments of tool calls and of the old function call a second time', () => {
  const { frames, facts } = request({
    messages: [
      {
        role: 'assistant',
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'send', arguments: '{"to":"\\u0062ob","n":123456789}' } }],
        function_call: { name: 'old', arguments: 'not json' },
      },
    ],
  });
  expect(lanes({ frames })).toEqual([
    ['tool-arguments', 'messages.0.tool_calls.0.arguments/0', 'to'],
    ['tool-arguments', 'messages.0.tool_calls.0.arguments/1', 'bob'],
    ['tool-arguments', 'messages.0.tool_calls.0.arguments/2', 'n'],
    ['tool-arguments', 'messages.0.tool_calls.0.arguments/3', '123456789'],
    ['tool-arguments', 'messages.0.function_call.arguments/raw', 'not json'],
  ]);
  expect(facts.toolsCalled).toEqual([]);
});

test('names the tools that are declared and reads their descriptions and schemas', () => {
  const parameters = { type: 'object', properties: { to: { description: 'whom' } } };
  const { frames, facts } = request({
    tools: [{ type: 'function', function: { name: 'send', description: 'sends', parameters } }],
    functions: [{ name: 'old', description: 'older' }],
  });
  expect(values({ frames })).toEqual([
    ['tool-definition', 'tools.0.function.description', 'sends'],
    ['tool-definition', 'tools.0.function.parameters.type', 'object'],
    ['tool-definition', 'tools.0.function.parameters.properties.to.description', 'whom'],
    ['tool-definition', 'functions.0.description', 'older'],
  ]);
  expect(lanes({ frames }).flatMap(([lane, key, text]) => (key.startsWith('key#') ? [[lane, text]] : []))).toContainEqual([
    'tool-definition',
    'properties',
  ]);
  expect(facts.toolsDeclared).toEqual(['send', 'old']);
});

test('leaves no string of a request unread', () => {
  const found = values(
    request({
      model: 'm'.repeat(200),
      user: 'u-1',
      metadata: { ticket: 'T' },
      prediction: { type: 'content', content: 'guess' },
      response_format: { json_schema: { description: 'shape' } },
      stop: ['END'],
      'odd.name': 'x',
      seed: 1_234_567_890,
      messages: 'not a list',
    }),
  );
  expect(found).toEqual([
    ['other', 'model', 'm'.repeat(200)],
    ['other', 'body.user', 'u-1'],
    ['other', 'body.metadata.ticket', 'T'],
    ['other', 'body.prediction.type', 'content'],
    ['other', 'body.prediction.content', 'guess'],
    ['other', 'body.response_format.json_schema.description', 'shape'],
    ['other', 'body.stop.0', 'END'],
    ['other', 'body.["odd.name"]', 'x'],
    ['other', 'body.seed', '1234567890'],
    ['other', 'messages', 'not a list'],
  ]);
});

test('reads both of two duplicate fields, each as a text of its own; with two roles it is what a user says', () => {
  const body = '{"messages":[{"role":"user","content":"a","content":"b","role":"system"}]}';
  expect(lanes(read([Buffer.from(body)], { format: openaiChat, direction: 'request' }))).toEqual([
    ['user', 'messages.0.content', 'a'],
    ['user', 'messages.0.content~1', 'b'],
  ]);
});

test('reads every lane of an answer', () => {
  const { frames, facts } = response({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'gpt-5',
    choices: [
      {
        index: 1,
        message: {
          role: 'assistant',
          content: 'text',
          refusal: 'sorry',
          reasoning_content: 'hmm',
          annotations: [{ type: 'url_citation', url_citation: { url: 'https://e.com' } }],
          audio: { id: 'a', data: 'UklGRg==', expires_at: 1_700_000_000, transcript: 'spoken' },
          tool_calls: [{ id: 'c', type: 'function', function: { name: 'send', arguments: '{"a":"b"}' } }],
        },
        logprobs: { content: [{ token: 'text', bytes: [1] }] },
        finish_reason: 'tool_calls',
      },
    ],
    usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
    system_fingerprint: 'fp_1',
  });
  expect(values({ frames })).toEqual([
    ['output', 'choices.0.content', 'text'],
    ['refusal', 'choices.0.refusal', 'sorry'],
    ['reasoning', 'choices.0.reasoning_content', 'hmm'],
    ['output', 'choices.0.annotations.0.type', 'url_citation'],
    ['output', 'choices.0.annotations.0.url_citation.url', 'https://e.com'],
    ['output', 'choices.0.audio.transcript', 'spoken'],
    ['tool-arguments', 'choices.0.tool_calls.0.arguments/0', 'a'],
    ['tool-arguments', 'choices.0.tool_calls.0.arguments/1', 'b'],
    ['output', 'choices.0.logprobs.content.0.token', 'text'],
  ]);
  const [echo] = frames[0]!.echoes;
  expect(frames[0]!.bytes.toString('utf8', echo!.start, echo!.end)).toBe('{"content":[{"token":"text","bytes":[1]}]}');
  expect(facts).toEqual({
    responseId: 'chatcmpl-1',
    responseModel: 'gpt-5',
    inputTokens: 3,
    outputTokens: 4,
    toolsDeclared: [],
    toolsCalled: ['send'],
    finishReasons: ['tool_calls'],
    methods: [],
  });
});

test('reads an error body', () => {
  expect(values(response({ error: { message: 'no', type: 't', param: null, code: 'c' } }))).toEqual([
    ['output', 'body.error.message', 'no'],
    ['output', 'body.error.type', 't'],
    ['output', 'body.error.code', 'c'],
  ]);
});

test('gathers the texts of a stream by choice and tool call', () => {
  const { frames, facts } = stream([
    chunk({ role: 'assistant', content: '' }),
    chunk({ content: 'he' }),
    { ...chunk({}), choices: [{ index: 1, delta: { content: 'other' }, finish_reason: null }] },
    chunk({ content: 'llo', reasoning: 'why' }),
    chunk({ tool_calls: [{ index: 0, id: 'c0', type: 'function', function: { name: 'send', arguments: '' } }] }),
    chunk({ tool_calls: [{ index: 1, function: { name: 'look', arguments: '{"q":"x"}' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '{"to":"b' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: 'ob"}' } }] }),
    chunk({}, { finish_reason: 'tool_calls' }),
    { ...chunk({}), choices: [], usage: { prompt_tokens: 5, completion_tokens: 6 } },
    '[DONE]',
  ]);
  expect(values({ frames })).toEqual([
    ['output', 'choices.0.content', 'hello'],
    ['output', 'choices.1.content', 'other'],
    ['reasoning', 'choices.0.reasoning', 'why'],
    ['tool-arguments', 'choices.0.tool_calls.1.arguments/0', 'q'],
    ['tool-arguments', 'choices.0.tool_calls.1.arguments/1', 'x'],
    ['tool-arguments', 'choices.0.tool_calls.0.arguments/0', 'to'],
    ['tool-arguments', 'choices.0.tool_calls.0.arguments/1', 'bob'],
  ]);
  expect(frames).toHaveLength(11);
  expect(frames[5]!.laneEnds).toEqual(expect.arrayContaining(['choices.0.content', 'choices.0.reasoning'])); // a call has come
  expect(frames[10]!.laneEnds).toEqual(['*']);
  expect(facts).toMatchObject({
    responseModel: 'gpt-5',
    toolsCalled: ['send', 'look'],
    finishReasons: ['tool_calls'],
    methods: [],
    inputTokens: 5,
    outputTokens: 6,
  });
});

test('fields around the choices are texts of their own in every chunk', () => {
  const { frames } = stream([
    { ...chunk({ content: 'a' }), obfuscation: 'Xy12' },
    { ...chunk({ content: 'b' }), obfuscation: 'Zw34' },
  ]);
  expect(values({ frames }).filter(([, key]) => key.startsWith('body.'))).toEqual([
    ['output', 'body.obfuscation#0', 'Xy12'],
    ['output', 'body.obfuscation#1', 'Zw34'],
  ]);
  expect(frames.map((frame) => frame.laneEnds)).toEqual([['body.obfuscation#0'], ['body.obfuscation#1']]);
});

test('names of counts are no texts, other names and whatever stands under any are', () => {
  const usage = { prompt_tokens: 3, cached_tokens: 'three', cached_token: 4 };
  const { frames } = stream([{ ...chunk({ content: 'a' }), usage, annotations: [{ unheard_of: 'b' }] }]);
  expect(lanes({ frames }).map(([, , text]) => text)).toEqual(['a', 'three', 'cached_token', 'unheard_of', 'b']);
});

test('says which choices are open, in snapshots that do not change', () => {
  const { frames } = stream([
    chunk({ content: 'a' }),
    { ...chunk({}), choices: [{ index: 2, delta: {} }] },
    chunk({}, { finish_reason: 'stop' }),
    '[DONE]',
  ]);
  const head = { id: 'chatcmpl-1', model: 'gpt-5', created: 1_700_000_000 };
  expect(frames.map((frame) => frame.position)).toEqual([
    { ...head, open: [0], done: false },
    { ...head, open: [0, 2], done: false },
    { ...head, open: [2], done: false },
    { ...head, open: [], done: true },
  ]);
});

test('ends a stream with a finish reason for each open choice', () => {
  const { frames } = stream([chunk({ content: 'a' }), { ...chunk({}), choices: [{ index: 2, delta: {} }] }]);
  const events = openaiChat.ending(frames.at(-1)!.position, denialFor('content_filter')).toString().split('\n\n');
  expect(events.at(-1)).toBe('');
  expect(events.at(-2)).toBe('data: [DONE]');
  expect(events.slice(0, -2).map((event) => JSON.parse(event.slice('data: '.length)))).toEqual(
    [0, 2].map((index) => ({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1_700_000_000,
      model: 'gpt-5',
      choices: [{ index, delta: {}, logprobs: null, finish_reason: 'content_filter' }],
    })),
  );
});

test('ends a stream nobody has seen anything of, and adds nothing to one that is done', () => {
  const fresh = openaiChat.ending(undefined, denialFor('content_filter')).toString();
  expect(fresh).toContain('"index":0,"delta":{},"logprobs":null,"finish_reason":"content_filter"');
  const { frames } = stream([chunk({ content: 'a' }), '[DONE]']);
  expect(openaiChat.ending(frames.at(-1)!.position, denialFor('content_filter'))).toHaveLength(0);
});

test('denies in the shape of the API', () => {
  const { status, body } = openaiChat.denial(denialFor('content_filter', 'secret.aws-key'));
  expect([status, JSON.parse(body)]).toEqual([
    403,
    {
      error: {
        message: 'Blocked by policy: the content of this exchange is not allowed.',
        type: 'invalid_request_error',
        param: null,
        code: 'content_filter',
      },
    },
  ]);
});

test('reads the parts that Mistral has: thinking, references, documents', () => {
  const content = [
    {
      type: 'thinking',
      thinking: [
        { type: 'text', text: 'hm' },
        { type: 'text', text: 'mm' },
      ],
      closed: true,
      signature: 'c2ln',
    },
    { type: 'text', text: 'so' },
    { type: 'reference', reference_ids: ['doc 1'] },
    { type: 'text', text: 'it is' },
    { type: 'document_url', document_url: 'https://example.com/d' },
  ];
  expect(values(response({ choices: [{ index: 0, message: { role: 'assistant', content } }] }))).toEqual([
    ['reasoning', 'choices.0.content.thinking', 'hmmm'],
    ['output', 'choices.0.content', 'soit is'],
    ['other', 'choices.0.content.2.reference_ids.0', 'doc 1'],
    ['other', 'choices.0.content.4.document_url', 'https://example.com/d'],
  ]);
});

test('goes on with the text of a stream that comes as parts, whatever stands beside it', () => {
  const thinking = (text: string) => ({ type: 'thinking', thinking: [{ type: 'text', text }] });
  const { frames } = stream([
    chunk({ content: [thinking('a')] }),
    chunk({ content: [thinking('b'), { type: 'text', text: '4111 1111 ' }] }),
    chunk({ content: '1111 1111' }),
  ]);
  expect(values({ frames })).toEqual([
    ['reasoning', 'choices.0.content.thinking', 'ab'],
    ['output', 'choices.0.content', '4111 1111 1111 1111'],
  ]);
});

test('joins reasoning details by their index', () => {
  const detail = (index: number, fields: object) =>
    chunk({ reasoning_details: [{ type: 'reasoning.text', format: 'f', index, ...fields }] });
  const { frames } = stream([
    detail(0, { text: 'a' }),
    detail(1, { summary: 'x' }),
    detail(0, { text: 'b', signature: 'c2ln' }),
    detail(2, { data: 'c2Vj' }),
  ]);
  expect(values({ frames })).toEqual([
    ['reasoning', 'choices.0.reasoning_details.0.text', 'ab'],
    ['reasoning', 'choices.0.reasoning_details.1.summary', 'x'],
  ]);
});

test('a message that repeats all that was said is a text of its own, and goes when its chunk is rewritten', () => {
  const message = (content: string) => ({ message: { role: 'assistant', content } });
  const { frames } = stream([chunk({ content: 'he' }, message('he')), chunk({ content: 'llo' }, message('hello'))]);
  expect(values({ frames })).toEqual([
    ['output', 'choices.0.content', 'hello'],
    ['output', 'choices.0~message.content', 'hehello'],
  ]);
  expect(frames.map(({ laneEnds }) => laneEnds.includes('choices.0~message.content'))).toEqual([true, true]);
  const echoed = frames.map(({ bytes, echoes: [echo] }) => bytes.toString('utf8', echo!.start, echo!.end));
  expect(echoed).toEqual(['{"role":"assistant","content":"he"}', '{"role":"assistant","content":"hello"}']);
});

test('a message without a delta beside it stays', () => {
  const { frames } = stream([{ id: 'c', choices: [{ index: 0, delta: null, message: { role: 'assistant', content: 'all' } }] }]);
  expect([frames[0]!.echoes, values({ frames })]).toEqual([[], [['output', 'choices.0~message.content', 'all']]]);
});

test('what Azure filtered is no text, but what it cites is', () => {
  const safe = { filtered: false, severity: 'safe' };
  const code = { detected: true, filtered: false, citation: { URL: 'https://example.com/r', license: 'MIT' } };
  const body = {
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'a' },
        content_filter_results: { hate: safe, protected_material_code: code },
        content_filter_offsets: { check_offset: 1, start_offset: 0, end_offset: 1 },
      },
    ],
    prompt_filter_results: [{ prompt_index: 0, content_filter_results: { violence: safe, jailbreak: { detected: false, note: 'n' } } }],
  };
  const { frames } = response(body);
  expect(values({ frames })).toEqual([
    ['output', 'choices.0.content', 'a'],
    ['output', 'choices.0.content_filter_results.protected_material_code.citation.URL', 'https://example.com/r'],
    ['output', 'choices.0.content_filter_results.protected_material_code.citation.license', 'MIT'],
    ['output', 'body.prompt_filter_results.0.content_filter_results.jailbreak.note', 'n'],
  ]);
  const [echo] = frames[0]!.echoes;
  expect(frames[0]!.bytes.toString('utf8', echo!.start, echo!.end)).toContain('check_offset');
});

test('reads fill-in-the-middle and documents to answer from', () => {
  const { frames } = request({ model: 'codestral', prompt: 'def f(', suffix: 'return x', documents: [{ text: 'manual' }] });
  expect(values({ frames })).toEqual([
    ['user', 'prompt', 'def f('],
    ['user', 'suffix', 'return x'],
    ['document', 'documents.0.text', 'manual'],
  ]);
});

test('an error in the middle of a stream is read, and the choice with it is ended', () => {
  const { frames } = stream([
    chunk({ content: 'a' }),
    {
      ...chunk({ content: '' }, { finish_reason: 'error' }),
      error: { code: 502, message: 'upstream broke' },
      x_groq: { error: 'too long' },
    },
  ]);
  expect(values({ frames }).map(([lane, , text]) => [lane, text])).toEqual([
    ['output', 'a'],
    ['output', 'upstream broke'],
    ['output', 'too long'],
  ]);
  expect(frames.at(-1)!.position).toMatchObject({ open: [] });
});

test('a body that has nothing of this dialect does not fit; an empty one does', () => {
  const unfit = [{ jsonrpc: '2.0', method: 'tools/call' }, ['a'], 'a'].map((body) => request(body).facts.unfit);
  const fits = [{}, { messages: [] }, { model: 'm', odd: 1 }, { prompt: 'p' }].map((body) => request(body).facts.unfit);
  expect([unfit, fits]).toEqual([
    [true, true, true],
    [undefined, undefined, undefined, undefined],
  ]);
});

test('ends reasoning when the answer begins, and the answer when a tool is called, so that no last word holds what follows', () => {
  const { frames } = stream([
    chunk({ role: 'assistant', content: '', reasoning_content: 'It is 3' }),
    chunk({ content: null, reasoning_content: '.' }),
    chunk({ content: 'It is', reasoning_content: null }),
    chunk({ content: ' 3' }),
    chunk({ tool_calls: [{ index: 0, id: 'c', function: { name: 'f', arguments: '{"to":"bo' } }] }),
  ]);
  expect(frames.map(({ laneEnds }) => laneEnds)).toEqual([
    [],
    [],
    ['choices.0.reasoning_content'],
    [],
    expect.arrayContaining(['choices.0.content']),
    [], // without bytes: the call is complete because the stream is
  ]);
});

test('a choice that goes back to its reasoning keeps its texts open to the end', () => {
  const { frames } = stream([
    chunk({ reasoning: '4111 1111 ' }),
    chunk({ content: 'a' }),
    chunk({ reasoning: '1111 ' }),
    chunk({ content: 'b' }),
    chunk({ reasoning: '1111' }),
    chunk({}, { finish_reason: 'stop' }),
  ]);
  expect(frames.map(({ laneEnds }) => laneEnds)).toEqual([
    [],
    ['choices.0.reasoning'],
    [],
    [],
    [],
    ['choices.0.content', 'choices.0.reasoning'],
  ]);
});

test('signatures are bytes that fit only while the text they sign stays as it is', () => {
  const extra_content = { google: { thought_signature: 'c2ln', note: 'n' } };
  const { frames } = stream([
    chunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'a' }], signature: 'c2ln' }] }),
    chunk({ reasoning_details: [{ type: 'reasoning.text', index: 3, text: 'b', signature: 'c2ln' }] }),
    chunk({ tool_calls: [{ index: 0, id: 'c', function: { name: 'f', arguments: '{"q":"d"}' }, extra_content }] }),
  ]);
  expect(
    frames.map(({ signatures, bytes }) => signatures?.map(({ key, start, end }) => [key, bytes.toString('utf8', start, end)])),
  ).toEqual([
    [['choices.0.content.thinking', '"c2ln"']],
    [['choices.0.reasoning_details.3', '"c2ln"']],
    [['choices.0.tool_calls.0', '"c2ln"']],
    undefined, // without bytes: the call is complete because the stream is
  ]);
  expect(values({ frames }).map(([, , text]) => text)).toEqual(['a', 'b', 'q', 'd', 'n']);
});
