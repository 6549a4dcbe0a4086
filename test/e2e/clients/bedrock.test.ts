import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import {
  AccessDeniedException,
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  type ConverseStreamOutput,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  type ResponseStream,
  ThrottlingException,
} from '@aws-sdk/client-bedrock-runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awsChunk, awsEvent, awsMessage } from '../../support/aws-eventstream.ts';
import { type Gateway, send, startGateway } from '../../support/gateway.ts';

const EMAIL = 'anna@example.org';
const MASK = '[REDACTED:pii.email]';
const KEY = `${'AKIA'}QZ7M3KX5TWNB2RVD`;
const PLAIN = 'The capital of France is Paris.';
const PIECES = ['Write to an', 'na@exam', 'ple.org', ' and wait.'];
const REDACTED = `Write to ${MASK} and wait.`;
const POLICY = 'version: 1\ndetectors:\n  "*": {action: redact}\n  secret.*: {action: deny}\n';
const CLAUDE = 'us.anthropic.claude-sonnet-4-20250514-v1:0';
const TITAN = 'amazon.titan-text-express-v1';
/** An id with what a path must encode. */
const PROFILE = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc';

interface Asked {
  readonly path: string;
  readonly body: string;
  readonly sha256: string | undefined;
  readonly authorization: string | undefined;
}
/** What the provider was asked. */
const asked: Asked[] = [];
/** Told by a client that has got something of a stream that goes wrong. */
let seen: () => void = () => {};

let gateway: Gateway;
let client: BedrockRuntimeClient;
beforeAll(async () => {
  gateway = await startGateway({ upstream: provide, profile: 'default', policy: POLICY });
  client = new BedrockRuntimeClient({
    endpoint: `http://127.0.0.1:${gateway.port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  client?.destroy();
  await gateway?.stop();
});

// ---- the provider: what it answers is the last word of the question

/** The provider waits for `seen` before it goes on. */
const PAUSE = 'pause';

async function provide(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = await textOf(incoming);
  const path = decodeURIComponent(incoming.url ?? '');
  const { authorization, 'x-amz-content-sha256': sha256 } = incoming.headers;
  asked.push({ path, body, sha256: String(sha256), authorization });
  const { messages, inputText } = JSON.parse(body);
  const question: string = inputText ?? messages.at(-1).content[0].text;
  const found = ANSWERS[`${path.split('/').at(-1)} ${question.split(' ').at(-1)}`]!;
  if (!Array.isArray(found)) return void outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(found));
  outgoing.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
  for (const message of found) {
    if (message === PAUSE) await new Promise<void>((resolve) => (seen = resolve));
    else outgoing.write(message);
  }
  outgoing.end();
}

const USAGE = { usage: { inputTokens: 3, outputTokens: 4, totalTokens: 7 }, metrics: { latencyMs: 9 } };
const answer = (...content: object[]) => ({ output: { message: { role: 'assistant', content } }, stopReason: 'end_turn', ...USAGE });
const delta = (contentBlockIndex: number, content: object) =>
  awsEvent('contentBlockDelta', { contentBlockIndex, delta: content, p: 'abcdefghijkl' });
const stop = (contentBlockIndex: number) => awsEvent('contentBlockStop', { contentBlockIndex });
const START = awsEvent('messageStart', { role: 'assistant', p: 'abc' });
const END = [awsEvent('messageStop', { stopReason: 'end_turn' }), awsEvent('metadata', USAGE)];
const CALL = { toolUseId: 'tooluse_1', name: 'send' };

const claude = (text: string) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });
const CLAUDE_START = [
  { type: 'message_start', message: { id: 'm', type: 'message', role: 'assistant', content: [], usage: { input_tokens: 3 } } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
].map(awsChunk);
const CLAUDE_END = [
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 4 } },
  { type: 'message_stop', 'amazon-bedrock-invocationMetrics': { inputTokenCount: 3, outputTokenCount: 4 } },
].map(awsChunk);

const ANSWERS: Readonly<Record<string, object | readonly (Buffer | typeof PAUSE)[]>> = {
  'converse plainly': answer({ text: PLAIN }),
  'converse mail': answer({ text: `Write to ${EMAIL}.` }, { toolUse: { ...CALL, input: { to: EMAIL } } }),
  'converse-stream plainly': [START, delta(0, { text: PLAIN }), stop(0), ...END],
  'converse-stream mail': [
    START,
    ...PIECES.map((text) => delta(0, { text })),
    stop(0),
    awsEvent('contentBlockStart', { contentBlockIndex: 1, start: { toolUse: CALL } }),
    ...['{"to": "an', 'na@exa', 'mple.org"', '}'].map((input) => delta(1, { toolUse: { input } })),
    stop(1),
    ...END,
  ],
  'converse-stream key': [START, delta(0, { text: 'Here it is. ' }), PAUSE, delta(0, { text: KEY }), stop(0), ...END],
  'converse-stream slowly': [
    START,
    awsMessage({ ':message-type': 'exception', ':exception-type': 'throttlingException' }, '{"message":"too many"}'),
  ],
  'invoke mail': { results: [{ tokenCount: 3, outputText: `Write to ${EMAIL}.`, completionReason: 'FINISH' }], inputTextTokenCount: 3 },
  'invoke letter': { id: 'm', type: 'message', role: 'assistant', content: [{ type: 'text', text: `Write to ${EMAIL}.` }] },
  'invoke-with-response-stream letter': [...CLAUDE_START, ...PIECES.map((text) => awsChunk(claude(text))), ...CLAUDE_END],
  'invoke-with-response-stream key': [...CLAUDE_START, awsChunk(claude('Here it is. ')), PAUSE, awsChunk(claude(KEY)), ...CLAUDE_END],
};

// ---- the client

const messages = (text: string) => [{ role: 'user' as const, content: [{ text }] }];
const invocation = (modelId: string, body: object) => ({ modelId, contentType: 'application/json', body: JSON.stringify(body) });
const claudeBody = (text: string) => ({
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 99,
  messages: [{ role: 'user', content: [{ type: 'text', text }] }],
});
const caught = (error: unknown) => error;

async function converse(text: string, eachEvent: (event: ConverseStreamOutput) => void = () => {}): Promise<ConverseStreamOutput[]> {
  const { stream } = await client.send(new ConverseStreamCommand({ modelId: CLAUDE, messages: messages(text) }));
  return all(stream!, eachEvent);
}

async function all<T>(stream: AsyncIterable<T>, eachEvent: (event: T) => void = () => {}): Promise<T[]> {
  const events: T[] = [];
  for await (const event of stream) {
    events.push(event);
    eachEvent(event);
  }
  return events;
}

const joined = (events: readonly ConverseStreamOutput[], pick: (event: ConverseStreamOutput) => string | undefined): string =>
  events.map((event) => pick(event) ?? '').join('');
// biome-ignore lint/suspicious/noExplicitAny: a client reads what it expects
const decoded = (events: readonly ResponseStream[]): readonly any[] =>
  events.map(({ chunk }) => JSON.parse(Buffer.from(chunk!.bytes!).toString()));

describe('Converse', () => {
  test('lets a harmless exchange through unchanged', async () => {
    const { output, usage, stopReason } = await client.send(
      new ConverseCommand({ modelId: PROFILE, messages: messages('Say it plainly') }),
    );
    expect([output?.message?.content, usage?.totalTokens, stopReason]).toEqual([[{ text: PLAIN }], 7, 'end_turn']);
    expect(asked.at(-1)).toMatchObject({ path: `/model/${PROFILE}/converse` });
  });

  test('redacts answers and the arguments of tool calls', async () => {
    const { output } = await client.send(new ConverseCommand({ modelId: CLAUDE, messages: messages('Send a mail') }));
    expect(output?.message?.content).toEqual([{ text: `Write to ${MASK}.` }, { toolUse: { ...CALL, input: { to: MASK } } }]);
  });

  test('redacts questions, which the signature of the client does not fit any more', async () => {
    await client.send(new ConverseCommand({ modelId: CLAUDE, messages: messages(`I am ${EMAIL}. Say it plainly`) }));
    const { body, sha256 } = asked.at(-1)!;
    expect(JSON.parse(body)).toEqual({ messages: messages(`I am ${MASK}. Say it plainly`) });
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    expect([hash(body) === sha256, hash(body.replace(MASK, EMAIL)) === sha256]).toEqual([false, true]);
  });

  test('denies a question as AWS denies access', async () => {
    const before = asked.length;
    const error = await client.send(new ConverseCommand({ modelId: CLAUDE, messages: messages(`Use ${KEY}, plainly`) })).catch(caught);
    expect(error).toBeInstanceOf(AccessDeniedException);
    expect(error).toMatchObject({
      message: 'Blocked by policy: the content of this exchange is not allowed.',
      $metadata: { httpStatusCode: 403 },
    });
    expect(asked.length).toBe(before);
  });
});

/** Envoy signs what the filter lets through: the service never sees the client's signature. */
const SIGNING = `- name: envoy.filters.http.aws_request_signing
                    typed_config:
                      '@type': type.googleapis.com/envoy.extensions.filters.http.aws_request_signing.v3.AwsRequestSigning
                      service_name: bedrock
                      region: us-east-1
                      credential_provider: { inline_credential: { access_key_id: gateway, secret_access_key: test } }
                  `;

test('a request that is redacted and then signed by Envoy has a signature that fits', async () => {
  const router = '- name: envoy.filters.http.router';
  const signing = await startGateway({ upstream: provide, profile: 'default', policy: POLICY, changes: { [router]: SIGNING + router } });
  try {
    const path = `/model/${encodeURIComponent(CLAUDE)}/converse`;
    const body = JSON.stringify({ messages: messages(`I am ${EMAIL}. Say it plainly`) });
    const { status } = await send(signing.port, { path, body, headers: { authorization: 'Bearer nobody' } });
    const got = asked.at(-1)!;
    expect({ status, body: got.body, sha256: got.sha256 }).toEqual({
      status: 200,
      body: body.replace(EMAIL, MASK),
      sha256: createHash('sha256').update(body.replace(EMAIL, MASK)).digest('hex'),
    });
    expect(got.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=gateway\//);
  } finally {
    await signing.stop();
  }
});

describe('ConverseStream', () => {
  test('lets a harmless stream through unchanged', async () => {
    const events = await converse('Say it plainly');
    expect(events.map((event) => Object.keys(event)[0])).toEqual([
      'messageStart',
      'contentBlockDelta',
      'contentBlockStop',
      'messageStop',
      'metadata',
    ]);
    expect(joined(events, ({ contentBlockDelta }) => contentBlockDelta?.delta?.text)).toBe(PLAIN);
  });

  test('redacts text and tool arguments that come in pieces', async () => {
    const events = await converse('Send a mail');
    expect(joined(events, ({ contentBlockDelta }) => contentBlockDelta?.delta?.text)).toBe(REDACTED);
    expect(JSON.parse(joined(events, ({ contentBlockDelta }) => contentBlockDelta?.delta?.toolUse?.input))).toEqual({ to: MASK });
    expect(events.at(-2)?.messageStop?.stopReason).toBe('end_turn');
  });

  test('ends a stream that is denied in its middle as a guardrail does', async () => {
    const events = await converse('Tell me the key', () => seen());
    expect(joined(events, ({ contentBlockDelta }) => contentBlockDelta?.delta?.text)).not.toContain('AKIA');
    expect(events.slice(-3).map((event) => Object.entries(event)[0])).toMatchObject([
      ['contentBlockStop', { contentBlockIndex: 0 }],
      ['messageStop', { stopReason: 'guardrail_intervened' }],
      ['metadata', { usage: { totalTokens: 0 } }],
    ]);
  });

  test('denies a question as AWS denies access', async () => {
    expect(await converse(`Use ${KEY}, plainly`).catch(caught)).toBeInstanceOf(AccessDeniedException);
  });

  test('carries an exception within a stream', async () => {
    const error = await converse('Answer slowly').catch(caught);
    expect(error).toBeInstanceOf(ThrottlingException);
    expect(error).toMatchObject({ message: 'too many' });
  });
});

describe('InvokeModel', () => {
  test('redacts an answer of Titan', async () => {
    const { body } = await client.send(new InvokeModelCommand(invocation(TITAN, { inputText: 'Send a mail' })));
    expect(JSON.parse(body.transformToString()).results[0].outputText).toBe(`Write to ${MASK}.`);
  });

  test('redacts an answer of Claude', async () => {
    const { body } = await client.send(new InvokeModelCommand(invocation(CLAUDE, claudeBody('Write a letter'))));
    expect(JSON.parse(body.transformToString()).content).toEqual([{ type: 'text', text: `Write to ${MASK}.` }]);
  });

  test('denies a question as AWS denies access', async () => {
    const error = await client.send(new InvokeModelCommand(invocation(TITAN, { inputText: `Use ${KEY} in a mail` }))).catch(caught);
    expect(error).toBeInstanceOf(AccessDeniedException);
  });
});

describe('InvokeModelWithResponseStream', () => {
  const invoke = async (text: string, eachEvent: () => void = () => {}) => {
    const { body } = await client.send(new InvokeModelWithResponseStreamCommand(invocation(CLAUDE, claudeBody(text))));
    return decoded(await all(body!, eachEvent));
  };

  test('redacts text that comes in pieces', async () => {
    const events = await invoke('Write a letter');
    expect(events.map((event) => event.delta?.text ?? '').join('')).toBe(REDACTED);
    expect(events.at(-1)).toMatchObject({ type: 'message_stop', 'amazon-bedrock-invocationMetrics': { outputTokenCount: 4 } });
  });

  test('ends a stream that is denied in its middle as the model ends a refusal', async () => {
    const events = await invoke('Tell me the key', () => seen());
    expect(events.map((event) => event.delta?.text ?? '').join('')).not.toContain('AKIA');
    expect(events.slice(-3)).toMatchObject([
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'refusal' } },
      { type: 'message_stop' },
    ]);
  });
});
