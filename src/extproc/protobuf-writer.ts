import type { BodyMode, Header, HeaderMutation, ModeOverride } from '../exchange/events.ts';

type Direction = 'request' | 'response';

/**
 * One encoded message: its bytes are the concatenation of the parts. Large bodies are parts by reference, never copied;
 * nobody writes into a part afterwards.
 */
export type Message = readonly Buffer[];

/** ProcessingResponse `{ request_headers | response_headers: { response: { header_mutation } }, mode_override }`. */
export function writeHeadersResponse(
  direction: Direction,
  change: { readonly mutation: HeaderMutation | undefined; readonly modeOverride?: ModeOverride },
): Message {
  const { mutation, modeOverride } = change;
  const override = modeOverride === undefined ? [] : [field(9, processingMode(modeOverride))];
  if (!changesHeaders(mutation)) return [...(direction === 'request' ? CONTINUE_REQUEST_HEADERS : CONTINUE_RESPONSE_HEADERS), ...override];
  return [field(direction === 'request' ? 1 : 2, field(1, field(2, headerMutation(mutation)))), ...override];
}

const BODY_MODE: Readonly<Record<BodyMode, number>> = { none: 0, streamed: 1, buffered: 2, 'buffered-partial': 3, 'full-duplex': 4 };
const SEND = 1;
const SKIP = 2;

/** All six modes: what an override leaves out means NONE or SKIP, not what was configured. */
function processingMode({ request, response }: ModeOverride): Buffer {
  const modes = [
    SEND,
    request === 'none' && response === 'none' ? SKIP : SEND,
    BODY_MODE[request],
    BODY_MODE[response],
    request === 'full-duplex' ? SEND : SKIP,
    response === 'none' ? SKIP : SEND,
  ];
  return Buffer.concat(modes.map((mode, index) => varintField(index + 1, mode)));
}

/**
 * ProcessingResponse `{ request_body | response_body: { response: { header_mutation, body_mutation: { body } } } }` for every body mode
 * but FULL_DUPLEX_STREAMED. `replace` undefined leaves the body as it is, an empty one clears it.
 */
export function writeBodyResponse(
  direction: Direction,
  change: { replace: Buffer | undefined; mutation: HeaderMutation | undefined },
): Message {
  const { replace, mutation } = change;
  const number = direction === 'request' ? 3 : 4;
  if (!changesHeaders(mutation)) {
    if (replace === undefined) return direction === 'request' ? CONTINUE_REQUEST_BODY : CONTINUE_RESPONSE_BODY;
    if (replace.length > 0) return bodyInside([tagOf(number), tagOf(1), tagOf(3), tagOf(1)], replace);
  }
  const headers = changesHeaders(mutation) ? field(2, headerMutation(mutation)) : NO_BYTES;
  if (replace === undefined) return [field(number, field(1, headers))];
  if (replace.length === 0) return [field(number, field(1, Buffer.concat([headers, field(3, CLEAR_BODY)])))];
  const body = bodyInside([tagOf(3), tagOf(1)], replace);
  return [wrapHead([tagOf(number), tagOf(1)], Buffer.concat([headers, body[0]!]), replace.length), replace];
}

/**
 * ProcessingResponse `{ …_body: { response: { body_mutation: { streamed_response: { end_of_stream, body } } } } }`, for
 * FULL_DUPLEX_STREAMED. `body` may be empty; the caller keeps it within 64 KiB.
 */
export function writeStreamedBody(direction: Direction, piece: { body: Buffer; endOfStream: boolean }): Message {
  const outer = STREAMED_BODY_TAGS[direction];
  if (piece.body.length === 0) return [wrapHead(outer, piece.endOfStream ? END_OF_STREAM : NO_BYTES, 0)];
  if (!piece.endOfStream) return bodyInside(STREAMED_PIECE_TAGS[direction], piece.body);
  // end_of_stream stands before the body, so that the body is the end of the message and stays one part.
  const inner = wrapHead([tagOf(1)], NO_BYTES, piece.body.length);
  return [wrapHead(outer, Buffer.concat([END_OF_STREAM, inner]), piece.body.length), piece.body];
}

/** Around a StreamedBodyResponse, and around its body. */
const STREAMED_BODY_TAGS = { request: [3, 1, 3, 3].map(tagOf), response: [4, 1, 3, 3].map(tagOf) } as const satisfies Tags;
const STREAMED_PIECE_TAGS = {
  request: [...STREAMED_BODY_TAGS.request, tagOf(1)],
  response: [...STREAMED_BODY_TAGS.response, tagOf(1)],
} as const satisfies Tags;
type Tags = Readonly<Record<Direction, readonly number[]>>;

/** ProcessingResponse `{ request_trailers | response_trailers: {} }`. */
export function writeTrailersResponse(direction: Direction): Message {
  return direction === 'request' ? CONTINUE_REQUEST_TRAILERS : CONTINUE_RESPONSE_TRAILERS;
}

/** ProcessingResponse `{ immediate_response: { status, headers, body, grpc_status, details } }`. */
export function writeImmediateResponse(response: {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: string;
  readonly details: string;
  readonly grpcStatus: number | undefined;
}): Message {
  const parts = [field(1, varintField(1, response.status)), field(2, headerMutation({ set: response.headers, remove: [] }))];
  parts.push(field(3, Buffer.from(response.body)));
  if (response.grpcStatus !== undefined) parts.push(field(4, varintField(1, response.grpcStatus)));
  parts.push(field(5, Buffer.from(response.details)));
  return [field(7, Buffer.concat(parts))];
}

/** Numbers of `grpc.health.v1.HealthCheckResponse.ServingStatus`. */
export const SERVING_STATUS = { serving: 1, notServing: 2, serviceUnknown: 3 } as const;

/** `grpc.health.v1.HealthCheckResponse`. */
export function writeHealthCheckResponse(status: number): Message {
  return [varintField(1, status)];
}

const NO_BYTES = Buffer.alloc(0);
/** Of messages in each other, outermost first: scratch space of `wrapHead`. */
const LENGTHS = new Uint32Array(8);
const CLEAR_BODY = Buffer.from([0x10, 1]);
const END_OF_STREAM = Buffer.from([0x10, 1]);
/** OVERWRITE_IF_EXISTS_OR_ADD. Without it a value would be appended by gateways that know `append_action` only. */
const OVERWRITE = Buffer.from([0x18, 2]);

// The common answers say nothing but "go on": constant bytes.
const CONTINUE_REQUEST_HEADERS: Message = [field(1, NO_BYTES)];
const CONTINUE_RESPONSE_HEADERS: Message = [field(2, NO_BYTES)];
const CONTINUE_REQUEST_BODY: Message = [field(3, NO_BYTES)];
const CONTINUE_RESPONSE_BODY: Message = [field(4, NO_BYTES)];
const CONTINUE_REQUEST_TRAILERS: Message = [field(5, NO_BYTES)];
const CONTINUE_RESPONSE_TRAILERS: Message = [field(6, NO_BYTES)];

function changesHeaders(mutation: HeaderMutation | undefined): mutation is HeaderMutation {
  return mutation !== undefined && (mutation.set.length > 0 || mutation.remove.length > 0);
}

function headerMutation(mutation: HeaderMutation): Buffer {
  const parts = mutation.set.map(([name, value]) => field(1, headerOption(name, value)));
  for (const name of mutation.remove) parts.push(field(2, Buffer.from(name)));
  return Buffer.concat(parts);
}

/** HeaderValueOption. Envoy reads `raw_value` only, and refuses a header that has both. */
function headerOption(name: string, value: string): Buffer {
  const header = Buffer.concat([field(1, Buffer.from(name)), field(3, Buffer.from(value))]);
  return Buffer.concat([field(1, header), OVERWRITE]);
}

/** Tag of a length-delimited field with a number below 16: one byte. */
function tagOf(number: number): number {
  return (number << 3) | 2;
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([wrapHead([tagOf(number)], NO_BYTES, content.length), content]);
}

function varintField(number: number, value: number): Buffer {
  const bytes = Buffer.allocUnsafe(1 + varintBytes(value));
  bytes[0] = number << 3;
  writeVarint(bytes, 1, value);
  return bytes;
}

/** `body` inside nested messages that hold nothing else: one small buffer and the body itself. */
function bodyInside(tags: readonly number[], body: Buffer): [Buffer, Buffer] {
  return [wrapHead(tags, NO_BYTES, body.length), body];
}

/**
 * Tags and lengths, outermost first, of nested messages whose innermost content is `head` followed by `restBytes` bytes that the caller
 * adds. Ends with `head`.
 */
function wrapHead(tags: readonly number[], head: Buffer, restBytes: number): Buffer {
  let total = head.length + restBytes;
  for (let index = tags.length - 1; index >= 0; index--) {
    LENGTHS[index] = total;
    total += 1 + varintBytes(total);
  }
  const bytes = Buffer.allocUnsafe(total - restBytes);
  let at = 0;
  for (let index = 0; index < tags.length; index++) {
    bytes[at] = tags[index]!;
    at = writeVarint(bytes, at + 1, LENGTHS[index]!);
  }
  head.copy(bytes, at);
  return bytes;
}

function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}

function writeVarint(bytes: Buffer, at: number, value: number): number {
  let rest = value;
  let next = at;
  while (rest >= 0x80) {
    bytes[next++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[next++] = rest;
  return next;
}
