/** Bytes that bodies under way may hold together: many senders at once must not take all memory. */
export interface BodyBudget {
  /** What one body holds, nothing at first. */
  reserve(): Reservation;
}

/** Held until it is released, which is when what was read from the body is stored or thrown away. */
export interface Reservation {
  /** False: there is no room; the sender is told to come again. */
  take(bytes: number): boolean;
  /** Gives everything back. */
  release(): void;
}

export function createBodyBudget(bytesMax: number): BodyBudget {
  let held = 0;
  return {
    reserve() {
      let own = 0;
      return {
        take(bytes) {
          if (held + bytes > bytesMax) return false;
          held += bytes;
          own += bytes;
          return true;
        },
        release() {
          held -= own;
          own = 0;
        },
      };
    },
  };
}
