/** Longest text that is remembered, in UTF-16 units. */
const UNITS_MAX = 256;

/**
 * A function of a text that keeps what it made: names, paths and addresses come again with every exchange. When it knows `textsMax` texts
 * it forgets them all.
 */
export function remembered<T>(make: (text: string) => T, { textsMax = 4096 }: { readonly textsMax?: number } = {}): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const made = make(text);
    if (text.length > UNITS_MAX) return made;
    if (known.size >= textsMax) known.clear();
    known.set(text, made);
    return made;
  };
}
