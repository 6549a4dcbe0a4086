import { assert } from '../lib/assert.ts';
import { createDigestSet } from '../lib/digest-set.ts';
import { FIXED } from '../lib/limits.ts';
import { once } from '../lib/once.ts';
import { piecesOf, type Slices } from '../lib/slices.ts';
import { textKey, textKeyInSlices } from '../lib/text-memo.ts';
import { unitAt } from '../lib/unit-at.ts';
import { comparedIn, openComparison } from './comparison/comparison.ts';
import { sharesDisguised } from './comparison/shingle-search.ts';
import type { Fingerprint } from './comparison/shingle-set.ts';
import type { Detector, SpanRule } from './detector.ts';
import { createEngine, type EngineBounds, type PlainEngine } from './engine.ts';
import { FoldedScan } from './folded-scan.ts';
import type { Glance } from './glance.ts';
import { ANY_WORD, INSTRUCTING } from './instruction-words.ts';
import { joinEngines } from './joined-engine.ts';
import { type LaneDetectors, prepareDetectors } from './lane-detectors.ts';
import { openFenceReader } from './outputs/fence-reader.ts';
import { openLinkReader } from './outputs/link-reader.ts';
import { createSpanEngine } from './outputs/span-scan.ts';
import type { Engine, Match, Rule } from './scan.ts';
import { foldInSlices, foldText } from './views/fold.ts';
import {
  createTextReader,
  type HiddenScan,
  hasTelltale,
  joinHidden,
  openDisguisedScan,
  openRunScan,
  openWholeScan,
  type Readers,
  type TextReader,
} from './views/hidden-scan.ts';
import { HINT, hintsOf } from './views/hints.ts';

export interface LaneEngineOptions {
  /** The text is read while it is written: only what a prefix decides is looked for. Default: it is whole before anybody acts on it. */
  readonly streamed?: boolean;
  readonly bounds?: EngineBounds;
  /** Must have the detectors of the rules. Default: those alone. */
  readonly detectors?: LaneDetectors;
}

/**
 * The engine of a lane as traffic meets it: rules read the text as `createFold` shows it; phrases are looked for where one of their key
 * words stands; what the text hides (base64, escapes, leetspeak …) is read too. Matches and edits are at the places of the text as given.
 */
export function createLaneEngine(rules: readonly Rule[], options: LaneEngineOptions = {}): Engine {
  const folded = rules.filter(({ detector: { spans, ofExchange } }) => spans === undefined && ofExchange !== true);
  const spans = rules.filter(({ detector }) => detector.spans !== undefined).map(spanEngine);
  const engine = joinEngines(folded.length > 0 || spans.length === 0 ? [createFoldedEngine(folded, options), ...spans] : spans);
  return engine.rules.length === rules.length ? engine : withRules(engine, rules);
}

/** An engine that is said to have more rules than it reads: some are decided by whole exchanges. */
function withRules(engine: Engine, rules: readonly Rule[]): Engine {
  return {
    rules,
    warm: () => engine.warm(),
    get longest() {
      return engine.longest;
    },
    isQuiet: (text, fingerprint) => engine.isQuiet(text, fingerprint),
    isQuietInSlices: (text, fingerprint) => engine.isQuietInSlices(text, fingerprint),
    open: (how) => engine.open(how),
  };
}

function spanEngine(rule: Rule): Engine {
  const { spans } = rule.detector;
  assert(spans !== undefined, 'the rule has a list');
  return createSpanEngine(rule, (sink) => OPEN_READER[spans.kind](spans, sink));
}

const OPEN_READER = { urls: openLinkReader, code: openFenceReader } as const satisfies Record<SpanRule['kind'], unknown>;

function createFoldedEngine(rules: readonly Rule[], options: LaneEngineOptions): Engine {
  const comparer = rules.find(({ detector }) => detector.compares !== undefined);
  /** Tell its texts from those of others in what is kept for all. */
  const [quiet, loud] = [++verdicts, ++verdicts];
  const readers = once(() => readersOf(rules, options));
  return {
    rules,
    warm() {
      readers().warm();
    },
    get longest() {
      return Math.max(0, ...readers().plain.map(({ longest }) => longest));
    },
    isQuiet: (text, fingerprint) => isQuietAlone(text) && (fingerprint === undefined || isApart(text, fingerprint)),
    *isQuietInSlices(text, fingerprint) {
      if (comparer !== undefined && fingerprint !== undefined) return false;
      const key = yield* textKeyInSlices(text);
      return verdictOf(key) ?? keepVerdict(key, yield* isQuietSliced(text));
    },
    open({ stopAtDenial, fingerprint, whole = false }) {
      const made = comparing(readers(), fingerprint);
      const hidden = openHidden(made, whole);
      const scans = made.plain.map((engine) => engine.open({ stopAtDenial }));
      if (fingerprint !== undefined && comparer !== undefined) scans.push(openComparison(fingerprint, { rule: comparer, stopAtDenial }));
      return new FoldedScan(scans, hidden, stopAtDenial);
    },
  };

  /** Whether nothing is in the text, whatever system text there is. */
  function isQuietAlone(text: string): boolean {
    const key = text.length < FIXED.quietMemoUnitsMin ? undefined : textKey(text);
    return verdictOf(key) ?? keepVerdict(key, isQuietText(text));
  }

  /** Whether a text is known to be quiet or not. `key`: of the text; undefined where nothing is remembered of it. */
  function verdictOf(key: string | undefined): boolean | undefined {
    if (key === undefined) return undefined;
    return VERDICTS.has(key, quiet) ? true : VERDICTS.has(key, loud) ? false : undefined;
  }

  /** Remembers whether a text is quiet; that it is not, only where that is no matter of an automaton that is spent for now. */
  function keepVerdict(key: string | undefined, isQuiet: boolean): boolean {
    if (key !== undefined && (isQuiet || !readers().isSpent())) VERDICTS.add(key, isQuiet ? quiet : loud);
    return isQuiet;
  }

  /** Whether nothing is in the text, and what it hides; a slice in each step. */
  function* isQuietSliced(text: string): Slices<boolean> {
    const made = readers();
    const folded = yield* foldInSlices(text);
    if (!(yield* made.isQuietInSlices(folded))) return false;
    const hidden = openHidden(made, false);
    for (const piece of piecesOf(folded)) {
      hidden.push(piece);
      if (!isQuietSoFar(hidden)) return false;
      yield;
    }
    hidden.end();
    return isQuietSoFar(hidden);
  }

  function isQuietText(text: string): boolean {
    const made = readers();
    let glance = made.quietGlance(text);
    let folded = text;
    if (glance === undefined || (glance.hints & HINT.fold) !== 0) {
      folded = foldText(text);
      if (folded !== text) glance = made.quietGlance(folded);
    }
    if (glance === undefined) return false;
    const mayHide = options.streamed === true ? (glance.hints & HINT.run) !== 0 : glance.hints !== 0 || hasTelltale(glance);
    if (mayHide || folded.length === 0 || folded.length > FIXED.viewUnits) return isEmpty(openHidden(made, false), folded);
    return made.all.lateIn(folded, glance).length === 0;
  }

  /** Whether the text says nothing of the system text, nor hides anything of it. */
  function isApart(text: string, fingerprint: Fingerprint): boolean {
    if (comparer === undefined || isTooShort(text)) return true;
    const folded = foldText(text);
    if (comparedIn(fingerprint, comparer, folded).length > 0) return false;
    if (hintsOf(folded) === 0) return !sharesDisguised(fingerprint, folded);
    return isEmpty(openHidden(comparing(readers(), fingerprint), true), folded);
  }

  function openHidden(made: LaneReaders, whole: boolean): HiddenScan {
    if (options.streamed !== true) return openWholeScan(made);
    return whole ? openComparedWhole(made) : openRunScan(made);
  }

  function comparing(made: LaneReaders, fingerprint: Fingerprint | undefined): LaneReaders {
    if (comparer === undefined || fingerprint === undefined) return made;
    const compared = (text: string): readonly Match[] => comparedIn(fingerprint, comparer, text);
    return { ...made, all: comparingReader(made.all, compared), compared: { reader: comparedReader(compared), fingerprint } };
  }
}

/** Whole texts in which nothing is, and those in which something is, for all engines. */
const VERDICTS = createDigestSet({ bytes: FIXED.quietMemoBytes });
let verdicts = 0;

/**
 * Whether a text has no room for a passage, however it is hidden. What ASCII hides has no more letters than it has units; a letter of a
 * script without spaces counts thrice, and takes as many units at least.
 */
function isTooShort(text: string): boolean {
  return text.length < FIXED.passageLetters && (3 * text.length < FIXED.passageLetters || isAscii(text));
}

function isAscii(text: string): boolean {
  const { length } = text;
  for (let i = 0; i < length; i++) if (unitAt(text, i) > 0x7f) return false;
  return true;
}

/** Whether nothing is hidden in a text that is whole. */
function isEmpty(hidden: HiddenScan, text: string): boolean {
  hidden.push(text);
  hidden.end();
  return isQuietSoFar(hidden);
}

/** Whether all that is hidden was read, and nothing found in it. */
function isQuietSoFar(hidden: HiddenScan): boolean {
  return hidden.cutAt === undefined && hidden.takeMatches().length === 0;
}

/** An answer that is whole: beside what is looked for in every answer, each disguise is undone to compare it. */
function openComparedWhole(made: LaneReaders): HiddenScan {
  const { compared } = made;
  const runs = openRunScan(made);
  if (compared === undefined) return runs;
  const { reader, fingerprint } = compared;
  return joinHidden(
    runs,
    openDisguisedScan({ all: reader, instructions: reader, instructionWords: ANY_WORD, hasLate: false }, (text) =>
      sharesDisguised(fingerprint, text),
    ),
  );
}

/** A reader that does nothing but compare. */
function comparedReader(compared: (text: string) => readonly Match[]): TextReader {
  return {
    warm: () => undefined,
    glance: (text) => ({ hints: hintsOf(text), words: undefined }),
    quietGlance: (text) => ({ hints: hintsOf(text), words: undefined }),
    lateIn: () => [],
    matchesIn: (text) => [...compared(text)],
  };
}

/** A reader that also compares with the system text. */
function comparingReader(reader: TextReader, compared: (text: string) => readonly Match[]): TextReader {
  return { ...reader, matchesIn: (text) => [...reader.matchesIn(text), ...compared(text)] };
}

/** What the rules of a lane read with: engines of units for the open text, readers of whole texts for what is late or hidden. */
interface LaneReaders extends Readers {
  readonly plain: readonly PlainEngine[];
  /** Makes what the first text would need. */
  warm(): void;
  /** What one pass over a folded text that is whole says; undefined where the plain engines find something. */
  quietGlance(text: string): Glance | undefined;
  /** Whether one of them goes on without its automaton for now. */
  isSpent(): boolean;
  /** Whether they find nothing, a slice in each step. */
  isQuietInSlices(text: string): Slices<boolean>;
  /** What compares with the system text; undefined where there is none. */
  readonly compared?: { readonly reader: TextReader; readonly fingerprint: Fingerprint };
}

function readersOf(rules: readonly Rule[], { streamed = false, bounds = FIXED, detectors }: LaneEngineOptions): LaneReaders {
  const own = rules.map(({ detector }) => detector);
  const { phrases, unspaced, compile, instructionWords: words, ...lists } = detectors ?? prepareDetectors({ whole: own, streamed: own });
  const late = new Set([...phrases.detectors, ...unspaced]);
  const enginesOf = (some: readonly Rule[], among: readonly (readonly Detector[])[]): PlainEngine[] => {
    const byDetector = new Map(some.map((rule) => [rule.detector, rule]));
    return among.flatMap((group) => {
      const inGroup = group.flatMap((detector) => byDetector.get(detector) ?? []);
      return inGroup.length === 0 ? [] : [createEngine(inGroup, bounds, compile, group)];
    });
  };
  const readerOf = (some: readonly Rule[], plain: readonly PlainEngine[]): TextReader => {
    const lateRules = some.filter(({ detector }) => late.has(detector)).map((rule) => (streamed ? withoutRedaction(rule) : rule));
    return createTextReader({
      plain,
      unspaced: enginesOf(lateRules, [unspaced])[0],
      phrases,
      phraseRules: new Map(lateRules.map((rule) => [rule.detector, rule])),
      judges: streamed ? [] : some.filter(({ detector: { judge } }) => judge !== undefined).map(observing),
      witnesses: {
        witness: streamed ? undefined : some.find(({ detector: { witness } }) => witness !== undefined),
        quoted: some.find(({ detector: { quotes } }) => quotes === true),
      },
    });
  };
  const groups = streamed ? lists.streamed : lists.whole;
  const plain = enginesOf(rules, groups);
  /** Reads quiet texts for all of them: most are, and one pass is quicker than one for each. */
  const together = once(() => {
    if (plain.length === 1) return plain[0]!;
    const ownRules = plain.flatMap((engine) => engine.rules);
    return createEngine(ownRules, { ...bounds, ...TOGETHER, automatonStates: 2 * bounds.automatonStates }, compile, groups.flat());
  });
  const instructions = rules.filter(({ detector }) => INSTRUCTING.has(detector.family));
  const all = readerOf(rules, plain);
  return {
    plain,
    warm() {
      for (const engine of [...plain, together()]) engine.warm();
      all.warm();
    },
    quietGlance(text) {
      const walk = together().walk();
      const { automaton } = walk;
      if (automaton.isSpent()) automaton.earn(text.length);
      else {
        const glance = all.quietGlance(text, walk);
        if (glance !== undefined || !automaton.isSpent()) return glance;
      }
      return plain.every((engine) => engine.isQuiet(text)) ? all.glance(text) : undefined;
    },
    isSpent: () => plain.some((engine) => engine.walk().automaton.isSpent()),
    *isQuietInSlices(text) {
      const { automaton } = together().walk();
      if (automaton.isSpent()) automaton.earn(text.length);
      else {
        const isQuiet = yield* together().isQuietInSlices(text);
        if (isQuiet || !automaton.isSpent()) return isQuiet;
      }
      for (const engine of plain) if (!(yield* engine.isQuietInSlices(text))) return false;
      return true;
    },
    all,
    instructions: instructions.length > 0 ? readerOf(instructions, enginesOf(instructions, groups)) : undefined,
    instructionWords: words,
    hasLate: own.some((detector) => late.has(detector)),
  };
}

/** Where the automaton for all rules is spent, those for each kind read on: a state of it is worth as many units as they take its time for. */
const TOGETHER = { unitsPerState: 1024 };

/** Who judges a text has no places to redact, and is too often wrong to deny alone. */
function observing(rule: Rule): Rule {
  return { ...rule, action: 'observe' };
}

/** A phrase is known when the text is: in one that streams, what it would redact has left. It is still reported, and may still deny. */
function withoutRedaction(rule: Rule): Rule {
  return rule.action === 'redact' ? { ...rule, action: 'observe' } : rule;
}
