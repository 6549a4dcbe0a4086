/** Work in slices of bounded cost, with other work between two of them; it gives its result at the end. */
export type Slices<T = void> = Generator<undefined, T, undefined>;

/** What is read of a text in one slice, in UTF-16 units. Clean prose takes a millisecond or two, what is made to be slow some ten times that. */
export const SLICE_UNITS = 4 * 1024;

/** A text in pieces of one slice each. */
export function* piecesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += SLICE_UNITS) yield text.slice(at, at + SLICE_UNITS);
}
