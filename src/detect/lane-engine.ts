import { FIXED } from '../lib/limits.ts';
import { type Utf16Offset, utf16Offset } from '../lib/units.ts';
import type { LaneEdit } from '../text/segment.ts';
import { createDetectorCompiler, type DetectorCompiler } from './compiled-detectors.ts';
import type { Detector, Family } from './detector.ts';
import { byEnd, createEngine, type EngineBounds, replacementOf } from './engine.ts';
import type { Engine, LaneScan, Match, Rule } from './scan.ts';
import { type DecodedScan, openRunScan, openWholeScan, type ViewEngines } from './views/decoded-scan.ts';
import { TELLTALE_WORDS } from './views/disguises.ts';
import { createFold } from './views/fold.ts';
import { hintsOf } from './views/hints.ts';

export interface LaneEngineOptions {
  /** The text is read while it is written: only what a prefix decides is looked for. Default: it is whole before anybody acts on it. */
  readonly streamed?: boolean;
  readonly bounds?: EngineBounds;
  /** Must have been made with `folded`. */
  readonly compile?: DetectorCompiler;
}

/**
 * The engine of a lane as traffic meets it: rules read the text as `createFold` shows it, and what it hides (base64, escapes, leetspeak …)
 * is read too. Matches and edits are at the places of the text as given.
 */
export function createLaneEngine(rules: readonly Rule[], options: LaneEngineOptions = {}): Engine {
  const { streamed = false, bounds = FIXED, compile = createDetectorCompiler({ folded: true }) } = options;
  const plain = createEngine(rules, bounds, compile);
  const instructions = rules.filter(({ detector }) => INSTRUCTING.has(detector.family));
  const hasInstructions = !streamed && instructions.length > 0;
  const engines: ViewEngines = {
    all: plain,
    instructions: hasInstructions ? createEngine(instructions, bounds, compile) : undefined,
    telltales: hasInstructions ? createEngine([TELLTALES], bounds, compile) : undefined,
  };
  const quiet = hasInstructions ? createEngine([...rules, TELLTALES], bounds, compile) : plain;
  return {
    rules,
    longest: plain.longest,
    isQuiet(text) {
      return hintsOf(text) === 0 && quiet.isQuiet(text);
    },
    open: ({ stopAtDenial }) =>
      openLaneScan(plain.open({ stopAtDenial }), streamed ? openRunScan(engines) : openWholeScan(engines), stopAtDenial),
  };
}

/** Families that are about what a model is told to do: disguised words matter there, disguised numbers do not read as any. */
const INSTRUCTING: ReadonlySet<Family> = new Set(['injection', 'tool', 'leak', 'exfil']);

const TELLTALE_DETECTOR: Detector = {
  name: 'telltale',
  family: 'injection',
  summary: 'Words of injections, rotated or reversed.',
  tier: 'flag',
  severity: 'info',
  confidence: 0.5,
  pattern: new RegExp(`\\b(?:${[...TELLTALE_WORDS.map(rotated), ...TELLTALE_WORDS.map(mirrored)].join('|')})\\b`, 'i'),
  references: [],
  finds: [],
  ignores: [],
};
const TELLTALES: Rule = { id: 'injection.telltale', detector: TELLTALE_DETECTOR, severity: 'info', confidence: 0.5, action: 'observe' };

function rotated(word: string): string {
  return Array.from(word, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 0x61 + 13) % 26) + 0x61)).join('');
}

function mirrored(word: string): string {
  return [...word].reverse().join('');
}

/** Joins the scan of the open text and the one of the hidden text, and gives the places of the text as given. */
function openLaneScan(plain: LaneScan, decoded: DecodedScan, stopAtDenial: boolean): LaneScan {
  const fold = createFold();
  let length = 0;
  let settled = 0;
  let denied: Match | undefined;
  let ended = false;
  /** Known matches that are not handed out, at folded places. */
  let pending: Match[] = [];
  let published: Match[] = [];
  /** What the hidden text redacts, at folded places, by start. */
  let hiddenEdits: LaneEdit[] = [];
  /** All edits at given places; made when asked for. */
  let edits: readonly LaneEdit[] | undefined;

  return {
    push(piece) {
      if (denied !== undefined || piece.length === 0) return;
      length += piece.length;
      read(fold.push(piece));
    },
    end() {
      if (ended) return;
      ended = true;
      if (denied !== undefined) return;
      read(fold.end());
      if (denied !== undefined) return;
      plain.end();
      decoded.end();
      collect();
    },
    takeMatches() {
      const taken = published;
      if (taken.length > 0) published = [];
      return taken;
    },
    forgetBefore,
    get settled() {
      return utf16Offset(settled);
    },
    get length() {
      return utf16Offset(length);
    },
    get edits() {
      edits ??= placeEdits();
      return edits;
    },
    get denied() {
      return denied;
    },
    get exceeded() {
      return plain.exceeded;
    },
  };

  function read(text: string): void {
    const before = plain.length;
    plain.push(text);
    const { denied: denial } = plain;
    // Behind a denial nothing counts: what is hidden in front of it may deny earlier.
    decoded.push(denial === undefined ? text : text.slice(0, Math.max(0, denial.end - before)));
    if (denial !== undefined) decoded.end();
    collect();
  }

  function collect(): void {
    edits = undefined;
    const [open, hidden] = [plain.takeMatches(), decoded.takeMatches()];
    for (const match of open) pending.push(match);
    for (const match of hidden) {
      const { rule, start, end } = match;
      pending.push(match);
      if (rule.action === 'redact') hiddenEdits.push({ start, end, replacement: replacementOf(rule) });
    }
    const safe = safeCut();
    if (pending.length > 0) publish(safe);
    if (denied === undefined) settled = fold.startOf(safe);
  }

  /** How far both scans are final, not past the start of what still waits to be handed out. */
  function safeCut(): number {
    let safe: number = plain.denied === undefined ? Math.min(plain.settled, decoded.settled) : plain.denied.end;
    if (pending.length === 0) return safe;
    const waits = pending.filter(({ rule }) => rule.action === 'redact' || (stopAtDenial && rule.action === 'deny'));
    for (const { start, end } of waits.sort((a, b) => b.start - a.start)) if (end > safe && start < safe) safe = start;
    return safe;
  }

  /** Hands out the matches that end by now, in the order of their ends; the first denying one is the last. */
  function publish(upTo: number): void {
    const final = pending.filter(({ end }) => end <= upTo).sort(byEnd);
    if (final.length === 0) return;
    pending = pending.filter(({ end }) => end > upTo);
    const denial = stopAtDenial ? final.findIndex(({ rule }) => rule.action === 'deny') : -1;
    for (const match of denial < 0 ? final : final.slice(0, denial + 1)) published.push(placed(match));
    if (denial >= 0) denied = published.at(-1);
  }

  function placed({ rule, start, end }: Match): Match {
    return { rule, start: utf16Offset(fold.startOf(start)), end: utf16Offset(fold.endOf(end)) };
  }

  function placeEdits(): readonly LaneEdit[] {
    if (isPlain()) return plain.edits;
    const merged = hiddenEdits.length === 0 ? plain.edits : mergeEdits([...plain.edits, ...hiddenEdits]);
    return merged.map(({ start, end, replacement }) => ({
      start: utf16Offset(fold.startOf(start)),
      end: end > plain.length ? end : utf16Offset(fold.endOf(end)),
      replacement,
    }));
  }

  /** Places are those of the text as given, and nothing hidden is redacted. */
  function isPlain(): boolean {
    return fold.isIdentity && hiddenEdits.length === 0;
  }

  function forgetBefore(offset: Utf16Offset): void {
    if (isPlain()) {
      plain.forgetBefore(offset);
      return;
    }
    const isPast = (edit: LaneEdit): boolean => edit.end <= plain.length && fold.endOf(edit.end) <= offset;
    if (hiddenEdits.length > 0) hiddenEdits = hiddenEdits.filter((edit) => !isPast(edit));
    const past = plain.edits.findLast(isPast);
    if (past !== undefined) plain.forgetBefore(past.end);
    edits = undefined;
    fold.forgetBefore(
      Math.min(safeCut(), ...pending.map(({ start }) => start), ...[...plain.edits, ...hiddenEdits].map(({ start }) => start)),
    );
  }
}

/** Overlapping edits become one, named after the first. */
function mergeEdits(all: readonly LaneEdit[]): LaneEdit[] {
  const merged: LaneEdit[] = [];
  for (const edit of [...all].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last === undefined || edit.start >= last.end) merged.push({ ...edit });
    else last.end = utf16Offset(Math.max(last.end, edit.end));
  }
  return merged;
}
