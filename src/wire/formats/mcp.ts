import type { Lane } from '../../text/lane.ts';
import type { Head, WireFormat } from '../format.ts';
import type { JsonDoc, JsonNode } from '../framing/json.ts';
import type { ToolTarget } from '../tool-event.ts';
import { fieldKey, walkFields } from '../walk.ts';
import { addFact, annotationsOf, calledTool, FIRST, mediaBytes, nameFact, roleOf, shortName, structural, toolName } from './fields.ts';
import type { RpcDialect, RpcPlace, RpcReading } from './json-rpc.ts';
import { isRpc, isRpcMessage, openRpcStream, readRpc, rpcDenial, rpcEnding, someMessage, spokenLane, unknownLane } from './json-rpc.ts';
import { methodsOf } from './rpc-calls.ts';

/**
 * Model Context Protocol, revisions 2024-11-05 to 2025-11-25, over streamable HTTP and over the older HTTP with SSE.
 * What a result is follows from its own fields: in streams and batches nothing says which request it answers.
 * https://modelcontextprotocol.io/specification/2025-11-25/basic/transports
 */
export const mcp: WireFormat = {
  id: 'mcp',
  provider: () => undefined,
  operation: () => undefined,
  recognise,
  recogniseBody: (doc) => someMessage(doc, (message) => isMcpMessage(doc, message)),
  fits: isRpc,
  readHead(head, facts) {
    const session = head.header('mcp-session-id');
    if (session !== undefined) facts.conversationId = session;
  },
  readBody: (doc, sink, direction) => readRpc({ doc, sink, direction }, { key: 'body', dialect: MCP }),
  openStream: () => openRpcStream(MCP),
  // A status of 4xx with an error as its body: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#sending-messages-to-the-server
  denial: rpcDenial,
  ending: rpcEnding,
};

const MCP: RpcDialect = { params: readParams, result: readResult };

// ---- recognition

function recognise({ method, path, header }: Head): boolean {
  if (header('mcp-protocol-version') !== undefined || header('mcp-session-id') !== undefined) return true;
  const segments = path.split('/');
  if (segments.includes('.well-known')) return false;
  return segments.includes('mcp') || (method === 'GET' && segments.at(-1) === 'sse');
}

/** Methods of every revision; those of tasks are also A2A's, with other parameters. */
const METHODS: ReadonlySet<string> = new Set([
  'initialize',
  'ping',
  'completion/complete',
  'elicitation/create',
  'logging/setLevel',
  'notifications/cancelled',
  'notifications/elicitation/complete',
  'notifications/initialized',
  'notifications/message',
  'notifications/progress',
  'notifications/prompts/list_changed',
  'notifications/resources/list_changed',
  'notifications/resources/updated',
  'notifications/roots/list_changed',
  'notifications/tasks/status',
  'notifications/tools/list_changed',
  'prompts/get',
  'prompts/list',
  'resources/list',
  'resources/read',
  'resources/subscribe',
  'resources/templates/list',
  'resources/unsubscribe',
  'roots/list',
  'sampling/createMessage',
  'tasks/list',
  'tasks/result',
  'tools/call',
  'tools/list',
]);

/**
 * A method of MCP; of answers, what only clients of MCP say to its servers. Servers that do not look for the version serve a message
 * without it: the names of methods with a slash are MCP's own.
 */
function isMcpMessage(doc: JsonDoc, message: JsonNode): boolean {
  const methods = methodsOf(doc, message);
  if (!isRpcMessage(doc, message)) return methods.some((method) => METHODS.has(method) && method.includes('/'));
  const field = (parent: JsonNode | undefined, name: string) => (parent === undefined ? undefined : doc.field(parent, name));
  if (methods.some((method) => METHODS.has(method))) return true;
  if (methods.some((method) => method === 'tasks/get' || method === 'tasks/cancel'))
    return field(doc.field(message, 'params'), 'taskId') !== undefined;
  if (methods.length > 0) return false;
  const result = doc.field(message, 'result');
  if (field(result, 'roots') !== undefined || field(result, 'action') !== undefined) return true;
  return field(result, 'role') !== undefined && field(result, 'content') !== undefined;
}

// ---- messages

interface Target {
  readonly key: string;
  readonly lane: Lane;
}

interface Field extends Target {
  /** Empty, or `~1`, `~2` … of a name that comes again in the same object. */
  readonly again: string;
}

/** Ids, counts and words of closed lists; what is no short scalar there is read all the same. */
const STRUCTURAL: ReadonlySet<string> = new Set([
  'action',
  'createdAt',
  'cursor',
  'elicitationId',
  'includeContext',
  'isError',
  'lastUpdatedAt',
  'level',
  'maxTokens',
  'mode',
  'nextCursor',
  'pollInterval',
  'progress',
  'progressToken',
  'protocolVersion',
  'requestId',
  'role',
  'status',
  'taskId',
  'temperature',
  'total',
  'ttl',
]);

/** Fields that are text of the side that speaks. */
const SPOKEN: ReadonlySet<string> = new Set([
  'argument',
  'completion',
  'context',
  'data',
  'logger',
  'message',
  'reason',
  'requestedSchema',
  'roots',
  'statusMessage',
  'url',
]);

function readParams(reading: RpcReading, params: JsonNode, place: RpcPlace & { readonly method: string }): void {
  const { doc, sink } = reading;
  const { key, method } = place;
  readFields(reading, params, { key, lane: unknownLane(reading) }, (name, value, place) => {
    if (readCommon(reading, name, value, place)) return true;
    switch (name) {
      case 'name':
        structural(value, { doc, sink, ...place });
        return true;
      case 'arguments':
        sink.whole(value, { key: place.key, lane: method === 'tools/call' ? 'tool-arguments' : spokenLane(reading) });
        return true;
      case 'systemPrompt':
        sink.text(value, { key: place.key, lane: 'system' });
        return true;
      case 'uri':
        sink.whole(value, { key: place.key, lane: 'document' });
        return true;
      default:
        return false;
    }
  });
}

/** A result says by its fields what it is a result of. */
function noteResult({ doc, sink }: RpcReading, result: JsonNode, { key, id }: RpcPlace): void {
  const has = (field: string) => doc.field(result, field) !== undefined;
  const isTool = !has('role') && !has('action') && (has('content') || has('structuredContent') || has('toolResult'));
  const target: ToolTarget | undefined = isTool ? 'tool' : has('contents') ? 'resource' : has('messages') ? 'prompt' : undefined;
  if (target === undefined) return;
  const isCalled = id !== undefined && sink.facts.requestIds?.includes(id) === true;
  const failed = has('isError') && doc.type(doc.field(result, 'isError')!) === 'true';
  sink.answers({ key, target, id: id?.toString(), isCalled, failed });
}

function readResult(reading: RpcReading, result: JsonNode, place: RpcPlace): void {
  const { doc, sink } = reading;
  const { key } = place;
  const lane = contentLane(doc, result);
  noteResult(reading, result, place);
  readFields(reading, result, { key, lane: unknownLane(reading) }, (name, value, place) => {
    if (readCommon(reading, name, value, place)) return true;
    switch (name) {
      case 'instructions':
        sink.text(value, { key: place.key, lane: 'system' });
        return true;
      case 'prompts':
        readList(reading, value, { key: place.key, lane: 'tool-definition' }, readPrompt);
        return true;
      case 'resources':
        readList(reading, value, { key: place.key, lane: 'document' }, readListedResource);
        return true;
      case 'resourceTemplates':
        readList(reading, value, { key: place.key, lane: 'document' }, readDescribed);
        return true;
      case 'contents':
        readList(reading, value, { key: place.key, lane: 'document' }, readResource);
        return true;
      case 'content':
        readContent(reading, value, { key: place.key, lane });
        return true;
      case 'structuredContent':
      case 'toolResult': // of revision 2024-10-07
        sink.whole(value, { key: place.key, lane: 'tool-result' });
        return true;
      case 'description':
        sink.whole(value, { key: place.key, lane: 'tool-definition' });
        return true;
      case 'model':
        nameFact(sink.facts, 'responseModel', shortName(doc, value), FIRST);
        structural(value, { doc, sink, ...place });
        return true;
      case 'stopReason':
        addFact(sink.facts.finishReasons, shortName(doc, value));
        structural(value, { doc, sink, ...place });
        return true;
      case 'tasks':
        readList(reading, value, { key: place.key, lane: spokenLane(reading) }, readTask);
        return true;
      default:
        return false;
    }
  });
}

/** A model's answer has a role, a form that somebody filled in has an action, everything else is what a tool gives. */
function contentLane(doc: JsonDoc, result: JsonNode): Lane {
  if (doc.field(result, 'role') !== undefined) return 'output';
  return doc.field(result, 'action') === undefined ? 'tool-result' : 'user';
}

/** Fields that mean the same in parameters and in results. */
function readCommon(reading: RpcReading, name: string, value: JsonNode, { key, lane }: Target): boolean {
  const { doc, sink } = reading;
  if (STRUCTURAL.has(name)) structural(value, { doc, sink, key, lane });
  else if (SPOKEN.has(name)) sink.whole(value, { key, lane: spokenLane(reading) });
  else if (name === 'messages') readList(reading, value, { key, lane }, readMessage);
  else if (name === 'tools') readList(reading, value, { key, lane: 'tool-definition' }, readTool);
  else if (name === 'task') readTask(reading, value, { key, lane: spokenLane(reading) });
  else if (name === 'clientInfo' || name === 'serverInfo') {
    nameFact(sink.facts, name === 'clientInfo' ? 'clientName' : 'serverName', shortName(doc, doc.field(value, 'name')));
    readDescribed(reading, value, { key, lane });
  } else if (name === '_meta') readMeta(reading, value, { key, lane });
  else return false;
  return true;
}

/** Fields of an object; those that `read` does not know are read as texts of the target's lane, and anything but an object is too. */
function readFields(
  { doc, sink }: RpcReading,
  node: JsonNode,
  { key, lane }: Target,
  read: (name: string, value: JsonNode, place: Field) => boolean,
): void {
  if (doc.type(node) !== 'object') return sink.whole(node, { key, lane });
  walkFields(doc, node, (name, value, again, field) => {
    const place = { key: fieldKey(key, name, again), lane, again };
    if (read(name, value, place)) return;
    sink.name(field, lane);
    sink.whole(value, place);
  });
}

function readList(
  reading: RpcReading,
  node: JsonNode,
  { key, lane }: Target,
  read: (reading: RpcReading, item: JsonNode, target: Target) => void,
): void {
  const { doc, sink } = reading;
  if (doc.type(node) !== 'array') return sink.whole(node, { key, lane });
  doc.items(node, (item, index) => read(reading, item, { key: `${key}.${index}`, lane }));
}

/** A message of a prompt, or of what a client's model is asked. */
function readMessage(reading: RpcReading, message: JsonNode, { key, lane }: Target): void {
  const { doc, sink } = reading;
  const role = roleOf(doc, message);
  readFields(reading, message, { key, lane }, (name, value, place) => {
    if (name === 'role') structural(value, { doc, sink, ...place });
    else if (name === 'content') readContent(reading, value, { key: place.key, lane: role === 'assistant' ? 'assistant-history' : 'user' });
    else return false;
    return true;
  });
}

/** A tool: what it is called is a fact, everything else is its definition. */
function readTool(reading: RpcReading, tool: JsonNode, target: Target): void {
  const { doc, sink } = reading;
  sink.declares({
    key: target.key,
    node: tool,
    ...toolName(doc, tool),
    description: doc.field(tool, 'description'),
    schema: doc.field(tool, 'inputSchema'),
    annotations: annotationsOf(doc, doc.field(tool, 'annotations')),
  });
  readFields(reading, tool, target, (name, value, place) => {
    if (name === 'icons') readList(reading, value, place, readIcon);
    else if (name === 'name') structural(value, { doc, sink, ...place });
    else return false;
    return true;
  });
}

function readPrompt(reading: RpcReading, prompt: JsonNode, target: Target): void {
  const { doc, sink } = reading;
  const [description, schema] = [doc.field(prompt, 'description'), doc.field(prompt, 'arguments')];
  sink.declares({ key: target.key, target: 'prompt', node: prompt, ...toolName(doc, prompt), description, schema });
  readDescribed(reading, prompt, target);
}

/** It is asked for by its URI. */
function readListedResource(reading: RpcReading, resource: JsonNode, target: Target): void {
  const { doc, sink } = reading;
  const description = doc.field(resource, 'description');
  sink.declares({ key: target.key, target: 'resource', node: resource, ...toolName(doc, resource, 'uri'), description });
  readDescribed(reading, resource, target);
}

/** What a prompt, a resource, a client or a server says of itself. */
function readDescribed(reading: RpcReading, described: JsonNode, target: Target): void {
  readFields(reading, described, target, (name, value, place) => {
    if (name !== 'icons') return false;
    readList(reading, value, place, readIcon);
    return true;
  });
}

function readIcon(reading: RpcReading, icon: JsonNode, target: Target): void {
  const { doc, sink } = reading;
  readFields(reading, icon, target, (name, value, place) => {
    if (name !== 'src') return false;
    mediaBytes(value, { doc, sink, ...place });
    return true;
  });
}

function readTask(reading: RpcReading, task: JsonNode, target: Target): void {
  const { doc, sink } = reading;
  readFields(reading, task, target, (name, value, place) => {
    if (!STRUCTURAL.has(name)) return false;
    structural(value, { doc, sink, ...place });
    return true;
  });
}

/** A progress token is an id: a long number there is no text. */
function readMeta(reading: RpcReading, meta: JsonNode, target: Target): void {
  const { doc, sink } = reading;
  readFields(reading, meta, target, (name, value, place) => {
    if (name !== 'progressToken') return false;
    structural(value, { doc, sink, ...place });
    return true;
  });
}

// ---- content

/** One block or a list of them; texts that stand side by side are one text. */
function readContent(reading: RpcReading, content: JsonNode, { key, lane }: Target): void {
  const { doc } = reading;
  if (doc.type(content) !== 'array') return readBlock(reading, content, { key, textKey: key, lane });
  let run = key;
  doc.items(content, (block, index) => {
    if (shortName(doc, doc.field(block, 'type')) !== 'text') run = `${key}.${index}`;
    readBlock(reading, block, { key: `${key}.${index}`, textKey: run, lane });
  });
}

/** `textKey`: where the text of a block goes; shared with the texts beside it. */
interface BlockTarget extends Target {
  readonly textKey: string;
}

function readBlock(reading: RpcReading, block: JsonNode, { key, textKey, lane }: BlockTarget): void {
  const { doc, sink } = reading;
  const type = shortName(doc, doc.field(block, 'type')) ?? '';
  noteBlock(reading, block, { key, type });
  readFields(reading, block, { key, lane: BLOCK_LANES.get(type) ?? lane }, (name, value, place) => {
    switch (name) {
      case 'text':
        sink.text(value, { key: `${textKey}.text${place.again}`, lane: place.lane });
        return true;
      case 'data':
      case 'blob':
        mediaBytes(value, { doc, sink, ...place });
        return true;
      case 'resource':
        readResource(reading, value, place);
        return true;
      case 'content':
        readContent(reading, value, place);
        return true;
      case 'icons':
        readList(reading, value, place, readIcon);
        return true;
      case 'name':
        if (type !== 'tool_use') return false;
        structural(value, { doc, sink, ...place });
        return true;
      case '_meta':
        readMeta(reading, value, place);
        return true;
      case 'type':
      case 'id':
      case 'toolUseId':
      case 'isError':
      case 'mimeType':
        structural(value, { doc, sink, ...place });
        return true;
      default:
        return false;
    }
  });
}

/** Calls and results of the model that a server borrows from its client. */
function noteBlock(
  { doc, sink, direction }: RpcReading,
  block: JsonNode,
  { key, type }: { readonly key: string; readonly type: string },
): void {
  const id = (field: string) => shortName(doc, doc.field(block, field));
  if (type === 'tool_use') {
    // The model's answer goes from the client to the server, in a request; the other way it is history.
    const at = direction === 'request' ? 'answer' : 'history';
    sink.calls({ key, at, id: id('id'), ...calledTool(doc, block, { inputs: ['input'] }) });
  } else if (type === 'tool_result') {
    const flag = doc.field(block, 'isError');
    sink.answers({ key, id: id('toolUseId'), failed: flag !== undefined && doc.type(flag) === 'true' });
  }
}

/** Blocks of a sampling dialogue that are no part of what is said. */
const BLOCK_LANES: ReadonlyMap<string, Lane> = new Map([
  ['tool_use', 'tool-arguments'],
  ['tool_result', 'tool-result'],
]);

/** The contents of a resource: text, or bytes in base64. */
function readResource(reading: RpcReading, resource: JsonNode, target: Target): void {
  const { doc, sink } = reading;
  readFields(reading, resource, target, (name, value, place) => {
    if (name === 'mimeType') structural(value, { doc, sink, ...place });
    else if (name === 'blob') mediaBytes(value, { doc, sink, ...place });
    else if (name === '_meta') readMeta(reading, value, place);
    else return false;
    return true;
  });
}
