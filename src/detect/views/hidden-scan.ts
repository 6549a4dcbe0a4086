import { added, NONE_YET } from '../../lib/growing-list.ts';
import { FIXED } from '../../lib/limits.ts';
import { unitAt } from '../../lib/unit-at.ts';
import { type Utf16Offset, utf16Offset } from '../../lib/units.ts';
import type { Detector } from '../detector.ts';
import type { Glance } from '../glance.ts';
import type { InstructionWords } from '../instruction-words.ts';
import type { CompiledPhrases } from '../phrases/phrase-scan.ts';
import type { QuietWalk } from '../quiet-walk.ts';
import type { Engine, Match, Rule } from '../scan.ts';
import { type Witnesses, weighed } from '../second-witness.ts';
import { areTelltale } from './disguises.ts';
import { foldText } from './fold.ts';
import { HINT } from './hints.ts';
import { isRunUnit, RUN_UNITS_MIN } from './runs.ts';
import type { View } from './view.ts';
import { codedViews, disguisedViews } from './views-of.ts';

/** Reads texts that are folded and whole. */
export interface TextReader {
  /** Makes what the first text of a script without spaces, or the first that is judged, would need. */
  warm(): void;
  /** What one pass over a text says, with its words when a phrase or a judgement may need them. */
  glance(text: string): Glance;
  /** The same; undefined where a match of the walk counts. */
  quietGlance(text: string, walk: QuietWalk): Glance | undefined;
  /** Matches of what no automaton reads along: phrases, in the words that `glance` gave, and judgements. */
  lateIn(text: string, glance: Glance): Match[];
  /** Every match in a text that another hides. */
  matchesIn(text: string): Match[];
}

/** What a reader looks with. */
export interface ReaderParts {
  readonly plain: readonly Engine[];
  /** Rules for scripts without spaces; undefined when there are none. */
  readonly unspaced: Engine | undefined;
  readonly phrases: CompiledPhrases;
  readonly phraseRules: ReadonlyMap<Detector, Rule>;
  /** Rules that decide about a text as a whole. */
  readonly judges: readonly Rule[];
  readonly witnesses: Witnesses;
}

export function createTextReader({ plain, unspaced, phrases, phraseRules, judges, witnesses }: ReaderParts): TextReader {
  const readsWords = phrases.detectors.some((detector) => phraseRules.has(detector));
  return {
    warm() {
      unspaced?.warm();
      judged('', glance(''));
    },
    glance,
    quietGlance(text, walk) {
      const seen = phrases.quietGlance(text, walk);
      return seen && withWords(seen);
    },
    lateIn,
    matchesIn(text) {
      const seen = glance(text);
      // The words of what is hidden may be guesses, as where leetspeak writes `1` for `i` and for `l`: it is judged without them.
      const unread = { hints: seen.hints, words: undefined };
      return [...plain.flatMap((engine) => allMatches(engine, text)), ...readLate(text, seen), ...judged(text, unread)];
    },
  };

  function glance(text: string): Glance {
    return withWords(phrases.glance(text));
  }

  function withWords(seen: Glance): Glance {
    return readsWords || judges.length > 0 ? seen : { hints: seen.hints, words: undefined };
  }

  function lateIn(text: string, seen: Glance): Match[] {
    return [...readLate(text, seen), ...judged(text, seen)];
  }

  function readLate(text: string, { words, hints }: Glance): readonly Match[] {
    const found = !readsWords || words === undefined || words.keyCount === 0 ? [] : phrases.search(text, words, phraseRules);
    const more = unspaced === undefined || (hints & HINT.unspaced) === 0 ? NO_MATCHES : allMatches(unspaced, text);
    return weighed(text, [...found, ...more], witnesses);
  }

  function judged(text: string, seen: Glance): Match[] {
    const rules = judges.filter(({ detector: { judge } }) => judge!(text, seen));
    return rules.map((rule) => ({ rule, start: utf16Offset(0), end: utf16Offset(text.length) }));
  }
}

function allMatches(engine: Engine, text: string): readonly Match[] {
  if (engine.isQuiet(text)) return NO_MATCHES;
  const scan = engine.open({ stopAtDenial: false });
  scan.push(text);
  scan.end();
  return scan.takeMatches();
}

/** What looks at text that is hidden, and at open phrases. */
export interface Readers {
  /** Every rule of the lane. */
  readonly all: TextReader;
  /** Rules about instructions, for disguises; undefined when the lane has none. */
  readonly instructions: TextReader | undefined;
  readonly instructionWords: InstructionWords;
  /** Whether any rule of the lane is a phrase. */
  readonly hasLate: boolean;
}

/**
 * What the automaton does not find in a text, by start: open phrases, and everything in what the text hides, at the places where it is
 * hidden.
 */
function lookInto(text: string, readers: Readers, isDisguised?: (text: string) => boolean): Looked {
  const glance = readers.all.glance(text);
  const { hints } = glance;
  const isTelltale = isDisguised?.(text) ?? hasTelltale(glance);
  const open = readers.all.lateIn(text, glance);
  if (hints === 0 && !isTelltale) return { matches: open, isCut: false };
  const { matches, isCut } = lookBehind(text, readers, { hints, isTelltale });
  return { matches: withoutRepeats([...open, ...matches]), isCut };
}

/** The same for a run that has ended in an answer while it is written: what its codings hide. */
function lookIntoRun(run: string, readers: Readers): Looked {
  const { matches, isCut } = lookBehind(run, readers, { hints: HINT.run, isTelltale: false });
  return { matches: withoutRepeats(matches), isCut };
}

/** What a stretch of text was found to say. */
interface Looked {
  readonly matches: readonly Match[];
  /** It hides more than `FIXED.viewBudgetUnits`: the rest was not read. */
  readonly isCut: boolean;
}

function lookBehind(text: string, readers: Readers, shows: Pick<Level, 'hints' | 'isTelltale'>): Looked {
  const budget = { units: FIXED.viewBudgetUnits };
  const matches = scanLevel(text, readers, { depth: 1, ...shows, budget });
  return { matches, isCut: budget.units < 0 };
}

/** Whether a word shows that a text is rotated or reversed. */
export function hasTelltale({ words }: Glance): boolean {
  return words !== undefined && areTelltale(words);
}

interface Level {
  readonly depth: number;
  readonly hints: number;
  readonly isTelltale: boolean;
  /** What may still be made, for all levels together; below 0 once something was left out. */
  readonly budget: { units: number };
}

function scanLevel(text: string, readers: Readers, { depth, hints, isTelltale, budget }: Level): Match[] {
  const found: Match[] = [];
  for (const view of codedViews(text, hints)) {
    budget.units -= view.text.length;
    if (budget.units < 0) return found;
    const folded = foldText(view.text);
    const shown = folded.length === view.text.length ? folded : view.text;
    found.push(...openIn(text, view, shown, readers.all));
    if (depth === FIXED.viewDepth) continue;
    const glance = readers.all.glance(shown);
    const level = { depth: depth + 1, hints: glance.hints, isTelltale: hasTelltale(glance), budget };
    found.push(...scanLevel(shown, readers, level).map((match) => placed(match, view)));
  }
  if (readers.instructions === undefined) return found;
  for (const view of disguisedViews(text, { hints, isTelltale, words: readers.instructionWords })) {
    budget.units -= view.text.length;
    if (budget.units < 0) return found;
    found.push(...openIn(text, view, view.text, readers.instructions));
  }
  return found;
}

/** Matches in a view, at their places, but for those that the text has itself: the same characters, between the same borders of words. */
function openIn(text: string, view: View, shown: string, reader: TextReader): Match[] {
  return reader.matchesIn(shown).flatMap((match) => {
    const at = placed(match, view);
    const isSame = text.slice(at.start, at.end) === view.text.slice(match.start, match.end);
    return isSame && bordersOf(text, at) === bordersOf(view.text, match) ? [] : [at];
  });
}

/** Whether a word goes on in front of a stretch, and behind it: of two texts with the same stretch a pattern may match in one alone. */
function bordersOf(text: string, { start, end }: Pick<Match, 'start' | 'end'>): number {
  const before = start > 0 && isWordUnit(unitAt(text, start - 1)) ? 1 : 0;
  return end < text.length && isWordUnit(unitAt(text, end)) ? before + 2 : before;
}

/** What `\b` takes for a part of a word. */
function isWordUnit(unit: number): boolean {
  const lower = unit | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || (unit >= 0x30 && unit <= 0x39) || unit === 0x5f;
}

function placed({ rule, start, end }: Match, { starts, ends }: View): Match {
  const [first, last] = [start, end - 1];
  return {
    rule,
    start: utf16Offset(Math.min(starts[first]!, starts[last]!)),
    end: utf16Offset(Math.max(ends[first]!, ends[last]!)),
  };
}

/** One match of a rule for each place, the widest, by start. */
function withoutRepeats(found: readonly Match[]): Match[] {
  const kept: Match[] = [];
  for (const match of [...found].sort((a, b) => b.end - b.start - (a.end - a.start)))
    if (!kept.some(({ rule, start, end }) => rule === match.rule && start < match.end && match.start < end)) kept.push(match);
  return kept.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Looks for what a lane hides while it comes, in stretches that do not depend on how it was cut. */
export interface HiddenScan {
  push(text: string): void;
  /** Nothing follows, or nothing that counts: what is left is looked at. */
  end(): void;
  /** Matches known since the last call, by start. */
  takeMatches(): readonly Match[];
  /** What is hidden in the text before this offset is known. */
  readonly settled: Utf16Offset;
  /** Where the first stretch ends that hides more than was read; undefined while all was. */
  readonly cutAt: Utf16Offset | undefined;
}

/** Two that look at the same text. */
export function joinHidden(first: HiddenScan, second: HiddenScan): HiddenScan {
  return new JoinedScan([first, second]);
}

class JoinedScan implements HiddenScan {
  readonly #scans: readonly HiddenScan[];

  constructor(scans: readonly HiddenScan[]) {
    this.#scans = scans;
  }

  push(text: string): void {
    for (const scan of this.#scans) scan.push(text);
  }

  end(): void {
    for (const scan of this.#scans) scan.end();
  }

  takeMatches(): readonly Match[] {
    return withoutRepeats(this.#scans.flatMap((scan) => scan.takeMatches()));
  }

  get settled(): Utf16Offset {
    return utf16Offset(Math.min(...this.#scans.map(({ settled }) => settled)));
  }

  get cutAt(): Utf16Offset | undefined {
    const cuts = this.#scans.flatMap(({ cutAt }) => cutAt ?? []);
    return cuts.length === 0 ? undefined : utf16Offset(Math.min(...cuts));
  }
}

/** A lane whose text is whole before anybody acts on it: everything is looked for, in long stretches that overlap. */
export function openWholeScan(readers: Readers): HiddenScan {
  return new StretchScan(readers, lookInto);
}

/** The same where it is not a word that tells whether the text is rotated or reversed. */
export function openDisguisedScan(readers: Readers, isDisguised: (text: string) => boolean): HiddenScan {
  return new StretchScan(readers, (stretch) => lookInto(stretch, readers, isDisguised));
}

/** Phrases of a lane that nobody holds back for them: known when their stretch is. */
function openLatePhrases(readers: Readers): HiddenScan {
  return new StretchScan(readers, lookForLate);
}

function lookForLate(stretch: string, { all }: Readers): Looked {
  return { matches: all.lateIn(stretch, all.glance(stretch)), isCut: false };
}

/** Looks at a text in stretches of `FIXED.viewUnits` that overlap; the last is what is left at the end. */
class StretchScan implements HiddenScan {
  cutAt: Utf16Offset | undefined;
  readonly #readers: Readers;
  readonly #lookInto: (stretch: string, readers: Readers) => Looked;
  #text = '';
  #base = 0;
  #matches: Match[] = NONE_YET;

  constructor(readers: Readers, look: (stretch: string, readers: Readers) => Looked) {
    this.#readers = readers;
    this.#lookInto = look;
  }

  get settled(): Utf16Offset {
    return utf16Offset(this.#base);
  }

  push(piece: string): void {
    const { viewUnits, viewOverlapUnits } = FIXED;
    this.#text = this.#text.length === 0 ? piece : this.#text + piece;
    while (this.#text.length > viewUnits) {
      this.#look(this.#text.slice(0, viewUnits), viewUnits - viewOverlapUnits);
      this.#text = this.#text.slice(viewUnits - viewOverlapUnits);
      this.#base += viewUnits - viewOverlapUnits;
    }
  }

  end(): void {
    this.#look(this.#text, this.#text.length);
    this.#base += this.#text.length;
    this.#text = '';
  }

  takeMatches(): readonly Match[] {
    const taken = this.#matches;
    this.#matches = NONE_YET;
    return taken;
  }

  /** Takes the matches of a stretch that begin before `to`; later ones are found again in the next stretch. */
  #look(stretch: string, to: number): void {
    if (stretch.length === 0) return;
    const { matches, isCut } = this.#lookInto(stretch, this.#readers);
    for (const match of matches) if (match.start < to) this.#matches = added(this.#matches, moved(match, this.#base));
    if (isCut) this.cutAt ??= utf16Offset(this.#base + to);
  }
}

/** A lane that is read while it is written: runs of base64 and hexadecimal digits, each when it has ended. */
export function openRunScan(readers: Readers): HiddenScan {
  return new RunScan(readers);
}

class RunScan implements HiddenScan {
  cutAt: Utf16Offset | undefined;
  readonly #readers: Readers;
  readonly #phrases: HiddenScan | undefined;
  /** The run that is open, and where it began. */
  #run = '';
  #base = 0;
  #length = 0;
  #matches: Match[] = NONE_YET;

  constructor(readers: Readers) {
    this.#readers = readers;
    this.#phrases = readers.hasLate ? openLatePhrases(readers) : undefined;
  }

  get settled(): Utf16Offset {
    return utf16Offset(this.#run === '' ? this.#length : this.#base);
  }

  push(piece: string): void {
    this.#phrases?.push(piece);
    for (let from = 0; from < piece.length; ) {
      const to = runStop(piece, from);
      if (this.#run === '') this.#base = this.#length + from;
      this.#goOn(piece.slice(from, to));
      if (to === piece.length) break;
      this.#endRun();
      from = to + 1;
    }
    this.#length += piece.length;
  }

  end(): void {
    this.#endRun();
    this.#phrases?.end();
  }

  takeMatches(): readonly Match[] {
    const late = this.#phrases?.takeMatches() ?? NO_MATCHES;
    const taken = late.length > 0 ? [...this.#matches, ...late] : this.#matches;
    this.#matches = NONE_YET;
    return taken;
  }

  #goOn(part: string): void {
    const { runUnits, runOverlapUnits } = FIXED;
    this.#run += part;
    while (this.#run.length > runUnits) {
      this.#look(this.#run.slice(0, runUnits), runUnits - runOverlapUnits);
      this.#run = this.#run.slice(runUnits - runOverlapUnits);
      this.#base += runUnits - runOverlapUnits;
    }
  }

  #endRun(): void {
    if (this.#run.length >= RUN_UNITS_MIN) this.#look(this.#run, this.#run.length);
    this.#run = '';
  }

  #look(stretch: string, to: number): void {
    const { matches, isCut } = lookIntoRun(stretch, this.#readers);
    for (const match of matches) if (match.start < to) this.#matches = added(this.#matches, moved(match, this.#base));
    if (isCut) this.cutAt ??= utf16Offset(this.#base + to);
  }
}

const NO_MATCHES: readonly Match[] = [];

function runStop(text: string, from: number): number {
  let i = from;
  while (i < text.length && isRunUnit(unitAt(text, i))) i++;
  return i;
}

const moved = ({ rule, start, end }: Match, by: number): Match => ({ rule, start: utf16Offset(start + by), end: utf16Offset(end + by) });
