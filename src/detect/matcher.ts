import RE2 from 're2';
import { FIXED } from '../lib/limits.ts';
import type { Alphabet } from './alphabet.ts';
import { ACCEPTS_AFTER, ACCEPTS_BEFORE, type Automaton, type Before, beforeOf, createAutomaton, DEAD, ROW_SHIFT } from './automaton.ts';
import type { Detector } from './detector.ts';
import { buildNfa } from './nfa.ts';
import type { Pattern } from './pattern.ts';

/** Text a matcher may look at. */
export interface Haystack {
  readonly text: string;
  /** Whether the lane begins at offset 0 of `text`; otherwise offset 0 is context that no match may begin before. */
  readonly begins: boolean;
  /** Whether the lane ends where `text` ends. */
  readonly ends: boolean;
}

/** The exact decision of one rule. */
export interface Matcher {
  /**
   * The leftmost accepted candidate that begins in `[from, to)`; the text must reach `longest` units past `to`, or nothing may be alive
   * where it stops. Ends are tried longest first; a candidate that the check rejects consumes nothing.
   */
  find(haystack: Haystack, from: number, to: number): { readonly start: number; readonly end: number } | undefined;
}

export interface MatcherOptions {
  readonly detector: Pick<Detector, 'check' | 'nearby'>;
  readonly pattern: Pattern;
  readonly alphabet: Alphabet;
}

/** Units that are read with the rule's own automaton before RE2 is asked where to go on; at least one longest match. */
const DIRECT_UNITS = 256;

/** An exact count needs a state for each step: those of a JWT are 4,100 together, and making them anew for each token takes 5 ms. */
const ANCHORED_STATES_MAX = 1 << 14;

/**
 * The rule's own automaton, anchored at one start after the other, gives every exact end (RE2 tells one), and the check decides. Where many
 * starts fail, RE2 locates the next one that is worth a try, in linear time. Both are made when first needed: most rules never match.
 */
export function createMatcher({ detector, pattern, alphabet }: MatcherOptions): Matcher {
  const { check, nearby } = detector;
  const checked = check !== undefined || nearby !== undefined;
  const directUnits = Math.max(DIRECT_UNITS, pattern.longest);
  const ends: number[] = [];
  let anchored: Automaton | undefined;
  let locator: RE2 | undefined;

  return { find };

  function find(haystack: Haystack, from: number, to: number): { start: number; end: number } | undefined {
    let budget = directUnits;
    for (let at = from; at < to; at++) {
      if (budget <= 0) {
        const located = locate(haystack.text, at, to);
        if (located === undefined) return undefined;
        at = located;
        budget = directUnits;
      }
      budget -= collectEnds(haystack, at);
      const end = ends.length === 0 ? undefined : accepted(haystack.text, at);
      if (end !== undefined) return { start: at, end };
    }
    return undefined;
  }

  /** The longest of `ends` that the check accepts. */
  function accepted(text: string, start: number): number | undefined {
    if (!checked) return ends.at(-1);
    const before = text.slice(Math.max(0, start - FIXED.contextUnits), start);
    for (let i = ends.length - 1; i >= 0; i--) {
      const candidate = text.slice(start, ends[i]);
      if (check !== undefined && !check(candidate, before)) continue;
      if (nearby === undefined || mentions((before + candidate).toLowerCase(), nearby)) return ends[i];
    }
    return undefined;
  }

  /** Every exact end of a match that begins at `start`, ascending, into `ends`. Gives how many units it read. */
  function collectEnds({ text, begins, ends: isWhole }: Haystack, start: number): number {
    ends.length = 0;
    anchored ??= createAutomaton({
      nfa: buildNfa([pattern.root], 'exact'),
      alphabet,
      fresh: false,
      longest: [pattern.longest],
      statesMax: ANCHORED_STATES_MAX,
    });
    const { columnOf } = anchored;
    const { classOf } = alphabet;
    let row = anchored.rowOf(anchored.initial(start === 0 && begins ? 'start' : beforeUnit(alphabet, text, start)));
    let table = anchored.table();
    const stop = Math.min(text.length, start + pattern.longest + 1);
    for (let i = start; i < stop; i++) {
      const column = columnOf[classOf[text.charCodeAt(i)]!]!;
      let entry = table[row + column]!;
      if (entry < 0) {
        entry = anchored.extend(row, column);
        table = anchored.table();
      }
      if (entry & ACCEPTS_BEFORE) note(i);
      if (entry & ACCEPTS_AFTER) note(i + 1);
      if (entry & DEAD) return i + 1 - start;
      row = entry >> ROW_SHIFT;
    }
    if (isWhole && stop === text.length && anchored.acceptedAtEnd(anchored.stateAt(row)).length > 0) note(stop);
    return stop - start;
  }

  function note(end: number): void {
    if (ends.at(-1) !== end) ends.push(end);
  }

  /**
   * Leftmost start in `[from, to)`. RE2 converts what it is given, so it gets windows of a few match lengths instead of the whole text,
   * and well-formed ones: a lone surrogate would take the character after it along (re2 1.27.1).
   */
  function locate(text: string, from: number, to: number): number | undefined {
    const reach = pattern.longest + 1;
    for (let at = isInsidePair(text, from) ? from + 1 : from; at < to; ) {
      const windowEnd = Math.min(text.length, Math.min(to, at + Math.max(DIRECT_UNITS, 2 * reach)) + reach);
      const context = at === 0 ? 0 : 1;
      const found = exec(text.slice(at - context, windowEnd).toWellFormed(), context);
      const sure = windowEnd === text.length ? to : Math.min(to, windowEnd - reach);
      const start = found === undefined ? Number.POSITIVE_INFINITY : at - context + found;
      if (start < sure) return start;
      at = isInsidePair(text, sure) ? sure + 1 : sure;
    }
    return undefined;
  }

  function exec(window: string, from: number): number | undefined {
    locator ??= new RE2(pattern.re2Source(), 'gu');
    locator.lastIndex = from;
    return locator.exec(window)?.index;
  }
}

/** Reads text for the end marker of a block, as it comes. */
export interface EndSearch {
  /** One past the first match of the marker (the lowest end), once there is one. Call again with text that follows directly. */
  read(text: string, from: number): number | undefined;
}

/** Searches that begin behind a start marker. The pattern's automaton is made when first needed and shared by all of them. */
export function createEndSearches({
  until,
  alphabet,
}: {
  readonly until: Pattern;
  readonly alphabet: Alphabet;
}): (text: string, from: number) => EndSearch {
  let automaton: Automaton | undefined;
  return (openedIn, openedAt) => {
    automaton ??= createAutomaton({ nfa: buildNfa([until.root], 'exact'), alphabet, fresh: true, longest: [until.longest] });
    const states = automaton;
    let state = states.initial(beforeUnit(alphabet, openedIn, openedAt));
    return {
      read(text, from) {
        let row = states.rowOf(state);
        for (let i = from; i < text.length; i++) {
          const column = states.columnOf[alphabet.classOf[text.charCodeAt(i)]!]!;
          let entry = states.table()[row + column]!;
          if (entry < 0) entry = states.extend(row, column);
          if (entry & ACCEPTS_BEFORE) return i;
          if (entry & ACCEPTS_AFTER) return i + 1;
          row = entry >> ROW_SHIFT;
        }
        state = states.stateAt(row);
        return undefined;
      },
    };
  };
}

/** What stands before an offset; the text before offset 0 is unknown and counts as other. */
function beforeUnit({ classOf, kindOf }: Alphabet, text: string, offset: number): Before {
  return offset === 0 ? 'other' : beforeOf(kindOf[classOf[text.charCodeAt(offset - 1)]!]!);
}

const isLead = (unit: number): boolean => (unit & 0xfc00) === 0xd800;
const isTrail = (unit: number): boolean => (unit & 0xfc00) === 0xdc00;

/** Whether an offset stands between the two halves of a surrogate pair. */
function isInsidePair(text: string, offset: number): boolean {
  return offset > 0 && isLead(text.charCodeAt(offset - 1)) && isTrail(text.charCodeAt(offset));
}

function mentions(text: string, words: readonly string[]): boolean {
  return words.some((word) => text.includes(word));
}
