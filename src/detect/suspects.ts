import { FIXED } from '../lib/limits.ts';
import type { Slices } from '../lib/slices.ts';
import type { CompiledDetector, CompiledDetectors } from './compiled-detectors.ts';
import type { Place } from './context.ts';
import { searchAt } from './placed-search.ts';

/** Patterns that are looked for behind a part of a text, at most. A part with more is hardly one in which none of them matches. */
const SUSPECTS_MAX = 32;

/** Where an automaton that takes more for a match than is one saw matches of a pattern end. */
interface Ends {
  first: number;
  last: number;
}

/**
 * Patterns that may match with an end in some part of a text. Many that ask for a word beside them, or check what they found, end in most
 * texts about software, and hardly any of them matches there: they are searched for, so that the text may still be said to be quiet.
 */
export class Suspects {
  #ends: Map<number, Ends> | undefined;

  get isEmpty(): boolean {
    return this.#ends === undefined;
  }

  clear(): void {
    this.#ends = undefined;
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

  /**
   * Whether one of them matches in a text that is whole, with such an end. One pattern in each step, whose tables may have to be made; those
   * that ask for a context, which is read for all of them, in one.
   */
  *matchIn(text: string, { parts, contexts }: CompiledDetectors): Slices<boolean> {
    const suspects = [...(this.#ends ?? [])].map(([pattern, { first, last }]): Suspect => {
      const part = parts[pattern]!;
      return { part, from: Math.max(0, first - part.longest), to: Math.min(text.length, last) };
    });
    const inContext = suspects.filter(({ part }) => part.context !== undefined);
    if (inContext.length > 0) {
      const from = Math.min(...inContext.map((suspect) => suspect.from)) - FIXED.contextUnits;
      contexts.read(text, { from: Math.max(0, from), to: Math.max(...inContext.map((suspect) => suspect.to)) });
      if (inContext.some((suspect) => matchesAt(contexts.placesOf(suspect.part.context!), text, suspect))) return true;
      yield;
    }
    for (const suspect of suspects) {
      if (suspect.part.context !== undefined) continue;
      if (matchesAt([suspect], text, suspect)) return true;
      yield;
    }
    return false;
  }
}

function matchesAt(places: readonly Place[], text: string, { part, from, to }: Suspect): boolean {
  return searchAt(places, { part, haystack: { text, begins: true, ends: true }, window: { from, to, endMax: to } }).length > 0;
}

/** A detector, and where its matches lie. */
interface Suspect extends Place {
  readonly part: CompiledDetector;
}
