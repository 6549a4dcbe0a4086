import { unitAt } from '../../lib/unit-at.ts';
import { createViewBuilder, REPLACEMENT, readSequence, sequenceLength, type View, type ViewBuilder } from './view.ts';

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
  for (let i = 0; i < alphabet.length; i++) values[unitAt(alphabet, i)] = i;
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
    if (!isRunUnit(unitAt(text, i))) {
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
    const unit = unitAt(text, i);
    if (isRunUnit(unit)) continue;
    const next = unit === 13 && unitAt(text, i + 1) === 10 ? i + 2 : i + 1;
    if ((unit !== 10 && unit !== 13) || i - lineStart < LINE_UNITS_MIN || !isRunUnit(unitAt(text, next))) return i;
    lineStart = next;
    i = next - 1;
  }
  return i;
}

/** The digits of the run that is decoded, and the bytes of the reading that is made of it: room that each run would need anew. */
const scratch = { places: new Uint32Array(256), values: new Uint8Array(256), digits: new Int8Array(256), bytes: new Uint8Array(256) };

function decodeRun(text: string, from: number, to: number): View[] {
  const { count, isHex } = readRun(text, from, to);
  const readings = isHex ? [hexReading(count, 0), hexReading(count, 1)] : [];
  for (let phase = 0; phase < 4; phase++) readings.push(base64Reading(count, phase));
  return readings.flatMap((reading) => readable(reading) ?? []);
}

/** Takes in the digits of a run; `isHex`: they are hexadecimal too. */
function readRun(text: string, from: number, to: number): { readonly count: number; readonly isHex: boolean } {
  if (to - from > scratch.places.length) growScratch(to - from);
  const { places, values, digits } = scratch;
  let count = 0;
  let isHex = true;
  for (let i = from; i < to; i++) {
    const unit = unitAt(text, i);
    const value = unit < 128 ? VALUES[unit]! : -1;
    if (value < 0 || value === PADDING) continue;
    places[count] = i;
    values[count] = value;
    digits[count] = hexDigit(unit);
    isHex &&= digits[count]! >= 0;
    count++;
  }
  return { count, isHex };
}

function growScratch(units: number): void {
  scratch.places = new Uint32Array(2 * units);
  scratch.values = new Uint8Array(2 * units);
  scratch.digits = new Int8Array(2 * units);
  scratch.bytes = new Uint8Array(2 * units);
}

function hexDigit(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** One way to make bytes of the run that was read. */
interface Reading {
  readonly count: number;
  /** Puts its bytes where the last reading's were. */
  decode(): void;
  /** The first of the two digits that a byte comes from. */
  digitOf(index: number): number;
}

function hexReading(digitCount: number, phase: number): Reading {
  const count = (digitCount - phase) >> 1;
  const digitOf = (i: number): number => phase + 2 * i;
  return {
    count,
    digitOf,
    decode() {
      const { bytes, digits } = scratch;
      for (let i = 0; i < count; i++) bytes[i] = (digits[phase + 2 * i]! << 4) | digits[phase + 2 * i + 1]!;
    },
  };
}

/** Three bytes from four units; a byte comes from the two units that have its bits. */
function base64Reading(digitCount: number, phase: number): Reading {
  const count = Math.floor(((digitCount - phase) * 3) / 4);
  return {
    count,
    digitOf: (i) => phase + i + Math.floor(i / 3),
    decode() {
      const { bytes, values } = scratch;
      for (let i = 0, at = phase; i < count; i += 3, at += 4) {
        const bits = (values[at]! << 18) | (values[at + 1]! << 12) | (values[at + 2]! << 6) | values[at + 3]!;
        bytes[i] = bits >> 16;
        bytes[i + 1] = bits >> 8;
        bytes[i + 2] = bits;
      }
    },
  };
}

/** The readable pieces of what a reading says, each apart from the next; undefined when there is none. */
function readable(reading: Reading): View | undefined {
  reading.decode();
  const run = { bytes: scratch.bytes, count: reading.count };
  let view: ViewBuilder | undefined;
  /** Where the piece that is open began, and its units. */
  let pieceFrom = 0;
  let units = 0;
  for (let i = 0; i <= run.count; ) {
    const width = i < run.count ? readableWidth(run, i) : 0;
    if (width > 0) {
      units += width === 4 && readSequence(run, i, width) > 0xffff ? 2 : 1;
      i += width;
      continue;
    }
    if (units >= READABLE_UNITS_MIN) {
      view ??= createViewBuilder(run.count);
      addPiece(view, reading, { from: pieceFrom, to: i });
    }
    i++;
    pieceFrom = i;
    units = 0;
  }
  return view?.build();
}

/** Bytes of the character at an index; 0 when it is none that a text has. */
function readableWidth(run: { readonly bytes: Uint8Array; readonly count: number }, at: number): number {
  const first = run.bytes[at]!;
  if (first < 0x80) return first === 0x7f || (first < 0x20 && first !== 9 && first !== 10 && first !== 13) ? 0 : 1;
  const width = sequenceLength(run, at);
  return width === 0 || readSequence(run, at, width) === REPLACEMENT ? 0 : width;
}

/** No phrase and no number goes on over it. */
const BETWEEN_PIECES = 0;

/** Adds what some bytes say, and what parts it from the next piece. */
function addPiece(view: ViewBuilder, { count, digitOf }: Reading, { from, to }: { readonly from: number; readonly to: number }): void {
  const startOf = (i: number): number => scratch.places[digitOf(i)]!;
  const endOf = (i: number): number => scratch.places[digitOf(i) + 1]! + 1;
  view.addBytes({
    bytes: scratch.bytes.subarray(from, to),
    count: to - from,
    startOf: (i) => startOf(from + i),
    endOf: (i) => endOf(from + i),
  });
  const behind = Math.min(to, count - 1);
  view.add(BETWEEN_PIECES, startOf(behind), endOf(behind));
}
