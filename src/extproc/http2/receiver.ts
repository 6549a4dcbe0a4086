import { ConnectionError, DEFAULT_WINDOW_BYTES, ERROR_CODE, FRAME } from './frames.ts';
import type { Output } from './output.ts';
import type { Http2Stream } from './stream.ts';

export interface ReceiverWindows {
  readonly streamWindowBytes: number;
  readonly connectionWindowBytes: number;
}

/** Gives bodies of requests to their owners, as fast as they want them, and opens the peer's windows again behind them. */
export class Receiver {
  readonly #output: Output;
  readonly #windows: ReceiverWindows;
  /** Bytes the peer may still send on the connection. */
  #left = DEFAULT_WINDOW_BYTES;
  #taken = 0;

  constructor(output: Output, windows: ReceiverWindows) {
    this.#output = output;
    this.#windows = windows;
  }

  /** Opens the connection's window, which SETTINGS cannot. */
  greet(): void {
    this.#left = this.#windows.connectionWindowBytes;
    this.#update(0, this.#left - DEFAULT_WINDOW_BYTES);
  }

  /** A body frame begins: it counts with its padding, whatever becomes of it. Throws ConnectionError when the peer may not send so much. */
  count(length: number): void {
    this.#left -= length;
    this.#taken += length;
    if (this.#left < 0) throw new ConnectionError(ERROR_CODE.flowControl, 'the window of the connection is exceeded');
  }

  /** The same for its stream; false when the peer may not send so much. */
  countFor(stream: Http2Stream, length: number): boolean {
    if (length > stream.receiveWindow) return false;
    stream.receiveWindow -= length;
    stream.takenBytes += length;
    return true;
  }

  /** So much of the body comes in this frame; false when the request said that it has less. */
  expect(stream: Http2Stream, bodyBytes: number): boolean {
    if (stream.contentLeft < 0) return true;
    stream.contentLeft -= bodyBytes;
    return stream.contentLeft >= 0;
  }

  /** A piece of a body. */
  take(stream: Http2Stream, piece: Buffer): void {
    if (stream.isPaused || stream.received.bytes > 0) {
      // What its owner does not take is not given back to the peer's window.
      stream.received.push(piece);
      stream.takenBytes -= piece.length;
      stream.handler.onWaiting?.();
    } else {
      stream.handler.onData(piece);
    }
  }

  /** Tells the owner what it has not heard: pieces that wait, and the end. */
  deliver(stream: Http2Stream): void {
    const pieces = stream.isPaused ? [] : stream.received.take();
    for (const piece of pieces) {
      if (stream.isClosed) return;
      if (stream.isPaused) {
        stream.received.push(piece);
      } else {
        stream.takenBytes += piece.length;
        stream.handler.onData(piece);
      }
    }
    if (stream.isClosed || stream.isPaused) return;
    if (!stream.remoteEnded) {
      this.giveBack(stream);
    } else if (!stream.endIsTold) {
      stream.endIsTold = true;
      stream.handler.onEnd();
    }
  }

  /** Opens the stream's window when half of it has been taken. A request whose answer is complete needs no more. */
  giveBack(stream: Http2Stream): void {
    if (stream.takenBytes < this.#windows.streamWindowBytes / 2 || stream.isEnded || stream.isClosed) return;
    stream.receiveWindow += stream.takenBytes;
    this.#update(stream.id, stream.takenBytes);
    stream.takenBytes = 0;
  }

  /** The same for the connection, which owners that pause do not hold up. */
  giveBackToConnection(): void {
    if (this.#taken < this.#windows.connectionWindowBytes / 2) return;
    this.#left += this.#taken;
    this.#update(0, this.#taken);
    this.#taken = 0;
  }

  #update(streamId: number, bytes: number): void {
    this.#output.frame(4, FRAME.windowUpdate, 0, streamId);
    this.#output.uint32(bytes);
  }
}
