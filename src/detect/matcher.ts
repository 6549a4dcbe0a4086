import { FIXED } from '../lib/limits.ts';
import { once } from '../lib/once.ts';
import { unitAt } from '../lib/unit-at.ts';
import type { Alphabet } from './alphabet.ts';
import {
  ACCEPTS,
  ACCEPTS_AFTER,
  ACCEPTS_BEFORE,
  type Automaton,
  type Before,
  beforeOf,
  createAutomaton,
  DEAD,
  ROW_SHIFT,
} from './automaton.ts';
import { createLuhnSums } from './checks/luhn.ts';
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

/** Where matches are looked for, in offsets of the text. */
export interface SearchWindow {
  /** A match begins in `[from, to)`. The text must reach as far as any of them can, or nothing may be alive where it stops. */
  readonly from: number;
  readonly to: number;
  /** No match ends after this offset. */
  readonly endMax: number;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The exact decision of one rule. */
export interface Matcher {
  /**
   * Every match in the window, by start: the leftmost accepted candidate, then the leftmost that begins where it ended, and so on. Ends are
   * tried longest first; a candidate that the check rejects consumes nothing.
   */
  search(haystack: Haystack, window: SearchWindow): readonly Span[];
}

export interface MatcherOptions {
  readonly detector: Pick<Detector, 'check' | 'checksum' | 'context' | 'matchUnits' | 'nearby'>;
  /** Longest match, in units. */
  readonly longest: number;
  /** Reads the pattern: asked when the first candidate comes, for most rules never. */
  readonly pattern: () => Pattern;
  readonly alphabet: Alphabet;
}

/** An exact count needs a state for each step: those of a JWT are 4,100 together, and making them anew for each token takes 5 ms. */
const EXACT_STATES_MAX = 1 << 14;

/**
 * One pass from right to left over the window marks where a match can begin; from there the rule's exact automaton lists the ends, and the
 * check decides. All of it is made when first needed: most rules never match.
 */
export function createMatcher(options: MatcherOptions): Matcher {
  const made = once(() => openMatcher(options));
  return { search: (haystack, window) => made().search(haystack, window) };
}

function openMatcher({ detector, longest, pattern, alphabet }: MatcherOptions): Matcher {
  const { check, checksum, context, matchUnits, nearby } = detector;
  const isChecked = check !== undefined || context !== undefined || nearby !== undefined;
  /** Classes of the window's units, from `classesFrom` on: a string that was cut from another is slow to read again and again. */
  let classes = new Uint16Array(256);
  let classesFrom = 0;
  const luhn = checksum === 'luhn' ? createLuhnSums() : undefined;
  const starts: number[] = [];
  const ends: number[] = [];
  let forward: Automaton | undefined;
  let backward: Automaton | undefined;

  return { search };

  function search(haystack: Haystack, window: SearchWindow): readonly Span[] {
    collectStarts(haystack.text, window);
    if (starts.length > 0) luhn?.read(haystack.text, { from: window.from, to: window.endMax });
    const found: Span[] = [];
    let free = window.from;
    for (let i = starts.length - 1; i >= 0; i--) {
      const start = starts[i]!;
      if (start < free) continue;
      collectEnds(haystack, { start, endMax: window.endMax });
      const end = isChecked ? accepted(haystack.text, start) : ends.at(-1);
      if (end === undefined) continue;
      found.push({ start, end });
      free = end;
    }
    return found;
  }

  /** Every offset in `[from, to)` where a match can begin, descending, into `starts`. */
  function collectStarts(text: string, { from, to, endMax }: SearchWindow): void {
    starts.length = 0;
    backward ??= createAutomaton({ nfa: buildNfa([pattern().root], 'loose', 'backward'), alphabet, fresh: true, longest: [longest] });
    readClasses(text, from, endMax);
    const { columnOf } = backward;
    const [units, unitsFrom] = [classes, classesFrom];
    let row = backward.rowOf(backward.initial(contextOf(alphabet, text, endMax)));
    let table = backward.table();
    let last = to;
    for (let i = endMax - 1; i >= unitsFrom; i--) {
      const column = columnOf[units[i - unitsFrom]!]!;
      let entry = table[row + column]!;
      if (entry < 0) {
        entry = backward.extend(row, column);
        table = backward.table();
      }
      row = entry >> ROW_SHIFT;
      if ((entry & ACCEPTS) === 0) continue;
      if (entry & ACCEPTS_BEFORE && i + 1 < last) {
        last = i + 1;
        starts.push(last);
      }
      if (entry & ACCEPTS_AFTER && i < last && i >= from) {
        last = i;
        starts.push(last);
      }
    }
    if (from === 0 && last > 0 && backward.acceptedAtEnd(backward.stateAt(row)).length > 0) starts.push(0);
  }

  /** Reads the units of the window and one on either side, which may decide a word boundary. */
  function readClasses(text: string, from: number, endMax: number): void {
    classesFrom = Math.max(0, from - 1);
    const stop = Math.min(text.length, endMax + 1);
    const { classOf } = alphabet;
    if (stop - classesFrom > classes.length) classes = new Uint16Array(2 * (stop - classesFrom));
    const [units, unitsFrom] = [classes, classesFrom];
    for (let i = unitsFrom; i < stop; i++) units[i - unitsFrom] = classOf[unitAt(text, i)]!;
  }

  /** Where the match ends of the longest candidate that the check accepts, if the context does. */
  function accepted(text: string, start: number): number | undefined {
    let before: string | undefined;
    let isInContext = context === undefined;
    for (let i = ends.length - 1; i >= 0; i--) {
      if (luhn?.passes(start, ends[i]!) === false) continue;
      before ??= text.slice(Math.max(0, start - FIXED.contextUnits), start);
      const candidate = text.slice(start, ends[i]);
      if (check !== undefined && !check(candidate, before)) continue;
      if (nearby !== undefined && !mentions((before + candidate).toLowerCase(), nearby)) continue;
      isInContext ||= context!(before);
      if (!isInContext) return undefined; // what stands before is the same for all ends
      return matchUnits === undefined ? ends[i] : start + matchUnits(candidate);
    }
    return undefined;
  }

  /** Every exact end of a match that begins at `start`, ascending, into `ends`; only the last one when nothing is checked. */
  function collectEnds({ text, begins, ends: isWhole }: Haystack, { start, endMax }: { start: number; endMax: number }): void {
    ends.length = 0;
    forward ??= createAutomaton({
      nfa: buildNfa([pattern().root], 'exact'),
      alphabet,
      fresh: false,
      longest: [longest],
      statesMax: EXACT_STATES_MAX,
    });
    const { columnOf } = forward;
    const [units, unitsFrom] = [classes, classesFrom];
    let row = forward.rowOf(forward.initial(start === 0 && begins ? 'start' : contextOf(alphabet, text, start - 1)));
    let table = forward.table();
    let last = start;
    const stop = Math.min(text.length, endMax + 1, start + longest + 1);
    for (let i = start; i < stop; i++) {
      const column = columnOf[units[i - unitsFrom]!]!;
      let entry = table[row + column]!;
      if (entry < 0) {
        entry = forward.extend(row, column);
        table = forward.table();
      }
      row = entry >> ROW_SHIFT;
      if ((entry & (ACCEPTS | DEAD)) === 0) continue;
      if (entry & ACCEPTS_BEFORE && i > last) {
        last = i;
        ends[isChecked ? ends.length : 0] = last;
      }
      if (entry & ACCEPTS_AFTER) {
        last = i + 1;
        ends[isChecked ? ends.length : 0] = last;
      }
      if (entry & DEAD) return;
    }
    if (isWhole && stop === text.length && stop > last && forward.acceptedAtEnd(forward.stateAt(row)).length > 0)
      ends[isChecked ? ends.length : 0] = stop;
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
  readonly until: () => Pattern;
  readonly alphabet: Alphabet;
}): (text: string, from: number) => EndSearch {
  let automaton: Automaton | undefined;
  return (openedIn, openedAt) => {
    automaton ??= createAutomaton({ nfa: buildNfa([until().root], 'exact'), alphabet, fresh: true, longest: [until().longest] });
    const states = automaton;
    let state = states.initial(contextOf(alphabet, openedIn, openedAt - 1));
    return {
      read(text, from) {
        let row = states.rowOf(state);
        const { length } = text;
        for (let i = from; i < length; i++) {
          const column = states.columnOf[alphabet.classOf[unitAt(text, i)]!]!;
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

/** What stands at an offset beside a match; outside the text it is unknown and counts as other. */
function contextOf({ classOf, kindOf }: Alphabet, text: string, offset: number): Before {
  return offset < 0 || offset >= text.length ? 'other' : beforeOf(kindOf[classOf[unitAt(text, offset)]!]!);
}

function mentions(text: string, words: readonly string[]): boolean {
  return words.some((word) => text.includes(word));
}
