import { isDigit } from './digits.ts';

/**
 * Whether what stands before a candidate makes it a part of something longer: a fraction, a UUID, a sum, an international phone number, or
 * (for a candidate in groups) a row of digit groups. A comma does not: it separates columns.
 */
export function continuesNumber(candidate: string, before: string): boolean {
  const last = before.at(-1);
  if (last === undefined) return false;
  if (SIGNS.includes(last)) return true;
  const isRow = last === ' ' && candidate.includes(' ');
  return (isRow || JOINTS.includes(last)) && isDigit(before.charCodeAt(before.length - 2));
}

const SIGNS = '+$€£¥';
const JOINTS = '-./';
