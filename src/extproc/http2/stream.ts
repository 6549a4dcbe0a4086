import { Pieces } from './pieces.ts';

/** What the owner of a stream is told. Everything comes from the connection's own turn, never from within a call of the stream. */
export interface StreamHandler {
  /** A piece of the request's body; shares memory with what the socket received. */
  onData(piece: Buffer): void;
  /** A piece came and waits, since the stream is paused: `waitingBytes` has grown. Default: nothing. */
  onWaiting?(): void;
  /** The request is complete. Not told when the stream ends in another way. */
  onEnd(): void;
  /** What waited to be sent has left. Told after a `write` that left something waiting. */
  onDrain(): void;
  /** Told once, as the last word: reset, answered and complete, or the connection is gone. */
  onClose(): void;
}

/** What a stream asks of its connection. */
export interface StreamOwner {
  sendHead(stream: Http2Stream, block: Buffer, endStream: boolean): void;
  sendBody(stream: Http2Stream): void;
  resume(stream: Http2Stream): void;
  reset(stream: Http2Stream, code: number): void;
}

/** One request and its answer. */
export class Http2Stream {
  readonly id: number;
  readonly connection: StreamOwner;
  handler: StreamHandler = NOBODY;
  /** Nothing more is told or sent: `onClose` has been or is about to be told. */
  isClosed = false;
  /** Header fields have left. */
  isAnswered = false;
  /** All of the answer has been given, though it may still wait. */
  isEnded = false;
  isPaused = false;
  /** Bytes of the answer's body that wait for the peer. */
  queuedBytes = 0;

  /** The rest is the connection's. The peer has said its last word. */
  remoteEnded = false;
  /** Our last frame has been written. */
  localEnded = false;
  endIsTold = false;
  drainIsDue = false;
  isWaiting = false;
  readonly received = new Pieces();
  /** Bytes the peer may still send. */
  receiveWindow: number;
  /** Bytes that were taken and not given back to the peer's window. */
  takenBytes = 0;
  /** Bytes the request still has to have; negative: unknown. */
  contentLeft: number;
  /** What the peer has allowed beyond its initial window, less what was sent. */
  sendCredit = 0;
  queue: Buffer[] = [];
  trailers: Buffer | undefined;

  constructor(connection: StreamOwner, { id, receiveWindow, contentLength }: { id: number; receiveWindow: number; contentLength: number }) {
    this.connection = connection;
    this.id = id;
    this.receiveWindow = receiveWindow;
    this.contentLeft = contentLength;
  }

  /** Bytes of the request's body that have come and wait for `resume`. */
  get waitingBytes(): number {
    return this.received.bytes;
  }

  /** Sends a header block, once, and nothing else when `endStream`. */
  respond(block: Buffer, endStream: boolean): void {
    if (this.isClosed || this.isAnswered) return;
    this.isAnswered = true;
    this.isEnded = endStream;
    this.connection.sendHead(this, block, endStream);
  }

  /** Sends body bytes, after `respond`. The buffers must not change any more. Nothing after the end. */
  write(buffers: readonly Buffer[]): void {
    if (this.isClosed || this.isEnded) return;
    for (const buffer of buffers) {
      if (buffer.length === 0) continue;
      this.queue.push(buffer);
      this.queuedBytes += buffer.length;
    }
    this.connection.sendBody(this);
  }

  /** Ends the answer when everything before has left, with trailers or without. */
  end(trailers?: Buffer): void {
    if (this.isClosed || this.isEnded) return;
    this.isEnded = true;
    this.trailers = trailers;
    this.connection.sendBody(this);
  }

  /** `onData` and `onEnd` wait; the peer may fill its window and no more. */
  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.connection.resume(this);
  }

  /** Ends the stream at once, with an error code of HTTP/2. */
  reset(code: number): void {
    if (!this.isClosed) this.connection.reset(this, code);
  }
}

const NOBODY: StreamHandler = { onData() {}, onEnd() {}, onDrain() {}, onClose() {} };
