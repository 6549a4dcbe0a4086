import { isUtf8 } from 'node:buffer';
import { crc32 } from 'node:zlib';
import type { Carrier, UninspectableReason } from '../frame.ts';
import { createGather } from './gather.ts';

/** One message of an AWS event stream. */
export interface EventStreamMessage {
  readonly kind: 'message';
  /** The whole message; its content is the payload, and its seal writes length and checksums anew and leaves the headers as they are. */
  readonly carrier: Carrier;
  /** What happened: `:event-type`, else `:exception-type`, else `:error-code`; undefined without any. */
  readonly name: string | undefined;
  /** Header names and values that are no part of the framing: text a client could read, so somebody has to look at it. */
  readonly texts: readonly string[];
  /** Set when a checksum is wrong, or when a header cannot be read or says twice what the message is. */
  readonly uninspectable: UninspectableReason | undefined;
}

/** Bytes that are no message, or a piece of one over the limit: they come as they arrive, read by nobody. */
export interface EventStreamUnread {
  readonly kind: 'unread';
  readonly bytes: Buffer;
  readonly reason: UninspectableReason;
}

export interface EventStreamFramer {
  /** Adds bytes; gives what is complete. The buffer must not change afterwards. */
  push(bytes: Buffer): readonly (EventStreamMessage | EventStreamUnread)[];
  /** The stream is over: gives a message that was begun and is not complete, unread. */
  end(): readonly EventStreamUnread[];
}

/** Total length, length of the headers, CRC-32 of the two. */
export const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;
/** Longest block of headers the format allows. Over it, as over the limit of the message: unread, reason `event-limit`. */
const HEADERS_BYTES_MAX = 128 * 1024;

/** Whether the bytes at an offset are the beginning of a message; there must be `PRELUDE_BYTES` of them. */
export function isPrelude(bytes: Buffer, at: number): boolean {
  return crc32(bytes.subarray(at, at + 8)) === bytes.readUInt32BE(at + 8);
}

/**
 * Cuts an application/vnd.amazon.eventstream body into messages: a prelude with lengths and a checksum, headers, a payload, a checksum
 * over all. The bytes of everything given are the input; each byte is copied a constant number of times whatever the pieces. After a
 * prelude that is wrong nobody knows where the next message begins: everything from there on is unread, reason `invalid-framing`.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html (the same format in all services)
 */
export function createEventStreamFramer({ messageBytesMax }: { readonly messageBytesMax: number }): EventStreamFramer {
  const pending = createGather();
  let total = 0; // bytes of the message in hand; 0: its prelude is not complete
  let skipped = 0; // bytes still to come of a message over the limit
  let lost = false;
  const readHeaders = createHeaderReader();

  /** Reads a prelude; what follows from it stands in `total`, `skipped` and `lost`. */
  function begin(bytes: Buffer, at: number): void {
    const length = bytes.readUInt32BE(at);
    const headers = bytes.readUInt32BE(at + 4);
    if (!isPrelude(bytes, at)) lost = true;
    else if (length < PRELUDE_BYTES + headers + CHECKSUM_BYTES) lost = true;
    else if (length > messageBytesMax || headers > HEADERS_BYTES_MAX) skipped = length;
    else total = length;
  }

  /** A piece nobody reads, from `at`; undefined when it is to be read. */
  function unreadPiece(bytes: Buffer, at: number): EventStreamUnread | undefined {
    if (lost) return { kind: 'unread', bytes: bytes.subarray(at), reason: 'invalid-framing' };
    if (skipped === 0) return undefined;
    const piece = bytes.subarray(at, at + skipped);
    skipped -= piece.length;
    return { kind: 'unread', bytes: piece, reason: 'event-limit' };
  }

  /** Takes bytes of the message in hand, as many as belong to it; gives how many. */
  function gather(bytes: Buffer, at: number): number {
    const needed = (total === 0 ? PRELUDE_BYTES : total) - pending.size;
    const piece = bytes.subarray(at, at + needed);
    pending.add(piece);
    return piece.length;
  }

  /** What the gathered bytes are, once they are enough. */
  function complete(): EventStreamMessage | EventStreamUnread | undefined {
    if (total === 0 && pending.size === PRELUDE_BYTES) {
      begin(pending.buffer, 0);
      if (lost || skipped > 0) return unreadPiece(pending.take(), 0);
    }
    if (total === 0 || pending.size < total) return undefined;
    total = 0;
    return readMessage(pending.take(), readHeaders);
  }

  return {
    push(bytes) {
      const out: (EventStreamMessage | EventStreamUnread)[] = [];
      for (let at = 0; at < bytes.length; ) {
        // A prelude that came in one piece is read where it stands, so that a message that did is not copied.
        const beginsHere = !lost && skipped === 0 && total === 0 && pending.size === 0 && bytes.length - at >= PRELUDE_BYTES;
        if (beginsHere) begin(bytes, at);
        const unread = unreadPiece(bytes, at);
        at += unread?.bytes.length ?? gather(bytes, at);
        const found = unread ?? complete();
        if (found !== undefined) out.push(found);
      }
      return out;
    },
    end: () => (pending.size === 0 ? [] : [{ kind: 'unread', bytes: pending.take(), reason: lost ? 'invalid-framing' : 'truncated' }]),
  };
}

/** A message with these string headers. Names are at most 255 bytes and values at most 32767. */
export function eventStreamMessage(headers: Readonly<Record<string, string>>, payload: string): Buffer {
  const block = Buffer.concat(
    Object.entries(headers).map(([name, value]) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(Buffer.byteLength(value));
      return Buffer.concat([Buffer.of(Buffer.byteLength(name)), Buffer.from(name), Buffer.of(STRING), length, Buffer.from(value)]);
    }),
  );
  const before = Buffer.alloc(PRELUDE_BYTES);
  before.writeUInt32BE(block.length, 4);
  return sealed(Buffer.concat([before, block]), Buffer.from(payload));
}

function readMessage(bytes: Buffer, readHeaders: (block: Buffer) => Headers): EventStreamMessage {
  const payloadStart = PRELUDE_BYTES + bytes.readUInt32BE(4);
  const end = bytes.length - CHECKSUM_BYTES;
  const isSound = crc32(bytes.subarray(0, end)) === bytes.readUInt32BE(end);
  const { name, texts, broken } = readHeaders(bytes.subarray(PRELUDE_BYTES, payloadStart));
  const content = bytes.subarray(payloadStart, end);
  const carrier = { bytes, content, seal: (changed: Buffer) => sealed(bytes.subarray(0, payloadStart), changed) };
  return { kind: 'message', carrier, name, texts, uninspectable: isSound ? broken : 'invalid-framing' };
}

/** Prelude and headers as they were, with another payload, and lengths and checksums that fit. */
function sealed(head: Buffer, payload: Buffer): Buffer {
  const out = Buffer.concat([head, payload, Buffer.alloc(CHECKSUM_BYTES)]);
  const end = out.length - CHECKSUM_BYTES;
  out.writeUInt32BE(out.length, 0);
  out.writeUInt32BE(crc32(out.subarray(0, 8)), 8);
  out.writeUInt32BE(crc32(out.subarray(0, end)), end);
  return out;
}

// ---- headers

const INTEGER = 4;
const LONG = 5;
const BYTES = 6;
const STRING = 7;

/** Bytes of a value by its type; bytes and strings have their length in two bytes before them. */
const VALUE_BYTES: readonly number[] = [0, 0, 1, 2, 4, 8, 0, 0, 8, 16]; // true, false, byte, short, integer, long, -, -, timestamp, uuid

/** Headers whose value is a name that the framing gives a meaning. */
const NAMES: ReadonlySet<string> = new Set([':event-type', ':exception-type', ':error-code', ':message-type', ':content-type']);
/** Headers of signed messages: bytes of a signature, a time. */
const SIGNED: ReadonlySet<string> = new Set([':chunk-signature', ':date']);

interface Headers {
  readonly name: string | undefined;
  readonly texts: readonly string[];
  readonly broken: UninspectableReason | undefined;
}

/** Most messages have the headers of the one before: those are not read again (a third of the cost of an event of 40 letters). */
function createHeaderReader(): (block: Buffer) => Headers {
  let last: { readonly block: Buffer; readonly headers: Headers } | undefined;
  return (block) => {
    if (last === undefined || !last.block.equals(block)) last = { block: Buffer.from(block), headers: headersOf(block) };
    return last.headers;
  };
}

function headersOf(block: Buffer): Headers {
  const values = new Map<string, string>();
  const texts: string[] = [];
  let broken: UninspectableReason | undefined;
  for (let at = 0; at < block.length; ) {
    const header = readHeader(block, at);
    if (header === undefined) {
      texts.push(block.toString('latin1', at)); // it may still be readable for somebody
      broken = 'invalid-framing';
      break;
    }
    const { name, type, value, end } = header;
    at = end;
    const read = textOf(type, value, name);
    if (values.has(name)) broken ??= 'invalid-framing'; // clients differ in which of two they take
    if (NAMES.has(name) && type === STRING && isPlainName(read.text)) values.set(name, read.text);
    else if (read.text !== '') texts.push(read.text);
    if (!NAMES.has(name) && !SIGNED.has(name) && name !== ':error-message') texts.push(name);
    broken ??= read.broken;
  }
  return { name: values.get(':event-type') ?? values.get(':exception-type') ?? values.get(':error-code'), texts, broken };
}

function readHeader(block: Buffer, at: number) {
  const nameEnd = at + 1 + block[at]!;
  if (nameEnd >= block.length) return undefined;
  const type = block[nameEnd]!;
  const sized = type === BYTES || type === STRING;
  const start = nameEnd + (sized ? 3 : 1);
  if (type >= VALUE_BYTES.length || start > block.length) return undefined;
  const end = start + (sized ? block.readUInt16BE(nameEnd + 1) : VALUE_BYTES[type]!);
  if (end > block.length) return undefined;
  return { name: block.toString('utf8', at + 1, nameEnd), type, value: block.subarray(start, end), end };
}

/** What can be read of a value: strings, bytes that are text, and numbers, which can be long enough to be an account. */
function textOf(type: number, value: Buffer, name: string): { readonly text: string; readonly broken?: UninspectableReason } {
  if (type === STRING) return { text: value.toString('utf8'), ...(isUtf8(value) ? {} : { broken: 'invalid-utf8' }) };
  if (type === INTEGER) return { text: longNumber(value.readInt32BE()) };
  if (type === LONG) return { text: longNumber(value.readBigInt64BE()) };
  if (type !== BYTES || SIGNED.has(name)) return { text: '' };
  return isUtf8(value) ? { text: value.toString('utf8') } : { text: '', broken: 'opaque' };
}

/** Numbers of nine and more digits are text, as in JSON. */
function longNumber(value: number | bigint): string {
  const text = String(value);
  return text.length >= 9 ? text : '';
}

/** Names as AWS has them (`contentBlockDelta`, `application/json`): no digits, so that nothing can be hidden in one. */
function isPlainName(text: string): boolean {
  if (text.length > 64) return false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const letter = (c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a;
    if (!letter && c !== 0x2d && c !== 0x2e && c !== 0x2f && c !== 0x5f) return false;
  }
  return true;
}
