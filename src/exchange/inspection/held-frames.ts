import { added, NONE_YET } from '../../lib/growing-list.ts';
import type { ByteSpan } from '../../lib/units.ts';
import type { BodyVerdict } from './body-verdict.ts';
import type { ReadingFrame } from './open-lanes.ts';
import type { ReleasedFrames } from './released-frames.ts';

/** A frame that has been read, or is being read, and has not left. */
export interface HeldFrame extends ReadingFrame {
  /** Declarations of tools that do not leave. */
  readonly removals: readonly ByteSpan[];
}

/** What is judged as a whole only at its end: a call of a tool, or an answer that is held against a schema. */
export type Awaited = 'call' | 'answer';

/**
 * Frames of one body that have been read and have not left, in order. A frame leaves when every lane in it is decided and nothing that is
 * awaited began before it.
 */
export class HeldFrames {
  readonly #verdict: BodyVerdict;
  #frames: HeldFrame[] = NONE_YET;
  #awaitsCall = false;
  #awaitsAnswer = false;
  /** Too much has waited: policy lets the body go on unjudged until its end comes. */
  #isGivenUp = false;
  /** How many of the frames came before what is awaited. */
  #freeFrames = 0;

  constructor(verdict: BodyVerdict) {
    this.#verdict = verdict;
  }

  /** Whether frames wait for more than their lanes. */
  get isAwaiting(): boolean {
    return this.#awaitsCall || this.#awaitsAnswer;
  }

  add(frame: HeldFrame): void {
    this.#frames = added(this.#frames, frame);
  }

  /** Something is being judged, or it is not any more: while it is open nothing leaves that is added from now on. */
  awaits(what: Awaited, isOpen: boolean): void {
    if (isOpen && !this.isAwaiting) this.#freeFrames = this.#frames.length;
    const waits = isOpen && this.#verdict.enforces && !this.#isGivenUp;
    if (what === 'call') this.#awaitsCall = waits;
    else this.#awaitsAnswer = waits;
  }

  /** From now on frames wait for their lanes alone. */
  giveUp(): void {
    this.#isGivenUp = true;
    this.#awaitsCall = false;
    this.#awaitsAnswer = false;
  }

  /** Lets frames go as far as they may. Observing holds nothing; after a denial nothing leaves. */
  release(released: ReleasedFrames): void {
    if (this.#verdict.denial !== undefined) return;
    const last = this.isAwaiting ? this.#freeFrames : this.#frames.length;
    let count = 0;
    for (; count < last; count++) {
      const held = this.#frames[count]!;
      if (this.#verdict.enforces && !isDecided(held)) break;
      released.leave(held);
    }
    if (count > 0) this.#frames.splice(0, count);
    this.#freeFrames = Math.max(0, this.#freeFrames - count);
  }
}

function isDecided({ placements }: HeldFrame): boolean {
  return placements.every(({ lane, end }) => lane.scan.settled >= end);
}
