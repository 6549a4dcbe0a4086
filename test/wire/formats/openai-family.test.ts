import { expect, test } from 'vitest';
import { denialFor } from '../../../src/respond/denial.ts';
import type { Head } from '../../../src/wire/format.ts';
import { FORMATS, recogniseFormat } from '../../../src/wire/formats/index.ts';
import { openaiDenial, openaiProvider } from '../../../src/wire/formats/openai-family.ts';
import { emptyFacts } from '../../../src/wire/frame.ts';

const head = (path: string, { host = 'gateway.example', headers = {} as Readonly<Record<string, string>> } = {}): Head => ({
  method: 'POST',
  path,
  host,
  header: (name) => headers[name],
});

const CHAT = '/v1/chat/completions';
const KEY = { headers: { 'api-key': 'k' } };
const PROVIDERS: readonly (readonly [provider: string, head: Head])[] = [
  ['openai', head(CHAT, { host: 'api.openai.com' })],
  ['openai', head(CHAT, { host: 'eu.api.openai.com:443' })],
  ['openai', head(CHAT, { host: 'notopenai.com.example' })],
  ['openai', head(CHAT)],
  ['azure.ai.openai', head(CHAT, { host: 'Mine.OpenAI.azure.com' })],
  ['azure.ai.openai', head('/openai/deployments/gpt/chat/completions')],
  ['azure.ai.openai', head('/openai/v1/responses', KEY)],
  ['azure.ai.openai', head('/openai/responses')],
  ['azure.ai.openai', head('/v1/chat/completions', KEY)],
  ['azure.ai.inference', head('/chat/completions', { host: 'm.eastus.models.inference.ai.azure.com' })],
  ['mistral_ai', head(CHAT, { host: 'api.mistral.ai' })],
  ['mistral_ai', head('/v1/fim/completions')],
  ['mistral_ai', head('/v1/agents/completions')],
  ['groq', head('/openai/v1/chat/completions', { host: 'api.groq.com' })],
  ['groq', head('/openai/v1/chat/completions')],
  ['deepseek', head('/chat/completions', { host: 'api.deepseek.com' })],
  ['x_ai', head(CHAT, { host: 'api.x.ai' })],
  ['openai', head(CHAT, { host: 'api.max.ai' })],
  ['perplexity', head('/chat/completions', { host: 'api.perplexity.ai' })],
  ['gcp.gemini', head('/v1beta/openai/chat/completions', { host: 'generativelanguage.googleapis.com' })],
  ['aws.bedrock', head('/openai/v1/chat/completions', { host: 'bedrock-runtime.us-west-2.amazonaws.com' })],
];

test('the table of providers has all its rows', () => expect(PROVIDERS).toHaveLength(21));

test.each(PROVIDERS)('%s answers (row %#)', (provider, asked) => {
  expect(openaiProvider(asked)).toBe(provider);
});

const PATHS: readonly (readonly [path: string, id: string])[] = [
  ['/v1/fim/completions', 'openai-chat'],
  ['/v1/agents/completions', 'openai-chat'],
  ['/v1/chat/completions/chatcmpl-1/messages', 'openai-chat'],
  ['/v1/responses', 'openai-responses'],
  ['/v1/responses/', 'openai-responses'],
  ['/openai/responses', 'openai-responses'],
  ['/openai/v1/responses', 'openai-responses'],
  ['/v1/responses/resp_1', 'openai-responses'],
  ['/v1/responses/resp_1/input_items', 'openai-responses'],
  ['/v1/responses/resp_1/cancel', 'openai-responses'],
  ['/v1/responses/compact', 'openai-responses'],
  ['/v1/conversations/conv_1/items', 'openai-responses'],
  ['/survey/responses/12', 'generic'],
  ['/v1/completions', 'openai-completions'],
  ['/openai/deployments/gpt/completions', 'openai-completions'],
  ['/beta/completions', 'openai-completions'],
  ['/v1/embeddings', 'openai-embeddings'],
  ['/openai/deployments/e/embeddings', 'openai-embeddings'],
  ['/v1/moderations', 'openai-moderations'],
  ['/v1/images/generations', 'openai-images'],
  ['/v1/images/edits', 'openai-images'],
  ['/openai/deployments/d/images/generations', 'openai-images'],
  ['/v1/audio/speech', 'openai-audio'],
  ['/v1/audio/transcriptions', 'openai-audio'],
  ['/v1/audio/translations', 'openai-audio'],
  ['/v1/realtime', 'generic'],
];

test('the table of paths has all its rows', () => expect(PATHS).toHaveLength(26));

test.each(PATHS)('%s speaks %s', (path, id) => {
  expect(recogniseFormat(head(path)).id).toBe(id);
});

test('every dialect of OpenAI reads the deployment from the path, and refuses as OpenAI does', () => {
  const family = FORMATS.filter(({ id }) => id.startsWith('openai-'));
  expect(family).toHaveLength(7);
  for (const format of family) {
    const facts = emptyFacts();
    format.readHead!(head('/openai/deployments/my-gpt/chat/completions'), facts);
    format.readHead!(head('/v1/chat/completions'), facts);
    expect(facts.model).toBe('my-gpt');
    expect(format.denial(denialFor('content_filter'))).toEqual(openaiDenial(denialFor('content_filter')));
  }
});

test('what cannot be inspected at the moment is an error of the server', () => {
  const { status, body } = openaiDenial(denialFor('unavailable'));
  expect([status, JSON.parse(body).error]).toMatchObject([503, { type: 'server_error', code: 'unavailable' }]);
});
