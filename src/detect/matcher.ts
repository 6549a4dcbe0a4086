import RE2 from 're2';
import { FIXED } from '../lib/limits.ts';
import type { Alphabet } from './alphabet.ts';
import { ACCEPTS_AFTER, ACCEPTS_BEFORE, type Automaton, createAutomaton, DEAD, ROW_SHIFT } from './automaton.ts';

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
  readonly pattern: Pattern;
  /**
   * The leftmost accepted candidate that begins in `[from, to)`; the text must reach `longest` units past `to`, or nothing may be alive
   * where it stops. Ends are tried longest first; a candidate that the check rejects consumes nothing.
   */
  find(haystack: Haystack, from: number, to: number): { readonly start: number; readonly end: number } | undefined;
  /** End of the first `until` match that begins at or after `from`; undefined when there is none. */
  findUntil(text: string, from: number): number | undefined;
  /** Longest `until` match. */
  readonly untilLongest: number;
}

/** Starts tried with the tree alone before RE2 is asked again: a check that fails is usually followed by another candidate close by. */
const STARTS_IN_A_ROW = 64;

/**
 * RE2 locates: the leftmost place where something like the pattern begins, in linear time. The rule's own automaton, anchored there, gives
 * every exact end (RE2 tells one), and the check decides.
 */
export function createMatcher(
  detector: Detector,
  pattern: Pattern,
  { until, alphabet }: { until: Pattern | undefined; alphabet: Alphabet },
): Matcher {
  const locator = new RE2(pattern.re2Source, 'gu');
  const untilLocator = until === undefined ? undefined : new RE2(until.re2Source, 'u');
  const untilLongest = until?.longest ?? 0;
  const checked = detector.check !== undefined || detector.nearby !== undefined;
  let anchored: Automaton | undefined;
  const ends: number[] = [];

  return {
    pattern,
    untilLongest,
    find,
    findUntil: (text, from) => {
      if (untilLocator === undefined) return undefined;
      const found = untilLocator.exec(text.slice(from));
      return found === null ? undefined : from + found.index + found[0].length;
    },
  };

  function find(haystack: Haystack, from: number, to: number): { start: number; end: number } | undefined {
    let at = from;
    while (at < to) {
      const located = locate(haystack.text, at, to);
      if (located === undefined) return undefined;
      const stop = checked ? Math.min(to, located + STARTS_IN_A_ROW) : located + 1;
      for (at = located; at < stop; at++) {
        const end = decide(haystack, at);
        if (end !== undefined && (at === located || locate(haystack.text, at, at + 1) === at)) return { start: at, end };
      }
    }
    return undefined;
  }

  /**
   * Leftmost start in `[from, to)`. RE2 converts what it is given, so it gets windows of a few match lengths instead of the whole text.
   */
  function locate(text: string, from: number, to: number): number | undefined {
    const reach = pattern.longest + 1;
    for (let at = from; at < to; ) {
      const windowEnd = Math.min(text.length, Math.min(to, at + Math.max(256, 2 * reach)) + reach);
      const context = at === 0 ? 0 : 1;
      const found = exec(text.slice(at - context, windowEnd), context);
      const sure = windowEnd === text.length ? to : Math.min(to, windowEnd - reach);
      const start = found === undefined ? Number.POSITIVE_INFINITY : at - context + found;
      if (start < sure) return start;
      at = sure;
    }
    return undefined;
  }

  function exec(window: string, from: number): number | undefined {
    locator.lastIndex = from;
    return locator.exec(window)?.index;
  }

  function decide({ text, begins, ends: lastText }: Haystack, start: number): number | undefined {
    collectEnds(text, start, { begins, ends: lastText });
    for (let i = ends.length - 1; i >= 0; i--) {
      if (accepts(text, start, ends[i]!)) return ends[i];
    }
    return undefined;
  }

  function accepts(text: string, start: number, end: number): boolean {
    if (!checked) return true;
    const candidate = text.slice(start, end);
    const before = text.slice(Math.max(0, start - FIXED.contextUnits), start);
    if (detector.check !== undefined && !detector.check(candidate, before)) return false;
    return detector.nearby === undefined || mentions((before + candidate).toLowerCase(), detector.nearby);
  }

  /** Every exact end of a match that begins at `start`, ascending, into `ends`. */
  function collectEnds(text: string, start: number, { begins, ends: lastText }: { begins: boolean; ends: boolean }): void {
    ends.length = 0;
    anchored ??= createAutomaton({ nfa: buildNfa([pattern.root], 'exact'), alphabet, fresh: false, longest: [pattern.longest] });
    const { classOf } = alphabet;
    const first = anchored.initial(
      start === 0 ? (begins ? 'start' : 'other') : alphabet.isWord[classOf[text.charCodeAt(start - 1)]!] ? 'word' : 'other',
    );
    let row = anchored.rowOf(first);
    const stop = Math.min(text.length, start + pattern.longest + 1);
    for (let i = start; i < stop; i++) {
      const unitClass = classOf[text.charCodeAt(i)]!;
      let entry = anchored.table()[row + unitClass]!;
      if (entry < 0) entry = anchored.extend(row, unitClass);
      if (entry & ACCEPTS_BEFORE) note(i);
      if (entry & ACCEPTS_AFTER) note(i + 1);
      if (entry & DEAD) return;
      row = entry >> ROW_SHIFT;
    }
    if (lastText && stop === text.length && anchored.acceptedAtEnd(anchored.stateAt(row)).length > 0) note(stop);
  }

  function note(end: number): void {
    if (ends.at(-1) !== end) ends.push(end);
  }
}

function mentions(text: string, words: readonly string[]): boolean {
  return words.some((word) => text.includes(word));
}
