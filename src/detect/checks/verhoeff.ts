/** Whether the last of some ASCII digits is the check digit of J. Verhoeff, "Error Detecting Decimal Codes" (1969): the dihedral group D5. */
export function passesVerhoeff(digits: string): boolean {
  let state = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    state = product(state, PERMUTED[i % 8]![digit]!);
  }
  return digits.length > 1 && state === 0;
}

/** Multiplication in D5: 0–4 are rotations, 5–9 reflections. */
function product(a: number, b: number): number {
  if (a < 5) return b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5);
  return b < 5 ? 5 + ((a - b) % 5) : (a - b + 5) % 5;
}

/** The permutation applied to the digit at each place from the right; it repeats after eight. */
const FIRST = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
const PERMUTED: number[][] = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]];
for (let i = 1; i < 8; i++) PERMUTED.push(PERMUTED[i - 1]!.map((digit) => FIRST[digit]!));
