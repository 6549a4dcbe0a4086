import type { Denial, FormatSink, StreamFraming, StreamReader, WireFormat } from '../format.ts';
import type { WireFacts } from '../frame.ts';
import { eventStreamMessage } from '../framing/aws-eventstream.ts';
import type { JsonDoc, JsonNode } from '../framing/json.ts';
import { fieldKey, walkFields } from '../walk.ts';
import { anthropicMessages } from './anthropic-messages.ts';
import {
  type BedrockReading,
  bedrockCall,
  bedrockConverse,
  bedrockDenial,
  type ConversePosition,
  converseEnding,
  eventHeaders,
  isConverseEvent,
  readBedrockHead,
  readPadding,
} from './bedrock-converse.ts';
import { cohereV1 } from './cohere-v1.ts';
import { addFact, count, mediaBytes, numbers, type Place, shortName, structural } from './fields.ts';
import { openaiChat } from './openai-chat.ts';

/**
 * Amazon Bedrock InvokeModel and InvokeModelWithResponseStream: bodies as the maker of the model has them. Claude speaks Anthropic
 * Messages, Nova speaks Converse, Command speaks Cohere v1, those with `choices` speak OpenAI chat; the others (Titan, Llama, Mistral,
 * Jurassic, Stable Diffusion, embeddings) have a prompt and one or more texts. Bodies say themselves which they are; the model in the path decides where
 * they do not: ids of imported models and inference profiles say nothing. Streams carry the bodies as base64 in `chunk` messages.
 * A redacted request no longer has the client's signature: see docs/bedrock.md.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelWithResponseStream.html,
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html
 */
export const bedrockInvoke: WireFormat = {
  id: 'bedrock-invoke',
  provider: () => 'aws.bedrock',
  operation: ({ path }) => operationOf(bedrockCall(path, INVOKE)?.model ?? ''),
  recognise: ({ path }) => bedrockCall(path, INVOKE) !== undefined,
  readHead: (head, facts) => readBedrockHead(head, facts, INVOKE),
  readBody(doc, sink, direction) {
    const family = direction === 'request' ? familyOfRequest(doc, sink.facts) : familyOfAnswer(doc);
    if (family !== 'plain') FAMILIES[family].readBody(doc, sink, direction);
    else if (direction === 'request') readPlainRequest({ doc, sink });
    else readOutput({ doc, sink, key: 'body', lane: 'output' }, doc.root, { streaming: false });
    if (direction === 'response') readMetrics(doc, sink.facts);
  },
  openStream: openInvokeStream,
  denial: bedrockDenial,
  ending: (position, denial) => endStream(position as InvokePosition | undefined, denial), // made by `position()` below
};

const INVOKE: ReadonlyMap<string, boolean> = new Map([
  ['invoke', false],
  ['invoke-with-response-stream', true],
]);

/** The id of a model says what it is for; those of imported models and inference profiles say nothing. */
function operationOf(model: string): string {
  if (model.includes('rerank')) return 'rerank';
  return model.includes('embed') ? 'embeddings' : 'chat';
}

/** Bodies that another dialect reads. */
const FAMILIES = {
  anthropic: anthropicMessages,
  cohere: cohereV1,
  converse: bedrockConverse,
  openai: openaiChat,
} as const satisfies Record<string, WireFormat>;

type Family = keyof typeof FAMILIES | 'plain';

function familyOfRequest(doc: JsonDoc, { model = '' }: WireFacts): Family {
  const has = (name: string): boolean => doc.field(doc.root, name) !== undefined;
  if (!has('messages')) return has('message') || has('texts') || model.includes('cohere.') ? 'cohere' : 'plain';
  if (has('anthropic_version') || model.includes('anthropic.')) return 'anthropic';
  if (has('schemaVersion') || has('inferenceConfig') || has('toolConfig') || model.includes('amazon.nova')) return 'converse';
  return 'openai';
}

function familyOfAnswer(doc: JsonDoc): Family {
  const has = (name: string): boolean => doc.field(doc.root, name) !== undefined;
  if (has('choices')) return 'openai';
  if (has('output') && has('stopReason')) return 'converse';
  if (has('generation_id') || has('generations') || has('response_type')) return 'cohere';
  return has('content') && has('type') ? 'anthropic' : 'plain';
}

function familyOfEvent(doc: JsonDoc): Family {
  let family: Family = 'plain';
  doc.fields(doc.root, (key) => {
    const name = doc.name(key);
    if (name === 'choices') family = 'openai';
    else if (name === 'event_type' || name === 'is_finished') family = 'cohere';
    else if (name === 'type') family = 'anthropic';
    else if (isConverseEvent(name)) family = 'converse';
  });
  return family;
}

const METRICS = 'amazon-bedrock-invocationMetrics';

/** Counts of tokens, as Bedrock adds them to the last event of any model. */
function readMetrics(doc: JsonDoc, facts: WireFacts): void {
  const metrics = doc.field(doc.root, METRICS) ?? doc.root;
  const input = first(doc, metrics, ['inputTokenCount', 'inputTextTokenCount', 'prompt_token_count']);
  const output = first(doc, metrics, ['outputTokenCount', 'totalOutputTextTokenCount', 'generation_token_count']);
  if (input !== undefined) facts.inputTokens = input;
  if (output !== undefined) facts.outputTokens = output;
}

function first(doc: JsonDoc, node: JsonNode, names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = count(doc, doc.field(node, name));
    if (value !== undefined) return value;
  }
  return undefined;
}

// ---- requests of models that take a prompt

function readPlainRequest({ doc, sink }: BedrockReading): void {
  if (doc.type(doc.root) !== 'object') return sink.rest(doc.root, { key: 'body', lane: 'other' });
  walkFields(doc, doc.root, (name, value, again, field) => {
    const key = `${name}${again}`;
    switch (name) {
      case 'prompt':
      case 'inputText': // Titan
      case 'text':
      case 'text_prompts':
      case 'textToImageParams':
      case 'negative_prompt':
        return sink.rest(value, { key, lane: 'user' });
      case 'system':
        return sink.rest(value, { key, lane: 'system' });
      case 'image':
      case 'images':
      case 'inputImage':
      case 'init_image':
        return readImages({ doc, sink, key, lane: 'other' }, value);
      default:
        sink.name(field, 'other');
        return sink.rest(value, { key: fieldKey('body', name, again), lane: 'other' });
    }
  });
}

function readImages(place: Place, node: JsonNode): void {
  const { doc } = place;
  if (doc.type(node) !== 'array') return mediaBytes(node, place);
  doc.items(node, (item, index) => mediaBytes(item, { ...place, key: `${place.key}.${index}` }));
}

// ---- answers of these models

interface OutputOptions {
  /** An unknown text may go on in the next event. */
  readonly streaming: boolean;
}

/** Texts with their finish reasons and counts, at any depth: `results[].outputText`, `outputs[].text`, `generation` … */
function readOutput(place: Place, node: JsonNode, options: OutputOptions): void {
  const { doc, sink, lane } = place;
  if (doc.type(node) === 'array') {
    return doc.items(node, (item, index) => readOutput({ ...place, key: `${place.key}.${index}` }, item, options));
  }
  if (doc.type(node) !== 'object') return sink.text(node, place);
  walkFields(doc, node, (name, value, again, field) => {
    const inner = { doc, sink, key: fieldKey(place.key, name, again), lane };
    if (LISTS.has(name)) return readOutput(inner, value, options);
    if (readOutputField(inner, value, name)) return;
    sink.name(field, lane);
    return options.streaming ? sink.rest(value, inner) : sink.whole(value, inner);
  });
}

/** Titan, Mistral, AI21, Stability. */
const LISTS: ReadonlySet<string> = new Set(['results', 'outputs', 'completions', 'data', 'artifacts']);

/** True: it was a field these answers have. */
function readOutputField(place: Place, value: JsonNode, name: string): boolean {
  const { doc, sink } = place;
  switch (name) {
    case 'outputText':
    case 'generation':
    case 'completion':
    case 'text':
      sink.text(value, place);
      return true;
    case 'completionReason':
    case 'stop_reason':
    case 'finishReason':
      addFact(sink.facts.finishReasons, shortName(doc, value));
      structural(value, place);
      return true;
    case 'id':
    case 'index':
    case 'tokenCount':
    case 'inputTextTokenCount':
    case 'totalOutputTextTokenCount':
    case 'prompt_token_count':
    case 'generation_token_count':
      structural(value, place);
      return true;
    case 'embedding':
    case 'embeddings':
    case 'embeddingsByType':
      numbers(value, place);
      return true;
    case 'images':
    case 'base64':
      readImages(place, value);
      return true;
    case 'tokens': // the text again, in pieces
      sink.whole(value, place);
      sink.echo(value);
      return true;
    case METRICS:
    case 'prompt': // the request's, again
      sink.whole(value, place);
      return true;
    default:
      return false;
  }
}

// ---- streams

interface InvokePosition {
  readonly family: Family;
  /** Snapshot of the reader the events are given to. */
  readonly inner: unknown;
  /** The field that carries the text of a model that has events of its own kind; undefined: none is known. */
  readonly textField: TextField | undefined;
  readonly finished: boolean;
}

/** Fields of whose events an ending is known. */
type TextField = 'outputText' | 'generation';

/** The first event says which family's they are; every text is read whatever the others look like. */
function openInvokeStream(framing: StreamFraming): StreamReader {
  let family: Family | undefined;
  let reader: StreamReader | undefined;
  let textField: TextField | undefined;
  let finished = false;

  function read(doc: JsonDoc, sink: FormatSink): void {
    family ??= familyOfEvent(doc);
    if (family === 'plain') readPlain(doc, sink);
    else {
      reader ??= FAMILIES[family].openStream('sse');
      reader.event(undefined, doc, sink);
    }
    readMetrics(doc, sink.facts);
  }

  function readPlain(doc: JsonDoc, sink: FormatSink): void {
    readOutput({ doc, sink, key: 'event', lane: 'output' }, doc.root, { streaming: true });
    if (doc.field(doc.root, 'outputText') !== undefined) textField = 'outputText';
    if (doc.field(doc.root, 'generation') !== undefined) textField = 'generation';
    finished ||= FINISHES.some((name) => shortName(doc, doc.field(doc.root, name)) !== undefined);
  }

  /** `{bytes, p}`, the first opened already. */
  function readChunk(doc: JsonDoc, sink: FormatSink): void {
    walkFields(doc, doc.root, (name, value, again, field) => {
      const place = { doc, sink, key: fieldKey('chunk', name, again), lane: 'output' } as const;
      if (name === 'bytes') return doc.type(value) === 'object' ? read({ ...doc, root: value }, sink) : sink.rest(value, place);
      if (name === 'p') return readPadding(place, value);
      sink.name(field, 'output');
      return sink.rest(value, place);
    });
  }

  return {
    event(name, doc, sink) {
      if (name === 'chunk' && doc.type(doc.root) === 'object') return readChunk(doc, sink);
      if (framing !== 'aws-eventstream') return read(doc, sink);
      return sink.whole(doc.root, { key: 'event', lane: 'output' }); // an exception
    },
    marker: () => false,
    position(): InvokePosition | undefined {
      return family === undefined ? undefined : { family, inner: reader?.position(), textField, finished };
    },
  };
}

const FINISHES = ['completionReason', 'stop_reason'];

function endStream(position: InvokePosition | undefined, denial: Denial): Buffer {
  if (position === undefined) return Buffer.alloc(0);
  const chunks = endingPayloads(position, denial).map((payload) => JSON.stringify({ bytes: Buffer.from(payload).toString('base64') }));
  return Buffer.concat(chunks.map((chunk) => eventStreamMessage(eventHeaders('chunk'), chunk)));
}

/** JSON texts of the last events; none where the family has no legal early end, or has had its end. */
function endingPayloads({ family, inner, textField, finished }: InvokePosition, denial: Denial): readonly string[] {
  switch (family) {
    case 'anthropic':
    case 'cohere':
    case 'openai':
      return ssePayloads(FAMILIES[family].ending(inner, denial));
    case 'converse':
      return converseEnding(inner as ConversePosition | undefined).map(([name, payload]) => JSON.stringify({ [name]: payload }));
    case 'plain':
      return textField === undefined || finished ? [] : [JSON.stringify(LAST_EVENTS[textField])];
    default:
      return family satisfies never;
  }
}

/** The JSON in server-sent events that a dialect of ours has written. */
function ssePayloads(events: Buffer): readonly string[] {
  const lines = events.toString('utf8').split('\n');
  return lines.filter((line) => line.startsWith('data: {')).map((line) => line.slice('data: '.length));
}

const LAST_EVENTS = {
  outputText: { outputText: '', index: 0, totalOutputTextTokenCount: 0, completionReason: 'CONTENT_FILTERED', inputTextTokenCount: null },
  generation: { generation: '', prompt_token_count: null, generation_token_count: 0, stop_reason: 'content_filter' },
} as const satisfies Record<TextField, object>;
