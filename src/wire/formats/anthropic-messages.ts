import type { Lane } from '../../text/lane.ts';
import type { Denial, FormatSink, StreamReader, WireFormat } from '../format.ts';
import type { JsonDoc, JsonNode } from '../framing/json.ts';
import { fieldKey, walkFields } from '../walk.ts';
import { addFact, count, encodedBytes, FIRST, nameFact, readUsage, shortName, structural } from './fields.ts';

/**
 * Anthropic Messages.
 * https://docs.anthropic.com/en/api/messages, https://docs.anthropic.com/en/api/messages-streaming
 */
export const anthropicMessages: WireFormat = {
  id: 'anthropic-messages',
  provider: () => 'anthropic',
  operation: 'chat',
  recognise: ({ path }) => path.endsWith('/v1/messages') || path.endsWith('/v1/messages/'),
  readBody(doc, sink, direction) {
    if (direction === 'request') readRequest({ doc, sink });
    else readResponse({ doc, sink }, doc.root, 'output');
  },
  openStream: openAnthropicStream,
  denial: (denial) => ({
    status: denial.status,
    contentType: 'application/json',
    body: JSON.stringify({ type: 'error', error: { type: ERROR_TYPES[denial.status], message: denial.message } }),
  }),
  ending: (position) => endStream(position as AnthropicPosition | undefined), // made by `position()` below
};

/** What a client of a stream has open. */
interface AnthropicPosition {
  /** Indices of content blocks that were started and not stopped. */
  readonly open: readonly number[];
  readonly started: boolean;
  readonly stopped: boolean;
}

interface Reading {
  readonly doc: JsonDoc;
  readonly sink: FormatSink;
}

interface Target {
  readonly key: string;
  readonly lane: Lane;
}

// ---- requests

function readRequest({ doc, sink }: Reading): void {
  if (doc.type(doc.root) !== 'object') return sink.rest(doc.root, { key: 'body', lane: 'other' });
  walkFields(doc, doc.root, (name, value, again, field) => {
    const key = `${name}${again}`;
    switch (name) {
      case 'system':
        return readBlocks({ doc, sink }, value, { key, lane: 'system' });
      case 'messages':
        if (doc.type(value) !== 'array') return sink.rest(value, { key, lane: 'other' });
        return doc.items(value, (message, index) => readMessage({ doc, sink }, message, `${key}.${index}`));
      case 'tools':
        if (doc.type(value) !== 'array') return sink.rest(value, { key, lane: 'tool-definition' });
        return doc.items(value, (tool, index) => readTool({ doc, sink }, tool, `${key}.${index}`));
      case 'model':
        nameFact(sink.facts, 'model', shortName(doc, value));
        return structural(value, { doc, sink, key, lane: 'other' });
      case 'stream':
        sink.facts.stream = doc.type(value) === 'true';
        return structural(value, { doc, sink, key, lane: 'other' });
      case 'service_tier':
      case 'max_tokens':
        return structural(value, { doc, sink, key, lane: 'other' });
      default:
        sink.name(field, 'other');
        return sink.rest(value, { key: fieldKey('body', name, again), lane: 'other' });
    }
  });
}

function readMessage({ doc, sink }: Reading, message: JsonNode, key: string): void {
  const role = shortName(doc, doc.field(message, 'role'));
  const lane = role === 'assistant' ? 'assistant-history' : role === 'system' ? 'system' : 'user';
  if (doc.type(message) !== 'object') return sink.rest(message, { key, lane });
  walkFields(doc, message, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane } as const;
    if (name === 'role') return structural(value, place);
    if (name === 'content') return readBlocks({ doc, sink }, value, place);
    sink.name(field, 'other');
    return sink.rest(value, { key: place.key, lane: 'other' });
  });
}

function readTool({ doc, sink }: Reading, tool: JsonNode, key: string): void {
  const lane = 'tool-definition';
  if (doc.type(tool) !== 'object') return sink.rest(tool, { key, lane });
  walkFields(doc, tool, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane } as const;
    if (name === 'name') addFact(sink.facts.toolsDeclared, shortName(doc, value));
    if (name === 'name' || name === 'type') return structural(value, place);
    sink.name(field, place.lane);
    return sink.rest(value, place);
  });
}

/** A string, or content blocks; text blocks that stand side by side are one text. */
function readBlocks({ doc, sink }: Reading, content: JsonNode, { key, lane }: Target): void {
  if (doc.type(content) !== 'array') return sink.text(content, { key, lane });
  let run = key;
  doc.items(content, (block, index) => {
    if (doc.type(block) === 'string') return sink.text(block, { key: run, lane });
    if (shortName(doc, doc.field(block, 'type')) !== 'text') run = `${key}.${index}`;
    readBlock({ doc, sink }, block, { key: `${key}.${index}`, textKey: run, lane, called: false });
  });
}

interface Block {
  readonly key: string;
  /** Where its text goes: shared with the text blocks beside it. */
  readonly textKey: string;
  readonly lane: Lane;
  /** Whether tools named here are being called now, or are history. */
  readonly called: boolean;
}

/** One content block of a request, an answer or a `content_block_start`. */
function readBlock({ doc, sink }: Reading, block: JsonNode, { key, textKey, lane, called }: Block): void {
  if (doc.type(block) !== 'object') return sink.rest(block, { key, lane });
  const type = shortName(doc, doc.field(block, 'type')) ?? '';
  const kind = blockLane(type, lane);
  walkFields(doc, block, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: kind } as const;
    switch (name) {
      case 'type':
      case 'id':
      case 'tool_use_id':
        return structural(value, place);
      case 'text':
        return sink.text(value, { key: `${textKey}${again}`, lane: kind });
      case 'thinking':
        return sink.text(value, { key: `${textKey}.thinking${again}`, lane: 'reasoning' });
      case 'signature':
      case 'data':
      case 'encrypted_content':
        return encodedBytes(value, place);
      case 'name':
        if (isToolUse(type) && called) addFact(sink.facts.toolsCalled, shortName(doc, value));
        return structural(value, place);
      case 'input':
        return sink.rest(value, { key: place.key, lane: 'tool-arguments' });
      case 'content':
        return readBlocks({ doc, sink }, value, place);
      case 'source':
        return readSource({ doc, sink }, value, place);
      default:
        sink.name(field, place.lane);
        return sink.rest(value, place);
    }
  });
}

const isToolUse = (type: string): boolean => type.endsWith('tool_use');

function blockLane(type: string, lane: Lane): Lane {
  if (type === 'thinking' || type === 'redacted_thinking') return 'reasoning';
  if (isToolUse(type)) return 'tool-arguments';
  if (type.endsWith('tool_result')) return 'tool-result'; // `web_search_tool_result` and its like too
  if (type === 'document' || type === 'search_result') return lane === 'tool-result' ? 'tool-result' : 'document';
  return lane;
}

/** Where an image or a document comes from: base64 is skipped, plain text and URLs are read. */
function readSource({ doc, sink }: Reading, source: JsonNode, { key, lane }: Target): void {
  if (doc.type(source) !== 'object') return sink.rest(source, { key, lane });
  const base64 = shortName(doc, doc.field(source, 'type')) === 'base64';
  walkFields(doc, source, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane } as const;
    if (name === 'type' || name === 'media_type') return structural(value, place);
    if (name === 'data' && base64) return encodedBytes(value, place);
    if (name === 'content') return readBlocks({ doc, sink }, value, place);
    sink.name(field, place.lane);
    return sink.rest(value, place);
  });
}

// ---- answers

/** A message: the whole answer, or what `message_start` begins. */
function readResponse({ doc, sink }: Reading, message: JsonNode, lane: Lane): void {
  if (doc.type(message) !== 'object') return sink.whole(message, { key: 'body', lane });
  walkFields(doc, message, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey('body', name, again), lane } as const;
    switch (name) {
      case 'id':
        nameFact(sink.facts, 'responseId', shortName(doc, value), FIRST);
        return structural(value, place);
      case 'model':
        nameFact(sink.facts, 'responseModel', shortName(doc, value), FIRST);
        return structural(value, place);
      case 'type':
      case 'role':
        return structural(value, place);
      case 'stop_reason':
        addFact(sink.facts.finishReasons, shortName(doc, value));
        return structural(value, place);
      case 'usage':
        readUsage(doc, value, sink.facts);
        return sink.whole(value, place);
      case 'content':
        return readAnswer({ doc, sink }, value, { key: `content${again}`, lane });
      default:
        sink.name(field, place.lane);
        return sink.whole(value, place);
    }
  });
}

function readAnswer({ doc, sink }: Reading, content: JsonNode, { key, lane }: Target): void {
  if (doc.type(content) !== 'array') return sink.text(content, { key, lane });
  doc.items(content, (block, index) => {
    const blockKey = `${key}.${index}`;
    readBlock({ doc, sink }, block, { key: blockKey, textKey: blockKey, lane, called: true });
  });
}

// ---- streams

function openAnthropicStream(): StreamReader {
  const open = new Set<number>();
  let snapshot: AnthropicPosition | undefined = { open: [], started: false, stopped: false };
  let started = false;
  let stopped = false;

  function changed(): void {
    snapshot = undefined;
  }

  return {
    event(name, doc, sink) {
      const type = shortName(doc, doc.field(doc.root, 'type')) ?? name ?? '';
      const index = count(doc, doc.field(doc.root, 'index'));
      readEvent({ doc, sink }, type, `content.${index ?? 'x'}`);
      if (type === 'message_start' && !started) {
        started = true;
        changed();
      } else if (type === 'content_block_start' && index !== undefined && open.size < BLOCKS_MAX) {
        open.add(index);
        changed();
      } else if (type === 'content_block_stop' && index !== undefined && open.delete(index)) changed();
      else if (type === 'message_stop') {
        open.clear();
        stopped = true;
        changed();
      }
    },
    marker: () => false,
    position() {
      snapshot ??= { open: [...open], started, stopped };
      return snapshot;
    },
  };
}

/** More blocks than any answer has; those above are not closed one by one. */
const BLOCKS_MAX = 4096;

function readEvent({ doc, sink }: Reading, type: string, blockKey: string): void {
  if (doc.type(doc.root) !== 'object') return sink.whole(doc.root, { key: 'event', lane: 'output' });
  walkFields(doc, doc.root, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey('event', name, again), lane: 'output' } as const;
    switch (name) {
      case 'type':
      case 'index':
        return structural(value, place);
      case 'message':
        return readResponse({ doc, sink }, value, 'output');
      case 'content_block':
        return readBlock({ doc, sink }, value, { key: blockKey, textKey: blockKey, lane: 'output', called: true });
      case 'delta':
        return type === 'message_delta'
          ? readMessageDelta({ doc, sink }, value, place.key)
          : readBlockDelta({ doc, sink }, value, `${blockKey}${again}`);
      case 'usage':
        readUsage(doc, value, sink.facts);
        return sink.whole(value, place);
      default:
        sink.name(field, place.lane);
        return sink.whole(value, place);
    }
  });
  if (type === 'content_block_stop') sink.ends(blockKey);
  else if (type === 'message_stop') sink.ends('*');
}

function readBlockDelta({ doc, sink }: Reading, delta: JsonNode, key: string): void {
  if (doc.type(delta) !== 'object') return sink.rest(delta, { key, lane: 'output' });
  walkFields(doc, delta, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: 'output' } as const;
    switch (name) {
      case 'type':
        return structural(value, place);
      case 'text':
        return sink.text(value, { key: `${key}${again}`, lane: 'output' });
      case 'thinking':
        return sink.text(value, { key: `${key}.thinking${again}`, lane: 'reasoning' });
      case 'partial_json':
        return sink.nestedJson(value, { key: `${key}.input${again}`, lane: 'tool-arguments' });
      case 'signature':
        return encodedBytes(value, place);
      case 'citation':
        return sink.whole(value, place); // complete in one event
      default:
        sink.name(field, place.lane);
        return sink.rest(value, place);
    }
  });
}

function readMessageDelta({ doc, sink }: Reading, delta: JsonNode, key: string): void {
  if (doc.type(delta) !== 'object') return sink.whole(delta, { key, lane: 'output' });
  walkFields(doc, delta, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: 'output' } as const;
    if (name === 'stop_reason') addFact(sink.facts.finishReasons, shortName(doc, value));
    if (name === 'stop_reason') return structural(value, place);
    sink.name(field, place.lane);
    return sink.whole(value, place);
  });
}

function endStream(position: AnthropicPosition | undefined): Buffer {
  if (position?.stopped === true) return Buffer.alloc(0);
  const events: { readonly type: string }[] = [];
  if (position?.started !== true) events.push(EMPTY_START);
  for (const index of position?.open ?? []) events.push({ type: 'content_block_stop', index } as { type: string });
  events.push(REFUSAL, { type: 'message_stop' });
  return Buffer.from(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
}

/** For a client that has seen nothing: an ending needs a message to end. */
const EMPTY_START = {
  type: 'message_start',
  message: {
    id: 'msg_filtered',
    type: 'message',
    role: 'assistant',
    model: '',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 0, output_tokens: 0 },
  },
} as const;

const REFUSAL = {
  type: 'message_delta',
  delta: { stop_reason: 'refusal', stop_sequence: null },
  usage: { output_tokens: 0 },
} as const;

const ERROR_TYPES = {
  403: 'permission_error',
  413: 'request_too_large',
  451: 'permission_error',
  503: 'overloaded_error',
} as const satisfies Record<Denial['status'], string>;
