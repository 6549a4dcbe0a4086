import { assert } from '../lib/assert.ts';
import { added, NONE_YET } from '../lib/growing-list.ts';
import { FIXED } from '../lib/limits.ts';
import { unitAt } from '../lib/unit-at.ts';
import { type Utf16Offset, utf16Offset } from '../lib/units.ts';
import type { LaneEdit } from '../text/segment.ts';
import { ACCEPTS, DEAD, RESTARTED, ROW_SHIFT, type State } from './automaton.ts';
import type { CompiledDetector, CompiledDetectors } from './compiled-detectors.ts';
import type { Place } from './context.ts';
import { EarlierStarts } from './earlier-starts.ts';
import type { EndSearch, Haystack } from './matcher.ts';
import { byEnd, byStart, compareMatches, replacementOf } from './matches.ts';
import { searchAt } from './placed-search.ts';
import type { QuietWalk } from './quiet-walk.ts';
import { ACTIONS, type LaneLimit, type LaneScan, type Match, NO_LIMITS, type Rule } from './scan.ts';

/** Rules made ready for the scans of a lane. */
export interface CompiledRules {
  /** Shared with engines that read the same detectors. */
  readonly tables: CompiledDetectors;
  /** Longest match of any of the rules, in units. */
  readonly longest: number;
  /** For each of the parts; undefined for one that is only read along. */
  readonly ruleOf: readonly (Rule | undefined)[];
  readonly blockUnits: number;
  readonly walk: QuietWalk;
}

/** No match goes on from before the unit just read (`RESTARTED`), or from it either (`DEAD`). */
const BORDERS = DEAD | RESTARTED;
/** Entries that are not filled yet are negative. */
const UNKNOWN = 1 << 31;

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

/** A stretch in which matches of a rule may have ended. One that ends behind it begins behind it too. */
interface Noted {
  /** Lowest and highest offset where one may have ended. */
  readonly firstEnd: number;
  lastEnd: number;
}

/** End of an edit or a block that still grows. */
const OPEN_END = Number.MAX_SAFE_INTEGER;

/** Units behind an end of a match from which on another end of the same rules is noted apart from it. */
const NOTED_GAP = 16;

/** Decided text is dropped in steps of this many units, so that 1-unit pieces do not copy the rest each time. */
const TRIM_STEP = 1024;

/** Words of an answer come with the space before them. */
const SPACE = 0x20;

const BLOCK_LIMIT: readonly LaneLimit[] = ['block-limit'];

/** Maps that scans share as long as they have nothing in them, as nearly all do: nobody adds to these. */
const NO_CANDIDATES: Map<number, Noted[]> = new Map();
const NO_RESUMES: Map<number, number> = new Map();

/** A scan with one automaton. There is one for each automaton of each lane of each stream: its fields are all that it takes. */
export class PlainScan implements LaneScan {
  edits: GrowingEdit[] = NONE_YET;
  denied: Match | undefined;
  exceeded = NO_LIMITS;
  settled = utf16Offset(0);
  length = utf16Offset(0);
  readonly #compiled: CompiledRules;
  readonly #stopAtDenial: boolean;
  #matches: Match[] = NONE_YET;
  /** Text from `#base` on: what is undecided, and the context to its left. */
  #text = '';
  #base = 0;
  #ended = false;
  #state: State;
  /** Rules that may have a match that is not known yet, and where, in order. */
  #candidates = NO_CANDIDATES;
  /** Where the search of a candidate goes on when its last match reaches past `#decided`. */
  #resumeAt = NO_RESUMES;
  /** Every match that begins before this offset is known. */
  #decided = 0;
  /** Length of the text when candidates were last searched for. */
  #searchedAt = 0;
  /** Known matches that end after `#decided`. */
  #pending: Match[] = NONE_YET;
  #blocks: Block[] = NONE_YET;
  /** Words whose beginning was not decided with the text before it; undefined: there was none. */
  #earlier: EarlierStarts | undefined;
  /** The automaton was spent: from here on every rule is taken for one that may match anywhere. What is found is the same. */
  #blind = false;

  constructor(compiled: CompiledRules, stopAtDenial: boolean) {
    this.#compiled = compiled;
    this.#stopAtDenial = stopAtDenial;
    this.#state = compiled.tables.automaton.initial('start');
  }

  push(piece: string): void {
    assert(!this.#ended, 'no text follows the end of a lane');
    if (this.denied !== undefined || piece.length === 0) return;
    this.#text = this.#text.length === 0 ? piece : this.#text + piece;
    const [from, state] = [this.length, this.#state];
    this.length = utf16Offset(from + piece.length);
    this.#read(piece, from);
    if (this.denied !== undefined) return;
    if (this.#decided < from || this.#earlier !== undefined) this.#releaseWords(piece, { from, state });
    this.#releaseRun();
    this.#trim();
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.denied !== undefined) return;
    if (this.#blind) this.#noteAll();
    else this.#note(this.#compiled.tables.automaton.acceptedAtEnd(this.#state), { firstEnd: this.length - 1, lastEnd: this.length });
    this.#advance(this.length);
    if (this.denied !== undefined || this.#blocks.length === 0) return;
    for (const block of this.#blocks) if (block.end === OPEN_END) this.#closeBlock(block, this.length);
    this.#advance(this.length);
  }

  takeMatches(): readonly Match[] {
    const taken = this.#matches;
    this.#matches = NONE_YET;
    return taken;
  }

  forgetBefore(offset: Utf16Offset): void {
    if (this.edits.length > 0 && this.edits[0]!.end <= offset) this.edits = this.edits.filter((edit) => edit.end > offset);
  }

  /** Runs the automaton over a piece; decides wherever nothing is alive any more. On clean text this loop is the whole cost of a scan. */
  #read(piece: string, offset: number): void {
    const { automaton, columnOfUnit: columns } = this.#compiled.tables;
    automaton.earn(piece.length);
    if (this.#blind) return this.#noteAll();
    const { acceptedColumn } = automaton;
    let row = automaton.rowOf(this.#state);
    let table = automaton.table();
    /** The last border: no match goes on from before it. */
    let border = this.#decided;
    /** The rules that were noted last, and the number of their list; inside a long token they accept with every unit. */
    let noted: readonly number[] = [];
    let notedList = -1;
    /** Where it was noted, and up to where it accepts again. */
    let [notedEnd, notedTo] = [0, 0];
    const { length } = piece;
    for (let i = 0; i < length; i++) {
      // Entries with one of these bits are looked at; with candidates, also borders, where they are decided.
      const stops = this.#candidates.size > 0 ? UNKNOWN | ACCEPTS | BORDERS : UNKNOWN | ACCEPTS;
      let entry = 0;
      // No call in here: it doubles the speed on prose (bench engine).
      for (; i < length; i++) {
        entry = table[row + columns[unitAt(piece, i)]!]!;
        if (entry & stops) {
          if (entry & (UNKNOWN | BORDERS) || table[(entry >> ROW_SHIFT) + acceptedColumn] !== notedList) break;
          if (offset + i - notedTo >= NOTED_GAP) break;
          notedTo = offset + i + 1;
        }
        row = entry >> ROW_SHIFT;
        if (entry & BORDERS) border = offset + (entry & DEAD ? i + 1 : i);
      }
      if (notedTo > notedEnd) this.#note(noted, { firstEnd: notedEnd, lastEnd: notedTo });
      notedEnd = notedTo;
      if (i === length) break;
      if (entry < 0) {
        if (automaton.isSpent()) {
          if (this.#candidates.size === 0 && border > this.#decided) this.#advance(border);
          this.#blind = true;
          return this.#noteAll();
        }
        entry = automaton.extend(row, columns[unitAt(piece, i)]!);
        table = automaton.table();
      }
      row = entry >> ROW_SHIFT;
      notedList = -1;
      if (entry & ACCEPTS) {
        // The search for it begins at the last border, not where the piece begins.
        if (this.#candidates.size === 0 && border > this.#decided) this.#advance(border);
        noted = automaton.stateAt(row).accepted;
        notedEnd = notedTo = offset + i + 1;
        this.#note(noted, { firstEnd: notedEnd - 1, lastEnd: notedEnd });
      }
      if (entry & BORDERS) {
        border = offset + (entry & DEAD ? i + 1 : i);
        if (this.#candidates.size > 0) this.#advance(border);
        if (this.denied !== undefined) return;
      } else if (entry & ACCEPTS) notedList = table[row + acceptedColumn]!;
    }
    this.#state = automaton.stateAt(row);
    if (border > this.#decided) this.#advance(border);
  }

  /** Makes every rule a candidate, wherever a match may begin that is not known yet. */
  #noteAll(): void {
    const { ruleOf } = this.#compiled;
    for (let index = 0; index < ruleOf.length; index++)
      if (ruleOf[index] !== undefined) this.#addCandidate(index, { firstEnd: this.#decided, lastEnd: this.length });
  }

  /** Makes rules candidates: their matches may have ended at these offsets. `firstEnd`: one less where they end before the unit just read. */
  #note(accepted: readonly number[], ends: Noted): void {
    for (const index of accepted) if (this.#compiled.ruleOf[index] !== undefined) this.#addCandidate(index, ends);
  }

  #addCandidate(index: number, { firstEnd, lastEnd }: Noted): void {
    const known = this.#candidates.get(index);
    const last = known?.at(-1);
    if (last !== undefined && firstEnd - this.#compiled.tables.parts[index]!.longest <= last.lastEnd) last.lastEnd = lastEnd;
    else if (known !== undefined) known.push({ firstEnd, lastEnd });
    else {
      if (this.#candidates === NO_CANDIDATES) this.#candidates = new Map();
      this.#candidates.set(index, [{ firstEnd, lastEnd }]);
    }
  }

  /** Decides what stands before a word when nothing goes on from there. `state`: what was alive where the piece began. */
  #releaseWords(piece: string, { from, state }: { readonly from: number; readonly state: State }): void {
    if (this.#blind) return;
    const { automaton, columnOfUnit } = this.#compiled.tables;
    if (this.#decided < from && unitAt(piece, 0) === SPACE) {
      this.#earlier ??= new EarlierStarts(automaton.aging(), columnOfUnit);
      this.#earlier.follow(from, automaton.aging().adopt(state, this.#impossibleIn({ from: this.#decided, to: from })));
    }
    this.#earlier?.read(piece);
    const decided = this.#earlier?.takeDecided(this.#decided);
    if (decided !== undefined) this.#advance(decided);
  }

  /** Says of which detectors no match that begins in a part of the text is looked for: what they ask for does not stand before it. */
  #impossibleIn({ from, to }: Place): (part: number) => boolean {
    const { ruleOf, tables } = this.#compiled;
    const range = { from: from - this.#base, to: to - this.#base };
    tables.contexts.read(this.#text, { from: Math.max(0, range.from - FIXED.contextUnits), to: range.to });
    return (part) => {
      const { context } = tables.parts[part]!;
      return ruleOf[part] === undefined || (context !== undefined && !tables.contexts.mayBegin(context, range));
    };
  }

  /**
   * While something stays alive longer than its longest match, the older text is decided and leaves. With candidates in the run that takes
   * a search, so it is done each time the run has grown by half a match, not for every piece.
   */
  #releaseRun(): void {
    const longestAlive = this.#blind ? this.#compiled.longest : this.#state.longestAlive;
    const cut = this.length - longestAlive;
    if (longestAlive === 0 || cut <= this.#decided) return;
    if (this.#candidates.size === 0 || this.length - this.#searchedAt >= longestAlive / 2) this.#advance(cut);
  }

  /** Decides every match that begins before `to`, hands out those that end there, and settles what no later match can touch. */
  #advance(to: number): void {
    for (const block of this.#blocks) this.#readOn(block);
    if (this.#candidates.size > 0) for (const match of this.#search(to)) this.#take(match);
    this.#decided = to;
    if (this.#pending.length > 0) this.#publish();
    if (this.#blocks.length > 0) this.#dropBlocks();
    if (this.denied === undefined) this.settled = utf16Offset(this.#safeCut());
  }

  /**
   * Every match of the candidates that begins before `to` and is not known yet, by start. A candidate whose last possible end is not past
   * `to` is none any more: a match that begins there will end later, and be noticed then.
   */
  #search(to: number): Match[] {
    this.#searchedAt = this.length;
    const found: Match[] = [];
    const haystack = { text: this.#text, begins: this.#base === 0, ends: this.#ended };
    this.#readContexts();
    for (const [index, noted] of this.#candidates) {
      this.#searchFor(index, { noted, to, haystack, found });
      if (noted.at(-1)!.lastEnd <= to) this.#candidates.delete(index);
      else if (noted[0]!.lastEnd <= to)
        this.#candidates.set(
          index,
          noted.filter(({ lastEnd }) => lastEnd > to),
        );
    }
    return found.length > 1 ? found.sort(byStart) : found;
  }

  /** Reads where the contexts of the candidates may stand, when one of them asks for one. */
  #readContexts(): void {
    const { parts, contexts } = this.#compiled.tables;
    let furthest = this.#decided;
    let asks = false;
    for (const [index, noted] of this.#candidates) {
      if (parts[index]!.context === undefined) continue;
      asks = true;
      furthest = Math.max(furthest, noted.at(-1)!.lastEnd);
    }
    if (asks) contexts.read(this.#text, { from: Math.max(0, this.#decided - this.#base - FIXED.contextUnits), to: furthest - this.#base });
  }

  /** Adds the matches of one candidate that begin before `to`. */
  #searchFor(index: number, { noted, to, haystack, found }: CandidateSearch): void {
    const { ruleOf, tables } = this.#compiled;
    const rule = ruleOf[index]!;
    const part = tables.parts[index]!;
    const places = part.context === undefined ? undefined : tables.contexts.placesOf(part.context);
    let free = Math.max(this.#decided, this.#resumeAt.get(index) ?? 0);
    for (const { firstEnd, lastEnd } of noted) {
      const [first, stop] = [Math.max(free, firstEnd - part.longest), Math.min(to, lastEnd)];
      if (first >= stop) continue;
      const window = { from: first - this.#base, to: stop - this.#base, endMax: lastEnd - this.#base };
      for (const span of places === undefined ? part.matcher.search(haystack, window) : searchAt(places, { part, haystack, window })) {
        free = this.#base + span.end;
        found.push({ rule, start: utf16Offset(this.#base + span.start), end: utf16Offset(free) });
      }
    }
    this.#resume(index, free > to ? free : undefined);
  }

  #resume(index: number, at: number | undefined): void {
    if (at === undefined) return void this.#resumeAt.delete(index);
    if (this.#resumeAt === NO_RESUMES) this.#resumeAt = new Map();
    this.#resumeAt.set(index, at);
  }

  /** Takes in one match, in the order of their starts: swallowed by a block, the start of a block, or a match of its own. */
  #take(match: Match): void {
    if (this.#blocks.some((block) => covers(block, match))) return;
    const { rule } = match;
    const searchEnd = rule.action === 'deny' || rule.detector.until === undefined ? undefined : this.#searchEndOf(rule);
    const edit = rule.action === 'redact' ? this.#addEdit(match) : undefined;
    if (searchEnd === undefined) this.#pending = added(this.#pending, match);
    else this.#openBlock(match, searchEnd(this.#text, match.end - this.#base), edit);
  }

  #searchEndOf(rule: Rule): CompiledDetector['searchEnd'] {
    const { ruleOf, tables } = this.#compiled;
    return tables.parts[ruleOf.indexOf(rule)]?.searchEnd;
  }

  #openBlock({ rule, start, end: markerEnd }: Match, endSearch: EndSearch, edit: GrowingEdit | undefined): void {
    const block: Block = { rule, start, edit, endSearch, readTo: markerEnd, end: OPEN_END };
    this.#blocks = added(this.#blocks, block);
    if (edit !== undefined) edit.end = utf16Offset(OPEN_END);
    this.#readOn(block);
  }

  /** Looks for the end of an open block in the text that has come, once per unit. */
  #readOn(block: Block): void {
    if (block.end !== OPEN_END) return;
    const found = block.endSearch.read(this.#text, block.readTo - this.#base);
    block.readTo = this.length;
    if (found !== undefined) this.#closeBlock(block, this.#base + found);
  }

  /** The finding of a block is known, and its edit stops growing. */
  #closeBlock(block: Block, end: number): void {
    block.end = end;
    this.#pending = added(this.#pending, { rule: block.rule, start: block.start, end: utf16Offset(end) });
    if (block.edit === undefined) return;
    block.edit.reach = Math.max(block.edit.reach, end);
    block.edit.end = utf16Offset(block.edit.reach);
  }

  /** Notes a block that grew past its limit before anything was denied, and lets go of those whose end is decided. */
  #dropBlocks(): void {
    const upTo = this.denied?.end ?? this.#decided;
    if (this.#blocks.some((block) => Math.min(block.end, upTo) - block.start > this.#compiled.blockUnits)) this.exceeded = BLOCK_LIMIT;
    this.#blocks = this.#blocks.filter((block) => block.end > this.#decided);
  }

  /** Overlapping matches become one replacement, named after the strongest of those that begin within one longest match of its start. */
  #addEdit(match: Match): GrowingEdit {
    const last = this.edits.at(-1);
    if (last === undefined || match.start >= last.end) {
      const edit = { start: match.start, end: match.end, replacement: replacementOf(match.rule), best: match, reach: match.end };
      this.edits = added(this.edits, edit);
      return edit;
    }
    if (match.start < last.start + this.#compiled.longest && compareMatches(match, last.best) < 0) {
      last.best = match;
      last.replacement = replacementOf(match.rule);
    }
    last.reach = Math.max(last.reach, match.end);
    if (last.end !== OPEN_END) last.end = utf16Offset(last.reach);
    return last;
  }

  /** Hands out the matches that end by now, in the order of their ends; the first denying one is the last. */
  #publish(): void {
    const final = this.#pending.filter((match) => match.end <= this.#decided).sort(byEnd);
    if (final.length === 0) return;
    this.#pending = this.#pending.filter((match) => match.end > this.#decided);
    const denial = this.#stopAtDenial ? final.findIndex(({ rule }) => rule.action === 'deny') : -1;
    for (const match of denial < 0 ? final : final.slice(0, denial + 1)) this.#matches = added(this.#matches, match);
    if (denial >= 0) this.denied = final[denial];
  }

  /** How far the text is final: not past the start of an edit that may still get another name, nor of a denial that is not handed out. */
  #safeCut(): number {
    let safe = this.#decided;
    const last = this.edits.at(-1);
    if (last !== undefined && last.end > this.#decided && this.#decided < last.start + this.#compiled.longest) safe = last.start;
    for (const { rule, start } of this.#pending) if (this.#stopAtDenial && rule.action === 'deny' && start < safe) safe = start;
    return safe;
  }

  #trim(): void {
    const keepFrom = this.#decided - FIXED.contextUnits - 1;
    if (keepFrom - this.#base < TRIM_STEP) return;
    this.#text = this.#text.slice(keepFrom - this.#base);
    this.#base = keepFrom;
  }
}

interface CandidateSearch {
  /** Where it may have matched, in order. */
  readonly noted: readonly Noted[];
  readonly to: number;
  readonly haystack: Haystack;
  readonly found: Match[];
}

/** A block swallows what lies within it, unless that asks for more than the block's own action. */
function covers(block: Block, { rule, start, end }: Match): boolean {
  return start < block.end && end <= block.end && ACTIONS.indexOf(rule.action) <= ACTIONS.indexOf(block.rule.action);
}
