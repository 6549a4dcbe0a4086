import type { DialectCase } from '../dialect-case.ts';
import { joined, jsonEvents, one, sse } from '../writing.ts';

type Texts = ReadonlyMap<string, readonly string[]>;
// biome-ignore lint/suspicious/noExplicitAny: a client reads what it expects
type Json = any;

const RPC = { path: '/a2a' };
const HTTP = { path: '/v1/message:stream', headers: { 'a2a-version': '1.0' } };
const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const parse = (bytes: Buffer) => JSON.parse(bytes.toString());
const answer = (result: object) => ({ jsonrpc: '2.0', id: 1, result });
const parts0 = (texts: Texts, slot: string) => joined(texts, slot, (text) => ({ kind: 'text', text }));
const parts1 = (texts: Texts, slot: string) => joined(texts, slot, (text) => ({ text }));
const textOf = (parts: readonly { text?: string }[]) => parts.map(({ text }) => text ?? '').join('');
const IDS = { taskId: 't-1', contextId: 'c-1' };

/** Agent2Agent: https://a2a-protocol.org/v0.3.0/specification/, https://a2a-protocol.org/latest/specification/ */
export const A2A: readonly DialectCase[] = [
  {
    format: 'a2a',
    name: 'message of 0.3, known by its body alone',
    direction: 'request',
    media: true,
    head: { path: '/' },
    contentType: 'application/json',
    slots: [
      { name: 'text', lane: 'user', pieces: true },
      { name: 'file', lane: 'user' },
      { name: 'data', lane: 'user' },
      { name: 'metadata', lane: 'other' },
      { name: 'token', lane: 'other' },
      { name: 'unknown', lane: 'other' },
    ],
    write: (texts) =>
      json({
        jsonrpc: '2.0',
        id: 1,
        method: 'message/send',
        params: {
          message: {
            kind: 'message',
            messageId: 'm-1',
            role: 'user',
            parts: [
              ...parts0(texts, 'text'),
              { kind: 'file', file: { name: one(texts, 'file'), mimeType: 'image/png', bytes: 'iVBORw0KGgo=' } },
              { kind: 'data', data: { rows: [one(texts, 'data')] } },
            ],
            metadata: { note: one(texts, 'metadata') },
          },
          configuration: { blocking: true, pushNotificationConfig: { url: 'https://me.example', token: one(texts, 'token') } },
          some_new_field: { deep: [one(texts, 'unknown')] },
        },
      }),
    read(bytes) {
      const { message, configuration, some_new_field: unknown } = parse(bytes).params;
      return new Map([
        ['text', textOf(message.parts)],
        ['file', message.parts.at(-2).file.name],
        ['data', message.parts.at(-1).data.rows[0]],
        ['metadata', message.metadata.note],
        ['token', configuration.pushNotificationConfig.token],
        ['unknown', unknown.deep[0]],
      ]);
    },
  },
  {
    format: 'a2a',
    name: 'message of 1.0 over HTTP with JSON',
    direction: 'request',
    head: { path: '/v1/message:send' },
    contentType: 'application/a2a+json',
    slots: [
      { name: 'text', lane: 'user', pieces: true },
      { name: 'data', lane: 'user' },
      { name: 'url', lane: 'user' },
      { name: 'metadata', lane: 'other' },
    ],
    write: (texts) =>
      json({
        message: {
          messageId: 'm-1',
          role: 'ROLE_USER',
          parts: [...parts1(texts, 'text'), { data: { note: one(texts, 'data') } }, { url: one(texts, 'url'), mediaType: 'text/plain' }],
        },
        metadata: { note: one(texts, 'metadata') },
      }),
    read(bytes) {
      const { message, metadata } = parse(bytes);
      return new Map([
        ['text', textOf(message.parts)],
        ['data', message.parts.at(-2).data.note],
        ['url', message.parts.at(-1).url],
        ['metadata', metadata.note],
      ]);
    },
  },
  {
    format: 'a2a',
    name: 'task with status, artifacts and history',
    direction: 'response',
    head: RPC,
    contentType: 'application/json',
    slots: [
      { name: 'status', lane: 'output' },
      { name: 'artifact', lane: 'output', pieces: true },
      { name: 'name', lane: 'output' },
      { name: 'asked', lane: 'user' },
      { name: 'said', lane: 'output' },
      { name: 'metadata', lane: 'output' },
    ],
    write: (texts) =>
      json(
        answer({
          kind: 'task',
          id: 't-1',
          contextId: 'c-1',
          status: {
            state: 'completed',
            message: { role: 'agent', messageId: 'm-2', parts: [{ kind: 'text', text: one(texts, 'status') }] },
          },
          artifacts: [{ artifactId: 'a-1', name: one(texts, 'name'), parts: parts0(texts, 'artifact') }],
          history: [
            { role: 'user', messageId: 'm-1', parts: [{ kind: 'text', text: one(texts, 'asked') }] },
            { role: 'agent', messageId: 'm-3', parts: [{ kind: 'text', text: one(texts, 'said') }] },
          ],
          metadata: { note: one(texts, 'metadata') },
        }),
      ),
    read(bytes) {
      const { status, artifacts, history, metadata } = parse(bytes).result;
      return new Map([
        ['status', textOf(status.message.parts)],
        ['artifact', textOf(artifacts[0].parts)],
        ['name', artifacts[0].name],
        ['asked', textOf(history[0].parts)],
        ['said', textOf(history[1].parts)],
        ['metadata', metadata.note],
      ]);
    },
  },
  {
    format: 'a2a',
    name: 'agent card',
    direction: 'response',
    head: { path: '/.well-known/agent-card.json', method: 'GET' },
    contentType: 'application/json',
    slots: [
      { name: 'description', lane: 'tool-definition' },
      { name: 'skill', lane: 'tool-definition' },
      { name: 'example', lane: 'tool-definition' },
      { name: 'unknown', lane: 'tool-definition' },
    ],
    write: (texts) =>
      json({
        name: 'bank',
        description: one(texts, 'description'),
        skills: [{ id: 'pay', name: 'Pay', description: one(texts, 'skill'), tags: ['money'], examples: [one(texts, 'example')] }],
        signatures: [{ protected: 'eyJhbGciOiJFUzI1NiJ9', signature: 'abc-_' }],
        some_new_field: one(texts, 'unknown'),
      }),
    read(bytes) {
      const { description, skills, some_new_field: unknown } = parse(bytes);
      return new Map([
        ['description', description],
        ['skill', skills[0].description],
        ['example', skills[0].examples[0]],
        ['unknown', unknown],
      ]);
    },
  },
  {
    format: 'a2a',
    name: 'stream of 0.3: an artifact in pieces, and the task that repeats it',
    direction: 'response',
    head: RPC,
    contentType: 'text/event-stream',
    slots: [
      { name: 'status', lane: 'output' },
      { name: 'artifact', lane: 'output', pieces: true },
      { name: 'data', lane: 'output' },
      { name: 'snapshot', lane: 'output', repeats: 'artifact' },
    ],
    write(texts) {
      const text = { artifactId: 'a-1', name: 'letter' };
      const working = {
        state: 'working',
        message: { role: 'agent', messageId: 'm', parts: [{ kind: 'text', text: one(texts, 'status') }] },
      };
      const pieces = joined(texts, 'artifact', (piece) => [{ kind: 'text', text: piece }]);
      return Buffer.concat([
        sse(answer({ kind: 'status-update', ...IDS, status: working, final: false })),
        ...pieces.map((parts, i) => sse(answer({ kind: 'artifact-update', ...IDS, artifact: { ...text, parts }, append: i > 0 }))),
        sse(answer({ kind: 'artifact-update', ...IDS, artifact: { ...text, parts: [] }, append: true, lastChunk: true })),
        sse(
          answer({
            kind: 'artifact-update',
            ...IDS,
            artifact: { artifactId: 'a-2', parts: [{ kind: 'data', data: { note: one(texts, 'data') } }] },
            lastChunk: true,
          }),
        ),
        sse(
          answer({
            kind: 'task',
            id: 't-1',
            contextId: 'c-1',
            status: { state: 'completed' },
            artifacts: [{ ...text, parts: parts0(new Map([['a', [one(texts, 'artifact')]]]), 'a') }],
          }),
        ),
        sse(answer({ kind: 'status-update', ...IDS, status: { state: 'completed' }, final: true })),
      ]);
    },
    read(bytes) {
      const results: readonly Json[] = jsonEvents(bytes).map(({ result }) => result ?? {});
      const updates = results.filter(({ kind }) => kind === 'artifact-update').map(({ artifact }) => artifact);
      const letter = updates.filter(({ artifactId }) => artifactId === 'a-1').map(({ parts }) => textOf(parts));
      return new Map([
        ...results.filter(({ status }) => status?.message).map(({ status }) => ['status', textOf(status.message.parts)] as const),
        ['artifact', letter.join('')] as const,
        ...updates.filter(({ artifactId }) => artifactId === 'a-2').map(({ parts }) => ['data', parts[0].data.note] as const),
        ...results.filter(({ kind }) => kind === 'task').map(({ artifacts }) => ['snapshot', textOf(artifacts[0].parts)] as const),
      ]);
    },
    isEnded: (bytes) => jsonEvents(bytes).some(({ result, error }) => error !== undefined || result?.final === true),
  },
  {
    format: 'a2a',
    name: 'stream of 1.0 over HTTP with JSON',
    direction: 'response',
    head: HTTP,
    contentType: 'text/event-stream',
    slots: [
      { name: 'artifact', lane: 'output', pieces: true },
      { name: 'status', lane: 'output', pieces: true },
    ],
    write(texts) {
      const pieces = joined(texts, 'artifact', (text) => ({ artifactId: 'a-1', parts: [{ text }] }));
      const message = { messageId: 'm', role: 'ROLE_AGENT', parts: parts1(texts, 'status') };
      return Buffer.concat([
        sse({ task: { id: 't-1', contextId: 'c-1', status: { state: 'TASK_STATE_SUBMITTED' } } }),
        ...pieces.map((artifact, i) => sse({ artifactUpdate: { ...IDS, artifact, append: i > 0, lastChunk: i === pieces.length - 1 } })),
        sse({ statusUpdate: { ...IDS, status: { state: 'TASK_STATE_COMPLETED', message } } }),
      ]);
    },
    read(bytes) {
      const all: readonly Json[] = jsonEvents(bytes);
      const artifacts = all
        .filter(({ artifactUpdate }) => artifactUpdate)
        .map(({ artifactUpdate }) => textOf(artifactUpdate.artifact.parts));
      const updates = all.filter(({ statusUpdate }) => statusUpdate).map(({ statusUpdate }) => textOf(statusUpdate.status.message.parts));
      return new Map([
        ['artifact', artifacts.join('')],
        ['status', updates.join('')],
      ]);
    },
    isEnded: (bytes) => jsonEvents(bytes).some(({ statusUpdate, error }) => error !== undefined || statusUpdate !== undefined),
  },
];
