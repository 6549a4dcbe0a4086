import { FIXED } from '../lib/limits.ts';
import type { JsonDoc, JsonNode } from './framing/json.ts';

/** What a request says about the form of its answer. */
export type DeclaredSchema =
  /** The answer's text is one JSON value; `schema` is plain data, `true` where the request only says that it is JSON. */
  | { readonly kind: 'schema'; readonly schema: unknown }
  /** There is a schema, and it is over `FIXED.schemaBytes`. */
  | { readonly kind: 'too-large' };

/** The schema a request wants its answer in; undefined: it says nothing, or its dialect has no such thing. */
export function declaredSchema(doc: JsonDoc, dialect: string): DeclaredSchema | undefined {
  const node = Object.hasOwn(READERS, dialect) ? READERS[dialect]!(doc) : undefined;
  if (node === undefined || node === 'json' || node === 'object') return node && { kind: 'schema', schema: ANY[node] };
  if (doc.size(node) > FIXED.schemaBytes) return { kind: 'too-large' };
  const written = doc.raw(node).toString();
  // Read once, so that it is JSON, but of a string the quotes are missing.
  return doc.type(node) === 'object' ? { kind: 'schema', schema: JSON.parse(written) } : undefined;
}

/** The texts of an answer that such a schema is about, as their keys read; `#` stands for a number. */
export function isAnswerKey(key: string, dialect: string): boolean {
  const shape = Object.hasOwn(ANSWER_KEYS, dialect) ? ANSWER_KEYS[dialect]! : [];
  return shape.length > 0 && shape.includes(numbersAsSigns(key));
}

/** A schema, or only that the answer is JSON, or a JSON object. */
type Declared = JsonNode | 'json' | 'object' | undefined;

const ANY = { json: true, object: { type: 'object' } } as const;

const ANSWER_KEYS: Readonly<Record<string, readonly string[]>> = {
  'openai-chat': ['choices.#.content'],
  'openai-responses': ['output.#.content.#'],
  'anthropic-messages': ['content.#'],
  gemini: ['candidates.#.text'],
  ollama: ['message.content', 'response'],
  cohere: ['content.#'],
};

const READERS: Readonly<Record<string, (doc: JsonDoc) => Declared>> = {
  /** https://platform.openai.com/docs/guides/structured-outputs; Azure, Mistral, Groq and vLLM have the same. */
  'openai-chat': (doc) => formatOf(doc, at(doc, doc.root, ['response_format'])),
  'openai-responses': (doc) => formatOf(doc, at(doc, doc.root, ['text', 'format'])),
  /** https://docs.claude.com/en/docs/build-with-claude/structured-outputs, its first spelling too. */
  'anthropic-messages': (doc) => formatOf(doc, at(doc, doc.root, ['output_config', 'format']) ?? at(doc, doc.root, ['output_format'])),
  gemini: readGemini,
  /** https://docs.ollama.com/capabilities/structured-outputs */
  ollama(doc) {
    const format = doc.field(doc.root, 'format');
    if (format === undefined) return undefined;
    return doc.type(format) === 'object' ? format : is(doc, format, 'json') ? 'json' : undefined;
  },
  /** https://docs.cohere.com/docs/structured-outputs */
  cohere: (doc) => formatOf(doc, at(doc, doc.root, ['response_format'])),
};

/** `{type: json_schema, …}` with the schema in any of the places that APIs have for it. */
function formatOf(doc: JsonDoc, format: JsonNode | undefined): Declared {
  if (format === undefined) return undefined;
  const type = doc.field(format, 'type');
  const places = [['json_schema', 'schema'], ['schema'], ['json_schema']];
  const schema = places.map((path) => at(doc, format, path)).find((node) => node !== undefined);
  if (is(doc, type, 'json_schema')) return schema;
  return is(doc, type, 'json_object') ? (schema ?? 'object') : undefined;
}

/** https://ai.google.dev/gemini-api/docs/structured-output; the names are written in either style. */
function readGemini(doc: JsonDoc): Declared {
  const config = doc.field(doc.root, 'generationConfig') ?? doc.field(doc.root, 'generation_config');
  if (config === undefined) return undefined;
  const names = ['responseJsonSchema', 'response_json_schema', 'responseSchema', 'response_schema'];
  const schema = names.map((name) => doc.field(config, name)).find((node) => node !== undefined && doc.type(node) === 'object');
  const type = doc.field(config, 'responseMimeType') ?? doc.field(config, 'response_mime_type');
  return schema ?? (is(doc, type, 'application/json') ? 'json' : undefined);
}

function at(doc: JsonDoc, from: JsonNode, path: readonly string[]): JsonNode | undefined {
  return path.reduce<JsonNode | undefined>((node, name) => (node === undefined ? undefined : doc.field(node, name)), from);
}

function is(doc: JsonDoc, node: JsonNode | undefined, text: string): boolean {
  return node !== undefined && doc.type(node) === 'string' && doc.keyIs(node, text);
}

function numbersAsSigns(key: string): string {
  return key
    .split('.')
    .map((part) => ([...part].every((digit) => digit >= '0' && digit <= '9') ? '#' : part))
    .join('.');
}
