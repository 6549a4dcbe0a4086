import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { keyIdentity, playAgent } from '../support/agent-exchange.ts';
import { smallPolicy } from '../support/streams.ts';

const KEY = 'd'.repeat(64);
const policyOf = (rules: string) =>
  smallPolicy(`version: 1\ndetectors: {pii.*: {action: off}}\nagents: {clerk: {identify: {apiKeyHash: "${KEY}"}${rules}}}\n`);
const bound = policyOf(', models: [small], tools: [look_up]');
const free = policyOf('');

/**
 * As .NET's JsonSerializer writes properties without a naming policy. No official client is known to: the marshallers of aws-sdk-net, and the
 * models of the MCP and A2A SDKs for .NET (`JsonPropertyName`), name fields as the dialects do.
 */
function pascalCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pascalCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.charAt(0).toUpperCase() + key.slice(1), pascalCase(inner)]));
}

const BODIES = [
  ['OpenAI', '/v1/chat/completions', { model: 'small', messages: [{ role: 'user', content: 'hello' }] }],
  ['Anthropic', '/v1/messages', { model: 'small', max_tokens: 9, messages: [{ role: 'user', content: 'hello' }] }],
  ['Bedrock', '/model/small/converse', { messages: [{ role: 'user', content: [{ text: 'hello' }] }] }],
  ['MCP', '/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'look_up', arguments: {} } }],
  [
    'A2A',
    '/a2a',
    {
      jsonrpc: '2.0',
      id: 1,
      method: 'message/send',
      params: { message: { messageId: 'm', role: 'user', parts: [{ kind: 'text', text: 'hello' }] } },
    },
  ],
] as const;

describe('names of fields in another letter case', () => {
  test('are tried in five dialects', () => expect(BODIES).toHaveLength(5));

  test.each(BODIES)('are refused of a caller with rules, and of no other: %s', (_, path, body) => {
    const play = (policy: typeof bound, value: unknown) => {
      const { denied, record } = playAgent({ policy, identity: keyIdentity(KEY), path, request: Buffer.from(JSON.stringify(value)) });
      return [denied?.status, record.uninspected.map(({ reason }) => reason)];
    };
    expect([play(bound, body), play(bound, pascalCase(body)), play(free, pascalCase(body))]).toEqual([
      [undefined, []],
      [403, ['unfit-body']],
      [undefined, []],
    ]);
  });

  test('are spoken of where permissions are', () => {
    const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/agents.md'), 'utf8');
    const section = page.slice(page.indexOf('## What it may do'), page.indexOf('## What it was granted'));
    expect(section).toContain('`"Messages"`');
    expect(section).toContain('`unfit-body`');
  });
});
