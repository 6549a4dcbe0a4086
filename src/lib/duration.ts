const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Units a duration can be written with, for messages. */
export const DURATION_UNITS = Object.keys(SECONDS);

/** Seconds of a duration as policies write it: `90s`, `5m`, `2h`, `1d`, or a number of seconds. NaN for anything else. */
export function parseDuration(written: string | number): number {
  if (typeof written === 'number') return written;
  const unit = SECONDS[written.slice(-1)];
  const digits = written.slice(0, -1);
  return unit !== undefined && /^\d{1,9}$/.test(digits) ? Number(digits) * unit : Number.NaN;
}
