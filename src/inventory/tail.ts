import { INVENTORY } from '../lib/limits.ts';
import type { FindingRow } from './finding-row.ts';
import type { ChangeDraft } from './store.ts';

/** What happens, as it is committed by this process: the live tail of the API. */
export interface Tail {
  /** Remembered whether somebody reads or not: a reader that was away for a moment comes back for it. */
  publish(news: TailNews): void;
  /**
   * Hears every event from now on, and before it those after `afterId`, as far as they are remembered; with an id of another life of the
   * process none. Undefined: there are too many readers.
   */
  subscribe(reader: (event: TailEvent) => void, afterId: string | undefined): (() => void) | undefined;
  readonly readers: number;
}

export type TailNews =
  | { readonly kind: 'finding'; readonly finding: FindingRow }
  | { readonly kind: 'change'; readonly change: ChangeDraft };

export interface TailEvent {
  /** Of this process's life; unknown to any other. */
  readonly id: string;
  readonly news: TailNews;
}

/** `life` tells the ids of one life of the process from those of another. */
export function createTail(life: string): Tail {
  const readers = new Set<(event: TailEvent) => void>();
  let remembered: TailEvent[] = [];
  let count = 0;
  const missedAfter = (id: string): readonly TailEvent[] => {
    const known = id.startsWith(`${life}-`) ? Number(id.slice(life.length + 1)) : Number.NaN;
    return Number.isInteger(known) ? remembered.slice(Math.max(0, remembered.length - Math.max(0, count - known))) : [];
  };
  return {
    get readers() {
      return readers.size;
    },
    publish(news) {
      count += 1;
      const event = { id: `${life}-${count}`, news };
      remembered.push(event);
      if (remembered.length > INVENTORY.tailEvents * 2) remembered = remembered.slice(-INVENTORY.tailEvents);
      for (const reader of readers) reader(event);
    },
    subscribe(reader, afterId) {
      if (readers.size >= INVENTORY.tails) return undefined;
      for (const event of afterId === undefined ? [] : missedAfter(afterId)) reader(event);
      readers.add(reader);
      return () => readers.delete(reader);
    },
  };
}
