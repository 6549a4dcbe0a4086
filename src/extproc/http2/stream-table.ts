import { Seats } from '../../lib/seats.ts';
import type { Allowance } from './allowance.ts';
import { type Closing, createClosedStreams } from './closed-streams.ts';
import type { ConnectionLimits } from './connection.ts';
import { ConnectionError, ERROR_CODE, FLAG, FRAME, INT31_MAX, readUint32 } from './frames.ts';
import { type AssembledBlock, PRIORITY_BYTES } from './header-assembly.ts';
import { createHpackDecoder, type HeaderBlock, type HpackDecoder } from './hpack.ts';
import type { Output } from './output.ts';
import type { Receiver } from './receiver.ts';
import { areTrailers, contentLengthOf, type RequestHeaders, readRequestHeaders } from './request-headers.ts';
import type { Sender } from './sender.ts';
import { Http2Stream, type StreamOwner } from './stream.ts';

export interface StreamTableParts {
  readonly owner: StreamOwner;
  readonly limits: ConnectionLimits;
  readonly output: Output;
  readonly sender: Sender;
  readonly receiver: Receiver;
  readonly allowance: Allowance;
  readonly onStream: (stream: Http2Stream, headers: RequestHeaders) => void;
  /** It is not in the table any more, and its owner is still to be told. */
  readonly onClosing: (stream: Http2Stream) => void;
  /** An owner threw; its stream ends. */
  readonly onOwnerError: (error: unknown) => void;
}

/** The open streams of one connection, and what the frames of streams do to them (RFC 9113, 5.1). All of it may throw ConnectionError. */
export class StreamTable {
  readonly #parts: StreamTableParts;
  readonly #decoder: HpackDecoder;
  readonly #streams = new Seats<Http2Stream>();
  /** By the number of a stream. */
  readonly #seats = new Map<number, number>();
  readonly #closed = createClosedStreams(CLOSED_REMEMBERED);
  /** Highest number that a request had. */
  lastId = 0;
  /** Requests with a higher number are not taken. */
  lastTaken = INT31_MAX;
  /** The stream of the DATA frame in hand; undefined when its bytes go nowhere. */
  #dataStream: Http2Stream | undefined;
  #dataFlags = 0;
  #lastBlock: HeaderBlock | undefined;
  #lastHeaders: RequestHeaders | undefined;

  constructor(parts: StreamTableParts) {
    this.#parts = parts;
    this.#decoder = createHpackDecoder({ tableBytes: TABLE_BYTES, listBytes: parts.limits.headerListBytes });
  }

  get size(): number {
    return this.#streams.size;
  }

  all(): Iterable<Http2Stream> {
    return this.#streams.all();
  }

  onBlock(assembled: AssembledBlock | undefined): void {
    if (assembled === undefined) return;
    const { streamId, bytes, start, end } = assembled;
    // Whatever becomes of it, it has to be read: the table that later blocks refer to changes with it.
    const block = this.#decoder.decode(bytes, start, end);
    const stream = this.#find(streamId);
    if (stream !== undefined) this.#onTrailers(stream, assembled, block);
    else if (streamId <= this.lastId) this.#onLateFrame(streamId, FRAME.headers);
    else this.#onRequest(assembled, block);
  }

  onDataStart(flags: number, streamId: number, length: number, bodyBytes: number): void {
    const { receiver, allowance } = this.#parts;
    this.#dataFlags = flags;
    receiver.count(length);
    const stream = this.#find(streamId);
    this.#dataStream = stream;
    if (stream === undefined) {
      this.#onLateFrame(streamId, FRAME.data);
      return;
    }
    if (length > 0) allowance.earn(1);
    else if ((flags & FLAG.endStream) === 0) allowance.spend();
    if (stream.remoteEnded) this.#refuse(stream, ERROR_CODE.streamClosed);
    else if (!receiver.countFor(stream, length)) this.#refuse(stream, ERROR_CODE.flowControl);
    else if (!receiver.expect(stream, bodyBytes)) this.#refuse(stream, ERROR_CODE.protocol);
  }

  onDataPiece(piece: Buffer): void {
    const stream = this.#dataStream;
    if (stream === undefined || stream.isClosed) return;
    try {
      this.#parts.receiver.take(stream, piece);
    } catch (error) {
      this.#onOwnerError(stream, error);
    }
  }

  onDataEnd(): void {
    const stream = this.#dataStream;
    this.#dataStream = undefined;
    if (stream === undefined || stream.isClosed) return;
    if ((this.#dataFlags & FLAG.endStream) !== 0) this.#onRemoteEnd(stream);
    else this.#parts.receiver.giveBack(stream);
  }

  onReset(streamId: number, length: number): void {
    if (length !== RST_BYTES) throw new ConnectionError(ERROR_CODE.frameSize, 'an RST_STREAM has a wrong length');
    const stream = this.#find(streamId);
    if (stream === undefined) {
      this.#onLateFrame(streamId, FRAME.rstStream);
      return;
    }
    // Opened and reset without a byte: work for us and none for the peer (CVE-2023-44487). Envoy sends its first message along.
    if (stream.receiveWindow === this.#parts.limits.streamWindowBytes) this.#parts.allowance.spend();
    this.close(stream, 'reset-by-peer');
  }

  onWindowUpdate(streamId: number, bytes: Buffer, start: number, end: number): void {
    if (end - start !== WINDOW_UPDATE_BYTES) throw new ConnectionError(ERROR_CODE.frameSize, 'a WINDOW_UPDATE has a wrong length');
    const { sender, allowance } = this.#parts;
    allowance.spend();
    const added = readUint32(bytes, start) & INT31_MAX;
    if (streamId === 0) {
      if (added === 0) throw new ConnectionError(ERROR_CODE.protocol, 'a WINDOW_UPDATE adds nothing');
      sender.widen(added);
      return;
    }
    const stream = this.#find(streamId);
    if (stream === undefined) this.#onLateFrame(streamId, FRAME.windowUpdate);
    else if (added === 0) this.#refuse(stream, ERROR_CODE.protocol);
    else if (!sender.widenStream(stream, added)) this.#refuse(stream, ERROR_CODE.flowControl);
  }

  /** Priorities are not kept (RFC 9113, 5.3.2). */
  onPriority(streamId: number, bytes: Buffer, start: number, end: number): void {
    if (streamId === 0) throw new ConnectionError(ERROR_CODE.protocol, 'a PRIORITY has no stream');
    this.#parts.allowance.spend();
    const stream = this.#find(streamId);
    const isWhole = end - start === PRIORITY_BYTES;
    if (isWhole && (readUint32(bytes, start) & INT31_MAX) !== streamId) return;
    const code = isWhole ? ERROR_CODE.protocol : ERROR_CODE.frameSize;
    // A stream that has not begun cannot be reset (RFC 9113, 6.4).
    if (streamId > this.lastId || streamId % 2 === 0) throw new ConnectionError(code, 'a PRIORITY is not valid');
    if (stream === undefined) this.#writeReset(streamId, code);
    else this.#refuse(stream, code);
  }

  /** Our side of it is complete. */
  onLocalEnd(stream: Http2Stream): void {
    if (stream.remoteEnded) this.close(stream, 'ended');
  }

  /** Tells its owner what waits; an owner that throws loses its stream. */
  deliver(stream: Http2Stream): void {
    try {
      this.#parts.receiver.deliver(stream);
    } catch (error) {
      this.#onOwnerError(stream, error);
    }
  }

  /** Ends a stream that is open. */
  reset(stream: Http2Stream, code: number): void {
    this.#writeReset(stream.id, code);
    this.close(stream, 'reset-by-us');
  }

  close(stream: Http2Stream, how: Closing): void {
    if (stream.isClosed) return;
    stream.isClosed = true;
    stream.received.take();
    this.#streams.leave(this.#seats.get(stream.id)!);
    this.#seats.delete(stream.id);
    this.#closed.add(stream.id, how);
    this.#parts.sender.forget(stream);
    this.#parts.onClosing(stream);
  }

  #find(streamId: number): Http2Stream | undefined {
    const seat = this.#seats.get(streamId);
    return seat === undefined ? undefined : this.#streams.at(seat);
  }

  #onRequest({ streamId, endStream, dependsOnItself }: AssembledBlock, block: HeaderBlock): void {
    this.lastId = streamId;
    if (streamId > this.lastTaken) return;
    const { owner, limits, onStream } = this.#parts;
    const headers = this.#headersOf(block);
    const contentLength = headers === undefined ? undefined : contentLengthOf(headers);
    if (headers === undefined || contentLength === undefined || dependsOnItself) {
      this.#rejectRequest(streamId, block.isTooLarge ? ERROR_CODE.enhanceYourCalm : ERROR_CODE.protocol);
      return;
    }
    if (this.#streams.size >= limits.concurrentStreams) {
      this.#rejectRequest(streamId, ERROR_CODE.refusedStream);
      return;
    }
    const stream = new Http2Stream(owner, { id: streamId, receiveWindow: limits.streamWindowBytes, contentLength });
    this.#seats.set(streamId, this.#streams.take(stream));
    try {
      onStream(stream, headers);
    } catch (error) {
      this.#onOwnerError(stream, error);
    }
    if (endStream && !stream.isClosed) this.#onRemoteEnd(stream);
  }

  #headersOf(block: HeaderBlock): RequestHeaders | undefined {
    if (block.isTooLarge) return undefined;
    if (block === this.#lastBlock) return this.#lastHeaders;
    this.#lastBlock = block;
    this.#lastHeaders = readRequestHeaders(block.fields);
    return this.#lastHeaders;
  }

  #rejectRequest(streamId: number, code: number): void {
    this.#parts.allowance.spend();
    this.#writeReset(streamId, code);
    this.#closed.add(streamId, 'reset-by-us');
  }

  #onTrailers(stream: Http2Stream, { endStream, dependsOnItself }: AssembledBlock, block: HeaderBlock): void {
    if (stream.remoteEnded) this.#refuse(stream, ERROR_CODE.streamClosed);
    else if (block.isTooLarge) this.#refuse(stream, ERROR_CODE.enhanceYourCalm);
    else if (!endStream || dependsOnItself || !areTrailers(block.fields)) this.#refuse(stream, ERROR_CODE.protocol);
    else this.#onRemoteEnd(stream);
  }

  /** A frame for a stream that is not open. */
  #onLateFrame(streamId: number, type: number): void {
    if (streamId === 0) throw new ConnectionError(ERROR_CODE.protocol, 'a frame has no stream');
    this.#parts.allowance.spend();
    if (streamId > this.lastTaken) return;
    const how = this.#closed.get(streamId);
    if (streamId > this.lastId || streamId % 2 === 0 || (how === undefined && !this.#closed.isForgotten(streamId)))
      throw new ConnectionError(ERROR_CODE.protocol, 'a frame is for a stream that never was');
    if (how === 'reset-by-us' || (type !== FRAME.data && type !== FRAME.headers)) return;
    if (how === 'ended' && type === FRAME.headers) throw new ConnectionError(ERROR_CODE.streamClosed, 'a request goes on after its end');
    this.#writeReset(streamId, ERROR_CODE.streamClosed);
  }

  #onRemoteEnd(stream: Http2Stream): void {
    if (stream.contentLeft > 0) {
      this.#refuse(stream, ERROR_CODE.protocol);
      return;
    }
    stream.remoteEnded = true;
    this.deliver(stream);
    if (stream.localEnded && !stream.isClosed) this.close(stream, 'ended');
  }

  #onOwnerError(stream: Http2Stream, error: unknown): void {
    this.#parts.onOwnerError(error);
    if (!stream.isClosed) this.reset(stream, ERROR_CODE.internal);
  }

  /** The peer did something wrong on this stream. */
  #refuse(stream: Http2Stream, code: number): void {
    this.#parts.allowance.spend();
    this.#dataStream = undefined;
    this.reset(stream, code);
  }

  #writeReset(streamId: number, code: number): void {
    this.#parts.output.frame(RST_BYTES, FRAME.rstStream, 0, streamId);
    this.#parts.output.uint32(code);
  }
}

const RST_BYTES = 4;
const WINDOW_UPDATE_BYTES = 4;
/** SETTINGS_HEADER_TABLE_SIZE, the default. */
const TABLE_BYTES = 4096;
/** So many streams are remembered after their end. */
const CLOSED_REMEMBERED = 256;
