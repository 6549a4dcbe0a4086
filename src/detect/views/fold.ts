import { added, NONE_YET } from '../../lib/growing-list.ts';
import { piecesOf, SLICE_UNITS, type Slices } from '../../lib/slices.ts';
import { unitAt } from '../../lib/unit-at.ts';
import { DROPPED, FOLDED, foldPair, PAIRED } from './fold-table.ts';

/**
 * A text as rules see it: look-alike letters, fullwidth and mathematical forms, accents and other digits are the ASCII character they
 * stand for; invisible characters are gone. Character by character, so that what is known of a text does not depend on how it is cut.
 * ASCII text is its own fold.
 */
export interface Fold {
  /** The fold of a piece that follows. Half of a surrogate pair waits for the other half. */
  push(piece: string): string;
  /** The fold of what waits: no other half comes. */
  end(): string;
  /** Where the folded unit at this offset begins in the text as given; at the end of what was folded, how far that was read. */
  startOf(offset: number): number;
  /** Where the folded unit before this offset ends in the text as given. */
  endOf(offset: number): number;
  /** Whether every unit so far is where it was. */
  readonly isIdentity: boolean;
  /** Forgets what maps offsets before this one. */
  forgetBefore(offset: number): void;
}

/** Whether a text is its own fold. */
export function isFolded(text: string): boolean {
  const { length } = text; // once: V8 has many kinds of strings, and where all of them come along asking for it is a call
  if (length >= COUNTED_UNITS && Buffer.byteLength(text) === length) return true; // ASCII
  for (let i = 0; i < length; i++) {
    const unit = unitAt(text, i);
    if (unit > 0x7f && FOLDED[unit] !== unit) return false;
  }
  return true;
}

/** In a shorter text the units are looked at before its bytes would be counted: that takes a tenth of the time for each, and a call. */
const COUNTED_UNITS = 24;

/** Units that are folded in one slice: that takes a tenth of what reading them does. */
const FOLDED_UNITS = 16 * SLICE_UNITS;

/** The fold of a whole text, a slice of it in each step; the text itself when that is its own fold. */
export function* foldInSlices(text: string): Slices<string> {
  const folded: string[] = [];
  let isIdentity = true;
  for (const piece of piecesOf(text, FOLDED_UNITS)) {
    folded.push(foldText(piece));
    isIdentity &&= folded.at(-1) === piece;
    yield;
  }
  return isIdentity ? text : folded.join('');
}

/** The fold of a whole text. */
export function foldText(text: string): string {
  if (isFolded(text)) return text;
  const fold = createFold();
  return fold.push(text) + fold.end();
}

/** What the pair at an offset stands for; undefined when it stays as it is, or is none. */
function pairAt(text: string, at: number): number | undefined {
  const trail = unitAt(text, at + 1);
  return trail >= 0xdc00 && trail <= 0xdfff ? foldPair(unitAt(text, at), trail) : undefined;
}

export function createFold(): Fold {
  return new LaneFold();
}

class LaneFold implements Fold {
  /**
   * Where folded and given offsets move apart: at `#at[i]` and behind it the given text is `#behind[i]` units further. `#joins[i]` is 1
   * where the units that make the difference belong to the folded unit before `#at[i]` (a pair), 0 where they are dropped ones after it.
   */
  #at: number[] = NONE_YET;
  #behind: number[] = NONE_YET;
  #joins: number[] = NONE_YET;
  #length = 0;
  #waiting = '';

  push(piece: string): string {
    const text = this.#waiting === '' ? piece : this.#waiting + piece;
    this.#waiting = '';
    if (!isFolded(text)) return this.#fold(text, false);
    this.#length += text.length;
    return text;
  }

  end(): string {
    const rest = this.#waiting;
    this.#waiting = '';
    return rest === '' ? '' : this.#fold(rest, true);
  }

  startOf(offset: number): number {
    return offset + this.#shift(this.#lastAt(offset));
  }

  endOf(offset: number): number {
    return offset + this.#shift(this.#lastJoined(offset));
  }

  get isIdentity(): boolean {
    return this.#at.length === 0;
  }

  forgetBefore(offset: number): void {
    if (this.#at.length < FORGET_STEP) return;
    const keep = Math.max(0, this.#lastAt(offset - 1));
    if (keep === 0) return;
    [this.#at, this.#behind, this.#joins] = [this.#at.slice(keep), this.#behind.slice(keep), this.#joins.slice(keep)];
  }

  #fold(text: string, isLast: boolean): string {
    const { length } = text;
    const units = new Uint16Array(length);
    let count = 0;
    for (let i = 0; i < length; i++) {
      const unit = unitAt(text, i);
      const folded = FOLDED[unit]!;
      if (folded < PAIRED) {
        units[count++] = folded;
        continue;
      }
      if (folded === DROPPED) {
        this.#note(this.#length + count, 1, 0);
        continue;
      }
      if (i + 1 === text.length && !isLast) {
        this.#waiting = text.slice(i);
        break;
      }
      const one = i + 1 < text.length ? pairAt(text, i) : undefined;
      if (one === undefined) {
        units[count++] = unit;
        continue;
      }
      i++;
      if (one === DROPPED) this.#note(this.#length + count, 2, 0);
      else {
        units[count++] = one;
        this.#note(this.#length + count, 1, 1);
      }
    }
    this.#length += count;
    return Buffer.from(units.buffer, 0, 2 * count).toString('utf16le');
  }

  #note(offset: number, units: number, joined: 0 | 1): void {
    const last = this.#at.length - 1;
    const total = (this.#behind[last] ?? 0) + units;
    if (this.#at[last] === offset && this.#joins[last] === joined) this.#behind[last] = total;
    else {
      this.#at = added(this.#at, offset);
      this.#behind = added(this.#behind, total);
      this.#joins = added<number>(this.#joins, joined);
    }
  }

  #shift(index: number): number {
    return index < 0 ? 0 : this.#behind[index]!;
  }

  /** The last entry that is not past an offset; -1 when there is none. */
  #lastAt(offset: number): number {
    let low = 0;
    let high = this.#at.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#at[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The last entry before an offset, or the one at it that belongs to the unit before. */
  #lastJoined(offset: number): number {
    let index = this.#lastAt(offset);
    while (index >= 0 && this.#at[index] === offset && this.#joins[index] === 0) index--;
    return index;
  }
}

/** Entries that are kept before old ones are dropped. */
const FORGET_STEP = 1024;
