import { FIXED } from '../lib/limits.ts';
import { ownText } from '../lib/own-text.ts';
import { denialFor } from '../respond/denial.ts';
import { decodableEncodings, readContentEncoding } from '../wire/encodings/codings.ts';
import type { Denial, WireFormat } from '../wire/format.ts';
import { formatById } from '../wire/formats/index.ts';
import type { UninspectableReason } from '../wire/frame.ts';
import { newLearning } from '../wire/learning.ts';
import { answerHeaders, plainHeaders, removeHeaders } from './answering.ts';
import { consultCaller, requestRead, tokenCallerOf } from './consulting.ts';
import { bodiesNotSent, deny } from './ending.ts';
import type { BodyMode, Header } from './events.ts';
import { answerCheckOf, type ExchangeState, failsClosed, modeNow, NO_HEADERS, uninspectedBecause } from './exchange-state.ts';
import { type CodedBody, type Flow, isBuffered, newCodedBody } from './flow.ts';
import { createInspection, type Inspection } from './inspection.ts';
import { createPromptMemory } from './prompt-memory.ts';
import { authOf, callerCredential, firstHeader, formatOfHead, headOf, headToRecord, joinedHeader } from './request-head.ts';
import { createTokenRestoring } from './token-restoring.ts';
import { tokenScope } from './token-scope.ts';
import { createValueTokens } from './value-tokens.ts';

export function takeRequestHeaders(exchange: ExchangeState, headers: readonly Header[], endOfStream: boolean): void {
  const { policy, attributes } = exchange;
  const head = headOf(headers);
  const route = policy.route({ routeName: attributes.get('xds.route_name'), host: head.host, path: head.path });
  const format = (route.dialect === undefined ? undefined : formatById(route.dialect)) ?? formatOfHead(head);
  const credential = callerCredential(headers);
  exchange.requestHeaders = headers;
  exchange.auth = authOf(headers);
  exchange.credentialHash = credential === undefined ? undefined : exchange.options.hash(credential);
  exchange.head = head;
  exchange.route = route;
  exchange.format = format;
  format.readHead?.(head, exchange.facts);
  if (exchange.options.consults === true) consultCaller(exchange, () => startRequest(exchange, endOfStream));
  else startRequest(exchange, endOfStream);
}

/** Its caller is known, or nobody was asked. */
function startRequest(exchange: ExchangeState, endOfStream: boolean): void {
  const { policy, head, route, attributes, requestHeaders, response } = exchange;
  const agent = exchange.caller?.rule;
  const own = agent === undefined ? route.profile : policy.narrowed(route.profile, agent);
  const query = { routeName: attributes.get('xds.route_name'), host: head.host, path: head.path, agent, nowMs: exchange.nowUnixMs };
  exchange.route = { ...route, profile: policy.excepted(own, query) };
  if (exchange.overridable) overrideModes(exchange);
  if (exchange.enforce && response.mode !== 'none') askForReadable(exchange);
  begin(exchange, exchange.request, { headers: requestHeaders, endOfStream });
}

/** No coding may be offered that cannot be decoded; a client that accepts any accepts plain bytes too. */
function askForReadable({ requestHeaders, policy, request }: ExchangeState): void {
  const accepted = joinedHeader(requestHeaders, 'accept-encoding');
  if (accepted === undefined) return;
  const asked = policy.acceptEncoding === 'strip' ? undefined : decodableEncodings(accepted);
  if (asked === undefined) removeHeaders(request, ['accept-encoding']);
  else if (asked !== accepted) request.mutation = { set: [['accept-encoding', asked]], remove: request.mutation?.remove ?? [] };
}

/** Turns bodies on where a rule looks at them, and everything off where none does: that traffic costs one message. */
function overrideModes(exchange: ExchangeState): void {
  const { request, response } = exchange;
  const overridden = looksAtBodies(exchange) && !isUpgrade(exchange.requestHeaders);
  exchange.overridden = overridden;
  // A body mode that is configured stays: it holds too where the override is ignored.
  const asked = request.mode === 'none' ? 'buffered' : request.mode;
  request.mode = overridden ? asked : 'none';
  response.mode = overridden ? 'full-duplex' : 'none';
  request.modeOverride = { request: request.mode, response: response.mode };
}

/** A rule of detection looks at them, or they can break what policy says of callers, or the answer is held against the request. */
function looksAtBodies(exchange: ExchangeState): boolean {
  return exchange.route.profile.inspects || exchange.caller?.needsBodies === true || answerCheckOf(exchange) !== undefined;
}

export function takeResponseHeaders(exchange: ExchangeState, headers: readonly Header[], endOfStream: boolean): void {
  const { request, response } = exchange;
  exchange.status = Number(firstHeader(headers, ':status')) || undefined;
  // A request that Envoy buffers for us has no answer before we have seen it.
  if (exchange.overridden && isBuffered(request) && !request.done && request.decoding === undefined) {
    bodiesNotSent(exchange);
    response.done = false;
  }
  begin(exchange, response, { headers, endOfStream });
  if (!exchange.over && response.headers === 'held')
    exchange.effects.push({ kind: 'wake', unixMs: exchange.nowUnixMs + FIXED.headerHoldMs });
}

/** The answer streams, maybe for minutes: the request's headers, credentials among them, are needed no more. */
export function forgetHeaders(exchange: ExchangeState): void {
  if (exchange.requestHeaders === NO_HEADERS || exchange.proceed !== undefined) return;
  exchange.head = headToRecord(exchange.head);
  exchange.requestHeaders = NO_HEADERS;
}

/** A configuration may leave the headers out and send the body. */
export function beginWithoutHeaders(exchange: ExchangeState, flow: Flow): void {
  begin(exchange, flow, { headers: [], endOfStream: false });
  flow.headers = 'answered';
  exchange.effects = exchange.effects.filter(({ kind }) => kind !== 'answer-headers');
}

interface HeadersPart {
  readonly headers: readonly Header[];
  readonly endOfStream: boolean;
}

/** The headers of one direction: whether a body follows, and whether it can be inspected, is known here. */
function begin(exchange: ExchangeState, flow: Flow, { headers, endOfStream }: HeadersPart): void {
  const isRequest = flow === exchange.request;
  // A request with two types is of none: its receiver may believe either.
  flow.contentType = ownType(isRequest ? joinedHeader(headers, 'content-type') : firstHeader(headers, 'content-type'));
  flow.headers = 'held';
  flow.ended = endOfStream;
  const obstacle = obstacleOf(exchange);
  if (obstacle !== undefined) {
    uninspectedBecause(exchange, flow, obstacle);
    if (exchange.enforce && failsClosed(exchange, flow)) return deny(exchange, flow, denialFor(OBSTACLES[obstacle]));
  }
  if (endOfStream || flow.mode === 'none') {
    if (!endOfStream && looksAtBodies(exchange)) uninspectedBecause(exchange, flow, 'body-not-sent');
    flow.done = true;
    return isRequest ? requestRead(exchange, () => answerHeaders(exchange, flow)) : answerHeaders(exchange, flow);
  }
  if (obstacle !== undefined) return answerHeaders(exchange, flow);
  if (isUpgraded(exchange, flow)) return beginUpgraded(exchange, flow);
  beginBody(exchange, flow, headers);
}

/** In memory of its own, which may be everybody's. */
function ownType(contentType: string | undefined): string | undefined {
  return contentType === undefined ? undefined : (USUAL_TYPES.get(contentType) ?? ownText(contentType));
}

const USUAL_TYPES: ReadonlyMap<string, string> = new Map(
  ['application/json', 'application/json; charset=utf-8', 'text/event-stream', 'text/event-stream; charset=utf-8'].map((type) => [
    type,
    type,
  ]),
);

/** Why nothing of this direction can be inspected, whatever it says. */
function obstacleOf({ options, headersCut }: ExchangeState): keyof typeof OBSTACLES | undefined {
  if (options.overloaded === true) return 'process-limit';
  return headersCut ? 'header-limit' : undefined;
}

/** The refusal for what keeps a direction from being inspected at all. */
const OBSTACLES = { 'process-limit': 'unavailable', 'header-limit': 'request_too_large' } as const satisfies Partial<
  Record<UninspectableReason, Denial['code']>
>;

/** The bytes of a WebSocket or a tunnel are no HTTP body: they pass as they come, or the upgrade is denied. */
function beginUpgraded(exchange: ExchangeState, flow: Flow): void {
  uninspectedBecause(exchange, flow, 'opaque');
  if (exchange.enforce && exchange.policy.failMode.onOpaque === 'deny') return deny(exchange, flow, denialFor('uninspectable'));
  answerHeaders(exchange, flow);
}

function isUpgraded({ requestHeaders, request, status, head }: ExchangeState, flow: Flow): boolean {
  if (!isUpgrade(requestHeaders)) return false;
  return flow === request || status === 101 || (head.method === 'CONNECT' && status === 200);
}

/**
 * Only a GET upgrades (RFC 6455, 4.1) and only CONNECT tunnels: a server that is sent `Upgrade` beside a POST answers the POST
 * (RFC 9110, 7.8), so its body is one.
 */
function isUpgrade(headers: readonly Header[]): boolean {
  const method = firstHeader(headers, ':method');
  return method === 'CONNECT' || (method === 'GET' && firstHeader(headers, 'upgrade') !== undefined);
}

/** A body follows that is to be inspected. */
function beginBody(exchange: ExchangeState, flow: Flow, headers: readonly Header[]): void {
  const { enforce } = exchange;
  flow.digests = digestsIn(headers);
  const contentEncoding = joinedHeader(headers, 'content-encoding');
  const encoding = readContentEncoding(contentEncoding);
  const codings = encoding.kind === 'codings' ? encoding.codings : [];
  flow.coded = codings.length === 0 ? undefined : newCodedBody(codings, leavesFirst(flow, enforce));
  if (flow === exchange.request) rememberRequest(exchange);
  exchange.learning ??= exchange.options.learns && newLearning(exchange.options.learns(exchange.head));
  flow.inspection = inspectionOf(exchange, flow, flow.coded === undefined ? contentEncoding : undefined);
  // In STREAMED mode Envoy keeps a length that a redaction would make wrong.
  if (flow.mode === 'streamed' && enforce) removeHeaders(flow, flow.coded === undefined ? ['content-length'] : plainHeaders(flow));
  // In full duplex the headers wait until the first text is decided, so that a denial is still a real status.
  if (flow.mode !== 'full-duplex' || !enforce) answerHeaders(exchange, flow);
}

/** What the answer will need of the request. */
function rememberRequest(exchange: ExchangeState): void {
  const { route, enforce, options, facts } = exchange;
  if (route.profile.compares) exchange.prompt = createPromptMemory();
  if (enforce && route.profile.tokenizes)
    exchange.tokens = createValueTokens({ scope: () => tokenScope(tokenCallerOf(exchange), facts), hash: options.hash });
}

function inspectionOf(exchange: ExchangeState, flow: Flow, contentEncoding: string | undefined): Inspection {
  const { policy, route, caller, tokens } = exchange;
  const isRequest = flow === exchange.request;
  return createInspection({
    direction: flow.direction,
    format: exchange.format,
    contentType: flow.contentType,
    contentEncoding,
    profile: route.profile,
    mode: modeNow(exchange),
    failMode: policy.failMode,
    limits: policy.limits,
    facts: exchange.facts,
    findings: exchange.findings,
    countAll: false,
    guard: caller?.guard,
    answers: answerCheckOf(exchange),
    prompt: exchange.prompt,
    tokens,
    restoring: tokens === undefined || isRequest ? undefined : createTokenRestoring(policy.toolClasses),
    onFormat: isRequest && route.dialect === undefined ? (found) => takeFormat(exchange, found) : undefined,
    byShape: caller?.isBound === true,
    learning: exchange.learning,
    sliced: exchange.options.sliced === true,
  });
}

/** The body is of another dialect than the head said. */
function takeFormat(exchange: ExchangeState, found: WireFormat): void {
  exchange.format = found;
}

/** In STREAMED mode the headers leave before anything is known of the body; where nothing is changed it is known too. */
function leavesFirst({ mode }: Flow, enforce: boolean): CodedBody['leaves'] {
  if (!enforce) return 'as-it-came';
  return mode === 'streamed' ? 'decoded' : 'undecided';
}

function digestsIn(headers: readonly Header[]): readonly string[] {
  if (!headers.some(([name]) => BODY_DIGESTS.has(name))) return NO_DIGESTS;
  return [...BODY_DIGESTS].filter((name) => firstHeader(headers, name) !== undefined);
}

const NO_DIGESTS: readonly string[] = [];
/** Headers about the bytes of a body (RFC 9110, 8.8.3; RFC 9530; RFC 3230; RFC 1864): wrong once the body is another one. */
const BODY_DIGESTS: ReadonlySet<string> = new Set(['etag', 'digest', 'content-digest', 'repr-digest', 'content-md5']);

/**
 * Whether Envoy's modes are those of a configuration that leaves inspection to an override. Where FULL_DUPLEX_STREAMED is configured an
 * override does not count.
 */
export function isOverridable({ request, response }: { readonly request: BodyMode; readonly response: BodyMode }): boolean {
  return request !== 'full-duplex' && response === 'none';
}
