import { describe, expect, test } from 'vitest';
import { keyIdentity, playAgent } from '../support/agent-exchange.ts';
import { smallPolicy } from '../support/streams.ts';

const KEY = 'd'.repeat(64);
const policy = smallPolicy(
  `version: 1\ndetectors: {pii.*: {action: off}}\nagents:\n  clerk:\n    identify: {apiKeyHash: "${KEY}"}\n    models: {deny: [big-model*]}\n`,
);
const identity = keyIdentity(KEY);

const escaped = (text: string): string => [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const batch = (...models: readonly string[]): string =>
  JSON.stringify({ requests: models.map((model, index) => ({ custom_id: `c${index}`, params: { model, max_tokens: 9, messages: [] } })) });
const FILL = 'x'.repeat(20);

describe('a model that an agent may not ask for', () => {
  test.each([
    ['as it is written', '/v1/chat/completions', '{"model":"big-model"}'],
    ['in other letters', '/v1/chat/completions', '{"model":"BIG-Model"}'],
    ['escaped, and so as long as no name is', '/v1/chat/completions', `{"model":"${escaped(`big-model-${FILL}`)}"}`],
    ['longer than any name', '/v1/chat/completions', `{"model":"big-model${'x'.repeat(5000)}"}`],
    ['before another one with the same key', '/v1/chat/completions', '{"model":"big-model","model":"small"}'],
    ['behind another one with the same key', '/v1/chat/completions', '{"model":"small","model":"big-model"}'],
    ['as the deployment, with another one in the body', '/openai/deployments/big-model/chat/completions', '{"model":"small"}'],
    ['in a batch, between others', '/v1/messages/batches', batch('small', 'big-model', 'small')],
    ['in the path, percent-encoded', '/v1beta/models/big%2Dmodel:generateContent', '{"contents":[]}'],
    ['in the path of Bedrock', '/model/big%2Dmodel/converse', '{"messages":[]}'],
    [
      'in the path of Vertex, with another one in the body',
      '/v1/projects/p/locations/l/publishers/anthropic/models/big-model:rawPredict',
      '{"anthropic_version":"vertex-2023-10-16","model":"small","max_tokens":9,"messages":[]}',
    ],
    ['with the prefix of Gemini’s bodies', '/v1beta/models/small:batchEmbedContents', '{"requests":[{"model":"models/big-model"}]}'],
  ])('%s, is refused', (_, path, request) => {
    const played = playAgent({ policy, identity, path, request: Buffer.from(request) });
    expect(played.denied?.status).toBe(403);
    expect(played.record.findings).toEqual([
      expect.objectContaining({ detector: 'agent.not-permitted', rule: 'agents.clerk.models.deny[0]' }),
    ]);
  });

  test.each([
    ['another model', '/v1/chat/completions', '{"model":"small"}'],
    ['a batch of others', '/v1/messages/batches', batch('small', 'smaller')],
    ['no model at all', '/v1/chat/completions', '{"messages":[]}'],
  ])('does not keep %s from being asked for', (_, path, request) => {
    const played = playAgent({ policy, identity, path, request: Buffer.from(request) });
    expect(played.denied).toBeUndefined();
    expect(played.record.findings).toEqual([]);
  });
});

describe('the person that a body names', () => {
  test.each([
    ['OpenAI’s user', '/v1/chat/completions', '{"model":"m","user":"u-7"}', { userId: 'u-7' }],
    ['OpenAI’s safety identifier', '/v1/responses', '{"model":"m","safety_identifier":"s-7"}', { safetyIdentifier: 's-7' }],
    ['Anthropic’s metadata', '/v1/messages', '{"model":"m","messages":[],"metadata":{"user_id":"m-7"}}', { metadataUserId: 'm-7' }],
    ['a long one', '/v1/chat/completions', `{"model":"m","user":"${'u'.repeat(300)}"}`, { userId: 'u'.repeat(300) }],
  ])('%s is read', (_, path, request, facts) => {
    const { record } = playAgent({ policy, identity, path, request: Buffer.from(request) });
    expect(record.facts).toMatchObject(facts);
  });
});

describe('a tool of MCP that an agent may not call', () => {
  const mcp = smallPolicy(
    `version: 1\ndetectors: {pii.*: {action: off}}\nagents:\n  clerk:\n    identify: {apiKeyHash: "${KEY}"}\n    tools: {deny: [drop_table]}\n    mcp: {methods: {deny: [resources/templates/list]}}\n`,
  );
  const params = '"params":{"name":"drop_table","arguments":{}}';
  const tool = { detector: 'tool.not-permitted', rule: 'agents.clerk.tools.deny[0]' };
  const method = { detector: 'agent.not-permitted', rule: 'agents.clerk.mcp.methods.deny[0]' };
  test.each([
    ['as it is written', `{"jsonrpc":"2.0","id":1,"method":"tools/call",${params}}`, tool],
    ['escaped', `{"jsonrpc":"2.0","id":1,"method":"${escaped('tools/call')}",${params}}`, tool],
    ['before another method', `{"jsonrpc":"2.0","id":1,"method":"tools/call","method":"ping",${params}}`, tool],
    ['behind another method', `{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call",${params}}`, tool],
    ['with another name as well', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"drop_table","name":"look"}}', tool],
    ['by a method that is escaped', `{"jsonrpc":"2.0","id":1,"method":"${escaped('resources/templates/list')}"}`, method],
  ])('%s, is refused', (_, request, finding) => {
    const played = playAgent({ policy: mcp, identity, path: '/mcp', request: Buffer.from(request) });
    expect(played.denied).toBeDefined();
    expect(played.record.findings).toEqual([expect.objectContaining(finding)]);
  });
});
