import { assert } from '../lib/assert.ts';
import { unitAt } from '../lib/unit-at.ts';

/**
 * Writes protobuf messages back to front, fields from the last to the first, so that a length is known when its prefix is written. Messages
 * stand side by side in blocks. A block is written anew when all its messages were released: memory outside of V8's heap that comes and
 * goes makes V8 collect the whole heap every few thousand messages.
 */
export interface BackWriter {
  /** Begins a message; one that was not finished is forgotten. */
  begin(): void;
  /** The message since `begin`. It stays as it is until it is released as often as it was kept, and once for this. */
  finish(): Buffer;
  keep(message: Uint8Array): void;
  /** Its bytes may become others. A message that nobody releases costs its block, when nobody has it any more, and nothing else. */
  release(message: Uint8Array): void;
  /** Bytes of it so far. */
  length(): number;
  /** A copy of what was written since it had so many bytes. */
  copySince(length: number): Buffer;
  /** Makes a length-delimited field of what was written since the message had so many bytes. */
  wrap(field: number, since: number): void;
  /** Tag and length of a field whose bytes stand elsewhere. */
  head(field: number, length: number): void;
  bytes(value: Uint8Array): void;
  /** A field of UTF-8; half a surrogate pair becomes U+FFFD. */
  text(field: number, value: string): void;
  /** A field of the bytes that hex digits name. */
  hex(field: number, digits: string): void;
  /** A field of a safe integer, negative ones in two's complement. */
  varint(field: number, value: number): void;
  double(field: number, value: number): void;
  fixed32(field: number, value: number): void;
  /** A field `fixed64` of a Unix time in nanoseconds; microseconds are what a double holds of one in milliseconds. */
  time(field: number, unixMs: number): void;
}

const [WIRE_VARINT, WIRE_FIXED64, WIRE_BYTES, WIRE_FIXED32] = [0, 1, 2, 5];

const BLOCK_BYTES = 64 * 1024;
/** Blocks that wait to be written anew. */
const FREE_BLOCKS_MAX = 32;
/** Texts up to here are written unit by unit: a call out of JavaScript costs more. */
const SHORT_UNITS = 40;

export function createBackWriter(blockBytes: number = BLOCK_BYTES): BackWriter {
  const free: Buffer<ArrayBufferLike>[] = [];
  /** Messages in use, by the memory of their block. */
  const used = new WeakMap<ArrayBufferLike, number>();
  let block: Buffer<ArrayBufferLike> = Buffer.allocUnsafeSlow(blockBytes);
  /** Where the message in hand ends, and where its first byte stands. */
  let end = block.length;
  let at = end;

  // May put another block in place: its result goes into a constant before `block` is named again.
  function reserve(length: number): number {
    if (at < length) moveToNewBlock(length);
    at -= length;
    return at;
  }

  function moveToNewBlock(length: number): void {
    const left = block;
    const written = left.subarray(at, end);
    const needed = 2 * (written.length + length);
    block = (needed <= blockBytes ? free.pop() : undefined) ?? Buffer.allocUnsafeSlow(Math.max(blockBytes, needed));
    end = block.length;
    at = end - written.length;
    block.set(written, at);
    if (!used.get(left.buffer)) recycle(left);
  }

  function recycle(left: Buffer): void {
    if (left.length === blockBytes && free.length < FREE_BLOCKS_MAX) free.push(left);
  }

  function use({ buffer }: Uint8Array, more: 1 | -1): void {
    const messages = (used.get(buffer) ?? 0) + more;
    assert(messages >= 0, 'a message is released as often as it was kept');
    used.set(buffer, messages);
    if (messages === 0 && buffer !== block.buffer) recycle(Buffer.from(buffer));
  }

  function raw(value: number): void {
    if (value < 0x80) {
      const start = reserve(1);
      block[start] = value;
    } else if (value < 0x4000) {
      const start = reserve(2);
      block[start] = (value & 0x7f) | 0x80;
      block[start + 1] = value >> 7;
    } else long(value);
  }

  function long(value: number): void {
    let groups = 1;
    for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) groups += 1;
    const start = reserve(groups);
    let rest = value;
    for (let index = 0; index < groups; index += 1, rest = Math.floor(rest / 128))
      block[start + index] = (rest % 128) + (index === groups - 1 ? 0 : 128);
  }

  function negative(value: number): void {
    const start = reserve(10);
    let rest = BigInt.asUintN(64, BigInt(value));
    for (let index = 0; index < 10; index += 1, rest >>= 7n) block[start + index] = Number(rest & 127n) | (index === 9 ? 0 : 128);
  }

  /** False, and nothing is written: it is long, or not ASCII. */
  function writeShort(value: string): boolean {
    const { length } = value;
    if (length > SHORT_UNITS) return false;
    const start = reserve(length);
    for (let index = 0; index < length; index += 1) {
      const unit = unitAt(value, index);
      if (unit > 127) {
        at += length;
        return false;
      }
      block[start + index] = unit;
    }
    return true;
  }

  const tag = (field: number, wire: number): void => raw(field * 8 + wire);
  const head = (field: number, length: number): void => {
    raw(length);
    tag(field, WIRE_BYTES);
  };
  return {
    begin() {
      at = end;
    },
    finish() {
      const message = block.subarray(at, end);
      end = at;
      use(message, 1);
      return message;
    },
    keep: (message) => use(message, 1),
    release: (message) => use(message, -1),
    length: () => end - at,
    copySince: (length) => Buffer.from(block.subarray(at, end - length)),
    wrap: (field, since) => head(field, end - at - since),
    head,
    bytes(value) {
      const start = reserve(value.length);
      block.set(value, start);
    },
    text(field, value) {
      if (writeShort(value)) return head(field, value.length);
      const length = Buffer.byteLength(value);
      const start = reserve(length);
      block.write(value, start, 'utf8');
      head(field, length);
    },
    hex(field, digits) {
      const start = reserve(digits.length / 2);
      block.write(digits, start, 'hex');
      head(field, digits.length / 2);
    },
    varint(field, value) {
      if (value < 0) negative(value);
      else raw(value);
      tag(field, WIRE_VARINT);
    },
    double(field, value) {
      const start = reserve(8);
      block.writeDoubleLE(value, start);
      tag(field, WIRE_FIXED64);
    },
    fixed32(field, value) {
      const start = reserve(4);
      block.writeUInt32LE(value, start);
      tag(field, WIRE_FIXED32);
    },
    time(field, unixMs) {
      const start = reserve(8);
      const micros = Math.max(0, Math.round(unixMs * 1000));
      const low = (micros % 2 ** 32) * 1000; // a thousand times 32 bits is exact in a double, a thousand times 53 is not
      block.writeUInt32LE(low % 2 ** 32, start);
      block.writeUInt32LE((Math.floor(micros / 2 ** 32) * 1000 + Math.floor(low / 2 ** 32)) % 2 ** 32, start + 4);
      tag(field, WIRE_FIXED64);
    },
  };
}
