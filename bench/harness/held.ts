/** Times of one stream, in milliseconds of one clock. */
export interface StreamTimes {
  /** The request left. */
  readonly startedMs: number;
  /** Each event left the provider. */
  readonly sentMs: readonly number[];
  /** Each event reached the client. */
  readonly arrivedMs: readonly number[];
}

export interface HeldDelays {
  /** Of each event how many more had left the provider when it arrived. */
  readonly held: readonly number[];
  /** From when the event, or the next one if that had left before it arrived, left the provider until it arrived. */
  readonly delaysMs: readonly number[];
  /** From the request to the first event, without the wait for the next one when it came after that. */
  readonly firstMs: number;
  /** Between events as they arrived. */
  readonly gapsMs: readonly number[];
}

/** Most events that a filter of streams is entitled to hold: what is said in one may only become clear in the next. */
const HELD_MAX = 1;

/** How long each event took beyond being held for the next one. */
export function heldDelays({ startedMs, sentMs, arrivedMs }: StreamTimes): HeldDelays {
  let next = 0;
  const held = arrivedMs.map((arrived, at) => {
    while (next < sentMs.length && sentMs[next]! <= arrived) next++;
    return next - 1 - at;
  });
  const waitedMs = (at: number): number => sentMs[at + Math.min(held[at]!, HELD_MAX)]! - sentMs[at]!;
  return {
    held,
    delaysMs: arrivedMs.map((arrived, at) => arrived - sentMs[at]! - waitedMs(at)),
    firstMs: arrivedMs[0]! - startedMs - waitedMs(0),
    gapsMs: arrivedMs.slice(1).map((arrived, at) => arrived - arrivedMs[at]!),
  };
}
