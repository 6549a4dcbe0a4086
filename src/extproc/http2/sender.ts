import { ConnectionError, DEFAULT_FRAME_BYTES, DEFAULT_WINDOW_BYTES, ERROR_CODE, FLAG, FRAME, INT31_MAX } from './frames.ts';
import { NO_TABLE } from './hpack.ts';
import type { Output } from './output.ts';
import type { Http2Stream } from './stream.ts';

export interface SenderEvents {
  /** Our side of the stream is complete. */
  readonly onEnded: (stream: Http2Stream) => void;
  /** Nothing of it waits any more, and its owner asked. */
  readonly onDrained: (stream: Http2Stream) => void;
  /** A body frame has left; the peer may answer it with window. */
  readonly onSent: () => void;
}

/** What answers we send, as fast as the peer's windows and the socket take them. */
export class Sender {
  readonly #output: Output;
  readonly #events: SenderEvents;
  #initialWindow = DEFAULT_WINDOW_BYTES;
  #window = DEFAULT_WINDOW_BYTES;
  #frameBytes = DEFAULT_FRAME_BYTES;
  #tableIsOff = false;
  /** Streams whose own window is open, which wait for the connection's or for the socket. They take turns. */
  readonly #waiting = new Set<Http2Stream>();

  constructor(output: Output, events: SenderEvents) {
    this.#output = output;
    this.#events = events;
  }

  /** A header block, in frames as small as the peer may want them. */
  head(stream: Http2Stream, block: Buffer, endStream: boolean): void {
    const output = this.#output;
    const extra = this.#tableIsOff ? 0 : 1;
    const flags = endStream ? FLAG.endStream : 0;
    // Blocks are ours, and far smaller than the smallest frame a peer may ask for.
    output.frame(block.length + extra, FRAME.headers, flags | FLAG.endHeaders, stream.id);
    if (extra === 1) output.byte(NO_TABLE);
    this.#tableIsOff = true;
    output.bytes(block);
    if (endStream) this.#complete(stream);
  }

  /** Whatever of the stream's body and trailers may leave now. */
  body(stream: Http2Stream): void {
    if (!stream.isWaiting) while (this.#sendFrame(stream));
    if (stream.queuedBytes > 0) stream.drainIsDue = true;
  }

  /** The peer has read. Throws ConnectionError when its window is larger than there can be. */
  widen(bytes: number): void {
    this.#window += bytes;
    if (this.#window > INT31_MAX) throw new ConnectionError(ERROR_CODE.flowControl, 'the window of the connection is too large');
    this.resume();
  }

  /** The same for one stream; false when its window is larger than there can be. */
  widenStream(stream: Http2Stream, bytes: number): boolean {
    stream.sendCredit += bytes;
    if (this.#initialWindow + stream.sendCredit > INT31_MAX) return false;
    this.#goOn(stream);
    return true;
  }

  /** SETTINGS_INITIAL_WINDOW_SIZE of the peer: for its open streams too (RFC 9113, 6.9.2). */
  setInitialWindow(bytes: number, streams: Iterable<Http2Stream>): void {
    const isWider = bytes > this.#initialWindow;
    this.#initialWindow = bytes;
    for (const stream of streams) {
      if (bytes + stream.sendCredit > INT31_MAX) throw new ConnectionError(ERROR_CODE.flowControl, 'the window of a stream is too large');
      if (isWider) this.#goOn(stream);
    }
  }

  setFrameBytes(bytes: number): void {
    this.#frameBytes = bytes;
  }

  /** The socket, or the connection's window, takes bytes again. */
  resume(): void {
    for (const stream of this.#waiting) {
      if (!this.#isOpen()) return;
      this.#waiting.delete(stream);
      stream.isWaiting = false;
      if (this.#sendFrame(stream)) this.#park(stream);
      this.#tellDrained(stream);
    }
  }

  forget(stream: Http2Stream): void {
    if (stream.isWaiting) this.#waiting.delete(stream);
    stream.isWaiting = false;
    stream.queue = [];
    stream.queuedBytes = 0;
    stream.trailers = undefined;
  }

  #isOpen(): boolean {
    return this.#window > 0 && this.#output.unsentBytes < UNSENT_BYTES_MAX;
  }

  #goOn(stream: Http2Stream): void {
    if (stream.isWaiting) return;
    while (this.#sendFrame(stream));
    this.#tellDrained(stream);
  }

  #tellDrained(stream: Http2Stream): void {
    if (!stream.drainIsDue || stream.queuedBytes > 0) return;
    stream.drainIsDue = false;
    this.#events.onDrained(stream);
  }

  #park(stream: Http2Stream): void {
    if (stream.isWaiting) return;
    this.#waiting.add(stream);
    stream.isWaiting = true;
  }

  /** One frame; true when there may be another. */
  #sendFrame(stream: Http2Stream): boolean {
    if (stream.queuedBytes === 0) {
      if (stream.isEnded && !stream.localEnded) this.#sendEnd(stream);
      return false;
    }
    const streamWindow = this.#initialWindow + stream.sendCredit;
    if (streamWindow <= 0) return false;
    if (!this.#isOpen()) {
      this.#park(stream);
      return false;
    }
    const length = Math.min(stream.queuedBytes, streamWindow, this.#window, this.#frameBytes);
    this.#output.frame(length, FRAME.data, 0, stream.id);
    this.#take(stream, length);
    stream.queuedBytes -= length;
    stream.sendCredit -= length;
    this.#window -= length;
    this.#events.onSent();
    return true;
  }

  #sendEnd(stream: Http2Stream): void {
    if (stream.trailers !== undefined) {
      this.head(stream, stream.trailers, true);
      return;
    }
    this.#output.frame(0, FRAME.data, FLAG.endStream, stream.id);
    this.#complete(stream);
  }

  #complete(stream: Http2Stream): void {
    stream.localEnded = true;
    this.#events.onEnded(stream);
  }

  #take(stream: Http2Stream, length: number): void {
    const { queue } = stream;
    let left = length;
    let taken = 0;
    while (left > 0) {
      const part = queue[taken]!;
      if (part.length > left) {
        this.#output.bytes(part.subarray(0, left));
        queue[taken] = part.subarray(left);
        left = 0;
      } else {
        this.#output.bytes(part);
        left -= part.length;
        taken++;
      }
    }
    if (taken === queue.length) queue.length = 0;
    else if (taken > 0) queue.splice(0, taken);
  }
}

/** Bytes that wait for the socket before bodies stay with their streams. */
const UNSENT_BYTES_MAX = 1024 * 1024;
