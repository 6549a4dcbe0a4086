import type { Lane } from '../../text/lane.ts';
import type { FormatSink, Head, KeptFrames, StreamReader, WireFormat } from '../format.ts';
import type { JsonDoc, JsonNode } from '../framing/json.ts';
import { fieldKey, walkFields } from '../walk.ts';
import {
  addFact,
  annotationsOf,
  calledTool,
  count,
  encodedBytes,
  FIRST,
  mediaBytes,
  nameFact,
  readUsage,
  repeated,
  roleOf,
  shortName,
  structural,
  toolName,
} from './fields.ts';
import { endsWithPath, hasFieldOf, openaiDenial, openaiProvider, readDeployment, readSetting, type Target } from './openai-family.ts';

/**
 * OpenAI Responses, with what is kept of them (`/responses/{id}`, input items, conversations).
 * https://platform.openai.com/docs/api-reference/responses, https://platform.openai.com/docs/api-reference/responses-streaming
 *
 * Lanes are told apart by output index and content index: official clients gather by them, and some providers change the item ids
 * from event to event.
 */
export const openaiResponses: WireFormat = {
  id: 'openai-responses',
  provider: openaiProvider,
  operation: () => 'chat',
  recognise,
  fits: (doc) => hasFieldOf(doc, KNOWN_BY),
  readHead: readDeployment,
  readBody(doc, sink, direction) {
    if (direction === 'request') readRequest({ doc, sink, grows: false, called: false });
    else readResponse({ doc, sink, grows: false, called: true }, doc.root, '');
  },
  openStream: openResponsesStream,
  denial: openaiDenial,
  ending: (position, _denial, refused) => endStream(position as ResponsesPosition | undefined, refused?.kept), // made by `position()` below
};

const KNOWN_BY = ['input', 'model', 'prompt', 'previous_response_id', 'conversation', 'instructions', 'items', 'metadata'] as const;

function recognise({ path }: Head): boolean {
  if (endsWithPath(path, '/responses') || endsWithPath(path, '/v1/conversations')) return true;
  return BELOW.some((part) => path.includes(part));
}

/** Paths of one response or conversation, and of what is below it. */
const BELOW = ['/v1/responses/', '/openai/responses/', '/responses/resp_', '/v1/conversations/', '/openai/conversations/'] as const;

/** What a client of a stream has. */
interface ResponsesPosition {
  readonly opened: OpenedResponse;
  /** The number the next event has. */
  readonly next: number;
}

interface OpenedResponse {
  readonly id: string | undefined;
  readonly model: string | undefined;
  readonly createdAt: number | undefined;
  readonly started: boolean;
  readonly ended: boolean;
  /** Ids of the items that have begun, with their indices. */
  readonly items: readonly (readonly [index: number, id: string])[];
}

/** More items than any answer has; those above end without their ids. */
const ITEMS_MAX = 1024;

interface Reading {
  readonly doc: JsonDoc;
  readonly sink: FormatSink;
  /** Text goes on in later events; otherwise what is read is complete. */
  readonly grows: boolean;
  /** Whether tools named here are being called now, or are history. */
  readonly called: boolean;
}

/** Text, or whatever else stands in its place. */
function readText({ sink, grows }: Reading, node: JsonNode, target: Target): void {
  if (grows) sink.text(node, target);
  else sink.whole(node, target);
}

/** Text that is JSON itself. */
function readNested({ sink, grows }: Reading, node: JsonNode, target: Target): void {
  sink.nestedJson(node, target);
  if (!grows) sink.ends(target.key);
}

/** In what grows an unknown field may grow too; elsewhere it is complete as everything beside it. */
function readUnknown({ sink, grows }: Reading, field: JsonNode, value: JsonNode, target: Target): void {
  sink.name(field, target.lane);
  if (grows) sink.rest(value, target);
  else sink.whole(value, target);
}

function readItems(reading: Reading, node: JsonNode, { key, lane }: Target): void {
  const { doc } = reading;
  if (doc.type(node) !== 'array') return readText(reading, node, { key, lane });
  doc.items(node, (item, index) => readItem(reading, item, { key: `${key}.${index}`, lane }));
}

// ---- requests

function readRequest(reading: Reading): void {
  const { doc, sink } = reading;
  if (doc.type(doc.root) !== 'object') return sink.rest(doc.root, { key: 'body', lane: 'other' });
  walkFields(doc, doc.root, (name, value, again, field) => {
    const key = `${name}${again}`;
    switch (name) {
      case 'input':
      case 'items':
        return readItems(reading, value, { key, lane: 'user' });
      case 'instructions':
        return readItems(reading, value, { key, lane: 'system' });
      case 'prompt':
        return readPrompt(reading, value, key);
      case 'tools':
        return readTools(reading, value, { key, declares: true });
      case 'conversation':
        return readConversation(reading, value, key, 'other');
      case 'previous_response_id':
        nameFact(sink.facts, 'conversationId', shortName(doc, value), FIRST);
        return structural(value, { doc, sink, key, lane: 'other' });
      case 'truncation':
      case 'prompt_cache_retention':
        return structural(value, { doc, sink, key, lane: 'other' });
      default:
        return readSetting(reading, name, value, { again, field });
    }
  });
}

/** The name of a conversation, or an object with it; it goes before the response that is answered. */
function readConversation(reading: Reading, node: JsonNode, key: string, lane: Lane): void {
  const { doc, sink } = reading;
  if (doc.type(node) !== 'object') {
    nameFact(sink.facts, 'conversationId', shortName(doc, node));
    return structural(node, { doc, sink, key, lane });
  }
  walkFields(doc, node, (name, value, again, field) => {
    const at = fieldKey(key, name, again);
    if (name !== 'id') return readUnknown(reading, field, value, { key: at, lane });
    nameFact(sink.facts, 'conversationId', shortName(doc, value));
    return structural(value, { doc, sink, key: at, lane });
  });
}

/** A stored prompt: its variables are what the user says. */
function readPrompt(reading: Reading, node: JsonNode, key: string): void {
  const { doc, sink } = reading;
  const lane = 'user';
  if (doc.type(node) !== 'object') return readText(reading, node, { key, lane });
  walkFields(doc, node, (name, value, again, field) => {
    const at = fieldKey(key, name, again);
    if (name === 'id' || name === 'version') return structural(value, { doc, sink, key: at, lane });
    if (name !== 'variables' || doc.type(value) !== 'object') return readUnknown(reading, field, value, { key: at, lane });
    return walkFields(doc, value, (variable, content, repeated, variableField) => {
      sink.name(variableField, lane);
      const own = fieldKey(at, variable, repeated);
      readPart(reading, content, { key: own, textKey: own, lane });
    });
  });
}

// ---- tools

/** Tools that are declared: functions, custom tools, namespaces of them, MCP servers and what the provider has itself. */
function readTools(reading: Reading, node: JsonNode, { key, declares }: Tools): void {
  const { doc, sink } = reading;
  if (doc.type(node) !== 'array') return sink.whole(node, { key, lane: 'tool-definition' });
  doc.items(node, (tool, index) => readTool(reading, tool, { key: `${key}.${index}`, declares }));
}

interface Tools {
  readonly key: string;
  /** False: an answer repeats what its request declared. */
  readonly declares: boolean;
}

function readTool(reading: Reading, tool: JsonNode, { key, declares }: Tools): void {
  const { doc, sink } = reading;
  const lane = 'tool-definition';
  if (doc.type(tool) !== 'object') return sink.whole(tool, { key, lane });
  if (declares) declareTool(reading, tool, key);
  walkFields(doc, tool, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane } as const;
    switch (name) {
      case 'type':
      case 'name':
      case 'server_label':
      case 'connector_id':
      case 'execution':
        return structural(value, place);
      case 'tools':
        return readTools(reading, value, { key: place.key, declares });
      default:
        return readUnknown(reading, field, value, place);
    }
  });
}

/** A function by its name, an MCP server by its label, what the provider has itself by its type; a namespace only by what is in it. */
function declareTool({ doc, sink }: Reading, node: JsonNode, key: string): void {
  const type = shortName(doc, doc.field(node, 'type'));
  if (type === 'namespace') return;
  const builtIn = type !== undefined && type !== 'function' && type !== 'custom';
  const named = toolName(doc, node);
  const ownName = named.name ?? shortName(doc, doc.field(node, 'server_label')) ?? type;
  sink.declares({
    key,
    node,
    builtIn,
    ...(builtIn && named.isUnclear !== true ? { name: ownName } : named),
    description: doc.field(node, 'description'),
    schema: ['parameters', 'input_schema', 'format'].map((name) => doc.field(node, name)).find((schema) => schema !== undefined),
    annotations: annotationsOf(doc, doc.field(node, 'annotations')),
  });
}

// ---- items, in requests and answers

const ROLE_LANES: Readonly<Record<string, Lane>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant-history',
  tool: 'tool-result',
};

/** Kinds of item whose texts have a lane of their own; the others follow their names (`…_call`, `…_call_output`). */
const ITEM_LANES: Readonly<Record<string, Lane>> = {
  reasoning: 'reasoning',
  compaction: 'reasoning',
  mcp_list_tools: 'tool-definition',
  additional_tools: 'tool-definition',
  tool_search_output: 'tool-definition',
  mcp_approval_request: 'tool-arguments',
  mcp_approval_response: 'user',
  program: 'tool-arguments',
};

function laneOfItem({ doc, called }: Reading, item: JsonNode, type: string, lane: Lane): Lane {
  if (Object.hasOwn(ITEM_LANES, type)) return ITEM_LANES[type]!;
  if (type.endsWith('_output')) return 'tool-result';
  if (type.endsWith('_call')) return 'tool-arguments';
  const role = roleOf(doc, item);
  if (called && role === 'assistant') return 'output';
  return Object.hasOwn(ROLE_LANES, role) ? ROLE_LANES[role]! : lane;
}

function readItem(reading: Reading, item: JsonNode, { key, lane: around }: Target): void {
  const { doc, sink } = reading;
  if (doc.type(item) !== 'object') return readText(reading, item, { key, lane: around });
  const type = shortName(doc, doc.field(item, 'type')) ?? '';
  const lane = laneOfItem(reading, item, type, around);
  noteItem(reading, item, { key, type });
  walkFields(doc, item, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    switch (name) {
      case 'type':
      case 'id':
      case 'call_id':
      case 'status':
      case 'role':
      case 'name':
      case 'namespace':
      case 'phase':
      case 'server_label':
      case 'approval_request_id':
      case 'container_id':
      case 'execution':
      case 'created_by':
        return structural(value, place);
      case 'content':
      case 'summary':
        return readContent(reading, value, place);
      case 'arguments':
        return doc.type(value) === 'string' ? readNested(reading, value, place) : sink.whole(value, place);
      case 'input':
      case 'code':
        return readText(reading, value, place);
      case 'action':
      case 'operation': // a shell's commands and a patch grow
        return readAction(reading, value, place);
      case 'output':
      case 'outputs':
      case 'error':
        return readOutput(reading, value, { key: place.key, lane: lane === 'tool-arguments' ? 'tool-result' : lane });
      case 'results':
        return readResults(reading, value, { key: place.key, lane: 'document' });
      case 'result':
        return type === 'image_generation_call' ? mediaBytes(value, place) : readText(reading, value, place);
      case 'tools':
        return readTools(reading, value, { key: place.key, declares: true });
      case 'encrypted_content':
      case 'fingerprint':
        return encodedBytes(value, place);
      default:
        return isImageItem(name, type) ? structural(value, place) : readUnknown(reading, field, value, place);
    }
  });
}

/** Settings that an image generation call repeats. */
const isImageItem = (name: string, type: string): boolean => type === 'image_generation_call' && IMAGE_SETTINGS.has(name);
const IMAGE_SETTINGS: ReadonlySet<string> = new Set(['background', 'output_format', 'quality', 'size']);

/** Calls that the provider runs itself; of the others a client sends the result. */
const SERVER_CALLS: ReadonlySet<string> = new Set([
  ...['web_search_call', 'file_search_call', 'code_interpreter_call', 'image_generation_call', 'mcp_call', 'mcp_approval_request'],
]);
/** Where a call has its arguments, by kind of item. */
const INPUTS = ['arguments', 'input', 'code', 'action', 'operation', 'queries'] as const;
/** Where an item that is a call has what came of it. */
const OUTCOMES = ['output', 'outputs', 'results'] as const;

interface Item {
  readonly key: string;
  readonly type: string;
}

/** A call, a result, or both: what the provider runs itself has its result beside its arguments. */
function noteItem(reading: Reading, item: JsonNode, { key, type }: Item): void {
  const { doc, sink } = reading;
  if (type.endsWith('_call') || type === 'mcp_approval_request') {
    noteCall(reading, item, { key, type });
    if (!reading.grows && SERVER_CALLS.has(type)) noteOutcome(reading, item, { key, type });
  } else if (type.endsWith('_output')) {
    sink.answers({ key: `${key}.output`, id: idOfCall(doc, item), ...toolName(doc, item) });
  }
}

/** A tool of the provider is called by its type. */
function noteCall({ doc, sink, called }: Reading, item: JsonNode, { key, type }: Item): void {
  const named = calledTool(doc, item, { inputs: INPUTS });
  const isOwn = named.name === undefined && named.isUnclear !== true && type.endsWith('_call');
  sink.calls({
    key: keyOfCall(key),
    at: called ? 'answer' : 'history',
    id: idOfCall(doc, item),
    server: SERVER_CALLS.has(type),
    ...named,
    ...(isOwn && { name: type.slice(0, -'_call'.length) }),
  });
}

function noteOutcome({ doc, sink }: Reading, item: JsonNode, { key }: Item): void {
  const isGiven = (name: string) => [undefined, 'null'].every((none) => typeOf(doc, doc.field(item, name)) !== none);
  const failed = isGiven('error');
  const outcome = OUTCOMES.find(isGiven) ?? (failed ? 'error' : undefined);
  if (outcome !== undefined) sink.answers({ key: `${key}.${outcome}`, id: idOfCall(doc, item), server: true, failed });
}

const typeOf = (doc: JsonDoc, node: JsonNode | undefined) => (node === undefined ? undefined : doc.type(node));
const idOfCall = (doc: JsonDoc, item: JsonNode) => shortName(doc, doc.field(item, 'call_id') ?? doc.field(item, 'id'));

/** A stream says an item when it begins, when it is done and when the response is: one call. */
function keyOfCall(key: string): string {
  if (key.endsWith('~item')) return key.slice(0, -'~item'.length);
  return key.startsWith('response~output.') ? key.slice('response~'.length) : key;
}

function readAction(reading: Reading, node: JsonNode, target: Target): void {
  const { doc, sink } = reading;
  if (doc.type(node) !== 'object') return structural(node, { doc, sink, ...target });
  walkFields(doc, node, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(target.key, name, again), lane: target.lane };
    if (name === 'type') return structural(value, place);
    if (name !== 'commands' && name !== 'diff') return readUnknown(reading, field, value, place);
    sink.name(field, place.lane);
    return readText(reading, value, place);
  });
}

/** What a tool gave: a text, parts as in a message, or a list of its own kind (a shell's `stdout` and `stderr`). */
function readOutput(reading: Reading, node: JsonNode, { key, lane }: Target): void {
  const { doc } = reading;
  if (doc.type(node) === 'object') return readPart(reading, node, { key, textKey: key, lane });
  return readContent(reading, node, { key, lane });
}

/** What a file search found. */
function readResults(reading: Reading, node: JsonNode, { key, lane }: Target): void {
  const { doc, sink } = reading;
  if (doc.type(node) !== 'array') return sink.whole(node, { key, lane });
  doc.items(node, (result, index) => {
    const at = `${key}.${index}`;
    if (doc.type(result) !== 'object') return sink.whole(result, { key: at, lane });
    walkFields(doc, result, (name, value, again, field) => {
      const place = { doc, sink, key: fieldKey(at, name, again), lane };
      if (name === 'file_id' || name === 'vector_store_id' || name === 'score') return structural(value, place);
      return readUnknown(reading, field, value, place);
    });
  });
}

/** A string, or parts. In a request the text parts side by side are one text; in an answer each is its own, as it is in its stream. */
function readContent(reading: Reading, content: JsonNode, { key, lane }: Target): void {
  const { doc } = reading;
  if (doc.type(content) !== 'array') return readText(reading, content, { key, lane });
  let run = key;
  doc.items(content, (part, index) => {
    const at = `${key}.${index}`;
    if (reading.called || !isTextPart(doc, part)) run = at;
    readPart(reading, part, { key: at, textKey: run, lane });
  });
}

const isTextPart = (doc: JsonDoc, part: JsonNode): boolean => TEXT_PARTS.has(shortName(doc, doc.field(part, 'type')) ?? '');
const TEXT_PARTS: ReadonlySet<string> = new Set(['input_text', 'output_text', 'text', 'summary_text', 'reasoning_text']);

interface Part extends Target {
  /** Where its text goes: shared with the text parts beside it. */
  readonly textKey: string;
}

function readPart(reading: Reading, part: JsonNode, { key, textKey, lane }: Part): void {
  const { doc, sink } = reading;
  if (doc.type(part) !== 'object') return readText(reading, part, { key: textKey, lane });
  walkFields(doc, part, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    switch (name) {
      case 'type':
      case 'file_id':
      case 'detail':
        return structural(value, place);
      case 'text':
        return readText(reading, value, { key: `${textKey}${again}`, lane });
      case 'refusal':
        return readText(reading, value, { key: `${textKey}.refusal${again}`, lane: 'refusal' });
      case 'logprobs':
        return repeated(value, place);
      case 'annotations':
        return sink.whole(value, place); // the offsets stay: clients insist on numbers there
      case 'image_url':
      case 'file_data':
      case 'data':
        return mediaBytes(value, place);
      case 'input_audio':
        return readPart(reading, value, { key: place.key, textKey: place.key, lane });
      case 'stdout':
      case 'stderr':
        return readText(reading, value, place);
      default:
        return readUnknown(reading, field, value, place);
    }
  });
}

// ---- answers

/** A response as a body, or as the events of its life repeat it. `prefix` keeps the keys of its texts from those of the stream. */
function readResponse(reading: Reading, response: JsonNode, prefix: string): void {
  const { doc, sink } = reading;
  if (doc.type(response) !== 'object') return sink.whole(response, { key: `${prefix}body`, lane: 'output' });
  const isInput = isItemList(doc, response);
  walkFields(doc, response, (name, value, again, field) => {
    const key = `${prefix}${name}${again}`;
    const place = { doc, sink, key, lane: 'output' } as const;
    switch (name) {
      case 'output':
        return readItems(reading, value, place);
      case 'data': // a page of items
        return isInput ? readItems({ ...reading, called: false }, value, place) : readUnknown(reading, field, value, place);
      case 'instructions': // what was asked, repeated
        return readItems({ ...reading, called: false }, value, { key, lane: 'system' });
      case 'tools':
        return readTools(reading, value, { key, declares: false });
      case 'prompt':
        return readPrompt(reading, value, key);
      case 'id':
        nameFact(sink.facts, 'responseId', shortName(doc, value), FIRST);
        nameFact(sink.facts, 'resumeId', shortName(doc, value), FIRST);
        return structural(value, place);
      case 'model':
        nameFact(sink.facts, 'responseModel', shortName(doc, value), FIRST);
        return structural(value, place);
      case 'conversation':
        return readConversation(reading, value, key, 'output');
      case 'status':
        if (isFinal(doc, value)) addFact(sink.facts.finishReasons, shortName(doc, value));
        return structural(value, place);
      case 'incomplete_details':
        return readIncomplete(reading, value, key);
      case 'usage':
        readUsage(doc, value, sink.facts);
        return sink.whole(value, place);
      case 'object':
      case 'created_at':
      case 'completed_at':
      case 'service_tier':
      case 'truncation':
      case 'previous_response_id':
      case 'first_id':
      case 'last_id':
        return structural(value, place);
      default:
        return readUnknown(reading, field, value, place);
    }
  });
}

const isItemList = (doc: JsonDoc, node: JsonNode): boolean => shortName(doc, doc.field(node, 'object')) === 'list';

/** `incomplete` says why elsewhere. */
function isFinal(doc: JsonDoc, status: JsonNode): boolean {
  const name = shortName(doc, status);
  return name === 'completed' || name === 'failed' || name === 'cancelled';
}

function readIncomplete(reading: Reading, node: JsonNode, key: string): void {
  const { doc, sink } = reading;
  if (doc.type(node) !== 'object') return sink.whole(node, { key, lane: 'output' });
  walkFields(doc, node, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: 'output' } as const;
    if (name !== 'reason') return readUnknown(reading, field, value, place);
    addFact(sink.facts.finishReasons, shortName(doc, value));
    return structural(value, place);
  });
}

// ---- streams

interface Growth {
  readonly lane: Lane;
  readonly as: 'text' | 'json' | 'bytes';
  /** What grows is the arguments of its item's call, in this field of its last event. */
  readonly input?: string;
  /** Where it stands below its item, by the indices that its events have. */
  readonly at: (index: IndexOf) => string;
}

type IndexOf = (name: 'content_index' | 'summary_index' | 'command_index') => number;

/** What grows, by the name of its events without `response.` and `.delta`. */
const GROWTHS: Readonly<Record<string, Growth>> = {
  output_text: { lane: 'output', as: 'text', at: (index) => `.content.${index('content_index')}` },
  refusal: { lane: 'refusal', as: 'text', at: (index) => `.content.${index('content_index')}.refusal` },
  reasoning_text: { lane: 'reasoning', as: 'text', at: (index) => `.content.${index('content_index')}` },
  reasoning_summary_text: { lane: 'reasoning', as: 'text', at: (index) => `.summary.${index('summary_index')}` },
  function_call_arguments: { lane: 'tool-arguments', as: 'json', input: 'arguments', at: () => '.arguments' },
  mcp_call_arguments: { lane: 'tool-arguments', as: 'json', input: 'arguments', at: () => '.arguments' },
  custom_tool_call_input: { lane: 'tool-arguments', as: 'text', input: 'input', at: () => '.input' },
  code_interpreter_call_code: { lane: 'tool-arguments', as: 'text', input: 'code', at: () => '.code' },
  shell_call_command: { lane: 'tool-arguments', as: 'text', at: (index) => `.action.commands.${index('command_index')}` },
  apply_patch_call_operation_diff: { lane: 'tool-arguments', as: 'text', at: () => '.operation.diff' },
  shell_call_output_content: { lane: 'tool-result', as: 'text', at: (index) => `.output.${index('command_index')}` },
  audio: { lane: 'output', as: 'bytes', at: () => '.audio' },
  'audio.transcript': { lane: 'output', as: 'text', at: () => '.transcript' },
};

function openResponsesStream(): StreamReader {
  let opened = NOT_OPENED;
  let next = 0;

  function follow(doc: JsonDoc, type: string): void {
    const response = opened.started ? undefined : doc.field(doc.root, 'response');
    if (response !== undefined) opened = { ...opened, ...headOf(doc, response), started: true };
    if (ENDS.has(type)) opened = { ...opened, ended: true };
    if (type === 'response.output_item.added') opened = { ...opened, items: withItem(opened.items, doc) };
  }

  function number(doc: JsonDoc, sink: FormatSink): void {
    const node = doc.field(doc.root, 'sequence_number');
    if (node !== undefined) sink.counter(node);
    next = (count(doc, node) ?? next) + 1;
  }

  return {
    event(name, doc, sink) {
      const type = shortName(doc, doc.field(doc.root, 'type')) ?? name ?? '';
      readEvent({ doc, sink }, type);
      follow(doc, type);
      number(doc, sink);
    },
    marker(data, sink) {
      if (data.trim() !== '[DONE]') return false; // some compatible servers send it
      sink.ends('*');
      opened = { ...opened, ended: true };
      return true;
    },
    position: (): ResponsesPosition => ({ opened, next }),
    counted: {
      opened: () => opened,
      next: (last) => {
        next = (last ?? next) + 1;
      },
    },
  };
}

const NOT_OPENED: OpenedResponse = { id: undefined, model: undefined, createdAt: undefined, started: false, ended: false, items: [] };

function headOf(doc: JsonDoc, response: JsonNode): Pick<OpenedResponse, 'id' | 'model' | 'createdAt'> {
  return {
    id: shortName(doc, doc.field(response, 'id')),
    model: shortName(doc, doc.field(response, 'model')),
    createdAt: count(doc, doc.field(response, 'created_at')),
  };
}

function withItem(items: OpenedResponse['items'], doc: JsonDoc): OpenedResponse['items'] {
  const index = count(doc, doc.field(doc.root, 'output_index'));
  const item = doc.field(doc.root, 'item');
  const id = item === undefined ? undefined : shortName(doc, doc.field(item, 'id'));
  return index === undefined || id === undefined || items.length >= ITEMS_MAX ? items : [...items, [index, id]];
}

/** Events after which nothing follows. */
const ENDS: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete', 'response.failed', 'error']);

function readEvent({ doc, sink }: Pick<Reading, 'doc' | 'sink'>, type: string): void {
  if (doc.type(doc.root) !== 'object') return sink.whole(doc.root, { key: 'event', lane: 'output' });
  // An event of another kind may be a part of a text that goes on.
  if (!type.startsWith('response.') && type !== 'error') return sink.rest(doc.root, { key: 'event', lane: 'output' });
  const event = eventOf(doc, type);
  noteGrowth({ doc, sink }, event);
  const growing: Reading = { doc, sink, grows: true, called: true };
  const complete: Reading = { doc, sink, grows: false, called: true };
  const added = type.endsWith('.added');
  walkFields(doc, doc.root, (name, value, again, field) => {
    if (name === 'delta') return readDelta(growing, value, { again, event });
    if (ENVELOPE.has(name)) return structural(value, { doc, sink, key: name, lane: 'output' });
    const key = fieldKey(`${event.item}~event`, name, again);
    const place = { doc, sink, key, lane: event.growth?.lane ?? 'output' } as const;
    if (name === 'logprobs') return repeated(value, place);
    switch (name) {
      case 'response':
        return readResponse(complete, value, `response${again}~`);
      case 'item':
        return readItem(added ? growing : complete, value, {
          key: added ? `${event.item}${again}` : `${event.item}~item${again}`,
          lane: 'output',
        });
      case 'part':
        return readEventPart(added ? growing : complete, value, {
          key: `${event.part}${added ? '' : '~part'}${again}`,
          lane: event.partLane,
        });
      case 'arguments':
        return doc.type(value) === 'string' ? readNested(complete, value, place) : sink.whole(value, place);
      case 'command': // of a shell call: the first piece of it, or all of it
        return readText(added ? growing : complete, value, added ? { key: `${event.text}${again}`, lane: 'tool-arguments' } : place);
      case 'text':
      case 'refusal':
      case 'input':
      case 'code':
      case 'diff':
      case 'transcript':
      case 'annotation':
      case 'obfuscation':
        return sink.whole(value, place);
      case 'output':
        return readOutput(complete, value, { key, lane: 'tool-result' });
      case 'partial_image_b64':
        return mediaBytes(value, place);
      default:
        return readUnknown(type.endsWith('.delta') ? growing : complete, field, value, { key, lane: 'output' });
    }
  });
  if (type === 'response.output_item.done') sink.keeps('bytes');
  else if (type === 'response.output_text.delta' || type === 'response.refusal.delta') sink.keeps('texts');
  if (ENDS.has(type)) sink.ends('*');
  else if (type === 'response.output_item.done') sink.ends(event.item);
  else if (type.endsWith('_part.done')) sink.ends(event.part);
  else if (type.endsWith('.done')) sink.ends(event.text);
}

/** A piece of a call's arguments, or all of them once more. Of what grows in several places only the item says all. */
function noteGrowth({ doc, sink }: Pick<Reading, 'doc' | 'sink'>, { growth, item }: EventPlace): void {
  if (growth?.lane !== 'tool-arguments') return;
  const { input } = growth;
  const pieces = input === undefined ? {} : { piece: doc.field(doc.root, 'delta'), input: doc.field(doc.root, input) };
  sink.calls({ key: item, at: 'answer', ...pieces });
}

/** Fields of every event that say where it belongs. */
const ENVELOPE: ReadonlySet<string> = new Set([
  'type',
  'sequence_number',
  'output_index',
  'item_id',
  'content_index',
  'summary_index',
  'command_index',
  'annotation_index',
  'partial_image_index',
  'status',
]);

interface EventPlace {
  readonly growth: Growth | undefined;
  /** Key of the item it is about. */
  readonly item: string;
  /** Key of the text that grows. */
  readonly text: string;
  /** Key of the part it is about; that of the item when it is about none. */
  readonly part: string;
  readonly partLane: Lane;
}

function eventOf(doc: JsonDoc, type: string): EventPlace {
  const kind = type.slice(type.startsWith('response.') ? 'response.'.length : 0, type.lastIndexOf('.'));
  const growth = Object.hasOwn(GROWTHS, kind) ? GROWTHS[kind] : undefined;
  const index: IndexOf = (name) => count(doc, doc.field(doc.root, name)) ?? 0;
  const item = keyOfItem(doc);
  const text = growth === undefined ? fieldKey(`${item}.event`, kind, '') : item + growth.at(index);
  if (kind === 'reasoning_summary_part') {
    return { growth, item, text, part: `${item}.summary.${index('summary_index')}`, partLane: 'reasoning' };
  }
  const part = kind === 'content_part' ? `${item}.content.${index('content_index')}` : item;
  return { growth, item, text, part, partLane: 'output' };
}

function keyOfItem(doc: JsonDoc): string {
  const index = count(doc, doc.field(doc.root, 'output_index'));
  if (index !== undefined) return `output.${index}`;
  const id = shortName(doc, doc.field(doc.root, 'item_id'));
  return id === undefined ? 'output.x' : fieldKey('item', id, '');
}

/** A part that is added or done. The text of a reasoning item is reasoning. */
function readEventPart(reading: Reading, part: JsonNode, { key, lane }: Target): void {
  const { doc } = reading;
  const isReasoning = shortName(doc, doc.field(part, 'type')) === 'reasoning_text';
  readPart(reading, part, { key, textKey: key, lane: isReasoning ? 'reasoning' : lane });
}

function readDelta(
  reading: Reading,
  delta: JsonNode,
  { again, event: { growth, text } }: { readonly again: string; readonly event: EventPlace },
): void {
  const { doc, sink } = reading;
  const key = `${text}${again}`;
  const lane = growth?.lane ?? 'output';
  if (growth?.as === 'bytes') return mediaBytes(delta, { doc, sink, key, lane });
  if (growth?.as === 'json') return readNested(reading, delta, { key, lane });
  return readText(reading, delta, { key, lane });
}

/**
 * `response.incomplete`, with the number that is next. Its output are the items that were let through, as they were: what is done, and of
 * messages that are not what was said of them. An empty list where that is too much to keep; official clients have then only the events.
 */
function endStream(position: ResponsesPosition | undefined, kept: KeptFrames | undefined): Buffer {
  const { opened, next } = position ?? { opened: NOT_OPENED, next: 0 };
  const { started, ended, items } = opened;
  if (ended) return Buffer.alloc(0);
  const response = {
    id: opened.id ?? 'resp_filtered',
    object: 'response',
    created_at: opened.createdAt ?? 0,
    model: opened.model ?? '',
    error: null,
    usage: null,
  };
  const incomplete = {
    ...response,
    status: 'incomplete',
    incomplete_details: { reason: 'content_filter' },
    output: kept === undefined ? [] : itemsOf(kept, items),
  };
  const created = { ...response, status: 'in_progress', incomplete_details: null, output: [] };
  const events = [
    ...(started ? [] : [{ type: 'response.created', sequence_number: next, response: created }]),
    { type: 'response.incomplete', sequence_number: started ? next : next + 1, response: incomplete },
  ];
  return Buffer.from(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
}

/** Items of what has left, in their order; none where one of them cannot be read again. */
function itemsOf({ bytes, texts }: KeptFrames, ids: OpenedResponse['items']): readonly unknown[] {
  const done = new Map<number, unknown>();
  for (const event of bytes) {
    const read = doneItem(event);
    if (read === undefined) return [];
    done.set(read.index, read.item);
  }
  const said = [...Map.groupBy(saidTexts(texts), ({ index }) => index)].filter(([index]) => !done.has(index));
  const open = said.map(([index, parts]): readonly [number, unknown] => [index, openMessage(parts, new Map(ids).get(index))]);
  return [...done, ...open].sort(([a], [b]) => a - b).map(([, item]) => item);
}

/** The item of an event that says it is done. */
function doneItem(event: Buffer): { readonly index: number; readonly item: unknown } | undefined {
  const lines = event.toString('utf8').replaceAll('\r', '\n').split('\n');
  const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice('data:'.length));
  try {
    const { output_index: index, item } = JSON.parse(data.join('\n')) as { readonly output_index?: unknown; readonly item?: unknown };
    return typeof index === 'number' && typeof item === 'object' && item !== null ? { index, item } : undefined;
  } catch {
    return undefined; // in another character set, or two events in one frame
  }
}

interface SaidText {
  readonly index: number;
  readonly part: number;
  readonly content: object;
}

/** Texts by their keys: `output.0.content.1`, with `.refusal` behind it for one. */
function saidTexts(texts: ReadonlyMap<string, string>): readonly SaidText[] {
  return [...texts].flatMap(([key, text]) => {
    const [output, index, content, part, refusal] = key.split('.');
    if (output !== 'output' || content !== 'content' || Number.isNaN(Number(index)) || Number.isNaN(Number(part))) return [];
    const said = refusal === 'refusal' ? { type: 'refusal', refusal: text } : { type: 'output_text', text, annotations: [] };
    return [{ index: Number(index), part: Number(part), content: said }];
  });
}

function openMessage(parts: readonly SaidText[], id: string | undefined): object {
  const content = parts.toSorted((a, b) => a.part - b.part).map((part) => part.content);
  return { type: 'message', id: id ?? 'msg_filtered', status: 'incomplete', role: 'assistant', content };
}
