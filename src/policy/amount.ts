const SCALES: Readonly<Record<string, number>> = { '': 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9 };
const DURATIONS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A whole amount such as `120`, `200k`, `1.5M`; undefined for anything else, fractions of one included. */
export function parseAmount(value: unknown): number | undefined {
  return scaled(value, SCALES);
}

/** Milliseconds of `90s`, `10m`, `24h` or `7d`; a number without unit is no duration. */
export function parseDuration(value: unknown): number | undefined {
  return typeof value === 'string' ? scaled(value, DURATIONS) : undefined;
}

function scaled(value: unknown, scales: Readonly<Record<string, number>>): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const parts = /^(\d{1,12}(?:\.\d{1,6})?) ?([A-Za-z]{0,2})$/.exec(value.trim());
  const scale = parts === null || !Object.hasOwn(scales, parts[2]!) ? undefined : scales[parts[2]!];
  const amount = Math.round(Number(parts?.[1]) * (scale ?? Number.NaN) * 1e6) / 1e6;
  return Number.isSafeInteger(amount) ? amount : undefined;
}
