/**
 * Numbered places for objects that come and go by the thousand. A Set or a Map of them would keep them all: V8 has the table that one has
 * outgrown point at the next one, so that from the first that is old the collector follows every later one, with whatever was in it, until
 * it goes through the whole heap.
 */
export class Seats<T> {
  readonly #taken: (T | undefined)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#taken.length - this.#free.length;
  }

  /** Gives the number of its place, which it has until it leaves. */
  take(one: T): number {
    const seat = this.#free.pop() ?? this.#taken.length;
    this.#taken[seat] = one;
    return seat;
  }

  at(seat: number): T | undefined {
    return this.#taken[seat];
  }

  /** Nothing where nobody has that place: a place that is free twice would be given to two. */
  leave(seat: number): void {
    if (this.#taken[seat] === undefined) return;
    this.#taken[seat] = undefined;
    this.#free.push(seat);
  }

  /** Those that are there; who leaves meanwhile is not given, who comes may be. */
  *all(): Generator<T, void> {
    for (let seat = 0; seat < this.#taken.length; seat++) {
      const one = this.#taken[seat];
      if (one !== undefined) yield one;
    }
  }
}
