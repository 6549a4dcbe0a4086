import { assert } from '../lib/assert.ts';
import { createDigestSet } from '../lib/digest-set.ts';
import { FIXED } from '../lib/limits.ts';
import { once } from '../lib/once.ts';
import { piecesOf, type Slices } from '../lib/slices.ts';
import { textKey, textKeyInSlices } from '../lib/text-memo.ts';
import { unitAt } from '../lib/unit-at.ts';
import { type Utf16Offset, utf16Offset } from '../lib/units.ts';
import type { LaneEdit } from '../text/segment.ts';
import { comparedIn, openComparison } from './comparison/comparison.ts';
import { sharesDisguised } from './comparison/shingle-search.ts';
import type { Fingerprint } from './comparison/shingle-set.ts';
import { createDetectorCompiler, type DetectorCompiler } from './compiled-detectors.ts';
import type { Detector, SpanRule } from './detector.ts';
import { createEngine, type EngineBounds, type PlainEngine } from './engine.ts';
import type { Glance } from './glance.ts';
import { ANY_WORD, INSTRUCTING, type InstructionWords, instructionWords } from './instruction-words.ts';
import { joinEngines, limitsOf, mergeEdits } from './joined-engine.ts';
import { lingers } from './lingering.ts';
import { byEnd, replacementOf } from './matches.ts';
import { openFenceReader } from './outputs/fence-reader.ts';
import { openLinkReader } from './outputs/link-reader.ts';
import { createSpanEngine } from './outputs/span-scan.ts';
import { isUnspaced } from './phrase.ts';
import { type CompiledPhrases, compilePhrases } from './phrases/phrase-scan.ts';
import type { Engine, LaneLimit, LaneScan, Match, Rule } from './scan.ts';
import { createFold, foldInSlices, foldText } from './views/fold.ts';
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

/** Detectors made ready for all lanes of a policy; engines that are made with one share its tables. */
export interface LaneDetectors {
  /** What the automata of lanes that are whole, and of lanes that stream, read: an automaton for each list. */
  readonly whole: readonly (readonly Detector[])[];
  readonly streamed: readonly (readonly Detector[])[];
  /** Phrases of scripts without spaces; only texts with such a character are read for them. */
  readonly unspaced: readonly Detector[];
  /** Phrases of all other scripts. */
  readonly phrases: CompiledPhrases;
  readonly instructionWords: InstructionWords;
  readonly compile: DetectorCompiler;
}

export interface LaneEngineOptions {
  /** The text is read while it is written: only what a prefix decides is looked for. Default: it is whole before anybody acts on it. */
  readonly streamed?: boolean;
  readonly bounds?: EngineBounds;
  /** Must have the detectors of the rules. Default: those alone. */
  readonly detectors?: LaneDetectors;
}

/** Makes detectors ready: phrases are read by words, everything else by automata. */
export function prepareDetectors(lists: { readonly whole: readonly Detector[]; readonly streamed: readonly Detector[] }): LaneDetectors {
  const all = [...new Set([...lists.whole, ...lists.streamed])];
  const phrases = compilePhrases(all);
  const unspaced = all.filter(({ pattern }) => isUnspaced(pattern));
  const others = all.filter(
    ({ judge, compares, spans, ofExchange }) => judge !== undefined || compares !== undefined || spans !== undefined || ofExchange === true,
  );
  const apart = new Set([...phrases.detectors, ...unspaced, ...others]);
  const readByUnits = (list: readonly Detector[], nameOf: (detector: Detector) => string) =>
    grouped(
      list.filter((detector) => !apart.has(detector)),
      nameOf,
    );
  return {
    whole: readByUnits(lists.whole, kindOf).flatMap(inPortions),
    streamed: readByUnits(lists.streamed, kindAndReadersOf),
    unspaced,
    phrases,
    instructionWords: instructionWords(all),
    compile: createDetectorCompiler({ folded: true }),
  };
}

function grouped(detectors: readonly Detector[], nameOf: (detector: Detector) => string): readonly (readonly Detector[])[] {
  return [...Map.groupBy(detectors, nameOf).values()];
}

/** Detectors that one automaton reads, and those among them that linger. */
const READ_TOGETHER_MAX = 200;
const LINGERING_TOGETHER_MAX = 10;

/**
 * Detectors of one kind for several automata. What is in the middle of a match through one word and the next (a command with what it is
 * given, a picture with its address) is combined with all that begins meanwhile: with two dozen such detectors, the documentation of
 * software makes a new state for every thirtieth unit, without end; in three portions they have a quarter of the states together.
 */
function inPortions(detectors: readonly Detector[]): readonly (readonly Detector[])[] {
  const lingering = detectors.filter(({ pattern }) => lingers(pattern));
  const count = Math.max(1, Math.ceil(detectors.length / READ_TOGETHER_MAX), Math.ceil(lingering.length / LINGERING_TOGETHER_MAX));
  const others = detectors.filter((detector) => !lingering.includes(detector));
  return Array.from({ length: count }, (_, i) => [...portionOf(lingering, { i, count }), ...portionOf(others, { i, count })]);
}

function portionOf<T>(list: readonly T[], { i, count }: { readonly i: number; readonly count: number }): readonly T[] {
  return list.slice(Math.floor((i * list.length) / count), Math.floor(((i + 1) * list.length) / count));
}

/**
 * What one automaton reads together. Where unlike detectors are alive at once, each pair of their states is a state of its own: a few
 * automata with some thousand states each stand for one with more than any memory holds.
 */
function kindOf({ family }: Detector): string {
  return family === 'tool' || family === 'leak' || family === 'output' ? 'injection' : family;
}

/** In a text that is held as long as something in it is alive, a lane reads no detector that is not its own. */
function kindAndReadersOf(detector: Detector): string {
  return [kindOf(detector), ...(detector.lanes?.toSorted() ?? ['every lane'])].join();
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

/** Joins the scans of the open text and the one of the hidden text, and gives the places of the text as given. */
class FoldedScan implements LaneScan {
  denied: Match | undefined;
  settled = utf16Offset(0);
  length = utf16Offset(0);
  readonly #plain: readonly LaneScan[];
  readonly #hidden: HiddenScan;
  readonly #stopAtDenial: boolean;
  readonly #fold = createFold();
  /** Folded units read so far, those in which every match is known, and those up to the end of the denial. */
  #readTo = 0;
  #known = 0;
  #deniedTo = Number.MAX_SAFE_INTEGER;
  #ended = false;
  /** Known matches that are not handed out, at folded places. */
  #pending: Match[] = [];
  #published: Match[] = [];
  /** What the hidden text redacts, at folded places, by start. */
  #hiddenEdits: LaneEdit[] = [];
  /** All edits at given places; made when asked for. */
  #edits: readonly LaneEdit[] | undefined;

  constructor(plain: readonly LaneScan[], hidden: HiddenScan, stopAtDenial: boolean) {
    this.#plain = plain;
    this.#hidden = hidden;
    this.#stopAtDenial = stopAtDenial;
  }

  get edits(): readonly LaneEdit[] {
    this.#edits ??= this.#placeEdits();
    return this.#edits;
  }

  get exceeded(): readonly LaneLimit[] {
    const limits = limitsOf(this.#plain);
    const { cutAt } = this.#hidden;
    return cutAt === undefined || cutAt > this.#known || cutAt >= this.#deniedTo ? limits : [...limits, 'view-limit'];
  }

  push(piece: string): void {
    if (this.denied !== undefined || piece.length === 0) return;
    this.length = utf16Offset(this.length + piece.length);
    this.#read(this.#fold.push(piece));
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.denied !== undefined) return;
    this.#read(this.#fold.end());
    if (this.#isDenied()) return;
    for (const scan of this.#plain) scan.end();
    this.#hidden.end();
    this.#collect();
  }

  takeMatches(): Match[] {
    const taken = this.#published;
    if (taken.length > 0) this.#published = [];
    return taken;
  }

  forgetBefore(offset: Utf16Offset): void {
    this.#edits = undefined;
    const isPast = (edit: LaneEdit): boolean => edit.end <= this.#readTo && this.#fold.endOf(edit.end) <= offset;
    if (this.#hiddenEdits.length > 0) this.#hiddenEdits = this.#hiddenEdits.filter((edit) => !isPast(edit));
    for (const scan of this.#plain) {
      const past = scan.edits.length === 0 ? undefined : scan.edits.findLast(isPast);
      if (past !== undefined) scan.forgetBefore(past.end);
    }
    if (this.#fold.isIdentity) return;
    const kept = [...this.#pending, ...this.#foldedEdits()].map(({ start }) => start);
    this.#fold.forgetBefore(Math.min(this.#safeCut(this.#knownTo()), ...kept));
  }

  #isDenied(): boolean {
    return this.denied !== undefined;
  }

  #read(text: string): void {
    const before = this.#readTo;
    this.#readTo += text.length;
    for (const scan of this.#plain) scan.push(text);
    const denial = this.#denialEnd();
    // Behind a denial nothing counts: what is hidden in front of it may deny earlier.
    this.#hidden.push(denial === undefined ? text : text.slice(0, Math.max(0, denial - before)));
    this.#collect();
  }

  /** Where the first denial of the open text ends, as far as one is known. */
  #denialEnd(): number | undefined {
    let end: number | undefined;
    for (const { denied } of this.#plain) if (denied !== undefined && (end === undefined || denied.end < end)) end = denied.end;
    return end;
  }

  #collect(): void {
    this.#edits = undefined;
    for (const scan of this.#plain) for (const match of scan.takeMatches()) this.#pending.push(match);
    this.#takeHidden();
    const known = this.#knownTo();
    if (known === this.#denialEnd()) {
      // Behind the first denial nothing counts: what is hidden in front of it is all there is.
      this.#hidden.end();
      this.#takeHidden();
    }
    if (this.#pending.length > 0) this.#publish(known);
    this.#known = known;
    if (this.denied === undefined) this.settled = utf16Offset(this.#fold.startOf(this.#safeCut(known)));
  }

  #takeHidden(): void {
    for (const match of this.#hidden.takeMatches()) {
      const { rule, start, end } = match;
      if (this.#isKnown(match)) continue;
      this.#pending.push(match);
      if (rule.action === 'redact') this.#hiddenEdits.push({ start, end, replacement: replacementOf(rule) });
    }
  }

  /** Whether the open text has a match of the same rule there: a view of the whole text shows that again. */
  #isKnown({ rule, start, end }: Match): boolean {
    return this.#pending.some((match) => match.rule.id === rule.id && match.start < end && start < match.end);
  }

  /** How far all scans are final, not past the first denial: every match that ends there or before is known. */
  #knownTo(): number {
    const denial = this.#denialEnd();
    let safe = this.#readTo;
    for (const scan of this.#plain) if (scan.denied === undefined && scan.settled < safe) safe = scan.settled;
    // Everything in front of a denial is known when the other scans have passed it; what is hidden there is then looked at too.
    return denial !== undefined && safe >= denial ? denial : Math.min(safe, this.#hidden.settled);
  }

  /** How far the text is final: not past the start of what still waits to be handed out. */
  #safeCut(known: number): number {
    let safe = known;
    if (this.#pending.length === 0) return safe;
    const waits = this.#pending.filter(({ rule }) => rule.action === 'redact' || (this.#stopAtDenial && rule.action === 'deny'));
    for (const { start, end } of waits.sort((a, b) => b.start - a.start)) if (end > safe && start < safe) safe = start;
    return safe;
  }

  /** Hands out the matches that end by now, in the order of their ends; the first denying one is the last. */
  #publish(upTo: number): void {
    const final = this.#pending.filter(({ end }) => end <= upTo).sort(byEnd);
    if (final.length === 0) return;
    this.#pending = this.#pending.filter(({ end }) => end > upTo);
    const denial = this.#stopAtDenial ? final.findIndex(({ rule }) => rule.action === 'deny') : -1;
    for (const match of denial < 0 ? final : final.slice(0, denial + 1)) this.#published.push(this.#placed(match));
    if (denial < 0) return;
    this.denied = this.#published.at(-1);
    this.#deniedTo = final[denial]!.end;
  }

  #placed({ rule, start, end }: Match): Match {
    return { rule, start: utf16Offset(this.#fold.startOf(start)), end: utf16Offset(this.#fold.endOf(end)) };
  }

  #placeEdits(): readonly LaneEdit[] {
    const all = this.#foldedEdits();
    if (this.#fold.isIdentity) return all;
    return all.map(({ start, end, replacement }) => ({
      start: utf16Offset(this.#fold.startOf(start)),
      end: end > this.#readTo ? end : utf16Offset(this.#fold.endOf(end)),
      replacement,
    }));
  }

  /** All edits, at folded places. */
  #foldedEdits(): readonly LaneEdit[] {
    if (this.#hiddenEdits.length === 0 && this.#plain.every((scan) => scan.edits.length === 0)) return NO_EDITS;
    const having = this.#plain.filter((scan) => scan.edits.length > 0);
    if (this.#hiddenEdits.length === 0 && having.length <= 1) return having[0]?.edits ?? NO_EDITS;
    return mergeEdits([...having.flatMap((scan) => scan.edits), ...this.#hiddenEdits]);
  }
}

const NO_EDITS: readonly LaneEdit[] = [];
