import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/lib/limits.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { createBodyReader } from '../../src/wire/body-reader.ts';
import { formatById } from '../../src/wire/formats/index.ts';
import { emptyFacts } from '../../src/wire/frame.ts';
import { type AgentPlay, type AgentPlayed, keyIdentity, playAgent } from '../support/agent-exchange.ts';
import { LONG_RUN } from '../support/random.ts';
import { smallPolicy } from '../support/streams.ts';
import { CALLS, type ToolBody, type ToolTalk } from './tool-talk.ts';
import { TOOL_TALKS } from './tool-talks.ts';

const KEY = 'c'.repeat(64);
const agent = (tools: string): Policy =>
  smallPolicy(
    `version: 1\ndetectors: {pii.*: {action: off}, secret.*: {action: off}, injection.*: {action: off}}\nflows: []\n` +
      `agents:\n  clerk:\n    identify: {apiKeyHash: "${KEY}"}\n    tools: ${tools}\n`,
  );
const REMOVES = agent('{allow: [look_up, send_mail], deny: [send_mail]}');
const DENIES = agent('{deny: [send_mail], declared: deny}');
const PERMITS = agent('{allow: [look_up, send_mail]}');
const FLOWS = smallPolicy(`version: 1
detectors: {pii.*: {action: off}, secret.*: {action: off}, injection.*: {action: off}}
toolClasses: {look_up: [untrusted-content, private-data], send_mail: [sends-data]}
flows:
  - {all: [untrusted-content, private-data], to: [sends-data], action: deny}
`);

/** Where each dialect is spoken; `streamed` where a stream has a path of its own. */
const PATHS: Readonly<Record<string, { readonly whole: string; readonly streamed?: string }>> = {
  'openai-chat': { whole: '/v1/chat/completions' },
  'openai-responses': { whole: '/v1/responses' },
  'anthropic-messages': { whole: '/v1/messages' },
  gemini: { whole: '/v1beta/models/m:generateContent', streamed: '/v1beta/models/m:streamGenerateContent?alt=sse' },
  'gemini array': { whole: '/v1beta/models/m:generateContent', streamed: '/v1beta/models/m:streamGenerateContent' },
  'bedrock-converse': { whole: '/model/m/converse', streamed: '/model/m/converse-stream' },
  'bedrock-invoke anthropic': {
    whole: '/model/anthropic.claude-x/invoke',
    streamed: '/model/anthropic.claude-x/invoke-with-response-stream',
  },
  'bedrock-invoke converse': { whole: '/model/amazon.nova-x/invoke', streamed: '/model/amazon.nova-x/invoke-with-response-stream' },
  'bedrock-invoke openai': { whole: '/model/openai.gpt-x/invoke', streamed: '/model/openai.gpt-x/invoke-with-response-stream' },
  'bedrock-invoke cohere': { whole: '/model/cohere.command-x/invoke', streamed: '/model/cohere.command-x/invoke-with-response-stream' },
  cohere: { whole: '/v2/chat' },
  'cohere-v1': { whole: '/v1/chat' },
  ollama: { whole: '/api/chat' },
  mcp: { whole: '/mcp' },
};

const nameOf = ({ format, variant }: ToolTalk): string => (variant === undefined ? format : `${format} ${variant}`);
/** Agents have skills in their cards and call no tools: rules of their own. */
const TALKS = TOOL_TALKS.filter(({ format }) => format !== 'a2a');
const LIST = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }));
const identity = keyIdentity(KEY);

function pathOf(talk: ToolTalk, kind: 'whole' | 'streamed'): string {
  const paths = PATHS[nameOf(talk)] ?? PATHS[talk.format]!;
  return paths[kind] ?? paths.whole;
}

interface Cell {
  readonly talk: ToolTalk;
  readonly body: ToolBody;
  readonly play: Pick<AgentPlay, 'path' | 'request' | 'response' | 'responseType'>;
}

/** A body in an exchange of its own; what it answers declares nothing that matters. */
function cell(talk: ToolTalk, body: ToolBody, { kind, asked }: { readonly kind: 'whole' | 'streamed'; readonly asked?: ToolBody }): Cell {
  const path = pathOf(talk, kind);
  if (body.direction === 'request') return { talk, body, play: { path, request: body.bytes } };
  const request = asked?.bytes ?? (talk.format === 'mcp' ? LIST : talk.declared.bytes);
  return { talk, body, play: { path, request, response: body.bytes, responseType: body.contentType ?? 'application/json' } };
}

const row = (talk: ToolTalk, body: ToolBody | undefined, options: Parameters<typeof cell>[2]) =>
  body === undefined ? [] : [[nameOf(talk), cell(talk, body, options)] as const];
const DECLARED = TALKS.flatMap((talk) => row(talk, talk.declared, { kind: 'whole' }));
const WHOLE = TALKS.flatMap((talk) => row(talk, talk.whole, { kind: 'whole' }));
const STREAMED = TALKS.flatMap((talk) => row(talk, talk.streamed, { kind: 'streamed' }));
const withHistory = (kind: 'whole' | 'streamed') =>
  TALKS.flatMap((talk) => (talk.history === undefined ? [] : row(talk, talk[kind], { kind, asked: talk.history })));
const FLOWS_WHOLE = withHistory('whole');
const FLOWS_STREAMED = withHistory('streamed');

/** What the rules found about tools at their place. */
function ruled({ record }: AgentPlayed, lane: 'tool-arguments' | 'tool-definition'): readonly object[] {
  const own = record.findings.filter((finding) => finding.lane === lane);
  return own.map(({ detector, subject, taken, reason }) => ({ detector, subject, taken, reason }));
}

/** What reached the other side of the body that was judged. */
const passed = ({ body }: Cell, played: AgentPlayed): Buffer =>
  body.direction === 'request' ? Buffer.from(played.request ?? '') : played.responseBytes;

/** Names and arguments of calls in what has left, as a client would read them, and as they stand in its bytes. */
function leaks({ talk, body }: Cell, bytes: Buffer): readonly string[] {
  const reader = createBodyReader({
    format: formatById(talk.format)!,
    direction: body.direction,
    contentType: body.contentType ?? 'application/json',
    contentEncoding: undefined,
    limits: DEFAULT_LIMITS,
    facts: { ...emptyFacts(), requestIds: [1, 2, 3, 4] },
    toolTexts: true,
  });
  const frames = [...reader.push(bytes), ...reader.end()];
  const read = frames.flatMap(({ tools, segments }) => [
    ...(tools ?? []).map(({ name }) => name ?? ''),
    ...segments.filter(({ lane }) => lane === 'tool-arguments').map(({ text }) => text),
  ]);
  return [CALLS[1].name, CALLS[1].input.to].filter((secret) => bytes.includes(secret) || read.join('\n').includes(secret));
}

const NOT_PERMITTED = [{ detector: 'tool.not-permitted', subject: 'send_mail', taken: 'deny', reason: 'denied' }];
const FLOW = [{ detector: 'exfil.flow', subject: 'send_mail', taken: 'deny', reason: undefined }];

/** Two cuts at every pair of these places, and one byte at a time. */
function splitsOf(length: number): readonly (readonly number[])[] {
  const places = LONG_RUN ? 96 : 10;
  const at = Array.from({ length: places }, (_, i) => Math.floor(((i + 1) * length) / (places + 1)));
  const pairs = at.flatMap((first, i) => at.slice(i + 1).map((second) => [first, second]));
  return [[], ...pairs, Array.from({ length: length - 1 }, (_, i) => i + 1)];
}

const one = { name: 'send_mail', description: 'd' };
const two = { name: 'look_up', description: 'd' };
const fn = (tool: object) => ({ type: 'function', function: { ...tool, parameters: {} } });
const claude = (tool: object) => ({ ...tool, input_schema: {} });
const spec = (tool: object) => ({ toolSpec: { ...tool, inputSchema: { json: {} } } });
/** What a request declares, and what is left of it when `send_mail` is taken away. */
const EMPTIED: readonly (readonly [string, string, object, object])[] = [
  ['chat', '/v1/chat/completions', { tools: [fn(one)], tool_choice: 'required', parallel_tool_calls: false }, {}],
  ['chat, chosen', '/v1/chat/completions', { tool_choice: fn({ name: 'send_mail' }), tools: [fn(two), fn(one)] }, { tools: [fn(two)] }],
  [
    'chat, another chosen',
    '/v1/chat/completions',
    { tools: [fn(one), fn(two)], tool_choice: 'auto' },
    { tools: [fn(two)], tool_choice: 'auto' },
  ],
  ['functions', '/v1/chat/completions', { functions: [one], function_call: { name: 'send_mail' } }, {}],
  ['responses', '/v1/responses', { tools: [{ type: 'function', ...one }], tool_choice: { type: 'function', name: 'send_mail' } }, {}],
  ['messages', '/v1/messages', { tools: [claude(one)], tool_choice: { type: 'any' } }, {}],
  [
    'messages, chosen',
    '/v1/messages',
    { tools: [claude(one), claude(two)], tool_choice: { type: 'tool', name: 'send_mail' } },
    { tools: [claude(two)] },
  ],
  [
    'Gemini',
    '/v1beta/models/m:generateContent',
    { tools: [{ functionDeclarations: [one] }], toolConfig: { functionCallingConfig: { mode: 'ANY' } } },
    {},
  ],
  [
    'Gemini, chosen',
    '/v1beta/models/m:generateContent',
    {
      tools: [{ functionDeclarations: [one, two] }],
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['send_mail'] } },
    },
    { tools: [{ functionDeclarations: [two] }] },
  ],
  ['Converse', '/model/m/converse', { toolConfig: { tools: [spec(one)], toolChoice: { any: {} } } }, {}],
  [
    'Converse, chosen',
    '/model/m/converse',
    { toolConfig: { tools: [spec(two), spec(one)], toolChoice: { tool: { name: 'send_mail' } } } },
    { toolConfig: { tools: [spec(two)] } },
  ],
  ['Cohere', '/v2/chat', { tools: [fn(one)], tool_choice: 'REQUIRED' }, {}],
  ['Ollama', '/api/chat', { tools: [fn(one)] }, {}],
];

describe('a list of tools that nothing is left of', () => {
  test('in all dialects that have one', () => expect(EMPTIED).toHaveLength(13));
  test.each(EMPTIED)('goes with what chooses among them: %s', (_, path, declared, left) => {
    const rest = path.includes('generateContent') ? { contents: [] } : { model: 'm', messages: [] };
    const bodies = [
      { ...rest, ...declared },
      { ...declared, ...rest },
    ].map((body) => Buffer.from(JSON.stringify(body, null, 1)));
    const played = bodies.map((request) => playAgent({ policy: REMOVES, identity, path, request }).request ?? '');
    expect(played.map((request) => JSON.parse(request))).toEqual([
      { ...rest, ...left },
      { ...rest, ...left },
    ]);
  });
});

describe('the same rules about tools judge alike in every dialect', () => {
  test('the grid has every dialect that has tools', () => {
    expect(TALKS).toHaveLength(15);
    expect([DECLARED, WHOLE, STREAMED, FLOWS_WHOLE, FLOWS_STREAMED].map((rows) => rows.length)).toEqual([15, 15, 14, 14, 14]);
  });

  test.each(DECLARED)('%s: a declared tool that is not granted is taken away, the other stays', (_, one) => {
    const played = playAgent({ policy: REMOVES, identity, ...one.play });
    const text = passed(one, played).toString('utf8');
    expect([text.includes('look_up'), text.includes('send_mail')]).toEqual([true, false]);
    expect(ruled(played, 'tool-definition')).toEqual([{ ...NOT_PERMITTED[0], taken: 'redact' }]);
  });

  test.each(DECLARED.filter(([, { body }]) => body.direction === 'request'))('%s: or the request that declares it is denied', (_, one) => {
    const played = playAgent({ policy: DENIES, identity, ...one.play });
    expect([played.request, played.denied?.status]).toEqual([undefined, 403]);
    expect(ruled(played, 'tool-definition')).toEqual(NOT_PERMITTED);
  });

  test.each(WHOLE)('%s: a call that is not granted leaves nothing of itself', (_, one) => {
    const played = playAgent({ policy: REMOVES, identity, ...one.play });
    expect(ruled(played, 'tool-arguments')).toEqual(NOT_PERMITTED);
    expect([played.denied?.status, leaks(one, passed(one, played))]).toEqual([expect.any(Number), []]);
  });

  test.each(WHOLE)('%s: granted calls pass byte for byte', (_, one) => {
    const played = playAgent({ policy: PERMITS, identity, ...one.play });
    expect([ruled(played, 'tool-arguments'), passed(one, played).equals(one.body.bytes)]).toEqual([[], true]);
  });

  test.each(STREAMED)('%s: a streamed call that is not granted leaves nothing of itself, however it is cut', (_, one) => {
    for (const cuts of splitsOf(one.body.bytes.length)) {
      const played = playAgent({ policy: REMOVES, identity, ...one.play, cuts });
      expect({ cuts, found: ruled(played, 'tool-arguments'), leaked: leaks(one, played.responseBytes) }).toEqual({
        cuts,
        found: NOT_PERMITTED,
        leaked: [],
      });
    }
  });

  test.each(STREAMED)('%s: granted streamed calls pass byte for byte, however they are cut', (_, one) => {
    for (const cuts of splitsOf(one.body.bytes.length)) {
      const played = playAgent({ policy: PERMITS, identity, ...one.play, cuts });
      expect({ cuts, found: ruled(played, 'tool-arguments'), same: played.responseBytes.equals(one.body.bytes) }).toEqual({
        cuts,
        found: [],
        same: true,
      });
    }
  });

  test.each(FLOWS_WHOLE)('%s: a flow is stopped after the results of the history', (_, one) => {
    const played = playAgent({ policy: FLOWS, ...one.play });
    expect([ruled(played, 'tool-arguments'), leaks(one, played.responseBytes)]).toEqual([FLOW, []]);
  });

  test.each(FLOWS_STREAMED)('%s: a flow is stopped in a stream, however it is cut', (_, one) => {
    for (const cuts of splitsOf(one.body.bytes.length)) {
      const played = playAgent({ policy: FLOWS, ...one.play, cuts });
      expect({ cuts, found: ruled(played, 'tool-arguments'), leaked: leaks(one, played.responseBytes) }).toEqual({
        cuts,
        found: FLOW,
        leaked: [],
      });
    }
  });
});
