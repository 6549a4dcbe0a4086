const WHOLE = new Intl.NumberFormat('en');
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const AGO = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });

/** `1,234`; from a hundred thousand on `123.5K`. */
export const amount = (value: number): string => (value < 100_000 ? WHOLE : SHORT).format(value);

/** `1 call`, `2 calls`. */
export const counted = (value: number, one: string, many = `${one}s`): string => `${amount(value)} ${value === 1 ? one : many}`;

/** Local date and time of an ISO 8601 text; a text that is none stays as it is. */
export function moment(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : MOMENT.format(time);
}

const STEPS = [
  [60_000, 1000, 'second'],
  [3_600_000, 60_000, 'minute'],
  [86_400_000, 3_600_000, 'hour'],
  [Number.POSITIVE_INFINITY, 86_400_000, 'day'],
] as const;

/** `3 min. ago`, against `nowMs` (Unix milliseconds). A time ahead of this machine's clock counts as now. */
export function ago(iso: string, nowMs: number): string {
  const past = Math.max(0, nowMs - Date.parse(iso));
  if (Number.isNaN(past)) return iso;
  const [, unit, name] = STEPS.find(([below]) => past < below) ?? STEPS[3];
  return AGO.format(-Math.floor(past / unit), name);
}

/** Milliseconds as people read them; `–` when nobody measured. */
export function milliseconds(value: number | null): string {
  if (value === null) return '–';
  return value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}

/** `text` with at most `units` UTF-16 units: the middle gives way, because both ends of a host or path tell it apart. */
export function shortened(text: string, units: number): string {
  if (text.length <= units) return text;
  const head = Math.ceil((units - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (units - 1 - head))}`;
}
