import type { FormatSink } from '../format.ts';
import type { JsonDoc, JsonNode } from '../framing/json.ts';
import type { ToolTarget } from '../tool-event.ts';
import { calledTool, shortName } from './fields.ts';
import { IDS_MAX, type RpcId, type RpcPlace, type RpcReading } from './json-rpc.ts';

/**
 * What a client asks for by name: a tool, a prompt, or a resource by its URI. Told of a message in every dialect of JSON-RPC: the others
 * of its batch, a header or a path say what a client calls its protocol, and a server judges each message by its method.
 */
const ASKED = new Map<string, { readonly target?: ToolTarget; readonly name: string }>([
  ['tools/call', { name: 'name' }],
  ['prompts/get', { target: 'prompt', name: 'name' }],
  ['resources/read', { target: 'resource', name: 'uri' }],
  ['resources/subscribe', { target: 'resource', name: 'uri' }],
]);

const COMPLETES = 'completion/complete';

/** Methods by which an agent is asked to do something; of A2A 0.2 and before, of 0.3, and of 1.0. */
const SENDS: ReadonlySet<string> = new Set([
  ...['tasks/send', 'tasks/sendSubscribe', 'message/send', 'message/stream', 'SendMessage', 'SendStreamingMessage'],
]);

/** Whether a method uses something that permissions judge. */
export const asksFor = (method: string): boolean => ASKED.has(method) || SENDS.has(method) || method === COMPLETES;

/** Notes what a message uses, by each of its methods: of two, one server reads the first and another the last. */
export function noteCalls(reading: RpcReading, params: JsonNode, at: RpcPlace & { readonly methods: readonly string[] }): void {
  for (const [i, method] of at.methods.entries()) {
    const key = i === 0 ? at.key : `${at.key}~m${i}`;
    const asked = ASKED.get(method);
    if (asked !== undefined) noteCall(reading, params, { ...at, key, ...asked });
    else if (method === COMPLETES) noteReference(reading, params, { ...at, key });
    else if (SENDS.has(method)) noteSend(reading, params, { ...at, key, method });
  }
}

type Call = RpcPlace & { readonly name: string; readonly target?: ToolTarget };

function noteCall({ doc, sink }: RpcReading, params: JsonNode, { key, id, name, target }: Call): void {
  const called = calledTool(doc, params, { name, inputs: ['arguments'] });
  const isUnclear = called.isUnclear === true || (target === 'resource' && hasDots(called.name ?? ''));
  sink.calls({ key, at: 'request', id: id?.toString(), ...(target !== undefined && { target }), ...called, isUnclear });
  noteTarget(sink, id, target ?? 'tool');
}

function noteTarget({ facts }: FormatSink, id: RpcId | undefined, target: ToolTarget): void {
  if (id === undefined) return;
  facts.callTargets ??= new Map();
  if (facts.callTargets.size < IDS_MAX) facts.callTargets.set(id, target);
}

/** A completion is asked of a prompt or of a template of resources: whoever may not have those learns nothing of them. */
function noteReference(reading: RpcReading, params: JsonNode, at: RpcPlace): void {
  const reference = reading.doc.field(params, 'ref');
  if (reference === undefined) return;
  const has = (name: string): boolean => reading.doc.field(reference, name) !== undefined;
  if (has('uri')) noteCall(reading, reference, { ...at, target: 'resource', name: 'uri' });
  if (has('name') || !has('uri')) noteCall(reading, reference, { ...at, key: `${at.key}~ref`, target: 'prompt', name: 'name' });
}

/**
 * Whether a URI has dot segments, in any spelling that some server undoes: then what it names depends on who resolves it, and a list that
 * knows `file:///public/*` says nothing of `file:///public/../x`. Nobody who has the URI from a server's list has such a one.
 */
function hasDots(uri: string): boolean {
  let text = uri;
  for (let i = 0; i < UNESCAPED_MAX && text.includes('%'); i++) {
    for (const [written, character] of Object.entries(ESCAPES)) text = text.replaceAll(written, character);
  }
  for (const separator of SEPARATORS) text = text.replaceAll(separator, '/');
  return text.split('/').some((segment) => segment === '.' || segment === '..');
}

/** How often an escape may be escaped itself. */
const UNESCAPED_MAX = 3;
const ESCAPES = { '%2e': '.', '%2E': '.', '%2f': '/', '%2F': '/', '%5c': '/', '%5C': '/', '%25': '%' } as const;
/** What servers end a segment at; a path may stand in a query too. */
const SEPARATORS = ['\\', ';', '?', '#', '&', '='];

/** A message to an agent is a call of it: what it is asked are the arguments. */
export function noteSend(
  { doc, sink, direction }: RpcReading,
  params: JsonNode,
  { key, id, method }: RpcPlace & { readonly method: string },
): void {
  const message = doc.field(params, 'message') ?? doc.field(params, 'msg');
  if (direction !== 'request' || message === undefined) return;
  sink.calls({ key, at: 'request', target: 'agent', id: id?.toString(), name: method, input: message });
  noteTarget(sink, id, 'agent');
}

/** Methods of a message, each once, in the order they stand there; what is no short string is none. */
export function methodsOf(doc: JsonDoc, message: JsonNode): readonly string[] {
  const methods = new Set<string>();
  doc.fields(message, (key, value) => {
    const method = doc.fieldIs(key, 'method') ? shortName(doc, value) : undefined;
    if (method !== undefined) methods.add(method);
  });
  return [...methods];
}
