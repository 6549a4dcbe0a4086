import { added, NONE_YET } from '../../lib/growing-list.ts';

/** Bytes that wait, in the pieces they came in. A peer that sends them one by one costs what the bytes cost, not an object for each. */
export class Pieces {
  #list: Buffer[] = NONE_YET;
  /** Where small pieces are gathered once there are many; its first `#tailBytes` are the last piece of the list. */
  #tail: Buffer = NO_BYTES;
  #tailBytes = 0;
  bytes = 0;

  push(piece: Buffer): void {
    this.bytes += piece.length;
    if (this.#list.length < LOOSE_PIECES || piece.length > SMALL_BYTES) {
      this.#list = added(this.#list, piece);
      this.#tail = NO_BYTES;
      return;
    }
    if (this.#tailBytes + piece.length > this.#tail.length) {
      this.#tail = Buffer.allocUnsafeSlow(TAIL_BYTES);
      this.#tailBytes = 0;
      this.#list.push(NO_BYTES);
    }
    this.#tail.set(piece, this.#tailBytes);
    this.#tailBytes += piece.length;
    this.#list[this.#list.length - 1] = this.#tail.subarray(0, this.#tailBytes);
  }

  /** Gives all of them and keeps none. */
  take(): readonly Buffer[] {
    const list = this.#list;
    this.#list = NONE_YET;
    this.#tail = NO_BYTES;
    this.#tailBytes = 0;
    this.bytes = 0;
    return list;
  }
}

/** So many pieces are kept as they are, */
const LOOSE_PIECES = 16;
/** and those that are larger than this. */
const SMALL_BYTES = 1024;
const TAIL_BYTES = 16 * 1024;
const NO_BYTES: Buffer = Buffer.alloc(0);
