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

const EMPTY: Buffer = Buffer.alloc(0);

/** Doubles its buffer when it is full, so that each byte is copied a constant number of times whatever the pieces. */
export function createGather(): Gather {
  let owned = false;
  // Fields, not getters: an object literal with getters gets a shape of its own each time, which only a full collection frees, and with
  // it all the getters hold (measured: most of an exchange's garbage outlived the young generation, a third of its CPU).
  const gather = { buffer: EMPTY, size: 0, add, take };
  return gather;

  function add(bytes: Buffer): void {
    const { size } = gather;
    if (size === 0) {
      gather.buffer = bytes;
      owned = false;
    } else {
      if (!owned || size + bytes.length > gather.buffer.length) grow(size + bytes.length);
      bytes.copy(gather.buffer, size);
    }
    gather.size += bytes.length;
  }

  function grow(needed: number): void {
    const grown = Buffer.allocUnsafe(Math.max(1024, 2 * needed));
    gather.buffer.copy(grown, 0, 0, gather.size);
    gather.buffer = grown;
    owned = true;
  }

  function take(): Buffer {
    const bytes = gather.buffer.subarray(0, gather.size);
    gather.buffer = EMPTY;
    owned = false;
    gather.size = 0;
    return bytes;
  }
}
