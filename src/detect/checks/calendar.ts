interface CalendarDay {
  readonly year: number;
  /** 1–12 */
  readonly month: number;
  readonly day: number;
}

/** Whether a day exists in the Gregorian calendar. With a year of two digits add 2000: then every fourth year has a 29 February. */
export function isDate({ year, month, day }: CalendarDay): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leapDay = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  return day <= DAYS[month - 1]! + leapDay;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether six digits are a day written year, month, day (two each), in this or the last century. */
export function isYymmdd(digits: string): boolean {
  return isDate({ year: 2000 + Number(digits.slice(0, 2)), month: Number(digits.slice(2, 4)), day: Number(digits.slice(4, 6)) });
}

/** Whether six digits are a day written day, month, year (two each), in this or the last century. */
export function isDdmmyy(digits: string): boolean {
  return isDate({ year: 2000 + Number(digits.slice(4, 6)), month: Number(digits.slice(2, 4)), day: Number(digits.slice(0, 2)) });
}

/** Whether four digits are a time of the day: identifiers of a birth date and four digits look like the time stamps in file names. */
export function isClockTime(digits: string): boolean {
  return Number(digits.slice(0, 2)) < 24 && Number(digits.slice(2, 4)) < 60;
}
