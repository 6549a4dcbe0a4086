import { isDigit } from './digits.ts';

/** The sum of the first ASCII digits of a text, each times its weight; what is no digit is skipped, digits without a weight do not count. */
export function weightedSum(text: string, weights: readonly number[]): number {
  let sum = 0;
  for (let i = 0, place = 0; i < text.length && place < weights.length; i++) {
    const unit = text.charCodeAt(i);
    if (isDigit(unit)) sum += (unit - 48) * weights[place++]!;
  }
  return sum;
}
