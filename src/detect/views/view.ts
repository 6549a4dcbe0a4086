/**
 * A text made from another by undoing what hides it: a coding, a disguise. `starts[i]` and `ends[i]` say which units of the other text the
 * unit `i` was made from; both never go back.
 */
export interface View {
  readonly text: string;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** Gathers the units of a view. */
export interface ViewBuilder {
  add(unit: number, start: number, end: number): void;
  /** Adds bytes as the UTF-8 they are: each unit comes from all the places its bytes have. A byte that is no UTF-8 becomes U+FFFD. */
  addBytes(bytes: ByteRun): void;
  build(): View;
}

/** Bytes, of which the first `count` count, and where each was read from. */
export interface ByteRun {
  readonly bytes: ArrayLike<number>;
  readonly count: number;
  startOf(index: number): number;
  endOf(index: number): number;
}

export function createViewBuilder(capacity: number): ViewBuilder {
  let units = new Uint16Array(Math.max(16, capacity));
  let starts = new Uint32Array(units.length);
  let ends = new Uint32Array(units.length);
  let length = 0;

  return {
    add,
    addBytes,
    build: () => ({
      text: Buffer.from(units.buffer, 0, 2 * length).toString('utf16le'),
      starts: starts.subarray(0, length),
      ends: ends.subarray(0, length),
    }),
  };

  function add(unit: number, start: number, end: number): void {
    if (length === units.length) grow();
    units[length] = unit;
    starts[length] = start;
    ends[length] = end;
    length++;
  }

  function grow(): void {
    const [oldUnits, oldStarts, oldEnds] = [units, starts, ends];
    units = new Uint16Array(2 * length);
    starts = new Uint32Array(2 * length);
    ends = new Uint32Array(2 * length);
    units.set(oldUnits);
    starts.set(oldStarts);
    ends.set(oldEnds);
  }

  function addBytes(run: ByteRun): void {
    for (let i = 0; i < run.count; ) {
      const width = sequenceLength(run, i);
      const start = run.startOf(i);
      const end = run.endOf(i + Math.max(1, width) - 1);
      const codePoint = width === 0 ? REPLACEMENT : readSequence(run, i, width);
      if (codePoint > 0xffff) {
        add(0xd7c0 + (codePoint >> 10), start, end);
        add(0xdc00 + (codePoint & 0x3ff), start, end);
      } else add(codePoint, start, end);
      i += Math.max(1, width);
    }
  }
}

export const REPLACEMENT = 0xfffd;

/** Bytes of the UTF-8 sequence at an index; 0 when there is none. */
export function sequenceLength({ bytes, count }: Pick<ByteRun, 'bytes' | 'count'>, at: number): number {
  const first = bytes[at]!;
  const width = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (at + width > count) return 0;
  for (let i = 1; i < width; i++) if ((bytes[at + i]! & 0xc0) !== 0x80) return 0;
  return width;
}

/** The code point of a sequence of so many bytes; U+FFFD when it says none. */
export function readSequence({ bytes }: Pick<ByteRun, 'bytes'>, at: number, width: number): number {
  if (width === 1) return bytes[at]!;
  let codePoint = bytes[at]! & (0x7f >> width);
  for (let i = 1; i < width; i++) codePoint = (codePoint << 6) | (bytes[at + i]! & 0x3f);
  return codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff) ? REPLACEMENT : codePoint;
}
