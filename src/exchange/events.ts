import type { ConversationState } from '../agents/conversation/conversation.ts';
import type { WordKey } from '../agents/conversation/word-hash.ts';
import type { Claim } from '../agents/identity/claim.ts';
import type { Identity } from '../agents/identity/identity.ts';
import type { SeenTool } from '../agents/integrity/integrity.ts';
import type { KnownTools } from '../agents/integrity/known-tools.ts';
import type { AgentPolicy, AgentRule } from '../agents/permissions/agent-policy.ts';
import type { RecordedUse } from '../agents/permissions/usage.ts';
import type { Stop } from '../agents/stops.ts';
import type { Finding } from '../policy/finding.ts';
import type { Coding } from '../wire/encodings/codings.ts';
import type { UninspectableReason, WireFacts } from '../wire/frame.ts';
import type { Learning } from '../wire/learning.ts';
import type { TakeCall } from './call-budgets.ts';
import type { RecordedCall } from './tool-guard.ts';

/** Body modes of Envoy's ProcessingMode. */
export type BodyMode = 'none' | 'buffered' | 'buffered-partial' | 'streamed' | 'full-duplex';

/** One header as Envoy sends it; names lower case, bytes that are not UTF-8 replaced. */
export type Header = readonly [name: string, value: string];

/** Everything that can happen to an exchange. `extproc` makes these from protobuf and from its clock, and nothing more. */
export type EnvoyEvent =
  | {
      readonly kind: 'open';
      /** From `protocol_config`; undefined when Envoy did not say. */
      readonly modes: { readonly request: BodyMode; readonly response: BodyMode } | undefined;
      readonly observability: boolean;
      /** Envoy attributes under `envoy.filters.http.ext_proc` that are strings, e.g. `xds.route_name`, `source.address`. */
      readonly attributes: ReadonlyMap<string, string>;
      /** What Envoy's own filters found out before this one, as plain data by filter; undefined: nothing that is read here. */
      readonly metadata?: ReadonlyMap<string, unknown>;
    }
  | {
      readonly kind: 'request-headers' | 'response-headers';
      readonly headers: readonly Header[];
      /** There were more than one message may have; these are the first. Default: false. */
      readonly cut?: boolean;
      readonly endOfStream: boolean;
      readonly unixMs: number;
    }
  | { readonly kind: 'request-body' | 'response-body'; readonly bytes: Buffer; readonly endOfStream: boolean; readonly unixMs: number }
  | { readonly kind: 'request-trailers' | 'response-trailers'; readonly headers: readonly Header[]; readonly unixMs: number }
  /** The one answer to an effect `decode`, in the order of those of its direction. */
  | {
      readonly kind: 'decoded';
      readonly direction: 'request' | 'response';
      readonly parts: readonly Buffer[];
      /** The bytes given are not decoded to their end; the next `decode` without bytes gets what follows. */
      readonly more: boolean;
      /** Why there will be nothing more. Undefined: all is well. */
      readonly failure: 'content-encoding' | 'truncated' | 'decoded-limit' | undefined;
      readonly unixMs: number;
    }
  /** The one answer to an effect `consult`, in their order. */
  | { readonly kind: 'advised'; readonly advice: Advice; readonly unixMs: number }
  /** The kill switch covers the caller of this exchange since now. */
  | { readonly kind: 'stopped'; readonly stop: Stop; readonly unixMs: number }
  /** Envoy half-closed: no more messages follow. */
  | { readonly kind: 'ended'; readonly unixMs: number }
  /** The side stream was reset. */
  | { readonly kind: 'cancelled'; readonly unixMs: number }
  /** Time passed; the shell sends one at the moment the exchange asked for (`wake`). */
  | { readonly kind: 'tick'; readonly unixMs: number };

/**
 * What the exchange wants to know of its caller. `caller`: before anything of the request is answered. `conversation`: once the request's
 * body has named a person or a conversation.
 */
export interface Question {
  readonly about: 'caller' | 'conversation';
  /** What the request says of its caller; with `conversation` only what its body adds. */
  readonly claims: readonly Claim[];
  /** Of the first answer; undefined in the first question. */
  readonly identity: Identity | undefined;
  /** Whose rules hold. */
  readonly agents: AgentPolicy;
  /** What is asked for, and with which credential. Default: nobody knows. */
  readonly target?: Target | undefined;
  /** What the vault of tokens is to keep and asked for; undefined: nothing. Only with `conversation`. */
  readonly tokens?: TokenQuestion | undefined;
}

/** As records have them: the path without its query, the first 12 digits of the credential's keyed hash. */
export interface Target extends Pick<ExchangeRecord, 'host' | 'path' | 'callerHash'> {}

/** Tokens of one scope: caller, person and conversation. */
export interface TokenQuestion {
  /** Hex; names nobody. */
  readonly scope: string;
  /** To be kept: values by token. */
  readonly minted: ReadonlyMap<string, string>;
  /** The provider keeps the history, so the answer may have tokens of earlier exchanges. */
  readonly recalls: boolean;
}

/** What the shell knows. */
export interface Advice {
  readonly about: Question['about'];
  /** With `conversation`: what the first answer had, and what the body adds. */
  readonly identity: Identity;
  /** The agent's name in the policy of the question; `unknown` for a caller that is none of them. */
  readonly agent: string;
  /** What is known of its conversation from other exchanges; undefined: nothing. */
  readonly conversation: ConversationState | undefined;
  /** The process's, for the words of conversations. Default: one that everybody knows. */
  readonly wordKey?: WordKey | undefined;
  /** The tools that are known; undefined: nobody remembers any. */
  readonly tools?: KnownTools | undefined;
  /** The kill switch covers this caller. */
  readonly stop: Stop | undefined;
  /** What is known of its behaviour, for instance a budget that is spent; one that wants `deny` refuses the exchange. */
  readonly findings: readonly Finding[];
  /** Counts the calls of tools that have budgets; undefined: nobody does. */
  readonly takeCall?: TakeCall | undefined;
  /** Tells other exchanges of the conversation what it holds now. Undefined: nobody would find it again. */
  readonly keep?: ((conversation: ConversationState) => void) | undefined;
  /** Values of earlier exchanges of the scope that was asked about, by token. Default: none. */
  readonly tokens?: ReadonlyMap<string, string> | undefined;
}

/** Header changes of an answer. Values are sanitised by the exchange; names are lower case. */
export interface HeaderMutation {
  readonly set: readonly Header[];
  readonly remove: readonly string[];
}

/** What Envoy is asked to send of this exchange instead of its configured modes. With both bodies off, no response headers either. */
export interface ModeOverride {
  readonly request: BodyMode;
  readonly response: BodyMode;
}

/** Everything an exchange can ask of its shell. `extproc` writes these as protobuf and nothing more. */
export type Effect =
  | {
      readonly kind: 'answer-headers';
      readonly direction: 'request' | 'response';
      readonly mutation: HeaderMutation | undefined;
      /** Only of the request, and only when Envoy's configured modes leave bodies out. */
      readonly modeOverride?: ModeOverride;
    }
  /** BUFFERED and STREAMED: the one answer to a body message; `replace` undefined leaves the body as it is. */
  | {
      readonly kind: 'answer-body';
      readonly direction: 'request' | 'response';
      readonly replace: Buffer | undefined;
      readonly mutation: HeaderMutation | undefined;
    }
  /** FULL_DUPLEX_STREAMED: bytes to forward. The shell splits them at 64 KiB and puts `endOfStream` on the last piece. */
  | {
      readonly kind: 'stream-body';
      readonly direction: 'request' | 'response';
      readonly parts: readonly Buffer[];
      readonly endOfStream: boolean;
    }
  | { readonly kind: 'answer-trailers'; readonly direction: 'request' | 'response' }
  /** ImmediateResponse; the last message of the exchange. `details` is a fixed identifier. */
  | {
      readonly kind: 'deny';
      readonly status: number;
      readonly headers: readonly Header[];
      readonly body: string;
      readonly details: string;
      readonly grpcStatus: number | undefined;
    }
  /** Close the side stream with a gRPC error, never OK: the client's exchange breaks instead of passing unseen. */
  | { readonly kind: 'abort'; readonly grpcStatus: number; readonly message: string }
  /** Decode the next bytes of a compressed body: one event `decoded` answers. Without bytes: what the last one had more. */
  | {
      readonly kind: 'decode';
      readonly direction: 'request' | 'response';
      /** In the order they were applied; the same for all of a body. */
      readonly codings: readonly Coding[];
      readonly bytes: Buffer;
      /** The body ends with these bytes. */
      readonly endOfStream: boolean;
      /** `limits.decompressRatio`. */
      readonly ratioMax: number;
    }
  /** Ask who calls and what is known of it: one event `advised` answers. What comes of the request waits for it. */
  | { readonly kind: 'consult'; readonly question: Question }
  /** Ask for a `tick` at this time (Unix milliseconds); replaces an earlier request; undefined cancels it. */
  | { readonly kind: 'wake'; readonly unixMs: number | undefined }
  /** The exchange is over: what telemetry, metrics and the log get. Exactly one per exchange, last. */
  | { readonly kind: 'record'; readonly record: ExchangeRecord };

/** Who called, as an exchange leaves it behind. */
export interface CallerRecord {
  /** Name in the policy; `unknown` for a caller that is none of its agents. */
  readonly agent: string;
  readonly standing: AgentRule['standing'];
  readonly identity: Identity;
  /** Keyed hash of the client's address, hex, without its port; undefined: Envoy did not say. */
  readonly addressHash: string | undefined;
  /** What the conversation holds now; undefined: nothing that matters came into it, or nobody would find it again. */
  readonly conversation: ConversationState | undefined;
  /** Tools that were called in it; of what the policy does not make anybody watch, none. For hashing only: text from traffic. */
  readonly calls: readonly RecordedCall[];
  /** Tool calls since the last message of a person, those of this exchange included; undefined: no budget made anybody count. */
  readonly turnCalls?: number | undefined;
  /** What its rules permitted and refused, in order; nothing where the policy has no agents. For counting only: text from traffic. */
  readonly uses: readonly RecordedUse[];
  /** Tools whose definitions are new. For comparing only: text from traffic. */
  readonly tools: readonly SeenTool[];
}

/** Fields and tools of an exchange, without values and texts. */
export interface Learned {
  /** Of exchanges that were answered with a success. */
  readonly shapes: Learning['shapes'];
  /** SHA-256, hex, of the definitions of tools, by name. */
  readonly tools: ReadonlyMap<string, string>;
}

/** What one exchange leaves behind. No text from bodies; names (model, tool) have passed the detectors. */
export interface ExchangeRecord {
  readonly exchangeId: string;
  readonly startUnixMs: number;
  readonly endUnixMs: number;
  readonly method: string;
  readonly host: string;
  /** Path without query, as the client sent it; telemetry templates it before it leaves. */
  readonly path: string;
  readonly scheme: string;
  /** Status the client got, as far as the filter knows; undefined when no answer was seen. */
  readonly status: number | undefined;
  readonly traceparent: string | undefined;
  readonly tracestate: string | undefined;
  readonly userAgent: string | undefined;
  /** Who called, as far as it was asked; undefined: nobody was asked. */
  readonly caller: CallerRecord | undefined;
  /** Kind of credential seen, never the credential. */
  readonly auth: 'none' | 'bearer' | 'api-key' | 'basic' | 'other';
  /** First 12 hex digits of the keyed hash of the credential; undefined without one. */
  readonly callerHash: string | undefined;
  readonly routeName: string | undefined;
  readonly dialect: string;
  readonly provider: string | undefined;
  readonly operation: string | undefined;
  readonly facts: WireFacts;
  readonly requestContentType: string | undefined;
  readonly responseContentType: string | undefined;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly policyVersion: string;
  readonly profile: string;
  readonly mode: 'observe' | 'enforce';
  readonly verdict: 'allow' | 'flag' | 'redact' | 'deny';
  readonly findings: readonly Finding[];
  /** What was not inspected, by direction; empty when everything was. */
  readonly uninspected: readonly { readonly direction: 'request' | 'response'; readonly reason: UninspectableReason }[];
  /** What the inventory learns of its bodies; undefined: nothing. Names are from traffic. */
  readonly learned?: Learned | undefined;
  /** How it ended: answered, denied, broken off by us, or left by the client, the provider or Envoy before its end. */
  readonly outcome: 'completed' | 'denied' | 'aborted' | 'cancelled';
}
