import { unitAt } from './unit-at.ts';
/** Work in slices of bounded cost, with other work between two of them; it gives its result at the end. */
export type Slices<T = void> = Generator<undefined, T, undefined>;

/** What is read of a text in one slice, in UTF-16 units. Clean prose takes a millisecond or two, what is made to be slow some ten times that. */
export const SLICE_UNITS = 4 * 1024;

/** A text in pieces of one slice each; a character that is a surrogate pair is whole in one of them. `units`: of a piece. */
export function piecesOf(text: string, units = SLICE_UNITS): Iterable<string> {
  return text.length <= units ? [text] : cutPieces(text, { first: units, most: units });
}

/** The same for readers to whom most of a text is new at its beginning: there the pieces are shorter, each twice as long as the one before. */
export function growingPiecesOf(text: string): Iterable<string> {
  return cutPieces(text, { first: SLICE_UNITS / 8, most: SLICE_UNITS });
}

function* cutPieces(text: string, { first, most }: { readonly first: number; readonly most: number }): Generator<string> {
  for (let [from, units] = [0, first]; from < text.length; units = Math.min(2 * units, most)) {
    const to = from + units + (isLeadSurrogate(unitAt(text, from + units - 1)) ? 1 : 0);
    yield text.slice(from, to);
    from = to;
  }
}

const isLeadSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

/** All slices, one after the other. */
export function atOnce<T>(slices: Slices<T>): T {
  for (;;) {
    const step = slices.next();
    if (step.done === true) return step.value;
  }
}
