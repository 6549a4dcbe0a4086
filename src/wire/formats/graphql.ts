import { unitAt } from '../../lib/unit-at.ts';
import type { Direction, Lane } from '../../text/lane.ts';
import type { Denial, FormatSink, TextPart, WireFormat } from '../format.ts';
import type { JsonDoc, JsonNode } from '../framing/json.ts';
import { innerEscape } from '../nested.ts';
import { fieldKey, walkFields } from '../walk.ts';
import { addFact, structural } from './fields.ts';

/**
 * GraphQL over HTTP, alone or in batches, and its streams of events. A GET has its query in the path, which is no body.
 * https://graphql.github.io/graphql-over-http/draft/, https://spec.graphql.org/October2021/
 */
export const graphql: WireFormat = {
  id: 'graphql',
  provider: () => undefined,
  operation: () => undefined,
  recognise: ({ path }) => path.endsWith('/graphql') || path.endsWith('/graphql/'),
  recogniseBody(doc) {
    const query = queryOf(doc);
    return query !== undefined && operationKinds(query) !== undefined;
  },
  fits: (doc) => FIELDS.some((name) => doc.field(firstOperation(doc), name) !== undefined),
  readBody(doc, sink, direction) {
    readDocument({ doc, sink, direction });
  },
  readPart: ({ name }) => PART_LANES.get(name ?? ''),
  openStream: () => ({
    whole: true,
    event(_name, doc, sink) {
      sink.rest(doc.root, { key: 'event', lane: 'output' }); // a subscription may carry an answer piece by piece
    },
    marker: () => false,
    position: () => undefined,
  }),
  denial: (denial) => ({ status: denial.status, contentType: 'application/json', body: JSON.stringify({ errors: [errorOf(denial)] }) }),
  ending: (_position, denial) => Buffer.from(`event: next\ndata: ${JSON.stringify({ errors: [errorOf(denial)] })}\n\n${COMPLETE}`),
};

/** https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverSSE.md */
const COMPLETE = 'event: complete\ndata:\n\n';

const FIELDS = ['query', 'operationName', 'variables', 'extensions', 'documentId', 'id'];

/** Forms, and uploads with their documents: https://github.com/jaydenseric/graphql-multipart-request-spec */
const PART_LANES: ReadonlyMap<string, Lane | 'structural'> = new Map([
  ['query', 'query'],
  ['operationName', 'structural'],
  ['extensions', 'other'],
]);

interface Reading {
  readonly doc: JsonDoc;
  readonly sink: FormatSink;
}

/** The operation, or the first of a batch; the root when there is none. */
function firstOperation(doc: JsonDoc): JsonNode {
  let first = doc.root;
  if (doc.type(doc.root) === 'array') {
    doc.items(doc.root, (item, index) => {
      if (index === 0) first = item;
    });
  }
  return first;
}

function queryOf(doc: JsonDoc): string | undefined {
  const query = doc.field(firstOperation(doc), 'query');
  return query === undefined || doc.type(query) !== 'string' ? undefined : doc.text(query);
}

function readDocument({ doc, sink, direction }: Reading & { readonly direction: Direction }): void {
  if (direction === 'response') return sink.whole(doc.root, { key: 'body', lane: 'output' });
  if (doc.type(doc.root) !== 'array') return readOperation({ doc, sink }, doc.root, 'body');
  doc.items(doc.root, (operation, index) => readOperation({ doc, sink }, operation, `body.${index}`));
}

/** The document is the query, and each value of its variables is a text of its own. */
function readOperation({ doc, sink }: Reading, operation: JsonNode, key: string): void {
  if (doc.type(operation) !== 'object') return sink.whole(operation, { key, lane: 'other' });
  walkFields(doc, operation, (name, value, again, field) => {
    const place = (lane: Lane) => ({ doc, sink, key: fieldKey(key, name, again), lane });
    switch (name) {
      case 'query':
        return readQuery({ doc, sink }, value, place('query'));
      case 'variables':
        return sink.whole(value, place('user'));
      case 'operationName':
      case 'documentId':
      case 'id':
        return structural(value, place('other'));
      default:
        sink.name(field, 'other');
        return sink.whole(value, place('other'));
    }
  });
}

/** The document: its strings as they are meant, everything else as it is. */
function readQuery({ doc, sink }: Reading, query: JsonNode, place: { readonly key: string; readonly lane: Lane }): void {
  if (doc.type(query) !== 'string') return sink.whole(query, place);
  const text = doc.text(query);
  for (const kind of operationKinds(text) ?? []) addFact(sink.facts.methods, kind);
  if (text.includes('\\')) sink.parts(query, documentParts(text), place);
  else sink.text(query, place);
}

// ---- documents

const KINDS: ReadonlySet<string> = new Set(['query', 'mutation', 'subscription']);
/** Words a definition begins with: those of a schema are none of an executable document. */
const DEFINITIONS: ReadonlySet<string> = new Set([...KINDS, 'fragment']);

/**
 * Kinds of the operations in a document, each once; undefined for what is no executable document: definitions that begin with a known
 * word or are a selection alone, each with its selection, all braces closed. One pass.
 */
export function operationKinds(text: string): readonly string[] | undefined {
  const kinds = new Set<string>();
  let depth = 0;
  let begun = false; // a definition whose selection has not come
  let definitions = 0;
  for (let at = skipIgnored(text, 0); at < text.length; at = skipIgnored(text, at)) {
    const c = text[at]!;
    if (c === '"') {
      at = skipString(text, at);
      continue;
    }
    const word = depth === 0 && !begun ? wordAt(text, at) : '';
    if (word !== '') {
      if (!DEFINITIONS.has(word)) return undefined;
      if (KINDS.has(word)) kinds.add(word);
      begun = true;
      at += word.length;
      continue;
    }
    if (c === '{' || c === '(' || c === '[') {
      if (depth === 0 && c === '{') {
        if (!begun) kinds.add('query');
        begun = false;
        definitions++;
      }
      depth++;
    } else if (c === '}' || c === ')' || c === ']') depth--;
    else if (depth === 0 && !begun) return undefined;
    if (depth < 0) return undefined;
    at++;
  }
  return depth === 0 && !begun && definitions > 0 ? [...kinds] : undefined;
}

/** White space, commas and comments mean nothing. */
function skipIgnored(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const c = unitAt(text, at);
    if (c === 0x23) {
      at = endOfLine(text, at);
    } else if (c === 0x20 || c === 0x09 || c === 0x0a || c === 0x0d || c === 0x2c || c === 0xfeff) at++;
    else break;
  }
  return at;
}

/** Of the line break, of either kind, that ends a comment or cuts a string. */
function endOfLine(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++;
  return at;
}

/** Behind a string or a block string. A string that has no end on its line ends with it: no document that anybody runs has one. */
function skipString(text: string, from: number): number {
  const block = text.startsWith(BLOCK, from);
  const quote = block ? BLOCK : '"';
  const last = block ? text.length : endOfLine(text, from);
  for (let at = from + quote.length; at < last; at++) {
    if (text.startsWith(quote, at)) return at + quote.length;
    if (text[at] === '\\') at += block && text.startsWith(BLOCK, at + 1) ? 3 : block ? 0 : 1;
  }
  return last;
}

const BLOCK = '"""';

/** Strings of a document with their escapes undone, and what stands between them. Block strings have none that hide anything. */
function documentParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  const raw = (to: number): void => {
    if (to > from) parts.push({ token: 'raw', text: text.slice(from, to), from, to });
    from = to;
  };
  for (let at = skipIgnored(text, 0); at < text.length; at = skipIgnored(text, at)) {
    if (text[at] !== '"') {
      at++;
      continue;
    }
    const end = skipString(text, at);
    if (!text.startsWith(BLOCK, at)) {
      const to = text[end - 1] === '"' && end > at + 1 ? end - 1 : end;
      raw(at + 1);
      parts.push({ token: 'string', text: unescaped(text.slice(at + 1, to)), from: at + 1, to });
      from = to;
    }
    at = end;
  }
  raw(text.length);
  return parts;
}

/** https://spec.graphql.org/September2025/#sec-String-Value */
function unescaped(written: string): string {
  let out = '';
  let from = 0;
  for (let at = written.indexOf('\\'); at >= 0; at = written.indexOf('\\', from)) {
    const { size, text } = innerEscape(written, at, written.length);
    out += written.slice(from, at) + text;
    from = at + size;
  }
  return out + written.slice(from);
}

function wordAt(text: string, from: number): string {
  let at = from;
  while (at < text.length && (unitAt(text, at) | 0x20) >= 0x61 && (unitAt(text, at) | 0x20) <= 0x7a) at++;
  return text.slice(from, at);
}

// ---- refusals

function errorOf({ code, message, detector }: Denial): object {
  return { message, extensions: { code: code.toUpperCase(), ...(detector === undefined ? {} : { detector }) } };
}
