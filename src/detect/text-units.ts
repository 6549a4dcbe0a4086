import { unitAt } from '../lib/unit-at.ts';
/** UTF-16 units that are read at once: what is read stays in the processor's nearest cache. */
export const PART_UNITS = 4096;

const units = new Uint16Array(PART_UNITS);
const bytes = Buffer.from(units.buffer);

/** Shorter parts are copied unit by unit: the call takes longer. */
const CALL_UNITS = 24;

/**
 * The units of a text from an offset on, `most` of them or as many as there are, in an array that the next call overwrites. A text is often
 * a slice of another, or pieces that nobody has joined: asked for one unit after the other, it takes longer to answer than most readers do
 * with the unit (bench scan).
 */
export function unitsFrom(text: string, from: number, most = PART_UNITS): Uint16Array {
  const count = Math.min(most, text.length - from);
  if (count < CALL_UNITS) for (let i = 0; i < count; i++) units[i] = unitAt(text, from + i);
  else bytes.write(count === text.length ? text : text.slice(from, from + count), 'utf16le');
  return units;
}
