import { createGather } from './gather.ts';

/** What a multipart body is made of, in order; the bytes of all together are the body. */
export type MultipartPiece =
  /** A piece of what stands before the first part or after the last one. */
  | { readonly kind: 'outside'; readonly bytes: Buffer }
  /** A delimiter, the line end before it included, and the headers of the part that begins, up to their blank line. */
  | { readonly kind: 'head'; readonly bytes: Buffer }
  | { readonly kind: 'body'; readonly bytes: Buffer }
  /** The delimiter that closes the body, the line end before it included. */
  | { readonly kind: 'close'; readonly bytes: Buffer }
  /** From here on the bytes cannot be told apart: headers that do not end. */
  | { readonly kind: 'malformed'; readonly bytes: Buffer };

export interface MultipartFramer {
  push(bytes: Buffer): readonly MultipartPiece[];
  /** Gives what is left. `closed`: the closing delimiter was there; when it was not, at least one piece is given unless nothing ever came. */
  end(): { readonly pieces: readonly MultipartPiece[]; readonly closed: boolean };
}

/** Longest delimiter and headers of one part, in bytes. Over it the rest is `malformed`. */
const HEAD_BYTES_MAX = 16 * 1024;
/** Longest white space after a delimiter; more is no delimiter. */
const PADDING_BYTES_MAX = 64;

const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;

/**
 * Cuts a multipart body (RFC 2046 section 5.1.1) at its delimiters. Line ends are CRLF or a bare LF, since receivers take both. Parts
 * after the closing delimiter are parts too. Pieces of parts come as they arrive, except for bytes that may begin a delimiter, and one.
 */
export function createMultipartFramer(boundary: string): MultipartFramer {
  const marker = Buffer.from(`--${boundary}`, 'latin1');
  const pending = createGather();
  let state: 'outside' | 'head' | 'body' | 'malformed' = 'outside';
  let atLineStart = true; // of a region: a delimiter may stand there
  let searched = 0; // of the region: no delimiter begins before
  let closed = false;

  function step(ended: boolean): MultipartPiece | undefined {
    const bytes = pending.buffer.subarray(0, pending.size);
    if (bytes.length === 0) return undefined;
    if (state === 'malformed') return give('malformed', bytes.length);
    return state === 'head' ? head(bytes, ended) : region(bytes, ended);
  }

  function give(kind: MultipartPiece['kind'], length: number): MultipartPiece {
    const all = pending.take();
    pending.add(all.subarray(length));
    searched = 0;
    return { kind, bytes: all.subarray(0, length) };
  }

  /** Text around parts, or the body of one. */
  function region(bytes: Buffer, ended: boolean): MultipartPiece | undefined {
    const kind = state === 'body' ? 'body' : 'outside';
    const found = findDelimiter(bytes, ended);
    const stop = found === undefined ? held(bytes, ended) : found.start;
    if (stop > 0) {
      atLineStart = false;
      return give(kind, stop);
    }
    if (found === undefined || found.kind === 'undecided') return undefined;
    if (found.kind === 'close') {
      closed = true;
      state = 'outside';
      atLineStart = bytes[found.end - 1] === LF;
      return give('close', found.end);
    }
    closed = false;
    state = 'head';
    searched = found.end;
    return head(bytes, ended);
  }

  function findDelimiter(bytes: Buffer, ended: boolean): Delimiter | undefined {
    for (let at = bytes.indexOf(marker, searched); at >= 0; at = bytes.indexOf(marker, at + 1)) {
      if (at === 0 ? !atLineStart : bytes[at - 1] !== LF) continue;
      const line = lineAfter(bytes, at + marker.length, ended);
      if (line === undefined) continue;
      const start = at === 0 ? 0 : at > 1 && bytes[at - 2] === CR ? at - 2 : at - 1;
      return { ...line, start };
    }
    return undefined;
  }

  /** How much of a region without a delimiter is certainly not the beginning of one; at least one byte stays for the end to mark. */
  function held(bytes: Buffer, ended: boolean): number {
    if (ended) return bytes.length;
    const from = Math.max(0, bytes.length - marker.length - 1);
    for (let at = from; at < bytes.length; at++) {
      const text = bytes[at] === CR ? (bytes[at + 1] === LF || at + 1 === bytes.length ? at + 2 : -1) : bytes[at] === LF ? at + 1 : -1;
      if ((text > 0 && isMarkerStart(bytes.subarray(text))) || (at === 0 && atLineStart && isMarkerStart(bytes))) return at;
    }
    searched = Math.max(0, from - 2);
    return bytes.length - 1;
  }

  const isMarkerStart = (bytes: Buffer): boolean => bytes.length <= marker.length && bytes.equals(marker.subarray(0, bytes.length));

  /** The headers that follow a delimiter; given once something follows them, so that a body that ends there is seen to be cut. */
  function head(bytes: Buffer, ended: boolean): MultipartPiece | undefined {
    for (let feed = bytes.indexOf(LF, searched); feed >= 0 && feed < HEAD_BYTES_MAX; feed = bytes.indexOf(LF, searched)) {
      const line = bytes.subarray(searched, feed);
      if (line.length === 0 || (line.length === 1 && line[0] === CR)) {
        if (feed + 1 === bytes.length && !ended) return undefined;
        state = 'body';
        atLineStart = true;
        return give('head', feed + 1);
      }
      if (line.subarray(0, marker.length).equals(marker)) break;
      searched = feed + 1;
    }
    const over = bytes.length > HEAD_BYTES_MAX || bytes.subarray(searched, searched + marker.length).equals(marker);
    if (!over && !ended) return undefined;
    state = 'malformed';
    return give('malformed', bytes.length);
  }

  function drain(ended: boolean): MultipartPiece[] {
    const pieces: MultipartPiece[] = [];
    for (let piece = step(ended); piece !== undefined; piece = step(ended)) pieces.push(piece);
    return pieces;
  }

  return {
    push(bytes) {
      if (bytes.length > 0) pending.add(bytes);
      return drain(false);
    },
    end: () => ({ pieces: drain(true), closed }),
  };
}

interface Delimiter {
  readonly kind: 'open' | 'close' | 'undecided';
  readonly start: number;
  readonly end: number;
}

/** What follows a marker on its line; undefined when it makes the marker no delimiter. `end`: after the line, if it ends there. */
function lineAfter(bytes: Buffer, from: number, ended: boolean): Omit<Delimiter, 'start'> | undefined {
  const undecided = ended ? undefined : ({ kind: 'undecided', end: bytes.length } as const);
  if (bytes[from] === DASH) {
    if (from + 1 === bytes.length) return undecided;
    return bytes[from + 1] === DASH ? closeAfter(bytes, from + 2, ended) : undefined;
  }
  let at = from;
  while (at < bytes.length && at - from < PADDING_BYTES_MAX && (bytes[at] === 0x20 || bytes[at] === 0x09)) at++;
  if (bytes[at] === CR) at++;
  if (at >= bytes.length) return ended ? { kind: 'open', end: bytes.length } : { kind: 'undecided', end: bytes.length };
  return bytes[at] === LF ? { kind: 'open', end: at + 1 } : undefined;
}

function closeAfter(bytes: Buffer, from: number, ended: boolean): Omit<Delimiter, 'start'> {
  const feed = bytes[from] === CR ? from + 1 : from;
  if (feed >= bytes.length && !ended) return { kind: 'undecided', end: bytes.length };
  return { kind: 'close', end: bytes[feed] === LF ? feed + 1 : from };
}
