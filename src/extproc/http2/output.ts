import type { Duplex } from 'node:stream';
import { FRAME_HEAD_BYTES, writeFrameHead } from './frames.ts';

/**
 * What is to be sent on one connection. Everything between two flushes leaves in one write: heads and small bodies are copied beside each
 * other, large bodies are sent from where they lie and must not change until then.
 */
export class Output {
  readonly #socket: Duplex;
  #buffer: Buffer = NO_BYTES;
  /** What of the buffer is not among the parts yet. */
  #start = 0;
  #at = 0;
  #parts: Buffer[] = [];
  #gathered = 0;

  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  /** Bytes that wait here and in the socket. */
  get unsentBytes(): number {
    return this.#gathered + this.#socket.writableLength;
  }

  /** Begins a frame; its payload follows with `bytes` and `uint32`. */
  frame(length: number, type: number, flags: number, streamId: number): void {
    const at = this.#reserve(FRAME_HEAD_BYTES);
    writeFrameHead(this.#buffer, at, length, type, flags, streamId);
  }

  byte(value: number): void {
    const at = this.#reserve(1);
    this.#buffer[at] = value;
  }

  uint32(value: number): void {
    const at = this.#reserve(4);
    this.#buffer.writeUInt32BE(value, at);
  }

  bytes(part: Buffer): void {
    const { length } = part;
    if (length > COPY_BYTES_MAX) {
      this.#cut();
      this.#parts.push(part);
      this.#gathered += length;
      return;
    }
    const at = this.#reserve(length);
    if (length <= COPY_BY_HAND_BYTES_MAX) for (let index = 0; index < length; index++) this.#buffer[at + index] = part[index]!;
    else this.#buffer.set(part, at);
  }

  flush(): void {
    if (this.#gathered === 0) return;
    const socket = this.#socket;
    if (this.#parts.length === 0) {
      socket.write(this.#buffer.subarray(this.#start, this.#at));
    } else {
      this.#cut();
      socket.cork();
      for (const part of this.#parts) socket.write(part);
      socket.uncork();
      this.#parts = [];
    }
    this.#gathered = 0;
    this.#start = 0;
    this.#at = 0;
    // What the system has not taken yet is sent from this memory later.
    if (socket.writableLength > 0) this.#buffer = NO_BYTES;
  }

  /** Where the next `length` bytes of the buffer stand. */
  #reserve(length: number): number {
    if (this.#at + length > this.#buffer.length) {
      this.#cut();
      this.#buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
      this.#start = 0;
      this.#at = 0;
    }
    const at = this.#at;
    this.#at += length;
    this.#gathered += length;
    return at;
  }

  #cut(): void {
    if (this.#at > this.#start) this.#parts.push(this.#buffer.subarray(this.#start, this.#at));
    this.#start = this.#at;
  }
}

/** Larger parts are not copied. */
const COPY_BYTES_MAX = 4096;
/** Up to this size a loop is faster than the call. */
const COPY_BY_HAND_BYTES_MAX = 16;
const BUFFER_BYTES = 16 * 1024;
const NO_BYTES: Buffer = Buffer.alloc(0);
