import { isDate } from './calendar.ts';
import { isDigit } from './digits.ts';

const YEAR_MIN = 1900;
/** Also the year up to which two digits are of this century. */
export const YEAR_MAX = 2030;

/** Whether a living person can be born on a day, given by its digits in figures. */
export function isBirthDay(year: string, month: string, day: string): boolean {
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  return date.year >= YEAR_MIN && date.year <= YEAR_MAX && isDate(date);
}

/** The groups of digits of a written date, in order. */
export function numbersOf(date: string): string[] {
  const numbers: string[] = [];
  let wasDigit = false;
  for (let i = 0; i < date.length; i++) {
    const digit = isDigit(date.charCodeAt(i));
    if (digit && wasDigit) numbers[numbers.length - 1] += date[i]!;
    else if (digit) numbers.push(date[i]!);
    wasDigit = digit;
  }
  return numbers;
}
