/** Bytes that bodies under way may hold together: many senders at once must not take all memory. */
export interface BodyBudget {
  /** False: there is no room; the sender is told to come again. */
  take(bytes: number): boolean;
  give(bytes: number): void;
}

export function createBodyBudget(bytesMax: number): BodyBudget {
  let held = 0;
  return {
    take(bytes) {
      if (held + bytes > bytesMax) return false;
      held += bytes;
      return true;
    },
    give(bytes) {
      held -= bytes;
    },
  };
}
