/** Work that is too much for one turn of the event loop. */
export interface Turns {
  /** Has it done, from the loop's next turn on. `slice` does a bounded part of it; false: there is no more. It must not throw. */
  take(slice: () => boolean): void;
  /**
   * Counts a body, or a piece of one, that may be judged at once. True: this turn of the loop has done enough of that, and it is better
   * taken. Small bodies cost a sum each, and nobody looks at the clock before many have come in one turn.
   */
  isSpent(bytes: number): boolean;
}

export interface TurnsOptions {
  /** How long the slices of one turn may take together, and what is judged at once in one, in milliseconds; one is always done. Default: 5. */
  readonly turnMs?: number;
  /** How many slices one work has before the next has its own. Default: about a megabyte of text. */
  readonly slicesInARow?: number;
  /** Milliseconds. Default: `performance.now`. */
  readonly now?: () => number;
}

/**
 * Has slices of all work done in rounds, as many in a turn of the event loop as fit: however many large bodies there are, everything else
 * waits for one turn, not for them. In a round each has several slices in a row: what lives from one to the next would outlive the young
 * generation if all others came between.
 */
export function createTurns({ turnMs = TURN_MS, slicesInARow = SLICES_IN_A_ROW, now = () => performance.now() }: TurnsOptions = {}): Turns {
  const waiting: (() => boolean)[] = [];
  /** Slices that the first of them has had in a row. */
  let had = 0;
  let isDue = false;
  /** Bytes that were judged at once, in this turn and in those before it that had few. */
  let atOnceBytes = 0;
  /** When this turn had `AT_ONCE_BYTES` of them; undefined: it has not. */
  let countedFromMs: number | undefined;

  function arm(): void {
    if (isDue || waiting.length === 0) return;
    isDue = true;
    setImmediate(turn);
  }

  function turn(): void {
    const endMs = now() + turnMs;
    do {
      const slice = waiting[0]!;
      const goesOn = slice();
      had++;
      if (goesOn && had < slicesInARow) continue;
      had = 0;
      waiting.shift();
      if (goesOn) waiting.push(slice);
    } while (waiting.length > 0 && now() < endMs);
    isDue = false;
    arm();
  }

  return {
    take(slice) {
      waiting.push(slice);
      arm();
    },
    isSpent(bytes) {
      if (countedFromMs !== undefined) return now() - countedFromMs >= turnMs;
      atOnceBytes += bytes;
      if (atOnceBytes >= AT_ONCE_BYTES) {
        countedFromMs = now();
        setImmediate(startCount);
      }
      return false;
    },
  };

  function startCount(): void {
    atOnceBytes = 0;
    countedFromMs = undefined;
  }
}

/** What is judged at once before the time that a turn takes counts, in bytes: some requests of a kilobyte. */
const AT_ONCE_BYTES = 8 * 1024;

const TURN_MS = 5;
/** A streamed piece is done in one go, a body of megabytes lets others in between. */
const SLICES_IN_A_ROW = 256;
