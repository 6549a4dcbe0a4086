import { createGather } from './gather.ts';

/** A piece of an array; the bytes of all pieces are the input. */
export type ArrayPiece =
  /** A value with what stands before it: `[` or `,` and white space. `start`, `end`: the value in `bytes`. */
  | { readonly kind: 'element'; readonly bytes: Buffer; readonly start: number; readonly end: number }
  /** Part of an element over the limit, as it came. */
  | { readonly kind: 'oversized'; readonly bytes: Buffer }
  /** `]`, with the white space around it and, of an empty array, the `[`. */
  | { readonly kind: 'close'; readonly bytes: Buffer }
  /** From here on it is no array of values; `truncated` when it ended too early. All that follows comes as such pieces. */
  | { readonly kind: 'broken'; readonly bytes: Buffer; readonly reason: 'invalid-json' | 'truncated' };

export interface ArrayFramer {
  push(bytes: Buffer): readonly ArrayPiece[];
  /** Gives what is left: white space after the array, or an array that was not closed. */
  end(): readonly ArrayPiece[];
}

/** Where the scan is: before `[`, before the first value or `]`, before a value, in one, after one, after `]`, no array any more. */
type State = 'begin' | 'first' | 'value' | 'nested' | 'string' | 'scalar' | 'after' | 'closed' | 'broken';

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const MARK = [0xef, 0xbb, 0xbf];

/**
 * Cuts one JSON array into its values, each as soon as its last byte is there (a number or a literal: with the byte after it). Brackets
 * and strings are followed, values are not checked: that is for who reads them. A byte order mark at the start is skipped. Each byte is
 * looked at once, whatever the pieces. A value over `elementBytesMax`, with what stands before it, comes out in pieces as it arrives.
 */
export function createArrayFramer({ elementBytesMax }: { readonly elementBytesMax: number }): ArrayFramer {
  const pending = createGather();
  let state: State = 'begin';
  let buffer: Buffer = pending.buffer;
  let length = 0;
  let scan = 0; // first byte not looked at
  let start = 0; // first byte not given
  let value = 0; // where the value in hand begins
  let depth = 0;
  let quoted = false; // inside a string of a nested value
  let oversized = false;
  let marked = 0; // bytes of a byte order mark
  let out: ArrayPiece[] = [];

  function taken(): Buffer {
    const bytes = buffer.subarray(start, scan);
    start = scan;
    return bytes;
  }

  function giveElement(): void {
    state = 'after';
    if (oversized || scan - start > elementBytesMax) out.push({ kind: 'oversized', bytes: taken() });
    else {
      const from = value - start;
      const bytes = taken();
      out.push({ kind: 'element', bytes, start: from, end: bytes.length });
    }
    oversized = false;
  }

  function close(): void {
    scan++;
    state = 'closed';
    out.push({ kind: 'close', bytes: taken() });
  }

  function fail(): void {
    state = 'broken';
    scan = length;
    out.push({ kind: 'broken', bytes: taken(), reason: 'invalid-json' });
  }

  /** A byte between values. */
  function structure(c: number): void {
    if (isSpace(c)) scan++;
    else if (state === 'begin' && c === MARK[marked]) {
      marked++;
      scan++;
    } else if (state === 'begin' && c === OPEN && (marked === 0 || marked === MARK.length)) {
      state = 'first';
      scan++;
    } else if (state === 'after' && c === COMMA) {
      state = 'value';
      scan++;
    } else if ((state === 'after' || state === 'first') && c === CLOSE) close();
    else if ((state === 'first' || state === 'value') && c !== COMMA && c !== CLOSE) beginValue(c);
    else fail();
  }

  function beginValue(c: number): void {
    value = scan;
    depth = 1;
    quoted = false;
    state = c === QUOTE ? 'string' : c === 0x7b || c === OPEN ? 'nested' : 'scalar';
    scan++;
  }

  /** Inside a string; stands after its closing quote when there is one. True: it has ended. */
  function string(): boolean {
    while (scan < length) {
      const c = buffer[scan]!;
      if (c === BACKSLASH) {
        if (scan + 1 === length) return false; // what is escaped is still to come
        scan += 2;
        continue;
      }
      scan++;
      if (c === QUOTE) return true;
    }
    return false;
  }

  function nested(): void {
    while (scan < length) {
      if (quoted) {
        if (!string()) return;
        quoted = false;
        continue;
      }
      const c = buffer[scan++]!;
      if (c === QUOTE) quoted = true;
      else if (c === 0x7b || c === OPEN) depth++;
      else if ((c === 0x7d || c === CLOSE) && --depth === 0) return giveElement();
    }
  }

  function scalar(): void {
    while (scan < length) {
      const c = buffer[scan]!;
      if (c === COMMA || c === CLOSE || isSpace(c)) return giveElement();
      scan++;
    }
  }

  /** Reads on; false: the next byte is not there, or is not enough. */
  function step(): boolean {
    const before = scan;
    if (state === 'nested') nested();
    else if (state === 'scalar') scalar();
    else if (state === 'string') {
      if (string()) giveElement();
    } else structure(buffer[scan]!);
    return scan > before || state === 'after' || state === 'broken';
  }

  function read(): void {
    while (scan < length && state !== 'broken' && step());
    if (state === 'broken' && start < length) {
      scan = length;
      out.push({ kind: 'broken', bytes: taken(), reason: 'invalid-json' });
    } else if ((oversized && scan > start) || scan - start > elementBytesMax) {
      oversized = true;
      out.push({ kind: 'oversized', bytes: taken() });
    }
  }

  return {
    push(bytes) {
      if (bytes.length === 0) return [];
      out = [];
      pending.add(bytes);
      buffer = pending.buffer;
      length = pending.size;
      read();
      if (start > 0) keepRest();
      return out;
    },
    end() {
      if (start === length) return [];
      scan = length;
      if (state === 'closed') return [{ kind: 'close', bytes: taken() }];
      return [{ kind: 'broken', bytes: taken(), reason: 'truncated' }];
    },
  };

  /** What was given away is not kept; what is left begins at 0. */
  function keepRest(): void {
    const rest = pending.take().subarray(start);
    if (rest.length > 0) pending.add(rest);
    buffer = pending.buffer;
    length = rest.length;
    scan -= start;
    value -= start;
    start = 0;
  }
}

const isSpace = (c: number): boolean => c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09;
