import { EXPORT } from '../lib/limits.ts';
import type { SpanData } from './span.ts';

/** Spans that wait in memory, at most `EXPORT.queueBytes` of them, oldest first. */
export interface SpanQueue {
  readonly spans: () => number;
  /** False: there is no room, and the span was not taken. */
  add(span: SpanData): boolean;
  /** Takes the oldest for one batch: `EXPORT.batchSpans` or `EXPORT.batchBytes`, one at least where there is one. */
  take(): readonly SpanData[];
  /** Gives back what was taken last. */
  putBack(spans: readonly SpanData[]): void;
  /** Empties it; returns how many there were. */
  clear(): number;
}

export function createSpanQueue(): SpanQueue {
  let waiting: SpanData[] = [];
  let bytes = 0;
  return {
    spans: () => waiting.length,
    add(span) {
      const size = sizeOf(span);
      if (bytes + size > EXPORT.queueBytes) return false;
      bytes += size;
      waiting.push(span);
      return true;
    },
    take() {
      let [count, size] = [0, 0];
      for (const span of waiting.slice(0, EXPORT.batchSpans)) {
        const more = sizeOf(span);
        if (count > 0 && size + more > EXPORT.batchBytes) break;
        count += 1;
        size += more;
      }
      bytes -= size;
      return waiting.splice(0, count);
    },
    putBack(spans) {
      for (const span of spans) bytes += sizeOf(span);
      waiting = [...spans, ...waiting];
    },
    clear() {
      bytes = 0;
      return waiting.splice(0).length;
    },
  };
}

/** About what a span takes on the wire: names and values, and 12 bytes for each attribute. */
function sizeOf({ name, attributes }: SpanData): number {
  let size = 64 + name.length;
  for (const key in attributes) {
    const value = attributes[key]!;
    size += 12 + key.length;
    if (typeof value === 'string') size += value.length;
    else if (typeof value === 'object') for (const text of value) size += 4 + text.length;
  }
  return size;
}
