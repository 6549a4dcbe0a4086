/**
 * Whether an IBAN without spaces, in upper case, has the remainder 1 of ISO 7064 MOD 97-10: the first four characters moved to the end,
 * letters as 10–35. Characters other than A–Z and 0–9 never pass.
 */
export function passesMod97(iban: string): boolean {
  let remainder = 0;
  for (let i = 0; i < iban.length; i++) {
    const value = alphanumericValue(iban.charCodeAt((i + 4) % iban.length));
    if (value < 0) return false;
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return iban.length > 4 && remainder === 1;
}

function alphanumericValue(unit: number): number {
  if (unit >= 48 && unit <= 57) return unit - 48;
  return unit >= 65 && unit <= 90 ? unit - 55 : -1;
}
