import { ConnectionError, ERROR_CODE, FLAG, FRAME, FRAME_HEAD_BYTES, PREFACE, readUint32 } from './frames.ts';

/** Who gets the frames. What it throws comes out of `push`. */
export interface FrameSink {
  /** A whole frame that is not DATA: its payload is `bytes` from `start` to `end`, which may be gone when this returns. */
  onFrame(type: number, flags: number, streamId: number, bytes: Buffer, start: number, end: number): void;
  /** A DATA frame begins; `length` counts padding too, `bodyBytes` is what comes in pieces. */
  onDataStart(flags: number, streamId: number, length: number, bodyBytes: number): void;
  /** A piece of its body, without padding; shares memory with what was pushed. */
  onDataPiece(piece: Buffer): void;
  /** All of it has come. */
  onDataEnd(): void;
}

/** What the next byte belongs to. */
const PHASE = { preface: 0, head: 1, payload: 2, padLength: 3, data: 4, padding: 5, skip: 6 } as const;

/**
 * Cuts what a client sends into frames: its preface, then frame after frame. Bodies go through in the pieces they come in, without a copy;
 * other frames are gathered when they come in pieces, into a buffer of at most `gatheredBytesMax`.
 */
export class FrameReader {
  readonly #sink: FrameSink;
  readonly #frameBytesMax: number;
  readonly #gatheredBytesMax: number;
  #phase: number = PHASE.preface;
  /** Bytes still to come in this phase. */
  #left = PREFACE.length;
  /** Bytes of a head or a payload that came in pieces. */
  #gathered: Buffer = NO_BYTES;
  #gatheredBytes = 0;
  #head: Buffer = Buffer.alloc(FRAME_HEAD_BYTES);
  #type = 0;
  #flags = 0;
  #streamId = 0;
  #padding = 0;

  /** `frameBytesMax`: the SETTINGS_MAX_FRAME_SIZE that was announced. `gatheredBytesMax`: the most of a frame that is not DATA. */
  constructor(sink: FrameSink, { frameBytesMax, gatheredBytesMax }: { readonly frameBytesMax: number; readonly gatheredBytesMax: number }) {
    this.#sink = sink;
    this.#frameBytesMax = frameBytesMax;
    this.#gatheredBytesMax = gatheredBytesMax;
  }

  /** Takes the next bytes. Throws ConnectionError; the reader is of no use afterwards. */
  push(chunk: Buffer): void {
    const end = chunk.length;
    let at = 0;
    while (at < end) {
      switch (this.#phase) {
        case PHASE.head:
          if (this.#gatheredBytes === 0 && end - at >= FRAME_HEAD_BYTES) {
            this.#readHead(chunk, at);
            at += FRAME_HEAD_BYTES;
          } else at = this.#gather(chunk, at);
          break;
        case PHASE.payload:
          if (this.#gatheredBytes === 0 && end - at >= this.#left) {
            const stop = at + this.#left;
            this.#next();
            this.#sink.onFrame(this.#type, this.#flags, this.#streamId, chunk, at, stop);
            at = stop;
          } else at = this.#gather(chunk, at);
          break;
        case PHASE.data:
          at = this.#takeData(chunk, at);
          break;
        case PHASE.preface:
          at = this.#takePreface(chunk, at);
          break;
        case PHASE.padLength:
          this.#readPadLength(chunk[at]!);
          at++;
          break;
        default:
          at = this.#pass(chunk, at);
      }
    }
  }

  #next(): void {
    this.#phase = PHASE.head;
    this.#left = FRAME_HEAD_BYTES;
    this.#gatheredBytes = 0;
  }

  #takePreface(chunk: Buffer, start: number): number {
    const end = Math.min(chunk.length, start + this.#left);
    for (let at = start; at < end; at++) {
      if (chunk[at] !== PREFACE[PREFACE.length - this.#left]) throw new ConnectionError(ERROR_CODE.protocol, 'no HTTP/2 preface');
      this.#left--;
    }
    if (this.#left === 0) this.#next();
    return end;
  }

  #readHead(bytes: Buffer, at: number): void {
    const length = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
    this.#type = bytes[at + 3]!;
    this.#flags = bytes[at + 4]!;
    this.#streamId = readUint32(bytes, at + 5) & 0x7fff_ffff;
    this.#gatheredBytes = 0;
    if (length > this.#frameBytesMax) throw new ConnectionError(ERROR_CODE.frameSize, 'a frame is larger than allowed');
    if (this.#type === FRAME.data) this.#startData(length);
    else this.#startFrame(length);
  }

  #startFrame(length: number): void {
    const isPassed = this.#type > FRAME.continuation; // nobody knows what it would mean
    if (length === 0 || isPassed) {
      this.#phase = length === 0 ? PHASE.head : PHASE.skip;
      this.#left = length === 0 ? FRAME_HEAD_BYTES : length;
      this.#sink.onFrame(this.#type, this.#flags, this.#streamId, NO_BYTES, 0, 0);
      return;
    }
    if (length > this.#gatheredBytesMax) throw new ConnectionError(ERROR_CODE.enhanceYourCalm, 'a control frame is too large');
    this.#phase = PHASE.payload;
    this.#left = length;
  }

  #startData(length: number): void {
    this.#padding = 0;
    this.#left = length;
    if ((this.#flags & FLAG.padded) === 0) {
      this.#startBody(length);
      return;
    }
    if (length === 0) throw new ConnectionError(ERROR_CODE.frameSize, 'a padded frame has no padding length');
    this.#phase = PHASE.padLength;
  }

  #readPadLength(padding: number): void {
    const length = this.#left;
    if (padding >= length) throw new ConnectionError(ERROR_CODE.protocol, 'the padding is longer than its frame');
    this.#left -= 1 + padding;
    this.#padding = padding;
    this.#startBody(length);
  }

  #startBody(length: number): void {
    this.#phase = PHASE.data;
    this.#sink.onDataStart(this.#flags, this.#streamId, length, this.#left);
    if (this.#left === 0) this.#endBody();
  }

  #takeData(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#left);
    this.#left -= end - at;
    const isLast = this.#left === 0;
    this.#sink.onDataPiece(at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end));
    if (isLast) this.#endBody();
    return end;
  }

  #endBody(): void {
    if (this.#padding === 0) {
      this.#endData();
      return;
    }
    this.#phase = PHASE.padding;
    this.#left = this.#padding;
  }

  #endData(): void {
    this.#next();
    this.#sink.onDataEnd();
  }

  /** Padding, and frames of types that nobody knows. */
  #pass(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#left);
    this.#left -= end - at;
    if (this.#left > 0) return end;
    if (this.#phase === PHASE.padding) this.#endData();
    else this.#next();
    return end;
  }

  /** A head or a payload that does not lie in one chunk: each byte is copied once. */
  #gather(chunk: Buffer, at: number): number {
    if (this.#gatheredBytes === 0) this.#gathered = this.#phase === PHASE.head ? this.#head : Buffer.allocUnsafe(this.#left);
    const end = Math.min(chunk.length, at + this.#left);
    chunk.copy(this.#gathered, this.#gatheredBytes, at, end);
    this.#gatheredBytes += end - at;
    this.#left -= end - at;
    if (this.#left > 0) return end;
    const bytes = this.#gathered;
    this.#gathered = NO_BYTES;
    if (this.#phase === PHASE.head) {
      this.#readHead(bytes, 0);
      return end;
    }
    const length = this.#gatheredBytes;
    this.#next();
    this.#sink.onFrame(this.#type, this.#flags, this.#streamId, bytes, 0, length);
    return end;
  }
}

const NO_BYTES: Buffer = Buffer.alloc(0);
