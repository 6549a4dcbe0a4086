import { FIXED } from '../../lib/limits.ts';
import type { Lane } from '../../text/lane.ts';
import type { FormatSink } from '../format.ts';
import type { WireFacts } from '../frame.ts';
import type { JsonDoc, JsonNode } from '../framing/json.ts';
import { binaryAt } from '../framing/text.ts';
import type { ToolAnnotations } from '../tool-event.ts';
import type { ToolName } from '../tool-log.ts';
import { fieldKey, walkFields } from '../walk.ts';

/** Longest name or identifier taken for what it claims to be, in bytes or UTF-16 units; a longer one is text. */
const NAME_BYTES_MAX = 128;
/** Digits of the shortest number that can be a card's. */
const CARD_DIGITS_MIN = 13;
/** Lengths that keys and tokens have; shorter is none, longer is more than one. */
const TOKEN_BYTES_MIN = 16;
const TOKEN_BYTES_MAX = 256;
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
  if (!isStructure(node, doc)) sink.whole(node, { key, lane });
}

function isStructure(node: JsonNode, doc: JsonDoc): boolean {
  switch (doc.type(node)) {
    case 'string':
      return doc.size(node) <= NAME_BYTES_MAX && isIdentifier(doc.raw(node));
    case 'number':
      return doc.size(node) < CARD_DIGITS_MIN || doc.raw(node).includes(POINT);
    default:
      return doc.type(node) !== 'object' && doc.type(node) !== 'array';
  }
}

/** One word of what identifiers are made of: no sentence, no address and no number in groups fits into it. */
function isIdentifier(bytes: Buffer): boolean {
  for (const byte of bytes) if (IDENTIFIER[byte] === 0) return false;
  return true;
}

const POINT = 0x2e;
const IDENTIFIER = Uint8Array.from({ length: 256 }, (_, c) => (/[\w.:/+=%#~,-]/.test(String.fromCharCode(c)) && c < 0x80 ? 1 : 0));

/** Elements of a list, each below its place in it; anything but a list is read as text. */
export function eachItem(node: JsonNode, { doc, sink, key, lane }: Place, read: (item: JsonNode, place: Place) => void): void {
  if (doc.type(node) !== 'array') return sink.whole(node, { key, lane });
  sink.items(node, (item, index) => read(item, { doc, sink, key: `${key}.${index}`, lane }));
}

/** The text of a short string; undefined for anything else. */
export function shortName(doc: JsonDoc, node: JsonNode | undefined): string | undefined {
  if (node === undefined || doc.type(node) !== 'string' || doc.size(node) > ESCAPE_BYTES * NAME_BYTES_MAX) return undefined;
  const name = doc.name(node);
  return name.length <= NAME_BYTES_MAX ? name : undefined;
}

/** `\u0061`: as long as a letter gets in JSON. */
const ESCAPE_BYTES = 6;

/**
 * A field that holds encoded bytes which say nothing (a signature, a vector): skipped while it is nothing but base64 of what is no text;
 * looked at in place, however long. Of the length of a token it is read as well, because keys are written in the same letters.
 */
export function encodedBytes(node: JsonNode, { doc, sink, key, lane }: Place): void {
  if (doc.type(node) === 'string' && isEncoded(doc.raw(node))) return;
  sink.whole(node, { key, lane });
}

/** The same for bytes that may say something nobody here can read (an image, audio, a file), which is counted: base64 or a base64 data URL. */
export function mediaBytes(node: JsonNode, { doc, sink, key, lane }: Place): void {
  if (doc.type(node) !== 'string' || !isEncoded(doc.raw(node))) return sink.whole(node, { key, lane });
  if (doc.size(node) > 0) sink.media();
}

/** The name of a tool in a field: none where readers could find different ones. */
export function toolName(doc: JsonDoc, object: JsonNode | undefined, field = 'name'): ToolName {
  const node = object === undefined ? undefined : doc.field(object, field);
  if (node === undefined || doc.type(node) === 'null') return {};
  const name = shortName(doc, node);
  return name === undefined || timesOf(doc, object!, field) > 1 ? { isUnclear: true } : { name };
}

/**
 * Name and arguments of a call, whose object has the arguments in one of these fields. Two names or two sets of arguments are none that
 * anybody can judge: readers differ in which one holds.
 */
export function calledTool(
  doc: JsonDoc,
  object: JsonNode,
  { name, inputs }: { readonly name?: string; readonly inputs: readonly string[] },
): ToolName & { readonly input: JsonNode | undefined } {
  const named = toolName(doc, object, name);
  const given = inputs.filter((field) => doc.field(object, field) !== undefined);
  const isUnclear = named.isUnclear === true || given.length > 1 || given.some((field) => timesOf(doc, object, field) > 1);
  return { ...named, isUnclear, input: given.length === 0 ? undefined : doc.field(object, given[0]!) };
}

/** What an MCP server says its tool does; undefined where it says nothing. */
export function annotationsOf(doc: JsonDoc, annotations: JsonNode | undefined): ToolAnnotations | undefined {
  if (annotations === undefined) return undefined;
  const hint = (name: string): boolean | undefined => {
    const node = doc.field(annotations, name);
    const type = node === undefined ? 'null' : doc.type(node);
    return type === 'true' || (type === 'false' ? false : undefined);
  };
  return {
    readOnly: hint('readOnlyHint'),
    destructive: hint('destructiveHint'),
    idempotent: hint('idempotentHint'),
    openWorld: hint('openWorldHint'),
  };
}

/** A field that stands once in an object; of two, readers differ in which one holds. */
export function onlyField(doc: JsonDoc, object: JsonNode, name: string): JsonNode | undefined {
  return timesOf(doc, object, name) === 1 ? doc.field(object, name) : undefined;
}

/** How often a field stands in an object, in any letter case. */
function timesOf(doc: JsonDoc, object: JsonNode, name: string): number {
  let times = 0;
  doc.fields(object, (key) => {
    if (doc.fieldIs(key, name)) times++;
  });
  return times;
}

/** The role of a message; empty when it has none, or two: readers differ in which one holds, so it gets none that is trusted. */
export function roleOf(doc: JsonDoc, message: JsonNode): string {
  return timesOf(doc, message, 'role') === 1 ? (shortName(doc, doc.field(message, 'role')) ?? '') : '';
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

/** A field that says text of this frame again, piece by piece beside numbers (`logprobs`): read, and null where the frame is rewritten. */
export function repeated(node: JsonNode, place: Place): void {
  numbers(node, place);
  place.sink.echo(node);
}

/** Facts that are one name. */
type NameFact = Exclude<
  { [Name in keyof WireFacts]-?: WireFacts[Name] extends string | undefined ? Name : never }[keyof WireFacts],
  'model'
>;

/** Sets a fact to a short name; leaves it alone when there is none. `first`: an earlier one stays. */
export function nameFact(
  facts: WireFacts,
  fact: NameFact,
  name: string | undefined,
  { first = false }: { readonly first?: boolean } = {},
): void {
  if (name !== undefined && name !== '' && !(first && facts[fact] !== undefined)) facts[fact] = name;
}

/**
 * The model a request asks for, in its path or a field. The last one is shown; of those before it (a batch, a key that stands twice, a
 * path that says another one than the body) providers may read any, so all of them are kept for permissions.
 */
export function modelFact(facts: WireFacts, name: string): void {
  if (name === '' || name.length > MODEL_UNITS_MAX) return otherModel(facts, '');
  if (facts.model !== undefined && facts.model !== name) otherModel(facts, facts.model);
  facts.model = name;
}

function otherModel(facts: WireFacts, name: string): void {
  facts.otherModels ??= [];
  const kept = facts.otherModels.length < NAMES_MAX ? name : '';
  if (!facts.otherModels.includes(kept)) facts.otherModels.push(kept);
}

/** `modelFact` of a field: null names no model, anything else that is no string one that nobody can say. */
export function modelField(facts: WireFacts, doc: JsonDoc, node: JsonNode): void {
  if (doc.type(node) !== 'null') modelFact(facts, modelName(doc, node));
}

/** Models to fall back to, in the order they are tried (OpenRouter's `models`): each may answer. */
export function modelList(facts: WireFacts, doc: JsonDoc, list: JsonNode): void {
  if (doc.type(list) !== 'array') return modelField(facts, doc, list);
  doc.items(list, (item) => {
    const name = modelName(doc, item);
    if (facts.model === undefined) modelFact(facts, name);
    else if (name !== facts.model) otherModel(facts, name.length > MODEL_UNITS_MAX ? '' : name);
  });
}

/** Empty: nobody can say it. */
function modelName(doc: JsonDoc, node: JsonNode): string {
  if (doc.type(node) !== 'string' || doc.size(node) > MODEL_BYTES_MAX) return '';
  const name = doc.name(node);
  return name.startsWith(GEMINI_PREFIX) ? name.slice(GEMINI_PREFIX.length) : name;
}

/** Resource names of the Gemini API in bodies; its paths have the rest. */
const GEMINI_PREFIX = 'models/';

/** `modelFact` of a part of a path, percent-encoded as clients like. */
export function pathModel(facts: WireFacts, encoded: string): void {
  modelFact(facts, decodedPart(encoded));
}

/** A part of a path without its percent encoding; as it stands where that is broken. */
export function decodedPart(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** For whom a request says it is made; its beginning where it is longer than a claim may be. */
export function personName(doc: JsonDoc, node: JsonNode | undefined): string | undefined {
  if (node === undefined || doc.type(node) !== 'string' || doc.size(node) > PERSON_BYTES_MAX) return undefined;
  return doc.name(node).slice(0, FIXED.claimUnits);
}

const PERSON_BYTES_MAX = ESCAPE_BYTES * FIXED.claimUnits;

/** No model, deployment or ARN of one is longer. */
const MODEL_UNITS_MAX = 2048;
const MODEL_BYTES_MAX = ESCAPE_BYTES * MODEL_UNITS_MAX;

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

/**
 * Bytes of base64 and base64url, `\/` and `\u003d` as JSON writers escape them. Digits alone are no base64: they are a number. What is
 * encoded is not believed to be no text, whatever its type: as of a body, its beginning tells.
 */
function isEncoded(bytes: Buffer): boolean {
  const end = bytes.length;
  let seen = NONE;
  let at = dataUrlStart(bytes);
  if (end - at >= TOKEN_BYTES_MIN && (isToken(bytes, at) || encodesText(bytes, at))) return false;
  while (at < end) {
    const kind = BASE64[bytes[at]!]!;
    if (kind !== NONE) {
      seen |= kind;
      at++;
      continue;
    }
    const size = escapedBase64(bytes, at);
    if (size === 0) return false;
    at += size;
  }
  return end === 0 || (seen & LETTER) !== 0;
}

const isToken = (bytes: Buffer, at: number): boolean => at === 0 && bytes.length < TOKEN_BYTES_MAX;

/** Whether the base64 from `at` on begins with text, as far as its first bytes say. */
function encodesText(bytes: Buffer, at: number): boolean {
  const written = bytes.toString('latin1', at, at + SNIFFED_BYTES);
  const encoded = BASE64_ESCAPES.reduce((text, [from, to]) => text.replaceAll(from, to), written);
  return binaryAt(Buffer.from(encoded, 'base64')) < 0;
}

/** Base64 of as many bytes as are looked at of a body that claims to be no text. */
const SNIFFED_BYTES = 4 * Math.ceil(512 / 3);
const BASE64_ESCAPES = [
  ['\\/', '/'],
  ['\\u002f', '/'],
  ['\\u002F', '/'],
  ['\\u002b', '+'],
  ['\\u002B', '+'],
] as const;

/** Where the base64 of a data URL begins; 0 when it is none, or when its head is more than a media type with parameters. */
function dataUrlStart(bytes: Buffer): number {
  if (bytes.toString('latin1', 0, 5) !== 'data:') return 0;
  const at = bytes.subarray(0, NAME_BYTES_MAX).indexOf(BASE64_MARK);
  return at < 0 || !isMediaType(bytes.subarray(5, at)) ? 0 : at + BASE64_MARK.length;
}

/** Nothing but what media types and their parameters are written in: no sentence. */
function isMediaType(bytes: Buffer): boolean {
  return bytes.every((byte) => IDENTIFIER[byte] === 1 || byte === 0x3b || byte === 0x5c);
}

const BASE64_MARK = ';base64,';
const NONE = 0;
const LETTER = 2;

/** 2 for a letter, 1 for the other characters of base64 and base64url. */
const BASE64 = Uint8Array.from({ length: 256 }, (_, c) => {
  const letter = (c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a;
  return letter ? LETTER : '0123456789+/=-_'.includes(String.fromCharCode(c)) ? 1 : NONE;
});

/** Length of an escape that stands for a character of base64; 0 when it is none. */
function escapedBase64(bytes: Buffer, at: number): number {
  if (bytes[at] !== 0x5c) return 0;
  if (bytes[at + 1] === 0x2f) return 2;
  const written = bytes.toString('latin1', at, at + 6).toLowerCase();
  return written === '\\u003d' || written === '\\u002b' || written === '\\u002f' ? 6 : 0;
}
