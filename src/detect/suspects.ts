import type { CompiledDetector, CompiledDetectors } from './compiled-detectors.ts';
import type { Place } from './context.ts';
import { searchAt } from './placed-search.ts';

/** Patterns that are looked for at the end of a text, at most. A text with more is hardly one in which none of them matches. */
const SUSPECTS_MAX = 32;
/** Units that one search begins in: it keeps room for them. */
const SEARCHED_UNITS = 4096;

/** Where an automaton that takes more for a match than is one saw matches of a pattern end. */
interface Ends {
  first: number;
  last: number;
}

/**
 * Patterns that may match in a text. Many that ask for a word beside them, or check what they found, are in most texts about software,
 * where hardly any of them matches: they are searched for once the text is read, so that it may still be said to be quiet.
 */
export class Suspects {
  #ends: Map<number, Ends> | undefined;

  get isEmpty(): boolean {
    return this.#ends === undefined;
  }

  /** A match of a pattern may end at this offset, or one before it; in any order. False: there are too many patterns by now. */
  note(pattern: number, end: number): boolean {
    this.#ends ??= new Map();
    const known = this.#ends.get(pattern);
    if (known === undefined) this.#ends.set(pattern, { first: end - 1, last: end });
    else {
      known.first = Math.min(known.first, end - 1);
      known.last = Math.max(known.last, end);
    }
    return this.#ends.size <= SUSPECTS_MAX;
  }

  /** Whether one of them matches in a text that is whole. */
  matchIn(text: string, { parts, contexts }: CompiledDetectors): boolean {
    const suspects = [...(this.#ends ?? [])].map(([pattern, ends]) => ({ part: parts[pattern]!, ends }));
    if (suspects.some(({ part }) => part.context !== undefined)) contexts.read(text, { from: 0, to: text.length });
    return suspects.some(({ part, ends }) => {
      const range = { from: Math.max(0, ends.first - part.longest), to: Math.min(text.length, ends.last) };
      return matchesIn(text, range, { part, places: part.context === undefined ? [range] : contexts.placesOf(part.context) });
    });
  }
}

interface Sought {
  readonly part: CompiledDetector;
  readonly places: readonly Place[];
}

function matchesIn(text: string, { from, to }: Place, { part, places }: Sought): boolean {
  const haystack = { text, begins: true, ends: true };
  for (let at = from; at < to; at += SEARCHED_UNITS) {
    const window = { from: at, to: Math.min(to, at + SEARCHED_UNITS), endMax: to };
    if (searchAt(places, { part, haystack, window }).length > 0) return true;
  }
  return false;
}
