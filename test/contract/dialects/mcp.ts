import type { DialectCase } from '../dialect-case.ts';
import { joined, jsonEvents, one, sse } from '../writing.ts';

type Texts = ReadonlyMap<string, readonly string[]>;

const HEAD = { path: '/mcp', headers: { 'mcp-protocol-version': '2025-11-25', 'mcp-session-id': 's-1' } };
const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const parse = (bytes: Buffer) => JSON.parse(bytes.toString());
const request = (id: number, method: string, params: object) => ({ jsonrpc: '2.0', id, method, params });
const notification = (method: string, params: object) => ({ jsonrpc: '2.0', method, params });
const answer = (id: number, result: object) => ({ jsonrpc: '2.0', id, result });
const blocks = (texts: Texts, slot: string) => joined(texts, slot, (text) => ({ type: 'text', text }));
const textOf = (content: readonly { text?: string }[]) => content.map(({ text }) => text ?? '').join('');
/** A client that has an answer to its request, result or error, waits for nothing more. */
const isAnswered = (bytes: Buffer) => jsonEvents(bytes).some((message) => 'result' in message || 'error' in message);
/** Slots of whatever messages have come. */
const gathered = (bytes: Buffer, slots: (message: Message) => readonly (readonly [string, string])[]) =>
  new Map(jsonEvents(bytes).flatMap((message: Message) => slots(message)));

// biome-ignore lint/suspicious/noExplicitAny: a client reads what it expects
type Message = any;

/** Model Context Protocol: https://modelcontextprotocol.io/specification/2025-11-25 */
export const MCP: readonly DialectCase[] = [
  {
    format: 'mcp',
    name: 'call of a tool',
    direction: 'request',
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'argument', lane: 'tool-arguments' },
      { name: 'deep argument', lane: 'tool-arguments' },
      { name: 'meta', lane: 'other' },
      { name: 'unknown', lane: 'other' },
    ],
    write: (texts) =>
      json({
        ...request(1, 'tools/call', {
          name: 'pay',
          arguments: { note: one(texts, 'argument'), bills: [{ to: one(texts, 'deep argument'), amount: 12 }] },
          _meta: { progressToken: 7, trace: one(texts, 'meta') },
        }),
        some_new_field: one(texts, 'unknown'),
      }),
    read(bytes) {
      const { params, some_new_field: unknown } = parse(bytes);
      return new Map([
        ['argument', params.arguments.note],
        ['deep argument', params.arguments.bills[0].to],
        ['meta', params._meta.trace],
        ['unknown', unknown],
      ]);
    },
  },
  {
    format: 'mcp',
    name: 'batch of what a client says, known by its body alone',
    direction: 'request',
    head: { path: '/tools' },
    contentType: 'application/json',
    slots: [
      { name: 'client', lane: 'other' },
      { name: 'uri', lane: 'document' },
      { name: 'prompt argument', lane: 'user' },
      { name: 'completed', lane: 'user' },
      { name: 'reason', lane: 'user' },
      { name: 'sampled', lane: 'output', pieces: true },
      { name: 'sampled call', lane: 'tool-arguments' },
      { name: 'form', lane: 'user' },
      { name: 'root', lane: 'user' },
      { name: 'error', lane: 'user' },
    ],
    write: (texts) =>
      json([
        request(1, 'initialize', { protocolVersion: '2025-03-26', clientInfo: { name: 'c', version: '1', title: one(texts, 'client') } }),
        request(2, 'resources/read', { uri: one(texts, 'uri') }),
        request(3, 'prompts/get', { name: 'p', arguments: { topic: one(texts, 'prompt argument') } }),
        request(4, 'completion/complete', {
          ref: { type: 'ref/prompt', name: 'p' },
          argument: { name: 'a', value: one(texts, 'completed') },
        }),
        notification('notifications/cancelled', { requestId: 4, reason: one(texts, 'reason') }),
        answer(5, {
          role: 'assistant',
          model: 'm',
          content: [...blocks(texts, 'sampled'), { type: 'tool_use', id: 'u', name: 'look', input: { q: one(texts, 'sampled call') } }],
        }),
        answer(6, { action: 'accept', content: { phone: one(texts, 'form') } }),
        answer(7, { roots: [{ uri: 'file:///home', name: one(texts, 'root') }] }),
        { jsonrpc: '2.0', id: 8, error: { code: -1, message: one(texts, 'error') } },
      ]),
    read(bytes) {
      const [initialize, resource, prompt, completion, cancelled, sampled, form, roots, failed] = parse(bytes);
      return new Map([
        ['client', initialize.params.clientInfo.title],
        ['uri', resource.params.uri],
        ['prompt argument', prompt.params.arguments.topic],
        ['completed', completion.params.argument.value],
        ['reason', cancelled.params.reason],
        ['sampled', textOf(sampled.result.content)],
        ['sampled call', sampled.result.content.at(-1).input.q],
        ['form', form.result.content.phone],
        ['root', roots.result.roots[0].name],
        ['error', failed.error.message],
      ]);
    },
  },
  {
    format: 'mcp',
    name: 'answer to initialize',
    direction: 'response',
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'instructions', lane: 'system' },
      { name: 'server', lane: 'output' },
    ],
    write: (texts) =>
      json(
        answer(1, {
          protocolVersion: '2025-11-25',
          capabilities: { tools: { listChanged: true } },
          serverInfo: { name: 'bank', version: '1', description: one(texts, 'server') },
          instructions: one(texts, 'instructions'),
        }),
      ),
    read(bytes) {
      const { result } = parse(bytes);
      return new Map([
        ['instructions', result.instructions],
        ['server', result.serverInfo.description],
      ]);
    },
  },
  {
    format: 'mcp',
    name: 'list of tools',
    direction: 'response',
    media: true,
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'description', lane: 'tool-definition' },
      { name: 'property', lane: 'tool-definition' },
      { name: 'annotation', lane: 'tool-definition' },
      { name: 'unknown', lane: 'output' },
    ],
    write: (texts) =>
      json(
        answer(1, {
          tools: [
            {
              name: 'pay',
              description: one(texts, 'description'),
              inputSchema: { type: 'object', properties: { to: { type: 'string', description: one(texts, 'property') } } },
              annotations: { title: one(texts, 'annotation'), readOnlyHint: false },
              icons: [{ src: 'data:image/png;base64,iVBORw0KGgo=', mimeType: 'image/png' }],
            },
          ],
          some_new_field: [one(texts, 'unknown')],
        }),
      ),
    read(bytes) {
      const { result } = parse(bytes);
      const [tool] = result.tools;
      return new Map([
        ['description', tool.description],
        ['property', tool.inputSchema.properties.to.description],
        ['annotation', tool.annotations.title],
        ['unknown', result.some_new_field[0]],
      ]);
    },
  },
  {
    format: 'mcp',
    name: 'result of a tool',
    direction: 'response',
    media: true,
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'text', lane: 'tool-result', pieces: true },
      { name: 'resource', lane: 'tool-result' },
      { name: 'link', lane: 'tool-result' },
      { name: 'structured', lane: 'tool-result' },
      { name: 'key of a meta', lane: 'output' },
    ],
    write: (texts) =>
      json(
        answer(1, {
          content: [
            ...blocks(texts, 'text'),
            { type: 'image', data: 'iVBORw0KGgo=', mimeType: 'image/png' },
            { type: 'resource', resource: { uri: 'file:///a', mimeType: 'text/plain', text: one(texts, 'resource') } },
            { type: 'resource', resource: { uri: 'file:///b', blob: 'QUJD' } },
            { type: 'resource_link', uri: 'file:///c', name: 'c', description: one(texts, 'link') },
          ],
          structuredContent: { rows: [{ note: one(texts, 'structured') }] },
          isError: false,
          _meta: { 'example.com/note': one(texts, 'key of a meta') },
        }),
      ),
    read(bytes) {
      const { result } = parse(bytes);
      const { content } = result;
      return new Map([
        ['text', textOf(content.filter(({ type }: Message) => type === 'text'))],
        ['resource', content.at(-3).resource.text],
        ['link', content.at(-1).description],
        ['structured', result.structuredContent.rows[0].note],
        ['key of a meta', result._meta['example.com/note']],
      ]);
    },
  },
  {
    format: 'mcp',
    name: 'batch of answers: resources, prompts, tasks, a completion and an error',
    direction: 'response',
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'resource', lane: 'document' },
      { name: 'contents', lane: 'document' },
      { name: 'template', lane: 'document' },
      { name: 'prompt', lane: 'tool-definition' },
      { name: 'asked', lane: 'user' },
      { name: 'answered', lane: 'assistant-history', pieces: true },
      { name: 'task', lane: 'output' },
      { name: 'completion', lane: 'output' },
      { name: 'error', lane: 'output' },
      { name: 'error data', lane: 'output' },
    ],
    write: (texts) =>
      json([
        answer(1, { resources: [{ uri: 'file:///a', name: one(texts, 'resource') }] }),
        answer(2, { contents: [{ uri: 'file:///a', mimeType: 'text/plain', text: one(texts, 'contents') }] }),
        answer(3, { resourceTemplates: [{ uriTemplate: 'db://{t}', name: 't', description: one(texts, 'template') }] }),
        answer(4, { prompts: [{ name: 'p', description: one(texts, 'prompt') }] }),
        answer(5, {
          messages: [
            { role: 'user', content: { type: 'text', text: one(texts, 'asked') } },
            { role: 'assistant', content: blocks(texts, 'answered') },
          ],
        }),
        answer(6, { task: { taskId: 't', status: 'working', statusMessage: one(texts, 'task'), createdAt: '2026-01-01T00:00:00Z' } }),
        answer(7, { completion: { values: [one(texts, 'completion')], hasMore: false } }),
        { jsonrpc: '2.0', id: 8, error: { code: -32_002, message: one(texts, 'error'), data: { why: one(texts, 'error data') } } },
      ]),
    read(bytes) {
      const [resources, contents, templates, prompts, messages, task, completion, failed] = parse(bytes);
      return new Map([
        ['resource', resources.result.resources[0].name],
        ['contents', contents.result.contents[0].text],
        ['template', templates.result.resourceTemplates[0].description],
        ['prompt', prompts.result.prompts[0].description],
        ['asked', messages.result.messages[0].content.text],
        ['answered', textOf(messages.result.messages[1].content)],
        ['task', task.result.task.statusMessage],
        ['completion', completion.result.completion.values[0]],
        ['error', failed.error.message],
        ['error data', failed.error.data.why],
      ]);
    },
  },
  {
    format: 'mcp',
    name: 'streamed answer with progress, a log and questions to the client',
    direction: 'response',
    head: HEAD,
    contentType: 'text/event-stream',
    slots: [
      { name: 'progress', lane: 'output' },
      { name: 'log', lane: 'output' },
      { name: 'system', lane: 'system' },
      { name: 'asked', lane: 'user', pieces: true },
      { name: 'history', lane: 'assistant-history' },
      { name: 'tool', lane: 'tool-definition' },
      { name: 'form', lane: 'output' },
      { name: 'text', lane: 'tool-result', pieces: true },
      { name: 'structured', lane: 'tool-result' },
    ],
    write: (texts) =>
      Buffer.concat([
        sse(
          notification('notifications/progress', { progressToken: 7, progress: 1, total: 2, message: one(texts, 'progress') }),
          'message',
        ),
        sse(notification('notifications/message', { level: 'info', logger: 'db', data: { row: one(texts, 'log') } }), 'message'),
        sse(
          request(1, 'sampling/createMessage', {
            systemPrompt: one(texts, 'system'),
            messages: [
              { role: 'user', content: blocks(texts, 'asked') },
              { role: 'assistant', content: { type: 'text', text: one(texts, 'history') } },
            ],
            tools: [{ name: 'look', description: one(texts, 'tool'), inputSchema: { type: 'object' } }],
            maxTokens: 100,
          }),
          'message',
        ),
        sse(
          request(2, 'elicitation/create', { message: one(texts, 'form'), requestedSchema: { type: 'object', properties: {} } }),
          'message',
        ),
        sse(answer(1, { content: blocks(texts, 'text'), structuredContent: { note: one(texts, 'structured') } }), 'message'),
      ]),
    read: (bytes) =>
      gathered(bytes, ({ method, params, result }) => {
        switch (method) {
          case 'notifications/progress':
            return [['progress', params.message]];
          case 'notifications/message':
            return [['log', params.data.row]];
          case 'sampling/createMessage':
            return [
              ['system', params.systemPrompt],
              ['asked', textOf(params.messages[0].content)],
              ['history', params.messages[1].content.text],
              ['tool', params.tools[0].description],
            ];
          case 'elicitation/create':
            return [['form', params.message]];
          default:
            return [
              ['text', textOf(result.content)],
              ['structured', result.structuredContent.note],
            ];
        }
      }),
    isEnded: isAnswered,
  },
  {
    format: 'mcp',
    name: 'stream of the older transport',
    direction: 'response',
    head: { path: '/sse', method: 'GET', headers: { accept: 'text/event-stream' } },
    contentType: 'text/event-stream',
    slots: [
      { name: 'tool', lane: 'tool-definition' },
      { name: 'text', lane: 'tool-result' },
    ],
    write: (texts) =>
      Buffer.concat([
        Buffer.from('event: endpoint\ndata: /messages?sessionId=b0a7\n\n'),
        sse(answer(1, { tools: [{ name: 'look', description: one(texts, 'tool') }] }), 'message'),
        sse(answer(2, { content: [{ type: 'text', text: one(texts, 'text') }] }), 'message'),
      ]),
    read: (bytes) =>
      gathered(bytes, ({ id, result }) => (id === 1 ? [['tool', result.tools[0].description]] : [['text', result.content[0].text]])),
    isEnded: isAnswered,
  },
];
