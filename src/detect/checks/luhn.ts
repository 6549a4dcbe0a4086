import { unitAt } from '../../lib/unit-at.ts';
import { isDigit } from './digits.ts';

/** Whether the ASCII digits of a text pass the Luhn check of ISO/IEC 7812-1. One random number in ten does; no digits at all do not. */
export function passesLuhn(number: string): boolean {
  let sum = 0;
  let count = 0;
  for (let i = number.length - 1; i >= 0; i--) {
    const unit = unitAt(number, i);
    if (!isDigit(unit)) continue;
    sum += count % 2 === 1 ? DOUBLED[unit - 48]! : unit - 48;
    count++;
  }
  return count > 0 && sum % 10 === 0;
}

/** Luhn checks of many stretches of one text. */
export interface LuhnSums {
  /** Takes in the text between two offsets. */
  read(text: string, range: { readonly from: number; readonly to: number }): void;
  /** Whether the digits in `[start, end)`, which lie between those, pass. In constant time. */
  passes(start: number, end: number): boolean;
}

/**
 * Sums over all digits so far, once with the digits at even places doubled and once with the others: what a stretch adds to the sum in
 * which its last digit is not doubled decides. Without this, digits in groups cost one pass for each pair of a start and an end.
 */
export function createLuhnSums(): LuhnSums {
  let origin = 0;
  let counts = new Int32Array(256);
  let evenDoubled = new Int32Array(256);
  let oddDoubled = new Int32Array(256);
  return {
    read(text, { from, to }) {
      origin = from;
      const size = to - from + 1;
      if (size > counts.length) {
        counts = new Int32Array(2 * size);
        evenDoubled = new Int32Array(2 * size);
        oddDoubled = new Int32Array(2 * size);
      }
      let [count, even, odd] = [0, 0, 0];
      for (let i = 1; i < size; i++) {
        const digit = unitAt(text, from + i - 1) - 48;
        if (digit >= 0 && digit <= 9) {
          even += count % 2 === 0 ? DOUBLED[digit]! : digit;
          odd += count % 2 === 0 ? digit : DOUBLED[digit]!;
          count++;
        }
        counts[i] = count;
        evenDoubled[i] = even;
        oddDoubled[i] = odd;
      }
    },
    passes(start, end) {
      const [a, b] = [start - origin, end - origin];
      const sums = counts[b]! % 2 === 0 ? evenDoubled : oddDoubled;
      return counts[b]! > counts[a]! && (sums[b]! - sums[a]!) % 10 === 0;
    },
  };
}

/** What a doubled digit adds: the sum of the digits of its double. */
const DOUBLED = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
