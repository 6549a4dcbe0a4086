import { type Utf16Offset, utf16Offset } from '../lib/units.ts';
import type { LaneEdit } from '../text/segment.ts';
import { byEnd } from './matches.ts';
import { type Engine, type LaneLimit, type LaneScan, type Match, NO_LIMITS } from './scan.ts';

/** Engines that read the same text, as one: what any of them holds is held, what the first of them denies is denied. */
export function joinEngines(engines: readonly Engine[]): Engine {
  if (engines.length === 1) return engines[0]!;
  return {
    rules: engines.flatMap(({ rules }) => rules),
    warm() {
      for (const engine of engines) engine.warm();
    },
    get longest() {
      return Math.max(0, ...engines.map(({ longest }) => longest));
    },
    isQuiet: (text, fingerprint) => engines.every((engine) => engine.isQuiet(text, fingerprint)),
    *isQuietInSlices(text, fingerprint) {
      for (const engine of engines) if (!(yield* engine.isQuietInSlices(text, fingerprint))) return false;
      return true;
    },
    open: (how) =>
      new JoinedScan(
        engines.map((engine) => engine.open(how)),
        how.stopAtDenial,
      ),
  };
}

class JoinedScan implements LaneScan {
  denied: Match | undefined;
  settled = utf16Offset(0);
  length = utf16Offset(0);
  readonly #scans: readonly LaneScan[];
  readonly #stopAtDenial: boolean;
  /** Known matches that are not handed out. */
  #pending: Match[] = [];
  #published: Match[] = [];

  constructor(scans: readonly LaneScan[], stopAtDenial: boolean) {
    this.#scans = scans;
    this.#stopAtDenial = stopAtDenial;
  }

  get edits(): readonly LaneEdit[] {
    const having = this.#scans.filter(({ edits }) => edits.length > 0);
    return having.length <= 1 ? (having[0]?.edits ?? NO_EDITS) : mergeEdits(having.flatMap(({ edits }) => edits));
  }

  get exceeded(): readonly LaneLimit[] {
    return limitsOf(this.#scans);
  }

  push(text: string): void {
    if (this.denied !== undefined) return;
    this.length = utf16Offset(this.length + text.length);
    for (const scan of this.#scans) scan.push(text);
    this.#collect();
  }

  end(): void {
    if (this.denied !== undefined) return;
    for (const scan of this.#scans) scan.end();
    this.#collect();
  }

  takeMatches(): Match[] {
    const taken = this.#published;
    if (taken.length > 0) this.#published = [];
    return taken;
  }

  forgetBefore(offset: Utf16Offset): void {
    for (const scan of this.#scans) scan.forgetBefore(offset);
  }

  #collect(): void {
    for (const scan of this.#scans) for (const match of scan.takeMatches()) this.#pending.push(match);
    const known = this.#knownTo();
    if (this.#pending.length > 0) this.#publish(known);
    if (this.denied === undefined) this.settled = utf16Offset(this.#safeCut(known));
  }

  /** How far every scan is final, not past the first denial. */
  #knownTo(): number {
    let denial = Number.MAX_SAFE_INTEGER;
    let safe: number = this.length;
    for (const scan of this.#scans) {
      if (scan.denied !== undefined) denial = Math.min(denial, scan.denied.end);
      else safe = Math.min(safe, scan.settled);
    }
    return Math.min(safe, denial);
  }

  /** Not past the start of what waits to be handed out. */
  #safeCut(known: number): number {
    const waits = this.#pending.filter(({ rule }) => rule.action === 'redact' || (this.#stopAtDenial && rule.action === 'deny'));
    return Math.min(known, ...waits.map(({ start }) => start));
  }

  #publish(upTo: number): void {
    const final = this.#pending.filter(({ end }) => end <= upTo).sort(byEnd);
    this.#pending = this.#pending.filter(({ end }) => end > upTo);
    const denial = this.#stopAtDenial ? final.findIndex(({ rule }) => rule.action === 'deny') : -1;
    for (const match of denial < 0 ? final : final.slice(0, denial + 1)) this.#published.push(match);
    if (denial >= 0) this.denied = final[denial];
  }
}

/** The limits that scans of one text went over, each once. */
export function limitsOf(scans: readonly LaneScan[]): readonly LaneLimit[] {
  const having = scans.filter(({ exceeded }) => exceeded.length > 0);
  return having.length <= 1 ? (having[0]?.exceeded ?? NO_LIMITS) : [...new Set(having.flatMap(({ exceeded }) => exceeded))];
}

const NO_EDITS: readonly LaneEdit[] = [];

/** Overlapping edits become one, named after the first. */
export function mergeEdits(all: readonly LaneEdit[]): LaneEdit[] {
  const merged: LaneEdit[] = [];
  for (const edit of [...all].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last === undefined || edit.start >= last.end) merged.push({ ...edit });
    else last.end = utf16Offset(Math.max(last.end, edit.end));
  }
  return merged;
}
