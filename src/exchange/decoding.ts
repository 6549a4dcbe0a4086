import type { Limits } from '../lib/limits.ts';
import type { Finding } from '../policy/finding.ts';
import { bodyKind } from '../wire/content-type.ts';
import type { Denial } from '../wire/format.ts';
import type { UninspectableReason } from '../wire/frame.ts';
import type { Effect } from './events.ts';
import {
  type BodyPart,
  bytesLeft,
  type CodedBody,
  type CodedPart,
  type Decoded,
  type DecodedBody,
  type Flow,
  isBuffered,
  leaveAsItCame,
} from './flow.ts';
import type { Inspection } from './inspection.ts';

/** The life of compressed bodies in one exchange: their parts are decoded by the shell, one after the other, and judged as they come back. */
export interface Decoding {
  /** Has the next part decoded; whatever comes of its direction waits. */
  decode(flow: Flow, coded: CodedBody, part: CodedPart): void;
  /** What the shell has decoded. */
  takeDecoded(flow: Flow, decoded: Decoded): void;
}

/** What such a body needs of its exchange; each is the machine's own function of that name. */
export interface DecodingHost {
  readonly limits: Limits;
  readonly findings: readonly Finding[];
  isEnforcing(): boolean;
  emit(effect: Effect): void;
  uninspectedBecause(flow: Flow, reason: UninspectableReason): void;
  refusalOf(flow: Flow, inspection: Inspection): Denial | undefined;
  tooLarge(flow: Flow, bytes: number): Denial | undefined;
  deny(flow: Flow, denial: Denial): void;
  /** Ends the exchange as broken. */
  abort(message: string): void;
  requestRead(then: () => void): void;
  mayLeave(flow: Flow, inspection: Inspection): boolean;
  tookBody(flow: Flow, part: BodyPart): void;
  takeWaiting(flow: Flow): void;
  stream(flow: Flow, body: { readonly parts: readonly Buffer[]; readonly endOfStream: boolean }): void;
  answerBody(flow: Flow, replace: Buffer | undefined): void;
  answerChanged(flow: Flow, replace: Buffer): void;
  answerTrailers(flow: Flow): void;
  passBody(flow: Flow, part: BodyPart): void;
  whenRead(flow: Flow, inspection: Inspection, then: () => void): void;
}

export function createDecoding(host: DecodingHost): Decoding {
  return { decode, takeDecoded };

  /** Has the next part of a compressed body decoded; whatever comes of its direction waits. */
  function decode(flow: Flow, coded: CodedBody, part: CodedPart): void {
    flow.decoding = part;
    if (coded.leaves === 'undecided' && part.bytes.length > 0) {
      coded.wire.push(part.bytes);
      coded.wireBytes += part.bytes.length;
    }
    askToDecode(flow, coded, part.bytes);
  }

  function askToDecode(flow: Flow, { codings }: CodedBody, bytes: Buffer): void {
    const endOfStream = flow.decoding!.endOfStream || isBuffered(flow);
    const ratioMax = host.limits.decompressRatio;
    host.emit({ kind: 'decode', direction: flow.direction, codings, bytes, endOfStream, ratioMax });
  }

  function takeDecoded(flow: Flow, { parts, more, failure }: Decoded): void {
    const { inspection, coded, decoding } = flow;
    if (inspection === undefined || coded === undefined || decoding === undefined) return;
    for (const bytes of parts) {
      inspection.push(bytes);
      coded.decodedBytes += bytes.length;
      decoding.decodedBytes += bytes.length;
    }
    const body = { inspection, coded, part: decoding };
    host.whenRead(flow, inspection, () => endPart(flow, body, { more, failure: failure ?? decodedTooMuch(flow, coded, decoding) }));
  }

  function endPart(
    flow: Flow,
    body: DecodedBody,
    { more, failure }: { readonly more: boolean; readonly failure: UninspectableReason | undefined },
  ): void {
    const { inspection, part } = body;
    if (failure !== undefined) inspection.fail(failure);
    const isLast = !more || failure !== undefined;
    if (isLast) tookPart(flow, part);
    if (isLast && failure === undefined && (flow.done || flow.ended)) inspection.end();
    host.whenRead(flow, inspection, () => judgePart(flow, body, { isLast, isGivenUp: failure !== undefined }));
  }

  function judgePart(
    flow: Flow,
    body: DecodedBody,
    { isLast, isGivenUp }: { readonly isLast: boolean; readonly isGivenUp: boolean },
  ): void {
    const { inspection, coded, part } = body;
    for (const reason of inspection.uninspected) host.uninspectedBecause(flow, reason);
    const denial = host.refusalOf(flow, inspection) ?? host.tooLarge(flow, coded.decodedBytes);
    if (denial !== undefined) return denyDecoded(flow, part, denial);
    if (isGivenUp || (coded.leaves === 'undecided' && isUnread(flow, inspection))) giveUpDecoding(flow, coded, part);
    else if (!isLast) continueDecoding(flow, { inspection, coded });
    else if (flow.direction === 'request' && (flow.done || flow.ended)) host.requestRead(() => answerDecoded(flow, body));
    else answerDecoded(flow, body);
    host.takeWaiting(flow);
  }

  /** Only full duplex lets decoded text go piece by piece; elsewhere one message is in memory as a whole. */
  function decodedTooMuch(flow: Flow, coded: CodedBody, part: CodedPart): UninspectableReason | undefined {
    const { bodyBytes } = host.limits;
    const isPiecemeal = flow.mode === 'full-duplex' || !host.isEnforcing();
    const isTold =
      flow.inspection!.denial !== undefined || (coded.leaves === 'undecided' && flow.inspection!.uninspected.has('body-limit'));
    if (isTold) return undefined;
    if (!isPiecemeal && part.decodedBytes > bodyBytes) return 'decoded-limit';
    // Codings have members that decode to nothing.
    return coded.wireBytes > bodyBytes && coded.decodedBytes <= bodyBytes ? 'decoded-limit' : undefined;
  }

  function denyDecoded(flow: Flow, part: CodedPart, denial: Denial): void {
    tookPart(flow, part);
    host.deny(flow, denial);
    host.takeWaiting(flow);
  }

  /** Nothing more of it is decoded. */
  function tookPart(flow: Flow, part: CodedPart): void {
    if (flow.decoding === undefined) return;
    flow.decoding = undefined;
    if (part.kind === 'body') host.tookBody(flow, part);
    else flow.ended = true;
  }

  /** What nobody reads is not decoded any further, unless something before it must not leave as it came. */
  function isUnread(flow: Flow, { uninspected: reasons }: Inspection): boolean {
    const isOpaque = reasons.has('opaque') && bodyKind(flow.contentType).kind === 'opaque';
    return (reasons.has('body-limit') || isOpaque) && !hasRedactions(flow);
  }

  function hasRedactions({ direction }: Flow): boolean {
    return host.findings.some((finding) => finding.direction === direction && (finding.taken === 'redact' || finding.taken === 'tokenize'));
  }

  /**
   * The rest is neither decoded nor inspected, and policy lets it pass as it came. A body whose plain beginning has left, or has something
   * to redact, is broken off.
   */
  function giveUpDecoding(flow: Flow, coded: CodedBody, part: CodedPart): void {
    if (coded.leaves === 'decoded' || hasRedactions(flow)) return host.abort('a compressed body cannot be decoded to its end');
    tookPart(flow, part);
    flow.coded = undefined;
    flow.inspection = undefined;
    const bytes = coded.leaves === 'undecided' ? Buffer.concat(coded.wire) : part.bytes;
    if (part.kind === 'body') return host.passBody(flow, { bytes, endOfStream: part.endOfStream });
    if (flow.mode === 'full-duplex') host.stream(flow, { parts: bytes.length === 0 ? [] : [bytes], endOfStream: false });
    host.answerTrailers(flow);
  }

  /** Full duplex sends on what is decided meanwhile. */
  function continueDecoding(flow: Flow, { inspection, coded }: Pick<DecodedBody, 'inspection' | 'coded'>): void {
    if (!host.isEnforcing()) inspection.take();
    else if (flow.mode === 'full-duplex' && host.mayLeave(flow, inspection))
      host.stream(flow, { parts: inspection.take(), endOfStream: false });
    askToDecode(flow, coded, NO_BYTES);
  }

  /** A part is decoded and read. */
  function answerDecoded(flow: Flow, { inspection, coded, part }: DecodedBody): void {
    if (coded.leaves === 'as-it-came') inspection.take();
    const isWhole = flow.done || flow.ended;
    if (isWhole && coded.leaves === 'undecided' && !inspection.changed && !isBuffered(flow)) leaveAsItCame(coded, inspection);
    const parts =
      coded.leaves === 'as-it-came' ? bytesLeft(coded, part) : isWhole || host.mayLeave(flow, inspection) ? inspection.take() : [];
    if (part.kind === 'trailers') return endDecoded(flow, parts);
    if (isBuffered(flow)) answerBufferedPart(flow, { inspection, coded, parts });
    else if (flow.mode === 'streamed') host.answerBody(flow, coded.leaves === 'as-it-came' ? undefined : Buffer.concat(parts));
    else host.stream(flow, { parts, endOfStream: part.endOfStream });
  }

  function answerBufferedPart(flow: Flow, { inspection, coded, parts }: Omit<DecodedBody, 'part'> & { readonly parts: Buffer[] }): void {
    if (coded.leaves === 'as-it-came' || !inspection.changed) return host.answerBody(flow, undefined);
    host.answerChanged(flow, Buffer.concat(parts));
  }

  function endDecoded(flow: Flow, parts: readonly Buffer[]): void {
    if (flow.mode === 'full-duplex') host.stream(flow, { parts, endOfStream: false });
    else if (host.isEnforcing() && parts.length > 0) return host.abort('trailers came while part of the body was held');
    host.answerTrailers(flow);
  }
}

const NO_BYTES = Buffer.alloc(0);
