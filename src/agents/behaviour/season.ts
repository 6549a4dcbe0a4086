export const HOURS_OF_WEEK = 168;
const HOURS_OF_DAY = 24;
const DAYS = 7;

/** Hour of the week of an hour since 1970, 0 is Monday 00:00 UTC. 1 January 1970 was a Thursday. */
export function hourOfWeek(hour: number): number {
  return (hour + 3 * HOURS_OF_DAY) % HOURS_OF_WEEK;
}

/** 0 from Monday to Friday, 1 on Saturday and Sunday, of a day since 1970. */
export function dayType(day: number): 0 | 1 {
  return (day + 3) % DAYS >= 5 ? 1 : 0;
}

/** The day of an hour, both since 1970. */
export function dayOf(hour: number): number {
  return Math.floor(hour / HOURS_OF_DAY);
}

/**
 * The slots that an hour of the week is judged by: itself and its neighbours up to `reach` hours away, on every day of its type. Few weeks
 * have been seen of each hour alone; office days resemble each other.
 */
export function alikeHours(slot: number, reach: number): readonly number[] {
  const weekend = slot >= 5 * HOURS_OF_DAY;
  const days = weekend ? [5, 6] : [0, 1, 2, 3, 4];
  const hour = slot % HOURS_OF_DAY;
  const near = Array.from({ length: 2 * reach + 1 }, (_, at) => hour + at - reach);
  return days.flatMap((day) => near.map((one) => (day * HOURS_OF_DAY + one + HOURS_OF_WEEK) % HOURS_OF_WEEK));
}
