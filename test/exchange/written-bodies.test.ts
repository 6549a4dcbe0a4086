import { describe, expect, test } from 'vitest';
import { keyIdentity, playAgent } from '../support/agent-exchange.ts';
import { smallPolicy } from '../support/streams.ts';

const KEY = 'e'.repeat(64);
const identity = keyIdentity(KEY);
const agent = (rules: string, head = ''): string =>
  `version: 1\n${head}detectors: {pii.*: {action: off}}\nflows: []\nagents:\n  clerk:\n    identify: {apiKeyHash: "${KEY}"}\n    ${rules}\n`;
/** Whatever cannot be read passes, so that what refuses is the rule itself. */
const LENIENT = 'failMode: {onUninspectable: allow}\n';

const CHAT = '/v1/chat/completions';
const call = (name: string, more: object = {}) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name, arguments: {} },
  ...more,
});
const text = (value: unknown): string => JSON.stringify(value);
const utf16 = (json: string): Buffer => Buffer.from(json, 'utf16le');
const utf16be = (json: string): Buffer => Buffer.from(json, 'utf16le').swap16();

interface Sent {
  readonly path: string;
  readonly type?: string;
  readonly body: string | Buffer;
  readonly headers?: readonly (readonly [string, string])[];
}

function play(policy: ReturnType<typeof smallPolicy>, { path, type = 'application/json', body, headers = [] }: Sent) {
  return playAgent({ policy, identity, path, type, headers, request: Buffer.from(body) });
}

const refusals = (played: ReturnType<typeof play>): readonly string[] => played.record.findings.map(({ rule = '' }) => rule);

const TYPES: readonly string[] = [
  ...['application/json', 'APPLICATION/JSON; Charset="utf-8"', 'application/x-ndjson', 'application/jsonl', 'application/stream+json'],
  ...['Application/X-NDJSON; charset=utf-8', 'text/plain', 'text/plain; charset=utf-8', 'text/event-stream', 'text/html', 'image/png'],
  ...['text/event-stream; charset=utf-8', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=b', 'multipart/mixed'],
  ...['application/vnd.amazon.eventstream', 'application/octet-stream', 'application/grpc', 'nonsense', ''],
  ...['application/x-ndjson, application/json', 'text/event-stream,application/json'],
];
const BODY = text({ model: 'big', messages: [] });
const MODELS = smallPolicy(agent('models: {deny: [big]}', LENIENT));

describe('a model that may not be asked for is found whatever the type of the body says', () => {
  test('of as many types as there are', () => expect(TYPES).toHaveLength(22));

  test.each(TYPES)('%j', (type) => {
    const bodies = [
      BODY,
      ` \n\t${BODY}`,
      `\ufeff${BODY}`,
      JSON.stringify(JSON.parse(BODY), null, 2),
      utf16(BODY),
      utf16be(BODY),
      utf16(` \n${BODY}`),
    ];
    const found = bodies.map((body) => refusals(play(MODELS, { path: CHAT, type, body })));
    expect(found).toEqual(bodies.map(() => ['agents.clerk.models.deny[0]']));
  });

  test('two types in two headers are none', () => {
    const played = play(MODELS, {
      path: CHAT,
      type: 'text/event-stream',
      headers: [['content-type', 'application/json']],
      body: utf16(BODY),
    });
    expect(refusals(played)).toEqual(['agents.clerk.models.deny[0]']);
  });
});

describe('JSON lines of a request', () => {
  const small = text({ model: 'small', messages: [] });
  test.each([
    ['one document', `${BODY}\n`],
    ['the first of two', `${BODY}\n${small}\n`],
    ['the last of two', `${small}\r\n\r\n${BODY}`],
    ['between what is none', `${small}\nhello\n${BODY}\n`],
    ['after two that differ in one string alone', `${small}\n${text({ model: 'tiny', messages: [] })}\n${BODY}\n`],
  ])('are each read as the dialect has it: %s', (_, body) => {
    const played = play(MODELS, { path: CHAT, type: 'application/x-ndjson', body });
    expect(refusals(played)).toEqual(['agents.clerk.models.deny[0]']);
  });

  test('are calls of tools, each', () => {
    const policy = smallPolicy(agent('tools: {deny: [shell]}', LENIENT));
    const lines = (...names: readonly string[]) => names.map((name) => text(call(name))).join('\n');
    const found = [lines('look', 'shell'), lines('shell', 'look'), lines('look', 'see')].map((body) =>
      refusals(play(policy, { path: '/mcp', type: 'application/x-ndjson', body })),
    );
    expect(found).toEqual([['agents.clerk.tools.deny[0]'], ['agents.clerk.tools.deny[0]'], []]);
  });
});

const TOOLS = smallPolicy(agent('tools: {deny: [shell]}', LENIENT));
const DENIED = 'agents.clerk.tools.deny[0]';

describe('a call of MCP that is not permitted is found', () => {
  const other = { jsonrpc: '2.0', method: 'foo' };
  const send = { jsonrpc: '2.0', id: 2, method: 'message/send', params: { message: { role: 'user', parts: [] } } };
  const loose = { id: 1, method: 'tools/call', params: { name: 'shell' } };
  const ROWS: readonly (readonly [string, string, unknown, (readonly (readonly [string, string])[])?])[] = [
    ['alone', '/mcp', call('shell')],
    ['behind an empty message', '/mcp', [{}, call('shell')]],
    ['behind a number', '/mcp', [1, call('shell')]],
    ['in a list of a list', '/mcp', [call('look'), call('shell')]],
    ['without a version', '/mcp', loose],
    ['of another version', '/mcp', call('shell', { jsonrpc: '1.0' })],
    ['in a batch without versions', '/mcp', [loose, loose]],
    ['behind another protocol’s message', '/rpc', [other, call('shell')]],
    ['behind a message to an agent', '/rpc', [send, call('shell')]],
    ['before a message to an agent', '/rpc', [call('shell'), send]],
    ['without a version, on any path', '/rpc', loose],
    ['on a path of agents', '/a2a', call('shell')],
    ['without a version, on a path of agents', '/a2a', { ...loose, message: {} }],
    ['behind a header of agents', '/rpc', [send, call('shell')], [['a2a-version', '1.0']]],
    ['on a path of GraphQL', '/graphql', { query: '{ me }', ...call('shell') }],
    ['on a path of a model', CHAT, call('shell')],
    ['beside another method that is asked for', '/mcp', { ...call('shell'), METHOD: 'resources/read' }],
    ['before another method that is asked for', '/mcp', { ...call('shell', { method: 'resources/read' }), Method: 'tools/call' }],
  ];
  test('in as many ways as there are', () => expect(ROWS).toHaveLength(18));
  test.each(ROWS.map(([name, path, body, headers = []]) => [name, { path, body: text(body), headers }] as const))('%s', (_, sent) => {
    expect(refusals(play(TOOLS, sent))).toContain(DENIED);
  });
});

describe('names of fields in another letter case', () => {
  const MCP_ROWS: readonly (readonly [string, string])[] = [
    ['the method', '{"jsonrpc":"2.0","id":1,"Method":"tools/call","params":{"name":"shell"}}'],
    ['all of them', '{"JSONRPC":"2.0","ID":1,"METHOD":"tools/call","PARAMS":{"NAME":"shell"}}'],
    ['the name', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"Name":"shell"}}'],
    ['the name, behind a harmless one', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"look","Name":"shell"}}'],
    ['the name, before a harmless one', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"Name":"shell","name":"look"}}'],
    [
      'the parameters, beside harmless ones',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"look"},"Params":{"name":"shell"}}',
    ],
    ['with a long s', '{"jsonrpc":"2.0","id":1,"method":"tools/call","param\u017f":{"name":"shell"}}'],
    ['with an escaped letter', '{"jsonrpc":"2.0","id":1,"\\u004dethod":"tools/call","params":{"\\u004eame":"shell"}}'],
  ];
  test.each(MCP_ROWS)('hide no call of MCP: %s', (_, body) => {
    expect(refusals(play(TOOLS, { path: '/mcp', body }))).toEqual([DENIED]);
  });

  const tool = { type: 'function', function: { name: 'shell', description: 'd', parameters: {} } };
  const DECLARED: readonly (readonly [string, string, object])[] = [
    ['tools', CHAT, { model: 'm', messages: [], Tools: [tool] }],
    ['tools with a Kelvin sign elsewhere', CHAT, { model: 'm', messages: [], '\u212a': 1, TOOLS: [tool] }],
    ['a function', CHAT, { model: 'm', messages: [], tools: [{ type: 'function', Function: tool.function }] }],
    ['a name', CHAT, { model: 'm', messages: [], tools: [{ type: 'function', function: { Name: 'shell' } }] }],
    ['a second name', CHAT, { model: 'm', messages: [], tools: [{ type: 'function', function: { name: 'look', Name: 'shell' } }] }],
    ['a second type', CHAT, { model: 'm', messages: [], tools: [{ ...tool, Type: 'web_search' }] }],
    ['a second list', CHAT, { model: 'm', messages: [], tools: [], Tools: [tool] }],
    ['tools of Anthropic', '/v1/messages', { model: 'm', messages: [], Tools: [{ Name: 'shell', input_schema: {} }] }],
    ['functions of Gemini', '/v1beta/models/m:generateContent', { contents: [], Tools: [{ FunctionDeclarations: [{ Name: 'shell' }] }] }],
    ['tools of Bedrock', '/model/m/converse', { messages: [], ToolConfig: { Tools: [{ ToolSpec: { Name: 'shell' } }] } }],
    ['tools of Ollama', '/api/chat', { model: 'm', messages: [], Tools: [tool] }],
  ];
  test('hide tools in as many ways as there are', () => expect([MCP_ROWS.length, DECLARED.length]).toEqual([8, 11]));
  test.each(DECLARED)('hide no tool that is declared: %s', (_, path, body) => {
    expect(refusals(play(TOOLS, { path, body: text(body) }))).toEqual([DENIED]);
  });

  test.each([
    ['alone', { Model: 'big', messages: [] }],
    ['behind a harmless one', { model: 'small', MODEL: 'big', messages: [] }],
    ['before a harmless one', { Model: 'big', model: 'small', messages: [] }],
    ['among those to fall back to', { model: 'small', Models: ['big'], messages: [] }],
  ])('hide no model: %s', (_, body) => {
    expect(refusals(play(MODELS, { path: CHAT, body: text(body) }))).toEqual(['agents.clerk.models.deny[0]']);
  });

  test('make a request unfit, and names of a user’s own do not', () => {
    const policy = smallPolicy(agent('tools: {deny: [shell]}'));
    const own = {
      model: 'm',
      messages: [],
      tools: [{ ...tool, function: { ...tool.function, name: 'look', parameters: { properties: { Name: {}, name: {} } } } }],
    };
    expect(play(policy, { path: CHAT, body: text(own) }).denied).toBeUndefined();
    const odd = play(policy, { path: CHAT, body: text({ model: 'm', Messages: [] }) });
    expect([odd.denied?.status, odd.record.uninspected]).toEqual([403, [{ direction: 'request', reason: 'unfit-body' }]]);
  });
});

describe('a body that does not look as its dialect has it', () => {
  const UNFIT: readonly (readonly [string, Sent])[] = [
    ['text', { path: CHAT, type: 'text/plain', body: 'hello' }],
    ['other JSON', { path: CHAT, body: '{"survey":7}' }],
    ['events', { path: CHAT, type: 'text/event-stream', body: 'data: {"model":"m"}\n\n' }],
    ['several documents', { path: CHAT, type: 'application/jsonl', body: '{"model":"m"}\n{"model":"m"}\n' }],
    ['no message', { path: '/mcp', body: '{"model":"m","messages":[]}' }],
  ];
  test('in as many ways as there are', () => expect(UNFIT).toHaveLength(5));

  test.each(UNFIT)('%s: is refused to a caller with rules about bodies', (_, sent) => {
    const played = play(smallPolicy(agent('tools: {deny: [shell]}')), sent);
    expect([played.denied?.status, played.record.uninspected]).toEqual([403, [{ direction: 'request', reason: 'unfit-body' }]]);
  });

  test.each(UNFIT)('%s: passes where policy lets it, counted', (_, sent) => {
    const played = play(TOOLS, sent);
    expect([played.denied, played.record.uninspected]).toEqual([undefined, [{ direction: 'request', reason: 'unfit-body' }]]);
  });

  test.each(UNFIT)('%s: is nothing to a caller without', (_, sent) => {
    const played = play(smallPolicy(agent('endpoints: ["**"]')), sent);
    expect([played.denied, played.record.uninspected]).toEqual([undefined, []]);
  });
});

describe('lists of what is allowed', () => {
  const RESOURCES = smallPolicy(agent('mcp: {resources: ["file:///public/*"]}'));
  const read = (uri: string, method = 'resources/read') => text({ jsonrpc: '2.0', id: 1, method, params: { uri } });
  test.each([
    ['read', read('file:///etc/x')],
    ['subscribed to', read('file:///etc/x', 'resources/subscribe')],
    ['behind dots', read('file:///public/../etc/x')],
    ['behind escaped dots', read('file:///public/%2e%2E/etc/x')],
    ['behind dots that are escaped twice', read('file:///public/%252e%252e/etc/x')],
    ['behind an escaped slash', read('file:///public/..%2fetc/x')],
    ['behind a backslash', read('file:///public/..\\etc\\x')],
  ])('refuse a resource %s', (_, body) => {
    expect(refusals(play(RESOURCES, { path: '/mcp', body }))).toEqual(['agents.clerk.mcp.resources.allow']);
  });
  test.each([read('file:///public/x'), read('file:///public/a..b/...'), read('file:///public/x', 'resources/subscribe')])(
    'allow %s',
    (body) => {
      expect(play(RESOURCES, { path: '/mcp', body }).denied).toBeUndefined();
    },
  );

  const ALLOWED = smallPolicy(agent('models: [small]'));
  const NOT_ALLOWED = ['agents.clerk.models.allow'];
  const anthropic = { name: 'shell', input_schema: {} };
  test.each([
    ['to fall back to', CHAT, { model: 'small', models: ['small', 'big'], messages: [] }],
    ['to fall back to, before it', CHAT, { models: ['big'], model: 'small', messages: [] }],
    ['that is no name', CHAT, { model: 7, messages: [] }],
    ['that nobody names', CHAT, { messages: [] }],
    ['that is null', CHAT, { model: null, messages: [] }],
    ['on a path that nobody knows', '/llm/ask', { model: 'big', messages: [{ role: 'user', content: 'x' }] }],
    ['of a response on such a path', '/llm/ask', { model: 'big', input: 'x' }],
    ['of a completion on such a path', '/llm/ask', { model: 'big', prompt: 'x' }],
    ['behind a header of MCP', '/llm/ask', { model: 'big', messages: [] }, [['mcp-session-id', 's']] as const],
    ['in a message of another protocol', '/llm/ask', { jsonrpc: '2.0', method: 'x', model: 'big', messages: [] }],
  ])('refuse a model %s', (_, path, body, headers?) => {
    const rules = refusals(play(smallPolicy(agent('models: [small]', LENIENT)), { path, body: text(body), ...(headers && { headers }) }));
    expect([...new Set(rules)]).toEqual(NOT_ALLOWED);
  });
  test.each([
    ['the model', CHAT, { model: 'small', models: ['small'], messages: [] }],
    ['the model on a path that nobody knows', '/llm/ask', { model: 'small', messages: [] }],
    ['what is no request to a model', '/cars', { model: 'Golf', doors: 5 }],
  ])('allow %s', (_, path, body) => {
    expect(play(ALLOWED, { path, body: text(body) }).denied).toBeUndefined();
  });

  test('judge tools on a path that nobody knows, in requests and in answers', () => {
    const request = { model: 'm', messages: [{ role: 'user', content: 'x' }], tools: [anthropic] };
    expect(refusals(play(TOOLS, { path: '/llm/ask', body: text(request) }))).toEqual([DENIED]);
    const answer = { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'shell', input: {} }] };
    const asked = { ...request, tools: [{ ...anthropic, name: 'look' }] };
    const played = playAgent({
      policy: TOOLS,
      identity,
      path: '/llm/ask',
      request: Buffer.from(text(asked)),
      response: Buffer.from(text(answer)),
    });
    expect([played.record.dialect, refusals(played)]).toEqual(['anthropic-messages', [DENIED]]);
  });
});
