const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  kB: 1000,
  KB: 1000,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
};

/** Names of the units a size can have. */
export const SIZE_UNITS: readonly string[] = Object.keys(UNITS);

/** Bytes of a size such as `10MiB`, `512 kB` or a plain number of bytes; undefined for anything else, fractions of a byte included. */
export function parseSize(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const parts = /^(\d{1,12}(?:\.\d{1,6})?) ?([A-Za-z]{0,3})$/.exec(value.trim());
  const unit = parts === null ? undefined : UNITS[parts[2] === '' ? 'B' : parts[2]!];
  const bytes = Number(parts?.[1]) * (unit ?? Number.NaN);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
