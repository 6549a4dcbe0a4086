import type { Duplex } from 'node:stream';
import { type Allowance, createAllowance } from './allowance.ts';
import { FrameReader, type FrameSink } from './frame-reader.ts';
import { ConnectionError, ERROR_CODE, FLAG, FRAME, INT31_MAX, readUint32, SETTING } from './frames.ts';
import { createHeaderAssembly, type HeaderAssembly, PRIORITY_BYTES } from './header-assembly.ts';
import { Output } from './output.ts';
import { Receiver } from './receiver.ts';
import type { RequestHeaders } from './request-headers.ts';
import { Sender } from './sender.ts';
import { readSettings, writeSettings } from './settings.ts';
import type { Http2Stream, StreamOwner } from './stream.ts';
import { StreamTable } from './stream-table.ts';

export interface ConnectionLimits {
  /** SETTINGS_MAX_CONCURRENT_STREAMS. Over it a stream is refused. */
  readonly concurrentStreams: number;
  /** Window of each stream, and of the connection, in bytes. What goes beyond ends the stream, or the connection. */
  readonly streamWindowBytes: number;
  readonly connectionWindowBytes: number;
  /** SETTINGS_MAX_FRAME_SIZE. Over it the connection ends. */
  readonly frameBytes: number;
  /** SETTINGS_MAX_HEADER_LIST_SIZE. Over it the stream ends; a header block of more bytes ends the connection. */
  readonly headerListBytes: number;
  /** Frames that bring nothing: at once, and in each second. Over both the connection ends. */
  readonly uselessFrames: number;
  readonly uselessFramesPerSecond: number;
  /** Bytes that wait to be sent to a peer that goes on asking and does not read. Over it the connection is cut. */
  readonly unsentBytes: number;
}

export interface ConnectionHandlers {
  /** A request has begun. Whoever wants it sets its handler now. */
  readonly onStream: (stream: Http2Stream, headers: RequestHeaders) => void;
  /** What the peer or the network did wrong, or an owner of a stream. Nothing from traffic. */
  readonly onError: (error: unknown) => void;
  /** Told once, after the last stream's `onClose`. */
  readonly onClose: () => void;
}

/**
 * The server's side of one HTTP/2 connection (RFC 9113). What comes is worked off in turns, one for each chunk of the socket: frames are
 * taken, owners of streams are told, and everything that came of it leaves in one write.
 */
export class Http2Connection implements FrameSink, StreamOwner {
  readonly #socket: Duplex;
  readonly #limits: ConnectionLimits;
  readonly #handlers: ConnectionHandlers;
  readonly #output: Output;
  readonly #sender: Sender;
  readonly #receiver: Receiver;
  readonly #reader: FrameReader;
  readonly #assembly: HeaderAssembly;
  readonly #allowance: Allowance;
  readonly #table: StreamTable;
  /** Whose owners are to be told when the frames in hand are done. */
  #closing: Http2Stream[] = [];
  #resumed: Http2Stream[] = [];
  #drained: Http2Stream[] = [];
  #turnIsOpen = false;
  #turnIsDue = false;
  #settingsSeen = false;
  /** The connection ends with its last stream. */
  #isLeaving = false;
  /** No further frame is read or written. */
  #isOver = false;
  readonly #pings = new Map<number, () => void>();
  #pingsSent = 0;
  /** Bytes received so far. */
  bytesRead = 0;

  constructor(socket: Duplex, limits: ConnectionLimits, handlers: ConnectionHandlers) {
    this.#socket = socket;
    this.#limits = limits;
    this.#handlers = handlers;
    const onError = (error: unknown) => handlers.onError(error);
    const output = new Output(socket);
    const allowance = createAllowance({ burst: limits.uselessFrames, perSecond: limits.uselessFramesPerSecond }, () => performance.now());
    const receiver = new Receiver(output, limits);
    const sender = new Sender(output, {
      onEnded: (stream) => this.#table.onLocalEnd(stream),
      onDrained: (stream) => void this.#drained.push(stream),
      onSent: () => allowance.earn(FRAMES_FOR_AN_ANSWER),
    });
    this.#output = output;
    this.#allowance = allowance;
    this.#receiver = receiver;
    this.#sender = sender;
    const { onStream } = handlers;
    const onClosing = (stream: Http2Stream) => void this.#closing.push(stream);
    this.#table = new StreamTable({ owner: this, limits, output, sender, receiver, allowance, onStream, onClosing, onOwnerError: onError });
    this.#assembly = createHeaderAssembly(limits.headerListBytes);
    const gatheredBytesMax = Math.min(limits.frameBytes, limits.headerListBytes + HEADERS_EXTRA_BYTES);
    this.#reader = new FrameReader(this, { frameBytesMax: limits.frameBytes, gatheredBytesMax });
    this.#greet();
    socket.on('data', (chunk: Buffer) => this.#onChunk(chunk));
    socket.on('drain', () => this.#inTurn(() => sender.resume()));
    socket.on('error', (error) => {
      if (!this.#isOver) onError(error); // a peer may go as it likes when we have said good-bye
    });
    socket.on('end', () => this.#end());
    socket.on('close', () => this.#onSocketClose());
  }

  /** Calls back when the peer answers; never when it does not. */
  ping(onAnswer: () => void): void {
    const number = ++this.#pingsSent;
    this.#pings.set(number, onAnswer);
    this.#inTurn(() => {
      this.#output.frame(PING_BYTES, FRAME.ping, 0, 0);
      this.#output.uint32(0);
      this.#output.uint32(number);
    });
  }

  /** Tells the peer to open no more streams. Those that come are still served. */
  announceEnd(): void {
    this.#inTurn(() => this.#goaway(INT31_MAX, ERROR_CODE.noError));
  }

  /** Takes no further streams, and ends the connection when those that are open have ended. */
  close(): void {
    if (this.#isLeaving || this.#isOver) return;
    this.#isLeaving = true;
    this.#table.lastTaken = this.#table.lastId;
    this.#inTurn(() => this.#goaway(this.#table.lastId, ERROR_CODE.noError));
  }

  /** Cuts the connection; its streams are closed. */
  destroy(): void {
    this.#isOver = true;
    this.#socket.destroy();
  }

  // What streams ask for.

  sendHead(stream: Http2Stream, block: Buffer, endStream: boolean): void {
    this.#sender.head(stream, block, endStream);
    this.#needTurn();
  }

  sendBody(stream: Http2Stream): void {
    this.#sender.body(stream);
    this.#needTurn();
  }

  resume(stream: Http2Stream): void {
    this.#resumed.push(stream);
    this.#needTurn();
  }

  reset(stream: Http2Stream, code: number): void {
    this.#table.reset(stream, code);
    this.#needTurn();
  }

  // Turns.

  #onChunk(chunk: Buffer): void {
    this.bytesRead += chunk.length;
    if (this.#isOver) return;
    this.#turnIsOpen = true;
    try {
      this.#reader.push(chunk);
      this.#tell();
      this.#receiver.giveBackToConnection();
    } catch (error) {
      this.#fail(error);
    }
    this.#endTurn();
  }

  #inTurn(work: () => void): void {
    if (this.#isOver) return;
    if (this.#turnIsOpen) {
      work();
      return;
    }
    this.#turnIsOpen = true;
    try {
      work();
      this.#tell();
    } catch (error) {
      this.#fail(error);
    }
    this.#endTurn();
  }

  /** Outside of a turn one is made as soon as the code that runs is done. */
  #needTurn(): void {
    if (this.#turnIsOpen || this.#turnIsDue) return;
    this.#turnIsDue = true;
    queueMicrotask(() => {
      this.#turnIsDue = false;
      this.#inTurn(nothing);
    });
  }

  #endTurn(): void {
    this.#turnIsOpen = false;
    if (this.#isOver) return;
    if (this.#output.unsentBytes > this.#limits.unsentBytes) {
      this.#handlers.onError(new ConnectionError(ERROR_CODE.enhanceYourCalm, 'a peer asks and does not read'));
      this.destroy();
      return;
    }
    this.#output.flush();
    this.#hasLeft();
  }

  /** Ends a connection that is to end with its last stream, wherever in a chunk that was. */
  #hasLeft(): boolean {
    if (this.#isLeaving && this.#table.size === 0) this.#end();
    return this.#isOver;
  }

  /** Tells owners what has happened; what they do may make more of it, which is told in the next round. */
  #tell(): void {
    while (this.#closing.length + this.#resumed.length + this.#drained.length > 0) {
      const resumed = this.#resumed.length === 0 ? NO_STREAMS : this.#resumed;
      const drained = this.#drained.length === 0 ? NO_STREAMS : this.#drained;
      const closing = this.#closing.length === 0 ? NO_STREAMS : this.#closing;
      if (resumed !== NO_STREAMS) this.#resumed = [];
      if (drained !== NO_STREAMS) this.#drained = [];
      if (closing !== NO_STREAMS) this.#closing = [];
      for (const stream of resumed) this.#table.deliver(stream);
      for (const stream of drained) if (!stream.isClosed) stream.handler.onDrain();
      for (const stream of closing) stream.handler.onClose();
    }
  }

  #fail(error: unknown): void {
    this.#handlers.onError(error);
    if (this.#isOver) return;
    this.#goaway(this.#table.lastId, error instanceof ConnectionError ? error.code : ERROR_CODE.internal);
    this.#end();
  }

  /** The last bytes leave; a peer that does not take them is cut off. What it still sends is not read as frames. */
  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#closeStreams();
    this.#output.flush();
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), LAST_WRITES_MS).unref();
  }

  #onSocketClose(): void {
    this.#isOver = true;
    this.#pings.clear();
    this.#closeStreams();
    this.#handlers.onClose();
  }

  #closeStreams(): void {
    for (const stream of this.#table.all()) this.#table.close(stream, 'ended');
    for (const stream of this.#closing.splice(0)) stream.handler.onClose();
  }

  #greet(): void {
    const { concurrentStreams, streamWindowBytes, frameBytes, headerListBytes } = this.#limits;
    this.#inTurn(() => {
      writeSettings(this.#output, [
        [SETTING.maxConcurrentStreams, concurrentStreams],
        [SETTING.initialWindowSize, streamWindowBytes],
        [SETTING.maxFrameSize, frameBytes],
        [SETTING.maxHeaderListSize, headerListBytes],
      ]);
      this.#receiver.greet();
    });
  }

  #goaway(lastStreamId: number, code: number): void {
    this.#output.frame(GOAWAY_BYTES, FRAME.goaway, 0, 0);
    this.#output.uint32(lastStreamId);
    this.#output.uint32(code);
  }

  // Frames.

  onFrame(type: number, flags: number, streamId: number, bytes: Buffer, start: number, end: number): void {
    if (this.#hasLeft()) return;
    if (!this.#settingsSeen && (type !== FRAME.settings || (flags & FLAG.ack) !== 0))
      throw new ConnectionError(ERROR_CODE.protocol, 'the first frame is no SETTINGS');
    if (this.#assembly.streamId !== 0 && (type !== FRAME.continuation || streamId !== this.#assembly.streamId))
      throw new ConnectionError(ERROR_CODE.protocol, 'a header block is interrupted');
    switch (type) {
      case FRAME.headers:
        this.#table.onBlock(this.#assembly.begin(flags, streamId, bytes, start, end));
        return;
      case FRAME.continuation:
        this.#allowance.spend();
        this.#table.onBlock(this.#assembly.go(flags, bytes, start, end));
        return;
      case FRAME.rstStream:
        this.#table.onReset(streamId, end - start);
        return;
      case FRAME.windowUpdate:
        this.#table.onWindowUpdate(streamId, bytes, start, end);
        return;
      case FRAME.settings:
        this.#onSettings(flags, streamId, bytes, start, end);
        return;
      case FRAME.ping:
        this.#onPing(flags, streamId, bytes, start, end);
        return;
      case FRAME.priority:
        this.#table.onPriority(streamId, bytes, start, end);
        return;
      case FRAME.goaway:
        this.#onGoaway(streamId, end - start);
        return;
      case FRAME.pushPromise:
        throw new ConnectionError(ERROR_CODE.protocol, 'a client does not push');
      default:
        this.#allowance.spend();
    }
  }

  onDataStart(flags: number, streamId: number, length: number, bodyBytes: number): void {
    if (this.#hasLeft()) return;
    if (!this.#settingsSeen) throw new ConnectionError(ERROR_CODE.protocol, 'the first frame is no SETTINGS');
    if (this.#assembly.streamId !== 0) throw new ConnectionError(ERROR_CODE.protocol, 'a header block is interrupted');
    this.#table.onDataStart(flags, streamId, length, bodyBytes);
  }

  onDataPiece(piece: Buffer): void {
    this.#table.onDataPiece(piece);
  }

  onDataEnd(): void {
    this.#table.onDataEnd();
  }

  #onSettings(flags: number, streamId: number, bytes: Buffer, start: number, end: number): void {
    if (streamId !== 0) throw new ConnectionError(ERROR_CODE.protocol, 'SETTINGS have a stream');
    const isAck = (flags & FLAG.ack) !== 0;
    if (isAck && end > start) throw new ConnectionError(ERROR_CODE.frameSize, 'an acknowledgement of SETTINGS has a payload');
    this.#settingsSeen = true;
    const { count, initialWindowBytes, frameBytes } = readSettings(bytes, start, end);
    this.#allowance.spend(1 + count);
    if (isAck) return;
    // Before what a wider window lets go: a peer may look for it behind this.
    this.#output.frame(0, FRAME.settings, FLAG.ack, 0);
    if (frameBytes !== undefined) this.#sender.setFrameBytes(Math.min(frameBytes, SENT_FRAME_BYTES_MAX));
    if (initialWindowBytes === undefined) return;
    // Every open stream is looked at.
    this.#allowance.spend(Math.floor(this.#table.size / STREAMS_FOR_A_FRAME));
    this.#sender.setInitialWindow(initialWindowBytes, this.#table.all());
  }

  #onPing(flags: number, streamId: number, bytes: Buffer, start: number, end: number): void {
    if (streamId !== 0) throw new ConnectionError(ERROR_CODE.protocol, 'a PING has a stream');
    if (end - start !== PING_BYTES) throw new ConnectionError(ERROR_CODE.frameSize, 'a PING has a wrong length');
    this.#allowance.spend();
    if ((flags & FLAG.ack) === 0) {
      this.#output.frame(PING_BYTES, FRAME.ping, FLAG.ack, 0);
      this.#output.bytes(bytes.subarray(start, end));
      return;
    }
    const number = readUint32(bytes, start + 4);
    const onAnswer = this.#pings.get(number);
    this.#pings.delete(number);
    onAnswer?.();
  }

  /** The peer is about to go; what it has opened is still served. */
  #onGoaway(streamId: number, length: number): void {
    if (streamId !== 0) throw new ConnectionError(ERROR_CODE.protocol, 'a GOAWAY has a stream');
    if (length < GOAWAY_BYTES) throw new ConnectionError(ERROR_CODE.frameSize, 'a GOAWAY has a wrong length');
    this.#allowance.spend();
    this.#isLeaving = true;
  }
}

const PING_BYTES = 8;
const GOAWAY_BYTES = 8;
/** Pad length, padding and priority beside a header block. */
const HEADERS_EXTRA_BYTES = 1 + 255 + PRIORITY_BYTES;
/** Frames that one body frame of ours may be answered with: window for the stream and for the connection. */
const FRAMES_FOR_AN_ANSWER = 2;
/** Open streams that cost as much as one useless frame when all of them are looked at. */
const STREAMS_FOR_A_FRAME = 64;
/** Larger frames of ours would keep other streams waiting. */
const SENT_FRAME_BYTES_MAX = 256 * 1024;
/** Time for the last bytes to leave, in milliseconds. */
const LAST_WRITES_MS = 500;

const NO_STREAMS: readonly Http2Stream[] = [];
const nothing = () => {};
