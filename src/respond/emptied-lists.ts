import type { ByteSpan } from '../lib/units.ts';
import { createJsonReader, type JsonDoc, type JsonNode } from '../wire/framing/json.ts';

/**
 * What has to go with declarations of tools that are taken out of a request: a list that would be empty (OpenAI refuses `tools: []`) with
 * the objects that hold nothing else, and the fields beside it that choose among its tools: with an empty list all of them, else those that
 * name a tool which is gone, since providers refuse a choice of what is not declared. Answers of JSON-RPC keep their lists: an empty one is
 * what a server says that has nothing to offer. `bytes` that are no JSON document come back with the elements alone.
 */
export function withEmptiedLists(bytes: Buffer, elements: readonly ByteSpan[]): readonly ByteSpan[] {
  const reader = createJsonReader(DEPTH_MAX);
  const result = elements.length === 0 ? undefined : reader.read(bytes);
  if (result?.ok !== true || result.doc.field(result.doc.root, 'jsonrpc') !== undefined) return elements;
  const removal: Removal = { doc: result.doc, elements, gone: namesIn(result.doc, elements), spans: [] };
  return prune(removal, result.doc.root) ? elements : removal.spans;
}

/** As deep as bodies are read at most. */
const DEPTH_MAX = 512;

/** By the list: what chooses among its tools, in all dialects. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  tools: ['tool_choice', 'toolChoice', 'parallel_tool_calls', 'toolConfig', 'tool_config'],
  functions: ['function_call'],
};

interface Removal {
  readonly doc: JsonDoc;
  readonly elements: readonly ByteSpan[];
  /** Names of what is removed. */
  readonly gone: ReadonlySet<string>;
  readonly spans: ByteSpan[];
}

interface Field {
  readonly name: string;
  readonly key: JsonNode;
  readonly value: JsonNode;
}

const isElement = ({ doc, elements }: Pick<Removal, 'doc' | 'elements'>, node: JsonNode): boolean =>
  elements.some(({ start, end }) => start === doc.start(node) && end === doc.end(node));

const holdsElement = ({ doc, elements }: Pick<Removal, 'doc' | 'elements'>, node: JsonNode): boolean =>
  elements.some(({ start, end }) => start >= doc.start(node) && end <= doc.end(node));

/** Notes what goes of a value; true: all of it. */
function prune(removal: Removal, node: JsonNode): boolean {
  if (!holdsElement(removal, node)) return false;
  return removal.doc.type(node) === 'array' ? pruneArray(removal, node) : pruneObject(removal, node);
}

function pruneArray(removal: Removal, node: JsonNode): boolean {
  const { doc, spans } = removal;
  const items: JsonNode[] = [];
  doc.items(node, (item) => items.push(item));
  const gone = items.filter((item) => isElement(removal, item) || prune(removal, item));
  if (gone.length === items.length) return true;
  spans.push(...gone.map((item) => ({ start: doc.start(item), end: doc.end(item) })));
  return false;
}

function pruneObject(removal: Removal, node: JsonNode): boolean {
  const { doc, spans } = removal;
  if (isElement(removal, node)) spans.push({ start: doc.start(node), end: doc.end(node) }); // of no array: our own bug, said by `removedSpans`
  const fields: Field[] = [];
  doc.fields(node, (key, value) => fields.push({ name: doc.fieldName(key), key, value }));
  const gone = new Set(fields.filter(({ value }) => prune(removal, value)));
  for (const list of fields) {
    if (!holdsElement(removal, list.value) || !Object.hasOwn(CHOICES, list.name)) continue;
    const choices = fields.filter(({ name }) => CHOICES[list.name]!.includes(name));
    for (const choice of choices) if (gone.has(list) || chooses(removal, choice.value)) gone.add(choice);
  }
  if (gone.size === fields.length) return true;
  spans.push(...[...gone].map(({ key, value }) => ({ start: doc.start(key), end: doc.end(value) })));
  return false;
}

/** Whether a value says the name of what is removed. */
function chooses(removal: Removal, node: JsonNode): boolean {
  const { doc, gone } = removal;
  let found = doc.type(node) === 'string' && gone.has(doc.text(node));
  doc.items(node, (item) => (found ||= chooses(removal, item)));
  doc.fields(node, (_, value) => (found ||= chooses(removal, value)));
  return found;
}

/** The names of elements, which stand in them or one object below. */
function namesIn(doc: JsonDoc, elements: readonly ByteSpan[]): ReadonlySet<string> {
  const names = new Set<string>();
  const note = (node: JsonNode | undefined): void => {
    if (node !== undefined && doc.type(node) === 'string') names.add(doc.text(node));
  };
  const find = (node: JsonNode): void => {
    if (isElement({ doc, elements }, node)) {
      note(doc.field(node, 'name'));
      doc.fields(node, (_, value) => note(doc.field(value, 'name')));
      return;
    }
    if (!holdsElement({ doc, elements }, node)) return;
    doc.items(node, find);
    doc.fields(node, (_, value) => find(value));
  };
  find(doc.root);
  return names;
}
