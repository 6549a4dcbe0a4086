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
  numbers,
  type Place,
  pathModel,
  repeated,
  roleOf,
  shortName,
  structural,
  toolName,
} from './fields.ts';

/**
 * Google Gemini: generateContent and its siblings, of the Gemini API and of Vertex AI, streamed as SSE or as one JSON array. Field names
 * are read in both spellings that its JSON parser takes (`systemInstruction`, `system_instruction`).
 * https://ai.google.dev/api/generate-content, https://ai.google.dev/api/caching#Content, https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference
 */
export const gemini: WireFormat = {
  id: 'gemini',
  provider: ({ path, host }) => (isVertex(path, host) ? 'gcp.vertex_ai' : 'gcp.gemini'),
  operation: ({ path }) => (calledBy(path)?.method.toLowerCase().includes('embedcontent') === true ? 'embeddings' : 'generate_content'),
  arrayStream: true,
  recognise: ({ path }) => calledBy(path) !== undefined,
  recogniseBody: (doc) => hasParts(doc, doc.field(doc.root, 'contents')),
  fits: (doc) => doc.type(doc.root) === 'object' && (isEmpty(doc) || CARRIERS.some((name) => doc.field(doc.root, name) !== undefined)),
  readHead,
  readBody(doc, sink, direction) {
    if (direction === 'request') readRequest({ doc, sink }, doc.root, 'body');
    else readResponse({ doc, sink, keyOf: undefined });
  },
  openStream: openGeminiStream,
  denial: (denial) => ({ status: denial.status, contentType: 'application/json', body: JSON.stringify({ error: errorOf(denial) }) }),
  ending: (position, denial) => endStream(position as GeminiPosition | undefined, denial), // made by `position()` below
};

interface Reading {
  readonly doc: JsonDoc;
  readonly sink: FormatSink;
}

interface Target {
  readonly key: string;
  readonly lane: Lane;
}

// ---- the head

const METHODS: ReadonlySet<string> = new Set([
  'generateContent',
  'streamGenerateContent',
  'countTokens',
  'computeTokens',
  'embedContent',
  'batchEmbedContents',
  'asyncBatchEmbedContent',
  'batchGenerateContent',
]);

/** What a path calls: `…/models/{model}:{method}`, also of tuned models and Vertex endpoints, or the creation of cached content. */
function calledBy(path: string): { readonly model: string | undefined; readonly method: string } | undefined {
  const last = path.slice(path.lastIndexOf('/') + 1);
  if (last === 'cachedContents') return { model: undefined, method: last };
  const colon = last.lastIndexOf(':');
  const method = last.slice(colon + 1);
  return colon > 0 && METHODS.has(method) ? { model: last.slice(0, colon), method } : undefined;
}

function readHead({ path }: Head, facts: WireFacts): void {
  const call = calledBy(path);
  if (call?.model !== undefined) pathModel(facts, call.model);
  if (call?.method === 'generateContent' || call?.method === 'streamGenerateContent') facts.stream = call.method !== 'generateContent';
}

const isVertex = (path: string, host: string): boolean =>
  path.includes('/publishers/') || path.includes('/projects/') || host.includes('aiplatform');

// ---- requests

/** Fields of which a request has at least one. */
const CARRIERS = ['contents', 'content', 'requests', 'generateContentRequest', 'generate_content_request', 'instances', 'batch', 'model'];

const isEmpty = (doc: JsonDoc): boolean => doc.size(doc.root) <= 2;

function hasParts(doc: JsonDoc, contents: JsonNode | undefined): boolean {
  let found = false;
  if (contents !== undefined) doc.items(contents, (content) => (found ||= doc.field(content, 'parts') !== undefined));
  return found;
}

/** `snake_case` in the other spelling. */
function camel(name: string): string {
  if (!name.includes('_')) return name;
  const [first = '', ...rest] = name.split('_');
  return first + rest.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
}

/** A request, alone or within a batch. */
function readRequest({ doc, sink }: Reading, request: JsonNode, base: string): void {
  if (doc.type(request) !== 'object') return sink.rest(request, { key: base, lane: 'other' });
  walkFields(doc, request, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(base, name, again), lane: 'other' } as const;
    switch (camel(name)) {
      case 'contents':
        return readEach(doc, value, place.key, (content, key) => readContent({ doc, sink }, content, { key, lane: undefined }));
      case 'content':
        return readContent({ doc, sink }, value, { key: place.key, lane: undefined });
      case 'systemInstruction':
        return readContent({ doc, sink }, value, { key: place.key, lane: 'system' });
      case 'tools':
        return readEach(doc, value, place.key, (tool, key) =>
          readTool({ doc, sink }, tool, { key, isElement: doc.type(value) === 'array' }),
        );
      case 'requests':
        return readEach(doc, value, place.key, (one, key) => readRequest({ doc, sink }, one, key));
      case 'request':
      case 'generateContentRequest':
      case 'embedContentRequest':
      case 'batch':
      case 'inputConfig':
        return readRequest({ doc, sink }, value, place.key);
      case 'model':
        modelField(sink.facts, doc, value);
        return structural(value, place);
      case 'cachedContent':
      case 'taskType':
      case 'outputDimensionality':
      case 'autoTruncate':
      case 'serviceTier':
      case 'ttl':
      case 'expireTime':
        return structural(value, place);
      case 'title':
        return sink.text(value, { key: place.key, lane: 'document' });
      case 'instances':
        return sink.rest(value, { key: place.key, lane: 'user' });
      case 'toolConfig':
      case 'generationConfig':
      case 'safetySettings':
      case 'labels':
      case 'displayName':
      case 'metadata':
        return sink.rest(value, place);
      default:
        sink.name(field, place.lane);
        return sink.rest(value, place);
    }
  });
}

/** Elements of a list, or the one that stands for a list. */
function readEach(doc: JsonDoc, node: JsonNode, key: string, read: (item: JsonNode, key: string) => void): void {
  if (doc.type(node) !== 'array') return read(node, key);
  doc.items(node, (item, index) => read(item, `${key}.${index}`));
}

const ROLE_LANES: Readonly<Record<string, Lane>> = {
  model: 'assistant-history',
  function: 'tool-result',
  tool: 'tool-result',
  system: 'system',
};

/** Role and parts; `lane` undefined: the role says it. A string stands for one text part. */
function readContent(
  { doc, sink }: Reading,
  content: JsonNode,
  { key, lane: given }: { readonly key: string; readonly lane: Lane | undefined },
): void {
  const role = roleOf(doc, content);
  const lane = given ?? (Object.hasOwn(ROLE_LANES, role) ? ROLE_LANES[role]! : 'user');
  if (doc.type(content) === 'array') return readParts({ doc, sink }, content, { key, lane });
  if (doc.type(content) !== 'object') return sink.text(content, { key, lane });
  walkFields(doc, content, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane } as const;
    if (name === 'role') return structural(value, place);
    if (name === 'parts') return readParts({ doc, sink }, value, place);
    sink.name(field, 'other');
    return sink.rest(value, { key: place.key, lane: 'other' });
  });
}

/** Text parts that stand side by side are one text. */
function readParts({ doc, sink }: Reading, parts: JsonNode, { key, lane }: Target): void {
  let run = key;
  readEach(doc, parts, key, (part, partKey) => {
    if (doc.type(part) !== 'string' && doc.field(part, 'text') === undefined) run = partKey;
    readPart({ doc, sink }, part, { key: partKey, textKey: run, thoughtKey: `${run}.thought`, lane, other: 'other', called: false });
  });
}

interface ToolPlace {
  readonly key: string;
  /** Whether it stands in a list; alone it is none that could be taken out. */
  readonly isElement: boolean;
}

/** A list of functions, a tool of Google's (`googleSearch` and its like have no other name), or several in one. */
function readTool({ doc, sink }: Reading, tool: JsonNode, { key, isElement }: ToolPlace): void {
  const lane = 'tool-definition';
  if (doc.type(tool) !== 'object') return sink.rest(tool, { key, lane });
  walkFields(doc, tool, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane } as const;
    if (camel(name) === 'functionDeclarations') {
      return readEach(doc, value, place.key, (declaration, declarationKey) =>
        readDeclaration({ doc, sink }, declaration, { key: declarationKey, isElement: doc.type(value) === 'array' }),
      );
    }
    sink.declares({ key: place.key, node: tool, isElement: isElement && hasOneField(doc, tool), builtIn: true, ...shortField(name) });
    sink.name(field, lane);
    return sink.rest(value, place);
  });
}

const shortField = (name: string) => (name.length <= 128 ? { name } : { isUnclear: true });

function hasOneField(doc: JsonDoc, node: JsonNode): boolean {
  let fields = 0;
  doc.fields(node, () => fields++);
  return fields === 1;
}

function readDeclaration({ doc, sink }: Reading, declaration: JsonNode, { key, isElement }: ToolPlace): void {
  const lane = 'tool-definition';
  if (doc.type(declaration) !== 'object') return sink.rest(declaration, { key, lane });
  const schema = ['parameters', 'parametersJsonSchema', 'parameters_json_schema'].map((name) => doc.field(declaration, name));
  sink.declares({
    key,
    node: declaration,
    isElement,
    ...toolName(doc, declaration),
    description: doc.field(declaration, 'description'),
    schema: schema.find((given) => given !== undefined),
  });
  walkFields(doc, declaration, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane } as const;
    switch (camel(name)) {
      case 'name':
      case 'behavior':
        return structural(value, place);
      case 'description':
      case 'parameters':
      case 'parametersJsonSchema':
      case 'response':
      case 'responseJsonSchema':
        return sink.rest(value, place);
      default:
        sink.name(field, lane);
        return sink.rest(value, place);
    }
  });
}

// ---- parts

interface PartPlace {
  /** Of this part alone; of a function call whose arguments come in several events, the same in each. */
  readonly key: string;
  /** Where its text goes: shared with the text parts it is joined with. */
  readonly textKey: string;
  readonly thoughtKey: string;
  readonly lane: Lane;
  /** For what is no text of the part's own. */
  readonly other: Lane;
  /** Whether tools named here are being called now, or are history. */
  readonly called: boolean;
}

/** One part of a request or of an answer. */
function readPart({ doc, sink }: Reading, part: JsonNode, at: PartPlace): void {
  if (doc.type(part) === 'string') return sink.text(part, { key: at.textKey, lane: at.lane });
  if (doc.type(part) !== 'object') return sink.whole(part, at);
  walkFields(doc, part, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(at.key, name, again), lane: at.other } as const;
    switch (camel(name)) {
      case 'text':
        return isTrue(doc, doc.field(part, 'thought'))
          ? sink.text(value, { key: `${at.thoughtKey}${again}`, lane: 'reasoning' })
          : sink.text(value, { key: `${at.textKey}${again}`, lane: at.lane });
      case 'thought':
        return structural(value, place);
      case 'thoughtSignature':
        return readSignature(value, place, CALLS.some((call) => doc.field(part, call) !== undefined) ? at.key : undefined);
      case 'inlineData':
        return readBlob({ doc, sink }, value, { key: place.key, lane: documentLane(at.lane) });
      case 'fileData':
        return sink.whole(value, { key: place.key, lane: documentLane(at.lane) });
      case 'functionCall':
      case 'toolCall':
        noteCall({ doc, sink }, value, { ...at, server: camel(name) === 'toolCall' });
        return readCall({ doc, sink }, value, at);
      case 'functionResponse':
      case 'toolResponse':
        noteResult({ doc, sink }, value, { key: place.key, server: camel(name) === 'toolResponse' });
        return readResult({ doc, sink }, value, place.key);
      case 'executableCode':
        sink.calls({ key: place.key, at: at.called ? 'answer' : 'history', ...codeTool(doc, value), input: doc.field(value, 'code') });
        readCode({ doc, sink }, value, { key: place.key, lane: 'tool-arguments' });
        return sink.ends(place.key);
      case 'codeExecutionResult':
        sink.answers({ key: place.key, ...codeTool(doc, value), failed: isFailed(doc, value) });
        return readCode({ doc, sink }, value, { key: place.key, lane: 'tool-result' });
      case 'videoMetadata':
      case 'mediaResolution':
      case 'mediaProcessing':
      case 'partMetadata':
      case 'speechMetadata':
        return sink.whole(value, place);
      default:
        sink.name(field, place.lane);
        return sink.rest(value, place);
    }
  });
}

interface CallPlace extends Pick<PartPlace, 'key' | 'called'> {
  /** Google runs it itself. */
  readonly server: boolean;
}

/** Arguments that come in pieces (`partialArgs`) are no text: only what is read of them in their lane is known. */
function noteCall({ doc, sink }: Reading, call: JsonNode, { key, called, server }: CallPlace): void {
  if (doc.type(call) !== 'object') return;
  const named = calledTool(doc, call, { name: nameField(doc, call, server), inputs: ['args'] });
  const isPartial = PARTIAL.some((name) => doc.field(call, name) !== undefined);
  sink.calls({ key, at: called ? 'answer' : 'history', id: shortName(doc, doc.field(call, 'id')), server, ...named, isPartial });
}

function noteResult({ doc, sink }: Reading, result: JsonNode, { key, server }: Pick<CallPlace, 'key' | 'server'>): void {
  if (doc.type(result) !== 'object') return;
  const named = toolName(doc, result, nameField(doc, result, server));
  sink.answers({ key, id: shortName(doc, doc.field(result, 'id')), server, ...named });
}

const PARTIAL = ['partialArgs', 'partial_args'];

/** Google's own tools have a type in place of a name, in either spelling. */
const nameField = (doc: JsonDoc, node: JsonNode, server: boolean): string =>
  server ? (doc.field(node, 'toolType') === undefined ? 'tool_type' : 'toolType') : 'name';

/** Code that Google runs has no name of its own. */
const codeTool = (doc: JsonDoc, code: JsonNode) => ({
  name: 'code_execution',
  id: doc.type(code) === 'object' ? shortName(doc, doc.field(code, 'id')) : undefined,
  server: true,
});

const isFailed = (doc: JsonDoc, result: JsonNode): boolean => {
  const outcome = shortName(doc, doc.field(result, 'outcome'));
  return outcome !== undefined && outcome !== 'OUTCOME_OK';
};

const CALLS = ['functionCall', 'function_call', 'toolCall', 'tool_call'];

const isTrue = (doc: JsonDoc, node: JsonNode | undefined): boolean => node !== undefined && doc.type(node) === 'true';

/** A file that an answer gives is its output; one that a tool gave is its result. */
const documentLane = (lane: Lane): Lane => (lane === 'user' ? 'document' : lane);

/**
 * Of a call the signature is checked when it comes back, so a redacted one must not keep it; of a text it only helps the model to go on,
 * and may be missing. https://ai.google.dev/gemini-api/docs/thought-signatures
 */
function readSignature(value: JsonNode, place: Place, callKey: string | undefined): void {
  encodedBytes(value, place);
  if (callKey === undefined) place.sink.echo(value);
  else place.sink.signature(value, callKey);
}

/** Bytes with a media type; those of a text are read, in base64 as they stand. */
function readBlob({ doc, sink }: Reading, blob: JsonNode, { key, lane }: Target): void {
  if (doc.type(blob) !== 'object') return sink.whole(blob, { key, lane });
  const type = shortName(doc, doc.field(blob, 'mimeType') ?? doc.field(blob, 'mime_type')) ?? '';
  walkFields(doc, blob, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane } as const;
    switch (camel(name)) {
      case 'mimeType':
        return structural(value, place);
      case 'data':
        return isText(type) ? sink.whole(value, place) : mediaBytes(value, place);
      case 'displayName':
        return sink.whole(value, place);
      default:
        sink.name(field, lane);
        return sink.whole(value, place);
    }
  });
}

const isText = (type: string): boolean => type.startsWith('text/') || type === 'application/json' || type === 'application/xml';

/** A function call, whole or with its arguments in pieces. */
function readCall({ doc, sink }: Reading, call: JsonNode, { key }: PartPlace): void {
  const lane = 'tool-arguments';
  if (doc.type(call) !== 'object') return sink.whole(call, { key, lane });
  walkFields(doc, call, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane } as const;
    switch (camel(name)) {
      case 'name':
      case 'toolType':
      case 'id':
      case 'willContinue':
        return structural(value, place);
      case 'args':
        return sink.whole(value, place);
      case 'partialArgs':
        return readEach(doc, value, place.key, (piece) => readPartialArgument({ doc, sink }, piece, place.key));
      default:
        sink.name(field, lane);
        return sink.whole(value, place);
    }
  });
}

/** A piece of the argument at `jsonPath`; strings go on in the next piece with the same path. */
function readPartialArgument({ doc, sink }: Reading, piece: JsonNode, key: string): void {
  const lane = 'tool-arguments';
  if (doc.type(piece) !== 'object') return sink.whole(piece, { key, lane });
  const path = shortName(doc, doc.field(piece, 'jsonPath') ?? doc.field(piece, 'json_path')) ?? '';
  walkFields(doc, piece, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(fieldKey(key, path, ''), name, again), lane } as const;
    switch (camel(name)) {
      case 'jsonPath':
        return doc.type(value) === 'string' ? sink.name(value, lane) : sink.whole(value, place);
      case 'stringValue':
        return sink.text(value, place);
      case 'boolValue':
      case 'nullValue':
      case 'willContinue':
        return structural(value, place);
      case 'numberValue':
        return sink.whole(value, place);
      default:
        sink.name(field, lane);
        return sink.rest(value, place);
    }
  });
}

function readResult({ doc, sink }: Reading, result: JsonNode, key: string): void {
  const lane = 'tool-result';
  if (doc.type(result) !== 'object') return sink.whole(result, { key, lane });
  walkFields(doc, result, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane } as const;
    switch (camel(name)) {
      case 'name':
      case 'id':
      case 'toolType':
      case 'scheduling':
      case 'willContinue':
        return structural(value, place);
      case 'response':
        return sink.whole(value, place);
      case 'parts':
        return readParts({ doc, sink }, value, place);
      default:
        sink.name(field, lane);
        return sink.whole(value, place);
    }
  });
}

/** Code that the model runs, or what it gave. */
function readCode({ doc, sink }: Reading, code: JsonNode, { key, lane }: Target): void {
  if (doc.type(code) !== 'object') return sink.whole(code, { key, lane });
  walkFields(doc, code, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane } as const;
    if (name === 'id' || name === 'language' || name === 'outcome') return structural(value, place);
    if (name !== 'code' && name !== 'output') sink.name(field, lane);
    return sink.whole(value, place);
  });
}

// ---- answers

interface Answer extends Reading {
  /** The key of a part of a stream; undefined: its place in the answer is its key. */
  readonly keyOf: ((candidateKey: string, part: JsonNode) => string) | undefined;
}

/** A whole answer, or one event of a stream. */
function readResponse({ doc, sink, keyOf }: Answer): void {
  if (doc.type(doc.root) !== 'object') return sink.whole(doc.root, { key: 'body', lane: 'output' });
  walkFields(doc, doc.root, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey('body', name, again), lane: 'output' } as const;
    switch (camel(name)) {
      case 'candidates':
        return readEach(doc, value, `candidates${again}`, (candidate, key) =>
          readCandidate({ doc, sink, keyOf }, candidate, candidateKey(doc, candidate, { list: `candidates${again}`, key })),
        );
      case 'promptFeedback':
        return readFeedback({ doc, sink }, value, place.key);
      case 'usageMetadata':
        return readCounts({ doc, sink }, value, place.key);
      case 'modelVersion':
        nameFact(sink.facts, 'responseModel', shortName(doc, value), FIRST);
        return structural(value, place);
      case 'responseId':
        nameFact(sink.facts, 'responseId', shortName(doc, value), FIRST);
        return structural(value, place);
      case 'totalTokens':
        sink.facts.inputTokens = count(doc, value) ?? sink.facts.inputTokens ?? 0;
        return structural(value, place);
      case 'createTime':
      case 'cachedContentTokenCount':
      case 'totalBillableCharacters':
        return structural(value, place);
      case 'embedding':
      case 'embeddings':
        return numbers(value, place);
      case 'error':
      case 'modelStatus':
      case 'promptTokensDetails':
        return sink.whole(value, place);
      default:
        sink.name(field, place.lane);
        return sink.rest(value, place);
    }
  });
}

/** Candidates are known by their index; without one by their place. */
function candidateKey(doc: JsonDoc, candidate: JsonNode, { list, key }: { readonly list: string; readonly key: string }): string {
  const index = count(doc, doc.field(candidate, 'index'));
  return index === undefined ? key : `${list}.${index}`;
}

function readFeedback({ doc, sink }: Reading, feedback: JsonNode, key: string): void {
  addFact(sink.facts.finishReasons, shortName(doc, doc.field(feedback, 'blockReason')));
  sink.whole(feedback, { key, lane: 'output' });
}

/** Thoughts are paid for as output. Every event of a stream has the counts so far: one walk, no keys made for numbers. */
function readCounts({ doc, sink }: Reading, usage: JsonNode, key: string): void {
  if (doc.type(usage) !== 'object') return sink.whole(usage, { key, lane: 'output' });
  let output: number | undefined;
  walkFields(doc, usage, (name, value, again, field) => {
    const known = COUNTS.has(camel(name));
    if (!known) sink.name(field, 'output');
    if (!known || doc.type(value) !== 'number') return sink.whole(value, { key: fieldKey(key, name, again), lane: 'output' });
    const tokens = count(doc, value) ?? 0;
    if (name === 'promptTokenCount') sink.facts.inputTokens = tokens;
    else if (name === 'candidatesTokenCount' || name === 'thoughtsTokenCount') output = (output ?? 0) + tokens;
  });
  if (output !== undefined) sink.facts.outputTokens = output;
}

const COUNTS: ReadonlySet<string> = new Set([
  ...['promptTokenCount', 'candidatesTokenCount', 'thoughtsTokenCount', 'totalTokenCount', 'cachedContentTokenCount'],
  ...['toolUsePromptTokenCount', 'promptTokensDetails', 'candidatesTokensDetails', 'cacheTokensDetails', 'trafficType'],
]);

function readCandidate({ doc, sink, keyOf }: Answer, candidate: JsonNode, key: string): void {
  if (doc.type(candidate) !== 'object') return sink.whole(candidate, { key, lane: 'output' });
  walkFields(doc, candidate, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: 'output' } as const;
    switch (camel(name)) {
      case 'content':
        return readAnswer({ doc, sink, keyOf }, value, `${key}${again}`);
      case 'finishReason':
        addFact(sink.facts.finishReasons, shortName(doc, value));
        return structural(value, place);
      case 'index':
      case 'tokenCount':
      case 'avgLogprobs':
        return structural(value, place);
      case 'finishMessage':
        return sink.whole(value, place);
      case 'safetyRatings':
        return readEach(doc, value, place.key, (rating, ratingKey) => readRating({ doc, sink }, rating, ratingKey));
      case 'citationMetadata':
      case 'groundingMetadata':
      case 'groundingAttributions':
      case 'urlContextMetadata':
        return readSources({ doc, sink }, value, place.key);
      case 'logprobsResult':
        return repeated(value, place);
      case 'continuationToken':
        return encodedBytes(value, place);
      default:
        sink.name(field, place.lane);
        return sink.rest(value, place);
    }
  });
  if (keyOf !== undefined) sink.turns(key);
}

/** All text parts of a candidate are one text, as clients give it, and so are its thoughts; over the events of a stream too. */
function readAnswer({ doc, sink, keyOf }: Answer, content: JsonNode, key: string): void {
  const lane = 'output';
  if (doc.type(content) !== 'object') return sink.whole(content, { key, lane });
  walkFields(doc, content, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane } as const;
    if (name === 'role') return structural(value, place);
    if (name === 'parts') {
      return readEach(doc, value, place.key, (part, ownKey) =>
        readPart({ doc, sink }, part, {
          key: keyOf?.(key, part) ?? ownKey,
          textKey: `${key}.text`,
          thoughtKey: `${key}.thought`,
          lane,
          other: lane,
          called: true,
        }),
      );
    }
    sink.name(field, lane);
    return sink.rest(value, place);
  });
}

const RATING_FIELDS: ReadonlySet<string> = new Set([
  'category',
  'probability',
  'probabilityScore',
  'severity',
  'severityScore',
  'blocked',
  'overwrittenThreshold',
]);

function readRating({ doc, sink }: Reading, rating: JsonNode, key: string): void {
  const lane = 'output';
  if (doc.type(rating) !== 'object') return sink.whole(rating, { key, lane });
  walkFields(doc, rating, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane } as const;
    if (RATING_FIELDS.has(camel(name))) return structural(value, place);
    sink.name(field, lane);
    return sink.whole(value, place);
  });
}

/** Where an answer has something from, and what it quotes; places in its text no longer fit when it is rewritten. */
function readSources({ doc, sink }: Reading, node: JsonNode, key: string): void {
  const lane = 'output';
  if (doc.type(node) === 'array') return doc.items(node, (item, index) => readSources({ doc, sink }, item, `${key}.${index}`));
  if (doc.type(node) !== 'object') return sink.whole(node, { key, lane });
  walkFields(doc, node, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane } as const;
    switch (camel(name)) {
      case 'startIndex':
      case 'endIndex':
        return doc.type(value) === 'number' ? sink.echo(value) : sink.whole(value, place);
      case 'sdkBlob':
      case 'googleMapsWidgetContextToken':
        return encodedBytes(value, place);
      case 'confidenceScores':
      case 'groundingChunkIndices':
      case 'renderedParts':
        return numbers(value, place);
      default:
        if (!SOURCE_FIELDS.has(camel(name))) sink.name(field, lane);
        return readSources({ doc, sink }, value, place.key);
    }
  });
}

const SOURCE_FIELDS: ReadonlySet<string> = new Set([
  ...['citations', 'citationSources', 'uri', 'title', 'license', 'publicationDate', 'webSearchQueries', 'searchEntryPoint', 'text'],
  ...['renderedContent', 'groundingChunks', 'groundingSupports', 'segment', 'partIndex', 'web', 'domain', 'maps', 'retrievedContext'],
  ...['retrievalMetadata', 'retrievalQueries', 'imageSearchQueries', 'urlMetadata', 'retrievedUrl', 'urlRetrievalStatus', 'placeId'],
]);

// ---- streams

/** What a client of a stream has. */
interface GeminiPosition {
  readonly framing: StreamFraming;
  /** Of a JSON array: whether it has begun, with an element in it, and whether it has ended. */
  readonly begun: boolean;
  readonly closed: boolean;
  /** Indices of the candidates it has seen. */
  readonly candidates: readonly number[];
  readonly model: string | undefined;
  readonly id: string | undefined;
}

/** The API gives at most eight; more are not ended one by one. */
const CANDIDATES_MAX = 128;

function openGeminiStream(framing: StreamFraming): StreamReader {
  let snapshot: GeminiPosition = { framing, begun: false, closed: false, candidates: [], model: undefined, id: undefined };
  let parts = 0;
  /** By candidate, the function call whose arguments go on in the next event. */
  const openCalls = new Map<string, string>();

  /** A new key for each part, so that only what goes on is one text with what came before. */
  function keyOf(doc: JsonDoc, candidate: string, part: JsonNode): string {
    const call = doc.field(part, 'functionCall') ?? doc.field(part, 'function_call');
    const open = openCalls.get(candidate);
    const goesOn = call !== undefined && open !== undefined && doc.field(call, 'name') === undefined;
    const key = goesOn ? open : `${candidate}.parts.${parts++}`;
    if (call !== undefined && openCalls.size < CANDIDATES_MAX) openCalls.set(candidate, key);
    return key;
  }

  /** Closes the calls of which this event says that nothing more comes. */
  function endCalls({ doc, sink }: Reading): void {
    for (const [candidate, key] of openCalls) {
      if (continues(doc, candidate)) continue;
      openCalls.delete(candidate);
      sink.ends(key);
    }
  }

  /** Most events change nothing of what the client has open. */
  function note(doc: JsonDoc): void {
    const added: number[] = [];
    const list = doc.field(doc.root, 'candidates');
    if (list !== undefined) {
      doc.items(list, (one, ordinal) => {
        const index = count(doc, doc.field(one, 'index')) ?? ordinal;
        if (!snapshot.candidates.includes(index) && !added.includes(index)) added.push(index);
      });
    }
    if (snapshot.begun && added.length === 0 && snapshot.model !== undefined) return;
    snapshot = {
      ...snapshot,
      begun: true,
      candidates: [...snapshot.candidates, ...added].slice(0, CANDIDATES_MAX),
      model: snapshot.model ?? shortName(doc, doc.field(doc.root, 'modelVersion')),
      id: snapshot.id ?? shortName(doc, doc.field(doc.root, 'responseId')),
    };
  }

  return {
    event(_name, doc, sink) {
      readResponse({ doc, sink, keyOf: (candidate, part) => keyOf(doc, candidate, part) });
      if (openCalls.size > 0) endCalls({ doc, sink });
      note(doc);
    },
    marker(data, sink) {
      if (framing !== 'json-array' || (data !== '[' && data !== ']')) return false;
      if (data === ']') sink.ends('*');
      snapshot = { ...snapshot, begun: true, closed: data === ']' };
      return true;
    },
    position: () => snapshot,
  };
}

/** Whether the last function call of a candidate in this event goes on in the next; one that is not in it does. */
function continues(doc: JsonDoc, candidate: string): boolean {
  let goesOn = true;
  const list = doc.field(doc.root, 'candidates');
  if (list === undefined) return goesOn;
  doc.items(list, (one, ordinal) => {
    if (candidateKey(doc, one, { list: 'candidates', key: `candidates.${ordinal}` }) !== candidate) return;
    const content = doc.field(one, 'content');
    const parts = content === undefined ? undefined : doc.field(content, 'parts');
    if (parts === undefined) return;
    doc.items(parts, (part) => {
      const call = doc.field(part, 'functionCall') ?? doc.field(part, 'function_call');
      if (call !== undefined) goesOn = isTrue(doc, doc.field(call, 'willContinue') ?? doc.field(call, 'will_continue'));
    });
  });
  return goesOn;
}

function endStream(position: GeminiPosition | undefined, { message }: Denial): Buffer {
  if (position?.closed === true) return Buffer.alloc(0);
  const { candidates: seen = [], model, id } = position ?? {};
  const candidates = (seen.length === 0 ? [0] : seen).map((index) => ({ index, finishReason: 'SAFETY', finishMessage: message }));
  const event = JSON.stringify({ candidates, modelVersion: model, responseId: id });
  if (position?.framing !== 'json-array') return Buffer.from(`data: ${event}\n\n`);
  return Buffer.from(`${position.begun ? ',' : '['}${event}]`);
}

/** https://cloud.google.com/apis/design/errors */
const ERROR_STATUS = {
  403: 'PERMISSION_DENIED',
  413: 'INVALID_ARGUMENT',
  451: 'PERMISSION_DENIED',
  503: 'UNAVAILABLE',
} as const satisfies Record<Denial['status'], string>;

function errorOf({ status, code, message }: Denial): Record<string, unknown> {
  const info = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: code.toUpperCase(), domain: 'sluice' };
  return { code: status, message, status: ERROR_STATUS[status], details: [info] };
}
