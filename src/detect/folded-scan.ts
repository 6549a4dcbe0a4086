import { added, NONE_YET } from '../lib/growing-list.ts';
import { type Utf16Offset, utf16Offset } from '../lib/units.ts';
import type { LaneEdit } from '../text/segment.ts';
import { limitsOf, mergeEdits } from './joined-engine.ts';
import { byEnd, compareMatches, replacementOf } from './matches.ts';
import type { LaneLimit, LaneScan, Match } from './scan.ts';
import { createFold } from './views/fold.ts';
import type { HiddenScan } from './views/hidden-scan.ts';

/** Joins the scans of the open text and the one of the hidden text, and gives the places of the text as given. */
export class FoldedScan implements LaneScan {
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
  #pending: Match[] = NONE_YET;
  #published: Match[] = NONE_YET;
  /** What the hidden text redacts, at folded places; of those that were found at once the gravest first. */
  #hiddenEdits: LaneEdit[] = NONE_YET;
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

  takeMatches(): readonly Match[] {
    const taken = this.#published;
    this.#published = NONE_YET;
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
    for (const scan of this.#plain) for (const match of scan.takeMatches()) this.#pending = added(this.#pending, match);
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
    const taken = this.#hidden.takeMatches();
    // The strongest first: of edits with one place the first names the replacement.
    for (const match of taken.length > 1 ? taken.toSorted(compareMatches) : taken) {
      const { rule, start, end } = match;
      if (this.#isKnown(match)) continue;
      this.#pending = added(this.#pending, match);
      if (rule.action === 'redact') this.#hiddenEdits = added(this.#hiddenEdits, { start, end, replacement: replacementOf(rule) });
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
    for (const match of denial < 0 ? final : final.slice(0, denial + 1)) this.#published = added(this.#published, this.#placed(match));
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
