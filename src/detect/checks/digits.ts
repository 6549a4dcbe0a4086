/** The ASCII digits of a text, in order, everything else left out. */
export function digitsOf(text: string): string {
  let digits = '';
  for (const character of text) if (character >= '0' && character <= '9') digits += character;
  return digits;
}

/** Lengths of the digit groups of a text: `[4, 6, 5]` for `3782 822463 10005`. */
export function digitGroups(text: string): readonly number[] {
  const groups: number[] = [];
  let inGroup = false;
  for (const character of text) {
    const isDigit = character >= '0' && character <= '9';
    if (isDigit && inGroup) groups[groups.length - 1]! += 1;
    else if (isDigit) groups.push(1);
    inGroup = isDigit;
  }
  return groups;
}

/** Whether a bare run of digits is the fraction of a decimal number: `0.4111…`. A comma does not count: it separates columns. */
export function isFraction(candidate: string, before: string): boolean {
  const previous = before.at(-2) ?? '';
  return before.endsWith('.') && previous >= '0' && previous <= '9' && digitsOf(candidate).length === candidate.length;
}
