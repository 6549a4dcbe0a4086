import { FIXED } from '../../lib/limits.ts';
import { utf16Offset } from '../../lib/units.ts';
import type { Detector } from '../detector.ts';
import { type Glance, glanceAt, quietGlanceAt } from '../glance.ts';
import type { QuietWalk } from '../quiet-walk.ts';
import type { Match, Rule } from '../scan.ts';
import { TELLTALES } from '../views/disguises.ts';
import { createKeyFilter } from './key-filter.ts';
import { createTemplateReader } from './keys.ts';
import { createPartFilters } from './part-filters.ts';
import { type Part, partsOf } from './phrase-parts.ts';
import { type Candidate, createPhraseReading, type PhraseReading } from './phrase-reading.ts';
import { createTokenTable } from './tokens.ts';
import type { Words } from './words.ts';

/** Phrase detectors made ready, once for every engine that has some of them. */
export interface CompiledPhrases {
  /** Those that are read by words; the others need the automaton of units. */
  readonly detectors: readonly Detector[];
  /** What one pass over a folded text says, with its words. */
  glance(text: string): Glance;
  /** The same; undefined where a match of the walk counts. */
  quietGlance(text: string, walk: QuietWalk): Glance | undefined;
  /** Matches of the rules in a folded text that is whole, by start for each rule in turn. Asked with the same map, it is faster. */
  search(text: string, words: Words, rules: ReadonlyMap<Detector, Rule>): Match[];
}

export function compilePhrases(detectors: readonly Detector[]): CompiledPhrases {
  const parts = readAll(detectors);
  const filter = createKeyFilter(keysOf(parts));
  const shared = { tokens: createTokenTable(), filters: createPartFilters(parts) };
  const readings = new WeakMap<ReadonlyMap<Detector, Rule>, PhraseReading>();
  return {
    detectors: [...new Set(parts.map(({ detector }) => detector))],
    glance: (text) => glanceAt(text, filter),
    quietGlance: (text, walk) => quietGlanceAt(text, filter, walk),
    search,
  };

  function search(text: string, words: Words, rules: ReadonlyMap<Detector, Rule>): Match[] {
    const candidates = readingOf(rules).candidatesIn(text, words, filter);
    if (candidates.length === 0) return [];
    const matches: Match[] = [];
    for (const [detector, some] of Map.groupBy(candidates, ({ part }) => part.detector))
      for (const { start, end } of spansOf(text, words, some)) matches.push({ rule: rules.get(detector)!, start, end });
    return matches;
  }

  function readingOf(rules: ReadonlyMap<Detector, Rule>): PhraseReading {
    const reading = readings.get(rules) ?? createPhraseReading(parts, shared, ({ detector }) => rules.has(detector));
    readings.set(rules, reading);
    return reading;
  }
}

/** The parts of all that are read by words; the reader, who knows a lot by then, is gone behind it. */
function readAll(detectors: readonly Detector[]): readonly Part[] {
  const reader = createTemplateReader();
  return detectors.flatMap((detector) => partsOf(detector, reader) ?? []);
}

/** The matches of one detector among what may be some: the longest that begins at a word, the next behind its end. */
function spansOf(text: string, { starts }: Words, candidates: readonly Candidate[]): readonly Span[] {
  const spans: Span[] = [];
  let free = 0;
  for (const [at, some] of Map.groupBy(candidates, (candidate) => candidate.at)) {
    const start = starts[at]!;
    if (start < free) continue;
    const end = Math.max(0, ...some.map((candidate) => acceptedEnd(text, start, candidate)));
    if (end === 0) continue;
    free = end;
    spans.push({ start: utf16Offset(start), end: utf16Offset(end) });
  }
  return spans;
}

type Span = Pick<Match, 'start' | 'end'>;

/** The last end that the detector's check accepts; 0 for none. */
function acceptedEnd(text: string, start: number, { part, ends }: Candidate): number {
  return ends.findLast((end) => isAccepted(part.detector, text, start, end)) ?? 0;
}

/** The parts under each of their keys, by number. */
function keysOf(parts: readonly Part[]): ReadonlyMap<string, readonly number[]> {
  const byKey = new Map<string, number[]>([...TELLTALES].map((word) => [word, []]));
  parts.forEach(({ keys }, number) => {
    for (const key of keys) {
      const known = byKey.get(key);
      if (known === undefined) byKey.set(key, [number]);
      else known.push(number);
    }
  });
  return byKey;
}

function isAccepted({ check, context, nearby }: Detector, text: string, start: number, end: number): boolean {
  if (check === undefined && context === undefined && nearby === undefined) return true;
  const before = text.slice(Math.max(0, start - FIXED.contextUnits), start);
  const candidate = text.slice(start, end);
  if (check !== undefined && !check(candidate, before)) return false;
  if (context !== undefined && !context(before)) return false;
  const around = (before + candidate).toLowerCase();
  return nearby === undefined || nearby.some((word) => around.includes(word));
}
