import { expect, test } from 'vitest';
import { denialFor } from '../../../src/respond/denial.ts';
import type { Direction } from '../../../src/text/lane.ts';
import type { Head } from '../../../src/wire/format.ts';
import { a2a } from '../../../src/wire/formats/a2a.ts';
import { emptyFacts } from '../../../src/wire/frame.ts';
import { readJson } from '../../../src/wire/framing/json.ts';
import { read, values } from '../reading.ts';

const body = (direction: Direction, value: unknown) => read([Buffer.from(JSON.stringify(value))], { format: a2a, direction });
const request = (method: string, params: unknown) => body('request', { jsonrpc: '2.0', id: 1, method, params });
const result = (value: unknown) => body('response', { jsonrpc: '2.0', id: 1, result: value });
const event = (value: unknown) => Buffer.from(`data: ${JSON.stringify(value)}\n\n`);
const rpcEvent = (value: unknown) => event({ jsonrpc: '2.0', id: 1, result: value });
const stream = (events: readonly Buffer[]) => read(events, { format: a2a, direction: 'response', contentType: 'text/event-stream' });
const texts = (reading: ReturnType<typeof stream>) => values(reading).map(([lane, , text]) => [lane, text]);
const head = (path: string, headers: Readonly<Record<string, string>> = {}): Head => ({
  method: 'POST',
  path,
  host: 'agents.example',
  header: (name) => headers[name],
});
const says = (method: 'recogniseBody' | 'fits', value: unknown) => {
  const read_ = readJson(Buffer.from(JSON.stringify(value)), 64);
  return read_.ok && a2a[method]!(read_.doc);
};

const HEADS: readonly (readonly [head: Head, speaks: boolean, methods: readonly string[]])[] = [
  [head('/', { 'a2a-version': '1.0' }), true, []],
  [head('/', { 'x-a2a-extensions': 'e' }), true, []],
  [head('/hook', { 'x-a2a-notification-token': 't' }), true, []],
  [head('/a2a'), true, []],
  [head('/v1/message:send'), true, ['message:send']],
  [head('/agents/bank/message:stream'), true, ['message:stream']],
  [head('/tasks/t-1:cancel'), true, ['tasks:cancel']],
  [head('/tasks/t-1:subscribe'), true, ['tasks:subscribe']],
  [head('/.well-known/agent-card.json'), true, []],
  [head('/tasks/cancel'), false, []],
  [head('/message'), false, []],
];

test('the table of heads has all its rows', () => expect(HEADS).toHaveLength(11));
test.each(HEADS)('a head is recognised by its own signs: %o', (given, speaks, methods) => {
  const facts = emptyFacts();
  a2a.readHead!(given, facts);
  expect([a2a.recognise(given), facts.methods]).toEqual([speaks, methods]);
});

test('a body is recognised by a method of any version', () => {
  const call = (method: string) => ({ jsonrpc: '2.0', id: 1, method });
  expect(['message/send', 'SendStreamingMessage', 'tasks/get'].map((method) => says('recogniseBody', call(method)))).toEqual([
    true,
    true,
    true,
  ]);
  expect(says('recogniseBody', call('tools/call'))).toBe(false);
  expect(says('recogniseBody', { method: 'message/send' })).toBe(false);
});

test('a body that is neither JSON-RPC nor of the HTTP binding does not fit', () => {
  expect([{}, { message: {} }, { jsonrpc: '2.0', method: 'x' }].map((value) => says('fits', value))).toEqual([true, true, true]);
  expect([{ messages: [], model: 'm' }, [], 'x'].map((value) => says('fits', value))).toEqual([false, false, false]);
});

const PARTS_0 = [
  { kind: 'text', text: '4111 1111 ' },
  { kind: 'text', text: '1111 1111', metadata: { note: 'n' } },
  { kind: 'file', file: { name: 'a.pdf', mimeType: 'application/pdf', bytes: 'QUJD' } },
  { kind: 'file', file: { uri: 'https://files.example/a' } },
  { kind: 'data', data: { card: 'c', account: 123456789 } },
  { kind: 'text', text: 'after' },
];

test('a message of 0.3: texts side by side are one text, files in base64 are skipped, data is read', () => {
  const message = {
    kind: 'message',
    messageId: 'm',
    role: 'user',
    contextId: 'ctx',
    parts: PARTS_0,
    metadata: { a: 'b' },
    extensions: ['e'],
  };
  const { frames, facts } = request('message/send', {
    message,
    configuration: { acceptedOutputModes: ['text'], pushNotificationConfig: { url: 'https://me.example', token: 't' } },
  });
  const at = 'body.params.message.parts';
  expect(values({ frames })).toEqual([
    ['user', `${at}.text`, '4111 1111 1111 1111'],
    ['user', `${at}.1.metadata.note`, 'n'],
    ['user', `${at}.2.file.name`, 'a.pdf'],
    ['user', `${at}.3.file.uri`, 'https://files.example/a'],
    ['user', `${at}.4.data.card`, 'c'],
    ['user', `${at}.4.data.account`, '123456789'],
    ['user', `${at}.4.text`, 'after'],
    ['other', 'body.params.message.metadata.a', 'b'],
    ['other', 'body.params.message.extensions.0', 'e'],
    ['other', 'body.params.configuration.acceptedOutputModes.0', 'text'],
    ['other', 'body.params.configuration.pushNotificationConfig.url', 'https://me.example'],
    ['other', 'body.params.configuration.pushNotificationConfig.token', 't'],
  ]);
  expect(facts).toMatchObject({ methods: ['message/send'], conversationId: 'ctx', requestIds: [1] });
});

test('a message of 1.0, in JSON-RPC and alone', () => {
  const message = {
    messageId: 'm',
    role: 'ROLE_AGENT',
    parts: [{ text: 'a' }, { raw: 'QUJD', mediaType: 'image/png', filename: 'f' }, { url: 'https://u.example' }, { data: 'd' }],
  };
  const read_ = (at: string) => [
    ['assistant-history', `${at}.message.parts.text`, 'a'],
    ['assistant-history', `${at}.message.parts.1.filename`, 'f'],
    ['assistant-history', `${at}.message.parts.2.url`, 'https://u.example'],
    ['assistant-history', `${at}.message.parts.3.data`, 'd'],
  ];
  expect(values(request('SendMessage', { message }))).toEqual(read_('body.params'));
  const alone = body('request', { message });
  expect(values(alone)).toEqual(read_('body'));
  expect(alone.facts.requestIds).toBeUndefined();
});

test('a task: status, artifacts and history, each by who says it', () => {
  const task = {
    kind: 'task',
    id: 't',
    contextId: 'ctx',
    status: {
      state: 'input-required',
      message: { role: 'agent', parts: [{ kind: 'text', text: 'which?' }] },
      timestamp: '2026-01-01T00:00:00Z',
    },
    artifacts: [
      {
        artifactId: 'a',
        name: 'n',
        description: 'd',
        parts: [
          { kind: 'text', text: 'x' },
          { kind: 'text', text: 'y' },
        ],
      },
    ],
    history: [{ role: 'user', parts: [{ kind: 'text', text: 'q' }] }],
    metadata: { m: 'v' },
  };
  const { frames, facts } = result(task);
  expect(values({ frames })).toEqual([
    ['output', 'body.result.status.message.parts.text', 'which?'],
    ['output', 'body.result.artifacts.0.name', 'n'],
    ['output', 'body.result.artifacts.0.description', 'd'],
    ['output', 'body.result.artifacts.0.parts.text', 'xy'],
    ['user', 'body.result.history.0.parts.text', 'q'],
    ['output', 'body.result.metadata.m', 'v'],
  ]);
  expect(facts).toMatchObject({ conversationId: 'ctx', finishReasons: ['input-required'] });
  expect(values(result({ tasks: [{ ...task, status: {}, history: 'odd' }], task: 'lost' })).map(([lane, , text]) => [lane, text])).toEqual([
    ['output', 'n'],
    ['output', 'd'],
    ['output', 'xy'],
    ['output', 'odd'],
    ['output', 'v'],
    ['output', 'lost'],
  ]);
});

test('an agent card is a definition, and its skills are the tools it declares', () => {
  const card = {
    name: 'bank',
    description: 'pays',
    url: 'https://bank.example',
    skills: [{ id: 'pay', name: 'Pay', description: 'pays bills', tags: ['money'], examples: ['pay bob'] }, 'odd'],
    signatures: [{ protected: 'eyJh', signature: 'abc-_', header: { kid: 'k' } }],
  };
  const { frames, facts } = body('response', card);
  expect(values({ frames })).toEqual([
    ['tool-definition', 'body.name', 'bank'],
    ['tool-definition', 'body.description', 'pays'],
    ['tool-definition', 'body.url', 'https://bank.example'],
    ['tool-definition', 'body.skills.0.name', 'Pay'],
    ['tool-definition', 'body.skills.0.description', 'pays bills'],
    ['tool-definition', 'body.skills.0.tags.0', 'money'],
    ['tool-definition', 'body.skills.0.examples.0', 'pay bob'],
    ['tool-definition', 'body.skills.1', 'odd'],
    ['tool-definition', 'body.signatures.0.header.kid', 'k'],
  ]);
  expect(facts).toMatchObject({ serverName: 'bank', toolsDeclared: ['pay'] });
});

const piece = (text: string, rest: object = {}) => ({
  kind: 'artifact-update',
  taskId: 't',
  contextId: 'c',
  artifact: { artifactId: 'a', parts: [{ kind: 'text', text }] },
  append: true,
  ...rest,
});

test('pieces of one artifact are one text until the last, across the events between them', () => {
  const reading = stream([
    rpcEvent({ kind: 'status-update', taskId: 't', status: { state: 'working' }, final: false }),
    rpcEvent(piece('4111 1111 ', { append: false })),
    rpcEvent({
      kind: 'status-update',
      taskId: 't',
      status: { state: 'working', message: { role: 'agent', parts: [{ kind: 'text', text: 'on it' }] } },
    }),
    rpcEvent(piece('1111 1111', { lastChunk: true })),
    rpcEvent(piece('again', { append: false })),
    rpcEvent({ kind: 'status-update', taskId: 't', status: { state: 'completed' }, final: true }),
  ]);
  expect(texts(reading)).toEqual([
    ['output', '4111 1111 1111 1111'],
    ['output', 'on it'],
    ['output', 'again'],
  ]);
  expect(reading.frames.map(({ laneEnds }) => laneEnds)).toEqual([
    [],
    [],
    ['event2.result.status.message.parts.text'],
    ['artifact.a.0.text'],
    [],
    ['*'],
  ]);
  expect(reading.facts.finishReasons).toEqual(['completed']);
});

test('an artifact that begins anew, one of another id and one behind a file are texts of their own', () => {
  const file = {
    artifact: {
      artifactId: 'a',
      parts: [
        { kind: 'file', file: { name: 'f' } },
        { kind: 'text', text: 'five' },
      ],
    },
  };
  const reading = stream([
    rpcEvent(piece('one', { append: false })),
    rpcEvent(piece('two', { append: false })),
    rpcEvent(piece('three', { artifact: { artifactId: 'b.c', parts: [{ kind: 'text', text: 'three' }] } })),
    rpcEvent(piece('four')),
    rpcEvent(piece('', file)),
    rpcEvent(piece('six')),
  ]);
  expect(texts(reading)).toEqual([
    ['output', 'one'],
    ['output', 'twofour'],
    ['output', 'three'],
    ['output', 'f'],
    ['output', 'fivesix'],
  ]);
  const ends = reading.frames.map(({ laneEnds }) => laneEnds.filter((key) => key.startsWith('artifact')));
  expect(ends).toEqual([[], ['artifact.a.0.text'], [], [], ['artifact.a.1.text'], []]);
});

test('the wrapped events of 1.0 without JSON-RPC are joined and ended the same way', () => {
  const reading = stream([
    event({ task: { id: 't', status: { state: 'TASK_STATE_SUBMITTED' }, artifacts: [{ artifactId: 'a', parts: [{ text: 'old' }] }] } }),
    event({ artifactUpdate: { taskId: 't', artifact: { artifactId: 'a', parts: [{ text: 'hel' }] } } }),
    event({ artifact_update: { task_id: 't', artifact: { artifact_id: 'a', parts: [{ text: 'lo' }] }, append: true, last_chunk: true } }),
    event({ statusUpdate: { taskId: 't', status: { state: 'TASK_STATE_COMPLETED' } } }),
  ]);
  expect(texts(reading)).toEqual([
    ['output', 'old'],
    ['output', 'hello'],
  ]);
  expect(reading.frames.map(({ laneEnds }) => laneEnds.length)).toEqual([1, 0, 1, 1]);
});

test('a status that is final ends every text, whatever its state', () => {
  const { frames } = stream([
    rpcEvent(piece('4111')),
    rpcEvent({ kind: 'status-update', taskId: 't', status: { state: 'working' }, final: true }),
  ]);
  expect(frames.map(({ laneEnds }) => laneEnds)).toEqual([[], ['*']]);
});

const DENIAL = denialFor('content_filter', 'injection.override');

test('a denial is an error of the binding the client speaks', () => {
  expect(JSON.parse(a2a.denial(DENIAL, { ...emptyFacts(), requestIds: ['r'] }).body)).toMatchObject({
    jsonrpc: '2.0',
    id: 'r',
    error: { code: -32_050 },
  });
  expect(a2a.denial(DENIAL, emptyFacts())).toMatchObject({ status: 403, contentType: 'application/json' });
  expect(JSON.parse(a2a.denial(DENIAL, emptyFacts()).body)).toEqual({
    error: {
      code: 403,
      status: 'PERMISSION_DENIED',
      message: DENIAL.message,
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'CONTENT_FILTER',
          metadata: { detector: 'injection.override' },
        },
      ],
    },
  });
});

test('a stream ends with an error for the request, or with the error event of the HTTP binding', () => {
  const payload = (ending: Buffer) => JSON.parse(ending.toString().split('data: ')[1]!);
  const [rpc] = stream([rpcEvent(piece('x'))]).frames;
  const [http] = stream([event({ statusUpdate: {} })]).frames;
  const facts = { ...emptyFacts(), requestIds: [9] };
  expect(payload(a2a.ending(rpc!.position, DENIAL, { facts, position: rpc!.position }))).toMatchObject({ id: 9, error: { code: -32_050 } });
  expect(payload(a2a.ending(rpc!.position, DENIAL))).toMatchObject({ id: 1, error: { code: -32_050 } });
  expect(a2a.ending(http!.position, DENIAL, { facts: emptyFacts(), position: http!.position }).toString()).toMatch(
    /^event: error\ndata: \{"error":/,
  );
  expect(payload(a2a.ending(undefined, DENIAL))).toMatchObject({ error: { code: 403 } });
});
