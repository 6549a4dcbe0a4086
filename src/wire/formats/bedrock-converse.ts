import type { Lane } from '../../text/lane.ts';
import type { Denial, DenialResponse, FormatSink, Head, StreamReader, WireFormat } from '../format.ts';
import type { WireFacts } from '../frame.ts';
import { eventStreamMessage } from '../framing/aws-eventstream.ts';
import type { JsonDoc, JsonNode } from '../framing/json.ts';
import { fieldKey, walkFields } from '../walk.ts';
import {
  addFact,
  calledTool,
  count,
  decodedPart,
  encodedBytes,
  mediaBytes,
  modelFact,
  type Place,
  roleOf,
  shortName,
  structural,
  toolName,
} from './fields.ts';

/**
 * Amazon Bedrock Converse and ConverseStream; the model stands in the path. Nova models have the same bodies in InvokeModel.
 * A client signs the body it sends (SigV4): a request that is redacted on its way is refused by AWS unless it is signed anew behind the
 * filter; see docs/bedrock.md.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html,
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
 */
export const bedrockConverse: WireFormat = {
  id: 'bedrock-converse',
  provider: () => 'aws.bedrock',
  operation: () => 'chat',
  recognise: ({ path }) => bedrockCall(path, CONVERSE) !== undefined,
  fits: (doc) => doc.type(doc.root) === 'object',
  readHead: (head, facts) => readBedrockHead(head, facts, CONVERSE),
  readBody(doc, sink, direction) {
    if (direction === 'request') readConverseRequest({ doc, sink });
    else readConverseAnswer({ doc, sink });
  },
  openStream: () => openConverseStream(),
  denial: bedrockDenial,
  ending: (position) => {
    const events = converseEnding(position as ConversePosition | undefined); // made by `position()` below
    return Buffer.concat(events.map(([name, payload]) => eventStreamMessage(eventHeaders(name), JSON.stringify(payload))));
  },
};

/** Last part of the path of each call, and whether its answer is a stream. */
type Calls = ReadonlyMap<string, boolean>;

const CONVERSE: Calls = new Map([
  ['converse', false],
  ['converse-stream', true],
]);

/** What the path of a Bedrock call says: `…/model/{modelId}/{call}`. Undefined: it is none of these calls. */
export function bedrockCall(path: string, calls: Calls): { readonly model: string; readonly stream: boolean } | undefined {
  const parts = path.split('/');
  const stream = calls.get(parts.at(-1) ?? '');
  const start = parts.lastIndexOf('model');
  // An ARN has slashes of its own; clients encode them, but not all do.
  if (stream === undefined || start < 0 || start + 2 >= parts.length) return undefined;
  return { model: decodedPart(parts.slice(start + 1, -1).join('/')), stream };
}

export function readBedrockHead({ path }: Head, facts: WireFacts, calls: Calls): void {
  const call = bedrockCall(path, calls);
  if (call === undefined) return;
  facts.stream = call.stream;
  modelFact(facts, call.model);
}

/** An error as the AWS SDKs read it: each makes an exception of the name in `__type`. */
export function bedrockDenial({ status, message }: Denial): DenialResponse {
  return { status, contentType: 'application/json', body: JSON.stringify({ __type: EXCEPTIONS[status], message }) };
}

const EXCEPTIONS = {
  403: 'AccessDeniedException',
  413: 'ValidationException',
  451: 'AccessDeniedException',
  503: 'ServiceUnavailableException',
} as const satisfies Record<Denial['status'], string>;

/** The headers of an event with a JSON payload. */
export const eventHeaders = (name: string): Readonly<Record<string, string>> => ({
  ':event-type': name,
  ':content-type': 'application/json',
  ':message-type': 'event',
});

/** Where a Bedrock body is read from, and where to. */
export interface BedrockReading {
  readonly doc: JsonDoc;
  readonly sink: FormatSink;
}

interface Target {
  readonly key: string;
  readonly lane: Lane;
}

// ---- requests

function readConverseRequest({ doc, sink }: BedrockReading): void {
  if (doc.type(doc.root) !== 'object') return sink.rest(doc.root, { key: 'body', lane: 'other' });
  walkFields(doc, doc.root, (name, value, again, field) => {
    const key = `${name}${again}`;
    switch (name) {
      case 'system':
        return readContent({ doc, sink }, value, { key, lane: 'system', called: false });
      case 'messages':
        if (doc.type(value) !== 'array') return sink.rest(value, { key, lane: 'other' });
        return doc.items(value, (message, index) => readMessage({ doc, sink }, message, `${key}.${index}`));
      case 'toolConfig':
        return readToolConfig({ doc, sink }, value, key);
      case 'promptVariables':
        return sink.rest(value, { key, lane: 'user' });
      case 'schemaVersion':
        return structural(value, { doc, sink, key, lane: 'other' });
      case 'inferenceConfig':
      case 'guardrailConfig':
      case 'additionalModelRequestFields':
      case 'additionalModelResponseFieldPaths':
      case 'requestMetadata':
      case 'performanceConfig':
      case 'serviceTier':
      case 'outputConfig':
        return sink.rest(value, { key, lane: 'other' });
      default:
        sink.name(field, 'other');
        return sink.rest(value, { key: fieldKey('body', name, again), lane: 'other' });
    }
  });
}

function readMessage({ doc, sink }: BedrockReading, message: JsonNode, key: string): void {
  const role = roleOf(doc, message);
  const lane = role === 'assistant' ? 'assistant-history' : role === 'system' ? 'system' : 'user';
  if (doc.type(message) !== 'object') return sink.rest(message, { key, lane });
  walkFields(doc, message, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane } as const;
    if (name === 'role') return structural(value, place);
    if (name === 'content') return readContent({ doc, sink }, value, { ...place, called: false });
    sink.name(field, 'other');
    return sink.rest(value, { key: place.key, lane: 'other' });
  });
}

function readToolConfig({ doc, sink }: BedrockReading, config: JsonNode, key: string): void {
  const lane = 'tool-definition';
  if (doc.type(config) !== 'object') return sink.rest(config, { key, lane });
  walkFields(doc, config, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane } as const;
    if (name === 'tools' && doc.type(value) === 'array') {
      return doc.items(value, (tool, index) => readTool({ ...place, key: `${place.key}.${index}` }, tool));
    }
    if (name !== 'tools' && name !== 'toolChoice') sink.name(field, lane);
    return sink.rest(value, place);
  });
}

/** `{toolSpec: {name, description, inputSchema}}`, `{systemTool: {name}}` or a cache point. */
function readTool(place: Place, tool: JsonNode): void {
  const { doc, sink, lane } = place;
  if (doc.type(tool) !== 'object') return sink.rest(tool, place);
  walkFields(doc, tool, (kind, spec, again, kindField) => {
    const key = fieldKey(place.key, kind, again);
    if (kind === 'cachePoint') return readStructure({ ...place, key }, spec, CACHE_FIELDS);
    if (kind !== 'toolSpec' && kind !== 'systemTool') sink.name(kindField, lane);
    if (doc.type(spec) !== 'object') return sink.rest(spec, { key, lane });
    declareTool({ ...place, key }, { tool, spec, builtIn: kind === 'systemTool' });
    return walkFields(doc, spec, (name, value, repeated, field) => {
      const inner = { doc, sink, key: fieldKey(key, name, repeated), lane };
      if (name === 'name') return structural(value, inner);
      if (name !== 'description' && name !== 'inputSchema' && name !== 'strict') sink.name(field, lane);
      return sink.rest(value, inner);
    });
  });
}

interface DeclaredTool {
  /** The element of the list, and what stands in it. */
  readonly tool: JsonNode;
  readonly spec: JsonNode;
  readonly builtIn: boolean;
}

function declareTool({ doc, sink, key }: Place, { tool, spec, builtIn }: DeclaredTool): void {
  const schema = doc.field(spec, 'inputSchema');
  sink.declares({
    key,
    node: tool,
    builtIn,
    ...toolName(doc, spec),
    description: doc.field(spec, 'description'),
    schema: schema === undefined ? undefined : (doc.field(schema, 'json') ?? schema),
  });
}

// ---- content blocks, of requests and answers

interface Content extends Target {
  /** Whether tools named here are being called now, or are history. */
  readonly called: boolean;
}

/** Content blocks; text blocks that stand side by side are one text. */
function readContent({ doc, sink }: BedrockReading, content: JsonNode, { key, lane, called }: Content): void {
  if (doc.type(content) !== 'array') return sink.rest(content, { key, lane });
  let run = key;
  doc.items(content, (block, index) => {
    const isText = doc.field(block, 'text') !== undefined;
    if (!isText || called) run = `${key}.${index}`;
    readBlock({ doc, sink, key: `${key}.${index}`, lane }, block, { textKey: run, called });
  });
}

interface BlockOptions {
  /** Where its text goes: shared with the text blocks beside it. */
  readonly textKey: string;
  readonly called: boolean;
}

/** One block: an object with one field that says what it is. */
function readBlock({ doc, sink, key, lane }: Place, block: JsonNode, { textKey, called }: BlockOptions): void {
  if (doc.type(block) !== 'object') return sink.rest(block, { key, lane });
  walkFields(doc, block, (kind, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, kind, again), lane };
    switch (kind) {
      case 'text':
        return sink.text(value, { key: `${textKey}${again}`, lane });
      case 'image':
      case 'video':
      case 'audio':
        return readMedia(place, value);
      case 'document':
        return readMedia({ ...place, lane: lane === 'tool-result' ? lane : 'document' }, value, isTextDocument(doc, value));
      case 'searchResult':
        return readMedia({ ...place, lane: lane === 'tool-result' ? lane : 'document' }, value);
      case 'toolUse':
        return readToolUse(place, value, called);
      case 'toolResult':
        return readToolResult({ ...place, lane: 'tool-result' }, value, called);
      case 'json':
        return sink.rest(value, place);
      case 'reasoningContent':
        return readReasoning({ ...place, lane: 'reasoning' }, value);
      case 'guardContent':
      case 'citationsContent':
        return readParts(place, value);
      case 'cachePoint':
        return readStructure(place, value, CACHE_FIELDS);
      case 'toolAddition':
      case 'toolRemoval':
        return sink.rest(value, { key: place.key, lane: 'tool-definition' });
      default:
        sink.name(field, lane);
        return sink.rest(value, place);
    }
  });
}

/** Fields that are structure; what else there is, is text. */
function readStructure(place: Place, node: JsonNode, names: ReadonlySet<string>): void {
  const { doc, sink, lane } = place;
  if (doc.type(node) !== 'object') return sink.rest(node, place);
  walkFields(doc, node, (name, value, again, field) => {
    const inner = { ...place, key: fieldKey(place.key, name, again) };
    if (names.has(name)) return structural(value, inner);
    sink.name(field, lane);
    return sink.rest(value, inner);
  });
}

const CACHE_FIELDS: ReadonlySet<string> = new Set(['type', 'ttl']);

/** Formats whose bytes are no text. */
const BINARY_FORMATS: ReadonlySet<string> = new Set(['pdf', 'doc', 'docx', 'xls', 'xlsx']);

function isTextDocument(doc: JsonDoc, document: JsonNode): boolean {
  return !BINARY_FORMATS.has(shortName(doc, doc.field(document, 'format')) ?? '');
}

/**
 * A picture, a document or a search result: bytes are skipped while they are base64, everything else is read. Those of a text (`isText`)
 * are read in base64 as they stand.
 */
function readMedia(place: Place, media: JsonNode, isText = false): void {
  const { doc, sink, lane } = place;
  if (doc.type(media) !== 'object') return sink.rest(media, place);
  walkFields(doc, media, (name, value, again, field) => {
    const inner = { ...place, key: fieldKey(place.key, name, again) };
    switch (name) {
      case 'format':
        return structural(value, inner);
      case 'bytes':
        return isText ? sink.rest(value, inner) : mediaBytes(value, inner);
      case 'source':
      case 's3Location':
        return readMedia(inner, value, isText); // of a search result the source is a text
      case 'content':
        return readContent({ doc, sink }, value, { ...inner, called: false });
      case 'name':
      case 'title':
      case 'context':
      case 'citations':
      case 'text':
      case 'uri':
      case 'bucketOwner':
      case 'error':
        return sink.rest(value, inner);
      default:
        sink.name(field, lane);
        return sink.rest(value, inner);
    }
  });
}

/** Guarded content (`{text: {text, qualifiers}}`), or generated text with its citations: texts and pictures at any depth. */
function readParts(place: Place, node: JsonNode): void {
  const { doc, sink, lane } = place;
  if (doc.type(node) !== 'object') return sink.rest(node, place);
  walkFields(doc, node, (name, value, again, field) => {
    const inner = { ...place, key: fieldKey(place.key, name, again) };
    switch (name) {
      case 'text':
        return doc.type(value) === 'object' ? readParts(inner, value) : sink.text(value, inner);
      case 'image':
        return readMedia(inner, value);
      case 'content':
        return readContent({ doc, sink }, value, { ...inner, called: false });
      case 'qualifiers':
      case 'citations':
        return sink.whole(value, inner);
      default:
        sink.name(field, lane);
        return sink.rest(value, inner);
    }
  });
}

function readToolUse(place: Place, call: JsonNode, called: boolean): void {
  const { doc, sink } = place;
  const lane = 'tool-arguments';
  if (doc.type(call) !== 'object') return sink.rest(call, { key: place.key, lane });
  const named = calledTool(doc, call, { inputs: ['input'] });
  const server = shortName(doc, doc.field(call, 'type')) === 'server_tool_use';
  sink.calls({ key: place.key, at: called ? 'answer' : 'history', id: idOf(doc, call), server, ...named });
  walkFields(doc, call, (name, value, again, field) => {
    const inner = { ...place, key: fieldKey(place.key, name, again), lane } as const;
    if (name === 'name' || name === 'toolUseId' || name === 'type') return structural(value, inner);
    if (name !== 'input') sink.name(field, lane);
    return sink.rest(value, inner);
  });
}

const idOf = (doc: JsonDoc, node: JsonNode) => shortName(doc, doc.field(node, 'toolUseId'));

/** `server`: it stands in an answer, so nobody but the provider can have run the tool. */
function readToolResult(place: Place, result: JsonNode, server: boolean): void {
  const { doc, sink, lane } = place;
  if (doc.type(result) !== 'object') return sink.rest(result, place);
  const failed = shortName(doc, doc.field(result, 'status')) === 'error';
  sink.answers({ key: place.key, id: idOf(doc, result), server, failed });
  walkFields(doc, result, (name, value, again, field) => {
    const inner = { ...place, key: fieldKey(place.key, name, again) };
    if (name === 'toolUseId' || name === 'status' || name === 'type') return structural(value, inner);
    if (name === 'content') return readContent({ doc, sink }, value, { ...inner, called: false });
    sink.name(field, lane);
    return sink.rest(value, inner);
  });
}

/** `{reasoningText: {text, signature}}` or `{redactedContent}`; in a delta the fields of the text stand here themselves. */
function readReasoning(place: Place, node: JsonNode): void {
  const { doc, sink, lane, key } = place;
  if (doc.type(node) !== 'object') return sink.rest(node, place);
  walkFields(doc, node, (name, value, again, field) => {
    const inner = { ...place, key: fieldKey(key, name, again) };
    switch (name) {
      case 'reasoningText':
        return readReasoning(inner, value);
      case 'text':
        return sink.text(value, inner);
      case 'signature':
        sink.signature(value, key);
        return encodedBytes(value, inner);
      case 'redactedContent':
        return encodedBytes(value, inner);
      default:
        sink.name(field, lane);
        return sink.rest(value, inner);
    }
  });
}

// ---- answers

function readConverseAnswer({ doc, sink }: BedrockReading): void {
  const lane = 'output';
  if (doc.type(doc.root) !== 'object') return sink.whole(doc.root, { key: 'body', lane });
  walkFields(doc, doc.root, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey('body', name, again), lane } as const;
    if (name !== 'output') return readAnswerField(place, value, { name, field });
    if (doc.type(value) !== 'object') return sink.whole(value, place);
    return walkFields(doc, value, (part, message, repeated, partField) => {
      const inner = { ...place, key: fieldKey(place.key, part, repeated) };
      if (part !== 'message') sink.name(partField, lane);
      return part === 'message' ? readAnswerMessage(inner, message) : sink.whole(message, inner);
    });
  });
}

function readAnswerMessage(place: Place, message: JsonNode): void {
  const { doc, sink, lane } = place;
  if (doc.type(message) !== 'object') return sink.whole(message, place);
  walkFields(doc, message, (name, value, again, field) => {
    const inner = { ...place, key: fieldKey(place.key, name, again) };
    if (name === 'role') return structural(value, inner);
    if (name === 'content') return readContent({ doc, sink }, value, { key: `content${again}`, lane, called: true });
    sink.name(field, lane);
    return sink.rest(value, inner);
  });
}

/** A field beside the message; of an answer, or of the events that end a stream. */
function readAnswerField(place: Place, value: JsonNode, { name, field }: { readonly name: string; readonly field: JsonNode }): void {
  const { doc, sink, lane } = place;
  switch (name) {
    case 'stopReason':
      addFact(sink.facts.finishReasons, shortName(doc, value));
      return structural(value, place);
    case 'p':
      return readPadding(place, value);
    case 'usage':
      readTokens({ doc, sink }, value);
      return sink.whole(value, place);
    case 'metrics':
    case 'trace': // a guardrail's trace repeats the text
    case 'performanceConfig':
    case 'serviceTier':
    case 'additionalModelResponseFields':
      return sink.whole(value, place);
    default:
      sink.name(field, lane);
      return sink.rest(value, place);
  }
}

function readTokens({ doc, sink }: BedrockReading, usage: JsonNode): void {
  const input = count(doc, doc.field(usage, 'inputTokens'));
  const output = count(doc, doc.field(usage, 'outputTokens'));
  if (input !== undefined) sink.facts.inputTokens = input;
  if (output !== undefined) sink.facts.outputTokens = output;
}

/** Letters that hide the length of an event: always the beginning of one sequence, else it is text. */
export function readPadding(place: Place, node: JsonNode): void {
  const { doc, sink } = place;
  if (doc.type(node) !== 'string' || !PADDING.startsWith(doc.text(node))) sink.whole(node, place);
}

const PADDING = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

// ---- streams

/** What a client of a stream has open. */
export interface ConversePosition {
  /** Indices of content blocks that have begun and were not stopped. */
  readonly open: readonly number[];
  readonly started: boolean;
  readonly stopped: boolean;
  /** The event after the last one, with the usage. */
  readonly ended: boolean;
}

/** More blocks than any answer has; those above are not closed one by one. */
const BLOCKS_MAX = 4096;

/** Events by their `:event-type`; where they have none (InvokeModel of Nova), the one field of the payload says it. */
function openConverseStream(): StreamReader {
  const open = new Set<number>();
  let started = false;
  let stopped = false;
  let ended = false;
  let snapshot: ConversePosition | undefined;

  function follow(name: string, index: number | undefined): void {
    snapshot = undefined;
    started ||= name === 'messageStart';
    stopped ||= name === 'messageStop';
    ended ||= name === 'metadata';
    if (index === undefined) return;
    if (name === 'contentBlockStop') open.delete(index);
    else if (open.size < BLOCKS_MAX) open.add(index); // text blocks begin with their first delta
  }

  function read({ doc, sink }: BedrockReading, name: string, event: JsonNode, key: string): void {
    const index = count(doc, doc.field(event, 'contentBlockIndex'));
    readEvent({ doc, sink, key, lane: 'output' }, event, { name, blockKey: `content.${index ?? 'x'}` });
    if (!EVENTS.has(name)) return;
    follow(name, index);
    if (name === 'contentBlockStop' && index !== undefined) sink.ends(`content.${index}`);
    else if (name === 'messageStop') sink.ends('*');
  }

  return {
    event(name, doc, sink) {
      if (name !== undefined && EVENTS.has(name)) return read({ doc, sink }, name, doc.root, 'event');
      if (doc.type(doc.root) !== 'object') return sink.whole(doc.root, { key: 'event', lane: 'output' });
      return walkFields(doc, doc.root, (field, value, again, node) => {
        const place = { doc, sink, key: fieldKey('event', field, again), lane: 'output' } as const;
        if (EVENTS.has(field)) return read({ doc, sink }, field, value, place.key);
        return readAnswerField(place, value, { name: field, field: node }); // an exception, or what is new
      });
    },
    marker: () => false,
    position() {
      snapshot ??= { open: [...open], started, stopped, ended };
      return snapshot;
    },
  };
}

/** Whether it is the name of an event of ConverseStream. */
export const isConverseEvent = (name: string): boolean => EVENTS.has(name);

const EVENTS: ReadonlySet<string> = new Set([
  'messageStart',
  'contentBlockStart',
  'contentBlockDelta',
  'contentBlockStop',
  'messageStop',
  'metadata',
]);

interface EventOptions {
  readonly name: string;
  /** Key of the text of the content block it belongs to. */
  readonly blockKey: string;
}

function readEvent(place: Place, event: JsonNode, { name, blockKey }: EventOptions): void {
  const { doc, sink, lane } = place;
  if (doc.type(event) !== 'object') return sink.whole(event, place);
  walkFields(doc, event, (part, value, again, field) => {
    const inner = { ...place, key: fieldKey(place.key, part, again) };
    if (part === 'contentBlockIndex' || part === 'role') return structural(value, inner);
    if (part === 'start') return readStart({ ...inner, key: `${blockKey}${again}` }, value);
    if (part === 'delta' && name === 'contentBlockDelta') return readDelta({ ...inner, key: `${blockKey}${again}`, lane }, value);
    return readAnswerField(inner, value, { name: part, field });
  });
}

/** The beginning of a tool call, a tool result or a picture. */
function readStart(place: Place, start: JsonNode): void {
  const { doc, sink, lane } = place;
  if (doc.type(start) !== 'object') return sink.whole(start, place);
  walkFields(doc, start, (kind, value, again, field) => {
    const inner = { ...place, key: fieldKey(place.key, kind, again) };
    if (kind === 'toolUse') return readToolUse(inner, value, true);
    if (kind === 'toolResult') return readToolResult({ ...inner, lane: 'tool-result' }, value, true);
    if (kind === 'image') return readMedia(inner, value);
    sink.name(field, lane);
    return sink.rest(value, inner);
  });
}

function readDelta(place: Place, delta: JsonNode): void {
  const { doc, sink, lane, key } = place;
  if (doc.type(delta) !== 'object') return sink.rest(delta, place);
  walkFields(doc, delta, (kind, value, again, field) => {
    const inner = { ...place, key: fieldKey(key, kind, again) };
    switch (kind) {
      case 'text':
        return sink.text(value, { key: `${key}${again}`, lane });
      case 'toolUse':
        return readToolDelta(inner, value);
      case 'toolResult':
        return readResultDelta({ ...inner, lane: 'tool-result' }, value);
      case 'reasoningContent':
        return readReasoning({ ...inner, lane: 'reasoning' }, value);
      case 'image':
        return readMedia(inner, value);
      case 'citation':
        return sink.whole(value, inner); // complete in one event
      default:
        sink.name(field, lane);
        return sink.rest(value, inner);
    }
  });
}

/** A piece of the arguments, which are JSON in a string here and nowhere else. */
function readToolDelta(place: Place, node: JsonNode): void {
  const { doc, sink } = place;
  const lane = 'tool-arguments';
  if (doc.type(node) !== 'object') return sink.rest(node, { key: place.key, lane });
  sink.calls({ key: place.key, at: 'answer', piece: doc.field(node, 'input') });
  walkFields(doc, node, (name, value, again, field) => {
    const inner = { key: fieldKey(place.key, name, again), lane } as const;
    if (name === 'input') return sink.nestedJson(value, inner);
    sink.name(field, lane);
    return sink.rest(value, inner);
  });
}

/** Pieces of a result a server tool gave: text goes on in the next event, JSON is complete. */
function readResultDelta(place: Place, parts: JsonNode): void {
  const { doc, sink, lane } = place;
  if (doc.type(parts) !== 'array') return sink.rest(parts, place);
  doc.items(parts, (part) => {
    if (doc.type(part) !== 'object') return sink.rest(part, place);
    return walkFields(doc, part, (name, value, again, field) => {
      const inner = { key: fieldKey(place.key, name, again), lane };
      if (name === 'text') return sink.text(value, inner);
      if (name !== 'json') sink.name(field, lane);
      return sink.rest(value, inner);
    });
  });
}

// ---- endings

/** The events that end a stream legally for a client that is at `position`; none when it has ended. */
export function converseEnding(position: ConversePosition | undefined): readonly (readonly [name: string, payload: object])[] {
  const { open, started, stopped, ended } = position ?? { open: [], started: false, stopped: false, ended: false };
  const events: [string, object][] = [];
  if (!started && !stopped) events.push(['messageStart', { role: 'assistant' }]);
  if (!stopped) {
    events.push(...open.map((index): [string, object] => ['contentBlockStop', { contentBlockIndex: index }]));
    events.push(['messageStop', { stopReason: 'guardrail_intervened' }]);
  }
  if (!ended) events.push(['metadata', { usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0 }, metrics: { latencyMs: 0 } }]);
  return events;
}
