import { assert } from '../lib/assert.ts';
import { createDigestSet } from '../lib/digest-set.ts';
import { FIXED } from '../lib/limits.ts';
import { once } from '../lib/once.ts';
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
import { createQuietReader, type QuietReader, readQuietly } from './quiet-walk.ts';
import type { Engine, Match, Rule } from './scan.ts';
import { createFold, foldText } from './views/fold.ts';
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
  /** Tells its texts from those of others in what is kept for all. */
  const number = ++engines;
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
      if (isKnownQuiet(key)) return true;
      const isQuiet = yield* readQuietly(openQuietly(), text);
      if (isQuiet) keepQuiet(key);
      return isQuiet;
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
    if (isKnownQuiet(key)) return true;
    const isQuiet = isQuietText(text);
    if (isQuiet) keepQuiet(key);
    return isQuiet;
  }

  /** `key`: of the text; undefined where it is not remembered. */
  function isKnownQuiet(key: string | undefined): boolean {
    return key !== undefined && QUIET.has(key, number);
  }

  function keepQuiet(key: string | undefined): void {
    if (key !== undefined) QUIET.add(key, number);
  }

  /** Reads the open text and what it hides, in pieces that are not folded yet. */
  function openQuietly(): QuietReader {
    const made = readers();
    const fold = createFold();
    const open = made.openQuietly();
    const hidden = openHidden(made, false);
    const isQuiet = (folded: string): boolean => {
      if (!open.every((reader) => reader.push(folded))) return false;
      hidden.push(folded);
      return isQuietSoFar(hidden);
    };
    return {
      push: (piece) => isQuiet(fold.push(piece)),
      end() {
        if (!isQuiet(fold.end()) || !open.every((reader) => reader.end())) return false;
        hidden.end();
        return isQuietSoFar(hidden);
      },
    };
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

/** Whole texts in which nothing is, for all engines. */
const QUIET = createDigestSet({ bytes: FIXED.quietMemoBytes });
let engines = 0;

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
  /** Whether they find nothing, in pieces: every reader has to be quiet. */
  openQuietly(): readonly QuietReader[];
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
      if (!walk.automaton.isSpent()) return all.quietGlance(text, walk);
      walk.automaton.earn(text.length);
      return plain.every((engine) => engine.isQuiet(text)) ? all.glance(text) : undefined;
    },
    openQuietly: () => {
      const walk = together().walk();
      return (walk.automaton.isSpent() ? plain.map((engine) => engine.walk()) : [walk]).map(createQuietReader);
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
