import { isMap, isNode, isPair, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import type { PolicyError } from './problem.ts';

/** A policy file as it was read by the shell. `file` is the name used in messages. */
export interface PolicySource {
  readonly file: string;
  readonly text: string;
}

/** Keys and indexes from the top of the document, e.g. `['routes', 0, 'match']`. */
export type YamlPath = readonly PropertyKey[];

/** A parsed YAML document that remembers where everything stood. */
export interface YamlDocument {
  /** Plain data: objects, arrays, strings, numbers, booleans, null. */
  readonly data: unknown;
  /** A problem at a value; when nothing stands at the path, at its nearest parent. */
  problemAt(path: YamlPath, message: string): PolicyError;
  /** A problem at the key of a mapping's entry. */
  problemAtKey(path: YamlPath, message: string): PolicyError;
}

export type YamlResult =
  | { readonly ok: true; readonly document: YamlDocument }
  | { readonly ok: false; readonly errors: readonly PolicyError[] };

/** Reads YAML 1.2. Duplicate keys, unknown tags, several documents and runaway aliases are errors. An empty file is an empty policy. */
export function readYaml({ file, text }: PolicySource): YamlResult {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problem = (offset: number, message: string): PolicyError => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col), message };
  };
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) return { ok: false, errors: faults.map(({ pos, message }) => problem(pos[0], `not valid YAML: ${message}`)) };
  const data = plainData(document);
  if (data === undefined)
    return { ok: false, errors: [problem(0, 'not valid YAML: its aliases (*name) expand to too much; write the values out')] };
  return {
    ok: true,
    document: {
      data: data.value ?? {},
      problemAt: (path, message) => problem(offsetOf(document.contents, path), message),
      problemAtKey: (path, message) => problem(keyOffsetOf(document.contents, path), message),
    },
  };
}

function plainData(document: ReturnType<typeof parseDocument>): { readonly value: unknown } | undefined {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

function offsetOf(root: ParsedNode | null, path: YamlPath): number {
  let node: unknown = root;
  let offset = startOf(root);
  for (const step of path) {
    node = child(node, step);
    if (!isNode(node)) return offset;
    offset = startOf(node);
  }
  return offset;
}

function keyOffsetOf(root: ParsedNode | null, path: YamlPath): number {
  let node: unknown = root;
  for (const step of path.slice(0, -1)) node = child(node, step);
  const key = entry(node, path.at(-1))?.key;
  return isNode(key) ? startOf(key) : offsetOf(root, path);
}

function child(node: unknown, step: PropertyKey): unknown {
  if (isSeq(node)) return node.items[Number(step)];
  return entry(node, step)?.value;
}

function entry(node: unknown, step: PropertyKey | undefined) {
  if (!isMap(node)) return undefined;
  return node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step));
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
