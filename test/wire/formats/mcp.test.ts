import { expect, test } from 'vitest';
import { denialFor } from '../../../src/respond/denial.ts';
import type { Direction } from '../../../src/text/lane.ts';
import type { Head } from '../../../src/wire/format.ts';
import { mcp } from '../../../src/wire/formats/mcp.ts';
import { emptyFacts } from '../../../src/wire/frame.ts';
import { readJson } from '../../../src/wire/framing/json.ts';
import { read, values } from '../reading.ts';

const message = (direction: Direction, fields: object) =>
  read([Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...fields }))], { format: mcp, direction });
const request = (method: string, params: unknown) => message('request', { id: 1, method, params });
const asked = (method: string, params: unknown) => message('response', { id: 1, method, params });
const result = (value: unknown, direction: Direction = 'response') => message(direction, { id: 1, result: value });
const event = (payload: object) => Buffer.from(`event: message\nid: e-1\ndata: ${JSON.stringify({ jsonrpc: '2.0', ...payload })}\n\n`);
const stream = (events: readonly Buffer[]) => read(events, { format: mcp, direction: 'response', contentType: 'text/event-stream' });
const head = (fields: Partial<Head> & { readonly headers?: Readonly<Record<string, string>> }): Head => ({
  method: 'POST',
  path: '/',
  host: 'tools.example',
  header: (name) => fields.headers?.[name],
  ...fields,
});
const doc = (body: unknown) => {
  const read_ = readJson(Buffer.from(JSON.stringify(body)), 64);
  return read_.ok ? read_.doc : expect.unreachable();
};

const HEADS: readonly (readonly [name: string, head: Head, speaks: boolean])[] = [
  ['a protocol version', head({ headers: { 'mcp-protocol-version': '2025-11-25' } }), true],
  ['a session', head({ headers: { 'mcp-session-id': 's' } }), true],
  ['a path that ends with mcp', head({ path: '/api/mcp' }), true],
  ['a path below mcp', head({ path: '/mcp/messages' }), true],
  ['the stream of the older transport', head({ method: 'GET', path: '/sse' }), true],
  ['a POST to the same path', head({ path: '/sse' }), false],
  ['metadata about a server', head({ method: 'GET', path: '/.well-known/oauth-protected-resource/mcp' }), false],
  ['any other path', head({ path: '/messages' }), false],
];

test('the table of heads has all its rows', () => expect(HEADS).toHaveLength(8));
test.each(HEADS)('a head is recognised by its own signs: %s', (_name, given, speaks) => {
  expect(mcp.recognise(given)).toBe(speaks);
});

const BODIES: readonly (readonly [name: string, body: unknown, is: boolean])[] = [
  ['a call', { jsonrpc: '2.0', id: 1, method: 'tools/call' }, true],
  ['a batch of calls', [{ jsonrpc: '2.0', id: 1, method: 'tools/list' }], true],
  ['a task of MCP', { jsonrpc: '2.0', id: 1, method: 'tasks/get', params: { taskId: 't' } }, true],
  ['a task of A2A', { jsonrpc: '2.0', id: 1, method: 'tasks/get', params: { id: 't' } }, false],
  ['roots', { jsonrpc: '2.0', id: 1, result: { roots: [] } }, true],
  ['a form that was filled in', { jsonrpc: '2.0', id: 1, result: { action: 'accept' } }, true],
  ['an answer of a model', { jsonrpc: '2.0', id: 1, result: { role: 'assistant', content: {} } }, true],
  ['a result of something else', { jsonrpc: '2.0', id: 1, result: { sum: 3 } }, false],
  ['another method', { jsonrpc: '2.0', id: 1, method: 'eth_call' }, false],
  ['a call without a version', { id: 1, method: 'tools/call' }, true],
  ['a call behind something else', [1, {}, { jsonrpc: '2.0', method: 'foo' }, { jsonrpc: '2.0', id: 1, method: 'tools/call' }], true],
  ['a call beside another method', { jsonrpc: '2.0', id: 1, method: 'tools/call', METHOD: 'eth_call' }, true],
  ['a word that is a method', { id: 1, method: 'ping' }, false],
  ['an empty batch', [], false],
  ['a text', 'tools/call', false],
];

test('the table of bodies has all its rows', () => expect(BODIES).toHaveLength(15));
test.each(BODIES)('a body is recognised by any of its messages: %s', (_name, body, is) => {
  expect(mcp.recogniseBody!(doc(body))).toBe(is);
});

test('the session is the conversation', () => {
  const facts = emptyFacts();
  mcp.readHead!(head({ headers: { 'mcp-session-id': 's-1' } }), facts);
  expect(facts.conversationId).toBe('s-1');
});

test('initialize: what both sides say of themselves, and the instructions are a system text', () => {
  const asks = request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: { sampling: {}, experimental: { note: 'c' } },
    clientInfo: {
      name: 'desk',
      version: '1',
      description: 'd',
      icons: [{ src: 'data:image/png;base64,iVBORw0KGgo=', mimeType: 'image/png' }],
    },
  });
  expect(values(asks)).toEqual([
    ['other', 'body.params.capabilities.experimental.note', 'c'],
    ['other', 'body.params.clientInfo.name', 'desk'],
    ['other', 'body.params.clientInfo.version', '1'],
    ['other', 'body.params.clientInfo.description', 'd'],
    ['other', 'body.params.clientInfo.icons.0.mimeType', 'image/png'],
  ]);
  expect(asks.facts).toMatchObject({ methods: ['initialize'], requestIds: [1], clientName: 'desk' });
  const says = result({ protocolVersion: '2025-11-25', serverInfo: { name: 'bank', version: '2' }, instructions: 'be kind' });
  expect(values(says)).toEqual([
    ['output', 'body.result.serverInfo.name', 'bank'],
    ['output', 'body.result.serverInfo.version', '2'],
    ['system', 'body.result.instructions', 'be kind'],
  ]);
  expect(says.facts).toMatchObject({ serverName: 'bank' });
  expect(says.facts.requestIds).toBeUndefined();
});

test('tools are declared by name, and everything else about them is their definition', () => {
  const { frames, facts } = result({
    tools: [
      {
        name: 'pay',
        title: 'Pay',
        description: 'pays',
        inputSchema: { type: 'object', properties: { to: { description: 'whom' } } },
        outputSchema: { description: 'what' },
        annotations: { title: 'A', readOnlyHint: true },
        icons: [{ src: 'https://icons.example/a' }, { src: 'data:image/png;base64,iVBORw0KGgo=' }],
        _meta: { note: 'm' },
      },
      'odd',
    ],
    nextCursor: 'n',
  });
  expect(values({ frames })).toEqual([
    ['tool-definition', 'body.result.tools.0.title', 'Pay'],
    ['tool-definition', 'body.result.tools.0.description', 'pays'],
    ['tool-definition', 'body.result.tools.0.inputSchema.type', 'object'],
    ['tool-definition', 'body.result.tools.0.inputSchema.properties.to.description', 'whom'],
    ['tool-definition', 'body.result.tools.0.outputSchema.description', 'what'],
    ['tool-definition', 'body.result.tools.0.annotations.title', 'A'],
    ['tool-definition', 'body.result.tools.0.icons.0.src', 'https://icons.example/a'],
    ['tool-definition', 'body.result.tools.0._meta.note', 'm'],
    ['tool-definition', 'body.result.tools.1', 'odd'],
  ]);
  expect(facts.toolsDeclared).toEqual(['pay']);
});

test('a call names its tool, and each string and long number of its arguments is a text of its own', () => {
  const { frames, facts } = request('tools/call', {
    name: 'pay',
    arguments: { to: 'bob', list: ['a', { b: 'c' }], account: 123456789, small: 12 },
    _meta: { progressToken: 1_700_000_000, trace: 't' },
  });
  expect(values({ frames })).toEqual([
    ['tool-arguments', 'body.params.arguments.to', 'bob'],
    ['tool-arguments', 'body.params.arguments.list.0', 'a'],
    ['tool-arguments', 'body.params.arguments.list.1.b', 'c'],
    ['tool-arguments', 'body.params.arguments.account', '123456789'],
    ['other', 'body.params._meta.trace', 't'],
  ]);
  expect(facts).toMatchObject({ methods: ['tools/call'], toolsCalled: ['pay'] });
});

test('a tool result: texts side by side are one text, pictures are skipped, everything else is read', () => {
  const content = [
    { type: 'text', text: '4111 1111 ' },
    { type: 'text', text: '1111 1111', annotations: { audience: ['user'] } },
    { type: 'image', data: 'iVBORw0KGgo=', mimeType: 'image/png' },
    { type: 'audio', data: 'not base64!', mimeType: 'audio/wav' },
    { type: 'resource_link', uri: 'file:///a', name: 'a', description: 'link', mimeType: 'text/plain' },
    { type: 'resource', resource: { uri: 'file:///b', mimeType: 'text/plain', text: 'inside' } },
    { type: 'resource', resource: { uri: 'file:///c', blob: 'AAAA' } },
    { type: 'constructor', odd: 'o' },
    { type: 'text', text: 'after', text2: 'two' },
  ];
  const at = 'body.result.content';
  expect(values(result({ content, structuredContent: { balance: 'low' }, isError: false }))).toEqual([
    ['tool-result', `${at}.text`, '4111 1111 1111 1111'],
    ['tool-result', `${at}.1.annotations.audience.0`, 'user'],
    ['tool-result', `${at}.3.data`, 'not base64!'],
    ['tool-result', `${at}.4.uri`, 'file:///a'],
    ['tool-result', `${at}.4.name`, 'a'],
    ['tool-result', `${at}.4.description`, 'link'],
    ['tool-result', `${at}.5.resource.uri`, 'file:///b'],
    ['tool-result', `${at}.5.resource.text`, 'inside'],
    ['tool-result', `${at}.6.resource.uri`, 'file:///c'],
    ['tool-result', `${at}.7.odd`, 'o'],
    ['tool-result', `${at}.7.text`, 'after'],
    ['tool-result', `${at}.8.text2`, 'two'],
    ['tool-result', 'body.result.structuredContent.balance', 'low'],
  ]);
});

test('resources are documents, by name and by contents', () => {
  expect(values(result({ resources: [{ uri: 'file:///a', name: 'a' }], resourceTemplates: [{ uriTemplate: 'db://{t}' }] }))).toEqual([
    ['document', 'body.result.resources.0.uri', 'file:///a'],
    ['document', 'body.result.resources.0.name', 'a'],
    ['document', 'body.result.resourceTemplates.0.uriTemplate', 'db://{t}'],
  ]);
  expect(values(request('resources/read', { uri: 'file:///a' }))).toEqual([['document', 'body.params.uri', 'file:///a']]);
  expect(
    values(
      result({
        contents: [
          { uri: 'file:///a', mimeType: 'text/plain', text: 'x' },
          { uri: 'file:///b', blob: 'QUJD' },
        ],
      }),
    ),
  ).toEqual([
    ['document', 'body.result.contents.0.uri', 'file:///a'],
    ['document', 'body.result.contents.0.text', 'x'],
    ['document', 'body.result.contents.1.uri', 'file:///b'],
  ]);
});

test('prompts: the list is a definition, arguments are the user’s, messages have the lane of their role', () => {
  expect(values(result({ prompts: [{ name: 'p', arguments: [{ name: 'a', description: 'd' }] }] }))).toEqual([
    ['tool-definition', 'body.result.prompts.0.name', 'p'],
    ['tool-definition', 'body.result.prompts.0.arguments.0.name', 'a'],
    ['tool-definition', 'body.result.prompts.0.arguments.0.description', 'd'],
  ]);
  expect(values(request('prompts/get', { name: 'p', arguments: { a: 'x' } }))).toEqual([['user', 'body.params.arguments.a', 'x']]);
  const messages = [
    { role: 'user', content: { type: 'text', text: 'q' } },
    { role: 'assistant', content: { type: 'text', text: 'a' } },
  ];
  expect(values(result({ description: 'what for', messages }))).toEqual([
    ['tool-definition', 'body.result.description', 'what for'],
    ['user', 'body.result.messages.0.content.text', 'q'],
    ['assistant-history', 'body.result.messages.1.content.text', 'a'],
  ]);
});

test('a server asks the client’s model, and the client’s answer is a model’s output', () => {
  const { frames, facts } = asked('sampling/createMessage', {
    systemPrompt: 'be brief',
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'q' }] },
      { role: 'assistant', content: { type: 'tool_use', id: 'u', name: 'look', input: { q: 'deep' } } },
      { role: 'user', content: [{ type: 'tool_result', toolUseId: 'u', content: [{ type: 'text', text: 'found' }] }] },
    ],
    tools: [{ name: 'look', description: 'looks' }],
    modelPreferences: { hints: [{ name: 'small' }] },
    maxTokens: 100,
  });
  expect(values({ frames })).toEqual([
    ['system', 'body.params.systemPrompt', 'be brief'],
    ['user', 'body.params.messages.0.content.text', 'q'],
    ['tool-arguments', 'body.params.messages.1.content.input.q', 'deep'],
    ['tool-result', 'body.params.messages.2.content.0.content.text', 'found'],
    ['tool-definition', 'body.params.tools.0.description', 'looks'],
    ['output', 'body.params.modelPreferences.hints.0.name', 'small'],
  ]);
  expect(facts.requestIds).toBeUndefined(); // the server's, not the client's
  expect(facts).toMatchObject({ methods: ['sampling/createMessage'], toolsDeclared: ['look'], toolsCalled: [] }); // history calls nothing
  const answer = result(
    {
      role: 'assistant',
      model: 'm-1',
      stopReason: 'toolUse',
      content: [
        { type: 'text', text: 'let me' },
        { type: 'tool_use', id: 'u', name: 'look', input: { q: 'x' } },
      ],
    },
    'request',
  );
  expect(values(answer)).toEqual([
    ['output', 'body.result.content.text', 'let me'],
    ['tool-arguments', 'body.result.content.1.input.q', 'x'],
  ]);
  expect(answer.facts).toMatchObject({ responseModel: 'm-1', finishReasons: ['toolUse'], toolsCalled: ['look'] });
});

test('elicitation, roots, completion, logging, progress, cancellation and tasks', () => {
  expect(
    values(asked('elicitation/create', { mode: 'url', message: 'sign in', url: 'https://a.example', requestedSchema: { title: 't' } })),
  ).toEqual([
    ['output', 'body.params.message', 'sign in'],
    ['output', 'body.params.url', 'https://a.example'],
    ['output', 'body.params.requestedSchema.title', 't'],
  ]);
  expect(values(result({ action: 'accept', content: { phone: '555' } }, 'request'))).toEqual([
    ['user', 'body.result.content.phone', '555'],
  ]);
  expect(values(result({ roots: [{ uri: 'file:///home', name: 'home' }] }, 'request'))).toEqual([
    ['user', 'body.result.roots.0.uri', 'file:///home'],
    ['user', 'body.result.roots.0.name', 'home'],
  ]);
  expect(values(request('completion/complete', { ref: { type: 'ref/prompt', name: 'p' }, argument: { name: 'a', value: 'v' } }))).toEqual([
    ['other', 'body.params.ref.type', 'ref/prompt'],
    ['other', 'body.params.ref.name', 'p'],
    ['user', 'body.params.argument.name', 'a'],
    ['user', 'body.params.argument.value', 'v'],
  ]);
  expect(values(result({ completion: { values: ['one'], total: 1 } }))).toEqual([['output', 'body.result.completion.values.0', 'one']]);
  expect(values(asked('notifications/message', { level: 'info', logger: 'db', data: { row: 'r' } }))).toEqual([
    ['output', 'body.params.logger', 'db'],
    ['output', 'body.params.data.row', 'r'],
  ]);
  expect(values(asked('notifications/progress', { progressToken: 123456789012, progress: 1, total: 2, message: 'half' }))).toEqual([
    ['output', 'body.params.message', 'half'],
  ]);
  expect(values(request('notifications/cancelled', { requestId: 'r-1', reason: 'enough' }))).toEqual([
    ['user', 'body.params.reason', 'enough'],
  ]);
  expect(values(result({ tasks: [{ taskId: 't', status: 'working', statusMessage: 'soon', ttl: 1 }], task: { taskId: 't' } }))).toEqual([
    ['output', 'body.result.tasks.0.statusMessage', 'soon'],
  ]);
  expect(values(result({ taskId: 't', status: 'failed', statusMessage: 'no' }))).toEqual([['output', 'body.result.statusMessage', 'no']]);
});

test('errors are read in both directions, and so are fields that nobody knows', () => {
  const error = { code: -32_042, message: 'sign in first', data: { elicitations: [{ url: 'https://a.example' }] }, extra: 'e' };
  expect(values(message('response', { id: 1, error, odd: 'o' }))).toEqual([
    ['output', 'body.error.message', 'sign in first'],
    ['output', 'body.error.data.elicitations.0.url', 'https://a.example'],
    ['output', 'body.error.extra', 'e'],
    ['output', 'body.odd', 'o'],
  ]);
  expect(values(message('request', { id: 'x'.repeat(200), method: 'tools/list', params: ['p'], odd: 'o' }))).toEqual([
    ['other', 'body.id', 'x'.repeat(200)],
    ['other', 'body.params.0', 'p'],
    ['other', 'body.odd', 'o'],
  ]);
  expect(values(message('response', { id: 1, error: 'plain' }))).toEqual([['output', 'body.error', 'plain']]);
});

test('the texts of a name that comes twice are both read, apart', () => {
  const body = '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"a","text":"b"}],"content":"c"}}';
  expect(values(read([Buffer.from(body)], { format: mcp, direction: 'response' }))).toEqual([
    ['tool-result', 'body.result.content.text', 'a'],
    ['tool-result', 'body.result.content.text~1', 'b'],
    ['tool-result', 'body.result.content~1', 'c'],
  ]);
});

test('a batch has the facts and the texts of all its messages', () => {
  const batch = [
    { jsonrpc: '2.0', id: 'a', method: 'tools/call', params: { name: 'one', arguments: { q: 'x' } } },
    { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'two', arguments: { q: 'y' } } },
    { jsonrpc: '2.0', method: 'notifications/initialized' },
    7,
  ];
  const { frames, facts } = read([Buffer.from(JSON.stringify(batch))], { format: mcp, direction: 'request' });
  expect(values({ frames })).toEqual([
    ['tool-arguments', 'body.0.params.arguments.q', 'x'],
    ['tool-arguments', 'body.1.params.arguments.q', 'y'],
  ]);
  expect(facts).toMatchObject({
    methods: ['tools/call', 'notifications/initialized'],
    toolsCalled: ['one', 'two'],
    requestIds: ['a', 2],
  });
});

test('each event of a stream is complete: its texts end with it, and are never those of the next', () => {
  const progress = (text: string) => event({ method: 'notifications/progress', params: { progressToken: 1, progress: 1, message: text } });
  const reading = stream([
    progress('4111 1111 '),
    progress('1111 1111'),
    event({ id: 7, result: { content: [{ type: 'text', text: 'done' }] } }),
  ]);
  expect(
    values(reading)
      .filter(([, key]) => key.startsWith('event'))
      .map(([lane, , text]) => [lane, text]),
  ).toEqual([
    ['output', '4111 1111 '],
    ['output', '1111 1111'],
    ['tool-result', 'done'],
  ]);
  expect(reading.frames.map(({ laneEnds }) => laneEnds)).toEqual([['*'], ['*'], ['*']]);
});

test('the endpoint of the older transport is a text that ends with its event', () => {
  const { frames } = stream([Buffer.from('event: endpoint\ndata: /messages?sessionId=0f3c\n\n')]);
  expect(frames.map(({ segments, laneEnds }) => [segments.map(({ text }) => text), laneEnds])).toEqual([
    [['/messages?sessionId=0f3c'], ['text']],
  ]);
});

const DENIAL = denialFor('content_filter', 'injection.override');

test('a denial is an error for the id of the request, for each of a batch, and without an id where none is known', () => {
  const denied = (facts = emptyFacts()) => JSON.parse(mcp.denial(DENIAL, facts).body);
  const error = { code: -32_050, message: DENIAL.message, data: { code: 'content_filter', detector: 'injection.override' } };
  expect(mcp.denial(DENIAL)).toMatchObject({ status: 403, contentType: 'application/json' });
  expect(denied({ ...emptyFacts(), requestIds: ['r-1'] })).toEqual({ jsonrpc: '2.0', id: 'r-1', error });
  expect(denied({ ...emptyFacts(), requestIds: [1, 2] })).toEqual([
    { jsonrpc: '2.0', id: 1, error },
    { jsonrpc: '2.0', id: 2, error },
  ]);
  expect(denied()).toEqual({ jsonrpc: '2.0', id: null, error });
});

test('a stream ends with an error for each request that has no answer', () => {
  const ids = (ending: Buffer) => [...ending.toString().matchAll(/"id":([^,]+)/g)].map(([, id]) => id);
  const { frames } = stream([event({ id: 1, result: { content: [] } }), event({ id: 'two', result: { content: [] } })]);
  const [first, second] = frames.map(({ position }) => position);
  const facts = { ...emptyFacts(), requestIds: [1, 'two', 3] };
  expect(ids(mcp.ending(first, DENIAL, { facts, position: second }))).toEqual(['"two"', '3']);
  // A stream that was opened with GET: nothing was asked in this exchange, the denied event says whose answer it was.
  expect(ids(mcp.ending(first, DENIAL, { facts: emptyFacts(), position: second }))).toEqual(['"two"']);
  expect(ids(mcp.ending(undefined, DENIAL))).toEqual(['null']);
  expect(mcp.ending(undefined, DENIAL).toString()).toMatch(/^event: message\ndata: \{.*\}\n\n$/);
});
