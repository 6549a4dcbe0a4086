import type { Lane } from '../../text/lane.ts';
import type { Denial, FormatSink, Head, StreamFraming, StreamReader, WireFormat } from '../format.ts';
import type { WireFacts } from '../frame.ts';
import type { JsonDoc, JsonNode } from '../framing/json.ts';
import { fieldKey, walkFields } from '../walk.ts';
import {
  addFact,
  calledTool,
  count,
  encodedBytes,
  FIRST,
  mediaBytes,
  modelField,
  nameFact,
  pathModel,
  personName,
  readUsage,
  roleOf,
  shortName,
  structural,
  toolName,
} from './fields.ts';

/**
 * Anthropic Messages, token counting and batches, of Anthropic and of Vertex AI.
 * https://docs.anthropic.com/en/api/messages, https://docs.anthropic.com/en/api/messages-streaming,
 * https://docs.anthropic.com/en/api/creating-message-batches, https://docs.anthropic.com/en/api/claude-on-vertex-ai
 */
export const anthropicMessages: WireFormat = {
  id: 'anthropic-messages',
  provider: ({ path }) => (vertexModel(path) === undefined ? 'anthropic' : 'gcp.vertex_ai'),
  operation: () => 'chat',
  recognise: ({ path }) => isMessages(path) || vertexModel(path) !== undefined,
  recogniseBody: ({ root, field }) => field(root, 'anthropic_version') !== undefined && field(root, 'messages') !== undefined,
  fits: ({ root, field }) => field(root, 'messages') !== undefined || field(root, 'requests') !== undefined,
  readHead,
  readBody(doc, sink, direction) {
    if (direction === 'request') readRequest({ doc, sink }, doc.root, undefined);
    else readResponse({ doc, sink }, doc.root, { key: undefined, lane: 'output' });
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

// ---- the head

/** `/v1/messages`, its `count_tokens`, and `batches` with what stands below them. */
function isMessages(path: string): boolean {
  const below = (path.endsWith('/') ? path : `${path}/`).split('/v1/messages/')[1];
  return below === '' || below?.startsWith('count_tokens/') === true || below?.startsWith('batches/') === true;
}

/** The model in a path of Vertex AI: `…/publishers/anthropic/models/{model}:rawPredict`. */
function vertexModel(path: string): string | undefined {
  const at = path.indexOf(VERTEX_MODELS);
  const colon = path.lastIndexOf(':');
  if (at < 0 || colon < at || !VERTEX_METHODS.has(path.slice(colon + 1))) return undefined;
  return path.slice(at + VERTEX_MODELS.length, colon);
}

const VERTEX_MODELS = '/publishers/anthropic/models/';
const VERTEX_METHODS: ReadonlySet<string> = new Set(['rawPredict', 'streamRawPredict']);

function readHead({ path }: Head, facts: WireFacts): void {
  const model = vertexModel(path);
  if (model === undefined) return;
  pathModel(facts, model);
  facts.stream = path.endsWith(':streamRawPredict');
}

// ---- requests

/** A request, alone or (`base` set) within a batch. */
function readRequest({ doc, sink }: Reading, request: JsonNode, base: string | undefined): void {
  if (doc.type(request) !== 'object') return sink.rest(request, { key: base ?? 'body', lane: 'other' });
  walkFields(doc, request, (name, value, again, field) => {
    const key = base === undefined ? `${name}${again}` : fieldKey(base, name, again);
    const place = { doc, sink, key: fieldKey(base ?? 'body', name, again), lane: 'other' } as const;
    switch (name) {
      case 'system':
        return readBlocks({ doc, sink }, value, { key, lane: 'system', called: false });
      case 'messages':
        if (doc.type(value) !== 'array') return sink.rest(value, { key, lane: 'other' });
        return sink.items(value, (message, index) => readMessage({ doc, sink }, message, `${key}.${index}`));
      case 'tools':
        return readTools({ doc, sink }, value, key);
      case 'requests':
        if (doc.type(value) !== 'array') return sink.rest(value, { key, lane: 'other' });
        return doc.items(value, (one, index) => readBatched({ doc, sink }, one, `${key}.${index}`));
      case 'model':
        modelField(sink.facts, doc, value);
        return structural(value, place);
      case 'stream':
        sink.facts.stream = doc.type(value) === 'true';
        return structural(value, place);
      case 'service_tier':
      case 'max_tokens':
      case 'temperature':
      case 'top_k':
      case 'top_p':
      case 'anthropic_version':
      case 'inference_geo':
      case 'speed':
        return structural(value, place);
      default:
        if (name === 'metadata') nameFact(sink.facts, 'metadataUserId', personName(doc, doc.field(value, 'user_id')));
        if (!REQUEST_FIELDS.has(name)) sink.name(field, 'other');
        return sink.rest(value, place);
    }
  });
}

const REQUEST_FIELDS: ReadonlySet<string> = new Set([
  ...['metadata', 'stop_sequences', 'thinking', 'tool_choice', 'output_config', 'output_format', 'context_management', 'mcp_servers'],
  ...['container', 'cache_control', 'anthropic_beta', 'betas', 'fallbacks', 'diagnostics'],
]);

/** One request of a batch: `custom_id` and `params`. */
function readBatched({ doc, sink }: Reading, one: JsonNode, key: string): void {
  if (doc.type(one) !== 'object') return sink.rest(one, { key, lane: 'other' });
  walkFields(doc, one, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: 'other' } as const;
    if (name === 'params') return readRequest({ doc, sink }, value, place.key);
    if (name === 'custom_id') return structural(value, place);
    sink.name(field, 'other');
    return sink.rest(value, place);
  });
}

function readMessage({ doc, sink }: Reading, message: JsonNode, key: string): void {
  const role = roleOf(doc, message);
  const lane = role === 'assistant' ? 'assistant-history' : role === 'system' ? 'system' : 'user';
  if (doc.type(message) !== 'object') return sink.rest(message, { key, lane });
  walkFields(doc, message, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane } as const;
    if (name === 'role') return structural(value, place);
    if (name === 'content') return readBlocks({ doc, sink }, value, { key: place.key, lane, called: false });
    sink.name(field, 'other');
    return sink.rest(value, { key: place.key, lane: 'other' });
  });
}

function readTools({ doc, sink }: Reading, tools: JsonNode, key: string): void {
  if (doc.type(tools) !== 'array') return sink.rest(tools, { key, lane: 'tool-definition' });
  sink.items(tools, (tool, index) => readTool({ doc, sink }, tool, `${key}.${index}`));
}

function readTool({ doc, sink }: Reading, tool: JsonNode, key: string): void {
  const lane = 'tool-definition';
  if (doc.type(tool) !== 'object') return sink.rest(tool, { key, lane });
  declareTool({ doc, sink }, tool, key);
  walkFields(doc, tool, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane } as const;
    if (name === 'name' || name === 'type' || name === 'mcp_server_name') return structural(value, place);
    if (!TOOL_FIELDS.has(name)) sink.name(field, lane);
    return sink.rest(value, place);
  });
}

/** A tool without a type is the client's own; any other type is one of Anthropic's, run there (web search) or by the client (computer use). */
function declareTool({ doc, sink }: Reading, node: JsonNode, key: string): void {
  const type = shortName(doc, doc.field(node, 'type')) ?? 'custom';
  const builtIn = type !== 'custom';
  const named = toolName(doc, node);
  sink.declares({
    key,
    node,
    builtIn,
    ...(builtIn && named.isUnclear !== true ? { name: named.name ?? type } : named),
    description: doc.field(node, 'description'),
    schema: doc.field(node, 'input_schema'),
  });
}

const TOOL_FIELDS: ReadonlySet<string> = new Set([
  ...['description', 'input_schema', 'input_examples', 'cache_control', 'defer_loading', 'allowed_callers', 'strict', 'max_uses'],
  ...['allowed_domains', 'blocked_domains', 'user_location', 'citations', 'max_content_tokens', 'default_config', 'configs'],
]);

/** A string, one content block, or several; text blocks that stand side by side are one text. */
function readBlocks({ doc, sink }: Reading, content: JsonNode, { key, lane, called }: Blocks): void {
  if (doc.type(content) === 'object') return readBlock({ doc, sink }, content, { key, textKey: key, lane, called });
  if (doc.type(content) !== 'array') return sink.text(content, { key, lane });
  let run = called ? undefined : key;
  doc.items(content, (block, index) => {
    const blockKey = `${key}.${index}`;
    const isText = doc.type(block) === 'string' || isTextBlock(doc, block);
    const textKey = isText ? (run ?? blockKey) : blockKey;
    run = isText ? textKey : undefined;
    if (doc.type(block) === 'string') return sink.text(block, { key: textKey, lane });
    readBlock({ doc, sink }, block, { key: blockKey, textKey, lane, called });
  });
}

const isTextBlock = (doc: JsonDoc, block: JsonNode): boolean => shortName(doc, doc.field(block, 'type')) === 'text';

interface Blocks extends Target {
  /** Whether tools named here are being called now, or are history. */
  readonly called: boolean;
}

interface Block extends Blocks {
  /** Where its text goes: shared with the text blocks beside it. */
  readonly textKey: string;
}

/** One content block of a request, an answer or a `content_block_start`. */
function readBlock({ doc, sink }: Reading, block: JsonNode, { key, textKey, lane, called }: Block): void {
  if (doc.type(block) !== 'object') return sink.rest(block, { key, lane });
  const type = shortName(doc, doc.field(block, 'type')) ?? '';
  const kind = blockLane(type, lane);
  noteTool({ doc, sink }, block, { key, type, called });
  walkFields(doc, block, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: kind } as const;
    switch (name) {
      case 'text':
        return sink.text(value, { key: `${textKey}${again}`, lane: kind });
      case 'thinking':
        return sink.text(value, { key: `${textKey}.thinking${again}`, lane: 'reasoning' });
      case 'signature':
        sink.signature(value, key);
        return encodedBytes(value, place);
      case 'data':
      case 'encrypted_content':
      case 'encrypted_stdout':
        return encodedBytes(value, place);
      case 'input':
        return sink.rest(value, { key: place.key, lane: 'tool-arguments' });
      case 'content':
        return readBlocks({ doc, sink }, value, { key: place.key, lane: kind, called: false });
      case 'source':
        return readSource({ doc, sink }, value, place);
      case 'citations':
        return readCitations({ doc, sink }, value, place);
      case 'tool':
        return sink.rest(value, { key: place.key, lane: 'tool-definition' });
      case 'tools':
        return readTools({ doc, sink }, value, place.key);
      default:
        if (BLOCK_IDS.has(name)) return structural(value, place);
        if (!BLOCK_TEXTS.has(name)) sink.name(field, kind);
        return sink.rest(value, place);
    }
  });
}

const BLOCK_IDS: ReadonlySet<string> = new Set([
  ...[
    'type',
    'id',
    'name',
    'tool_use_id',
    'file_id',
    'is_error',
    'server_name',
    'mcp_server_name',
    'tool_name',
    'toolset_name',
    'error_code',
  ],
  ...['return_code', 'file_type', 'num_lines', 'start_line', 'total_lines', 'is_file_update', 'new_start', 'new_lines', 'old_start'],
  ...['old_lines', 'retrieved_at', 'stop_reason', 'abort_reason'],
]);
const BLOCK_TEXTS: ReadonlySet<string> = new Set([
  ...['title', 'url', 'context', 'stdout', 'stderr', 'lines', 'page_age', 'error_message', 'caller', 'cache_control'],
  ...['tool_references', 'tool_changes', 'transformations', 'from', 'to', 'trigger'],
]);

/** A call or a result: those whose type says more than `tool_use` and `tool_result` are run by Anthropic itself. */
function noteTool(
  { doc, sink }: Reading,
  block: JsonNode,
  { key, type, called }: { readonly key: string; readonly type: string; readonly called: boolean },
): void {
  const id = (field: string) => shortName(doc, doc.field(block, field));
  if (isToolUse(type)) {
    const named = calledTool(doc, block, { inputs: ['input'] });
    sink.calls({ key, at: called ? 'answer' : 'history', id: id('id'), server: type !== 'tool_use', ...named });
  } else if (isToolResult(type)) {
    sink.answers({ key, id: id('tool_use_id'), server: type !== 'tool_result', failed: isFailed(doc, block) });
  }
}

const isToolResult = (type: string): boolean => type.endsWith('tool_result');

/** Anthropic's own tools say it by the type of what they give. */
function isFailed(doc: JsonDoc, block: JsonNode): boolean {
  const flag = doc.field(block, 'is_error');
  const content = doc.field(block, 'content');
  const type = content === undefined ? undefined : shortName(doc, doc.field(content, 'type'));
  return (flag !== undefined && doc.type(flag) === 'true') || type?.endsWith('_error') === true;
}

const isToolUse = (type: string): boolean => type.endsWith('tool_use');

function blockLane(type: string, lane: Lane): Lane {
  if (type === 'thinking' || type === 'redacted_thinking') return 'reasoning';
  if (isToolUse(type)) return 'tool-arguments';
  if (isToolResult(type)) return 'tool-result'; // `web_search_tool_result` and its like too
  if (type === 'document' || type === 'search_result') return lane === 'tool-result' ? 'tool-result' : 'document';
  if (type === 'mcp_tool_listing') return 'tool-definition';
  return lane;
}

/** Where an image or a document comes from: base64 of what is no text is skipped, texts and URLs are read. */
function readSource({ doc, sink }: Reading, source: JsonNode, { key, lane }: Target): void {
  if (doc.type(source) !== 'object') return sink.rest(source, { key, lane });
  const encoded = shortName(doc, doc.field(source, 'type')) === 'base64';
  const isText = shortName(doc, doc.field(source, 'media_type'))?.startsWith('text/') === true;
  walkFields(doc, source, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane } as const;
    switch (name) {
      case 'type':
      case 'media_type':
      case 'file_id':
        return structural(value, place);
      case 'data':
        return encoded && !isText ? mediaBytes(value, place) : sink.rest(value, place);
      case 'content':
        return readBlocks({ doc, sink }, value, { key: place.key, lane, called: false });
      case 'url':
        return sink.rest(value, place);
      default:
        sink.name(field, lane);
        return sink.rest(value, place);
    }
  });
}

/** What a text quotes; the places it names are in documents, not in the text. Of a document: whether it may be quoted. */
function readCitations({ doc, sink }: Reading, citations: JsonNode, { key, lane }: Target): void {
  if (doc.type(citations) !== 'array') return sink.whole(citations, { key, lane });
  doc.items(citations, (citation, index) => readCitation({ doc, sink }, citation, { key: `${key}.${index}`, lane }));
}

/** A citation is complete in one event. */
function readCitation({ doc, sink }: Reading, citation: JsonNode, { key, lane }: Target): void {
  if (doc.type(citation) !== 'object') return sink.whole(citation, { key, lane });
  walkFields(doc, citation, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane } as const;
    if (name === 'encrypted_index') return encodedBytes(value, place);
    if (name === 'type' || name === 'file_id' || name.endsWith('_index') || name.endsWith('_number')) return structural(value, place);
    if (!CITATION_TEXTS.has(name)) sink.name(field, lane);
    return sink.whole(value, place);
  });
}

const CITATION_TEXTS: ReadonlySet<string> = new Set(['cited_text', 'document_title', 'title', 'url', 'source']);

// ---- answers

/** A message: the whole answer, what `message_start` begins, or (`key` set) one of a batch. */
function readResponse(
  { doc, sink }: Reading,
  message: JsonNode,
  { key: base, lane }: { readonly key: string | undefined; readonly lane: Lane },
): void {
  if (doc.type(message) !== 'object') return sink.whole(message, { key: base ?? 'body', lane });
  walkFields(doc, message, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(base ?? 'body', name, again), lane } as const;
    switch (name) {
      case 'id':
        nameFact(sink.facts, 'responseId', shortName(doc, value), FIRST);
        return structural(value, place);
      case 'model':
        nameFact(sink.facts, 'responseModel', shortName(doc, value), FIRST);
        return structural(value, place);
      case 'type':
      case 'role':
      case 'request_id':
        return structural(value, place);
      case 'input_tokens':
        readUsage(doc, message, sink.facts); // the answer to `count_tokens`
        return structural(value, place);
      case 'stop_reason':
        addFact(sink.facts.finishReasons, shortName(doc, value));
        return structural(value, place);
      case 'usage':
        readUsage(doc, value, sink.facts);
        return sink.whole(value, place);
      case 'content':
        return readBlocks({ doc, sink }, value, { key: base === undefined ? `content${again}` : place.key, lane, called: true });
      default:
        if (!MESSAGE_FIELDS.has(name)) sink.name(field, place.lane);
        return sink.rest(value, place);
    }
  });
}

const MESSAGE_FIELDS: ReadonlySet<string> = new Set([
  ...['stop_sequence', 'stop_details', 'container', 'context_management', 'error', 'diagnostics', 'input_transformations'],
]);

// ---- streams

function openAnthropicStream(framing: StreamFraming): StreamReader {
  return framing === 'json-lines' ? openBatchResults() : openEvents();
}

/** The results of a batch, one a line: `custom_id` and `result`. No line goes on in the next one. */
function openBatchResults(): StreamReader {
  let line = 0;
  return {
    event(_name, doc, sink) {
      readResult({ doc, sink }, doc.root, `results.${line++}`);
      sink.ends('*');
    },
    marker: () => false,
    position: () => undefined,
  };
}

function readResult({ doc, sink }: Reading, result: JsonNode, key: string): void {
  if (doc.type(result) !== 'object') return sink.whole(result, { key, lane: 'output' });
  walkFields(doc, result, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: 'output' } as const;
    if (name === 'custom_id' || name === 'type') return structural(value, place);
    if (name === 'result') return readResult({ doc, sink }, value, place.key);
    if (name === 'message') return readResponse({ doc, sink }, value, place);
    if (name !== 'error') sink.name(field, 'output');
    return sink.whole(value, place);
  });
}

function openEvents(): StreamReader {
  const open = new Set<number>();
  let snapshot: AnthropicPosition | undefined = { open: [], started: false, stopped: false };
  let started = false;
  let stopped = false;
  /** Key of the text that the block begun last belongs to; undefined when that is no text block. */
  let run: string | undefined;
  /** By index of a text block, the key of its text: blocks that follow each other are one text. */
  const texts = new Map<number, string>();

  /** The key of a block's text, which goes on from block to block until something else comes between. */
  function textKeyOf({ doc, sink }: Reading, { type, index }: { readonly type: string; readonly index: number | undefined }): string {
    const own = blockKeyOf(index);
    if (type !== 'content_block_start') return (index === undefined ? undefined : texts.get(index)) ?? own;
    const block = doc.field(doc.root, 'content_block');
    const isText = block !== undefined && isTextBlock(doc, block);
    if (!isText && run !== undefined) sink.ends(run);
    run = isText ? (run ?? own) : undefined;
    if (run !== undefined && index !== undefined && texts.size < BLOCKS_MAX) texts.set(index, run);
    return run ?? own;
  }

  function changed(): void {
    snapshot = undefined;
  }

  return {
    event(name, doc, sink) {
      const type = shortName(doc, doc.field(doc.root, 'type')) ?? name ?? '';
      const index = count(doc, doc.field(doc.root, 'index'));
      readEvent({ doc, sink }, { type, blockKey: blockKeyOf(index), textKey: textKeyOf({ doc, sink }, { type, index }) });
      if (type === 'content_block_stop' && (index === undefined || !texts.has(index))) sink.ends(blockKeyOf(index));
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

const blockKeyOf = (index: number | undefined): string => `content.${index ?? 'x'}`;

/** More blocks than any answer has; those above are not closed one by one. */
const BLOCKS_MAX = 4096;

function readEvent(
  { doc, sink }: Reading,
  { type, blockKey, textKey }: { readonly type: string; readonly blockKey: string; readonly textKey: string },
): void {
  if (doc.type(doc.root) !== 'object') return sink.whole(doc.root, { key: 'event', lane: 'output' });
  walkFields(doc, doc.root, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey('event', name, again), lane: 'output' } as const;
    switch (name) {
      case 'type':
      case 'index':
        return structural(value, place);
      case 'message':
        return readResponse({ doc, sink }, value, { key: undefined, lane: 'output' });
      case 'content_block':
        return readBlock({ doc, sink }, value, { key: blockKey, textKey, lane: 'output', called: true });
      case 'delta':
        return type === 'message_delta'
          ? readMessageDelta({ doc, sink }, value, place.key)
          : readBlockDelta({ doc, sink }, value, { key: `${blockKey}${again}`, textKey: `${textKey}${again}`, block: blockKey });
      case 'usage':
        readUsage(doc, value, sink.facts);
        return sink.whole(value, place);
      case 'error':
      case 'context_management':
      case 'input_transformations':
        return sink.whole(value, place);
      default:
        sink.name(field, place.lane);
        return sink.rest(value, place);
    }
  });
  if (type === 'message_stop') sink.ends('*');
}

function readBlockDelta(
  { doc, sink }: Reading,
  delta: JsonNode,
  { key, textKey, block }: { readonly key: string; readonly textKey: string; readonly block: string },
): void {
  if (doc.type(delta) !== 'object') return sink.rest(delta, { key, lane: 'output' });
  walkFields(doc, delta, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: 'output' } as const;
    switch (name) {
      case 'type':
        return structural(value, place);
      case 'text':
        return sink.text(value, { key: `${textKey}${again}`, lane: 'output' });
      case 'thinking':
        return sink.text(value, { key: `${key}.thinking${again}`, lane: 'reasoning' });
      case 'partial_json':
        sink.calls({ key: block, at: 'answer', piece: value });
        return sink.nestedJson(value, { key: `${key}.input${again}`, lane: 'tool-arguments' });
      case 'signature':
        sink.signature(value, key);
        return encodedBytes(value, place);
      case 'encrypted_content':
        return encodedBytes(value, place);
      case 'estimated_tokens':
        return structural(value, place);
      case 'citation':
        return readCitation({ doc, sink }, value, place);
      case 'content': // of a `compaction_delta`
        return sink.rest(value, place);
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
    if (!MESSAGE_FIELDS.has(name)) sink.name(field, place.lane);
    return sink.rest(value, place);
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
