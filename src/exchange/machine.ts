import { readClaims } from '../agents/identity/read-claims.ts';
import type { Stop, StopSubject } from '../agents/stops.ts';
import { assert, unreachable } from '../lib/assert.ts';
import { FIXED } from '../lib/limits.ts';
import { once } from '../lib/once.ts';
import { findingOfAgent, verdictOf } from '../policy/decide.ts';
import type { Finding } from '../policy/finding.ts';
import type { Policy, RouteDecision } from '../policy/policy.ts';
import { denialFor } from '../respond/denial.ts';
import type { Direction } from '../text/lane.ts';
import { decodableEncodings, readContentEncoding } from '../wire/encodings/codings.ts';
import type { Denial, Head, WireFormat } from '../wire/format.ts';
import { generic } from '../wire/formats/generic.ts';
import { formatById } from '../wire/formats/index.ts';
import { emptyFacts, type UninspectableReason, type WireFacts } from '../wire/frame.ts';
import { type Learning, newLearning } from '../wire/learning.ts';
import { type AnswerCheck, createAnswerCheck } from './answer-check.ts';
import { type Caller, createCaller, stoppedBy } from './caller.ts';
import { createDecoding } from './decoding.ts';
import type { Advice, BodyMode, Effect, EnvoyEvent, ExchangeRecord, Header, Learned, Question, Target, TokenQuestion } from './events.ts';
import {
  type BodyPart,
  type CodedBody,
  endOfBody,
  type Flow,
  hasTrailers,
  heldBytesOf,
  inFlight,
  isAwaited,
  isBuffered,
  isOver,
  newCodedBody,
  newFlow,
  type PartEvent,
} from './flow.ts';
import { createInspection, type Inspection } from './inspection.ts';
import { createPromptMemory, type PromptMemory } from './prompt-memory.ts';
import { authOf, callerCredential, firstHeader, formatOfHead, headOf, joinedHeader } from './request-head.ts';
import { createTokenRestoring } from './token-restoring.ts';
import { isKnownCaller, type TokenCaller, tokenScope } from './token-scope.ts';
import { createValueTokens, type ValueTokens } from './value-tokens.ts';

export interface ExchangeOptions {
  /** The policy of the moment the exchange begins; it stays with the exchange to its end. */
  readonly policy: Policy;
  /** Unique; given, because the machine draws no random numbers. */
  readonly exchangeId: string;
  /** Body modes when Envoy sends no `protocol_config`. Never full-duplex: silence there loses data. */
  readonly fallbackModes: { readonly request: BodyMode; readonly response: BodyMode };
  /** Keyed hash, hex: of a credential its first 12 digits are kept; tokens of values are made of it. */
  readonly hash: (credential: string) => string;
  /** The same for addresses, which come again and may be remembered. Default: `hash`. */
  readonly hashAddress?: (address: string) => string;
  /** Envoy's own span, when it traces: the parent of the exchange's, instead of what the request's headers name. */
  readonly traceparent?: string | undefined;
  /** Counts only with `traceparent`. */
  readonly tracestate?: string | undefined;
  /** The process holds all it may: nothing is inspected, `failMode` decides, reason `process-limit`. Default: false. */
  readonly overloaded?: boolean;
  /** Whether what the bodies of this exchange look like is to be learned. Undefined: nothing is, tools neither. */
  readonly learns?: ((endpoint: Pick<ExchangeRecord, 'method' | 'host' | 'path'>) => boolean) | undefined;
  /** Whether the shell answers `consult`. Default: false, and nobody is asked who calls. */
  readonly consults?: boolean;
  /** Whether the shell asks for the slices of large bodies. Default: false, and each step does all it has to do. */
  readonly sliced?: boolean;
}

/** One HTTP exchange as a state machine: an event in, the effects it has out. Never awaits; knows the time from events alone. */
export interface Exchange {
  /** Throws while the exchange is busy, but for `cancelled` and `stopped`. */
  step(event: EnvoyEvent): readonly Effect[];
  /** The last event has more effects: `goOn` does the next slice of the work and gives those that are known with it. */
  readonly isBusy: boolean;
  goOn(): readonly Effect[];
  /** Body bytes that have come and neither left nor were dropped, and what is kept of the request for its answer. */
  heldBytes(): number;
  /** Who calls, once the shell has said it. */
  caller(): StopSubject | undefined;
}

const GRPC = { permissionDenied: 7, aborted: 10 } as const;

/** The refusal for what keeps a direction from being inspected at all. */
const OBSTACLES = { 'process-limit': 'unavailable', 'header-limit': 'request_too_large' } as const satisfies Partial<
  Record<UninspectableReason, Denial['code']>
>;

export function openExchange(options: ExchangeOptions): Exchange {
  const { policy, hash, hashAddress = hash } = options;
  const request = newFlow('request', options.fallbackModes.request);
  const response = newFlow('response', options.fallbackModes.response);
  const findings: Finding[] = [];
  const facts = emptyFacts();
  const uninspected = new Map<string, { readonly direction: Direction; readonly reason: UninspectableReason }>();
  let enforce = policy.mode === 'enforce';
  let attributes: ReadonlyMap<string, string> = new Map();
  let metadata: ReadonlyMap<string, unknown> | undefined;
  let requestHeaders: readonly Header[] = [];
  let head: Head = NO_HEAD;
  let route: RouteDecision = policy.route({ routeName: undefined, host: '', path: '' });
  let format: WireFormat = generic;
  let answers: AnswerCheck | undefined;
  let status: number | undefined;
  let startUnixMs: number | undefined;
  let nowUnixMs = 0;
  /** Envoy's configured modes leave bodies out in a way that the answer to the request headers can change. */
  let overridable = false;
  /** It was asked to send them; a configuration without `allow_mode_override` ignores that. */
  let overridden = false;
  /** The headers in hand are only the first of their message. */
  let headersCut = false;
  /** Of the request, for the answer; undefined where the policy compares nothing. */
  let prompt: PromptMemory | undefined;
  /** For values of the request; undefined where the policy makes none. */
  let tokens: ValueTokens | undefined;
  /** For the inventory; undefined: nobody learns, or no body was read. */
  let learning: Learning | undefined;
  let over = false;
  /** Copies are looked at: nothing can be stopped. */
  let observability = false;
  /** What goes on with the request once the shell has said who calls. */
  let proceed: (() => void) | undefined;
  let caller: Caller | undefined;
  /** STREAMED: the next piece is answered with this; Envoy takes no bytes unasked. */
  let stopping: Denial | undefined;
  /** Envoy has half-closed while something was being decoded. */
  let ending = false;
  let effects: Effect[] = [];
  /** A body that is being read in slices, and what is done when it is read as far as it has come. */
  let unread: { readonly flow: Flow; readonly inspection: Inspection; readonly then: () => void } | undefined;
  /** Most exchanges have no compressed body. */
  const decoding = once(() =>
    createDecoding({
      limits: policy.limits,
      findings,
      isEnforcing: () => enforce,
      emit: (effect) => void effects.push(effect),
      abort: (message) => abort(GRPC.aborted, message),
      ...{ uninspectedBecause, refusalOf, tooLarge, deny, requestRead, mayLeave, tookBody, takeWaiting },
      ...{ stream, answerBody, answerChanged, answerTrailers, passBody, whenRead },
    }),
  );

  // Fields, not getters: see `createGather`.
  const self = {
    isBusy: false,
    step(event: EnvoyEvent) {
      if (over) return [];
      assert(unread === undefined || event.kind === 'cancelled' || event.kind === 'stopped', 'no event comes between slices');
      if (event.kind !== 'open') {
        nowUnixMs = event.unixMs;
        startUnixMs ??= nowUnixMs;
      }
      take(event);
      return takeEffects();
    },
    goOn() {
      if (over || unread === undefined) return [];
      readOn(unread);
      return takeEffects();
    },
    heldBytes,
    caller: () => caller && { agent: caller.rule.name, identity: caller.identity },
  };
  return self;

  function takeEffects(): readonly Effect[] {
    if (!over && proceed === undefined && unread === undefined && isOver(request) && isOver(response)) finish(outcome());
    self.isBusy = unread !== undefined && !over;
    const out = effects;
    // What an idle exchange keeps it pins: an answer's few bytes share the memory of all that was read from the connection with them.
    effects = [];
    return out;
  }

  /** What was pushed of a body is read, now or in slices; `then` goes on with what came of it. */
  function whenRead(flow: Flow, inspection: Inspection, then: () => void): void {
    if (inspection.isBusy) unread = { flow, inspection, then };
    else then();
  }

  function readOn({ flow, inspection, then }: NonNullable<typeof unread>): void {
    inspection.goOn();
    if (inspection.isBusy) return;
    unread = undefined;
    then();
    takeWaiting(flow);
  }

  function heldBytes(): number {
    const kept = (prompt?.heldBytes ?? 0) + (tokens?.heldBytes ?? 0) + (caller?.guard?.keptBytes ?? 0);
    return heldBytesOf(request) + heldBytesOf(response) + kept;
  }

  function take(event: EnvoyEvent): void {
    switch (event.kind) {
      case 'open':
        request.mode = event.modes?.request ?? request.mode;
        response.mode = event.modes?.response ?? response.mode;
        overridable = event.modes !== undefined && !event.observability && isOverridable(event.modes);
        observability = event.observability;
        enforce &&= !observability;
        attributes = event.attributes;
        metadata = event.metadata;
        return;
      case 'request-headers':
      case 'request-body':
      case 'request-trailers':
        return takeInTurn(request, event);
      case 'response-headers':
      case 'response-body':
      case 'response-trailers':
        return takeInTurn(response, event);
      case 'decoded':
        return decoding().takeDecoded(event.direction === 'request' ? request : response, event);
      case 'advised':
        return takeAdvice(event.advice);
      case 'stopped':
        return stopNow(event.stop);
      case 'tick':
        return answerHeaders(response);
      case 'ended':
        ending = true;
        return takeEnding();
      case 'cancelled':
        return finish(unread === undefined && (response.done || (response.mode === 'none' && request.done)) ? outcome() : 'cancelled');
      default:
        return unreachable(event);
    }
  }

  /** What a direction still has to decode comes first. */
  function takeInTurn(flow: Flow, event: PartEvent): void {
    if (isBusy(flow)) flow.waiting.push(event);
    else takePart(flow, event);
  }

  function isBusy(flow: Flow): boolean {
    return unread !== undefined || flow.decoding !== undefined || (flow === request && proceed !== undefined);
  }

  /** Asks the shell; whatever comes of the request waits, and `then` goes on with it unless the caller is refused. */
  function consult(question: Question, then: () => void): void {
    proceed = then;
    effects.push({ kind: 'consult', question });
  }

  function takeAdvice(advice: Advice): void {
    const then = proceed;
    if (then === undefined) return;
    proceed = undefined;
    const isFirst = caller === undefined;
    caller ??= createCaller(advice, policy, { head, nowMs: nowUnixMs, dialect: () => format.id });
    if (!isFirst) caller.learn(advice);
    if (advice.tokens !== undefined) tokens?.learn(advice.tokens);
    const stops = advice.stop === undefined ? [] : [stoppedBy(advice.stop)];
    const found = [...stops, ...(isFirst ? caller.headFindings(head, format) : [])].map((one) => findingOfAgent(one, modeNow()));
    const known = advice.findings.map((one): Finding => (enforce ? one : { ...one, taken: 'observe' }));
    if (!refuse([...found, ...known])) then();
    takeWaiting(request);
  }

  /** Keeps findings about the caller; true when one of them ends the exchange. */
  function refuse(found: readonly Finding[]): boolean {
    findings.push(...found.slice(0, Math.max(0, policy.limits.findings - findings.length)));
    const refusal = observability ? undefined : found.find(({ taken }) => taken === 'deny');
    if (refusal === undefined) return false;
    deny(request, denialFor('content_filter', refusal.detector));
    return true;
  }

  /** All of the request is read: what it says beside its texts is judged before anything of it leaves. */
  function requestRead(then: () => void): void {
    if (caller === undefined) return then();
    if (facts.unfit === true && caller.isBound) {
      uninspectedBecause(request, 'unfit-body');
      if (enforce && failsClosed(request) && policy.failMode.onUninspectable === 'deny') return deny(request, denialFor('uninspectable'));
    }
    if (refuse(caller.bodyFindings(bodyFacts()).map((one) => findingOfAgent(one, modeNow())))) return;
    const claims = caller.newClaims(facts, hash);
    const asked = tokenQuestion();
    const { guard } = caller;
    const settled = (): void => {
      if (refuse((guard?.requestRead() ?? []).map((one) => findingOfAgent(one, modeNow())))) return;
      caller?.keepRequest();
      then();
    };
    if (claims.length === 0 && asked === undefined) return settled();
    const question = { about: 'conversation', claims, identity: caller.identity, agents: policy.agents, target: target() } as const;
    consult(asked === undefined ? question : { ...question, tokens: asked }, settled);
  }

  /** A model that nobody names is the provider's choice, where one is asked. */
  function bodyFacts(): WireFacts {
    const asks = head.method === 'POST' && request.bytes > 0 && MODEL_OPERATIONS.has(format.operation(head) ?? '');
    const isNamed = facts.model !== undefined || (facts.otherModels?.length ?? 0) > 0;
    return asks && !isNamed ? { ...facts, model: UNNAMED_MODEL } : facts;
  }

  /** What is kept for later exchanges, and what earlier ones kept. Callers that nothing tells apart have nothing in common. */
  function tokenQuestion(): TokenQuestion | undefined {
    const recalls = facts.conversationId !== undefined;
    if (tokens === undefined || (tokens.minted.size === 0 && !recalls) || !isKnownCaller(tokenCaller())) return undefined;
    return { scope: tokens.scope, minted: tokens.minted, recalls };
  }

  function tokenCaller(): TokenCaller {
    const credential = callerCredential(requestHeaders);
    const credentialHash = credential === undefined ? undefined : hash(credential);
    return { agent: caller?.rule.name, identity: caller?.identity, credentialHash };
  }

  /** The kill switch ends what is open, in every mode in which something can be ended. */
  function stopNow(stop: Stop): void {
    const isLate = observability || (response.done && unread === undefined);
    findings.push({ ...findingOfAgent(stoppedBy(stop), modeNow()), ...(isLate && { taken: 'observe' }) });
    if (isLate) return;
    const hasStatusLeft = response.headers === 'answered' && !isBuffered(response);
    if (response.headers === 'none') deny(request, denialFor('content_filter', 'agent.stopped'));
    else if (hasStatusLeft && (response.inspection === undefined || (!enforce && response.mode === 'streamed')))
      abort(GRPC.permissionDenied, 'stopped in the middle of a body that cannot be ended', 'denied'); // its old length may have left
    else if (hasStatusLeft && response.mode === 'streamed') stopping = denialFor('content_filter', 'agent.stopped');
    else deny(response, denialFor('content_filter', 'agent.stopped'));
  }

  function modeNow(): Policy['mode'] {
    return enforce ? 'enforce' : 'observe';
  }

  function takePart(flow: Flow, event: PartEvent): void {
    switch (event.kind) {
      case 'request-headers':
      case 'response-headers':
        if (flow.ended) return;
        headersCut = event.cut === true;
        return flow === request
          ? takeRequestHeaders(event.headers, event.endOfStream)
          : takeResponseHeaders(event.headers, event.endOfStream);
      case 'request-body':
      case 'response-body':
        return takeBody(flow, event.bytes, event.endOfStream);
      case 'request-trailers':
      case 'response-trailers':
        return takeTrailers(flow);
      default:
        return unreachable(event);
    }
  }

  /** Envoy has half-closed: what is being decoded is still taken. */
  function takeEnding(): void {
    if (!ending || proceed !== undefined || unread !== undefined || request.decoding !== undefined || response.decoding !== undefined)
      return;
    if (overridden && request.bytes + response.bytes === 0) bodiesNotSent();
    if (inFlight(request) || inFlight(response)) abort(GRPC.aborted, 'the stream ended while a body was undecided', 'cancelled');
    else finish(isAwaited(response) ? 'cancelled' : outcome());
  }

  function takeRequestHeaders(headers: readonly Header[], endOfStream: boolean): void {
    requestHeaders = headers;
    head = headOf(headers);
    route = policy.route({ routeName: attributes.get('xds.route_name'), host: head.host, path: head.path });
    format = (route.dialect === undefined ? undefined : formatById(route.dialect)) ?? formatOfHead(head);
    format.readHead?.(head, facts);
    const start = (): void => startRequest(headers, endOfStream);
    if (options.consults !== true) return start();
    const claims = readClaims({ headers, attributes, metadata, policy: policy.agents.identity, hash });
    consult({ about: 'caller', claims, identity: undefined, agents: policy.agents, target: target() }, start);
  }

  /** Its caller is known, or nobody was asked. */
  function startRequest(headers: readonly Header[], endOfStream: boolean): void {
    const agent = caller?.rule;
    const own = agent === undefined ? route.profile : policy.narrowed(route.profile, agent);
    const query = { routeName: attributes.get('xds.route_name'), host: head.host, path: head.path };
    route = { ...route, profile: policy.excepted(own, { ...query, agent, nowMs: nowUnixMs }) };
    if (overridable) overrideModes();
    if (enforce && response.mode !== 'none') askForReadable(headers);
    begin(request, headers, endOfStream);
  }

  /** No coding may be offered that cannot be decoded; a client that accepts any accepts plain bytes too. */
  function askForReadable(headers: readonly Header[]): void {
    const accepted = joinedHeader(headers, 'accept-encoding');
    if (accepted === undefined) return;
    const asked = policy.acceptEncoding === 'strip' ? undefined : decodableEncodings(accepted);
    if (asked === undefined) removeHeaders(request, ['accept-encoding']);
    else if (asked !== accepted) request.mutation = { set: [['accept-encoding', asked]], remove: request.mutation?.remove ?? [] };
  }

  /** Turns bodies on where a rule looks at them, and everything off where none does: that traffic costs one message. */
  function overrideModes(): void {
    overridden = looksAtBodies() && !isUpgrade(requestHeaders);
    // A body mode that is configured stays: it holds too where the override is ignored.
    const asked = request.mode === 'none' ? 'buffered' : request.mode;
    request.mode = overridden ? asked : 'none';
    response.mode = overridden ? 'full-duplex' : 'none';
    request.modeOverride = { request: request.mode, response: response.mode };
  }

  /** A rule of detection looks at them, or they can break what policy says of callers, or the answer is held against the request. */
  function looksAtBodies(): boolean {
    return route.profile.inspects || caller?.needsBodies === true || answerCheck() !== undefined;
  }

  /** Bodies that were asked for with an override and do not come. */
  function bodiesNotSent(): void {
    for (const flow of [request, response]) {
      if (flow.done) continue;
      uninspectedBecause(flow, 'body-not-sent');
      flow.mode = 'none';
      flow.done = true;
    }
  }

  function takeResponseHeaders(headers: readonly Header[], endOfStream: boolean): void {
    status = Number(firstHeader(headers, ':status')) || undefined;
    // A request that Envoy buffers for us has no answer before we have seen it.
    if (overridden && isBuffered(request) && !request.done && request.decoding === undefined) {
      bodiesNotSent();
      response.done = false;
    }
    begin(response, headers, endOfStream);
    if (!over && response.headers === 'held') effects.push({ kind: 'wake', unixMs: nowUnixMs + FIXED.headerHoldMs });
  }

  /** The headers of one direction: whether a body follows, and whether it can be inspected, is known here. */
  function begin(flow: Flow, headers: readonly Header[], endOfStream: boolean): void {
    // A request with two types is of none: its receiver may believe either.
    flow.contentType = flow === request ? joinedHeader(headers, 'content-type') : firstHeader(headers, 'content-type');
    flow.headers = 'held';
    flow.ended = endOfStream;
    const obstacle = findObstacle();
    if (obstacle !== undefined) {
      uninspectedBecause(flow, obstacle);
      if (enforce && failsClosed(flow)) return deny(flow, denialFor(OBSTACLES[obstacle]));
    }
    if (endOfStream || flow.mode === 'none') {
      if (!endOfStream && looksAtBodies()) uninspectedBecause(flow, 'body-not-sent');
      flow.done = true;
      return flow === request ? requestRead(() => answerHeaders(flow)) : answerHeaders(flow);
    }
    if (obstacle !== undefined) return answerHeaders(flow);
    if (isUpgraded(flow)) return beginUpgraded(flow);
    flow.digests = BODY_DIGESTS.filter((name) => firstHeader(headers, name) !== undefined);
    const contentEncoding = joinedHeader(headers, 'content-encoding');
    const encoding = readContentEncoding(contentEncoding);
    const codings = encoding.kind === 'codings' ? encoding.codings : [];
    flow.coded = codings.length === 0 ? undefined : newCodedBody(codings, leavesFirst(flow));
    if (flow === request && route.profile.compares) prompt = createPromptMemory();
    if (flow === request && enforce && route.profile.tokenizes)
      tokens = createValueTokens({ scope: () => tokenScope(tokenCaller(), facts), hash });
    learning ??= options.learns && newLearning(options.learns(head));
    flow.inspection = createInspection({
      direction: flow.direction,
      format,
      contentType: flow.contentType,
      contentEncoding: flow.coded === undefined ? contentEncoding : undefined,
      profile: route.profile,
      mode: enforce ? 'enforce' : 'observe',
      failMode: policy.failMode,
      limits: policy.limits,
      facts,
      findings,
      countAll: false,
      guard: caller?.guard,
      answers: answerCheck(),
      prompt,
      tokens,
      restoring: tokens === undefined || flow === request ? undefined : createTokenRestoring(policy.toolClasses),
      onFormat: route.dialect === undefined ? takeFormat : undefined,
      byShape: caller?.isBound === true,
      learning,
      sliced: options.sliced === true,
    });
    // In STREAMED mode Envoy keeps a length that a redaction would make wrong.
    if (flow.mode === 'streamed' && enforce) removeHeaders(flow, flow.coded === undefined ? ['content-length'] : plainHeaders(flow));
    // In full duplex the headers wait until the first text is decided, so that a denial is still a real status.
    if (flow.mode !== 'full-duplex' || !enforce) answerHeaders(flow);
  }

  /** One for both directions. */
  function answerCheck(): AnswerCheck | undefined {
    answers ??= createAnswerCheck(route.profile, enforce ? 'enforce' : 'observe');
    return answers;
  }

  /** In STREAMED mode the headers leave before anything is known of the body; where nothing is changed it is known too. */
  function leavesFirst({ mode }: Flow): CodedBody['leaves'] {
    if (!enforce) return 'as-it-came';
    return mode === 'streamed' ? 'decoded' : 'undecided';
  }

  function refusalOf(flow: Flow, inspection: Inspection): Denial | undefined {
    return inspection.denial ?? (flow === response ? stopping : undefined);
  }

  function takeFormat(found: WireFormat): void {
    format = found;
  }

  /** Why nothing of this direction can be inspected, whatever it says. */
  function findObstacle(): keyof typeof OBSTACLES | undefined {
    if (options.overloaded === true) return 'process-limit';
    return headersCut ? 'header-limit' : undefined;
  }

  /** The bytes of a WebSocket or a tunnel are no HTTP body: they pass as they come, or the upgrade is denied. */
  function beginUpgraded(flow: Flow): void {
    uninspectedBecause(flow, 'opaque');
    if (enforce && policy.failMode.onOpaque === 'deny') return deny(flow, denialFor('uninspectable'));
    answerHeaders(flow);
  }

  function isUpgraded(flow: Flow): boolean {
    if (!isUpgrade(requestHeaders)) return false;
    return flow === request || status === 101 || (head.method === 'CONNECT' && status === 200);
  }

  /** A configuration may leave the headers out and send the body. */
  function beginWithoutHeaders(flow: Flow): void {
    begin(flow, [], false);
    flow.headers = 'answered';
    effects = effects.filter(({ kind }) => kind !== 'answer-headers');
  }

  function takeBody(flow: Flow, bytes: Buffer, endOfStream: boolean): void {
    if (flow.ended) return;
    if (flow.done) return flow.mode === 'none' ? passUnexpected(flow, { bytes, endOfStream }) : undefined;
    if (flow.headers === 'none') beginWithoutHeaders(flow);
    const { inspection, coded } = flow;
    const isPrefix = flow.mode === 'buffered-partial' && !endOfStream;
    if (inspection !== undefined && coded !== undefined && !flow.cut && !isPrefix)
      return decoding().decode(flow, coded, { kind: 'body', bytes, endOfStream, decodedBytes: 0 });
    tookBody(flow, { bytes, endOfStream });
    if (inspection === undefined) return passBody(flow, { bytes, endOfStream });
    if (flow.cut) return answerBody(flow, NO_BYTES);
    if (isPrefix) return takePrefix(flow);
    inspection.push(bytes);
    if (flow.done) inspection.end();
    whenRead(flow, inspection, () => judgeTaken(flow, inspection, { bytes, endOfStream }));
  }

  function judgeTaken(flow: Flow, inspection: Inspection, part: BodyPart): void {
    for (const reason of inspection.uninspected) uninspectedBecause(flow, reason);
    const denial = refusalOf(flow, inspection) ?? tooLarge(flow, flow.bytes);
    if (denial !== undefined) return deny(flow, denial);
    if (flow === request && flow.done) requestRead(() => answerTaken(flow, inspection, part));
    else answerTaken(flow, inspection, part);
  }

  function answerTaken(flow: Flow, inspection: Inspection, { bytes, endOfStream }: BodyPart): void {
    if (isBuffered(flow)) answerBuffered(flow, inspection);
    else if (flow.mode === 'streamed') answerPiece(flow, inspection, bytes);
    else if (flow.done || mayLeave(flow, inspection)) stream(flow, { parts: inspection.take(), endOfStream });
  }

  function tookBody(flow: Flow, { bytes, endOfStream }: BodyPart): void {
    flow.bytes += bytes.length;
    flow.ended = endOfStream;
    flow.done = endOfStream || isBuffered(flow);
  }

  function takeWaiting(flow: Flow): void {
    while (!over && !isBusy(flow) && flow.waiting.length > 0) takePart(flow, flow.waiting.shift()!);
    if (!over) takeEnding();
  }

  /** BUFFERED_PARTIAL gives the beginning of a body that is larger than Envoy's buffer; the rest goes by unseen. */
  function takePrefix(flow: Flow): void {
    uninspectedBecause(flow, 'body-limit');
    if (enforce && failsClosed(flow) && policy.failMode.onLimit === 'deny') return deny(flow, denialFor('request_too_large'));
    answerBody(flow, undefined);
  }

  /** A request that comes in pieces is withheld whole until it is judged; what cannot be judged any more may leave as it comes. */
  function mayLeave(flow: Flow, inspection: Inspection): boolean {
    return flow.direction === 'response' || !enforce || inspection.uninspected.has('body-limit');
  }

  /** A request that is withheld whole is bounded, whatever its type. */
  function tooLarge(flow: Flow, bytes: number): Denial | undefined {
    const { limits, failMode } = policy;
    const withheld = flow.direction === 'request' && !isBuffered(flow) && !flow.done;
    if (!enforce || !withheld || !failsClosed(flow) || failMode.onLimit === 'allow' || bytes <= limits.bodyBytes) return undefined;
    uninspectedBecause(flow, 'body-limit');
    return denialFor('request_too_large');
  }

  function failsClosed({ direction }: Flow): boolean {
    return policy.failMode[direction] === 'closed';
  }

  /** No body was expected, counted already: Envoy ignored an override, or answers by itself while it buffers a request for us. */
  function passUnexpected(flow: Flow, { bytes, endOfStream }: { bytes: Buffer; endOfStream: boolean }): void {
    flow.bytes += bytes.length;
    flow.ended = endOfStream;
    if (flow === response && overridden) stream(flow, { parts: [bytes], endOfStream });
    else answerBody(flow, undefined);
  }

  function passBody(flow: Flow, { bytes, endOfStream }: { bytes: Buffer; endOfStream: boolean }): void {
    if (flow.mode === 'full-duplex') stream(flow, { parts: [bytes], endOfStream });
    else answerBody(flow, undefined);
  }

  function answerBody({ direction }: Flow, replace: Buffer | undefined): void {
    effects.push({ kind: 'answer-body', direction, replace, mutation: undefined });
  }

  /** STREAMED: what may leave takes the place of the piece; what is undecided comes with a later one. */
  function answerPiece(flow: Flow, inspection: Inspection, bytes: Buffer): void {
    const out = Buffer.concat(flow.done || mayLeave(flow, inspection) ? inspection.take() : []);
    answerBody(flow, !enforce || out.equals(bytes) ? undefined : out);
  }

  function answerBuffered(flow: Flow, inspection: Inspection): void {
    const parts = inspection.take();
    if (inspection.changed) answerChanged(flow, Buffer.concat(parts));
    else answerBody(flow, undefined);
  }

  /** The whole body, plain, with headers that say so. */
  function answerChanged(flow: Flow, replace: Buffer): void {
    const remove = plainHeaders(flow).filter((name) => name !== 'content-length');
    const mutation = { set: [['content-length', String(replace.length)] as const], remove };
    effects.push({ kind: 'answer-body', direction: flow.direction, replace, mutation });
  }

  function stream(flow: Flow, { parts, endOfStream }: { parts: readonly Buffer[]; endOfStream: boolean }): void {
    if (parts.length === 0 && !endOfStream) return;
    answerHeaders(flow);
    effects.push({ kind: 'stream-body', direction: flow.direction, parts, endOfStream });
  }

  function takeTrailers(flow: Flow): void {
    if (flow.ended) return;
    const { inspection, coded } = flow;
    const isOpen = inspection !== undefined && !flow.done && !flow.cut;
    if (isOpen && coded !== undefined) return decoding().decode(flow, coded, endOfBody());
    flow.ended = true;
    if (!isOpen) return answerTrailers(flow);
    inspection.end();
    whenRead(flow, inspection, () => judgeToTrailers(flow, inspection));
  }

  /** The body ends with trailers: everything of it is decided now. */
  function judgeToTrailers(flow: Flow, inspection: Inspection): void {
    for (const reason of inspection.uninspected) uninspectedBecause(flow, reason);
    const denial = refusalOf(flow, inspection);
    if (denial !== undefined) return deny(flow, denial);
    const end = (): void => {
      endBody(flow, inspection.take());
      if (!over) answerTrailers(flow);
    };
    if (flow === request) requestRead(end);
    else end();
  }

  function answerTrailers(flow: Flow): void {
    answerHeaders(flow);
    effects.push({ kind: 'answer-trailers', direction: flow.direction });
    flow.done = true;
  }

  function endBody(flow: Flow, parts: readonly Buffer[]): void {
    if (flow.mode === 'full-duplex') return stream(flow, { parts, endOfStream: false });
    // The answer to trailers carries no bytes, and no piece is left that could.
    if (enforce && parts.length > 0) abort(GRPC.aborted, 'trailers came while part of the body was held');
  }

  function answerHeaders(flow: Flow): void {
    if (flow.headers !== 'held') return;
    flow.headers = 'answered';
    settleHeaders(flow);
    if (flow === response) effects.push({ kind: 'wake', unixMs: undefined });
    const { direction, mutation, modeOverride } = flow;
    effects.push({ kind: 'answer-headers', direction, mutation, ...(modeOverride && { modeOverride }) });
  }

  /** The headers say what leaves behind them. */
  function settleHeaders(flow: Flow): void {
    const { coded, inspection } = flow;
    if (isBuffered(flow)) return;
    if (coded?.leaves === 'undecided') {
      coded.leaves = 'decoded';
      coded.wire = [];
      coded.wireBytes = 0;
      removeHeaders(flow, plainHeaders(flow));
    } else if (coded === undefined && inspection?.changed === true) removeHeaders(flow, flow.digests);
  }

  /** Headers that a body which is not the one that came cannot keep. */
  function plainHeaders({ coded, digests }: Flow): readonly string[] {
    return coded === undefined ? digests : ['content-encoding', 'content-length', ...digests];
  }

  /** A real status while none has left; afterwards the dialect's own ending; where it has none, the stream breaks. */
  function deny(flow: Flow, denial: Denial): void {
    const headersLeft = flow === response && !isBuffered(flow) && flow.headers === 'answered';
    if (headersLeft) return denyWithin(flow, flow.inspection!, denial);
    if (flow === request && isAnswering())
      return abort(GRPC.permissionDenied, 'the request is denied after its answer has begun', 'denied');
    const { status: code, contentType, body } = format.denial(denial, facts);
    const grpcStatus = request.contentType?.startsWith('application/grpc') === true ? GRPC.permissionDenied : undefined;
    status = code;
    effects.push({
      kind: 'deny',
      status: code,
      headers: [['content-type', contentType]],
      body,
      details: `sluice_${denial.code}`,
      grpcStatus,
    });
    finish('denied');
  }

  /** The client has a status already: its provider answers before it has the whole request. */
  function isAnswering(): boolean {
    return response.headers === 'answered' && (!isBuffered(response) || response.done);
  }

  /** The beginning of the answer has left. */
  function denyWithin(flow: Flow, inspection: Inspection, denial: Denial): void {
    const ending = inspection.isStream() ? inspection.ending(denial) : undefined;
    // After trailers no bytes can follow in STREAMED mode: its pieces are all answered.
    const carried = flow.mode === 'full-duplex' || !flow.ended || flow.done;
    if (ending === undefined || ending.length === 0 || !carried) {
      abort(GRPC.permissionDenied, 'denied in the middle of a body that has no legal early end', 'denied');
      return;
    }
    const parts = [...inspection.take(), ending];
    if (flow.mode === 'full-duplex') {
      const endOfStream = !hasTrailers(flow);
      effects.push({ kind: 'stream-body', direction: 'response', parts, endOfStream });
      if (!endOfStream) effects.push({ kind: 'answer-trailers', direction: 'response' });
      return finish('denied');
    }
    flow.cut = true;
    answerBody(flow, Buffer.concat(parts));
  }

  function outcome(): 'completed' | 'denied' {
    return response.cut ? 'denied' : 'completed';
  }

  function removeHeaders(flow: Flow, names: readonly string[]): void {
    if (names.length === 0) return;
    flow.mutation = { set: flow.mutation?.set ?? [], remove: [...new Set([...(flow.mutation?.remove ?? []), ...names])] };
  }

  function abort(grpcStatus: number, message: string, how: 'aborted' | 'denied' | 'cancelled' = 'aborted'): void {
    effects.push({ kind: 'abort', grpcStatus, message });
    finish(how);
  }

  function uninspectedBecause({ direction }: Flow, reason: UninspectableReason): void {
    uninspected.set(`${direction} ${reason}`, { direction, reason });
  }

  function finish(how: ExchangeRecord['outcome']): void {
    over = true;
    prompt = undefined;
    tokens = undefined;
    effects.push({ kind: 'record', record: recordOf(how) });
  }

  /** What a refused or failed exchange looks like says nothing of the API. */
  function learned(how: ExchangeRecord['outcome']): Learned | undefined {
    if (learning === undefined) return undefined;
    const isGood = how === 'completed' && status !== undefined && status >= 200 && status < 300;
    return { shapes: isGood ? learning.shapes : {}, tools: learning.tools };
  }

  /** Envoy gives `address:port`. */
  function addressHash(): string | undefined {
    const address = attributes.get('source.address');
    return address === undefined ? undefined : hashAddress(address.slice(0, address.lastIndexOf(':'))).slice(0, SHOWN_HASH_DIGITS);
  }

  function target(): Target {
    return { host: head.host, path: head.path, callerHash: callerHash() };
  }

  function callerHash(): string | undefined {
    const credential = callerCredential(requestHeaders);
    return credential === undefined ? undefined : hash(credential).slice(0, SHOWN_HASH_DIGITS);
  }

  function recordOf(how: ExchangeRecord['outcome']): ExchangeRecord {
    return {
      exchangeId: options.exchangeId,
      startUnixMs: startUnixMs ?? nowUnixMs,
      endUnixMs: nowUnixMs,
      method: head.method,
      host: head.host,
      path: head.path,
      scheme: head.header(':scheme') ?? '',
      status,
      traceparent: options.traceparent ?? head.header('traceparent'),
      tracestate: options.traceparent === undefined ? head.header('tracestate') : options.tracestate,
      userAgent: head.header('user-agent'),
      auth: authOf(requestHeaders),
      caller: caller?.record(addressHash(), facts),
      callerHash: callerHash(),
      routeName: attributes.get('xds.route_name'),
      dialect: format.id,
      provider: format.provider(head),
      operation: format.operation(head),
      facts,
      requestContentType: request.contentType,
      responseContentType: response.contentType,
      requestBytes: request.bytes,
      responseBytes: response.bytes,
      policyVersion: policy.version,
      profile: route.profile.name,
      mode: enforce ? 'enforce' : 'observe',
      verdict: how === 'denied' ? 'deny' : verdictOf(findings, enforce ? 'enforce' : 'observe'),
      findings,
      uninspected: [...uninspected.values()],
      learned: learned(how),
      outcome: how,
    };
  }
}

/** Operations of which a request says whom it asks. */
const MODEL_OPERATIONS: ReadonlySet<string> = new Set(['chat', 'text_completion', 'embeddings', 'generate_content', 'rerank']);
/** Stands for the model where a request names none; a list may allow it by this name. */
const UNNAMED_MODEL = '(none)';

/** Headers about the bytes of a body (RFC 9110, 8.8.3; RFC 9530; RFC 3230; RFC 1864): wrong once the body is another one. */
const BODY_DIGESTS = ['etag', 'digest', 'content-digest', 'repr-digest', 'content-md5'] as const;

/**
 * Whether Envoy's modes are those of a configuration that leaves inspection to an override. Where FULL_DUPLEX_STREAMED is configured an
 * override does not count.
 */
function isOverridable({ request, response }: { readonly request: BodyMode; readonly response: BodyMode }): boolean {
  return request !== 'full-duplex' && response === 'none';
}

/**
 * Only a GET upgrades (RFC 6455, 4.1) and only CONNECT tunnels: a server that is sent `Upgrade` beside a POST answers the POST
 * (RFC 9110, 7.8), so its body is one.
 */
function isUpgrade(headers: readonly Header[]): boolean {
  const method = firstHeader(headers, ':method');
  return method === 'CONNECT' || (method === 'GET' && firstHeader(headers, 'upgrade') !== undefined);
}

/** Digits of a keyed hash that are kept. */
const SHOWN_HASH_DIGITS = 12;

const NO_BYTES = Buffer.alloc(0);
/** Before the request's headers are known. */
const NO_HEAD: Head = headOf([]);
