import { INVENTORY } from '../lib/limits.ts';

/** What happens, as it is committed by this process: the live tail of the API. */
export interface Tail {
  publish(kind: TailKind, data: object): void;
  /**
   * Hears every event from now on, and those after `afterId` that are still remembered. `gone` is called when the reader is too slow.
   * Undefined: there are too many readers.
   */
  subscribe(reader: TailReader, afterId: string | undefined): (() => void) | undefined;
  readonly readers: number;
}

export type TailKind = 'finding' | 'change';

export interface TailEvent {
  /** Of this process's life; unknown to any other. */
  readonly id: string;
  readonly kind: TailKind;
  readonly data: string;
}

export interface TailReader {
  readonly event: (event: TailEvent) => void;
}

/** `life` tells the ids of one life of the process from those of another. */
export function createTail(life: string): Tail {
  const readers = new Set<TailReader>();
  let remembered: TailEvent[] = [];
  let count = 0;
  return {
    get readers() {
      return readers.size;
    },
    publish(kind, data) {
      count += 1;
      const event = { id: `${life}-${count}`, kind, data: JSON.stringify(data) };
      remembered.push(event);
      if (remembered.length > INVENTORY.tailEvents * 2) remembered = remembered.slice(-INVENTORY.tailEvents);
      for (const reader of readers) reader.event(event);
    },
    subscribe(reader, afterId) {
      if (readers.size >= INVENTORY.tails) return undefined;
      const at = afterId === undefined ? -1 : remembered.findIndex(({ id }) => id === afterId);
      if (at >= 0) for (const event of remembered.slice(at + 1)) reader.event(event);
      readers.add(reader);
      return () => readers.delete(reader);
    },
  };
}
