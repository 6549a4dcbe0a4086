import { assert } from '../../lib/assert.ts';
import { FIXED } from '../../lib/limits.ts';
import { once } from '../../lib/once.ts';
import { utf16Offset } from '../../lib/units.ts';
import type { Detector } from '../detector.ts';
import { type Pattern, parsePattern } from '../pattern.ts';
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
  /** The words of a folded text; undefined where no match of any phrase is in it, and no telltale word. */
  wordsOf(text: string): Words | undefined;
  /** Matches of the rules in a folded text that is whole, by start for each rule in turn. */
  search(text: string, cut: Words, rules: ReadonlyMap<Detector, Rule>): Match[];
}

/** A template of a detector's phrase. */
interface Part {
  readonly detector: Detector;
  readonly keys: ReadonlySet<string>;
  /** Made when one of its keys is first seen: most never are. */
  automaton(): PhraseAutomaton;
  /** Units from the start of a match to the end of its key, at most. */
  reach(): number;
}

/** A place where a part may match. */
interface Try {
  /** Number of the word. */
  readonly at: number;
  readonly part: Part;
}

/** A text with what is known of its words' tokens: a word is looked at by many tries. */
interface TokenizedText extends Pick<Words, 'starts' | 'ends'> {
  readonly text: string;
  readonly tokens: (Token | undefined)[];
}

/** Tokens that are known by their text. More, and they are forgotten. */
const TOKENS_MAX = 1 << 15;

export function compilePhrases(detectors: readonly Detector[]): CompiledPhrases {
  const reader = createTemplateReader();
  const known = detectors.filter((detector) => partsOf(detector, reader) !== undefined);
  const filter = createKeyFilter(keysOf(known.flatMap((detector) => partsOf(detector, reader)!)));
  let tokens = new Map<string, Token>();
  return { detectors: known, wordsOf, search };

  function wordsOf(text: string): Words | undefined {
    if (known.length === 0 || !filter.mayHave(text)) return undefined;
    return filter.cut(text);
  }

  function search(text: string, cut: Words, rules: ReadonlyMap<Detector, Rule>): Match[] {
    const matches: Match[] = [];
    const tokenized: TokenizedText = { text, starts: cut.starts, ends: cut.ends, tokens: [] };
    for (const [detector, tries] of triesIn(cut, rules)) {
      const rule = rules.get(detector)!;
      let free = 0;
      tries.sort((a, b) => a.at - b.at);
      for (let i = 0; i < tries.length; ) {
        const { at } = tries[i]!;
        const start = cut.starts[at]!;
        let end = 0;
        for (; tries[i]?.at === at; i++) if (start >= free) end = Math.max(end, endOfMatch(tokenized, tries[i]!) ?? 0);
        if (end === 0) continue;
        free = end;
        matches.push({ rule, start: utf16Offset(start), end: utf16Offset(end) });
      }
    }
    return matches;
  }

  /** For each detector of the rules, where its parts may match: at a word that one can begin with, within reach of one of its keys. */
  function triesIn(cut: Words, rules: ReadonlyMap<Detector, Rule>): ReadonlyMap<Detector, Try[]> {
    const tries = new Map<Detector, Try[]>();
    const seen = new Map<Part, { readonly tries: Try[]; untried: number } | undefined>();
    for (const i of cut.keys) {
      for (const part of filter.listed(cut, i)) {
        if (!seen.has(part)) {
          const own = tries.get(part.detector) ?? [];
          seen.set(part, rules.has(part.detector) ? { tries: own, untried: 0 } : undefined);
          if (rules.has(part.detector)) tries.set(part.detector, own);
        }
        const state = seen.get(part);
        if (state === undefined) continue;
        const { mayBegin } = part.automaton();
        for (let at = firstWithin(cut, i, { units: part.reach(), from: state.untried }); at <= i; at++)
          if (mayBegin(cut.hashes[at]!)) state.tries.push({ at, part });
        state.untried = i + 1;
      }
    }
    return tries;
  }

  /** The longest match that begins at a word and that the detector's check accepts. */
  function endOfMatch({ text, starts, ends, tokens: known }: TokenizedText, { at: first, part }: Try): number | undefined {
    const { start: begin, step, longest } = part.automaton();
    const start = starts[first]!;
    if (start > 0 && text.charCodeAt(start - 1) === UNDERSCORE) return undefined;
    const found: number[] = [];
    let state: PhraseState | undefined = begin;
    for (let i = first; i < starts.length; i++) {
      // A match may end before the next word, behind a colon; an underscore belongs to what stands beside it, as for a word boundary.
      const next = starts[i + 1] ?? text.lastIndexOf('_', start + longest) + 1;
      for (let from = starts[i]!, to = ends[i]!; ; ) {
        if (to - start > longest) return accepted();
        const isWord = from === starts[i];
        const token = (isWord ? known[i] : undefined) ?? tokenOf(text.slice(from, to));
        if (isWord) known[i] = token;
        state = step(state, token);
        if (state === undefined) return accepted();
        if (state.accepts && isInWord(text, to - 1) !== isInWord(text, to)) found.push(to);
        if (to >= next) break;
        from = to;
        to = separatorsEnd(text, from, next);
      }
    }
    return accepted();

    function accepted(): number | undefined {
      return found.findLast((end) => isAccepted(part.detector, text, start, end));
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

/** The first word, not before `from`, from whose start to the end of another there are at most so many units; that other one if it is longer. */
function firstWithin({ starts, ends }: Words, number: number, { units, from }: { readonly units: number; readonly from: number }): number {
  const end = ends[number]!;
  let first = number;
  while (first > from && end - starts[first - 1]! <= units) first--;
  return first;
}

function keysOf(parts: readonly Part[]): ReadonlyMap<string, readonly Part[]> {
  const byKey = new Map<string, Part[]>([...TELLTALES].map((word) => [word, []]));
  for (const part of parts) {
    for (const key of part.keys) {
      const known = byKey.get(key);
      if (known === undefined) byKey.set(key, [part]);
      else known.push(part);
    }
  }
  return byKey;
}

/** What is known of the phrases of detectors, whatever list they are in; undefined for those that are not read by words. */
const PARTS = new WeakMap<Detector, readonly Part[] | undefined>();

function partsOf(detector: Detector, reader: TemplateReader): readonly Part[] | undefined {
  if (!PARTS.has(detector)) PARTS.set(detector, readParts(detector, reader));
  return PARTS.get(detector);
}

/** Undefined for a detector that is no phrase, or one with a template without words to look for it by. */
function readParts(detector: Detector, { keysOf, beginsWithWord }: TemplateReader): readonly Part[] | undefined {
  const phrase = phraseOf(detector.pattern);
  if (phrase === undefined || detector.until !== undefined || !phrase.templates.every(beginsWithWord)) return undefined;
  const parts = phrase.templates.flatMap((template) => {
    const keys = keysOf(template);
    if (keys === undefined) return [];
    const automaton = once(() => createPhraseAutomaton(patternOf(phrase, template)));
    return [{ detector, keys: keys.words, automaton, reach: once(() => patternOf(phrase, keys.upTo).longest) }];
  });
  return parts.length === phrase.templates.length ? parts : undefined;
}

function patternOf({ innerOf }: Phrase, template: string): Pattern {
  const parsed = parsePattern(innerOf(template));
  assert(parsed.ok, 'patterns are checked before an engine is made');
  return parsed.pattern;
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
