import type { ByteSpan } from '../lib/units.ts';

/**
 * What a message does with tools, in the order of the conversation: frames in their order, events in theirs. A result that stands before
 * a call has been said before it.
 */
export type ToolEvent = ToolDeclaration | ToolCall | ToolResult;

/** What is offered, called or answered: a tool, and what MCP (resources, prompts) and A2A (agents) have beside tools. */
export type ToolTarget = 'tool' | 'resource' | 'prompt' | 'agent';

/** A tool that may be called from now on: of a request to a model, of the list an MCP server gives, a skill in an agent's card. */
export interface ToolDeclaration {
  readonly kind: 'declaration';
  readonly target: ToolTarget;
  /** Its texts are those of segments at or below this key. */
  readonly key: string;
  /** As it is written; of a provider's own tool without a name its type (`web_search`). Undefined: none, too long, or two that differ. */
  readonly name: string | undefined;
  /** The element of an array that declares it, as offsets of segments are; what `spliceFrame` can remove. Undefined: it is no element. */
  readonly span: ByteSpan | undefined;
  /**
   * What it says of itself, for a fingerprint: canonical JSON (keys sorted, no white space) of its description and its schema, the same in
   * every dialect; of a provider's own tool the whole declaration. Undefined: nobody asked (`toolTexts`), or over `FIXED.toolTextUnits`.
   */
  readonly definition: string | undefined;
  /** It is the provider's own: web search, code interpreter, computer use, a remote MCP server. */
  readonly builtIn: boolean;
  /** What an MCP server says its tool does; a claim. */
  readonly annotations: ToolAnnotations | undefined;
}

/** MCP's hints; undefined is not said. https://modelcontextprotocol.io/specification/2025-11-25/schema#toolannotations */
export interface ToolAnnotations {
  readonly readOnly: boolean | undefined;
  readonly destructive: boolean | undefined;
  readonly idempotent: boolean | undefined;
  readonly openWorld: boolean | undefined;
}

/**
 * A call. In a stream it is told as soon as its first piece stands in a frame, again in each frame in which its name or id grows, and a
 * last time when it is complete; every event says all that is known, so the last one of a key counts. One that goes on after it was
 * complete is told again, from its beginning.
 */
export interface ToolCall {
  readonly kind: 'call';
  readonly target: ToolTarget;
  /** `history`: it was made in an earlier turn. `answer`: a model makes it now. `request`: a client makes it now (MCP, A2A). */
  readonly at: 'history' | 'answer' | 'request';
  /**
   * Its arguments are read in segments at or below this key, but for names of JSON fields and for what some streams say once more
   * (`arguments` has all). Unique in one direction of an exchange.
   */
  readonly key: string;
  /** Of JSON-RPC that of the request, as text. Undefined where the dialect or the message has none. */
  readonly id: string | undefined;
  /** Undefined in a complete call: nobody can say which tool it is (none, too long, or two that differ). */
  readonly name: string | undefined;
  /** The provider runs it itself: nobody downstream decides about it, and its result comes in the same answer. */
  readonly server: boolean;
  /** Nothing more of it follows: its block, its item, its choice or the body has ended. */
  readonly complete: boolean;
  /**
   * Of a complete call, its arguments as they came: JSON, or the free text of a tool that takes text. Undefined: nobody asked
   * (`toolTexts`), there are none, or all of one body are over `FIXED.toolCallUnits` (`isCut`).
   */
  readonly arguments: string | undefined;
  /** Its arguments were too long to be kept, or come in pieces that are no text. */
  readonly isCut: boolean;
}

/** What a tool gave back. */
export interface ToolResult {
  readonly kind: 'result';
  readonly target: ToolTarget;
  /** Its texts are those of segments at or below this key. */
  readonly key: string;
  /** Of the call it answers; undefined where the dialect or the message has none. */
  readonly id: string | undefined;
  /** Of the call it answers, where that stands in the same body; else as the message says it; undefined where neither does. */
  readonly name: string | undefined;
  /** Whether its call stands before it in the same body, by id or, where there are no ids, by name; for JSON-RPC: in the request's. */
  readonly isCalled: boolean;
  readonly server: boolean;
  readonly failed: boolean;
}
