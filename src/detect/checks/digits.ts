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

/**
 * Whether the text left of a candidate makes its first digit the continuation of a number: a decimal point or an exponent after a digit
 * (`0.4111…`), a sign after a digit.
 */
export function continuesNumber(before: string): boolean {
  const last = before.at(-1) ?? '';
  const previous = before.at(-2) ?? '';
  return '.,+'.includes(last) && last !== '' && previous >= '0' && previous <= '9';
}
