import { unitAt } from '../../lib/unit-at.ts';
/** Whether the last of some ASCII digits is the check digit of ISO 7064 MOD 11,10. One random number in ten passes. */
export function passesMod1110(digits: string): boolean {
  let product = 10;
  for (let i = 0; i < digits.length - 1; i++) {
    const sum = (product + unitAt(digits, i) - 48) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return digits.length > 1 && (product + unitAt(digits, digits.length - 1) - 48) % 10 === 1;
}
