import { assert } from '../lib/assert.ts';
import { FIXED } from '../lib/limits.ts';
import { type Utf16Offset, utf16Offset } from '../lib/units.ts';
import type { LaneEdit } from '../text/segment.ts';
import { ACCEPTS, DEAD, RESTARTED, ROW_SHIFT, type State } from './automaton.ts';
import { type CompiledDetectors, createDetectorCompiler } from './compiled-detectors.ts';
import type { Place } from './context.ts';
import { type Detector, SEVERITIES } from './detector.ts';
import type { EndSearch, Haystack, Matcher, SearchWindow, Span } from './matcher.ts';
import { ACTIONS, type Engine, type LaneScan, type Match, type Rule } from './scan.ts';

/** Bounds of an engine that a test makes small. */
export type EngineBounds = Pick<typeof FIXED, 'automatonStates' | 'blockUnits'> | { automatonStates: number; blockUnits: number };

/**
 * The engine of one lane's rules. One automaton over all of them reads every unit once and says two things: whether anything is alive (if
 * not, everything before is decided) and which rules may have matched. Only those rules look at the text again, and only at the part that
 * was alive. `among`: the detectors that the automaton reads, those of the rules among them; engines with one `compile` and one such list
 * share all tables.
 */
export function createEngine(
  rules: readonly Rule[],
  bounds: EngineBounds = FIXED,
  compile = createDetectorCompiler(),
  among: readonly Detector[] = rules.map(({ detector }) => detector),
): Engine {
  const byDetector = new Map(rules.map((rule) => [rule.detector, rule]));
  assert(byDetector.size === rules.length, 'each rule has a detector of its own');
  const ruleOf = among.map((detector) => byDetector.get(detector));
  let made: CompiledRules | undefined;
  const compiled = (): CompiledRules => (made ??= compileRules(compile(among, bounds), ruleOf, bounds.blockUnits));
  return {
    rules,
    warm: compiled,
    get longest() {
      return compiled().longest;
    },
    isQuiet: (text) => isQuiet(compiled(), text),
    open: ({ stopAtDenial }) => openScan(compiled(), stopAtDenial),
  };
}

function compileRules(tables: CompiledDetectors, ruleOf: CompiledRules['ruleOf'], blockUnits: number): CompiledRules {
  return {
    tables,
    longest: Math.max(0, ...tables.parts.filter((_, part) => ruleOf[part] !== undefined).map(({ longest }) => longest)),
    ruleOf,
    partOf: new Map(ruleOf.flatMap((rule, part) => (rule === undefined ? [] : [[rule, part]]))),
    blockUnits,
  };
}

interface CompiledRules {
  /** Shared with engines that read the same detectors. */
  readonly tables: CompiledDetectors;
  /** Longest match of any of the rules, in units. */
  readonly longest: number;
  /** For each of the parts; undefined for one that is only read along. */
  readonly ruleOf: readonly (Rule | undefined)[];
  readonly partOf: ReadonlyMap<Rule, number>;
  readonly blockUnits: number;
}

/** No match goes on from before the unit just read (`RESTARTED`), or from it either (`DEAD`). */
const BORDERS = DEAD | RESTARTED;
/** Entries that are not filled yet are negative. */
const UNKNOWN = 1 << 31;

/** Whether no rule can match anywhere in a complete text: the same pass as a scan, without keeping anything. */
function isQuiet({ tables: { automaton, columnOfUnit }, ruleOf }: CompiledRules, text: string): boolean {
  const speaks = (part: number): boolean => ruleOf[part] !== undefined;
  let row = automaton.rowOf(automaton.initial('start'));
  let table = automaton.table();
  for (let i = 0; i < text.length; i++) {
    const column = columnOfUnit[text.charCodeAt(i)]!;
    let entry = table[row + column]!;
    if (entry < 0) {
      entry = automaton.extend(row, column);
      table = automaton.table();
    }
    row = entry >> ROW_SHIFT;
    if (entry & ACCEPTS && automaton.stateAt(row).accepted.some(speaks)) return false;
  }
  return !automaton.acceptedAtEnd(automaton.stateAt(row)).some(speaks);
}

/** A block whose end is not settled. At most one redacting and one observing block are open at once: they swallow what they cover. */
interface Block {
  readonly rule: Rule;
  readonly start: Utf16Offset;
  /** What its replacement belongs to; undefined when it is only observed. */
  readonly edit: GrowingEdit | undefined;
  readonly endSearch: EndSearch;
  /** How far its end has been looked for. */
  readTo: number;
  /** One past its last unit; `OPEN_END` until it is known. */
  end: number;
}

/** An edit while it is being made. */
interface GrowingEdit extends LaneEdit {
  end: Utf16Offset;
  replacement: string;
  /** The match that names it. */
  best: Match;
  /** Highest end of its matches and of its closed blocks. */
  reach: number;
}

/** Where rules may have matched. */
interface Noted {
  /** Lowest and highest offset where one of their matches may have ended. */
  firstEnd: number;
  lastEnd: number;
}

/** End of an edit or a block that still grows. */
const OPEN_END = Number.MAX_SAFE_INTEGER;

/** Decided text is dropped in steps of this many units, so that 1-unit pieces do not copy the rest each time. */
const TRIM_STEP = 1024;

function openScan({ tables, ruleOf, partOf, longest, blockUnits }: CompiledRules, stopAtDenial: boolean): LaneScan {
  const { parts, automaton, columnOfUnit, contexts } = tables;
  let edits: GrowingEdit[] = [];
  let matches: Match[] = [];
  let denied: Match | undefined;
  let exceeded = false;
  /** Text from `base` on: what is undecided, and the context to its left. */
  let text = '';
  let base = 0;
  let length = 0;
  let ended = false;
  let state: State = automaton.initial('start');
  /** Rules that may have a match that is not known yet, and where. */
  const candidates = new Map<number, Noted>();
  /** Where the search of a candidate goes on when its last match reaches past `decided`. */
  const resumeAt = new Map<number, number>();
  /** Every match that begins before this offset is known. */
  let decided = 0;
  /** Length of the text when candidates were last searched for. */
  let searchedAt = 0;
  /** Known matches that end after `decided`. */
  let pending: Match[] = [];
  let blocks: Block[] = [];
  let settled = 0;

  return {
    push,
    end,
    takeMatches: () => {
      const taken = matches;
      if (taken.length > 0) matches = [];
      return taken;
    },
    forgetBefore: (offset) => {
      if (edits.length > 0 && edits[0]!.end <= offset) edits = edits.filter((edit) => edit.end > offset);
    },
    get settled() {
      return utf16Offset(settled);
    },
    get length() {
      return utf16Offset(length);
    },
    get edits() {
      return edits;
    },
    get denied() {
      return denied;
    },
    get exceeded() {
      return exceeded;
    },
  };

  function push(piece: string): void {
    assert(!ended, 'no text follows the end of a lane');
    if (denied !== undefined || piece.length === 0) return;
    text = text.length === 0 ? piece : text + piece;
    length += piece.length;
    read(piece, length - piece.length);
    if (denied !== undefined) return;
    releaseRun();
    trim();
  }

  function end(): void {
    if (ended) return;
    ended = true;
    if (denied !== undefined) return;
    note(automaton.acceptedAtEnd(state), length);
    advance(length);
    if (denied !== undefined || blocks.length === 0) return;
    for (const block of blocks) if (block.end === OPEN_END) closeBlock(block, length);
    advance(length);
  }

  /** Runs the automaton over a piece; decides wherever nothing is alive any more. On clean text this loop is the whole cost of a scan. */
  function read(piece: string, offset: number): void {
    const columns = columnOfUnit;
    const { acceptedColumn } = automaton;
    let row = automaton.rowOf(state);
    let table = automaton.table();
    /** The last border: no match goes on from before it. */
    let border = decided;
    /** The rules that were noted last, and the number of their list; inside a long token they accept with every unit. */
    let noted: readonly number[] = [];
    let notedList = -1;
    for (let i = 0; i < piece.length; i++) {
      // Entries with one of these bits are looked at; with candidates, also borders, where they are decided.
      const stops = candidates.size > 0 ? UNKNOWN | ACCEPTS | BORDERS : UNKNOWN | ACCEPTS;
      let entry = 0;
      let notedAgain = 0;
      // No call in here: it doubles the speed on prose (bench engine).
      for (; i < piece.length; i++) {
        entry = table[row + columns[piece.charCodeAt(i)]!]!;
        if (entry & stops) {
          if (entry & (UNKNOWN | BORDERS) || table[(entry >> ROW_SHIFT) + acceptedColumn] !== notedList) break;
          notedAgain = offset + i + 1;
        }
        row = entry >> ROW_SHIFT;
        if (entry & BORDERS) border = offset + (entry & DEAD ? i + 1 : i);
      }
      if (notedAgain > 0) note(noted, notedAgain);
      if (i === piece.length) break;
      if (entry < 0) {
        entry = automaton.extend(row, columns[piece.charCodeAt(i)]!);
        table = automaton.table();
      }
      row = entry >> ROW_SHIFT;
      notedList = -1;
      if (entry & ACCEPTS) {
        // The search for it begins at the last border, not where the piece begins.
        if (candidates.size === 0 && border > decided) advance(border);
        noted = automaton.stateAt(row).accepted;
        note(noted, offset + i + 1);
      }
      if (entry & BORDERS) {
        border = offset + (entry & DEAD ? i + 1 : i);
        if (candidates.size > 0) advance(border);
        if (denied !== undefined) return;
      } else if (entry & ACCEPTS) notedList = table[row + acceptedColumn]!;
    }
    state = automaton.stateAt(row);
    if (border > decided) advance(border);
  }

  /** Makes rules candidates: one of their matches may end with the unit before `end`, or before that unit. */
  function note(accepted: readonly number[], end: number): void {
    for (const rule of accepted) {
      if (ruleOf[rule] === undefined) continue;
      const known = candidates.get(rule);
      if (known === undefined) candidates.set(rule, { firstEnd: end - 1, lastEnd: end });
      else known.lastEnd = end;
    }
  }

  /**
   * While something stays alive longer than its longest match, the older text is decided and leaves. With candidates in the run that takes
   * a search, so it is done each time the run has grown by half a match, not for every piece.
   */
  function releaseRun(): void {
    const { longestAlive } = state;
    const cut = length - longestAlive;
    if (longestAlive === 0 || cut <= decided) return;
    if (candidates.size === 0 || length - searchedAt >= longestAlive / 2) advance(cut);
  }

  /** Decides every match that begins before `to`, hands out those that end there, and settles what no later match can touch. */
  function advance(to: number): void {
    for (const block of blocks) readOn(block);
    if (candidates.size > 0) for (const match of search(to)) take(match);
    decided = to;
    if (pending.length > 0) publish();
    if (blocks.length > 0) dropBlocks();
    if (denied === undefined) settled = safeCut();
  }

  /**
   * Every match of the candidates that begins before `to` and is not known yet, by start. A candidate whose last possible end is not past
   * `to` is none any more: a match that begins there will end later, and be noticed then.
   */
  function search(to: number): Match[] {
    searchedAt = length;
    const haystack = { text, begins: base === 0, ends: ended };
    const found: Match[] = [];
    let hasReadContexts = false;
    let furthest = decided;
    for (const { lastEnd } of candidates.values()) furthest = Math.max(furthest, lastEnd);
    for (const [index, { firstEnd, lastEnd }] of candidates) {
      const rule = ruleOf[index]!;
      const { matcher, longest: reach, context } = parts[index]!;
      if (lastEnd <= to) candidates.delete(index);
      const from = Math.max(decided, resumeAt.get(index) ?? 0, firstEnd - reach);
      if (from >= to) continue;
      if (context !== undefined && !hasReadContexts) {
        hasReadContexts = true;
        contexts.read(text, { from: Math.max(0, decided - base - FIXED.contextUnits), to: furthest - base });
      }
      const window = { from: from - base, to: to - base, endMax: lastEnd - base };
      const spans =
        context === undefined
          ? matcher.search(haystack, window)
          : searchAt(contexts.placesOf(context), { matcher, reach, haystack, window });
      for (const { start, end } of spans) found.push({ rule, start: utf16Offset(base + start), end: utf16Offset(base + end) });
      const last = found.at(-1);
      if (spans.length > 0 && last!.end > to) resumeAt.set(index, last!.end);
      else resumeAt.delete(index);
    }
    return found.length > 1 ? found.sort(byStart) : found;
  }

  /** Takes in one match, in the order of their starts: swallowed by a block, the start of a block, or a match of its own. */
  function take(match: Match): void {
    if (blocks.some((block) => covers(block, match))) return;
    const { rule } = match;
    const searchEnd = rule.action === 'deny' ? undefined : parts[partOf.get(rule)!]!.searchEnd;
    const edit = rule.action === 'redact' ? addEdit(match) : undefined;
    if (searchEnd === undefined) pending.push(match);
    else openBlock(match, searchEnd(text, match.end - base), edit);
  }

  function openBlock({ rule, start, end: markerEnd }: Match, endSearch: EndSearch, edit: GrowingEdit | undefined): void {
    const block: Block = { rule, start, edit, endSearch, readTo: markerEnd, end: OPEN_END };
    blocks.push(block);
    if (edit !== undefined) edit.end = utf16Offset(OPEN_END);
    readOn(block);
  }

  /** Looks for the end of an open block in the text that has come, once per unit. */
  function readOn(block: Block): void {
    if (block.end !== OPEN_END) return;
    const found = block.endSearch.read(text, block.readTo - base);
    block.readTo = length;
    if (found !== undefined) closeBlock(block, base + found);
  }

  /** The finding of a block is known, and its edit stops growing. */
  function closeBlock(block: Block, end: number): void {
    block.end = end;
    pending.push({ rule: block.rule, start: block.start, end: utf16Offset(end) });
    if (block.edit === undefined) return;
    block.edit.reach = Math.max(block.edit.reach, end);
    block.edit.end = utf16Offset(block.edit.reach);
  }

  /** Notes a block that grew past its limit before anything was denied, and lets go of those whose end is decided. */
  function dropBlocks(): void {
    const upTo = denied?.end ?? decided;
    exceeded ||= blocks.some((block) => Math.min(block.end, upTo) - block.start > blockUnits);
    blocks = blocks.filter((block) => block.end > decided);
  }

  /** Overlapping matches become one replacement, named after the strongest of those that begin within one longest match of its start. */
  function addEdit(match: Match): GrowingEdit {
    const last = edits.at(-1);
    if (last === undefined || match.start >= last.end) {
      const edit = { start: match.start, end: match.end, replacement: replacementOf(match.rule), best: match, reach: match.end };
      edits.push(edit);
      return edit;
    }
    if (match.start < last.start + longest && compareMatches(match, last.best) < 0) {
      last.best = match;
      last.replacement = replacementOf(match.rule);
    }
    last.reach = Math.max(last.reach, match.end);
    if (last.end !== OPEN_END) last.end = utf16Offset(last.reach);
    return last;
  }

  /** Hands out the matches that end by now, in the order of their ends; the first denying one is the last. */
  function publish(): void {
    const final = pending.filter((match) => match.end <= decided).sort(byEnd);
    if (final.length === 0) return;
    pending = pending.filter((match) => match.end > decided);
    const denial = stopAtDenial ? final.findIndex(({ rule }) => rule.action === 'deny') : -1;
    for (const match of denial < 0 ? final : final.slice(0, denial + 1)) matches.push(match);
    if (denial >= 0) denied = final[denial];
  }

  /** How far the text is final: not past the start of an edit that may still get another name, nor of a denial that is not handed out. */
  function safeCut(): number {
    let safe = decided;
    const last = edits.at(-1);
    if (last !== undefined && last.end > decided && decided < last.start + longest) safe = last.start;
    for (const { rule, start } of pending) if (stopAtDenial && rule.action === 'deny' && start < safe) safe = start;
    return safe;
  }

  function trim(): void {
    const keepFrom = decided - FIXED.contextUnits - 1;
    if (keepFrom - base < TRIM_STEP) return;
    text = text.slice(keepFrom - base);
    base = keepFrom;
  }
}

interface PlacedSearch {
  readonly matcher: Matcher;
  /** Longest match, in units. */
  readonly reach: number;
  readonly haystack: Haystack;
  readonly window: SearchWindow;
}

/** Every match in the window that begins in one of these places, as a search of the whole window would give those. */
function searchAt(places: readonly Place[], { matcher, reach, haystack, window }: PlacedSearch): readonly Span[] {
  const found: Span[] = [];
  let free = window.from;
  for (const place of places) {
    const [from, to] = [Math.max(free, place.from), Math.min(window.to, place.to)];
    if (from >= to) continue;
    for (const span of matcher.search(haystack, { from, to, endMax: Math.min(window.endMax, to - 1 + reach) })) {
      found.push(span);
      free = span.end;
    }
  }
  return found;
}

/** A block swallows what lies within it, unless that asks for more than the block's own action. */
function covers(block: Block, { rule, start, end }: Match): boolean {
  return start < block.end && end <= block.end && ACTIONS.indexOf(rule.action) <= ACTIONS.indexOf(block.rule.action);
}

/** What stands in place of a redacted text. It matches no rule, so redacting twice changes nothing. */
export function replacementOf(rule: Pick<Rule, 'id'>): string {
  return `[REDACTED:${rule.id}]`;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byStart = (a: Match, b: Match): number => a.start - b.start || a.end - b.end || compareText(a.rule.id, b.rule.id);

/** By end; at one end what does not deny comes first, by start and id, then denials, the gravest first. */
export function byEnd(a: Match, b: Match): number {
  const denies = ({ rule }: Match): number => (rule.action === 'deny' ? 1 : 0);
  const first = denies(a) === 1 && denies(b) === 1 ? compareSeverity(a.rule, b.rule) : a.start - b.start;
  return a.end - b.end || denies(a) - denies(b) || first || compareText(a.rule.id, b.rule.id);
}

const compareSeverity = (a: Rule, b: Rule): number => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity);

/** Negative when `a` names a replacement: highest action, then severity, then length, then id. */
const compareMatches = (a: Match, b: Match): number =>
  ACTIONS.indexOf(b.rule.action) - ACTIONS.indexOf(a.rule.action) ||
  compareSeverity(a.rule, b.rule) ||
  b.end - b.start - (a.end - a.start) ||
  compareText(a.rule.id, b.rule.id);
