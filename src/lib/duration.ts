import { scaledAmount } from './scaled-amount.ts';

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Units a duration can be written with, for messages. */
export const DURATION_UNITS = Object.keys(MILLISECONDS);

/** Milliseconds of `90s`, `10m`, `1.5h`, `7d` or `2w`; undefined for anything else, a number without unit too. */
export const parseDuration = (written: unknown): number | undefined =>
  typeof written === 'string' ? scaledAmount(written, MILLISECONDS) : undefined;
