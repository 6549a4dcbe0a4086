import { isDate } from './calendar.ts';
import { digitsOf } from './digits.ts';
import { weightedSum } from './weighted-sum.ts';

/**
 * Whether eleven digits are a personal code of Estonia (EVS 585:2007) or Lithuania: century and sex, day of birth, serial, and a check digit
 * modulo 11 with a second row of weights where the first gives 10.
 */
export function isBalticCode(code: string): boolean {
  const digits = digitsOf(code);
  const century = 1800 + 100 * Math.floor((Number(digits[0]) - 1) / 2);
  const birth = { year: century + Number(digits.slice(1, 3)), month: Number(digits.slice(3, 5)), day: Number(digits.slice(5, 7)) };
  const first = weightedSum(digits, FIRST) % 11;
  const check = first < 10 ? first : (weightedSum(digits, SECOND) % 11) % 10;
  return check === Number(digits[10]) && isDate(birth);
}

const FIRST = [1, 2, 3, 4, 5, 6, 7, 8, 9, 1];
const SECOND = [3, 4, 5, 6, 7, 8, 9, 1, 2, 3];
