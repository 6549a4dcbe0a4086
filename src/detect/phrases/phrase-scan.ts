import { assert } from '../../lib/assert.ts';
import { FIXED } from '../../lib/limits.ts';
import { utf16Offset } from '../../lib/units.ts';
import type { Detector } from '../detector.ts';
import { parsePattern } from '../pattern.ts';
import { type Phrase, phraseOf } from '../phrase.ts';
import type { Match, Rule } from '../scan.ts';
import { TELLTALES } from '../views/disguises.ts';
import { createKeyFilter } from './key-filter.ts';
import { createTemplateReader, type TemplateReader } from './keys.ts';
import { createPhraseAutomaton, type PhraseAutomaton, type PhraseState, type Token } from './phrase-automaton.ts';
import { isWordUnit, TOKEN_UNITS_MAX, type Words } from './words.ts';

/** Phrase detectors made ready, once for every engine that has some of them. */
export interface CompiledPhrases {
  /** Those that are read by words; the others need the automaton of units. */
  readonly detectors: readonly Detector[];
  /** False: no match of any phrase is in the folded text, and no telltale word. */
  mayMatch(text: string): boolean;
  /** Matches of the rules in a folded text that is whole, by start for each rule in turn. */
  search(text: string, cut: Words, rules: ReadonlyMap<Detector, Rule>): Match[];
}

interface Part {
  readonly detector: Detector;
  readonly keys: ReadonlySet<string>;
  /** Made when one of its keys is first seen: most never are. */
  automaton(): PhraseAutomaton;
}

const NO_PARTS: readonly number[] = [];

/** Tokens that are known by their text. More, and they are forgotten. */
const TOKENS_MAX = 1 << 15;

export function compilePhrases(detectors: readonly Detector[]): CompiledPhrases {
  const reader = createTemplateReader();
  const parts = detectors.flatMap((detector) => partOf(detector, reader) ?? []);
  const partsOfKey = new Map<string, number[]>();
  parts.forEach(({ keys }, i) => {
    for (const word of keys) partsOfKey.set(word, [...(partsOfKey.get(word) ?? []), i]);
  });
  const secondWords = new Set(Array.from(partsOfKey.keys(), (key) => key.split(' ')[1]).filter((word) => word !== undefined));
  let tokens = new Map<string, Token>();
  const filter = createKeyFilter([...partsOfKey.keys(), ...TELLTALES]);
  return { detectors: parts.map(({ detector }) => detector), mayMatch: (text) => parts.length > 0 && filter.mayHave(text), search };

  function search(text: string, cut: Words, rules: ReadonlyMap<Detector, Rule>): Match[] {
    const matches: Match[] = [];
    /** For each part: the next word that was not tried, and where its next match may begin. */
    const untried: number[] = [];
    const free: number[] = [];
    cut.words.forEach((word, i) => {
      const alone = partsOfKey.get(word) ?? NO_PARTS;
      const paired = secondWords.has(word) && i > 0 ? (partsOfKey.get(`${cut.words[i - 1]!} ${word}`) ?? NO_PARTS) : NO_PARTS;
      for (const number of paired.length === 0 ? alone : [...alone, ...paired]) {
        const part = parts[number]!;
        const rule = rules.get(part.detector);
        if (rule === undefined) continue;
        const { firstWords, longest } = part.automaton();
        let at = i;
        while (at > (untried[number] ?? 0) && cut.ends[i]! - cut.starts[at - 1]! <= longest) at--;
        for (; at <= i; at++) {
          const start = cut.starts[at]!;
          if (start < (free[number] ?? 0) || firstWords?.has(cut.words[at]!) === false) continue;
          const end = endOfMatch(text, cut, at, part);
          if (end === undefined) continue;
          free[number] = end;
          matches.push({ rule, start: utf16Offset(start), end: utf16Offset(end) });
        }
        untried[number] = i + 1;
      }
    });
    return matches;
  }

  /** The longest match that begins at a token and that the detector's check accepts. */
  function endOfMatch(text: string, { starts, ends }: Words, first: number, { automaton, detector }: Part): number | undefined {
    const { start: begin, step, longest } = automaton();
    const start = starts[first]!;
    if (start > 0 && text.charCodeAt(start - 1) === UNDERSCORE) return undefined;
    const found: number[] = [];
    let state: PhraseState | undefined = begin;
    for (let i = first; i < starts.length && state !== undefined; i++) {
      read(starts[i]!, ends[i]!);
      // A match may end before the next word, behind a colon; an underscore belongs to what stands beside it, as for a word boundary.
      const next = starts[i + 1] ?? text.lastIndexOf('_', start + longest) + 1;
      for (let at = ends[i]!; at < next && state !== undefined; ) {
        const end = separatorsEnd(text, at, next);
        read(at, end);
        at = end;
      }
    }
    return found.findLast((end) => isAccepted(detector, text, start, end));

    function read(from: number, to: number): void {
      state = to - start > longest ? undefined : step(state!, tokenOf(text.slice(from, to)));
      if (state?.accepts && isInWord(text, to - 1) !== isInWord(text, to)) found.push(to);
    }
  }

  function tokenOf(text: string): Token {
    const known = tokens.get(text);
    if (known !== undefined) return known;
    const token: Token = { text };
    if (text.length > TOKEN_UNITS_MAX) return token;
    if (tokens.size >= TOKENS_MAX) tokens = new Map();
    tokens.set(text, token);
    return token;
  }
}

const UNDERSCORE = 0x5f;

/** Where the separators at an offset become underscores, or the underscores something else. */
function separatorsEnd(text: string, from: number, to: number): number {
  const isUnderscore = text.charCodeAt(from) === UNDERSCORE;
  let end = from + 1;
  while (end < to && (text.charCodeAt(end) === UNDERSCORE) === isUnderscore) end++;
  return end;
}

/** Whether a word boundary takes the unit at an offset for one of a word; none is behind the text. */
function isInWord(text: string, at: number): boolean {
  return at < text.length && (text.charCodeAt(at) === UNDERSCORE || isWordUnit(text.charCodeAt(at)));
}

/** What is known of the phrases of detectors, whatever list they are in; undefined for those that are not read by words. */
const PARTS = new WeakMap<Detector, Part | undefined>();

function partOf(detector: Detector, reader: TemplateReader): Part | undefined {
  if (!PARTS.has(detector)) PARTS.set(detector, readPart(detector, reader));
  return PARTS.get(detector);
}

/** Undefined for a detector that is no phrase, or one without words to look for it by. */
function readPart(detector: Detector, { keysOf, beginsWithWord }: TemplateReader): Part | undefined {
  const phrase = phraseOf(detector.pattern);
  if (phrase === undefined || detector.until !== undefined || !phrase.templates.every(beginsWithWord)) return undefined;
  const keys = phrase.templates.map(keysOf);
  if (keys.includes(undefined)) return undefined;
  return { detector, keys: new Set(keys.flatMap((words) => [...words!])), automaton: lazily(phrase.inner) };
}

/** Reads the pattern when one of its keys is first seen: a phrase is a large one. */
function lazily(inner: Phrase['inner']): () => PhraseAutomaton {
  let made: PhraseAutomaton | undefined;
  return () => {
    if (made !== undefined) return made;
    const parsed = parsePattern(inner);
    assert(parsed.ok, 'patterns are checked before an engine is made');
    made = createPhraseAutomaton(parsed.pattern);
    return made;
  };
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
