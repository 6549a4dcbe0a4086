import { utf16Offset } from '../lib/units.ts';
import type { LaneEdit } from '../text/segment.ts';
import { byEnd } from './matches.ts';
import type { Engine, LaneScan, Match } from './scan.ts';

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
      joinScans(
        engines.map((engine) => engine.open(how)),
        how.stopAtDenial,
      ),
  };
}

function joinScans(scans: readonly LaneScan[], stopAtDenial: boolean): LaneScan {
  let length = 0;
  let settled = 0;
  let denied: Match | undefined;
  /** Known matches that are not handed out. */
  let pending: Match[] = [];
  let published: Match[] = [];

  return {
    push(text) {
      if (denied !== undefined) return;
      length += text.length;
      for (const scan of scans) scan.push(text);
      collect();
    },
    end() {
      if (denied !== undefined) return;
      for (const scan of scans) scan.end();
      collect();
    },
    takeMatches() {
      const taken = published;
      if (taken.length > 0) published = [];
      return taken;
    },
    forgetBefore: (offset) => {
      for (const scan of scans) scan.forgetBefore(offset);
    },
    get settled() {
      return utf16Offset(settled);
    },
    get length() {
      return utf16Offset(length);
    },
    get edits() {
      const having = scans.filter(({ edits }) => edits.length > 0);
      return having.length <= 1 ? (having[0]?.edits ?? NO_EDITS) : mergeEdits(having.flatMap(({ edits }) => edits));
    },
    get denied() {
      return denied;
    },
    get exceeded() {
      return scans.some(({ exceeded }) => exceeded);
    },
  };

  function collect(): void {
    for (const scan of scans) for (const match of scan.takeMatches()) pending.push(match);
    const known = knownTo();
    if (pending.length > 0) publish(known);
    if (denied === undefined) settled = safeCut(known);
  }

  /** How far every scan is final, not past the first denial. */
  function knownTo(): number {
    let denial = Number.MAX_SAFE_INTEGER;
    let safe = length;
    for (const scan of scans) {
      if (scan.denied !== undefined) denial = Math.min(denial, scan.denied.end);
      else safe = Math.min(safe, scan.settled);
    }
    return Math.min(safe, denial);
  }

  /** Not past the start of what waits to be handed out. */
  function safeCut(known: number): number {
    const waits = pending.filter(({ rule }) => rule.action === 'redact' || (stopAtDenial && rule.action === 'deny'));
    return Math.min(known, ...waits.map(({ start }) => start));
  }

  function publish(upTo: number): void {
    const final = pending.filter(({ end }) => end <= upTo).sort(byEnd);
    pending = pending.filter(({ end }) => end > upTo);
    const denial = stopAtDenial ? final.findIndex(({ rule }) => rule.action === 'deny') : -1;
    for (const match of denial < 0 ? final : final.slice(0, denial + 1)) published.push(match);
    if (denial >= 0) denied = final[denial];
  }
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
