/**
 * A learned upper bound in one byte: 0 is nothing, level `n` is `2^((n-1)/8)`, so 9 % between two levels and 3 billion at the top.
 */
export type Level = number;

const STEPS = 8;
const TOP = 255;
/** A week's growth that is learned once an agent is known: three levels, 30 %. What grows faster does it as a finding. */
export const WEEK_RISE = 3;

export function levelOf(value: number): Level {
  return value < 1 ? 0 : Math.min(TOP, 1 + Math.round(STEPS * Math.log2(value)));
}

export function amountOf(level: Level): number {
  return level === 0 ? 0 : 2 ** ((level - 1) / STEPS);
}

/**
 * An upper quantile, learned one value at a time (after the frugal streaming of Ma, Muthukrishnan, Sandler 2014): up to a higher value at once
 * but not over the cap, down by one level for each value that is lower. It follows the highest of the last ten values or so.
 */
export function learned(level: Level, value: number, cap: Level): Level {
  const seen = levelOf(value);
  if (seen > level) return Math.max(level, Math.min(seen, cap));
  return seen < level ? level - 1 : level;
}
