import { added, NONE_YET } from '../../lib/growing-list.ts';
import { SLICE_UNITS, type Slices } from '../../lib/slices.ts';

/** What is to be done yet about one body, in order, and how much of a slice is done. */
export class SliceQueue {
  /** Something waits for `next`. */
  isBusy = false;
  #work: Slices[] = NONE_YET;
  /** Units read since the last slice ended, about. */
  #units = 0;

  add(slices: Slices): void {
    this.#work = added(this.#work, slices);
    this.isBusy = true;
  }

  /** Does the next slice; whether a piece of work is done with it. */
  next(): boolean {
    this.#units = 0;
    const isDone = this.#work[0]?.next().done === true;
    if (isDone) this.#work.shift();
    this.isBusy = this.#work.length > 0;
    return isDone;
  }

  /** Nothing of what waits is done any more. */
  clear(): void {
    this.#work = NONE_YET;
    this.isBusy = false;
  }

  /** Counts what was read, in units of text: whether it is enough for one slice. */
  isFull(units: number): boolean {
    this.#units += units;
    return this.#units >= SLICE_UNITS;
  }
}
