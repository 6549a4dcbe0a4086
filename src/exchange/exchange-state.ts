import type { Finding } from '../policy/finding.ts';
import type { Policy, RouteDecision } from '../policy/policy.ts';
import type { Denial, Head, WireFormat } from '../wire/format.ts';
import { generic } from '../wire/formats/generic.ts';
import { emptyFacts, type UninspectableReason, type WireFacts } from '../wire/frame.ts';
import type { Learning } from '../wire/learning.ts';
import { type AnswerCheck, createAnswerCheck } from './answer-check.ts';
import type { Caller } from './caller.ts';
import type { BodyMode, Effect, ExchangeRecord, Header } from './events.ts';
import { type Flow, newFlow } from './flow.ts';
import type { Inspection } from './inspection.ts';
import type { PromptMemory } from './prompt-memory.ts';
import { headOf } from './request-head.ts';
import type { ValueTokens } from './value-tokens.ts';

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

/**
 * What one exchange knows and has in hand. The rest of the machine are functions over it, in a file for each side of it; nobody else has it.
 * There is one for each exchange: its fields are all that it takes.
 */
export class ExchangeState {
  readonly options: ExchangeOptions;
  readonly policy: Policy;
  readonly request: Flow;
  readonly response: Flow;
  readonly findings: Finding[] = [];
  readonly facts: WireFacts = emptyFacts();
  /** Each reason once for a direction. */
  readonly uninspected: { readonly direction: Flow['direction']; readonly reason: UninspectableReason }[] = [];
  enforce: boolean;
  attributes: ReadonlyMap<string, string> = NO_ATTRIBUTES;
  metadata: ReadonlyMap<string, unknown> | undefined;
  /** Until the answer's have come. */
  requestHeaders: readonly Header[] = NO_HEADERS;
  auth: ExchangeRecord['auth'] = 'none';
  /** Keyed hash of the request's credential, whole; undefined: it has none. */
  credentialHash: string | undefined;
  head: Head = NO_HEAD;
  route: RouteDecision;
  format: WireFormat = generic;
  status: number | undefined;
  startUnixMs: number | undefined;
  nowUnixMs = 0;
  /** Envoy's configured modes leave bodies out in a way that the answer to the request headers can change. */
  overridable = false;
  /** It was asked to send them; a configuration without `allow_mode_override` ignores that. */
  overridden = false;
  /** The headers in hand are only the first of their message. */
  headersCut = false;
  /** Of both directions; undefined: not made yet, or no rule asks for it. */
  answers: AnswerCheck | undefined;
  /** Of the request, for the answer; undefined where the policy compares nothing. */
  prompt: PromptMemory | undefined;
  /** For values of the request; undefined where the policy makes none. */
  tokens: ValueTokens | undefined;
  /** For the inventory; undefined: nobody learns, or no body was read. */
  learning: Learning | undefined;
  over = false;
  /** Copies are looked at: nothing can be stopped. */
  observability = false;
  /** What goes on with the request once the shell has said who calls. */
  proceed: (() => void) | undefined;
  caller: Caller | undefined;
  /** STREAMED: the next piece is answered with this; Envoy takes no bytes unasked. */
  stopping: Denial | undefined;
  /** Envoy has half-closed while something was being decoded. */
  ending = false;
  effects: Effect[] = [];
  /** A body that is being read in slices, and what is done when it is read as far as it has come. */
  unread: { readonly flow: Flow; readonly inspection: Inspection; readonly then: () => void } | undefined;

  constructor(options: ExchangeOptions) {
    const { policy, fallbackModes } = options;
    this.options = options;
    this.policy = policy;
    this.request = newFlow('request', fallbackModes.request);
    this.response = newFlow('response', fallbackModes.response);
    this.enforce = policy.mode === 'enforce';
    this.route = policy.route(NO_QUERY);
  }
}

export function modeNow({ enforce }: ExchangeState): Policy['mode'] {
  return enforce ? 'enforce' : 'observe';
}

export function failsClosed({ policy }: ExchangeState, { direction }: Flow): boolean {
  return policy.failMode[direction] === 'closed';
}

/** Something of this direction is being worked on: what comes of it waits. */
export function isBusy({ unread, request, proceed }: ExchangeState, flow: Flow): boolean {
  return unread !== undefined || flow.decoding !== undefined || (flow === request && proceed !== undefined);
}

export function uninspectedBecause({ uninspected }: ExchangeState, { direction }: Flow, reason: UninspectableReason): void {
  if (uninspected.some((one) => one.direction === direction && one.reason === reason)) return;
  uninspected.push({ direction, reason });
}

/** One for both directions; undefined: no rule asks for it. */
export function answerCheckOf(exchange: ExchangeState): AnswerCheck | undefined {
  exchange.answers ??= createAnswerCheck(exchange.route.profile, modeNow(exchange));
  return exchange.answers;
}

/** Of the hash of the request's credential, as much as is kept. */
export function callerHashOf({ credentialHash }: ExchangeState): string | undefined {
  return credentialHash?.slice(0, SHOWN_HASH_DIGITS);
}

/** Digits of a keyed hash that are kept. */
export const SHOWN_HASH_DIGITS = 12;

export const NO_HEADERS: readonly Header[] = [];
/** Before the request's headers are known. */
const NO_HEAD: Head = headOf(NO_HEADERS);
const NO_QUERY = { routeName: undefined, host: '', path: '' } as const;
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();
