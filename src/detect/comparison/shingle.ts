import { unitAt } from '../../lib/unit-at.ts';
import { LETTERS } from './letters.ts';

/** Letters of one shingle. Two texts that share a passage share every shingle of it. */
export const SHINGLE_LETTERS = 12;
/** Letters of a gram: what a shingle is made of three times. */
export const GRAM_LETTERS = 4;

/** The number of a shingle from its three grams, each the low bytes of its four letters. */
export function shingleOf(first: number, second: number, third: number): number {
  const mixed = Math.imul(third ^ Math.imul(second, 0x85eb_ca6b), 0x9e37_79b1) ^ Math.imul(first, 0xc2b2_ae35);
  return Math.imul(mixed ^ (mixed >>> 15), 0x2c1b_3c6d);
}

/** Told of a gram, and of the shingle that ends with it; the shingle is undefined for the first letters of a text. */
type TakeShingle = (gram: number, shingle: number | undefined) => void;

/** Calls back with every gram and every shingle of a folded text, in order, however it is cut. */
export class ShingleReader {
  readonly #take: TakeShingle;
  readonly #history = new Int32Array(8);
  #gram = 0;
  #letters = 0;

  constructor(take: TakeShingle) {
    this.#take = take;
  }

  push(text: string): void {
    const history = this.#history;
    let [gram, letters] = [this.#gram, this.#letters];
    const { length } = text;
    for (let i = 0; i < length; i++) {
      const letter = LETTERS[unitAt(text, i)]!;
      if (letter === 0) continue;
      const slot = letters & 7;
      const first = history[slot]!;
      gram = (gram << 8) | (letter & 0xff);
      history[slot] = gram;
      letters++;
      if (letters >= GRAM_LETTERS) this.#take(gram, letters >= SHINGLE_LETTERS ? shingleOf(first, history[slot ^ 4]!, gram) : undefined);
    }
    [this.#gram, this.#letters] = [gram, letters];
  }
}
