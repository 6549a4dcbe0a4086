/** How a stream ended: both sides had their say, the peer reset it, or we did and its frames may still be under way. */
export type Closing = 'ended' | 'reset-by-peer' | 'reset-by-us';

/** The streams that were closed last: what a late frame for one of them means depends on how it ended. */
export interface ClosedStreams {
  add(id: number, how: Closing): void;
  /** Undefined: it never was, or it is long gone. */
  get(id: number): Closing | undefined;
  /** Whether streams as old as this one are not remembered any more. */
  isForgotten(id: number): boolean;
}

/** The lists are as long as what is remembered, and are searched only for frames that a peer should not send. */
export function createClosedStreams(remembered: number): ClosedStreams {
  const ids = new Int32Array(remembered);
  const ways: Closing[] = Array.from({ length: remembered }, () => 'ended');
  let count = 0;
  let youngestForgotten = 0;
  return {
    add(id, how) {
      const slot = count++ % remembered;
      youngestForgotten = Math.max(youngestForgotten, ids[slot]!);
      ids[slot] = id;
      ways[slot] = how;
    },
    get(id) {
      const slot = ids.indexOf(id);
      return slot < 0 ? undefined : ways[slot];
    },
    isForgotten: (id) => id <= youngestForgotten,
  };
}
