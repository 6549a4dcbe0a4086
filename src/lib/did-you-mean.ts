import { closest } from './closest.ts';

/** `; did you mean "x"?` for the known word nearest to what was written, or the empty text when none is near. */
export function didYouMean(written: string, known: readonly string[]): string {
  const near = closest(written, known);
  return near === undefined ? '' : `; did you mean "${near}"?`;
}
