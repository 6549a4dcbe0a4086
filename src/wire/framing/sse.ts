import type { ByteSpan } from '../../lib/units.ts';
import { byteOffset } from '../../lib/units.ts';

/** One event of a stream with all its bytes, blank line included. Spans are offsets in `bytes`. */
export interface SseEvent {
  readonly kind: 'event';
  readonly bytes: Buffer;
  /** Value of the last `event:` line; undefined without one. */
  readonly name: string | undefined;
  /** The value of each `data:` line, without its line end. Joined with line feeds they are the payload. */
  readonly data: readonly ByteSpan[];
  /** Comments, ids, unusual event names and unknown fields: text a client could read, so somebody has to look at it. */
  readonly other: readonly ByteSpan[];
}

/** A piece of an event that is larger than the limit: its bytes as they come, read by nobody. */
export interface SseOversized {
  readonly kind: 'oversized';
  readonly bytes: Buffer;
}

export interface SseFramer {
  /** Adds bytes; gives what is complete. The buffer must not change afterwards. */
  push(bytes: Buffer): readonly (SseEvent | SseOversized)[];
  /** The stream is over: gives what was still open, an event without its blank line included. */
  end(): readonly (SseEvent | SseOversized)[];
}

const CR = 0x0d;
const LF = 0x0a;
const COLON = 0x3a;
const SPACE = 0x20;
const CAPACITY_MIN = 2048;
/** What is pending and no more than this has memory of its own: a slice would keep all that was read from the connection with it, 64 KiB. */
const OWNED_BYTES = 8192;
const NO_BYTES: Buffer = Buffer.alloc(0);

/**
 * Cuts a text/event-stream into events by the WHATWG rules: lines end in CRLF, LF or CR, a blank line ends an event, a byte order mark
 * at the start is skipped. The bytes of all events together are the input. A CR at the end of a piece waits, because a line feed that
 * follows belongs to it. Pending bytes stand in a buffer that only grows and are scanned once, so 1-byte pieces cost the same.
 */
export function createSseFramer(options: { readonly eventBytesMax: number }): SseFramer {
  return new EventFramer(options.eventBytesMax);
}

/** Each stream that is open has one: its fields are all that it takes. */
class EventFramer implements SseFramer {
  readonly #eventBytesMax: number;
  #buffer: Buffer = NO_BYTES;
  #owned = false;
  /** Of the event in hand. */
  #start = 0;
  /** First byte not looked at. */
  #scan = 0;
  #length = 0;
  #lineEmpty = true;
  /** Nothing was looked at: a byte order mark may stand here. */
  #first = true;
  /** No event was given. */
  #beginning = true;
  #oversized = false;
  /** Lines of the event in hand: where the content of each ends, and where the next begins, counted from `#start`. */
  #lines: number[] = [];
  /** Bytes of blank lines before the first of them: they are part of the event that follows. */
  #lead = 0;

  constructor(eventBytesMax: number) {
    this.#eventBytesMax = eventBytesMax;
  }

  push(bytes: Buffer): readonly (SseEvent | SseOversized)[] {
    if (bytes.length === 0) return [];
    this.#append(bytes);
    const out = this.#drain(false);
    this.#letGo();
    return out;
  }

  end(): readonly (SseEvent | SseOversized)[] {
    const out = this.#drain(true);
    if (this.#length > this.#start) out.push(this.#take(this.#length, true));
    return out;
  }

  /** Bytes that were given away are never written again: a full buffer is replaced, only what is pending is copied. */
  #append(bytes: Buffer): void {
    const pending = this.#length - this.#start;
    if (pending === 0) {
      this.#buffer = bytes;
      this.#owned = false;
      this.#start = 0;
      this.#scan = 0;
      this.#length = bytes.length;
      return;
    }
    if (!this.#owned || this.#length + bytes.length > this.#buffer.length) this.#own(2 * (pending + bytes.length));
    bytes.copy(this.#buffer, this.#length);
    this.#length += bytes.length;
  }

  /** Moves what is pending into memory of its own with room for so many bytes. */
  #own(capacity: number): void {
    const grown = Buffer.allocUnsafe(Math.max(CAPACITY_MIN, capacity));
    const pending = this.#buffer.copy(grown, 0, this.#start, this.#length);
    this.#buffer = grown;
    this.#owned = true;
    this.#scan -= this.#start;
    this.#start = 0;
    this.#length = pending;
  }

  /** A stream may wait for minutes: nothing that was given away is kept, nor a little that is pending in the memory of much that is not. */
  #letGo(): void {
    const pending = this.#length - this.#start;
    if (pending === 0) {
      this.#buffer = NO_BYTES;
      this.#start = 0;
      this.#scan = 0;
      this.#length = 0;
    } else if (!this.#owned && pending <= OWNED_BYTES) this.#own(2 * pending);
  }

  /** End of the event in hand, or -1 when its blank line is not there yet. */
  #findEnd(ended: boolean): number {
    if (this.#first && !this.#skipMark(ended)) return -1;
    this.#first = false;
    const buffer = this.#buffer;
    const words = wordsOf(buffer.buffer);
    const length = this.#length;
    const start = this.#start;
    const lines = this.#lines;
    let p = this.#scan;
    while (p < length) {
      const from = p;
      p = skipLine(buffer, words, p, length);
      if (p > from) this.#lineEmpty = false;
      if (p === length) break;
      const cr = buffer[p] === CR;
      if (cr && p + 1 === length && !ended) break;
      const next = p + (cr && p + 1 < length && buffer[p + 1] === LF ? 2 : 1);
      const blank = this.#lineEmpty;
      this.#lineEmpty = true;
      const begun = !blank || lines.length > 0 || this.#oversized;
      if (begun) lines.push(p - start, next - start);
      else this.#lead = next - start;
      p = next;
      if (blank && begun) {
        this.#scan = p;
        return p;
      }
    }
    this.#scan = p;
    return -1;
  }

  #skipMark(ended: boolean): boolean {
    for (let i = 0; i < MARK.length; i++) {
      if (i >= this.#length) return ended;
      if (this.#buffer[i] !== MARK[i]) return true;
    }
    this.#scan = MARK.length;
    return true;
  }

  #take(end: number, complete: boolean): SseEvent | SseOversized {
    const bytes = this.#buffer.subarray(this.#start, end);
    const atStart = this.#beginning;
    const lines = this.#lines;
    const lead = this.#lead;
    this.#beginning = false;
    this.#start = end;
    this.#lines = [];
    this.#lead = 0;
    if (this.#oversized || bytes.length > this.#eventBytesMax) {
      this.#oversized = !complete;
      return { kind: 'oversized', bytes };
    }
    return new FramedEvent(bytes, lines, lead > 0 ? lead : atStart ? markOf(bytes) : 0);
  }

  #drain(ended: boolean): (SseEvent | SseOversized)[] {
    const out: (SseEvent | SseOversized)[] = [];
    for (let end = this.#findEnd(ended); end >= 0; end = this.#findEnd(ended)) out.push(this.#take(end, true));
    const pending = this.#scan - this.#start; // a CR that waits stays
    if (pending > 0 && (this.#oversized || pending > this.#eventBytesMax)) {
      this.#oversized = true;
      out.push(this.#take(this.#scan, false));
    }
    return out;
  }
}

/** Byte order mark of UTF-8. */
const MARK = [0xef, 0xbb, 0xbf] as const;

/**
 * A view of an event in which only its payload stands: as many bytes, everything else a space, line ends between data lines a line
 * feed. JSON read from it has the offsets of the event.
 */
export function blankedPayload({ bytes, data }: Pick<SseEvent, 'bytes' | 'data'>): Buffer {
  const view = Buffer.alloc(bytes.length, SPACE);
  for (const [i, span] of data.entries()) {
    bytes.copy(view, span.start, span.start, span.end);
    if (i + 1 < data.length) view[span.end] = LF;
  }
  return view;
}

/** The view that was asked for last: many events stand in the memory of one piece of a connection. */
let lastWords: Uint32Array = new Uint32Array(0);

/** Memory as words of four bytes, without those behind the last whole one. */
function wordsOf(memory: ArrayBufferLike): Uint32Array {
  if (lastWords.buffer !== memory) lastWords = new Uint32Array(memory, 0, memory.byteLength >> 2);
  return lastWords;
}

/** Length of a byte order mark at the beginning. */
const markOf = (bytes: Buffer): number => (MARK.every((byte, i) => bytes[i] === byte) ? MARK.length : 0);

type EventFields = Pick<SseEvent, 'name' | 'data' | 'other'>;

/** Its lines are read when somebody asks for what they say: most events of a stream are known by the bytes around their words. */
class FramedEvent implements SseEvent {
  readonly kind = 'event';
  readonly bytes: Buffer;
  readonly #lines: readonly number[];
  readonly #from: number;
  #fields: EventFields | undefined;

  /** `lines` as the framer found them, `from` where the first begins; a last line without an end is not among them. */
  constructor(bytes: Buffer, lines: readonly number[], from: number) {
    this.bytes = bytes;
    this.#lines = lines;
    this.#from = from;
  }

  get name(): string | undefined {
    return this.#read().name;
  }

  get data(): readonly ByteSpan[] {
    return this.#read().data;
  }

  get other(): readonly ByteSpan[] {
    return this.#read().other;
  }

  #read(): EventFields {
    this.#fields ??= readFields(this.bytes, this.#lines, this.#from);
    return this.#fields;
  }
}

function readFields(bytes: Buffer, lines: readonly number[], from: number): EventFields {
  const data: ByteSpan[] = [];
  let other: ByteSpan[] | undefined;
  let name: string | undefined;
  const note = (start: number, end: number): void => {
    if (end <= start) return;
    other ??= [];
    other.push({ start: byteOffset(start), end: byteOffset(end) });
  };
  let p = from;
  for (let i = 0; p < bytes.length; i += 2) {
    const lineEnd = lines[i] ?? bytes.length;
    const colon = colonIn(bytes, p, lineEnd);
    const valueStart = Math.min(lineEnd, colon + (bytes[colon + 1] === SPACE ? 2 : 1));
    if (isField(bytes, p, colon, 'data')) data.push({ start: byteOffset(valueStart), end: byteOffset(lineEnd) });
    else if (isField(bytes, p, colon, 'event')) {
      name = bytes.toString('utf8', valueStart, lineEnd);
      if (!isPlainName(bytes, valueStart, lineEnd)) note(valueStart, lineEnd);
    } else if (colon === p || isField(bytes, p, colon, 'id')) note(valueStart, lineEnd);
    else note(p, lineEnd);
    p = lines[i + 1] ?? bytes.length;
  }
  return { name, data, other: other ?? NO_SPANS };
}

const NO_SPANS: readonly ByteSpan[] = [];

/**
 * First line feed or carriage return from `from`, or `end`. Four bytes at a time where no line ends: a subtraction borrows into the top bit
 * of a byte that is zero after the exclusive or.
 */
function skipLine(bytes: Buffer, words: Uint32Array, from: number, end: number): number {
  let p = from;
  const { byteOffset: origin } = bytes;
  while (p < end && ((origin + p) & 3) !== 0) {
    if (bytes[p] === LF || bytes[p] === CR) return p;
    p++;
  }
  const last = (origin + end) >> 2;
  let i = (origin + p) >> 2;
  while (i < last) {
    const feed = words[i]! ^ 0x0a0a0a0a;
    const carriage = words[i]! ^ 0x0d0d0d0d;
    if (((((feed - 0x01010101) & ~feed) | ((carriage - 0x01010101) & ~carriage)) & 0x80808080) !== 0) break;
    i++;
  }
  p = Math.max(p, (i << 2) - origin);
  while (p < end && bytes[p] !== LF && bytes[p] !== CR) p++;
  return p;
}

function colonIn(bytes: Buffer, from: number, to: number): number {
  let p = from;
  while (p < to && bytes[p] !== COLON) p++;
  return p;
}

function isField(bytes: Buffer, start: number, end: number, name: string): boolean {
  if (end - start !== name.length) return false;
  for (let i = 0; i < name.length; i++) if (bytes[start + i] !== name.charCodeAt(i)) return false;
  return true;
}

/** Names as dialects have them (`content_block_delta`, `response.created`): letters, dots, hyphens and underscores only. */
function isPlainName(bytes: Buffer, start: number, end: number): boolean {
  if (end - start > 64) return false;
  for (let i = start; i < end; i++) {
    const c = bytes[i]! | 0x20;
    if (!((c >= 0x61 && c <= 0x7a) || c === 0x2e || c === 0x2d || bytes[i] === 0x5f)) return false;
  }
  return true;
}
