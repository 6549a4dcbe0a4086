import type { CompiledDetector } from './compiled-detectors.ts';
import type { Place } from './context.ts';
import type { Haystack, SearchWindow, Span } from './matcher.ts';

/** A search of a window for one detector. */
export interface PlacedSearch {
  readonly part: CompiledDetector;
  readonly haystack: Haystack;
  readonly window: SearchWindow;
}

/** Every match in the window that begins in one of these places, as a search of the whole window would give those. */
export function searchAt(places: readonly Place[], { part: { matcher, longest }, haystack, window }: PlacedSearch): readonly Span[] {
  const found: Span[] = [];
  let free = window.from;
  for (let i = firstBehind(places, window.from); i < places.length && places[i]!.from < window.to; i++) {
    const [from, to] = [Math.max(free, places[i]!.from), Math.min(window.to, places[i]!.to)];
    if (from >= to) continue;
    for (const span of matcher.search(haystack, { from, to, endMax: Math.min(window.endMax, to - 1 + longest) })) {
      found.push(span);
      free = span.end;
    }
  }
  return found;
}

/** Index of the first place that ends behind an offset. */
function firstBehind(places: readonly Place[], offset: number): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle]!.to <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
