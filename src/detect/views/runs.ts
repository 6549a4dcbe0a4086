import { type ByteRun, createViewBuilder, REPLACEMENT, type View } from './view.ts';

/** Shortest run of letters and digits that is looked at as base64 or hexadecimal, in units: nine bytes and more. */
export const RUN_UNITS_MIN = 16;

/** Shortest readable piece that is kept of what a run decodes to, in units: random bytes rarely have eight printable ones in a row. */
const READABLE_UNITS_MIN = 8;

const PADDING = 64;
/** Values of the base64 alphabets, plain and URL-safe; `=` is part of a run without a value. */
const VALUES: Int8Array = buildValues();

function buildValues(): Int8Array {
  const values = new Int8Array(128).fill(-1);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i;
  values['-'.charCodeAt(0)] = 62;
  values['_'.charCodeAt(0)] = 63;
  values['='.charCodeAt(0)] = PADDING;
  return values;
}

/** Whether a unit can be in a run. */
export function isRunUnit(unit: number): boolean {
  return unit < 128 && VALUES[unit]! >= 0;
}

/**
 * What the runs of base64 and hexadecimal digits in a text decode to, one view for each reading: base64 in its four phases, so that
 * something glued to the front hides nothing, and hexadecimal in its two. A run goes on over a line end when the line was a long one.
 */
export function decodeRuns(text: string): View[] {
  const views: View[] = [];
  for (let i = 0; i < text.length; ) {
    if (!isRunUnit(text.charCodeAt(i))) {
      i++;
      continue;
    }
    const end = runEnd(text, i);
    if (end - i >= RUN_UNITS_MIN) views.push(...decodeRun(text, i, end));
    i = end;
  }
  return views;
}

/** Shortest line of a run that goes on in the next one. */
const LINE_UNITS_MIN = 60;

function runEnd(text: string, from: number): number {
  let lineStart = from;
  let i = from;
  for (; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (isRunUnit(unit)) continue;
    const next = unit === 13 && text.charCodeAt(i + 1) === 10 ? i + 2 : i + 1;
    if ((unit !== 10 && unit !== 13) || i - lineStart < LINE_UNITS_MIN || !isRunUnit(text.charCodeAt(next))) return i;
    lineStart = next;
    i = next - 1;
  }
  return i;
}

function decodeRun(text: string, from: number, to: number): View[] {
  const places = new Uint32Array(to - from);
  const values = new Uint8Array(to - from);
  const digits = new Int8Array(to - from);
  let count = 0;
  let isHex = true;
  for (let i = from; i < to; i++) {
    const unit = text.charCodeAt(i);
    const value = unit < 128 ? VALUES[unit]! : -1;
    if (value < 0 || value === PADDING) continue;
    places[count] = i;
    values[count] = value;
    digits[count] = hexDigit(unit);
    isHex &&= digits[count]! >= 0;
    count++;
  }
  const readings = isHex ? [hexReading({ places, digits, count }, 0), hexReading({ places, digits, count }, 1)] : [];
  for (let phase = 0; phase < 4; phase++) readings.push(base64Reading({ places, values, count }, phase));
  return readings.map(readable).filter((view) => view.text.length > 0);
}

function hexDigit(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function hexReading(
  { places, digits, count }: { readonly places: Uint32Array; readonly digits: Int8Array; readonly count: number },
  phase: number,
): ByteRun {
  return {
    count: (count - phase) >> 1,
    byteAt: (i) => (digits[phase + 2 * i]! << 4) | digits[phase + 2 * i + 1]!,
    startOf: (i) => places[phase + 2 * i]!,
    endOf: (i) => places[phase + 2 * i + 1]! + 1,
  };
}

/** Three bytes from four units; a byte comes from the two units that have its bits. */
function base64Reading(
  { places, values, count }: { readonly places: Uint32Array; readonly values: Uint8Array; readonly count: number },
  phase: number,
): ByteRun {
  const firstUnit = (i: number): number => phase + i + Math.floor(i / 3);
  return {
    count: Math.floor(((count - phase) * 3) / 4),
    byteAt(i) {
      const at = firstUnit(i);
      const pair = (values[at]! << 6) | values[at + 1]!;
      return (pair >> (4 - 2 * (i % 3))) & 0xff;
    },
    startOf: (i) => places[firstUnit(i)]!,
    endOf: (i) => places[firstUnit(i) + 1]! + 1,
  };
}

/** The readable pieces of what bytes say, each apart from the next. */
function readable(run: ByteRun): View {
  const out = createViewBuilder(run.count);
  let pieceFrom = 0;
  const endPiece = (at: number): void => {
    if (out.length - pieceFrom < READABLE_UNITS_MIN) out.cut(pieceFrom);
    else out.add(BETWEEN_PIECES, run.startOf(at), run.endOf(at));
    pieceFrom = out.length;
  };
  for (let i = 0; i < run.count; ) {
    const width = addReadable(run, i, out);
    if (width === 0) endPiece(i);
    i += Math.max(1, width);
  }
  if (run.count > 0) endPiece(run.count - 1);
  return out.build();
}

/** No phrase and no number goes on over it. */
const BETWEEN_PIECES = 0;

/** Adds the character at an index; 0 when it is none that a text has. */
function addReadable(run: ByteRun, at: number, out: ReturnType<typeof createViewBuilder>): number {
  const first = run.byteAt(at);
  if (first < 0x80) {
    if (first < 0x20 && first !== 9 && first !== 10 && first !== 13) return 0;
    if (first === 0x7f) return 0;
    out.add(first, run.startOf(at), run.endOf(at));
    return 1;
  }
  const width = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (width === 0 || at + width > run.count) return 0;
  const before = out.length;
  out.addBytes({
    count: width,
    byteAt: (i) => run.byteAt(at + i),
    startOf: (i) => run.startOf(at + i),
    endOf: (i) => run.endOf(at + i),
  });
  if (out.length - before <= 2 && !isReplaced(out, before)) return width;
  out.cut(before);
  return 0;
}

const isReplaced = (out: ReturnType<typeof createViewBuilder>, at: number): boolean => out.unitAt(at) === REPLACEMENT;
