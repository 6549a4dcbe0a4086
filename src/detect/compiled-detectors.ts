import { assert } from '../lib/assert.ts';
import { FIXED } from '../lib/limits.ts';
import { type Alphabet, buildAlphabet, type UnitTable } from './alphabet.ts';
import { withAnyDigits } from './any-digits.ts';
import { type Automaton, type AutomatonOptions, createAutomaton } from './automaton.ts';
import { type CharSet, DIGIT } from './charset.ts';
import { type ContextPlaces, createContextPlaces, type SoughtContext } from './context.ts';
import type { Detector } from './detector.ts';
import { createEndSearches, createMatcher, type EndSearch, type Matcher } from './matcher.ts';
import { buildNfa } from './nfa.ts';
import { charactersOf, type Pattern, type PatternNode, parsePattern } from './pattern.ts';
import { foldPattern } from './views/fold-pattern.ts';
import { foldedForms } from './views/folded-forms.ts';

/** What a text is read with: everything about some detectors that does not depend on what policy wants for their matches. */
export interface CompiledDetectors {
  /** In the order the detectors were given; the automaton speaks of them by this number. */
  readonly parts: readonly CompiledDetector[];
  /** Reads every unit once: whether anything is alive, and which detectors may have matched. */
  readonly automaton: Automaton;
  /** Where the parts that need a context may match, in the text it was given last. */
  readonly contexts: ContextPlaces;
  /** Column of the automaton's table for each of the 65,536 units. */
  readonly columnOfUnit: UnitTable;
  /** Longest match of any of them, in units. */
  readonly longest: number;
}

export interface CompiledDetector {
  /** Its longest match, in units. */
  readonly longest: number;
  /** The number of what must stand near its matches; undefined for one that may match anywhere. */
  readonly context: number | undefined;
  readonly matcher: Matcher;
  /** Of a detector whose matches open a block. */
  readonly searchEnd: ((text: string, from: number) => EndSearch) | undefined;
}

export type DetectorCompiler = (detectors: readonly Detector[], bounds: StateBounds) => CompiledDetectors;

export interface StateBounds {
  readonly automatonStates: number;
  /** Default: `FIXED.stateAllowance`. */
  readonly stateAllowance?: number;
  /** As in `AutomatonOptions`. */
  readonly unitsPerState?: number;
}

/**
 * Compiles detectors, each list of them once as long as somebody has what was made of it: engines differ mostly in what is done about a
 * match, those of one policy as those of a policy and the one that was loaded before it, and then they share all tables. `folded`: for texts
 * that are folded before they are read (`createFold`); patterns and words are folded too. Throws `AssertionError` for a pattern that
 * `parsePattern` refuses: policy checks patterns first.
 */
export function createDetectorCompiler({ folded = false }: { readonly folded?: boolean } = {}): DetectorCompiler {
  return (detectors, { automatonStates, stateAllowance, unitsPerState }) => {
    const key = [folded, automatonStates, stateAllowance, unitsPerState, ...detectors.map(numberOf)].join();
    const known = COMPILED.get(key)?.deref();
    if (known !== undefined) return known;
    const made = compileDetectors(folded ? detectors.map(foldWords) : detectors, {
      statesMax: automatonStates,
      stateAllowance,
      unitsPerState,
      folded,
    });
    if (COMPILED.size >= COMPILED_MAX) forgetUnused();
    COMPILED.set(key, new WeakRef(made));
    return made;
  };
}

/** By the kind of text and the list. What is compiled depends on nothing else. */
const COMPILED = new Map<string, WeakRef<CompiledDetectors>>();

/** Lists after which those that nobody has any more are dropped: many times those of one policy. */
const COMPILED_MAX = 512;

function forgetUnused(): void {
  for (const [key, made] of COMPILED) if (made.deref() === undefined) COMPILED.delete(key);
}

const NUMBERS = new WeakMap<Detector, number>();
let numbered = 0;

function numberOf(detector: Detector): number {
  const number = NUMBERS.get(detector) ?? numbered++;
  NUMBERS.set(detector, number);
  return number;
}

function compileDetectors(
  detectors: readonly Detector[],
  { folded, ...states }: Pick<AutomatonOptions, 'statesMax' | 'stateAllowance' | 'unitsPerState'> & { readonly folded: boolean },
): CompiledDetectors {
  const parse = folded ? parseFolded : mustParse;
  const patterns = detectors.map(({ pattern }) => parse(pattern));
  const untils = detectors.map(({ until }) => (until === undefined ? undefined : parse(until)));
  const roots = patterns.map(({ root }) => root);
  const nfa = buildNfa(roots.map(withAnyDigits), 'loose');
  const untilRoots = untils.flatMap((until) => (until === undefined ? [] : [until.root]));
  const alphabet = buildAlphabet(setsOf([...roots, ...untilRoots]));
  const automaton = createAutomaton({ nfa, alphabet, fresh: true, longest: patterns.map(({ longest }) => longest), ...states });
  const { contexts, contextOf } = soughtContexts(detectors, (i) => patterns[i]!.longest);
  return {
    parts: detectors.map((detector, i) => ({
      longest: patterns[i]!.longest,
      context: contextOf[i],
      ...exactParts(detector, { longest: patterns[i]!.longest, alphabet, parse }),
    })),
    automaton,
    contexts: createContextPlaces(contexts),
    columnOfUnit: columnsOfUnits(alphabet, automaton),
    longest: Math.max(0, ...patterns.map(({ longest }) => longest)),
  };
}

/** What the detectors look for near their matches, and which of that each of them. */
function soughtContexts(
  detectors: readonly Detector[],
  longestOf: (index: number) => number,
): { readonly contexts: readonly SoughtContext[]; readonly contextOf: readonly (number | undefined)[] } {
  const contexts: SoughtContext[] = [];
  const contextOf = detectors.map(({ context, nearby }, i) => {
    if (context !== undefined) return contexts.push({ words: context.words, reach: FIXED.contextUnits, inside: 0 }) - 1;
    return nearby && contexts.push({ words: nearby.flatMap(foldedForms), reach: FIXED.contextUnits, inside: longestOf(i) }) - 1;
  });
  return { contexts, contextOf };
}

/** A byte for each unit where that is enough, as it is for all built-in detectors: there is one such table for each list. */
function columnsOfUnits({ classOf }: Alphabet, { columnOf, acceptedColumn }: Automaton): UnitTable {
  const columns = acceptedColumn <= 256 ? new Uint8Array(classOf.length) : new Uint16Array(classOf.length);
  for (let unit = 0; unit < columns.length; unit++) columns[unit] = columnOf[classOf[unit]!]!;
  return columns;
}

/** Apart from where the lists are compiled, so that what these read with later keeps none of the trees. */
function exactParts(
  detector: Detector,
  { longest, alphabet, parse }: { readonly longest: number; readonly alphabet: Alphabet; readonly parse: (pattern: RegExp) => Pattern },
): Pick<CompiledDetector, 'matcher' | 'searchEnd'> {
  const { pattern, until } = detector;
  return {
    matcher: createMatcher({ detector, longest, pattern: () => parse(pattern), alphabet }),
    searchEnd: until === undefined ? undefined : createEndSearches({ until: () => parse(until), alphabet }),
  };
}

function parseFolded(pattern: RegExp): Pattern {
  return foldPattern(mustParse(pattern));
}

function foldWords(detector: Detector): Detector {
  return detector.nearby === undefined ? detector : { ...detector, nearby: detector.nearby.flatMap(foldedForms) };
}

function mustParse(pattern: { readonly source: string; readonly flags: string }): Pattern {
  const result = parsePattern(pattern);
  assert(result.ok, 'patterns are checked before an engine is made');
  return result.pattern;
}

/** The sets of units that patterns ask for, with or without any digits. */
function setsOf(roots: readonly PatternNode[]): CharSet[] {
  const distinct = new Set([DIGIT, ...roots.flatMap(charactersOf)]);
  const { nodes } = buildNfa(
    [...distinct].map((set) => ({ kind: 'set', set })),
    'exact',
  );
  return nodes.flatMap((node) => (node.kind === 'unit' ? [node.set] : []));
}
