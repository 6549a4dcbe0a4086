import type { BodyReader } from './body-reader.ts';
import { endInSlices } from './end-in-slices.ts';
import type { Frame } from './frame.ts';
import { createGather } from './framing/gather.ts';

/**
 * Waits for the first byte that is neither JSON white space nor part of a byte order mark, and reads the body with what `choose` makes of
 * it; undefined: the body is over, or `bytesMax` bytes long, and has none.
 */
export function byFirstByte(bytesMax: number, choose: (first: number | undefined) => BodyReader): BodyReader {
  let chosen: BodyReader | undefined;
  const pending = createGather();
  let scanned = 0; // bytes known to be blank

  function begin(first: number | undefined): readonly Frame[] {
    chosen = choose(first);
    return chosen.push(pending.take());
  }

  return {
    push(bytes) {
      if (chosen !== undefined) return chosen.push(bytes);
      if (bytes.length === 0) return [];
      pending.add(bytes);
      scanned = skipBlank(pending.buffer, { from: scanned, to: pending.size });
      const first = scanned < pending.size ? pending.buffer[scanned] : undefined;
      const undecided = first === undefined || (scanned === 0 && isPartOfMark(pending.buffer, pending.size));
      return undecided && pending.size <= bytesMax ? [] : begin(first);
    },
    end() {
      const frames = chosen === undefined && pending.size > 0 ? begin(undefined) : [];
      return [...frames, ...(chosen?.end() ?? [])];
    },
    *endInSlices() {
      const frames = chosen === undefined && pending.size > 0 ? begin(undefined) : [];
      return [...frames, ...(yield* endInSlices(chosen))];
    },
    isStream: () => chosen?.isStream() === true,
    start: () => chosen?.start?.(),
  };
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
