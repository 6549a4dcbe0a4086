import type { Lane } from '../../text/lane.ts';
import type { FormatSink, StreamFraming, StreamReader, WireFormat } from '../format.ts';
import type { JsonDoc, JsonNode } from '../framing/json.ts';
import { fieldKey, walkFields } from '../walk.ts';
import { cohereDenial, cohereOperation, readCitation, readCohereUsage, readVectorsAndRanks } from './cohere.ts';
import {
  addFact,
  calledTool,
  count,
  eachItem,
  FIRST,
  mediaBytes,
  modelField,
  nameFact,
  numbers,
  roleOf,
  shortName,
  structural,
  toolName,
} from './fields.ts';

/**
 * Cohere v1: chat, generate, embed, rerank, classify, summarize, tokenize. Streams are JSON lines (`application/stream+json`), or SSE
 * with the same payloads.
 * https://docs.cohere.com/v1/reference/chat, https://docs.cohere.com/v1/docs/streaming
 */
export const cohereV1: WireFormat = {
  id: 'cohere-v1',
  provider: () => 'cohere',
  operation: ({ path }) => cohereOperation(path),
  recognise: ({ path }) => PATHS.some((known) => path.endsWith(known) || path.endsWith(`${known}/`)),
  fits: (doc) => FIELDS.some((name) => doc.field(doc.root, name) !== undefined),
  readBody(doc, sink, direction) {
    if (direction === 'request') readRequest({ doc, sink });
    else readAnswer(doc.root, { doc, sink, key: 'body', lane: 'output' }, 'text');
  },
  openStream: openCohereV1Stream,
  denial: cohereDenial,
  ending: (position) => endStream(position as CohereV1Position | undefined), // made by `position()` below
};

const PATHS = ['chat', 'generate', 'embed', 'rerank', 'classify', 'summarize', 'tokenize', 'detokenize'].map((name) => `/v1/${name}`);
/** A body without any of these is no request of this API. */
const FIELDS = ['model', 'message', 'chat_history', 'tool_results', 'prompt', 'texts', 'images', 'query', 'inputs', 'text', 'tokens'];

/** What a client of a stream has open. */
interface CohereV1Position {
  readonly framing: StreamFraming;
  readonly id: string | undefined;
  readonly ended: boolean;
  /** What has come is no stream of Cohere's, whatever the path says: it is read as any JSON and has no ending. */
  readonly foreign: boolean;
}

interface Reading {
  readonly doc: JsonDoc;
  readonly sink: FormatSink;
}

interface Place extends Reading {
  readonly key: string;
  readonly lane: Lane;
}

// ---- requests

function readRequest({ doc, sink }: Reading): void {
  if (doc.type(doc.root) !== 'object') return sink.rest(doc.root, { key: 'body', lane: 'other' });
  const results: (() => void)[] = [];
  walkFields(doc, doc.root, (name, value, again, field) => {
    const place = { doc, sink, key: `${name}${again}`, lane: 'other' } as const;
    if (Object.hasOwn(TEXTS, name)) return sink.rest(value, { key: place.key, lane: TEXTS[name]! });
    switch (name) {
      case 'chat_history':
        return eachItem(value, place, readMessage);
      case 'tools':
        return eachItem(value, { ...place, lane: 'tool-definition' }, readTool);
      case 'tool_results':
        return void results.push(() => eachItem(value, { ...place, lane: 'tool-result' }, readToolResult));
      case 'images':
        return eachItem(value, { ...place, lane: 'user' }, mediaBytes);
      case 'tokens':
        return numbers(value, { ...place, lane: 'user' });
      case 'model':
        modelField(sink.facts, doc, value);
        return structural(value, place);
      case 'stream':
        sink.facts.stream = doc.type(value) === 'true';
        return structural(value, place);
      case 'conversation_id':
        nameFact(sink.facts, 'conversationId', shortName(doc, value));
        return structural(value, place);
      case 'prompt_truncation':
      case 'citation_quality':
      case 'safety_mode':
      case 'input_type':
      case 'truncate':
      case 'return_likelihoods':
      case 'preset':
      case 'length':
      case 'format':
      case 'extractiveness':
      case 'seed':
        return structural(value, place);
      default:
        sink.name(field, 'other');
        return sink.rest(value, { key: fieldKey('body', name, again), lane: 'other' });
    }
  });
  for (const read of results) read(); // they come behind the history, wherever they stand
}

/** Fields that are nothing but text, whatever stands below them. */
const TEXTS: Readonly<Record<string, Lane>> = {
  message: 'user',
  prompt: 'user',
  texts: 'user',
  text: 'user',
  query: 'user',
  inputs: 'user',
  preamble: 'system',
  preamble_override: 'system',
  additional_command: 'system',
  documents: 'document',
  examples: 'document',
};

const MESSAGE_LANES: Readonly<Record<string, Lane>> = {
  system: 'system',
  user: 'user',
  chatbot: 'assistant-history',
  tool: 'tool-result',
};

function readMessage(message: JsonNode, { doc, sink, key }: Place): void {
  const role = roleOf(doc, message).toLowerCase();
  const lane = Object.hasOwn(MESSAGE_LANES, role) ? MESSAGE_LANES[role]! : 'user';
  if (doc.type(message) !== 'object') return sink.rest(message, { key, lane });
  walkFields(doc, message, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    switch (name) {
      case 'role':
        return structural(value, place);
      case 'message':
      case 'text':
        return sink.rest(value, place);
      case 'tool_calls':
        return eachItem(value, { ...place, lane: 'tool-arguments' }, (call, callPlace) => readHistoryCall(call, callPlace));
      case 'tool_results':
        return eachItem(value, { ...place, lane: 'tool-result' }, readToolResult);
      default:
        sink.name(field, 'other');
        return sink.rest(value, { key: place.key, lane: 'other' });
    }
  });
}

function readTool(tool: JsonNode, { doc, sink, key, lane }: Place): void {
  if (doc.type(tool) !== 'object') return sink.rest(tool, { key, lane });
  const [description, schema] = [doc.field(tool, 'description'), doc.field(tool, 'parameter_definitions')];
  sink.declares({ key, node: tool, ...toolName(doc, tool), description, schema });
  walkFields(doc, tool, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    if (name === 'name') return structural(value, place);
    sink.name(field, lane);
    return sink.rest(value, place);
  });
}

/** `{ call: { name, parameters }, outputs: [ … ] }`. */
function readToolResult(result: JsonNode, { doc, sink, key, lane }: Place): void {
  if (doc.type(result) !== 'object') return sink.rest(result, { key, lane });
  sink.answers({ key: `${key}.outputs`, ...toolName(doc, doc.field(result, 'call')) });
  walkFields(doc, result, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    if (name === 'call') return readToolCall(value, { ...place, lane: 'tool-arguments' });
    if (name !== 'outputs') sink.name(field, lane);
    return sink.rest(value, place);
  });
}

// ---- answers

function readHistoryCall(call: JsonNode, place: Place): void {
  const { doc, sink, key } = place;
  if (doc.type(call) === 'object') sink.calls({ key, at: 'history', ...calledTool(doc, call, { inputs: ['parameters'] }) });
  readToolCall(call, place);
}

/** A call that is made here. A stream says it in pieces, when all calls are known and when it ends: it is one. */
function readAnsweredCall(call: JsonNode, place: Place): void {
  const { doc, sink, key } = place;
  const own = ['event.response.', 'event.'].find((prefix) => key.startsWith(prefix)) ?? '';
  const named = doc.type(call) === 'object' ? calledTool(doc, call, { inputs: ['parameters'] }) : {};
  sink.calls({ key: key.slice(own.length), at: 'answer', ...named });
  readToolCall(call, place);
}

/** A call, complete where it stands. */
function readToolCall(call: JsonNode, { doc, sink, key, lane }: Place): void {
  if (doc.type(call) !== 'object') return sink.whole(call, { key, lane });
  walkFields(doc, call, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    switch (name) {
      case 'name':
      case 'generation_id':
        return structural(value, place);
      case 'parameters':
        return sink.whole(value, place);
      default:
        sink.name(field, lane);
        return sink.whole(value, place);
    }
  });
}

/**
 * An answer, the copy of it in `stream-end`, or an event, which has the same fields. Everything is complete where it stands, except
 * a `text` with a key of its own: it goes on in the next event.
 */
function readAnswer(answer: JsonNode, { doc, sink, key: base, lane }: Place, textKey: string | undefined): void {
  if (doc.type(answer) !== 'object') return sink.whole(answer, { key: base, lane });
  walkFields(doc, answer, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(base, name, again), lane };
    switch (name) {
      case 'text':
        return textKey === undefined ? sink.whole(value, place) : sink.rest(value, { key: `${textKey}${again}`, lane });
      case 'response_id':
      case 'id':
        nameFact(sink.facts, 'responseId', shortName(doc, value), FIRST);
        return structural(value, place);
      case 'conversation_id':
        nameFact(sink.facts, 'conversationId', shortName(doc, value));
        return structural(value, place);
      case 'finish_reason':
        addFact(sink.facts.finishReasons, shortName(doc, value));
        return structural(value, place);
      case 'generation_id':
      case 'event_type':
      case 'is_finished':
      case 'is_search_required':
      case 'index':
        return structural(value, place);
      case 'citations':
        return eachItem(value, place, readCitation);
      case 'documents':
      case 'search_results':
        return sink.whole(value, { key: place.key, lane: 'document' });
      case 'tool_calls':
        return eachItem(value, { ...place, lane: 'tool-arguments' }, readAnsweredCall);
      case 'tool_call_delta':
        return readCallDelta(value, place);
      case 'response':
        return readAnswer(value, place, undefined);
      case 'generations':
        return eachItem(value, place, (item, itemPlace) => readAnswer(item, itemPlace, undefined));
      case 'classifications':
        return eachItem(value, place, readClassification);
      case 'meta':
        return readCohereUsage(value, place);
      case 'tokens':
      case 'likelihood':
        return numbers(value, place);
      case 'token_likelihoods':
        sink.whole(value, place);
        return sink.echo(value);
      default:
        if (readVectorsAndRanks(name, value, place)) return;
        sink.name(field, lane);
        return sink.rest(value, place); // `summary`, `search_queries`, `prompt`, `err`, `texts`
    }
  });
}

/** What an event adds to a tool call: `parameters` is JSON in pieces. */
function readCallDelta(delta: JsonNode, { doc, sink }: Place): void {
  const lane = 'tool-arguments';
  const key = `tool_calls.${count(doc, doc.field(delta, 'index')) ?? 'x'}`;
  if (doc.type(delta) !== 'object') return sink.rest(delta, { key, lane });
  const { input: piece, ...named } = calledTool(doc, delta, { inputs: ['parameters'] });
  sink.calls({ key, at: 'answer', ...named, piece });
  walkFields(doc, delta, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane } as const;
    switch (name) {
      case 'index':
      case 'name':
        return structural(value, place);
      case 'parameters':
        return sink.nestedJson(value, place);
      case 'text':
        return sink.text(value, place);
      default:
        sink.name(field, lane);
        return sink.rest(value, place);
    }
  });
}

function readClassification(item: JsonNode, { doc, sink, key, lane }: Place): void {
  if (doc.type(item) !== 'object') return sink.whole(item, { key, lane });
  walkFields(doc, item, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    switch (name) {
      case 'id':
      case 'classification_type':
        return structural(value, place);
      case 'confidence':
      case 'confidences':
      case 'labels': // names of labels with numbers below them
        return numbers(value, place);
      default:
        sink.name(field, lane);
        return sink.whole(value, place); // `input`, `prediction`, `predictions`
    }
  });
}

// ---- streams

function openCohereV1Stream(framing: StreamFraming): StreamReader {
  let position: CohereV1Position = { framing, id: undefined, ended: false, foreign: false };
  let begun = false;
  return {
    event(name, doc, sink) {
      const type = shortName(doc, doc.field(doc.root, 'event_type')) ?? name ?? 'text-generation'; // streams of generate have no type
      if (!isEvent(doc)) {
        sink.rest(doc.root, { key: 'event', lane: 'output' });
        if (!begun && !position.foreign) position = { ...position, foreign: true };
        return;
      }
      begun = true;
      readAnswer(doc.root, { doc, sink, key: 'event', lane: 'output' }, pieceKey(type, count(doc, doc.field(doc.root, 'index'))));
      if (type === 'tool-calls-chunk' && doc.field(doc.root, 'tool_call_delta') !== undefined) sink.ends('tool_plan');
      if (position.id === undefined) {
        const id = shortName(doc, doc.field(doc.root, 'generation_id'));
        if (id !== undefined) position = { ...position, id };
      }
      const finished = doc.field(doc.root, 'is_finished');
      if (type !== 'stream-end' && (finished === undefined || doc.type(finished) !== 'true')) return;
      sink.ends('*');
      position = { ...position, ended: true };
    },
    marker(data, sink) {
      if (data.trim() !== '[DONE]') return false;
      sink.ends('*');
      position = { ...position, ended: true };
      return true;
    },
    position: () => position,
  };
}

const isEvent = (doc: JsonDoc): boolean => ['event_type', 'is_finished'].some((name) => doc.field(doc.root, name) !== undefined);

/** Where the `text` of an event goes on; undefined: it is complete in its event. */
function pieceKey(type: string, index: number | undefined): string | undefined {
  if (type === 'text-generation') return index === undefined ? 'text' : `text.${index}`;
  return type === 'tool-calls-chunk' ? 'tool_plan' : undefined; // what the model says it will do, before its calls
}

/** The last event of a chat and of a generation in one, so that it ends either. */
function endStream(position: CohereV1Position | undefined): Buffer {
  const { framing, id, ended, foreign } = position ?? { framing: 'json-lines', ended: false, foreign: false };
  if (ended || foreign) return Buffer.alloc(0);
  const reason = 'ERROR_TOXIC';
  const ids = { id: id ?? 'filtered', response_id: id ?? 'filtered', generation_id: id ?? 'filtered' };
  const response = { ...ids, text: '', generations: [], finish_reason: reason };
  const event = JSON.stringify({ is_finished: true, event_type: 'stream-end', finish_reason: reason, response });
  if (framing === 'json-lines') return Buffer.from(`${event}\n`);
  return Buffer.from(framing === 'sse' ? `event: stream-end\ndata: ${event}\n\n` : '');
}
