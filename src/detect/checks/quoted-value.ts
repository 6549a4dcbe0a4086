/** What stands in the last pair of quotes of a candidate that ends with a quote; the other kind of quote may stand inside. */
export function quotedValue(candidate: string): string {
  const end = candidate.length - 1;
  return candidate.slice(candidate.lastIndexOf(candidate[end]!, end - 1) + 1, end);
}
