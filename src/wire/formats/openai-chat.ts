import type { Lane } from '../../text/lane.ts';
import type { WireFormat } from '../format.ts';
import type { JsonDoc, JsonNode } from '../framing/json.ts';
import { fieldKey, walkFields } from '../walk.ts';
import { calledTool, count, encodedBytes, mediaBytes, type Place, roleOf, shortName, structural, toolName } from './fields.ts';
import { readCalled, readFunctionCall, readFunctionTool } from './function-tools.ts';
import {
  type ChoiceAt,
  type ChoicesPosition,
  endChoices,
  endsWithPath,
  hasFieldOf,
  isFinished,
  openaiDenial,
  openaiProvider,
  openChoicesStream,
  type Reading,
  readChoiceField,
  readChoices,
  readDeployment,
  readList,
  readSetting,
  type Target,
} from './openai-family.ts';

/**
 * OpenAI Chat Completions, and the many that speak it: Azure, Mistral (agents and fill-in-the-middle too), Groq, DeepSeek, xAI,
 * Perplexity, OpenRouter, vLLM. https://platform.openai.com/docs/api-reference/chat
 */
export const openaiChat: WireFormat = {
  id: 'openai-chat',
  provider: openaiProvider,
  operation: () => 'chat',
  recognise: ({ path }) => PATHS.some((end) => endsWithPath(path, end)) || path.includes('/v1/chat/completions/'),
  fits: (doc) => hasFieldOf(doc, KNOWN_BY),
  readHead: readDeployment,
  readBody(doc, sink, direction) {
    if (direction === 'request') readRequest({ doc, sink });
    else readChoices({ doc, sink }, readChoice);
  },
  openStream: () => openChoicesStream(readChoice),
  denial: openaiDenial,
  ending: (position) =>
    // made by `openChoicesStream`
    endChoices(position as ChoicesPosition | undefined, {
      object: 'chat.completion.chunk',
      id: 'chatcmpl-filtered',
      choice: { delta: {} },
    }),
};

const PATHS = ['/chat/completions', '/fim/completions', '/agents/completions'] as const;
const KNOWN_BY = ['messages', 'model', 'prompt', 'tools', 'metadata'] as const;

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
        return readList({ doc, sink }, value, { key, lane: 'other' }, (item, itemKey) => readMessage({ doc, sink }, item, itemKey));
      case 'tools':
      case 'functions':
        return readList({ doc, sink }, value, { key, lane: 'other' }, (item, itemKey) =>
          readFunctionTool(item, { doc, sink, key: itemKey, lane: 'tool-definition' }),
        );
      case 'prompt': // Mistral's fill-in-the-middle
      case 'suffix':
        return sink.rest(value, { key, lane: 'user' });
      case 'documents': // retrieval, in vLLM and Mistral
        return sink.rest(value, { key, lane: 'document' });
      case 'reasoning_effort':
      case 'verbosity':
      case 'modalities':
        return structural(value, { doc, sink, key, lane: 'other' });
      default:
        return readSetting({ doc, sink }, name, value, { again, field });
    }
  });
}

function readMessage({ doc, sink }: Reading, message: JsonNode, key: string): void {
  const role = roleOf(doc, message);
  const lane = Object.hasOwn(MESSAGE_LANES, role) ? MESSAGE_LANES[role]! : 'user';
  if (doc.type(message) !== 'object') return sink.rest(message, { key, lane });
  if (lane === 'tool-result')
    sink.answers({ key: `${key}.content`, id: shortName(doc, doc.field(message, 'tool_call_id')), ...toolName(doc, message) });
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
      default:
        if (readAnswerField({ doc, sink }, name, value, { key: place.key, called: false, streaming: false })) return;
        sink.name(field, 'other');
        return sink.rest(value, { key: place.key, lane: 'other' });
    }
  });
}

/** A string, or parts; text parts that stand side by side are one text. */
function readContent({ doc, sink }: Reading, content: JsonNode, { key, lane }: Target): void {
  if (doc.type(content) !== 'array') return sink.text(content, { key, lane });
  let run = key;
  doc.items(content, (part, index) => {
    const type = shortName(doc, doc.field(part, 'type'));
    if (type !== 'text' && type !== 'refusal' && doc.type(part) !== 'string') run = `${key}.${index}`;
    readPart({ doc, sink }, part, { key: `${key}.${index}`, textKey: run, lane });
  });
}

interface Part extends Target {
  /** Where its text goes: shared with the text parts beside it. */
  readonly textKey: string;
}

function readPart({ doc, sink }: Reading, part: JsonNode, { key, textKey, lane }: Part): void {
  if (doc.type(part) !== 'object') return sink.text(part, { key: textKey, lane });
  const isRefusal = shortName(doc, doc.field(part, 'type')) === 'refusal';
  walkFields(doc, part, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: 'other' } as const;
    switch (name) {
      case 'type':
        return structural(value, place);
      case 'text':
        return sink.text(value, { key: `${textKey}${again}`, lane: isRefusal ? 'refusal' : lane });
      case 'refusal':
        return sink.text(value, { key: `${textKey}.refusal${again}`, lane: 'refusal' });
      case 'thinking': // Mistral: a list of text parts
        return readThinking({ doc, sink }, value, { key: `${textKey}.thinking${again}`, lane: 'reasoning' });
      case 'signature':
        sink.signature(value, `${textKey}.thinking`);
        return encodedBytes(value, place);
      case 'image_url':
      case 'input_audio':
      case 'document_url':
      case 'file':
        return readMedia({ doc, sink }, value, place.key);
      default:
        sink.name(field, place.lane);
        return sink.rest(value, place);
    }
  });
}

function readThinking({ doc, sink }: Reading, thinking: JsonNode, { key, lane }: Target): void {
  if (doc.type(thinking) !== 'array') return sink.text(thinking, { key, lane });
  doc.items(thinking, (part, index) => readPart({ doc, sink }, part, { key: `${key}.${index}`, textKey: key, lane }));
}

function readMedia({ doc, sink }: Reading, media: JsonNode, key: string): void {
  if (doc.type(media) !== 'object') return mediaBytes(media, { doc, sink, key, lane: 'other' });
  walkFields(doc, media, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: 'other' } as const;
    if (name === 'url' || name === 'data' || name === 'file_data') return mediaBytes(value, place);
    sink.name(field, place.lane);
    return sink.rest(value, place);
  });
}

// ---- answers

interface AnswerAt {
  readonly key: string;
  /** Whether the call is being made here, or is history. */
  readonly called: boolean;
  readonly streaming: boolean;
}

/** Nothing but what follows says that reasoning is over, or a call complete. */
function readChoice({ doc, sink }: Reading, choice: JsonNode, { key, streaming }: ChoiceAt): void {
  if (doc.type(choice) !== 'object') return sink.whole(choice, { key, lane: 'output' });
  walkFields(doc, choice, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: 'output' } as const;
    if (readChoiceField(name, value, place)) return;
    if (name === 'message' && streaming) return readSnapshot({ doc, sink }, value, { key: `${key}${again}~message`, choice });
    if (name === 'message' || name === 'delta') return readAnswer({ doc, sink }, value, { key: `${key}${again}`, called: true, streaming });
    sink.name(field, place.lane);
    return sink.rest(value, place);
  });
  if (isFinished(doc, choice)) sink.ends(key);
  else sink.turns(key);
}

/**
 * Perplexity repeats in each chunk all that was said so far. Half a secret stands in the chunks it comes in; those are rewritten, and
 * lose the repetition with it.
 */
function readSnapshot(
  { doc, sink }: Reading,
  message: JsonNode,
  { key, choice }: { readonly key: string; readonly choice: JsonNode },
): void {
  readAnswer({ doc, sink }, message, { key, called: true, streaming: false });
  sink.ends(key);
  const delta = doc.field(choice, 'delta');
  if (delta !== undefined && hasText(doc, delta)) sink.echo(message);
}

/** A message, or what a chunk adds to it. */
function readAnswer({ doc, sink }: Reading, answer: JsonNode, { key, called, streaming }: AnswerAt): void {
  if (doc.type(answer) !== 'object') return sink.rest(answer, { key, lane: 'output' });
  walkFields(doc, answer, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: 'output' } as const;
    switch (name) {
      case 'role':
        return structural(value, place);
      case 'content':
        return readAnswerContent({ doc, sink }, value, place);
      case 'annotations': // each complete in one chunk
      case 'citations':
        sink.name(field, place.lane);
        return sink.rest(value, place);
      case 'audio':
        return readAudio({ doc, sink }, value, place.key);
      default:
        if (readAnswerField({ doc, sink }, name, value, { key: place.key, called, streaming })) return;
        sink.name(field, place.lane);
        return sink.rest(value, place);
    }
  });
}

/** A string that is not empty, or a list or an object with something in it. */
const hasText = (doc: JsonDoc, node: JsonNode | undefined): boolean => {
  if (node === undefined) return false;
  const type = doc.type(node);
  return type === 'string' ? doc.size(node) > 0 : (type === 'array' || type === 'object') && doc.size(node) > 2;
};

/** What an answer has, and the history of one in a request, besides its content. True: it was one of these. */
function readAnswerField({ doc, sink }: Reading, name: string, value: JsonNode, { key, called, streaming }: AnswerAt): boolean {
  switch (name) {
    case 'refusal':
      sink.text(value, { key, lane: 'refusal' });
      return true;
    case 'reasoning':
    case 'reasoning_content':
      sink.rest(value, { key, lane: 'reasoning' });
      return true;
    case 'reasoning_details':
      readIndexed({ doc, sink }, value, { key, lane: 'reasoning' }, true, (detail, at) => readReasoningDetail({ doc, sink }, detail, at));
      return true;
    case 'tool_calls':
      readIndexed({ doc, sink }, value, { key, lane: 'tool-arguments' }, streaming, (call, at) =>
        readFunctionCall(call, { doc, sink, key: at, lane: 'tool-arguments' }, { called, streaming, readOwn: readExtraOf(at) }),
      );
      return true;
    case 'function_call':
      readCalled(value, { doc, sink, key, lane: 'tool-arguments', call: key }, { called, streaming });
      return true;
    case 'executed_tools':
      readIndexed({ doc, sink }, value, { key, lane: 'tool-arguments' }, streaming, (tool, at) =>
        readExecutedTool({ doc, sink }, tool, { key: at, called, streaming }),
      );
      return true;
    default:
      return false;
  }
}

/** Elements of a list that say their own place: a chunk has only those that grow. */
function readIndexed(
  { doc, sink }: Reading,
  list: JsonNode,
  { key, lane }: Target,
  byIndex: boolean,
  read: (item: JsonNode, key: string) => void,
): void {
  if (doc.type(list) !== 'array') return sink.rest(list, { key, lane });
  doc.items(list, (item, ordinal) => {
    const index = (byIndex ? count(doc, doc.field(item, 'index')) : undefined) ?? ordinal;
    read(item, `${key}.${index}`);
  });
}

/** A string, or parts (Mistral): all text is one text, all thinking another, so that a stream's chunks go on where the last one ended. */
function readAnswerContent({ doc, sink }: Reading, content: JsonNode, { key, lane }: Target): void {
  if (doc.type(content) !== 'array') return sink.text(content, { key, lane });
  doc.items(content, (part, index) => readPart({ doc, sink }, part, { key: `${key}.${index}`, textKey: key, lane }));
}

/** https://openrouter.ai/docs/use-cases/reasoning-tokens */
function readReasoningDetail({ doc, sink }: Reading, detail: JsonNode, key: string): void {
  if (doc.type(detail) !== 'object') return sink.rest(detail, { key, lane: 'reasoning' });
  walkFields(doc, detail, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: 'reasoning' } as const;
    switch (name) {
      case 'type':
      case 'id':
      case 'format':
      case 'index':
        return structural(value, place);
      case 'signature':
        sink.signature(value, key);
        return encodedBytes(value, place);
      case 'data':
        return encodedBytes(value, place);
      default:
        sink.name(field, place.lane);
        return sink.rest(value, place);
    }
  });
}

/**
 * A tool that Groq has run by itself, with what it gave. A stream says it when it is called and again when it has answered, so that there
 * nobody can say its arguments; they are read all the same. https://console.groq.com/docs/compound/built-in-tools
 */
function readExecutedTool({ doc, sink }: Reading, tool: JsonNode, { key, called, streaming }: AnswerAt): void {
  const lane = 'tool-arguments';
  if (doc.type(tool) !== 'object') return sink.rest(tool, { key, lane });
  const { input, ...named } = calledTool(doc, tool, { name: 'type', inputs: ['arguments'] });
  const given = streaming ? { isPartial: true } : { piece: input };
  sink.calls({ key, at: called ? 'answer' : 'history', server: true, ...named, ...given });
  const answered = EXECUTED_RESULTS.filter((name) => hasText(doc, doc.field(tool, name)));
  if (answered.length > 0) sink.answers({ key, server: true, isCalled: true, ...toolName(doc, tool, 'type') });
  walkFields(doc, tool, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane } as const;
    if (name === 'index' || name === 'type') return structural(value, place);
    if (name === 'arguments') return sink.rest(value, place);
    const isResult = EXECUTED_RESULTS.includes(name);
    if (!isResult) sink.name(field, lane);
    return sink.rest(value, isResult ? { ...place, lane: 'tool-result' } : place);
  });
}

const EXECUTED_RESULTS: readonly string[] = ['output', 'search_results', 'browser_results', 'code_results'];

const readExtraOf =
  (call: string) =>
  (name: string, value: JsonNode, { doc, sink, ...place }: Place): boolean => {
    if (name === 'extra_content') readExtra({ doc, sink }, value, { ...place, signed: call });
    return name === 'extra_content';
  };

/** What Google adds to a call, complete in one chunk: its signature. https://ai.google.dev/gemini-api/docs/thought-signatures */
function readExtra({ doc, sink }: Reading, extra: JsonNode, { key, lane, signed }: Target & { readonly signed: string }): void {
  if (doc.type(extra) !== 'object') return sink.whole(extra, { key, lane });
  walkFields(doc, extra, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    sink.name(field, lane);
    if (name === 'google') return readExtra({ doc, sink }, value, { ...place, signed });
    if (name !== 'thought_signature') return sink.whole(value, place);
    sink.signature(value, signed);
    return encodedBytes(value, place);
  });
}

function readAudio({ doc, sink }: Reading, audio: JsonNode, key: string): void {
  if (doc.type(audio) !== 'object') return sink.rest(audio, { key, lane: 'output' });
  walkFields(doc, audio, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: 'output' } as const;
    if (name === 'data') return mediaBytes(value, place);
    if (name === 'id' || name === 'expires_at') return structural(value, place);
    sink.name(field, place.lane);
    return sink.rest(value, place);
  });
}
