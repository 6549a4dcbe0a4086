import { unitAt } from '../../lib/unit-at.ts';
/** Whether a UTF-16 unit is an ASCII digit. */
export function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

/** The ASCII digits of a text, in order, everything else left out. */
export function digitsOf(text: string): string {
  let digits = '';
  for (const character of text) if (character >= '0' && character <= '9') digits += character;
  return digits;
}

/** How many ASCII digits a text has: for what must be known of each of many candidates, most of which it rejects. */
export function countDigits(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) if (isDigit(unitAt(text, i))) count++;
  return count;
}

/** The number that the first digits of a text make, at most `count` of them. */
export function leadingDigits(text: string, count: number): number {
  let number = 0;
  for (let i = 0, left = count; i < text.length && left > 0; i++) {
    const unit = unitAt(text, i);
    if (!isDigit(unit)) continue;
    number = number * 10 + unit - 48;
    left--;
  }
  return number;
}

/** Lengths of the digit groups of a text: `[4, 6, 5]` for `3782 822463 10005`. */
export function digitGroups(text: string): readonly number[] {
  const groups: number[] = [];
  let inGroup = false;
  for (let i = 0; i < text.length; i++) {
    const digit = isDigit(unitAt(text, i));
    if (digit && inGroup) groups[groups.length - 1]! += 1;
    else if (digit) groups.push(1);
    inGroup = digit;
  }
  return groups;
}

/** Whether a bare run of digits is the fraction of a decimal number: `0.4111…`. A comma does not count: it separates columns. */
export function isFraction(candidate: string, before: string): boolean {
  return before.endsWith('.') && isDigit(unitAt(before, before.length - 2)) && countDigits(candidate) === candidate.length;
}
