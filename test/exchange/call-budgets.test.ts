import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { EMPTY_CONVERSATION } from '../../src/agents/conversation/conversation.ts';
import { FIXED } from '../../src/lib/limits.ts';
import { type AgentPlay, playAgent } from '../support/agent-exchange.ts';
import { smallPolicy } from '../support/streams.ts';

const policyWith = (behaviour: string) => smallPolicy(`version: 1\ndetectors: {pii.*: {action: off}}\nbehaviour: ${behaviour}\n`);
const TWO_A_TURN = policyWith('{budgets: {agent: {toolCallsPerTurn: 2}}}');
const TWO_OBSERVED = policyWith('{budgets: {agent: {toolCallsPerTurn: 2}}, findings: {budget: {action: observe}}}');
const PER_TOOL = policyWith('{budgets: {tool: {requestsPerMinute: 1}}}');

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const named = (id: string) => ({ id, type: 'function', function: { name: 'look_up', arguments: '{}' } });
const said = (content: string) => ({ role: 'user', content });
/** A call of a tool and its result. */
const answered = (id: string) => [
  { role: 'assistant', content: null, tool_calls: [named(id)] },
  { role: 'tool', tool_call_id: id, content: 'x' },
];
const chat = (...messages: readonly object[]) => ({ path: '/v1/chat/completions', request: json({ model: 'm', messages }) });
const calls = (...ids: readonly string[]): Buffer =>
  json({
    id: 'r1',
    object: 'chat.completion',
    choices: [{ index: 0, finish_reason: 'tool_calls', message: { role: 'assistant', content: null, tool_calls: ids.map(named) } }],
  });
const block = (id: string) => ({ type: 'tool_use', id, name: 'look_up', input: {} });
const messages = (...list: readonly object[]) => ({ path: '/v1/messages', request: json({ model: 'm', max_tokens: 9, messages: list }) });
const results = (id: string, ...beside: readonly object[]) => [
  { role: 'assistant', content: [block(id)] },
  { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'x' }, ...beside] },
];
const blocks = (...ids: readonly string[]): Buffer =>
  json({ id: 'm1', type: 'message', role: 'assistant', model: 'm', content: ids.map(block), stop_reason: 'tool_use' });
const output = (id: string) => ({ type: 'function_call_output', call_id: id, output: 'x' });
const responses = (...input: readonly object[]) => ({
  path: '/v1/responses',
  request: json({ model: 'm', previous_response_id: 'resp_1', input }),
});
const items = (...ids: readonly string[]): Buffer =>
  json({
    id: 'resp_2',
    object: 'response',
    status: 'completed',
    output: ids.map((id) => ({
      type: 'function_call',
      id: `fc_${id}`,
      call_id: id,
      name: 'look_up',
      arguments: '{}',
      status: 'completed',
    })),
  });

interface Row extends Pick<AgentPlay, 'path' | 'request' | 'response'> {
  readonly name: string;
  readonly earlier?: number;
  readonly turnCalls: number;
  readonly isDenied: boolean;
}

const ROWS: readonly Row[] = [
  { name: 'as many calls at once as are granted', ...chat(said('go')), response: calls('a', 'b'), turnCalls: 2, isDenied: false },
  { name: 'one more at once', ...chat(said('go')), response: calls('a', 'b', 'c'), turnCalls: 3, isDenied: true },
  { name: 'the last of them', ...chat(said('go'), ...answered('a')), response: calls('b'), turnCalls: 2, isDenied: false },
  {
    name: 'one more after others of the turn',
    ...chat(said('go'), ...answered('a'), ...answered('b')),
    response: calls('c'),
    turnCalls: 3,
    isDenied: true,
  },
  {
    name: 'the first of a new turn',
    ...chat(said('go'), ...answered('a'), ...answered('b'), said('on')),
    response: calls('c'),
    turnCalls: 1,
    isDenied: false,
  },
  {
    name: 'one more, though a text stands beside a result',
    ...messages(said('go'), ...results('a'), ...results('b', { type: 'text', text: 'reminder' })),
    response: blocks('c'),
    turnCalls: 3,
    isDenied: true,
  },
  {
    name: 'one more of a turn whose history the provider has',
    ...responses(output('b')),
    earlier: 2,
    response: items('c'),
    turnCalls: 3,
    isDenied: true,
  },
  {
    name: 'the first of a turn after one whose history the provider has',
    ...responses({ type: 'message', role: 'user', content: 'on' }),
    earlier: 2,
    response: items('c'),
    turnCalls: 1,
    isDenied: false,
  },
];

describe('toolCallsPerTurn', () => {
  const play = ({ earlier, path, request, response }: Row, policy = TWO_A_TURN) =>
    playAgent({
      policy,
      path,
      request,
      ...(response && { response }),
      ...(earlier !== undefined && { conversation: { ...EMPTY_CONVERSATION, called: new Map([['b', 'look_up']]), turnCalls: earlier } }),
    });

  test('is tried in eight rows', () => expect(ROWS).toHaveLength(8));

  test.each(ROWS)('$name', (row) => {
    const { record, response } = play(row);
    const found = record.findings.map(({ detector, rule, taken }) => [detector, rule, taken]);
    expect([found, record.caller?.turnCalls, response.includes('look_up')]).toEqual([
      row.isDenied ? [['behaviour.budget', 'budgets.toolCallsPerTurn', 'deny']] : [],
      row.turnCalls,
      !row.isDenied,
    ]);
  });

  test('that is only observed lets the call go on', () => {
    const { record, response } = play(ROWS[1]!, TWO_OBSERVED);
    expect([record.findings.map(({ taken }) => taken), response.includes('look_up')]).toEqual([['observe'], true]);
  });

  test('counts no call twice at any split of a stream', () => {
    const chunk = (delta: object) =>
      `data: ${JSON.stringify({ id: 'r', object: 'chat.completion.chunk', choices: [{ index: 0, delta }] })}\n\n`;
    const stream = Buffer.from(
      `${chunk({ tool_calls: [{ index: 0, ...named('a') }] })}${chunk({ tool_calls: [{ index: 1, ...named('b') }] })}data: [DONE]\n\n`,
    );
    for (const piece of [1, 7, 64, stream.length]) {
      const { record } = playAgent({ policy: TWO_A_TURN, ...chat(said('go')), response: stream, responseType: 'text/event-stream', piece });
      expect([record.findings, record.caller?.turnCalls]).toEqual([[], 2]);
    }
  });
});

describe('toolCallsPerTurn over MCP', () => {
  const toolCall = (id: number) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'look_up', arguments: {} } });
  /** Exchanges of tests begin at 1. */
  const made = (turnCalls: number, turnMs: number) => ({ ...EMPTY_CONVERSATION, called: new Map([['0', 'look_up']]), turnCalls, turnMs });
  const play = (request: unknown, conversation?: ReturnType<typeof made>) =>
    playAgent({ policy: TWO_A_TURN, path: '/mcp', request: json(request), ...(conversation && { conversation }) });

  test.each([
    ['the first call of a session', toolCall(1), undefined, 1, false],
    ['the second', toolCall(1), made(1, 1), 2, false],
    ['one more than is granted', toolCall(1), made(2, 1), 3, true],
    ['one more just before the pause is long enough', toolCall(1), made(2, 1 - FIXED.turnPauseMs), 3, true],
    ['the first after a pause', toolCall(1), made(2, -FIXED.turnPauseMs), 1, false],
    ['three in one batch', [toolCall(1), toolCall(2), toolCall(3)], undefined, 3, true],
  ] as const)('%s', (_, request, before, turnCalls, isDenied) => {
    const { record, denied } = play(request, before);
    expect([record.caller?.turnCalls, denied !== undefined, record.findings.map(({ rule, direction }) => [rule, direction])]).toEqual([
      turnCalls,
      isDenied,
      isDenied ? [['budgets.toolCallsPerTurn', 'request']] : [],
    ]);
  });

  test('a refused call is one of the turn, which so goes on', () => {
    const { record } = play(toolCall(1), made(2, -5_000));
    expect(record.outcome).toBe('denied');
    expect(record.caller?.conversation).toMatchObject({ turnCalls: 3, turnMade: 1, turnMs: 1 });
  });

  test('docs/behaviour.md says how long a pause is', () => {
    const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/behaviour.md'), 'utf8');
    expect([page.includes('called nothing for two minutes'), FIXED.turnPauseMs]).toEqual([true, 120_000]);
  });

  test('what a client says in other requests begins no turn', () => {
    const requests = [
      { jsonrpc: '2.0', id: 1, method: 'prompts/get', params: { name: 'p', arguments: { topic: 'a new question' } } },
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1, reason: 'a new question' } },
    ];
    const conversations = requests.map((request) => play(request, made(2, 1)).record.caller?.conversation);
    expect(conversations).toEqual(requests.map(() => expect.objectContaining({ turnCalls: 2, turnMade: 0 })));
  });
});

describe('a budget of tools', () => {
  const refuse = (tool: string) => ({ action: 'deny', explanation: `${tool} is spent` }) as const;

  test('refuses the call of an answer that has no room', () => {
    const { record, response } = playAgent({ policy: PER_TOOL, ...chat(said('go')), response: calls('a'), takeCall: refuse });
    expect(record.findings).toEqual([
      expect.objectContaining({ detector: 'behaviour.budget', direction: 'response', taken: 'deny', explanation: 'look_up is spent' }),
    ]);
    expect(response).not.toContain('look_up');
  });

  test('refuses a call over MCP before it leaves', () => {
    const request = json({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'look_up', arguments: {} } });
    const played = playAgent({ policy: PER_TOOL, path: '/mcp', request, takeCall: refuse });
    expect([played.request, played.record.findings.map(({ detector, direction }) => [detector, direction])]).toEqual([
      undefined,
      [['behaviour.budget', 'request']],
    ]);
  });

  test('takes each call of an answer out once, and none of the history', () => {
    const taken: string[] = [];
    const takeCall = (tool: string) => {
      taken.push(tool);
      return undefined;
    };
    playAgent({ policy: PER_TOOL, ...chat(said('go'), ...answered('a')), response: calls('b', 'c'), takeCall });
    expect(taken).toEqual(['look_up', 'look_up']);
  });
});
