import type { ByteSpan } from '../lib/units.ts';
import type { Segment } from '../text/segment.ts';
import type { ToolEvent, ToolTarget } from './tool-event.ts';

/**
 * The unit that is released as a whole: a JSON body, one SSE event with its blank line, one piece of plain text.
 * The concatenation of all frames' bytes is the body, byte for byte.
 */
export interface Frame {
  readonly bytes: Buffer;
  /**
   * Set when the text does not stand in `bytes` as it is read (another character set, base64, a frame with checksums): offsets of
   * segments and echoes are those of the carriers' contents, joined. Undefined: offsets are those of `bytes`.
   */
  readonly carriers: readonly Carrier[] | undefined;
  /**
   * Makes wire bytes of what the carriers give, one buffer each, once one of them is changed: where they are not the wire's themselves
   * (UTF-16 in base64, a part with its Content-Length). Undefined: they are. Only beside `carriers`.
   */
  readonly seal?: (changed: readonly Buffer[]) => Buffer;
  readonly segments: readonly Segment[];
  /** Keys of lanes that end with this frame (a finished choice, a closed content block); `'*'` ends every open lane. */
  readonly laneEnds: readonly string[];
  /** JSON values that repeat text of this frame (`logprobs`); replaced by `null` when the frame is rewritten. */
  readonly echoes: readonly ByteSpan[];
  /** Signatures over texts of this frame, of earlier or of later ones. Undefined: none. */
  readonly signatures?: readonly Signature[] | undefined;
  /** What it does with tools, in the order of the conversation. Undefined: nothing. */
  readonly tools?: readonly ToolEvent[] | undefined;
  /** What the ending of a stream needs of it once it has left. Undefined: nothing. */
  readonly keep?: 'bytes' | 'texts' | undefined;
  /** Set when the frame should have been readable and is not; `failMode.onUninspectable` decides. */
  readonly uninspectable: UninspectableReason | undefined;
  /**
   * What a client that received everything up to this frame has open: the dialect's own immutable snapshot, given back to
   * `WireFormat.ending`. Undefined outside streams.
   */
  readonly position: unknown;
}

/** A signature: it fits only while the texts of `key` and of the keys below it are as they came. */
export interface Signature extends ByteSpan {
  readonly key: string;
}

/** Bytes that carry text in another form. */
export interface Carrier {
  /** As they came. The bytes of a frame's carriers together are the frame's, or what its `seal` takes. */
  readonly bytes: Buffer;
  /** What they carry, as UTF-8. */
  readonly content: Buffer;
  /** The bytes that carry a changed content. */
  readonly seal: (content: Buffer) => Buffer;
}

/** Why something was not inspected; the closed list behind `sluice.exchange.uninspected`. */
export const UNINSPECTABLE_REASONS = [
  'invalid-json',
  'json-depth',
  'invalid-utf8',
  'invalid-multipart',
  /** Lengths or checksums around the text are wrong. */
  'invalid-framing',
  'content-encoding',
  'truncated',
  'body-limit',
  'decoded-limit',
  'event-limit',
  'lane-limit',
  'finding-limit',
  'block-limit',
  /** A text hides more than was looked at: codings in codings, each of them read in several ways. */
  'view-limit',
  'tool-limit',
  /** An answer, or the schema it was to be checked against, was too large. */
  'schema-limit',
  /** The system text is too long to compare all of it with the answer. */
  'prompt-limit',
  'object-key',
  /** A request that does not look as its dialect has it, of a caller who may not do everything that a body can ask for. */
  'unfit-body',
  'signed-text',
  'opaque',
  /** An image, audio or a file in a body that was read otherwise. */
  'media',
  'body-not-sent',
  'header-limit',
  'process-limit',
  'internal-error',
] as const;
export type UninspectableReason = (typeof UNINSPECTABLE_REASONS)[number];

/** What the messages say beyond text: for the inventory and for permissions. Names are as the client wrote them. */
export interface WireFacts {
  model?: string;
  /** What the request names beside `model`, each once; `''`: a name that is too long to be one, or empty. */
  otherModels?: string[];
  responseModel?: string;
  responseId?: string;
  /** Id of an answer from which a later request may go on without repeating what came before; absent where the provider keeps no history. */
  resumeId?: string;
  conversationId?: string;
  stream?: boolean;
  inputTokens?: number;
  outputTokens?: number;
  toolsDeclared: string[];
  toolsCalled: string[];
  finishReasons: string[];
  /** Methods of JSON-RPC requests and notifications, and kinds of GraphQL operation: `tools/call`, `mutation`. */
  methods: string[];
  /** OpenAI `user` and `safety_identifier`, Anthropic `metadata.user_id`: who the client says it acts for. Hashed before it leaves. */
  userId?: string;
  safetyIdentifier?: string;
  metadataUserId?: string;
  /** What an MCP client calls itself. */
  clientName?: string;
  /** What an MCP server or an A2A agent calls itself. */
  serverName?: string;
  /** Ids of the JSON-RPC requests of a request body, which a refusal must repeat; only ever sent back to the client that sent them. */
  requestIds?: (string | number)[];
  /** What those of them call, by id: an error that answers one has no other sign of it. */
  callTargets?: Map<string | number, ToolTarget>;
  /**
   * A request body that does not look as its path's dialect has it: read as any JSON, several documents, or with names of fields in another
   * letter case.
   */
  unfit?: true;
}

export const emptyFacts = (): WireFacts => ({ toolsDeclared: [], toolsCalled: [], finishReasons: [], methods: [] });
