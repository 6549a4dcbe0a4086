import type { Lane } from '../../text/lane.ts';
import type { Denial, FormatSink, StreamReader, WireFormat } from '../format.ts';
import type { JsonDoc, JsonNode } from '../framing/json.ts';
import { fieldKey, walkFields } from '../walk.ts';
import { addFact, count, encodedBytes, FIRST, nameFact, readUsage, shortName, structural } from './fields.ts';

/**
 * OpenAI Chat Completions, and the many that speak it.
 * https://platform.openai.com/docs/api-reference/chat
 */
export const openaiChat: WireFormat = {
  id: 'openai-chat',
  provider: () => 'openai',
  operation: 'chat',
  recognise: ({ path }) => path.endsWith('/chat/completions') || path.endsWith('/chat/completions/'),
  readBody(doc, sink, direction) {
    if (direction === 'request') readRequest({ doc, sink });
    else readResponse({ doc, sink });
  },
  openStream: openOpenaiStream,
  denial: (denial) => ({ status: denial.status, contentType: 'application/json', body: JSON.stringify({ error: errorOf(denial) }) }),
  ending: (position) => endStream(position as OpenaiPosition | undefined), // made by `position()` below
};

/** What a client of a stream has open. */
interface OpenaiPosition {
  readonly id: string | undefined;
  readonly model: string | undefined;
  readonly created: number | undefined;
  /** Indices of choices without a finish reason. */
  readonly open: readonly number[];
  readonly done: boolean;
}

interface Reading {
  readonly doc: JsonDoc;
  readonly sink: FormatSink;
}

// ---- requests

const MESSAGE_LANES: Readonly<Record<string, Lane>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant-history',
  tool: 'tool-result',
  function: 'tool-result',
};

function readRequest({ doc, sink }: Reading): void {
  if (doc.type(doc.root) !== 'object') return sink.rest(doc.root, { key: 'body', lane: 'other' });
  walkFields(doc, doc.root, (name, value, again, field) => {
    const key = `${name}${again}`;
    switch (name) {
      case 'messages':
        return readList({ doc, sink }, value, key, (item, itemKey) => readMessage({ doc, sink }, item, itemKey));
      case 'tools':
      case 'functions':
        return readList({ doc, sink }, value, key, (item, itemKey) => readTool({ doc, sink }, item, itemKey));
      case 'model':
        nameFact(sink.facts, 'model', shortName(doc, value));
        return structural(value, { doc, sink, key, lane: 'other' });
      case 'stream':
        sink.facts.stream = doc.type(value) === 'true';
        return structural(value, { doc, sink, key, lane: 'other' });
      case 'service_tier':
      case 'reasoning_effort':
      case 'verbosity':
      case 'modalities':
      case 'created':
        return doc.type(value) === 'array'
          ? sink.rest(value, { key, lane: 'other' })
          : structural(value, { doc, sink, key, lane: 'other' });
      default:
        sink.name(field, 'other');
        return sink.rest(value, { key: fieldKey('body', name, again), lane: 'other' });
    }
  });
}

/** Elements of a list; anything but a list is read as text. */
function readList({ doc, sink }: Reading, node: JsonNode, key: string, read: (item: JsonNode, key: string) => void): void {
  if (doc.type(node) !== 'array') return sink.rest(node, { key, lane: 'other' });
  doc.items(node, (item, index) => read(item, `${key}.${index}`));
}

function readMessage({ doc, sink }: Reading, message: JsonNode, key: string): void {
  const role = shortName(doc, doc.field(message, 'role')) ?? '';
  const lane = Object.hasOwn(MESSAGE_LANES, role) ? MESSAGE_LANES[role]! : 'user';
  if (doc.type(message) !== 'object') return sink.rest(message, { key, lane });
  walkFields(doc, message, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    switch (name) {
      case 'role':
      case 'tool_call_id':
        return structural(value, place);
      case 'name':
        return sink.text(value, place);
      case 'content':
        return readContent({ doc, sink }, value, place);
      case 'refusal':
        return sink.text(value, { key: place.key, lane: 'refusal' });
      case 'reasoning':
      case 'reasoning_content':
      case 'reasoning_details':
        return sink.rest(value, { key: place.key, lane: 'reasoning' });
      case 'tool_calls':
        return readList({ doc, sink }, value, place.key, (call, callKey) =>
          readToolCall({ doc, sink }, call, { key: callKey, called: false }),
        );
      case 'function_call':
        return readFunction({ doc, sink }, value, { key: place.key, called: false });
      default:
        sink.name(field, 'other');
        return sink.rest(value, { key: place.key, lane: 'other' });
    }
  });
}

/** A string, or parts; text parts that stand side by side are one text. */
function readContent({ doc, sink }: Reading, content: JsonNode, { key, lane }: { readonly key: string; readonly lane: Lane }): void {
  if (doc.type(content) !== 'array') return sink.text(content, { key, lane });
  let run = key;
  doc.items(content, (part, index) => {
    const type = shortName(doc, doc.field(part, 'type'));
    if (type !== 'text' && type !== 'refusal' && doc.type(part) !== 'string') run = `${key}.${index}`;
    readPart({ doc, sink }, part, { key: `${key}.${index}`, textKey: run, lane: type === 'refusal' ? 'refusal' : lane, text: lane });
  });
}

function readPart(
  { doc, sink }: Reading,
  part: JsonNode,
  { key, textKey, lane, text }: { readonly key: string; readonly textKey: string; readonly lane: Lane; readonly text: Lane },
): void {
  if (doc.type(part) !== 'object') return sink.text(part, { key: textKey, lane: text });
  walkFields(doc, part, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: 'other' } as const;
    switch (name) {
      case 'type':
        return structural(value, place);
      case 'text':
        return sink.text(value, { key: `${textKey}${again}`, lane });
      case 'refusal':
        return sink.text(value, { key: `${textKey}.refusal${again}`, lane: 'refusal' });
      case 'image_url':
      case 'input_audio':
      case 'file':
        return readMedia({ doc, sink }, value, place.key);
      default:
        sink.name(field, place.lane);
        return sink.rest(value, place);
    }
  });
}

function readMedia({ doc, sink }: Reading, media: JsonNode, key: string): void {
  if (doc.type(media) !== 'object') return encodedBytes(media, { doc, sink, key, lane: 'other' });
  walkFields(doc, media, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: 'other' } as const;
    if (name === 'url' || name === 'data' || name === 'file_data') return encodedBytes(value, place);
    sink.name(field, place.lane);
    return sink.rest(value, place);
  });
}

function readTool({ doc, sink }: Reading, tool: JsonNode, key: string): void {
  const lane = 'tool-definition';
  if (doc.type(tool) !== 'object') return sink.rest(tool, { key, lane });
  walkFields(doc, tool, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane } as const;
    switch (name) {
      case 'type':
        return structural(value, place);
      case 'name':
        addFact(sink.facts.toolsDeclared, shortName(doc, value));
        return structural(value, place);
      case 'function':
      case 'custom':
        return readTool({ doc, sink }, value, place.key);
      default:
        sink.name(field, place.lane);
        return sink.rest(value, place);
    }
  });
}

// ---- answers

interface Call {
  readonly key: string;
  /** Whether the call is being made here, or is history. */
  readonly called: boolean;
}

function readToolCall({ doc, sink }: Reading, call: JsonNode, { key, called }: Call): void {
  if (doc.type(call) !== 'object') return sink.rest(call, { key, lane: 'tool-arguments' });
  walkFields(doc, call, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: 'tool-arguments' } as const;
    switch (name) {
      case 'index':
      case 'id':
      case 'type':
        return structural(value, place);
      case 'function':
      case 'custom':
        return readFunction({ doc, sink }, value, { key: `${key}${again}`, called });
      default:
        sink.name(field, place.lane);
        return sink.rest(value, place);
    }
  });
}

function readFunction({ doc, sink }: Reading, fn: JsonNode, { key, called }: Call): void {
  if (doc.type(fn) !== 'object') return sink.rest(fn, { key, lane: 'tool-arguments' });
  walkFields(doc, fn, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: 'tool-arguments' } as const;
    switch (name) {
      case 'name':
        if (called && doc.size(value) > 0) addFact(sink.facts.toolsCalled, shortName(doc, value));
        return structural(value, place);
      case 'arguments':
        return sink.nestedJson(value, place);
      default:
        sink.name(field, place.lane);
        return sink.rest(value, place); // `input` of custom tools is free text
    }
  });
}

function readResponse({ doc, sink }: Reading): void {
  readEnvelope({ doc, sink }, (choices, key) =>
    readList({ doc, sink }, choices, key, (choice, choiceKey) => readChoice({ doc, sink }, choice, { key: choiceKey, streaming: false })),
  );
}

/** The fields around the choices; the same in a body and in a stream's chunk. */
function readEnvelope({ doc, sink }: Reading, readChoices: (choices: JsonNode, key: string) => void): void {
  if (doc.type(doc.root) !== 'object') return sink.whole(doc.root, { key: 'body', lane: 'output' });
  walkFields(doc, doc.root, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey('body', name, again), lane: 'output' } as const;
    switch (name) {
      case 'choices':
        return readChoices(value, `choices${again}`);
      case 'id':
        nameFact(sink.facts, 'responseId', shortName(doc, value), FIRST);
        return structural(value, place);
      case 'model':
        nameFact(sink.facts, 'responseModel', shortName(doc, value), FIRST);
        return structural(value, place);
      case 'object':
      case 'created':
      case 'service_tier':
      case 'system_fingerprint':
        return structural(value, place);
      case 'usage':
        return readCounts({ doc, sink }, value, place.key);
      default:
        sink.name(field, place.lane);
        return sink.whole(value, place);
    }
  });
}

function readCounts({ doc, sink }: Reading, usage: JsonNode, key: string): void {
  readUsage(doc, usage, sink.facts);
  sink.whole(usage, { key, lane: 'output' });
}

function readChoice(
  { doc, sink }: Reading,
  choice: JsonNode,
  { key, streaming }: { readonly key: string; readonly streaming: boolean },
): void {
  if (doc.type(choice) !== 'object') return sink.whole(choice, { key, lane: 'output' });
  walkFields(doc, choice, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: 'output' } as const;
    switch (name) {
      case 'index':
        return structural(value, place);
      case 'message':
      case 'delta':
        return readAnswer({ doc, sink }, value, { key: `${key}${again}`, streaming });
      case 'finish_reason':
        addFact(sink.facts.finishReasons, shortName(doc, value));
        return structural(value, place);
      case 'logprobs':
        return sink.echo(value);
      default:
        sink.name(field, place.lane);
        return sink.whole(value, place);
    }
  });
  if (finished(doc, choice)) sink.ends(key);
}

const finished = (doc: JsonDoc, choice: JsonNode): boolean => {
  const reason = doc.field(choice, 'finish_reason');
  return reason !== undefined && doc.type(reason) === 'string';
};

/** A message, or what a chunk adds to it. */
function readAnswer(
  { doc, sink }: Reading,
  answer: JsonNode,
  { key, streaming }: { readonly key: string; readonly streaming: boolean },
): void {
  if (doc.type(answer) !== 'object') return sink.rest(answer, { key, lane: 'output' });
  walkFields(doc, answer, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: 'output' } as const;
    switch (name) {
      case 'role':
        return structural(value, place);
      case 'content':
        return readContent({ doc, sink }, value, place);
      case 'refusal':
        return sink.text(value, { key: place.key, lane: 'refusal' });
      case 'reasoning':
      case 'reasoning_content':
      case 'reasoning_details':
        return sink.rest(value, { key: place.key, lane: 'reasoning' });
      case 'tool_calls':
        return doc.type(value) === 'array'
          ? doc.items(value, (call, ordinal) => {
              const index = (streaming ? count(doc, doc.field(call, 'index')) : undefined) ?? ordinal;
              readToolCall({ doc, sink }, call, { key: `${place.key}.${index}`, called: true });
            })
          : sink.rest(value, place);
      case 'function_call':
        return readFunction({ doc, sink }, value, { key: place.key, called: true });
      case 'audio':
        return readAudio({ doc, sink }, value, place.key);
      default:
        sink.name(field, place.lane);
        return sink.rest(value, place);
    }
  });
}

function readAudio({ doc, sink }: Reading, audio: JsonNode, key: string): void {
  if (doc.type(audio) !== 'object') return sink.rest(audio, { key, lane: 'output' });
  walkFields(doc, audio, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: 'output' } as const;
    if (name === 'data') return encodedBytes(value, place);
    if (name === 'id' || name === 'expires_at') return structural(value, place);
    sink.name(field, place.lane);
    return sink.rest(value, place);
  });
}

// ---- streams

function openOpenaiStream(): StreamReader {
  const open = new Set<number>();
  let position: OpenaiPosition | undefined = { id: undefined, model: undefined, created: undefined, open: [], done: false };
  let last: OpenaiPosition = position;

  /** The last snapshot with changes; made anew only when something changed, most events change nothing. */
  function change(changes: Partial<OpenaiPosition>): void {
    last = { ...last, ...changes };
    position = undefined;
  }

  function readChunk({ doc, sink }: Reading, choices: JsonNode, key: string): void {
    if (doc.type(choices) !== 'array') return sink.whole(choices, { key, lane: 'output' });
    doc.items(choices, (choice, ordinal) => {
      const index = count(doc, doc.field(choice, 'index')) ?? ordinal;
      readChoice({ doc, sink }, choice, { key: `${key}.${index}`, streaming: true });
      const has = open.has(index);
      if (finished(doc, choice)) open.delete(index);
      else if (open.size < CHOICES_MAX) open.add(index);
      if (has !== open.has(index)) position = undefined;
    });
  }

  return {
    event(_name, doc, sink) {
      readEnvelope({ doc, sink }, (choices, key) => readChunk({ doc, sink }, choices, key));
      if (last.id === undefined) {
        const id = shortName(doc, doc.field(doc.root, 'id'));
        if (id !== undefined) {
          const created = count(doc, doc.field(doc.root, 'created'));
          change({ id, created, model: shortName(doc, doc.field(doc.root, 'model')) });
        }
      }
    },
    marker(data, sink) {
      if (data.trim() !== '[DONE]') return false;
      sink.ends('*');
      open.clear();
      change({ done: true });
      return true;
    },
    position() {
      if (position === undefined) {
        last = { ...last, open: [...open] };
        position = last;
      }
      return position;
    },
  };
}

/** The API allows 128 choices; more are not ended one by one. */
const CHOICES_MAX = 128;

function endStream(position: OpenaiPosition | undefined): Buffer {
  if (position?.done === true) return Buffer.alloc(0);
  const head = {
    id: position?.id ?? 'chatcmpl-filtered',
    object: 'chat.completion.chunk',
    created: position?.created ?? 0,
    model: position?.model ?? '',
  };
  const open = position === undefined || (position.id === undefined && position.open.length === 0) ? [0] : position.open;
  const chunks = open.map((index) => {
    const choices = [{ index, delta: {}, logprobs: null, finish_reason: 'content_filter' }];
    return `data: ${JSON.stringify({ ...head, choices })}\n\n`;
  });
  return Buffer.from(`${chunks.join('')}data: [DONE]\n\n`);
}

function errorOf({ status, code, message }: Denial): Record<string, unknown> {
  return { message, type: status === 503 ? 'server_error' : 'invalid_request_error', param: null, code };
}
