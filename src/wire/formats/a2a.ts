import type { Lane } from '../../text/lane.ts';
import type { Denial, FormatSink, Head, Refused, StreamReader, WireFormat } from '../format.ts';
import type { JsonDoc, JsonNode } from '../framing/json.ts';
import { fieldKey, walkFields } from '../walk.ts';
import { addFact, encodedBytes, mediaBytes, nameFact, roleOf, shortName, structural, toolName } from './fields.ts';
import type { RpcId, RpcPlace, RpcReading } from './json-rpc.ts';
import { isRpc, isRpcMessage, readRpc, rpcDenial, rpcErrors, rpcId, someMessage, spokenLane, unknownLane } from './json-rpc.ts';
import { methodsOf, noteSend } from './rpc-calls.ts';

/**
 * Agent2Agent, versions 0.2 to 1.0: JSON-RPC and HTTP with JSON, with their event streams, and agent cards.
 * https://a2a-protocol.org/latest/specification/
 */
export const a2a: WireFormat = {
  id: 'a2a',
  provider: () => undefined,
  operation: () => 'invoke_agent',
  recognise,
  recogniseBody: (doc) => someMessage(doc, (message) => isRpcMessage(doc, message) && isA2aMessage(doc, message)),
  fits,
  readHead({ path }, facts) {
    addFact(facts.methods, pathMethod(path));
  },
  readBody: (doc, sink, direction) => readDocument({ doc, sink, direction, artifacts: undefined }, 'body'),
  openStream: openA2aStream,
  denial: (denial, facts) =>
    facts?.requestIds === undefined
      ? { status: denial.status, contentType: 'application/json', body: JSON.stringify({ error: statusOf(denial) }) }
      : rpcDenial(denial, facts),
  ending: endStream,
};

// ---- recognition

/** The last is of a notification that an agent sends to its client's own address. */
const HEADERS: readonly string[] = ['a2a-version', 'a2a-extensions', 'x-a2a-extensions', 'x-a2a-notification-token'];
const CARD_PATHS: readonly string[] = ['/.well-known/agent-card.json', '/.well-known/agent.json', '/extendedAgentCard'];

function recognise({ path, header }: Head): boolean {
  if (HEADERS.some((name) => header(name) !== undefined)) return true;
  return pathMethod(path) !== undefined || CARD_PATHS.some((card) => path.endsWith(card)) || path.split('/').includes('a2a');
}

/** What a path of the HTTP binding asks for: `message:send`, `tasks:cancel`. */
function pathMethod(path: string): string | undefined {
  const segments = path.split('/');
  const last = segments.at(-1) ?? '';
  if (last === 'message:send' || last === 'message:stream') return last;
  const verb = last.slice(last.lastIndexOf(':') + 1);
  const isTask = segments.at(-2) === 'tasks' && last.includes(':') && (verb === 'cancel' || verb === 'subscribe');
  return isTask ? `tasks:${verb}` : undefined;
}

/** Methods of versions 0.2 and 0.3, then those of 1.0. */
const METHODS: ReadonlySet<string> = new Set([
  'agent/getAuthenticatedExtendedCard',
  'message/send',
  'message/stream',
  'tasks/cancel',
  'tasks/get',
  'tasks/pushNotificationConfig/delete',
  'tasks/pushNotificationConfig/get',
  'tasks/pushNotificationConfig/list',
  'tasks/pushNotificationConfig/set',
  'tasks/resubscribe',
  'tasks/send',
  'tasks/sendSubscribe',
  'CancelTask',
  'CreateTaskPushNotificationConfig',
  'DeleteTaskPushNotificationConfig',
  'GetExtendedAgentCard',
  'GetTask',
  'GetTaskPushNotificationConfig',
  'ListTaskPushNotificationConfigs',
  'ListTasks',
  'SendMessage',
  'SendStreamingMessage',
  'SubscribeToTask',
]);

const isA2aMessage = (doc: JsonDoc, message: JsonNode): boolean => methodsOf(doc, message).some((method) => METHODS.has(method));

/** Fields of what the HTTP binding sends, notifications to a client's own address among them. */
const BODY_FIELDS = [
  ...['message', 'request', 'metadata', 'configuration', 'tenant', 'id', 'name', 'taskId', 'task_id', 'url', 'config', 'kind'],
  ...['pushNotificationConfig', 'task', 'msg', 'statusUpdate', 'status_update', 'artifactUpdate', 'artifact_update'],
];

function fits(doc: JsonDoc): boolean {
  if (isRpc(doc)) return true;
  if (doc.type(doc.root) !== 'object' || doc.field(doc.root, 'method') !== undefined) return false;
  let empty = true;
  doc.fields(doc.root, () => {
    empty = false;
  });
  return empty || BODY_FIELDS.some((name) => doc.field(doc.root, name) !== undefined);
}

// ---- bodies and events

interface Reading extends RpcReading {
  /** Of a stream: pieces of one artifact come in several events. */
  readonly artifacts: Artifacts | undefined;
}

interface Target {
  readonly key: string;
  readonly lane: Lane;
}

/** JSON-RPC, or what it would carry by itself. */
function readDocument(reading: Reading, key: string): void {
  const { doc } = reading;
  if (!someMessage(doc, (message) => doc.field(message, 'jsonrpc') !== undefined)) {
    if (doc.type(doc.root) === 'object') noteSend(reading, doc.root, { key, id: undefined, method: SEND });
    return readThing(reading, doc.root, key);
  }
  readRpc(reading, {
    key,
    dialect: {
      params: (_, params, at) => readThing(reading, params, at.key),
      result(_, result, at) {
        noteAnswer(reading, result, at);
        readThing(reading, result, at.key);
      },
    },
  });
}

const SEND = 'message/send';
/** What an agent says, as a message or as the state of a task: in a stream once, and once more when it has failed. */
function noteAnswer({ doc, sink, direction, artifacts }: Reading, result: JsonNode, { key, id }: RpcPlace): void {
  if (direction !== 'response' || doc.type(result) !== 'object' || doc.field(result, 'skills') !== undefined) return;
  const task =
    ['task', 'statusUpdate', 'status_update'].map((name) => doc.field(result, name)).find((node) => node !== undefined) ?? result;
  const status = doc.field(task, 'status');
  const state = status === undefined ? undefined : shortName(doc, doc.field(status, 'state'));
  const failed = state !== undefined && FAILED.has(state);
  if (artifacts?.isNew(`${id} ${failed}`) === false) return;
  const isCalled = id !== undefined && sink.facts.requestIds?.includes(id) === true;
  sink.answers({ key, target: 'agent', id: id?.toString(), isCalled, failed });
}

const FAILED: ReadonlySet<string> = new Set(['failed', 'rejected', 'TASK_STATE_FAILED', 'TASK_STATE_REJECTED']);

const STRUCTURAL: ReadonlySet<string> = new Set([
  ...['append', 'artifactId', 'artifact_id', 'blocking', 'contextId', 'context_id', 'final', 'historyLength', 'history_length', 'id'],
  ...['includeArtifacts', 'kind', 'lastChunk', 'last_chunk', 'messageId', 'message_id', 'nextPageToken', 'pageSize', 'pageToken'],
  ...['returnImmediately', 'role', 'sessionId', 'state', 'taskId', 'task_id', 'tenant', 'timestamp', 'totalSize'],
]);

/**
 * A message, a task, a status, an artifact, an event about one of them, a request or an answer that wraps them: their fields mean the
 * same wherever they stand.
 */
function readThing(reading: Reading, thing: JsonNode, key: string): void {
  const { doc, sink } = reading;
  const lane = unknownLane(reading);
  if (doc.type(thing) !== 'object') return sink.whole(thing, { key, lane: spokenLane(reading) });
  if (doc.field(thing, 'skills') !== undefined) return readCard(reading, thing, { key, lane: 'tool-definition' });
  const said = roleLane(reading, roleOf(doc, thing));
  walkFields(doc, thing, (name, value, again, field) => {
    const at = fieldKey(key, name, again);
    if (STRUCTURAL.has(name)) {
      noteFacts(reading, name, value);
      return structural(value, { doc, sink, key: at, lane });
    }
    switch (name) {
      case 'message':
      case 'msg': // the HTTP binding of 0.3
      case 'request':
      case 'task':
      case 'status':
      case 'statusUpdate':
      case 'status_update':
      case 'artifactUpdate':
      case 'artifact_update':
        return readThing(reading, value, at);
      case 'history':
      case 'tasks':
        return readList(reading, value, at, (item, itemKey) => readThing(reading, item, itemKey));
      case 'artifacts':
        return readList(reading, value, at, (item, itemKey) => readArtifact(reading, item, { key: itemKey, textKey: `${itemKey}.parts` }));
      case 'artifact':
        return readArtifact(reading, value, { key: at, textKey: artifactKey(reading, thing, value) ?? `${at}.parts` });
      case 'parts':
      case 'content': // the HTTP binding of 0.3
        return readParts(reading, value, { key: at, textKey: at, lane: said });
      default:
        sink.name(field, lane);
        return sink.rest(value, { key: at, lane });
    }
  });
}

/** What an agent says is output where it says it, and history where it is told again. */
function roleLane(reading: Reading, role: string | undefined): Lane {
  if (role === 'user' || role === 'ROLE_USER') return 'user';
  if (role === 'agent' || role === 'ROLE_AGENT') return reading.direction === 'request' ? 'assistant-history' : 'output';
  return spokenLane(reading);
}

const UNDER_WAY: ReadonlySet<string> = new Set(['submitted', 'working', 'TASK_STATE_SUBMITTED', 'TASK_STATE_WORKING']);

function noteFacts({ doc, sink }: Reading, name: string, value: JsonNode): void {
  const text = shortName(doc, value);
  if (text === undefined || text === '') return;
  if (name === 'contextId' || name === 'context_id') sink.facts.conversationId ??= text;
  if (name === 'state' && !UNDER_WAY.has(text)) addFact(sink.facts.finishReasons, text);
}

function readList({ doc, sink, direction }: Reading, node: JsonNode, key: string, read: (item: JsonNode, key: string) => void): void {
  if (doc.type(node) !== 'array') return sink.whole(node, { key, lane: spokenLane({ direction }) });
  doc.items(node, (item, index) => read(item, `${key}.${index}`));
}

/** `textKey`: where the texts go that may go on in the next event. */
function readArtifact(reading: Reading, artifact: JsonNode, { key, textKey }: { readonly key: string; readonly textKey: string }): void {
  const { doc, sink } = reading;
  const lane = roleLane(reading, 'agent');
  if (doc.type(artifact) !== 'object') return sink.whole(artifact, { key, lane });
  walkFields(doc, artifact, (name, value, again, field) => {
    const place = { key: fieldKey(key, name, again), lane };
    if (STRUCTURAL.has(name)) return structural(value, { doc, sink, ...place });
    if (name === 'parts') return readParts(reading, value, { ...place, textKey: `${textKey}${again}` });
    sink.name(field, lane);
    return sink.whole(value, place);
  });
}

// ---- parts

interface PartTarget extends Target {
  readonly textKey: string;
}

/** Texts that stand side by side are one text. */
function readParts(reading: Reading, parts: JsonNode, { key, textKey, lane }: PartTarget): void {
  const { doc, sink, artifacts } = reading;
  if (doc.type(parts) !== 'array') return sink.whole(parts, { key, lane });
  let run = textKey;
  doc.items(parts, (part, index) => {
    if (doc.field(part, 'text') === undefined) run = artifacts?.next(run, sink) ?? `${key}.${index}`;
    readPart(reading, part, { key: `${key}.${index}`, textKey: run, lane });
  });
}

function readPart({ doc, sink }: Pick<Reading, 'doc' | 'sink'>, part: JsonNode, { key, textKey, lane }: PartTarget): void {
  if (doc.type(part) !== 'object') return sink.whole(part, { key, lane });
  walkFields(doc, part, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    switch (name) {
      case 'text':
        return sink.text(value, { key: `${textKey}.text${again}`, lane });
      case 'file':
        return readPart({ doc, sink }, value, { key: place.key, textKey: place.key, lane });
      case 'raw':
      case 'bytes':
      case 'fileWithBytes':
      case 'file_with_bytes':
        return mediaBytes(value, place);
      case 'kind':
      case 'type':
      case 'mediaType':
      case 'media_type':
      case 'mimeType':
      case 'mime_type':
        return structural(value, place);
      default:
        sink.name(field, lane);
        return sink.whole(value, place);
    }
  });
}

// ---- agent cards

/** What an agent says it can do; its skills are the tools it declares. */
function readCard(reading: Reading, card: JsonNode, { key, lane }: Target): void {
  const { doc, sink } = reading;
  nameFact(sink.facts, 'serverName', shortName(doc, doc.field(card, 'name')));
  walkFields(doc, card, (name, value, again, field) => {
    const at = fieldKey(key, name, again);
    if (name === 'skills') return readList(reading, value, at, (skill, skillKey) => readSkill(reading, skill, { key: skillKey, lane }));
    if (name === 'signatures') return readList(reading, value, at, (signature, to) => readSignature(reading, signature, { key: to, lane }));
    sink.name(field, lane);
    return sink.whole(value, { key: at, lane });
  });
}

function readSkill({ doc, sink }: Reading, skill: JsonNode, { key, lane }: Target): void {
  if (doc.type(skill) !== 'object') return sink.whole(skill, { key, lane });
  sink.declares({ key, target: 'agent', node: skill, ...toolName(doc, skill, 'id'), description: doc.field(skill, 'description') });
  walkFields(doc, skill, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    if (name === 'id') return structural(value, place);
    sink.name(field, lane);
    return sink.whole(value, place);
  });
}

/** A JWS over the card: https://datatracker.ietf.org/doc/html/rfc7515 */
function readSignature({ doc, sink }: Reading, signature: JsonNode, { key, lane }: Target): void {
  if (doc.type(signature) !== 'object') return sink.whole(signature, { key, lane });
  walkFields(doc, signature, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    if (name === 'protected' || name === 'signature') return encodedBytes(value, place);
    sink.name(field, lane);
    return sink.whole(value, place);
  });
}

// ---- streams

/** What the events before have begun. */
interface Artifacts {
  /** The key of an artifact's text: that of the event before where this one appends to it. Undefined: there are too many. */
  key(id: string, options: { readonly append: boolean; readonly sink: FormatSink }): string | undefined;
  /** The key behind a part that is no text, which ends the text before it. Undefined: not the text of an artifact. */
  next(textKey: string, sink: FormatSink): string | undefined;
  /** Whether an answer was not told before. */
  isNew(answer: string): boolean;
}

/** More artifacts than any task has; texts of those above end with their event. */
const ARTIFACTS_MAX = 4096;

function createArtifacts(): Artifacts {
  const runs = new Map<string, number>(); // by the key of the artifact
  const bases = new Map<string, string>(); // the artifact of a text's key
  const answers = new Set<string>();
  let ordinal = 0;
  const open = (base: string): string => {
    bases.delete(`${base}.${runs.get(base)}`);
    runs.set(base, ordinal);
    const key = `${base}.${ordinal++}`;
    bases.set(key, base);
    return key;
  };
  return {
    key(id, { append, sink }) {
      const base = fieldKey('artifact', id, '');
      const run = runs.get(base);
      if (append && run !== undefined) return `${base}.${run}`;
      if (run === undefined && runs.size >= ARTIFACTS_MAX) return undefined;
      sink.ends(base);
      return open(base);
    },
    next(textKey, sink) {
      const base = bases.get(textKey);
      if (base === undefined) return undefined;
      sink.ends(textKey);
      return open(base);
    },
    isNew(answer) {
      const isNew = !answers.has(answer) && answers.size < ARTIFACTS_MAX;
      answers.add(answer);
      return isNew;
    },
  };
}

/** The key of the texts of an artifact that comes in pieces. */
function artifactKey({ doc, sink, artifacts }: Reading, event: JsonNode, artifact: JsonNode): string | undefined {
  const id = shortName(doc, doc.field(artifact, 'artifactId') ?? doc.field(artifact, 'artifact_id'));
  return artifacts?.key(id ?? '', { append: isTrue(doc, event, 'append'), sink });
}

function isTrue(doc: JsonDoc, node: JsonNode, name: string): boolean {
  const value = doc.field(node, name);
  return value !== undefined && doc.type(value) === 'true';
}

/** How the client is answered: with the id of its request, or without JSON-RPC. */
interface A2aPosition {
  readonly id: RpcId | undefined;
  readonly rpc: boolean;
}

function openA2aStream(): StreamReader {
  const artifacts = createArtifacts();
  let ordinal = 0;
  let position: A2aPosition | undefined;
  return {
    whole: true,
    event(_name, doc, sink) {
      if (!isThing(doc)) return sink.rest(doc.root, { key: 'event', lane: 'output' }); // nothing says that it is complete
      const key = `event${ordinal++}`;
      readDocument({ doc, sink, direction: 'response', artifacts }, key);
      endTexts(doc, sink, key);
      const id = rpcId(doc, doc.root);
      const rpc = doc.field(doc.root, 'jsonrpc') !== undefined;
      if (position?.id !== id || position?.rpc !== rpc) position = { id, rpc };
    },
    marker: () => false,
    position: () => position,
  };
}

/** Whether an event is one of A2A, in either binding. */
function isThing(doc: JsonDoc): boolean {
  const message = doc.field(doc.root, 'message') ?? doc.field(doc.root, 'msg');
  if (message !== undefined && doc.field(message, 'parts') !== undefined) return true;
  return THINGS.some((name) => doc.field(doc.root, name) !== undefined);
}

const THINGS = ['jsonrpc', 'kind', 'task', 'statusUpdate', 'status_update', 'artifactUpdate', 'artifact_update', 'error'];

/** Everything ends with its event, but the texts of an artifact, which end with its last piece or with the task. */
function endTexts(doc: JsonDoc, sink: FormatSink, key: string): void {
  const carried = doc.field(doc.root, 'result') ?? doc.root;
  const update = ['artifactUpdate', 'artifact_update', 'statusUpdate', 'status_update', 'task'].map((name) => doc.field(carried, name));
  const event = update.find((node) => node !== undefined) ?? carried;
  const status = doc.field(event, 'status');
  const state = status === undefined ? undefined : shortName(doc, doc.field(status, 'state'));
  if (isTrue(doc, event, 'final') || (state !== undefined && !UNDER_WAY.has(state))) return sink.ends('*');
  sink.ends(key);
  const artifact = doc.field(event, 'artifact');
  if (artifact === undefined || !(isTrue(doc, event, 'lastChunk') || isTrue(doc, event, 'last_chunk'))) return;
  const id = shortName(doc, doc.field(artifact, 'artifactId') ?? doc.field(artifact, 'artifact_id'));
  sink.ends(fieldKey('artifact', id ?? '', ''));
}

// ---- refusals

/** An error with the request's id; where it was not JSON-RPC, the error event of the HTTP binding. */
function endStream(position: unknown, denial: Denial, refused?: Refused): Buffer {
  const { id, rpc } = ((refused?.position ?? position) as A2aPosition | undefined) ?? { id: undefined, rpc: false }; // made by `position()` above
  const ids = refused?.facts.requestIds ?? (id === undefined ? [] : [id]);
  if (!rpc && ids.length === 0) return Buffer.from(`event: error\ndata: ${JSON.stringify({ error: statusOf(denial) })}\n\n`);
  const errors = rpcErrors(denial, ids);
  return Buffer.from(errors.map((error) => `data: ${JSON.stringify(error)}\n\n`).join(''));
}

const STATUS_NAMES = {
  403: 'PERMISSION_DENIED',
  413: 'INVALID_ARGUMENT',
  451: 'PERMISSION_DENIED',
  503: 'UNAVAILABLE',
} as const satisfies Record<Denial['status'], string>;

/** https://google.aip.dev/193, as the HTTP binding has it. */
function statusOf({ status, code, message, detector }: Denial): object {
  const info = {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason: code.toUpperCase(),
    ...(detector && { metadata: { detector } }),
  };
  return { code: status, status: STATUS_NAMES[status], message, details: [info] };
}
