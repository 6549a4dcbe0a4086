import type { Lane } from '../../text/lane.ts';
import type { FormatSink } from '../format.ts';
import type { WireFacts } from '../frame.ts';
import type { JsonDoc, JsonNode } from '../framing/json.ts';
import { fieldKey, walkFields } from '../walk.ts';

/** Longest name or identifier taken for what it claims to be, in bytes; a longer one is text. */
const NAME_BYTES_MAX = 128;
/** Names kept per list of facts. */
const NAMES_MAX = 1024;

/** Where a field goes: the document, the sink, and the key and lane of its text. */
export interface Place {
  readonly doc: JsonDoc;
  readonly sink: FormatSink;
  readonly key: string;
  readonly lane: Lane;
}

/** A field that carries structure (an id, a type, a count), not text; anything else found there is read as text after all. */
export function structural(node: JsonNode, { doc, sink, key, lane }: Place): void {
  const type = doc.type(node);
  if (type === 'object' || type === 'array' || doc.size(node) > NAME_BYTES_MAX) sink.whole(node, { key, lane });
}

/** The text of a short string; undefined for anything else. */
export function shortName(doc: JsonDoc, node: JsonNode | undefined): string | undefined {
  if (node === undefined || doc.type(node) !== 'string' || doc.size(node) > NAME_BYTES_MAX) return undefined;
  return doc.name(node);
}

/** A field that holds encoded bytes (an image, audio, a signature): skipped while it is nothing but base64 or a base64 data URL. */
export function encodedBytes(node: JsonNode, { doc, sink, key, lane }: Place): void {
  if (doc.type(node) === 'string' && isEncoded(doc.text(node))) return;
  sink.whole(node, { key, lane });
}

/** A field of numbers (a vector, token ids, durations): the numbers are skipped, whatever else stands there is read. */
export function numbers(node: JsonNode, { doc, sink, key, lane }: Place): void {
  switch (doc.type(node)) {
    case 'string':
      return sink.whole(node, { key, lane });
    case 'array':
      return doc.items(node, (item, index) => {
        if (doc.type(item) !== 'number') numbers(item, { doc, sink, key: `${key}.${index}`, lane });
      });
    case 'object':
      return walkFields(doc, node, (name, value, again, field) => {
        sink.name(field, lane);
        numbers(value, { doc, sink, key: fieldKey(key, name, again), lane });
      });
    default:
      return;
  }
}

/** Sets a fact to a short name; leaves it alone when there is none. `first`: an earlier one stays. */
export function nameFact(
  facts: WireFacts,
  fact: 'model' | 'responseModel' | 'responseId' | 'conversationId' | 'clientName' | 'serverName',
  name: string | undefined,
  { first = false }: { readonly first?: boolean } = {},
): void {
  if (name !== undefined && name !== '' && !(first && facts[fact] !== undefined)) facts[fact] = name;
}

/** Chunks of a stream repeat the name: one look is enough. */
export const FIRST = { first: true } as const;

/** Adds a name to a list of facts, once. */
export function addFact(list: string[], name: string | undefined): void {
  if (name !== undefined && list.length < NAMES_MAX && !list.includes(name)) list.push(name);
}

/** A whole number that is not negative; undefined for anything else. */
export function count(doc: JsonDoc, node: JsonNode | undefined): number | undefined {
  if (node === undefined || doc.type(node) !== 'number') return undefined;
  const value = Number(doc.text(node));
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** Reads token counts from a usage object, under either dialect's names. */
export function readUsage(doc: JsonDoc, usage: JsonNode, facts: WireFacts): void {
  const input = count(doc, doc.field(usage, 'prompt_tokens') ?? doc.field(usage, 'input_tokens'));
  const output = count(doc, doc.field(usage, 'completion_tokens') ?? doc.field(usage, 'output_tokens'));
  if (input !== undefined) facts.inputTokens = input;
  if (output !== undefined) facts.outputTokens = output;
}

function isEncoded(text: string): boolean {
  const comma = text.startsWith('data:') ? text.indexOf(';base64,') : -1;
  if (comma > NAME_BYTES_MAX) return false;
  for (let i = comma < 0 ? 0 : comma + ';base64,'.length; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const letter = (c >= 0x30 && c <= 0x39) || ((c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a && c < 0x7b);
    if (!letter && c !== 0x2b && c !== 0x2f && c !== 0x3d && c !== 0x2d && c !== 0x5f) return false;
  }
  return true;
}
