import { bodyKind } from '../wire/content-type.ts';
import type { Denial } from '../wire/format.ts';
import type { UninspectableReason } from '../wire/frame.ts';
import { answerBody, answerChanged, answerTrailers, passBody, streamBody } from './answering.ts';
import { requestRead } from './consulting.ts';
import { abort, deny, GRPC } from './ending.ts';
import type { ExchangeState } from './exchange-state.ts';
import {
  bytesLeft,
  type CodedBody,
  type CodedPart,
  type Decoded,
  type DecodedBody,
  type Flow,
  forgetWhenDone,
  isBuffered,
  leaveAsItCame,
} from './flow.ts';
import type { Inspection } from './inspection.ts';
import { judge, mayLeave, tookBody, whenRead } from './judging.ts';

/**
 * Compressed bodies are decoded by the shell, one part after the other, and judged as they come back. Has the next part decoded; whatever
 * comes of its direction waits.
 */
export function decode(exchange: ExchangeState, flow: Flow, { coded, part }: Pick<DecodedBody, 'coded' | 'part'>): void {
  flow.decoding = part;
  if (coded.leaves === 'undecided' && part.bytes.length > 0) {
    coded.wire.push(part.bytes);
    coded.wireBytes += part.bytes.length;
  }
  askToDecode(exchange, flow, { coded, part, bytes: part.bytes });
}

function askToDecode(
  { effects, policy }: ExchangeState,
  flow: Flow,
  { coded, part, bytes }: Pick<DecodedBody, 'coded' | 'part'> & { readonly bytes: Buffer },
): void {
  const endOfStream = part.endOfStream || isBuffered(flow);
  const ratioMax = policy.limits.decompressRatio;
  effects.push({ kind: 'decode', direction: flow.direction, codings: coded.codings, bytes, endOfStream, ratioMax });
}

/** What the shell has decoded. */
export function takeDecoded(exchange: ExchangeState, flow: Flow, { parts, more, failure }: Decoded): void {
  const { inspection, coded, decoding: part } = flow;
  if (inspection === undefined || coded === undefined || part === undefined) return;
  for (const bytes of parts) {
    inspection.push(bytes);
    coded.decodedBytes += bytes.length;
    part.decodedBytes += bytes.length;
  }
  const body = { inspection, coded, part };
  whenRead(exchange, flow, inspection, () => {
    endPart(exchange, flow, body, { more, failure: failure ?? decodedTooMuch(exchange, flow, body) });
  });
}

function endPart(
  exchange: ExchangeState,
  flow: Flow,
  body: DecodedBody,
  { more, failure }: { readonly more: boolean; readonly failure: UninspectableReason | undefined },
): void {
  const { inspection, part } = body;
  if (failure !== undefined) inspection.fail(failure);
  const isLast = !more || failure !== undefined;
  if (isLast) tookPart(flow, part);
  if (isLast && failure === undefined && (flow.done || flow.ended)) inspection.end();
  whenRead(exchange, flow, inspection, () => judgePart(exchange, flow, body, { isLast, isGivenUp: failure !== undefined }));
}

function judgePart(
  exchange: ExchangeState,
  flow: Flow,
  body: DecodedBody,
  { isLast, isGivenUp }: { readonly isLast: boolean; readonly isGivenUp: boolean },
): void {
  const { inspection, coded, part } = body;
  const denial = judge(exchange, flow, inspection, coded.decodedBytes);
  if (denial !== undefined) denyDecoded(exchange, flow, part, denial);
  else if (isGivenUp || (coded.leaves === 'undecided' && isUnread(exchange, flow, inspection))) giveUpDecoding(exchange, flow, body);
  else if (!isLast) continueDecoding(exchange, flow, body);
  else if (flow.direction === 'request' && (flow.done || flow.ended)) requestRead(exchange, () => answerDecoded(exchange, flow, body));
  else answerDecoded(exchange, flow, body);
}

/** Only full duplex lets decoded text go piece by piece; elsewhere one message is in memory as a whole. */
function decodedTooMuch({ policy, enforce }: ExchangeState, flow: Flow, body: DecodedBody): UninspectableReason | undefined {
  const { inspection, coded, part } = body;
  const { bodyBytes } = policy.limits;
  const isPiecemeal = flow.mode === 'full-duplex' || !enforce;
  const isTold = inspection.denial !== undefined || (coded.leaves === 'undecided' && inspection.uninspected.has('body-limit'));
  if (isTold) return undefined;
  if (!isPiecemeal && part.decodedBytes > bodyBytes) return 'decoded-limit';
  // Codings have members that decode to nothing.
  return coded.wireBytes > bodyBytes && coded.decodedBytes <= bodyBytes ? 'decoded-limit' : undefined;
}

function denyDecoded(exchange: ExchangeState, flow: Flow, part: CodedPart, denial: Denial): void {
  tookPart(flow, part);
  deny(exchange, flow, denial);
}

/** Nothing more of it is decoded. */
function tookPart(flow: Flow, part: CodedPart): void {
  if (flow.decoding === undefined) return;
  flow.decoding = undefined;
  if (part.kind === 'body') tookBody(flow, part);
  else flow.ended = true;
}

/** What nobody reads is not decoded any further, unless something before it must not leave as it came. */
function isUnread(exchange: ExchangeState, flow: Flow, { uninspected: reasons }: Inspection): boolean {
  const isOpaque = reasons.has('opaque') && bodyKind(flow.contentType).kind === 'opaque';
  return (reasons.has('body-limit') || isOpaque) && !hasRedactions(exchange, flow);
}

function hasRedactions({ findings }: ExchangeState, { direction }: Flow): boolean {
  return findings.some((finding) => finding.direction === direction && (finding.taken === 'redact' || finding.taken === 'tokenize'));
}

/**
 * The rest is neither decoded nor inspected, and policy lets it pass as it came. A body whose plain beginning has left, or has something
 * to redact, is broken off.
 */
function giveUpDecoding(exchange: ExchangeState, flow: Flow, { coded, part }: DecodedBody): void {
  if (coded.leaves === 'decoded' || hasRedactions(exchange, flow))
    return abort(exchange, GRPC.aborted, 'a compressed body cannot be decoded to its end');
  tookPart(flow, part);
  flow.coded = undefined;
  flow.inspection = undefined;
  const bytes = coded.leaves === 'undecided' ? Buffer.concat(coded.wire) : part.bytes;
  if (part.kind === 'body') return passBody(exchange, flow, { bytes, endOfStream: part.endOfStream });
  if (flow.mode === 'full-duplex') streamBody(exchange, flow, { parts: bytes.length === 0 ? [] : [bytes], endOfStream: false });
  answerTrailers(exchange, flow);
}

/** Full duplex sends on what is decided meanwhile. */
function continueDecoding(exchange: ExchangeState, flow: Flow, { inspection, coded, part }: DecodedBody): void {
  if (!exchange.enforce) inspection.take();
  else if (flow.mode === 'full-duplex' && mayLeave(exchange, flow, inspection))
    streamBody(exchange, flow, { parts: inspection.take(), endOfStream: false });
  askToDecode(exchange, flow, { coded, part, bytes: NO_BYTES });
}

/** A part is decoded and read. */
function answerDecoded(exchange: ExchangeState, flow: Flow, { inspection, coded, part }: DecodedBody): void {
  if (coded.leaves === 'as-it-came') inspection.take();
  const isWhole = flow.done || flow.ended;
  if (isWhole && coded.leaves === 'undecided' && !inspection.changed && !isBuffered(flow)) leaveAsItCame(coded, inspection);
  const parts =
    coded.leaves === 'as-it-came' ? bytesLeft(coded, part) : isWhole || mayLeave(exchange, flow, inspection) ? inspection.take() : [];
  if (part.kind === 'trailers') endDecoded(exchange, flow, parts);
  else if (isBuffered(flow)) answerBufferedPart(exchange, flow, { inspection, coded, parts });
  else if (flow.mode === 'streamed') answerBody(exchange, flow, coded.leaves === 'as-it-came' ? undefined : Buffer.concat(parts));
  else streamBody(exchange, flow, { parts, endOfStream: part.endOfStream });
  forgetWhenDone(flow);
}

interface ReadBody {
  readonly inspection: Inspection;
  readonly coded: CodedBody;
  readonly parts: readonly Buffer[];
}

function answerBufferedPart(exchange: ExchangeState, flow: Flow, { inspection, coded, parts }: ReadBody): void {
  if (coded.leaves === 'as-it-came' || !inspection.changed) return answerBody(exchange, flow, undefined);
  answerChanged(exchange, flow, Buffer.concat(parts));
}

function endDecoded(exchange: ExchangeState, flow: Flow, parts: readonly Buffer[]): void {
  if (flow.mode === 'full-duplex') streamBody(exchange, flow, { parts, endOfStream: false });
  else if (exchange.enforce && parts.length > 0) return abort(exchange, GRPC.aborted, 'trailers came while part of the body was held');
  answerTrailers(exchange, flow);
}

const NO_BYTES = Buffer.alloc(0);
