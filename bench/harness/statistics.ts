/** The middle of values and the width of their middle half, in the unit of the values. */
export interface Spread {
  readonly median: number;
  readonly iqr: number;
}

/** Median and interquartile range; of no values both are NaN, which JSON writes as null. */
export function spread(values: readonly number[]): Spread {
  const sorted = sortedUp(values);
  return { median: quantileOf(sorted, 0.5), iqr: quantileOf(sorted, 0.75) - quantileOf(sorted, 0.25) };
}

/** The value below which this share (0 to 1) of all lies, by nearest rank; NaN of no values. */
export function quantile(values: readonly number[], share: number): number {
  return quantileOf(sortedUp(values), share);
}

/** To so many digits behind the point. */
export function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}

function sortedUp(values: readonly number[]): readonly number[] {
  return values.toSorted((a, b) => a - b);
}

function quantileOf(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
