import type { Direction, Lane } from '../../text/lane.ts';
import type { Denial, DenialResponse, FormatSink, Refused, StreamReader, WireFormat } from '../format.ts';
import type { WireFacts } from '../frame.ts';
import type { JsonDoc, JsonNode } from '../framing/json.ts';
import { fieldKey, walkFields } from '../walk.ts';
import { addFact, shortName, structural } from './fields.ts';
import { asksFor, methodsOf, noteCalls } from './rpc-calls.ts';

/**
 * JSON-RPC 2.0 of a protocol nobody names: requests, notifications, results and errors, alone or in a batch.
 * https://www.jsonrpc.org/specification
 */
export const jsonRpc: WireFormat = {
  id: 'json-rpc',
  provider: () => undefined,
  operation: () => undefined,
  recognise: () => false, // only the body says it
  recogniseBody: isRpc,
  fits: isRpc,
  readBody: (doc, sink, direction) => readRpc({ doc, sink, direction }, { key: 'body', dialect: PLAIN }),
  openStream: () => openRpcStream(PLAIN),
  denial: rpcDenial,
  ending: rpcEnding,
};

/** A message's way and where its text goes. */
export interface RpcReading {
  readonly doc: JsonDoc;
  readonly sink: FormatSink;
  /** Of the body: clients answer servers in request bodies, servers ask clients in answers. */
  readonly direction: Direction;
}

/** A part of a message, and the id of the request that it belongs to. */
export interface RpcPlace {
  readonly key: string;
  readonly id: RpcId | undefined;
}

/** What a protocol makes of the parts of a message. Keys of one message are its own. */
export interface RpcDialect {
  params(reading: RpcReading, params: JsonNode, at: RpcPlace & { readonly method: string }): void;
  result(reading: RpcReading, result: JsonNode, at: RpcPlace): void;
}

/** Text without a lane of its own: what this side says. */
export const spokenLane = ({ direction }: Pick<RpcReading, 'direction'>): Lane => (direction === 'request' ? 'user' : 'output');

/** Fields nobody knows. */
export const unknownLane = ({ direction }: Pick<RpcReading, 'direction'>): Lane => (direction === 'request' ? 'other' : 'output');

const PLAIN: RpcDialect = {
  params: (reading, params, { key }) => reading.sink.whole(params, { key, lane: spokenLane(reading) }),
  result: (reading, result, { key }) => reading.sink.whole(result, { key, lane: spokenLane(reading) }),
};

/** A message, or a batch with one among whatever else. */
export function isRpc(doc: JsonDoc): boolean {
  return someMessage(doc, (message) => isRpcMessage(doc, message));
}

export function isRpcMessage(doc: JsonDoc, message: JsonNode): boolean {
  if (shortName(doc, doc.field(message, 'jsonrpc')) !== '2.0') return false;
  return ['method', 'result', 'error'].some((name) => doc.field(message, name) !== undefined);
}

/** Whether the document, or an element of the array it is, is such a message. */
export function someMessage(doc: JsonDoc, is: (message: JsonNode) => boolean): boolean {
  if (doc.type(doc.root) !== 'array') return is(doc.root);
  let found = false;
  doc.items(doc.root, (item) => (found ||= is(item)));
  return found;
}

/** All messages of a document; what is none is read as text. */
export function readRpc(reading: RpcReading, { key, dialect }: { readonly key: string; readonly dialect: RpcDialect }): void {
  const { doc } = reading;
  if (doc.type(doc.root) !== 'array') return readMessage(reading, doc.root, { key, dialect });
  doc.items(doc.root, (message, index) => readMessage(reading, message, { key: `${key}.${index}`, dialect }));
}

function readMessage(
  reading: RpcReading,
  message: JsonNode,
  { key, dialect }: { readonly key: string; readonly dialect: RpcDialect },
): void {
  const { doc, sink, direction } = reading;
  if (doc.type(message) !== 'object') return sink.whole(message, { key, lane: unknownLane(reading) });
  const methods = methodsOf(doc, message);
  const method = methods.findLast(asksFor) ?? methods.at(-1);
  const id = rpcId(doc, message);
  if (direction === 'request' && method !== undefined) noteRequestId(sink.facts, id);
  walkFields(doc, message, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: unknownLane(reading) };
    switch (name) {
      case 'jsonrpc':
      case 'id':
        return structural(value, place);
      case 'method':
        addFact(sink.facts.methods, shortName(doc, value));
        return structural(value, place);
      case 'params':
        noteCalls(reading, value, { key: place.key, id, methods });
        return dialect.params(reading, value, { key: place.key, id, method: method ?? '' });
      case 'result':
        return dialect.result(reading, value, { key: place.key, id });
      case 'error':
        return readError(reading, value, { key: place.key, id });
      default:
        sink.name(field, place.lane);
        return sink.rest(value, place);
    }
  });
}

/** `message` and `data` are what this side says: an answer of a tool, where that is what was called. */
function readError(reading: RpcReading, error: JsonNode, { key, id }: RpcPlace): void {
  const { doc, sink, direction } = reading;
  const target = id === undefined || direction === 'request' ? undefined : sink.facts.callTargets?.get(id);
  if (target !== undefined) sink.answers({ key, target, id: id?.toString(), isCalled: true, failed: true });
  const lane = target === 'tool' ? 'tool-result' : target === 'resource' || target === 'prompt' ? 'document' : spokenLane(reading);
  if (doc.type(error) !== 'object') return sink.whole(error, { key, lane });
  walkFields(doc, error, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    if (name === 'code') return structural(value, place);
    if (name !== 'message' && name !== 'data') sink.name(field, lane);
    return sink.whole(value, place);
  });
}

// ---- ids

/** A request's id as its answer repeats it. */
export type RpcId = string | number;

/** More requests than any batch has. */
export const IDS_MAX = 1024;

/** The id of a message; undefined where there is none, or none that can be repeated exactly. */
export function rpcId(doc: JsonDoc, message: JsonNode): RpcId | undefined {
  const node = doc.field(message, 'id');
  if (node === undefined || doc.type(node) !== 'number') return shortName(doc, node);
  const id = Number(doc.text(node));
  return Number.isSafeInteger(id) ? id : undefined;
}

function noteRequestId(facts: WireFacts, id: RpcId | undefined): void {
  if (id === undefined) return;
  facts.requestIds ??= [];
  if (facts.requestIds.length < IDS_MAX) facts.requestIds.push(id);
}

// ---- streams

/** Ids of the requests that a client of the stream has an answer to. */
interface RpcPosition {
  readonly answered: readonly RpcId[];
}

/** A stream of messages, each complete in its event. */
export function openRpcStream(dialect: RpcDialect): StreamReader {
  const answered = new Set<RpcId>();
  let snapshot: RpcPosition | undefined;
  let ordinal = 0;
  return {
    whole: true,
    event(_name, doc, sink) {
      const foreign = doc.type(doc.root) !== 'array' && doc.field(doc.root, 'jsonrpc') === undefined;
      if (foreign) return sink.rest(doc.root, { key: 'event', lane: 'output' }); // nothing says that it is complete
      readRpc({ doc, sink, direction: 'response' }, { key: `event${ordinal++}`, dialect });
      sink.ends('*');
      const before = answered.size;
      noteAnswers(doc, answered);
      if (answered.size > before) snapshot = undefined;
    },
    marker: () => false,
    position() {
      snapshot ??= { answered: [...answered] };
      return snapshot;
    },
  };
}

function noteAnswers(doc: JsonDoc, answered: Set<RpcId>): void {
  const note = (message: JsonNode): void => {
    const isAnswer = doc.field(message, 'result') !== undefined || doc.field(message, 'error') !== undefined;
    const id = isAnswer ? rpcId(doc, message) : undefined;
    if (id !== undefined && answered.size < IDS_MAX) answered.add(id);
  };
  if (doc.type(doc.root) === 'array') doc.items(doc.root, note);
  else note(doc.root);
}

// ---- refusals

/** In the range that JSON-RPC leaves to servers, away from what MCP and A2A have given a meaning. */
const REFUSED = -32050;

/** One error for each request that waits, with its id; without one where none is known. */
export function rpcErrors(denial: Denial, ids: readonly RpcId[]): readonly object[] {
  const { code, message, detector } = denial;
  const error = { code: REFUSED, message, data: { code, ...(detector === undefined ? {} : { detector }) } };
  return ids.length === 0 ? [{ jsonrpc: '2.0', id: null, error }] : ids.map((id) => ({ jsonrpc: '2.0', id, error }));
}

/** The status says that it is refused, the body says it to the caller of each request: a batch has a batch of errors. */
export function rpcDenial(denial: Denial, facts?: WireFacts): DenialResponse {
  const errors = rpcErrors(denial, facts?.requestIds ?? []);
  return { status: denial.status, contentType: 'application/json', body: JSON.stringify(errors.length === 1 ? errors[0] : errors) };
}

/** An error event for each request that has no answer yet: those of this exchange, and the one whose answer was denied. */
export function rpcEnding(position: unknown, denial: Denial, refused?: Refused): Buffer {
  const answered = answeredAt(position);
  const asked = new Set([...(refused?.facts.requestIds ?? []), ...answeredAt(refused?.position)]);
  const open = [...asked].filter((id) => !answered.includes(id));
  return Buffer.from(
    rpcErrors(denial, open)
      .map((error) => `event: message\ndata: ${JSON.stringify(error)}\n\n`)
      .join(''),
  );
}

const answeredAt = (position: unknown): readonly RpcId[] => (position as RpcPosition | undefined)?.answered ?? []; // made by `position()` above
