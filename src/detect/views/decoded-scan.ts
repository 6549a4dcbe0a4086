import { FIXED } from '../../lib/limits.ts';
import { type Utf16Offset, utf16Offset } from '../../lib/units.ts';
import type { Engine, Match } from '../scan.ts';
import { foldText } from './fold.ts';
import { HINT, hintsOf } from './hints.ts';
import { isRunUnit, RUN_UNITS_MIN } from './runs.ts';
import type { View } from './view.ts';
import { codedViews, disguisedViews } from './views-of.ts';

/** The engines that look at what is hidden. */
export interface ViewEngines {
  /** Every rule of the lane. */
  readonly all: Engine;
  /** Rules about instructions, for disguises; undefined when the lane has none. */
  readonly instructions: Engine | undefined;
  /** Finds words that only a rotated or reversed text has. */
  readonly telltales: Engine | undefined;
}

/**
 * Matches in what a text hides, by start, at the places of the text where it is hidden. What the text says openly is not among them: the
 * scan of the text itself finds that.
 */
export function scanViews(text: string, engines: ViewEngines, streamed: boolean): Match[] {
  const budget = { units: FIXED.viewBudgetUnits };
  const found = scanLevel(text, engines, { depth: 1, streamed, budget });
  return withoutRepeats(found);
}

interface Level {
  readonly depth: number;
  /** Only codings whose runs are seen to end while the text streams. */
  readonly streamed: boolean;
  readonly budget: { units: number };
}

function scanLevel(text: string, engines: ViewEngines, level: Level): Match[] {
  const { depth, streamed, budget } = level;
  const hints = hintsOf(text) & (streamed && depth === 1 ? HINT.run : -1);
  const isTelltale = !streamed && engines.telltales?.isQuiet(text) === false;
  if (hints === 0 && !isTelltale) return [];
  const found: Match[] = [];
  for (const view of codedViews(text, hints)) {
    budget.units -= view.text.length;
    if (budget.units < 0) return found;
    const folded = foldText(view.text);
    const isAligned = folded.length === view.text.length;
    found.push(...matchesIn(view, isAligned ? folded : view.text, engines.all).filter((match) => isHidden(text, match)));
    if (depth < FIXED.viewDepth) {
      const deeper = scanLevel(isAligned ? folded : view.text, engines, { ...level, depth: depth + 1 });
      found.push(...deeper.map((match) => placed(match, view)));
    }
  }
  if (engines.instructions === undefined) return found;
  for (const view of disguisedViews(text, hints, isTelltale)) {
    budget.units -= view.text.length;
    if (budget.units < 0) return found;
    found.push(...matchesIn(view, view.text, engines.instructions).filter((match) => isHidden(text, match)));
  }
  return found;
}

/** A match in a view, at its place in the text that the view was made from. */
interface Placed extends Match {
  /** What was matched, as it stands in the view. */
  readonly shown: string;
}

function matchesIn(view: View, text: string, engine: Engine): Placed[] {
  if (engine.isQuiet(text)) return [];
  const scan = engine.open({ stopAtDenial: false });
  scan.push(text);
  scan.end();
  return scan.takeMatches().map((match) => ({ ...placed(match, view), shown: view.text.slice(match.start, match.end) }));
}

function placed({ rule, start, end }: Match, { starts, ends }: View): Match {
  const [first, last] = [start, end - 1];
  return {
    rule,
    start: utf16Offset(Math.min(starts[first]!, starts[last]!)),
    end: utf16Offset(Math.max(ends[first]!, ends[last]!)),
  };
}

const isHidden = (text: string, { start, end, shown }: Placed): boolean => text.slice(start, end) !== shown;

/** One match of a rule for each place, the widest, by start. */
function withoutRepeats(found: readonly Match[]): Match[] {
  const kept: Match[] = [];
  for (const match of [...found].sort((a, b) => b.end - b.start - (a.end - a.start)))
    if (!kept.some(({ rule, start, end }) => rule === match.rule && start < match.end && match.start < end)) kept.push(match);
  return kept.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Looks for what a lane hides while it comes, in stretches that do not depend on how it was cut. */
export interface DecodedScan {
  push(text: string): void;
  /** Nothing follows, or nothing that counts: what is left is looked at. */
  end(): void;
  /** Matches known since the last call, by start. */
  takeMatches(): Match[];
  /** What is hidden in the text before this offset is known. */
  readonly settled: Utf16Offset;
}

/** A lane whose text is whole before anybody acts on it: everything is looked for, in long stretches that overlap. */
export function openWholeScan(engines: ViewEngines): DecodedScan {
  const { viewUnits, viewOverlapUnits } = FIXED;
  let text = '';
  let base = 0;
  let matches: Match[] = [];

  return {
    push(piece) {
      text = text.length === 0 ? piece : text + piece;
      while (text.length > viewUnits) {
        look(text.slice(0, viewUnits), viewUnits - viewOverlapUnits);
        text = text.slice(viewUnits - viewOverlapUnits);
        base += viewUnits - viewOverlapUnits;
      }
    },
    end() {
      look(text, text.length);
      base += text.length;
      text = '';
    },
    takeMatches() {
      const taken = matches;
      if (taken.length > 0) matches = [];
      return taken;
    },
    get settled() {
      return utf16Offset(base);
    },
  };

  /** Takes the matches of a stretch that begin before `to`; later ones are found again in the next stretch. */
  function look(stretch: string, to: number): void {
    if (stretch.length === 0) return;
    for (const match of scanViews(stretch, engines, false)) if (match.start < to) matches.push(moved(match, base));
  }
}

/** A lane that is read while it is written: runs of base64 and hexadecimal digits, each when it has ended. */
export function openRunScan(engines: ViewEngines): DecodedScan {
  const { runUnits, runOverlapUnits } = FIXED;
  /** The run that is open, and where it began. */
  let run = '';
  let base = 0;
  let length = 0;
  let matches: Match[] = [];

  return {
    push(piece) {
      for (let from = 0; from < piece.length; ) {
        const to = runStop(piece, from);
        if (run === '') base = length + from;
        run += piece.slice(from, to);
        while (run.length > runUnits) {
          look(run.slice(0, runUnits), runUnits - runOverlapUnits);
          run = run.slice(runUnits - runOverlapUnits);
          base += runUnits - runOverlapUnits;
        }
        if (to === piece.length) break;
        endRun();
        from = to + 1;
      }
      length += piece.length;
    },
    end: endRun,
    takeMatches() {
      const taken = matches;
      if (taken.length > 0) matches = [];
      return taken;
    },
    get settled() {
      return utf16Offset(run === '' ? length : base);
    },
  };

  function endRun(): void {
    if (run.length >= RUN_UNITS_MIN) look(run, run.length);
    run = '';
  }

  function look(stretch: string, to: number): void {
    for (const match of scanViews(stretch, engines, true)) if (match.start < to) matches.push(moved(match, base));
  }
}

function runStop(text: string, from: number): number {
  let i = from;
  while (i < text.length && isRunUnit(text.charCodeAt(i))) i++;
  return i;
}

const moved = ({ rule, start, end }: Match, by: number): Match => ({ rule, start: utf16Offset(start + by), end: utf16Offset(end + by) });
