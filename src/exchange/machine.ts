import { unreachable } from '../lib/assert.ts';
import { FIXED } from '../lib/limits.ts';
import { verdictOf } from '../policy/decide.ts';
import type { Finding } from '../policy/finding.ts';
import type { Policy, RouteDecision } from '../policy/policy.ts';
import { denialFor } from '../respond/denial.ts';
import type { Direction } from '../text/lane.ts';
import type { Denial, Head, WireFormat } from '../wire/format.ts';
import { formatById, recogniseFormat } from '../wire/formats/index.ts';
import { emptyFacts, type UninspectableReason } from '../wire/frame.ts';
import type { BodyMode, Effect, EnvoyEvent, ExchangeRecord, Header, HeaderMutation } from './events.ts';
import { createInspection, type Inspection } from './inspection.ts';
import { authOf, callerCredential, firstHeader, headOf } from './request-head.ts';

export interface ExchangeOptions {
  /** The policy of the moment the exchange begins; it stays with the exchange to its end. */
  readonly policy: Policy;
  /** Unique; given, because the machine draws no random numbers. */
  readonly exchangeId: string;
  /** Body modes when Envoy sends no `protocol_config`. Never full-duplex: silence there loses data. */
  readonly fallbackModes: { readonly request: BodyMode; readonly response: BodyMode };
  /** Keyed hash of a credential, hex; its first 12 digits are kept. */
  readonly hash: (credential: string) => string;
}

/** One HTTP exchange as a state machine: an event in, the effects it has out. Never awaits; knows the time from events alone. */
export interface Exchange {
  step(event: EnvoyEvent): readonly Effect[];
}

/** What one direction is doing. */
interface Flow {
  readonly direction: Direction;
  mode: BodyMode;
  headers: 'none' | 'held' | 'answered';
  mutation: HeaderMutation | undefined;
  /** Undefined: there is no body, or none that is inspected. */
  inspection: Inspection | undefined;
  /** No more of it is expected, or what still comes is dropped. */
  done: boolean;
  bytes: number;
  contentType: string | undefined;
}

const GRPC = { permissionDenied: 7, failedPrecondition: 9, aborted: 10 } as const;

export function openExchange(options: ExchangeOptions): Exchange {
  const { policy, hash } = options;
  const request = newFlow('request', options.fallbackModes.request);
  const response = newFlow('response', options.fallbackModes.response);
  const findings: Finding[] = [];
  const facts = emptyFacts();
  const uninspected = new Map<string, { readonly direction: Direction; readonly reason: UninspectableReason }>();
  let enforce = policy.mode === 'enforce';
  let attributes: ReadonlyMap<string, string> = new Map();
  let requestHeaders: readonly Header[] = [];
  let head: Head = headOf(requestHeaders);
  let route: RouteDecision = policy.route({ routeName: undefined, host: '', path: '' });
  let format: WireFormat = recogniseFormat(head);
  let status: number | undefined;
  let startUnixMs: number | undefined;
  let nowUnixMs = 0;
  let over = false;
  let effects: Effect[] = [];

  return {
    step(event) {
      if (over) return [];
      effects = [];
      if (event.kind !== 'open') {
        nowUnixMs = event.unixMs;
        startUnixMs ??= nowUnixMs;
      }
      take(event);
      if (!over && request.done && response.done) finish('completed');
      return effects;
    },
  };

  function take(event: EnvoyEvent): void {
    switch (event.kind) {
      case 'open':
        request.mode = event.modes?.request ?? request.mode;
        response.mode = event.modes?.response ?? response.mode;
        enforce &&= !event.observability;
        attributes = event.attributes;
        return;
      case 'request-headers':
        return takeRequestHeaders(event.headers, event.endOfStream);
      case 'response-headers':
        return takeResponseHeaders(event.headers, event.endOfStream);
      case 'request-body':
        return takeBody(request, event.bytes, event.endOfStream);
      case 'response-body':
        return takeBody(response, event.bytes, event.endOfStream);
      case 'request-trailers':
        return takeTrailers(request);
      case 'response-trailers':
        return takeTrailers(response);
      case 'tick':
        return answerHeaders(response);
      case 'ended':
        return inFlight(request) || inFlight(response)
          ? abort(GRPC.aborted, 'the stream ended while a body was undecided')
          : finish('completed');
      case 'cancelled':
        return finish(response.done ? 'completed' : 'cancelled');
      default:
        return unreachable(event);
    }
  }

  function takeRequestHeaders(headers: readonly Header[], endOfStream: boolean): void {
    requestHeaders = headers;
    head = headOf(headers);
    route = policy.route({ routeName: attributes.get('xds.route_name'), host: head.host, path: head.path });
    format = (route.dialect === undefined ? undefined : formatById(route.dialect)) ?? recogniseFormat(head);
    // A compressed answer could not be read; a client that accepts an encoding accepts plain bytes too.
    const readable = enforce && response.mode !== 'none' && firstHeader(headers, 'accept-encoding') !== undefined;
    request.mutation = readable ? { set: [], remove: ['accept-encoding'] } : undefined;
    begin(request, headers, endOfStream);
  }

  function takeResponseHeaders(headers: readonly Header[], endOfStream: boolean): void {
    status = Number(firstHeader(headers, ':status')) || undefined;
    begin(response, headers, endOfStream);
    if (response.headers === 'held') effects.push({ kind: 'wake', unixMs: nowUnixMs + FIXED.headerHoldMs });
  }

  /** The headers of one direction: whether a body follows, and whether it can be inspected, is known here. */
  function begin(flow: Flow, headers: readonly Header[], endOfStream: boolean): void {
    flow.contentType = firstHeader(headers, 'content-type');
    flow.headers = 'held';
    if (endOfStream || flow.mode === 'none') {
      if (!endOfStream) uninspectedBecause(flow, 'body-not-sent');
      flow.done = true;
      return answerHeaders(flow);
    }
    if (flow.mode === 'streamed' || flow.mode === 'buffered-partial') return beginUnsupported(flow);
    flow.inspection = createInspection({
      direction: flow.direction,
      format,
      contentType: flow.contentType,
      contentEncoding: firstHeader(headers, 'content-encoding'),
      profile: route.profile,
      mode: enforce ? 'enforce' : 'observe',
      failMode: policy.failMode,
      limits: policy.limits,
      facts,
      findings,
      countAll: false,
    });
    // In full duplex the headers wait until the first text is decided, so that a denial is still a real status.
    if (flow.mode === 'buffered' || !enforce) answerHeaders(flow);
  }

  /** STREAMED and BUFFERED_PARTIAL cannot hold undecided text: refused, or let through uninspected where policy fails open. */
  function beginUnsupported(flow: Flow): void {
    uninspectedBecause(flow, 'body-mode');
    if (!enforce || policy.failMode[flow.direction] === 'open') return answerHeaders(flow);
    abort(
      GRPC.failedPrecondition,
      `the ${flow.direction} body mode ${flow.mode} cannot be inspected; use BUFFERED or FULL_DUPLEX_STREAMED`,
    );
  }

  function takeBody(flow: Flow, bytes: Buffer, endOfStream: boolean): void {
    if (flow.done) return;
    flow.bytes += bytes.length;
    const { inspection } = flow;
    if (inspection === undefined) return passBody(flow, endOfStream);
    const last = endOfStream || flow.mode === 'buffered';
    inspection.push(bytes);
    if (last) inspection.end();
    for (const reason of inspection.uninspected) uninspectedBecause(flow, reason);
    const denial = inspection.denial ?? tooLarge(flow, last);
    if (denial !== undefined) return deny(flow, denial);
    if (flow.mode === 'buffered') answerBuffered(flow, inspection);
    else if (last || mayLeave(flow, inspection)) stream(flow, { parts: inspection.take(), endOfStream });
    flow.done ||= endOfStream || (last && flow.mode === 'buffered');
  }

  /** A full-duplex request is withheld whole until it is judged; what cannot be judged any more may leave as it comes. */
  function mayLeave(flow: Flow, inspection: Inspection): boolean {
    return flow.direction === 'response' || !enforce || inspection.uninspected.has('body-limit');
  }

  /** A request that is withheld whole is bounded, whatever its type. */
  function tooLarge(flow: Flow, last: boolean): Denial | undefined {
    const { limits, failMode } = policy;
    const withheld = flow.direction === 'request' && flow.mode === 'full-duplex' && !last;
    if (!enforce || !withheld || failMode.onLimit === 'allow' || flow.bytes <= limits.bodyBytes) return undefined;
    uninspectedBecause(flow, 'body-limit');
    return denialFor('request_too_large');
  }

  function passBody(flow: Flow, endOfStream: boolean): void {
    effects.push({ kind: 'answer-body', direction: flow.direction, replace: undefined, mutation: undefined });
    flow.done = endOfStream;
  }

  function answerBuffered(flow: Flow, inspection: Inspection): void {
    const replace = inspection.changed ? Buffer.concat(inspection.take()) : undefined;
    const mutation = replace === undefined ? undefined : { set: [['content-length', String(replace.length)] as const], remove: [] };
    effects.push({ kind: 'answer-body', direction: flow.direction, replace, mutation });
  }

  function stream(flow: Flow, { parts, endOfStream }: { parts: readonly Buffer[]; endOfStream: boolean }): void {
    if (parts.length === 0 && !endOfStream) return;
    answerHeaders(flow);
    effects.push({ kind: 'stream-body', direction: flow.direction, parts, endOfStream });
  }

  function takeTrailers(flow: Flow): void {
    const { inspection, direction } = flow;
    if (inspection !== undefined && !flow.done) {
      inspection.end();
      for (const reason of inspection.uninspected) uninspectedBecause(flow, reason);
      if (inspection.denial !== undefined) return deny(flow, inspection.denial);
      if (flow.mode === 'full-duplex') stream(flow, { parts: inspection.take(), endOfStream: false });
    }
    answerHeaders(flow);
    effects.push({ kind: 'answer-trailers', direction });
    flow.done = true;
  }

  function answerHeaders(flow: Flow): void {
    if (flow.headers !== 'held') return;
    flow.headers = 'answered';
    if (flow === response) effects.push({ kind: 'wake', unixMs: undefined });
    effects.push({ kind: 'answer-headers', direction: flow.direction, mutation: flow.mutation });
  }

  /** A real status while none has left; afterwards the dialect's own ending; where it has none, the stream breaks. */
  function deny(flow: Flow, denial: Denial): void {
    const headersLeft = flow === response && flow.mode === 'full-duplex' && flow.headers === 'answered';
    if (!headersLeft) {
      const { status: code, contentType, body } = format.denial(denial);
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
      return finish('denied');
    }
    const inspection = flow.inspection!;
    const ending = isEventStream(flow) ? inspection.ending(denial) : undefined;
    if (ending === undefined || ending.length === 0) {
      effects.push({
        kind: 'abort',
        grpcStatus: GRPC.permissionDenied,
        message: 'denied in the middle of a body that has no legal early end',
      });
    } else {
      effects.push({ kind: 'stream-body', direction: 'response', parts: [...inspection.take(), ending], endOfStream: true });
    }
    finish('denied');
  }

  function abort(grpcStatus: number, message: string): void {
    effects.push({ kind: 'abort', grpcStatus, message });
    finish('aborted');
  }

  function uninspectedBecause({ direction }: Flow, reason: UninspectableReason): void {
    uninspected.set(`${direction} ${reason}`, { direction, reason });
  }

  function finish(outcome: ExchangeRecord['outcome']): void {
    over = true;
    effects.push({ kind: 'record', record: recordOf(outcome) });
  }

  function recordOf(outcome: ExchangeRecord['outcome']): ExchangeRecord {
    const credential = callerCredential(requestHeaders);
    return {
      exchangeId: options.exchangeId,
      startUnixMs: startUnixMs ?? nowUnixMs,
      endUnixMs: nowUnixMs,
      method: head.method,
      host: head.host,
      path: head.path,
      scheme: head.header(':scheme') ?? '',
      status,
      traceparent: head.header('traceparent'),
      tracestate: head.header('tracestate'),
      userAgent: head.header('user-agent'),
      auth: authOf(requestHeaders),
      callerHash: credential === undefined ? undefined : hash(credential).slice(0, 12),
      routeName: attributes.get('xds.route_name'),
      dialect: format.id,
      provider: format.provider,
      operation: format.operation,
      facts,
      requestContentType: request.contentType,
      responseContentType: response.contentType,
      requestBytes: request.bytes,
      responseBytes: response.bytes,
      policyVersion: policy.version,
      profile: route.profile.name,
      mode: enforce ? 'enforce' : 'observe',
      verdict: outcome === 'denied' ? 'deny' : verdictOf(findings, enforce ? 'enforce' : 'observe'),
      findings,
      uninspected: [...uninspected.values()],
      outcome,
    };
  }
}

/** Only an event stream can end early and be legal; half a JSON document cannot. */
function isEventStream({ contentType }: Flow): boolean {
  return contentType?.trimStart().toLowerCase().startsWith('text/event-stream') === true;
}

/** A body has begun and is not decided to its end. */
function inFlight({ inspection, done }: Flow): boolean {
  return inspection !== undefined && !done;
}

function newFlow(direction: Direction, mode: BodyMode): Flow {
  return { direction, mode, headers: 'none', mutation: undefined, inspection: undefined, done: false, bytes: 0, contentType: undefined };
}
