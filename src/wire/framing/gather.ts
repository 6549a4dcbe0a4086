/** Bytes that arrive in pieces and are wanted as one buffer. */
export interface Gather {
  /** Adds a piece; the first one is kept as it is, not copied. */
  add(bytes: Buffer): void;
  /** Holds everything added, from its first byte; may be longer than `size`. */
  readonly buffer: Buffer;
  readonly size: number;
  /** Everything added, and starts afresh: what was given is never written again. */
  take(): Buffer;
}

const EMPTY = Buffer.alloc(0);

/** Doubles its buffer when it is full, so that each byte is copied a constant number of times whatever the pieces. */
export function createGather(): Gather {
  let buffer: Buffer = EMPTY;
  let owned = false;
  let size = 0;
  return {
    add(bytes) {
      if (size === 0) {
        buffer = bytes;
        owned = false;
      } else {
        if (!owned || size + bytes.length > buffer.length) {
          const grown = Buffer.allocUnsafe(Math.max(1024, 2 * (size + bytes.length)));
          buffer.copy(grown, 0, 0, size);
          buffer = grown;
          owned = true;
        }
        bytes.copy(buffer, size);
      }
      size += bytes.length;
    },
    get buffer() {
      return buffer;
    },
    get size() {
      return size;
    },
    take() {
      const bytes = buffer.subarray(0, size);
      buffer = EMPTY;
      owned = false;
      size = 0;
      return bytes;
    },
  };
}
