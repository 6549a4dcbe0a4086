import type { Slices } from '../../lib/slices.ts';
import type { Segment } from '../../text/segment.ts';

/** Keys whose text is complete in one of the segments: most of them can be judged in one pass that keeps nothing. */
export function keysUsedOnce(segments: readonly Segment[]): ReadonlySet<string> {
  if (segments.length === 1) return new Set([segments[0]!.key]);
  const count = newCount();
  for (const { key } of segments) countKey(key, count);
  return count.once;
}

/** The same of very many segments, a slice of bounded work in each step. */
export function* keysUsedOnceInSlices(segments: readonly Segment[]): Slices<ReadonlySet<string>> {
  const count = newCount();
  for (let i = 0; i < segments.length; i++) {
    countKey(segments[i]!.key, count);
    if (i % KEYS_AT_ONCE === KEYS_AT_ONCE - 1) yield;
  }
  return count.once;
}

interface KeyCount {
  readonly once: Set<string>;
  readonly twice: Set<string>;
}

const newCount = (): KeyCount => ({ once: new Set(), twice: new Set() });

function countKey(key: string, { once, twice }: KeyCount): void {
  if (twice.has(key)) return;
  if (once.delete(key)) twice.add(key);
  else once.add(key);
}

/** Keys that are counted in one slice. */
const KEYS_AT_ONCE = 1024;
