import { FIXED } from '../../lib/limits.ts';
import { normaliseHost } from '../../lib/normalise-path.ts';
import type { Lane } from '../../text/lane.ts';
import type { BodyPart, Denial, DenialResponse, FormatSink, Head, StreamReader } from '../format.ts';
import type { WireFacts } from '../frame.ts';
import type { JsonDoc, JsonNode } from '../framing/json.ts';
import { fieldKey, walkFields } from '../walk.ts';
import {
  addFact,
  count,
  eachItem,
  FIRST,
  modelFact,
  modelField,
  modelList,
  nameFact,
  type Place,
  pathModel,
  personName,
  readUsage,
  repeated,
  shortName,
  structural,
} from './fields.ts';

/**
 * OpenTelemetry `gen_ai.provider.name` of whoever answers in a dialect of OpenAI: by host, else by path and headers; `openai` for those
 * nobody has named yet. https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/
 */
export function openaiProvider(head: Head): string {
  const known = providerOfHost(normaliseHost(head.host));
  if (known !== undefined) return known;
  const isAzure = head.header('api-key') !== undefined;
  if (head.path.includes('/openai/v1/')) return isAzure ? AZURE : 'groq';
  if (isAzure || head.path.includes('/openai/deployments/') || head.path.includes('/openai/responses')) return AZURE;
  if (head.path.includes('/fim/completions') || head.path.includes('/agents/completions')) return 'mistral_ai';
  return 'openai';
}

function providerOfHost(host: string): string | undefined {
  for (const [suffix, provider] of HOSTS)
    if (host.endsWith(suffix) && (host.length === suffix.length || host[host.length - suffix.length - 1] === '.')) return provider;
  return undefined;
}

const AZURE = 'azure.ai.openai';
const HOSTS: readonly (readonly [suffix: string, provider: string])[] = [
  ['openai.com', 'openai'],
  ['openai.azure.com', AZURE],
  ['cognitiveservices.azure.com', AZURE],
  ['services.ai.azure.com', AZURE],
  ['inference.ai.azure.com', 'azure.ai.inference'],
  ['mistral.ai', 'mistral_ai'],
  ['groq.com', 'groq'],
  ['deepseek.com', 'deepseek'],
  ['x.ai', 'x_ai'],
  ['perplexity.ai', 'perplexity'],
  ['anthropic.com', 'anthropic'],
  ['cohere.com', 'cohere'],
  ['cohere.ai', 'cohere'],
  ['generativelanguage.googleapis.com', 'gcp.gemini'],
  ['aiplatform.googleapis.com', 'gcp.vertex_ai'],
  ['amazonaws.com', 'aws.bedrock'],
  ['ml.cloud.ibm.com', 'ibm.watsonx.ai'],
];

/** Azure names the model's deployment in the path, and often nowhere else. */
export function readDeployment({ path }: Head, facts: WireFacts): void {
  const [, after] = path.split('/openai/deployments/', 2);
  const name = after?.split('/', 1)[0];
  if (name !== undefined) pathModel(facts, name);
}

/** The lane of a field in a multipart request for audio or images: what is asked is said in words, all else are settings and files. */
export function readFormPart({ name, fileName, value }: BodyPart, facts: WireFacts): Lane | 'structural' | undefined {
  if (fileName !== undefined) return undefined;
  if (name === 'prompt') return 'user';
  if (name === 'model') modelFact(facts, value ?? '');
  if (name === 'user') nameFact(facts, 'userId', value?.slice(0, FIXED.claimUnits));
  if (name === 'stream') facts.stream = value === 'true';
  return name !== undefined && FORM_SETTINGS.has(name.replace('[]', '')) ? 'structural' : 'other';
}

const FORM_SETTINGS: ReadonlySet<string> = new Set([
  ...['model', 'stream', 'language', 'response_format', 'temperature', 'timestamp_granularities', 'include', 'chunking_strategy'],
  ...['n', 'size', 'quality', 'background', 'output_format', 'output_compression', 'input_fidelity', 'partial_images', 'moderation'],
]);

/** The error body that OpenAI's clients make an exception of: 403 is their `PermissionDeniedError`. */
export function openaiDenial(denial: Denial): DenialResponse {
  return { status: denial.status, contentType: 'application/json', body: JSON.stringify({ error: openaiError(denial) }) };
}

/** What stands under `error`, in a body and in an event of a stream. */
export function openaiError({ status, code, message }: Denial): Record<string, unknown> {
  return { message, type: status === 503 ? 'server_error' : 'invalid_request_error', param: null, code };
}

/** The end of a stream of named events that has no other early end: an error, which official clients throw. */
export function endEvents(isEnded: boolean, denial: Denial): Buffer {
  if (isEnded) return Buffer.alloc(0);
  return Buffer.from(`event: error\ndata: ${JSON.stringify({ type: 'error', error: openaiError(denial) })}\n\n`);
}

/** Whether a path ends with this, give or take a slash. */
export function endsWithPath(path: string, end: string): boolean {
  return path.endsWith(end) || (path.endsWith('/') && path.endsWith(`${end}/`));
}

/** Whether a request body can be of a dialect: an object that is empty or has one of the fields it is known by. */
export function hasFieldOf(doc: JsonDoc, names: readonly string[]): boolean {
  if (doc.type(doc.root) !== 'object') return false;
  let isEmpty = true;
  doc.fields(doc.root, () => {
    isEmpty = false;
  });
  return isEmpty || names.some((name) => doc.field(doc.root, name) !== undefined);
}

export interface Reading {
  readonly doc: JsonDoc;
  readonly sink: FormatSink;
}

/** Where text goes. */
export interface Target {
  readonly key: string;
  readonly lane: Lane;
}

/** Elements of a list; anything but a list is read as text. */
export function readList({ doc, sink }: Reading, node: JsonNode, { key, lane }: Target, read: (item: JsonNode, key: string) => void): void {
  eachItem(node, { doc, sink, key, lane }, (item, place) => read(item, place.key));
}

/**
 * The fields of a request that all of OpenAI's dialects share: who is asked, and whether it streams; what none of them knows is text.
 */
export function readSetting({ doc, sink }: Reading, name: string, value: JsonNode, { again, field }: FieldPlace): void {
  const place = { doc, sink, key: `${name}${again}`, lane: 'other' } as const;
  if (Object.hasOwn(PERSONS, name)) nameFact(sink.facts, PERSONS[name]!, personName(doc, value));
  switch (name) {
    case 'model':
      modelField(sink.facts, doc, value);
      return structural(value, place);
    case 'models':
      modelList(sink.facts, doc, value);
      return sink.rest(value, { key: fieldKey('body', name, again), lane: 'other' });
    case 'stream':
      sink.facts.stream = doc.type(value) === 'true';
      return structural(value, place);
    case 'service_tier':
      return structural(value, place);
    default:
      sink.name(field, 'other');
      return sink.rest(value, { key: fieldKey('body', name, again), lane: 'other' });
  }
}

/** Fields that say for whom the request is made. */
const PERSONS: Readonly<Record<string, 'userId' | 'safetyIdentifier'>> = { user: 'userId', safety_identifier: 'safetyIdentifier' };

export interface FieldPlace {
  /** Suffix of a name that occurs again in the same object. */
  readonly again: string;
  /** The key itself. */
  readonly field: JsonNode;
}

/**
 * What Azure's filters say of a prompt or a choice: a severity for each category, and whether it was filtered. Citations of protected
 * material are text. https://learn.microsoft.com/azure/ai-services/openai/concepts/content-filter
 */
export function readFilterResults(node: JsonNode, { doc, sink, key, lane }: Place): void {
  if (doc.type(node) !== 'object') return sink.whole(node, { key, lane });
  walkFields(doc, node, (category, result, again, field) => {
    const at = fieldKey(key, category, again);
    sink.name(field, lane);
    if (doc.type(result) !== 'object') return sink.whole(result, { key: at, lane });
    walkFields(doc, result, (name, value, repeated, inner) => {
      const place = { doc, sink, key: fieldKey(at, name, repeated), lane };
      if (name === 'filtered' || name === 'detected' || name === 'severity') return structural(value, place);
      sink.name(inner, lane);
      return sink.whole(value, place);
    });
  });
}

// ---- answers that are lists of choices: chat and legacy completions

export interface ChoiceAt {
  readonly key: string;
  readonly streaming: boolean;
}

/** Reads one choice of a body or a chunk. */
export type ReadChoice = (reading: Reading, choice: JsonNode, at: ChoiceAt) => void;

/** A complete answer. */
export function readChoices(reading: Reading, readChoice: ReadChoice): void {
  readEnvelope(reading, (choices, key) =>
    readList(reading, choices, { key, lane: 'output' }, (choice, at) => readChoice(reading, choice, { key: at, streaming: false })),
  );
}

/** The fields around the choices; the same in a body and in a stream's chunk. */
function readEnvelope({ doc, sink }: Reading, readList_: (choices: JsonNode, key: string) => void): void {
  if (doc.type(doc.root) !== 'object') return sink.whole(doc.root, { key: 'body', lane: 'output' });
  walkFields(doc, doc.root, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey('body', name, again), lane: 'output' } as const;
    switch (name) {
      case 'choices':
        return readList_(value, `choices${again}`);
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
        readUsage(doc, value, sink.facts);
        return sink.whole(value, place);
      case 'prompt_filter_results':
        return readPromptFilterResults(value, place);
      case 'prompt_logprobs': // vLLM; the request's own tokens
        return repeated(value, place);
      default:
        sink.name(field, place.lane);
        return sink.rest(value, place);
    }
  });
}

function readPromptFilterResults(node: JsonNode, { doc, sink, key, lane }: Place): void {
  if (doc.type(node) !== 'array') return sink.whole(node, { key, lane });
  doc.items(node, (item, index) => {
    if (doc.type(item) !== 'object') return sink.whole(item, { key: `${key}.${index}`, lane });
    walkFields(doc, item, (name, value, again, field) => {
      const place = { doc, sink, key: fieldKey(`${key}.${index}`, name, again), lane };
      if (name === 'prompt_index') return structural(value, place);
      if (name === 'content_filter_results' || name === 'content_filter_result') return readFilterResults(value, place);
      sink.name(field, lane);
      return sink.whole(value, place);
    });
  });
}

/** The fields of a choice that do not depend on what it is a choice of. True: it was one of them. */
export function readChoiceField(name: string, value: JsonNode, place: Place): boolean {
  const { doc, sink } = place;
  switch (name) {
    case 'index':
      structural(value, place);
      return true;
    case 'finish_reason':
      addFact(sink.facts.finishReasons, shortName(doc, value));
      structural(value, place);
      return true;
    case 'logprobs':
    case 'content_filter_offsets': // Azure; places in the text of this choice
      repeated(value, place);
      return true;
    case 'content_filter_results':
    case 'content_filter_result':
      readFilterResults(value, place);
      return true;
    default:
      return false;
  }
}

/** Whether a choice has its finish reason. */
export function isFinished(doc: JsonDoc, choice: JsonNode): boolean {
  const reason = doc.field(choice, 'finish_reason');
  return reason !== undefined && doc.type(reason) === 'string';
}

/** What a client of a stream of chunks has open. */
export interface ChoicesPosition {
  readonly id: string | undefined;
  readonly model: string | undefined;
  readonly created: number | undefined;
  /** Indices of choices without a finish reason. */
  readonly open: readonly number[];
  readonly done: boolean;
}

/** A stream of chunks with choices, ended by `[DONE]`. */
export function openChoicesStream(readChoice: ReadChoice): StreamReader {
  return new ChoicesStream(readChoice);
}

/** There is one for each answer that streams: its fields are all that it takes. */
class ChoicesStream implements StreamReader {
  readonly #readChoice: ReadChoice;
  #open: Set<number> | undefined;
  /** As it was told last, but for changes of what is no list. */
  #last: ChoicesPosition = NOTHING_OPEN;
  /** Made anew only when something changed, most events change nothing. */
  #isChanged = false;

  constructor(readChoice: ReadChoice) {
    this.#readChoice = readChoice;
  }

  event(_name: string | undefined, doc: JsonDoc, sink: FormatSink): void {
    readEnvelope({ doc, sink }, (choices, key) => this.#readChunk({ doc, sink }, choices, key));
    if (this.#last.id !== undefined) return;
    const id = shortName(doc, doc.field(doc.root, 'id'));
    if (id === undefined) return;
    const created = count(doc, doc.field(doc.root, 'created'));
    this.#change({ id, created, model: shortName(doc, doc.field(doc.root, 'model')) });
  }

  marker(data: string, sink: FormatSink): boolean {
    if (data.trim() !== '[DONE]') return false;
    sink.ends('*');
    this.#open = undefined;
    this.#change({ done: true });
    return true;
  }

  position(): ChoicesPosition {
    if (this.#isChanged) {
      this.#last = { ...this.#last, open: this.#open === undefined ? NO_CHOICES : [...this.#open] };
      this.#isChanged = false;
    }
    return this.#last;
  }

  #change(changes: Partial<ChoicesPosition>): void {
    this.#last = { ...this.#last, ...changes };
    this.#isChanged = true;
  }

  #readChunk({ doc, sink }: Reading, choices: JsonNode, key: string): void {
    if (doc.type(choices) !== 'array') return sink.whole(choices, { key, lane: 'output' });
    doc.items(choices, (choice, ordinal) => {
      const index = count(doc, doc.field(choice, 'index')) ?? ordinal;
      this.#readChoice({ doc, sink }, choice, { key: `${key}.${index}`, streaming: true });
      const has = this.#open?.has(index) === true;
      if (isFinished(doc, choice)) this.#open?.delete(index);
      else if (!has) this.#begin(index);
      if (has !== (this.#open?.has(index) === true)) this.#isChanged = true;
    });
  }

  #begin(index: number): void {
    this.#open ??= new Set();
    if (this.#open.size < CHOICES_MAX) this.#open.add(index);
  }
}

const NO_CHOICES: readonly number[] = [];
const NOTHING_OPEN: ChoicesPosition = { id: undefined, model: undefined, created: undefined, open: NO_CHOICES, done: false };

/** The API allows 128 choices; more are not ended one by one. */
const CHOICES_MAX = 128;

/** A last chunk for each open choice, and `[DONE]`. `choice` is what an empty choice has besides its index and its reason. */
export function endChoices(
  position: ChoicesPosition | undefined,
  { object, id, choice }: { readonly object: string; readonly id: string; readonly choice: Readonly<Record<string, unknown>> },
): Buffer {
  if (position?.done === true) return Buffer.alloc(0);
  const head = { id: position?.id ?? id, object, created: position?.created ?? 0, model: position?.model ?? '' };
  const open = position === undefined || (position.id === undefined && position.open.length === 0) ? [0] : position.open;
  const chunks = open.map((index) => {
    const choices = [{ index, ...choice, logprobs: null, finish_reason: 'content_filter' }];
    return `data: ${JSON.stringify({ ...head, choices })}\n\n`;
  });
  return Buffer.from(`${chunks.join('')}data: [DONE]\n\n`);
}
