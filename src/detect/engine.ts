import { assert } from '../lib/assert.ts';
import { FIXED } from '../lib/limits.ts';
import { type Utf16Offset, utf16Offset } from '../lib/units.ts';
import type { LaneEdit } from '../text/segment.ts';
import { type Alphabet, buildAlphabet } from './alphabet.ts';
import { ACCEPTS_AFTER, ACCEPTS_BEFORE, type Automaton, createAutomaton, DEAD, ENTRY_FLAGS, ROW_SHIFT, type State } from './automaton.ts';
import type { CharSet } from './charset.ts';
import { SEVERITIES } from './detector.ts';
import { createMatcher, type Matcher } from './matcher.ts';
import { buildNfa, type Nfa } from './nfa.ts';
import { type Pattern, parsePattern } from './pattern.ts';
import { ACTIONS, type Engine, type LaneScan, type Match, type Rule } from './scan.ts';

/**
 * Compiles the rules of one lane. One automaton over all of them reads every unit once and says two things: whether anything is alive
 * (if not, everything before is decided) and which rules may have matched. Only those rules look at the text again, and only at the part
 * that was alive. Throws `AssertionError` for a pattern that `parsePattern` refuses: policy checks patterns first.
 */
export function createEngine(rules: readonly Rule[]): Engine {
  const patterns = rules.map(({ detector }) => mustParse(detector.pattern));
  const untils = rules.map(({ detector }) => (detector.until === undefined ? undefined : mustParse(detector.until)));
  const roots = patterns.map(({ root }) => root);
  const nfa = buildNfa(roots, 'loose');
  const alphabet = buildAlphabet(setsOf(nfa, buildNfa(roots, 'exact')));
  const automaton = createAutomaton({ nfa, alphabet, fresh: true, longest: patterns.map(({ longest }) => longest) });
  const matchers = rules.map(({ detector }, i) => createMatcher(detector, patterns[i]!, { until: untils[i], alphabet }));
  const compiled: CompiledRules = { rules, matchers, automaton, alphabet };
  return {
    rules,
    longest: Math.max(0, ...patterns.map(({ longest }) => longest)),
    isQuiet: (text) => isQuiet(compiled, text),
    open: ({ stopAtDenial }) => openScan(compiled, stopAtDenial),
  };
}

interface CompiledRules {
  readonly rules: readonly Rule[];
  readonly matchers: readonly Matcher[];
  readonly automaton: Automaton;
  readonly alphabet: Alphabet;
}

function mustParse(pattern: { readonly source: string; readonly flags: string }): Pattern {
  const result = parsePattern(pattern);
  assert(result.ok, 'patterns are checked before an engine is made');
  return result.pattern;
}

function setsOf(...graphs: readonly Nfa[]): CharSet[] {
  return graphs.flatMap(({ nodes }) => nodes.flatMap((node) => (node.kind === 'unit' ? [node.set] : [])));
}

/** Whether no rule can match anywhere in a complete text: the same pass as a scan, without keeping anything. */
function isQuiet({ automaton, alphabet }: CompiledRules, text: string): boolean {
  const { classOf, asciiClassOf } = alphabet;
  let row = automaton.rowOf(automaton.initial('start'));
  let table = automaton.table();
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const column = unit < 128 ? asciiClassOf[unit]! : classOf[unit]!;
    let entry = table[row + column]!;
    if (entry < 0) {
      entry = automaton.extend(row, column);
      table = automaton.table();
    }
    if (entry & (ACCEPTS_BEFORE | ACCEPTS_AFTER)) return false;
    row = entry >> ROW_SHIFT;
  }
  return automaton.acceptedAtEnd(automaton.stateAt(row)).length === 0;
}

/** A block that is open: its end marker has not been seen, or stands beyond what is settled. */
interface Block {
  readonly rule: Rule;
  readonly matcher: Matcher;
  readonly start: number;
  /** Where the search for its end goes on. */
  searchFrom: number;
  /** One past its last unit, once known. */
  end: number | undefined;
}

/** End of an edit that still grows. */
const OPEN_END = Number.MAX_SAFE_INTEGER;

/** Settled text is dropped in steps of this many units, so that 1-unit pieces do not copy the rest each time. */
const TRIM_STEP = 1024;

function openScan({ rules, matchers, automaton, alphabet }: CompiledRules, stopAtDenial: boolean): LaneScan {
  const { classOf, asciiClassOf } = alphabet;
  let edits: GrowingEdit[] = [];
  let matches: Match[] = [];
  let denied: Match | undefined;
  /** Text from `base` on: what is undecided, and the context to its left. */
  let text = '';
  let base = 0;
  let length = 0;
  let settled = 0;
  let ended = false;
  let state: State = automaton.initial('start');
  /** Rules that may have matched since the last point where nothing was alive. */
  const candidates = new Set<number>();
  let lastAccepted: readonly number[] | undefined;
  /** Where the last decision inside a long run was made. */
  let decidedAt = 0;
  let block: Block | undefined;
  let exceeded = false;

  return {
    push,
    end,
    takeMatches: () => {
      const taken = matches;
      matches = [];
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
    for (const rule of automaton.acceptedAtEnd(state)) candidates.add(rule);
    if (candidates.size > 0) decide(length);
    if (denied !== undefined) return;
    if (block !== undefined) {
      locateBlockEnd(block);
      block.end ??= length;
    }
    settle(length, []);
  }

  /** Runs the automaton over a piece; decides wherever nothing is alive any more. On clean text this loop is the whole cost of a scan. */
  function read(piece: string, offset: number): void {
    let row = automaton.rowOf(state);
    let table = automaton.table();
    let dead = -1;
    for (let i = 0; i < piece.length; i++) {
      const unit = piece.charCodeAt(i);
      const column = unit < 128 ? asciiClassOf[unit]! : classOf[unit]!;
      let entry = table[row + column]!;
      if (entry < 0) {
        entry = automaton.extend(row, column);
        table = automaton.table();
      }
      row = entry >> ROW_SHIFT;
      if (entry & ENTRY_FLAGS) {
        if (entry & (ACCEPTS_BEFORE | ACCEPTS_AFTER)) noteCandidates(automaton.stateAt(row).accepted);
        if (entry & DEAD) {
          dead = i;
          if (candidates.size > 0 && !decideAll(offset + i + 1)) return;
        }
      }
    }
    state = automaton.stateAt(row);
    if (dead >= 0) settle(offset + dead + 1, []);
  }

  function noteCandidates(accepted: readonly number[]): void {
    if (accepted === lastAccepted) return;
    lastAccepted = accepted;
    for (const rule of accepted) candidates.add(rule);
  }

  /** Decides a stretch in which every match is complete. False when it held a denial. */
  function decideAll(to: number): boolean {
    decide(to);
    candidates.clear();
    lastAccepted = undefined;
    return denied === undefined;
  }

  /**
   * While something stays alive longer than its longest match, the older text is decided and leaves. With candidates in the run that takes
   * a search, so it is done each time the run has grown by half a match, not for every piece.
   */
  function releaseRun(): void {
    const { longestAlive } = state;
    const cut = length - longestAlive;
    if (longestAlive === 0 || cut <= settled) return;
    if (candidates.size === 0) settle(cut, []);
    else if (length - decidedAt >= longestAlive / 2) decide(cut);
  }

  /** Finds every match of the candidate rules that begins before `to` and makes final what no later match can touch. */
  function decide(to: number): void {
    const found: Match[] = [];
    for (const index of candidates) collect(index, to, found);
    const safe = withoutSpans(found, to);
    decidedAt = length;
    settle(
      safe,
      found.filter((match) => match.end <= safe),
    );
  }

  function collect(index: number, to: number, found: Match[]): void {
    const haystack = { text, begins: base === 0, ends: ended };
    const rule = rules[index]!;
    for (let from = settled; from < to; ) {
      const match = matchers[index]!.find(haystack, from - base, to - base);
      if (match === undefined) return;
      found.push({ rule, start: utf16Offset(base + match.start), end: utf16Offset(base + match.end) });
      from = base + match.end;
    }
  }

  /** Makes everything before `safe` final. Each of `found` ends there or earlier. */
  function settle(safe: number, found: Match[]): void {
    const final: Match[] = [];
    for (const match of found.sort(byStart)) take(match, final);
    if (block !== undefined) {
      locateBlockEnd(block);
      if (block.end !== undefined && block.end <= safe) final.push(closeBlock(block, block.end));
    }
    if (final.length > 0) publish(final);
    if (denied === undefined) settled = Math.max(settled, safe);
  }

  /** Sorts one match into: inside a block (swallowed, unless it denies or reaches out), the start of a block, or a match of its own. */
  function take(match: Match, final: Match[]): void {
    if (block !== undefined) {
      locateBlockEnd(block);
      if (block.end !== undefined && match.start >= block.end) final.push(closeBlock(block, block.end));
    }
    if (block !== undefined) {
      const reachesOut = block.end !== undefined && match.end > block.end;
      if (reachesOut || match.rule.action === 'deny') final.push(match);
      if (reachesOut && match.rule.action === 'redact') addEdit(match, match.end);
      return;
    }
    const opensBlock = match.rule.detector.until !== undefined && match.rule.action !== 'deny';
    if (opensBlock) openBlock(match);
    else final.push(match);
    if (match.rule.action === 'redact') addEdit(match, opensBlock ? OPEN_END : match.end);
  }

  function openBlock(match: Match): void {
    const matcher = matchers[rules.indexOf(match.rule)]!;
    block = { rule: match.rule, matcher, start: match.start, searchFrom: match.end, end: undefined };
  }

  /** Looks for the end of a block in the text that has come, once per unit. */
  function locateBlockEnd(open: Block): void {
    if (open.end !== undefined || open.searchFrom >= length) return;
    const from = Math.max(open.searchFrom, base);
    const found = open.matcher.findUntil(text, from - base);
    open.end = found === undefined ? undefined : base + found;
    open.searchFrom = Math.max(open.searchFrom, length - open.matcher.untilLongest);
    if (length - open.start > FIXED.blockUnits && (open.end === undefined || open.end - open.start > FIXED.blockUnits)) exceeded = true;
  }

  /** The finding of a whole block; its edit stops growing. */
  function closeBlock(open: Block, blockEnd: number): Match {
    block = undefined;
    for (const edit of edits) if (edit.end === OPEN_END) edit.end = utf16Offset(blockEnd);
    return { rule: open.rule, start: utf16Offset(open.start), end: utf16Offset(blockEnd) };
  }

  /** Overlapping matches become one replacement, named after the strongest; a block keeps the name it began with. */
  function addEdit(match: Match, editEnd: number): void {
    const last = edits.at(-1);
    if (last === undefined || match.start >= last.end) {
      edits.push({
        start: match.start,
        end: utf16Offset(editEnd),
        replacement: replacementOf(match.rule),
        best: match,
        inBlock: editEnd === OPEN_END,
      });
      return;
    }
    const wins =
      !last.inBlock && (editEnd === OPEN_END ? compareStrength(match.rule, last.best.rule) <= 0 : compareMatches(match, last.best) < 0);
    if (wins) {
      last.best = match;
      last.replacement = replacementOf(match.rule);
    }
    last.inBlock ||= editEnd === OPEN_END;
    last.end = utf16Offset(last.inBlock && last.end === OPEN_END ? OPEN_END : Math.max(last.end, editEnd));
  }

  /** Hands matches out in the order of their ends; the first denying one is the last. */
  function publish(final: Match[]): void {
    final.sort(byEnd);
    const denial = stopAtDenial ? final.findIndex(({ rule }) => rule.action === 'deny') : -1;
    matches.push(...(denial < 0 ? final : final.slice(0, denial + 1)));
    if (denial >= 0) denied = final[denial];
  }

  function trim(): void {
    const keepFrom = Math.min(settled, block?.searchFrom ?? settled) - FIXED.contextUnits - 1;
    if (keepFrom - base < TRIM_STEP) return;
    text = text.slice(keepFrom - base);
    base = keepFrom;
  }
}

/** An edit while it is being made. */
interface GrowingEdit extends LaneEdit {
  end: Utf16Offset;
  replacement: string;
  best: Match;
  /** Part of a block: its name is fixed. */
  inBlock: boolean;
}

/** Moves a safe cut back for every match that spans it, until none does. */
function withoutSpans(found: readonly Match[], to: number): number {
  let safe = to;
  for (let moved = true; moved; ) {
    moved = false;
    for (const { start, end } of found) {
      if (start < safe && end > safe) {
        safe = start;
        moved = true;
      }
    }
  }
  return safe;
}

/** What stands in place of a redacted text. It matches no rule, so redacting twice changes nothing. */
export function replacementOf(rule: Pick<Rule, 'id'>): string {
  return `[REDACTED:${rule.id}]`;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byStart = (a: Match, b: Match): number => a.start - b.start || a.end - b.end || compareText(a.rule.id, b.rule.id);

/** By end; at one end, what does not deny first, then the gravest denial. */
function byEnd(a: Match, b: Match): number {
  const denies = ({ rule }: Match): number => (rule.action === 'deny' ? 1 : 0);
  const graver = denies(a) === 1 && denies(b) === 1 ? compareSeverity(a.rule, b.rule) : 0;
  return a.end - b.end || denies(a) - denies(b) || graver || a.start - b.start || compareText(a.rule.id, b.rule.id);
}

const compareSeverity = (a: Rule, b: Rule): number => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity);

/** Negative when `a` gives its name to a replacement: higher action, then severity. */
const compareStrength = (a: Rule, b: Rule): number => ACTIONS.indexOf(b.action) - ACTIONS.indexOf(a.action) || compareSeverity(a, b);

/** Then length, then id. */
const compareMatches = (a: Match, b: Match): number =>
  compareStrength(a.rule, b.rule) || b.end - b.start - (a.end - a.start) || compareText(a.rule.id, b.rule.id);
