import { scaledAmount } from '../lib/scaled-amount.ts';

const SCALES: Readonly<Record<string, number>> = { '': 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9 };

/** A whole amount such as `120`, `200k`, `1.5M`; undefined for anything else, fractions of one included. */
export function parseAmount(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  return typeof value === 'string' ? scaledAmount(value, SCALES) : undefined;
}
