/** A whole amount written as a number and one of the units of `scales`; undefined for anything else, fractions of one included. */
export function scaledAmount(written: string, scales: Readonly<Record<string, number>>): number | undefined {
  const parts = /^(\d{1,12}(?:\.\d{1,6})?) ?([A-Za-z]{0,2})$/.exec(written.trim());
  const scale = parts === null || !Object.hasOwn(scales, parts[2]!) ? undefined : scales[parts[2]!];
  const amount = Math.round(Number(parts?.[1]) * (scale ?? Number.NaN) * 1e6) / 1e6;
  return Number.isSafeInteger(amount) ? amount : undefined;
}
