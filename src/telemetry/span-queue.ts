import { EXPORT } from '../lib/limits.ts';

/** Encoded spans that wait in memory, at most `EXPORT.queueBytes` of them, oldest first. */
export interface SpanQueue {
  readonly spans: () => number;
  /** False: there is no room, and the span was not taken. */
  add(span: Uint8Array): boolean;
  /** Takes the oldest for one batch: `EXPORT.batchSpans` or `EXPORT.batchBytes`, one at least where there is one. */
  take(): readonly Uint8Array[];
  /** Gives back what was taken last. */
  putBack(spans: readonly Uint8Array[]): void;
  /** Empties it; returns how many there were. */
  clear(): number;
}

export function createSpanQueue(): SpanQueue {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  return {
    spans: () => waiting.length,
    add(span) {
      if (bytes + span.length > EXPORT.queueBytes) return false;
      bytes += span.length;
      waiting.push(span);
      return true;
    },
    take() {
      let [count, size] = [0, 0];
      for (const { length } of waiting) {
        if (count === EXPORT.batchSpans || (count > 0 && size + length > EXPORT.batchBytes)) break;
        count += 1;
        size += length;
      }
      bytes -= size;
      return waiting.splice(0, count);
    },
    putBack(spans) {
      for (const span of spans) bytes += span.length;
      waiting = [...spans, ...waiting];
    },
    clear() {
      bytes = 0;
      return waiting.splice(0).length;
    },
  };
}
