/** Whether a number is one digit again and again: such numbers pass many checksums and are placeholders. */
export function isOneDigit(digits: string): boolean {
  for (let i = 1; i < digits.length; i++) if (digits[i] !== digits[0]) return false;
  return true;
}
