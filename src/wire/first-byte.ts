import type { Slices } from '../lib/slices.ts';
import type { BodyReader } from './body-reader.ts';
import { endInSlices } from './end-in-slices.ts';
import type { Frame } from './frame.ts';
import { createGather, type Gather } from './framing/gather.ts';

/**
 * Waits for the first byte that is neither JSON white space nor part of a byte order mark, and reads the body with what `choose` makes of
 * it; undefined: the body is over, or `bytesMax` bytes long, and has none.
 */
export function byFirstByte(bytesMax: number, choose: (first: number | undefined) => BodyReader): BodyReader {
  return byBeginning({ bytesMax, bytesNeeded: 1 }, ([first]) => choose(first));
}

/** The same with all that has come from that byte on: at least `bytesNeeded`, unless the body is over or `bytesMax` long. */
export function byBeginning(bounds: BeginningBounds, choose: (beginning: Buffer) => BodyReader): BodyReader {
  return new UndecidedBody(bounds, choose);
}

interface BeginningBounds {
  readonly bytesMax: number;
  readonly bytesNeeded: number;
}

class UndecidedBody implements BodyReader {
  readonly #bounds: BeginningBounds;
  /** Forgotten when it has chosen: it has all that the body could have been. */
  #choose: ((beginning: Buffer) => BodyReader) | undefined;
  #chosen: BodyReader | undefined;
  /** Nothing any more when it has chosen. */
  #pending: Gather | undefined = createGather();
  /** Bytes known to be blank. */
  #scanned = 0;

  constructor(bounds: BeginningBounds, choose: (beginning: Buffer) => BodyReader) {
    this.#bounds = bounds;
    this.#choose = choose;
  }

  push(bytes: Buffer): readonly Frame[] {
    if (this.#chosen !== undefined) return this.#chosen.push(bytes);
    if (bytes.length === 0) return [];
    const pending = this.#pending!;
    pending.add(bytes);
    this.#scanned = skipBlank(pending.buffer, { from: this.#scanned, to: pending.size });
    const { bytesMax, bytesNeeded } = this.#bounds;
    const undecided = pending.size - this.#scanned < bytesNeeded || (this.#scanned === 0 && isPartOfMark(pending.buffer, pending.size));
    return undecided && pending.size <= bytesMax ? [] : this.#begin();
  }

  end(): readonly Frame[] {
    const frames = this.#pending !== undefined && this.#pending.size > 0 ? this.#begin() : [];
    return [...frames, ...(this.#chosen?.end() ?? [])];
  }

  *endInSlices(): Slices<readonly Frame[]> {
    const frames = this.#pending !== undefined && this.#pending.size > 0 ? this.#begin() : [];
    return [...frames, ...(yield* endInSlices(this.#chosen))];
  }

  isStream(): boolean {
    return this.#chosen?.isStream() === true;
  }

  start(): unknown {
    return this.#chosen?.start?.();
  }

  #begin(): readonly Frame[] {
    const pending = this.#pending!;
    this.#chosen = this.#choose!(pending.buffer.subarray(this.#scanned, pending.size));
    this.#choose = undefined;
    this.#pending = undefined;
    return this.#chosen.push(pending.take());
  }
}

const MARK = [0xef, 0xbb, 0xbf];

/** First place from `from` that holds neither JSON white space nor the byte order mark at the start. */
export function skipBlank(bytes: Buffer, { from, to }: { readonly from: number; readonly to: number }): number {
  let p = from === 0 && to >= MARK.length && MARK.every((byte, i) => bytes[i] === byte) ? MARK.length : from;
  while (p < to && (bytes[p] === 0x20 || bytes[p] === 0x0a || bytes[p] === 0x0d || bytes[p] === 0x09)) p++;
  return p;
}

const isPartOfMark = (bytes: Buffer, size: number): boolean =>
  size < MARK.length && bytes.subarray(0, size).every((byte, i) => byte === MARK[i]);
