import type { Lane } from '../../text/lane.ts';
import type { Denial, FormatSink, Head, StreamFraming, StreamReader, WireFormat } from '../format.ts';
import type { WireFacts } from '../frame.ts';
import type { JsonDoc, JsonNode } from '../framing/json.ts';
import { fieldKey, walkFields } from '../walk.ts';
import {
  addFact,
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
import { readFunctionCall, readFunctionTool } from './function-tools.ts';
import { endsWithPath } from './openai-family.ts';

/**
 * Ollama's own API: chat, generate, embed, and the management of models. Answers stream as JSON lines. (Its OpenAI-compatible paths
 * are `openai-chat`.)
 * https://github.com/ollama/ollama/blob/main/docs/api.md
 */
export const ollama: WireFormat = {
  id: 'ollama',
  provider: () => 'ollama',
  operation: ({ path }) => OPERATIONS.find(([known]) => endsWithPath(path, known))?.[1],
  recognise: speaksOllama,
  fits: (doc) => ['model', 'name', 'source'].some((name) => doc.field(doc.root, name) !== undefined),
  readBody(doc, sink, direction) {
    if (direction === 'request') readRequest({ doc, sink });
    else readAnswer({ doc, sink }, undefined);
  },
  openStream: openOllamaStream,
  denial: (denial) => ({ status: denial.status, contentType: 'application/json', body: JSON.stringify({ error: denial.message }) }),
  ending: (position, denial) => endStream(position as OllamaPosition | undefined, denial), // made by `position()` below
};

/** What a client of a stream has open. */
interface OllamaPosition {
  readonly framing: StreamFraming;
  /**
   * What the lines are: of a chat, of a completion, of the progress of a download; or of another application with such a path, whose
   * stream is read as any JSON and has no ending. Undefined: none has come.
   */
  readonly kind: 'chat' | 'generate' | 'progress' | 'foreign' | undefined;
  readonly model: string | undefined;
  readonly createdAt: string | undefined;
  readonly done: boolean;
}

interface Reading {
  readonly doc: JsonDoc;
  readonly sink: FormatSink;
}

const MODEL_PATHS = ['/api/chat', '/api/generate', '/api/embed', '/api/embeddings', '/api/show'];
const OPERATIONS: readonly (readonly [path: string, operation: string])[] = [
  ['/api/chat', 'chat'],
  ['/api/generate', 'text_completion'],
  ['/api/embed', 'embeddings'],
  ['/api/embeddings', 'embeddings'],
];
/** Names that many applications have for paths of their own: taken for Ollama's only when its client asks. */
const OTHER_PATHS = ['/api/tags', '/api/ps', '/api/create', '/api/pull', '/api/push', '/api/copy', '/api/delete'];

function speaksOllama({ path, method, header }: Head): boolean {
  const plain = path.endsWith('/') ? path.slice(0, -1) : path;
  const ends = (paths: readonly string[]) => paths.some((known) => plain.endsWith(known));
  if (method === 'POST' && ends(MODEL_PATHS)) return true;
  return ends(OTHER_PATHS) && (header('user-agent') ?? '').toLowerCase().startsWith('ollama'); // ollama-js/…, ollama-python/…, ollama/…
}

// ---- requests

const MESSAGE_LANES: Readonly<Record<string, Lane>> = {
  system: 'system',
  user: 'user',
  assistant: 'assistant-history',
  tool: 'tool-result',
};

function readRequest({ doc, sink }: Reading): void {
  if (doc.type(doc.root) !== 'object') return sink.rest(doc.root, { key: 'body', lane: 'other' });
  walkFields(doc, doc.root, (name, value, again, field) => {
    const key = `${name}${again}`;
    switch (name) {
      case 'messages':
        return eachItem(value, { doc, sink, key, lane: 'other' }, (item, place) => readMessage({ doc, sink }, item, place.key));
      case 'tools':
        return eachItem(value, { doc, sink, key, lane: 'tool-definition' }, readFunctionTool);
      case 'prompt':
      case 'suffix':
      case 'input':
        return sink.rest(value, { key, lane: 'user' });
      case 'system':
      case 'template':
        return sink.rest(value, { key, lane: 'system' });
      case 'images':
        return eachItem(value, { doc, sink, key, lane: 'user' }, mediaBytes);
      case 'context':
        return numbers(value, { doc, sink, key, lane: 'other' });
      case 'model':
        modelField(sink.facts, doc, value);
        return structural(value, { doc, sink, key, lane: 'other' });
      case 'stream':
        sink.facts.stream = doc.type(value) === 'true';
        return structural(value, { doc, sink, key, lane: 'other' });
      case 'name':
      case 'source':
      case 'destination':
      case 'from':
      case 'quantize':
      case 'keep_alive':
      case 'think':
      case 'format': // 'json', or a schema
        return structural(value, { doc, sink, key, lane: 'other' });
      default:
        sink.name(field, 'other');
        return sink.rest(value, { key: fieldKey('body', name, again), lane: 'other' });
    }
  });
}

interface Target {
  readonly key: string;
  readonly lane: Lane;
}

type Place = Reading & Target;

function readMessage({ doc, sink }: Reading, message: JsonNode, key: string): void {
  const role = roleOf(doc, message);
  const lane = Object.hasOwn(MESSAGE_LANES, role) ? MESSAGE_LANES[role]! : 'user';
  if (doc.type(message) !== 'object') return sink.rest(message, { key, lane });
  if (lane === 'tool-result') {
    sink.answers({ key: `${key}.content`, id: shortName(doc, doc.field(message, 'tool_call_id')), ...toolName(doc, message, 'tool_name') });
  }
  walkFields(doc, message, (name, value, again, field) =>
    readMessageField({ doc, sink, key: fieldKey(key, name, again), lane }, { name, value, field, called: false, line: undefined }),
  );
}

interface MessageField {
  readonly name: string;
  readonly value: JsonNode;
  /** The node of the name. */
  readonly field: JsonNode;
  /** Whether tools named here are being called now, or are history. */
  readonly called: boolean;
  /** Number of a stream's line: its calls are no others'. Undefined outside streams. */
  readonly line: number | undefined;
}

/** One field of a message, in a request, an answer or a line of a stream. */
function readMessageField(place: Place, { name, value, field, called, line }: MessageField): void {
  const { sink, key } = place;
  switch (name) {
    case 'role':
    case 'tool_name':
    case 'tool_call_id':
      return structural(value, place);
    case 'content':
      return sink.rest(value, place);
    case 'thinking':
      return sink.rest(value, { key, lane: 'reasoning' });
    case 'images':
      return eachItem(value, place, mediaBytes);
    case 'tool_calls':
      return eachItem(value, { ...place, key: line === undefined ? key : `${key}.${line}`, lane: 'tool-arguments' }, (call, callPlace) =>
        readFunctionCall(call, callPlace, { called, whole: true }),
      );
    default:
      sink.name(field, place.lane);
      return sink.rest(value, place);
  }
}

// ---- answers

/** An answer, or one line of a stream: they have the same fields. */
function readAnswer({ doc, sink }: Reading, line: number | undefined): void {
  if (doc.type(doc.root) !== 'object') return sink.whole(doc.root, { key: 'body', lane: 'output' });
  walkFields(doc, doc.root, (name, value, again, field) => {
    const place = { doc, sink, key: `${name}${again}`, lane: 'output' } as const;
    switch (name) {
      case 'message':
        return readAnswerMessage(place, value, line);
      case 'response':
        return sink.rest(value, place);
      case 'thinking':
        return sink.rest(value, { key: place.key, lane: 'reasoning' });
      case 'model':
        nameFact(sink.facts, 'responseModel', shortName(doc, value), FIRST);
        return structural(value, place);
      case 'done_reason':
        addFact(sink.facts.finishReasons, shortName(doc, value));
        return structural(value, place);
      case 'prompt_eval_count':
      case 'eval_count':
        readTokens(sink.facts, name, count(doc, value));
        return structural(value, place);
      case 'created_at':
      case 'modified_at':
      case 'done':
      case 'total_duration':
      case 'load_duration':
      case 'prompt_eval_duration':
      case 'eval_duration':
      case 'digest':
      case 'total':
      case 'completed':
        return structural(value, place);
      case 'image': // of experimental image models
        return mediaBytes(value, place);
      case 'context':
      case 'embedding':
      case 'embeddings':
      case 'model_info':
      case 'projector_info':
        return numbers(value, place);
      case 'models':
        return eachItem(value, place, readModel);
      case 'logprobs':
        sink.whole(value, place);
        return sink.echo(value);
      default:
        sink.name(field, 'output');
        return sink.rest(value, { key: fieldKey('body', name, again), lane: 'output' });
    }
  });
}

function readTokens(facts: WireFacts, name: 'prompt_eval_count' | 'eval_count', tokens: number | undefined): void {
  if (tokens === undefined) return;
  if (name === 'eval_count') facts.outputTokens = tokens;
  else facts.inputTokens = tokens;
}

function readAnswerMessage({ doc, sink, key, lane }: Place, message: JsonNode, line: number | undefined): void {
  if (doc.type(message) !== 'object') return sink.rest(message, { key, lane });
  walkFields(doc, message, (name, value, again, field) =>
    readMessageField({ doc, sink, key: fieldKey(key, name, again), lane }, { name, value, field, called: true, line }),
  );
}

/** A model as `tags` and `ps` list them. */
function readModel(model: JsonNode, { doc, sink, key, lane }: Place): void {
  if (doc.type(model) !== 'object') return sink.whole(model, { key, lane });
  walkFields(doc, model, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    switch (name) {
      case 'name':
      case 'model':
      case 'modified_at':
      case 'expires_at':
      case 'size':
      case 'size_vram':
      case 'digest':
        return structural(value, place);
      default:
        sink.name(field, lane);
        return sink.whole(value, place);
    }
  });
}

// ---- streams

function openOllamaStream(framing: StreamFraming): StreamReader {
  let position: OllamaPosition = { framing, kind: undefined, model: undefined, createdAt: undefined, done: false };
  let line = 0;
  return {
    event(_name, doc, sink) {
      if (!isLine(doc)) {
        sink.rest(doc.root, { key: 'event', lane: 'output' });
        if (position.kind === undefined) position = { ...position, kind: 'foreign' };
        return;
      }
      readAnswer({ doc, sink }, line++);
      if (speaks(doc)) {
        sink.ends('message.thinking'); // thought first, then said: else its last word would hold back all that is said
        sink.ends('thinking');
      }
      if (position.kind === undefined) position = { ...position, ...opened(doc) };
      const done = doc.field(doc.root, 'done');
      if (done === undefined || doc.type(done) !== 'true') return;
      sink.ends('*');
      position = { ...position, done: true };
    },
    marker: () => false,
    position: () => position,
  };
}

const isLine = (doc: JsonDoc): boolean =>
  ['model', 'message', 'response', 'status', 'done', 'error'].some((name) => doc.field(doc.root, name) !== undefined);

/** Whether a line adds to what is said, and not to what is thought. */
function speaks(doc: JsonDoc): boolean {
  const message = doc.field(doc.root, 'message');
  const within = message ?? doc.root;
  const said = doc.field(within, message === undefined ? 'response' : 'content');
  const thought = doc.field(within, 'thinking');
  return said !== undefined && doc.size(said) > 0 && (thought === undefined || doc.size(thought) === 0);
}

/** What the first line says about the stream. */
function opened(doc: JsonDoc): Pick<OllamaPosition, 'kind' | 'model' | 'createdAt'> {
  const has = (name: string) => doc.field(doc.root, name) !== undefined;
  const kind = has('message') ? 'chat' : has('response') ? 'generate' : has('status') ? 'progress' : undefined;
  return { kind, model: shortName(doc, doc.field(doc.root, 'model')), createdAt: shortName(doc, doc.field(doc.root, 'created_at')) };
}

/** The last line. A download ends as failed; what is no stream of Ollama's has no ending. */
function endStream(position: OllamaPosition | undefined, { message }: Denial): Buffer {
  const { framing, kind, model, createdAt, done } = position ?? { framing: 'json-lines' };
  if (done === true || kind === 'foreign' || framing !== 'json-lines') return Buffer.alloc(0);
  if (kind === 'progress') return lineOf({ error: message });
  return lineOf({
    model: model ?? '',
    created_at: createdAt ?? '1970-01-01T00:00:00Z', // clients in Go parse it
    ...(kind === 'generate' ? {} : { message: { role: 'assistant', content: '' } }),
    ...(kind === 'chat' ? {} : { response: '' }),
    done: true,
    done_reason: 'content_filter',
    prompt_eval_count: 0,
    eval_count: 0,
  });
}

const lineOf = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value)}\n`);
