import type { Lane } from '../../text/lane.ts';
import type { Denial, DenialResponse, FormatSink, StreamFraming, StreamReader, WireFormat } from '../format.ts';
import type { JsonDoc, JsonNode } from '../framing/json.ts';
import { fieldKey, walkFields } from '../walk.ts';
import {
  addFact,
  count,
  eachItem,
  encodedBytes,
  FIRST,
  mediaBytes,
  modelField,
  nameFact,
  numbers,
  roleOf,
  shortName,
  structural,
} from './fields.ts';
import { readFunctionCall, readFunctionTool } from './function-tools.ts';

/**
 * Cohere v2: chat, embed and rerank. Streams are SSE, each event typed in its payload too.
 * https://docs.cohere.com/reference/chat, https://docs.cohere.com/v2/docs/streaming
 */
export const cohere: WireFormat = {
  id: 'cohere',
  provider: () => 'cohere',
  operation: ({ path }) => cohereOperation(path),
  recognise: ({ path }) => ['/v2/chat', '/v2/embed', '/v2/rerank'].some((known) => path.endsWith(known) || path.endsWith(`${known}/`)),
  fits: (doc) => ['model', 'messages', 'texts', 'inputs', 'images', 'query'].some((name) => doc.field(doc.root, name) !== undefined),
  readBody(doc, sink, direction) {
    if (direction === 'request') readRequest({ doc, sink });
    else readResponse({ doc, sink });
  },
  openStream: openCohereStream,
  denial: cohereDenial,
  ending: (position, denial) => endStream(position as CoherePosition | undefined, denial), // made by `position()` below
};

/** Cohere's error: `{ message }` under a status. https://docs.cohere.com/reference/errors */
export function cohereDenial({ status, message }: Denial): DenialResponse {
  return { status, contentType: 'application/json', body: JSON.stringify({ message }) };
}

/** What a path of Cohere's asks for, in v1 as in v2; `chat` for what has no name of its own. */
export function cohereOperation(path: string): string {
  const plain = path.endsWith('/') ? path.slice(0, -1) : path;
  return OPERATIONS.get(plain.slice(plain.lastIndexOf('/') + 1)) ?? 'chat';
}

const OPERATIONS: ReadonlyMap<string, string> = new Map([
  ['embed', 'embeddings'],
  ['rerank', 'rerank'],
  ['generate', 'text_completion'],
  ['summarize', 'text_completion'],
]);

/** What a client of a stream has open. */
interface CoherePosition {
  readonly framing: StreamFraming;
  readonly started: boolean;
  /** Indices of contents and of tool calls that were started and not ended; they are counted apart. */
  readonly contents: readonly number[];
  readonly calls: readonly number[];
  readonly ended: boolean;
  /** What has come is no stream of Cohere's, whatever the path says: it is read as any JSON and has no ending. */
  readonly foreign: boolean;
}

interface Reading {
  readonly doc: JsonDoc;
  readonly sink: FormatSink;
}

interface Target {
  readonly key: string;
  readonly lane: Lane;
}

type Place = Reading & Target;

// ---- requests

const MESSAGE_LANES: Readonly<Record<string, Lane>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant-history',
  tool: 'tool-result',
};

function readRequest({ doc, sink }: Reading): void {
  if (doc.type(doc.root) !== 'object') return sink.rest(doc.root, { key: 'body', lane: 'other' });
  walkFields(doc, doc.root, (name, value, again, field) => {
    const place = { doc, sink, key: `${name}${again}`, lane: 'other' } as const;
    switch (name) {
      case 'messages':
        return eachItem(value, place, readMessage);
      case 'tools':
        return eachItem(value, { ...place, lane: 'tool-definition' }, readFunctionTool);
      case 'documents':
        return sink.rest(value, { key: place.key, lane: 'document' });
      case 'query':
      case 'texts':
        return sink.rest(value, { key: place.key, lane: 'user' });
      case 'inputs': // of embed: contents of text and images
        return eachItem(value, { ...place, lane: 'user' }, readMessage);
      case 'images':
        return eachItem(value, { ...place, lane: 'user' }, mediaBytes);
      case 'model':
        modelField(sink.facts, doc, value);
        return structural(value, place);
      case 'stream':
        sink.facts.stream = doc.type(value) === 'true';
        return structural(value, place);
      case 'safety_mode':
      case 'tool_choice':
      case 'input_type':
      case 'truncate':
      case 'seed':
        return structural(value, place);
      default:
        sink.name(field, 'other');
        return sink.rest(value, { key: fieldKey('body', name, again), lane: 'other' });
    }
  });
}

function readMessage(message: JsonNode, { doc, sink, key }: Place): void {
  const role = roleOf(doc, message);
  const lane = Object.hasOwn(MESSAGE_LANES, role) ? MESSAGE_LANES[role]! : 'user';
  if (doc.type(message) !== 'object') return sink.rest(message, { key, lane });
  if (lane === 'tool-result') sink.answers({ key: `${key}.content`, id: shortName(doc, doc.field(message, 'tool_call_id')) });
  walkFields(doc, message, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    switch (name) {
      case 'role':
      case 'tool_call_id':
        return structural(value, place);
      case 'content':
        return readContent(value, place);
      case 'tool_plan':
        return sink.text(value, { key: place.key, lane: 'reasoning' });
      case 'tool_calls':
        return eachItem(value, { ...place, lane: 'tool-arguments' }, (call, callPlace) =>
          readFunctionCall(call, callPlace, { called: false }),
        );
      case 'citations':
        return eachItem(value, place, readCitation);
      default:
        sink.name(field, 'other');
        return sink.rest(value, { key: place.key, lane: 'other' });
    }
  });
}

/** A string, or parts; text parts that stand side by side are one text. */
function readContent(content: JsonNode, { doc, sink, key, lane }: Place): void {
  if (doc.type(content) !== 'array') return sink.text(content, { key, lane });
  let run = key;
  doc.items(content, (part, index) => {
    const type = shortName(doc, doc.field(part, 'type'));
    if (type !== 'text' && doc.type(part) !== 'string') run = `${key}.${index}`;
    readPart(part, { doc, sink, key: `${key}.${index}`, lane }, run);
  });
}

/** One content of a message, of a request as of an answer; its text goes to `textKey`. */
function readPart(part: JsonNode, { doc, sink, key, lane }: Place, textKey: string): void {
  if (doc.type(part) !== 'object') return sink.text(part, { key: textKey, lane });
  walkFields(doc, part, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    switch (name) {
      case 'type':
        return structural(value, place);
      case 'text':
        return sink.text(value, { key: `${textKey}${again}`, lane });
      case 'thinking':
        return sink.text(value, { key: place.key, lane: 'reasoning' });
      case 'image_url':
        return readImage(value, place);
      case 'document':
        return sink.rest(value, { key: place.key, lane: lane === 'tool-result' ? lane : 'document' });
      default:
        sink.name(field, lane);
        return sink.rest(value, place);
    }
  });
}

function readImage(image: JsonNode, { doc, sink, key, lane }: Place): void {
  if (doc.type(image) !== 'object') return mediaBytes(image, { doc, sink, key, lane });
  walkFields(doc, image, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    if (name === 'url') return mediaBytes(value, place);
    if (name === 'detail') return structural(value, place);
    sink.name(field, lane);
    return sink.rest(value, place);
  });
}

// ---- answers

/**
 * A citation of v1 or v2, complete where it stands: what is cited and the sources are texts of their own; the offsets go when it is
 * redacted.
 */
export function readCitation(citation: JsonNode, { doc, sink, key, lane }: Place): void {
  if (doc.type(citation) !== 'object') return sink.whole(citation, { key, lane });
  walkFields(doc, citation, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    switch (name) {
      case 'start':
      case 'end':
        if (doc.type(value) === 'number') sink.echo(value);
        return structural(value, place);
      case 'type':
      case 'content_index':
        return structural(value, place);
      case 'text':
      case 'document_ids':
        return sink.whole(value, place);
      case 'sources':
        return sink.whole(value, { key: place.key, lane: 'document' });
      default:
        sink.name(field, lane);
        return sink.whole(value, place);
    }
  });
}

function readResponse({ doc, sink }: Reading): void {
  if (doc.type(doc.root) !== 'object') return sink.whole(doc.root, { key: 'body', lane: 'output' });
  walkFields(doc, doc.root, (name, value, again, field) => {
    const place = { doc, sink, key: `${name}${again}`, lane: 'output' } as const;
    switch (name) {
      case 'id':
        nameFact(sink.facts, 'responseId', shortName(doc, value), FIRST);
        return structural(value, place);
      case 'finish_reason':
        addFact(sink.facts.finishReasons, shortName(doc, value));
        return structural(value, place);
      case 'message':
        return readAnswer(value, { doc, sink, key: 'message', lane: 'output' }, undefined);
      case 'usage':
      case 'meta':
        return readCohereUsage(value, place);
      case 'logprobs':
        return readLogprobs(value, place);
      default:
        if (readVectorsAndRanks(name, value, place)) return;
        sink.name(field, 'output');
        return sink.rest(value, { key: fieldKey('body', name, again), lane: 'output' });
    }
  });
}

/** What embed and rerank answer, in v1 as in v2. False: it is no field of theirs. */
export function readVectorsAndRanks(name: string, value: JsonNode, place: Place): boolean {
  switch (name) {
    case 'response_type':
      structural(value, place);
      return true;
    case 'embeddings':
      readVectors(value, place);
      return true;
    case 'results':
      eachItem(value, place, readRank);
      return true;
    default:
      return false;
  }
}

/** Lists of numbers, or such lists by their type; `base64` has them encoded. */
function readVectors(vectors: JsonNode, { doc, sink, key, lane }: Place): void {
  if (doc.type(vectors) !== 'object') return numbers(vectors, { doc, sink, key, lane });
  walkFields(doc, vectors, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    if (name === 'base64') return eachItem(value, place, encodedBytes);
    sink.name(field, lane);
    return numbers(value, place);
  });
}

function readRank(rank: JsonNode, { doc, sink, key, lane }: Place): void {
  if (doc.type(rank) !== 'object') return sink.whole(rank, { key, lane });
  walkFields(doc, rank, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    if (name === 'index' || name === 'relevance_score') return structural(value, place);
    if (name === 'document') return sink.whole(value, { key: place.key, lane: 'document' });
    sink.name(field, lane);
    return sink.whole(value, place);
  });
}

/** `usage` of v2 and `meta` of v1: tokens as the model counted them, or as they are billed. */
export function readCohereUsage(usage: JsonNode, { doc, sink, key, lane }: Place): void {
  const counts = [doc.field(usage, 'billed_units'), doc.field(usage, 'tokens')];
  for (const node of counts.filter((found) => found !== undefined)) {
    const input = count(doc, doc.field(node, 'input_tokens'));
    const output = count(doc, doc.field(node, 'output_tokens'));
    if (input !== undefined) sink.facts.inputTokens = input;
    if (output !== undefined) sink.facts.outputTokens = output;
  }
  sink.whole(usage, { key, lane });
}

/** The texts repeat the answer piece by piece, beside their token ids: read as one text, and dropped where the frame is rewritten. */
function readLogprobs(node: JsonNode, place: Place): void {
  const { doc, sink } = place;
  if (doc.type(node) === 'array') doc.items(node, (item) => readLogprob(item, place));
  else readLogprob(node, place);
  sink.echo(node);
}

function readLogprob(node: JsonNode, { doc, sink, key, lane }: Place): void {
  if (doc.type(node) !== 'object') return sink.whole(node, { key, lane });
  walkFields(doc, node, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    if (name === 'text') return sink.text(value, place);
    if (name === 'token_ids' || name === 'logprobs') return numbers(value, place);
    sink.name(field, lane);
    return sink.whole(value, place);
  });
}

/**
 * The message of an answer, or what an event adds to it. There one content, call or citation stands where an answer has a list: it is
 * the one at `index`.
 */
function readAnswer(message: JsonNode, { doc, sink, key, lane }: Place, index: number | undefined): void {
  if (doc.type(message) !== 'object') return sink.rest(message, { key, lane });
  const each = (node: JsonNode, place: Place, read: (item: JsonNode, place: Place) => void): void =>
    doc.type(node) === 'array' ? eachItem(node, place, read) : read(node, { ...place, key: `${place.key}.${index ?? 'x'}` });
  walkFields(doc, message, (name, value, again, field) => {
    const place = { doc, sink, key: `${name}${again}`, lane };
    switch (name) {
      case 'role':
        return structural(value, place);
      case 'content':
        return each(value, place, (part, partPlace) => readPart(part, partPlace, partPlace.key));
      case 'tool_plan':
        return sink.text(value, { key: place.key, lane: 'reasoning' });
      case 'tool_calls':
        return each(value, { ...place, lane: 'tool-arguments' }, (call, callPlace) =>
          readFunctionCall(call, callPlace, { called: true, streaming: index !== undefined }),
        );
      case 'citations':
        return each(value, place, readCitation);
      default:
        sink.name(field, lane);
        return sink.rest(value, { key: fieldKey(key, name, again), lane });
    }
  });
}

// ---- streams

function openCohereStream(framing: StreamFraming): StreamReader {
  const contents = new Set<number>();
  const calls = new Set<number>();
  let started = false;
  let ended = false;
  let foreign = false;
  let snapshot: CoherePosition | undefined;

  /** Follows what is open; true when something changed. */
  function follow(type: string, index: number | undefined): boolean {
    const of = type.startsWith('tool-call-') ? calls : contents;
    switch (type) {
      case 'message-start':
        started = true;
        return true;
      case 'content-start':
      case 'tool-call-start':
        if (index !== undefined && of.size < OPEN_MAX) of.add(index);
        return true;
      case 'content-end':
      case 'tool-call-end':
        return index !== undefined && of.delete(index);
      case 'message-end':
        ended = true;
        contents.clear();
        calls.clear();
        return true;
      default:
        return false;
    }
  }

  return {
    event(name, doc, sink) {
      const type = shortName(doc, doc.field(doc.root, 'type')) ?? name ?? '';
      const index = count(doc, doc.field(doc.root, 'index'));
      if (!TYPES.has(type)) {
        sink.rest(doc.root, { key: 'event', lane: 'output' });
        if (!started && !foreign) {
          foreign = true;
          snapshot = undefined;
        }
        return;
      }
      readEvent({ doc, sink }, index);
      endLanes(sink, type, index);
      if (follow(type, index)) snapshot = undefined;
    },
    marker(data, sink) {
      if (data.trim() !== '[DONE]') return false;
      sink.ends('*');
      if (follow('message-end', undefined)) snapshot = undefined;
      return true;
    },
    position() {
      snapshot ??= { framing, started, contents: [...contents], calls: [...calls], ended, foreign };
      return snapshot;
    },
  };
}

const TYPES: ReadonlySet<string> = new Set([
  'message-start',
  'content-start',
  'content-delta',
  'content-end',
  'tool-plan-delta',
  'tool-call-start',
  'tool-call-delta',
  'tool-call-end',
  'citation-start',
  'citation-end',
  'message-end',
  'debug',
]);
/** More than any answer has; those above are not ended one by one. */
const OPEN_MAX = 4096;

function readEvent({ doc, sink }: Reading, index: number | undefined): void {
  if (doc.type(doc.root) !== 'object') return sink.whole(doc.root, { key: 'event', lane: 'output' });
  walkFields(doc, doc.root, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey('event', name, again), lane: 'output' } as const;
    switch (name) {
      case 'type':
      case 'index':
        return structural(value, place);
      case 'id':
        nameFact(sink.facts, 'responseId', shortName(doc, value), FIRST);
        return structural(value, place);
      case 'delta':
        return readDelta(value, place, index);
      case 'logprobs':
        return readLogprobs(value, { ...place, key: `logprobs.${index ?? 'x'}${again}` });
      default:
        sink.name(field, 'output');
        return sink.rest(value, place); // `prompt` of a debug event
    }
  });
}

function readDelta(delta: JsonNode, { doc, sink, key, lane }: Place, index: number | undefined): void {
  if (doc.type(delta) !== 'object') return sink.rest(delta, { key, lane });
  walkFields(doc, delta, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    switch (name) {
      case 'message':
        return readAnswer(value, place, index);
      case 'finish_reason':
        addFact(sink.facts.finishReasons, shortName(doc, value));
        return structural(value, place);
      case 'usage':
        return readCohereUsage(value, place);
      default:
        sink.name(field, lane);
        return sink.rest(value, place); // `error`
    }
  });
}

/** Which texts no event adds to any more. A tool plan is complete when something else begins. */
function endLanes(sink: FormatSink, type: string, index: number | undefined): void {
  switch (type) {
    case 'content-start':
    case 'tool-call-start':
      return sink.ends('tool_plan');
    case 'content-end':
      sink.ends(`content.${index ?? 'x'}`);
      return sink.ends(`logprobs.${index ?? 'x'}`);
    case 'tool-call-end':
      return sink.ends(`tool_calls.${index ?? 'x'}`);
    case 'message-end':
      return sink.ends('*');
    default:
      return;
  }
}

/** The ends of what is open, then `message-end` with the reason ERROR, the one of the API's that says the answer is not complete. */
function endStream(position: CoherePosition | undefined, { message }: Denial): Buffer {
  const { framing, started, contents, calls, ended, foreign } = position ?? NOTHING;
  if (ended || foreign || framing !== 'sse') return Buffer.alloc(0);
  const events = [
    ...(started ? [] : [EMPTY_START]),
    ...contents.map((index) => ({ type: 'content-end', index })),
    ...calls.map((index) => ({ type: 'tool-call-end', index })),
    { type: 'message-end', delta: { error: message, finish_reason: 'ERROR', usage: NO_USAGE } },
  ];
  const written = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  return Buffer.from(`${written.join('')}data: [DONE]\n\n`);
}

const NOTHING: CoherePosition = { framing: 'sse', started: false, contents: [], calls: [], ended: false, foreign: false };

/** For a client that has seen nothing: an ending needs a message to end. */
const EMPTY_START = {
  type: 'message-start',
  id: 'filtered',
  delta: { message: { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] } },
} as const;

const NO_USAGE = { billed_units: { input_tokens: 0, output_tokens: 0 }, tokens: { input_tokens: 0, output_tokens: 0 } } as const;
