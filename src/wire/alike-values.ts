import type { JsonDoc, JsonNode } from './framing/json.ts';

/** Fields compared with each other; more that hold objects are taken for a table. */
const COMPARED_MAX = 32;
/** Keys read of each object. */
const KEYS_MAX = 32;
/** Longest key that is told from others. */
const KEY_BYTES_MAX = 64;

/**
 * Those of the named fields whose values look like rows of one table: objects, or lists of objects, that have half of their keys or more in
 * common with those of another of them. Empty objects are alike.
 */
export function alikeFields(doc: JsonDoc, named: ReadonlyMap<string, { readonly nodes: readonly JsonNode[] }>): ReadonlySet<string> {
  const alike = new Set<string>();
  const rows = [...named].flatMap(([name, { nodes }]) => {
    const keys = nodes.map((node) => rowKeys(doc, node)).find((found) => found !== undefined);
    return keys === undefined ? [] : [{ name, keys }];
  });
  if (rows.length > COMPARED_MAX) return new Set(rows.map(({ name }) => name));
  for (const [at, one] of rows.entries())
    for (const other of rows.slice(at + 1)) if (areAlike(one.keys, other.keys)) alike.add(one.name).add(other.name);
  return alike;
}

/** Keys of an object, or of the first object of a list; undefined for what is neither. */
function rowKeys(doc: JsonDoc, node: JsonNode): ReadonlySet<string> | undefined {
  if (doc.type(node) === 'array') {
    let first: JsonNode | undefined;
    doc.items(node, (item, index) => {
      if (index === 0) first = item;
    });
    return first !== undefined && doc.type(first) === 'object' ? keysOf(doc, first) : undefined;
  }
  return doc.type(node) === 'object' ? keysOf(doc, node) : undefined;
}

function keysOf(doc: JsonDoc, object: JsonNode): ReadonlySet<string> {
  const keys = new Set<string>();
  doc.fields(object, (key) => {
    if (keys.size < KEYS_MAX) keys.add(doc.size(key) > KEY_BYTES_MAX ? '' : doc.name(key));
  });
  return keys;
}

function areAlike(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const shared = one.intersection(other).size;
  return shared * 2 >= one.size + other.size - shared;
}
