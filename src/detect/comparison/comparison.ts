import { FIXED } from '../../lib/limits.ts';
import { utf16Offset } from '../../lib/units.ts';
import type { LaneEdit } from '../../text/segment.ts';
import { replacementOf } from '../matches.ts';
import type { LaneScan, Match, Rule } from '../scan.ts';
import { openPassages, type Passage, sharesShingle } from './passages.ts';
import type { Fingerprint } from './shingle-set.ts';

export interface ComparisonOptions {
  /** What policy wants for a passage. */
  readonly rule: Rule;
  readonly stopAtDenial: boolean;
}

/**
 * Compares one lane of an answer with the system text, while it comes. A denial is due as soon as a passage has its letters; every other
 * passage is known when it has ended, and its replacement as soon as it has its letters: what follows is swallowed as it comes.
 */
export function openComparison(fingerprint: Fingerprint, { rule, stopAtDenial }: ComparisonOptions): LaneScan {
  let edits: LaneEdit[] = [];
  let matches: Match[] = [];
  let denied: Match | undefined;
  let settled = 0;
  let ended = false;
  const passages = openPassages(fingerprint, { letters: FIXED.passageLetters, reached, ended: over });

  return {
    push(text) {
      if (denied !== undefined) return;
      passages.push(text);
      settle();
    },
    end() {
      if (ended || denied !== undefined) return;
      ended = true;
      passages.end();
      settle();
    },
    takeMatches() {
      const taken = matches;
      if (taken.length > 0) matches = [];
      return taken;
    },
    forgetBefore(offset) {
      if (edits.length > 0 && edits[0]!.end <= offset) edits = edits.filter((edit) => edit.end > offset);
    },
    get settled() {
      return utf16Offset(settled);
    },
    get length() {
      return utf16Offset(passages.length);
    },
    get edits() {
      return edits;
    },
    get denied() {
      return denied;
    },
    exceeded: false,
  };

  function settle(): void {
    if (denied === undefined) settled = ended ? passages.length : passages.settled;
  }

  function reached(passage: Passage): void {
    if (denied !== undefined) return;
    if (rule.action === 'deny') take(passage);
    if (rule.action === 'redact') edits.push({ start: utf16Offset(passage.start), end: OPEN_END, replacement: replacementOf(rule) });
  }

  function over(passage: Passage): void {
    if (rule.action === 'deny') return;
    if (rule.action === 'redact') edits.at(-1)!.end = utf16Offset(passage.end);
    take(passage);
  }

  function take({ start, end }: Passage): void {
    const match = { rule, start: utf16Offset(start), end: utf16Offset(end) };
    matches.push(match);
    if (!stopAtDenial || rule.action !== 'deny') return;
    denied = match;
    settled = start;
  }
}

/** The end of a passage that still goes on. */
const OPEN_END = utf16Offset(Number.MAX_SAFE_INTEGER);

/** The passages of a folded text that is whole. */
export function comparedIn(fingerprint: Fingerprint, rule: Rule, text: string): readonly Match[] {
  if (!sharesShingle(fingerprint, text)) return NO_MATCHES;
  const scan = openComparison(fingerprint, { rule, stopAtDenial: false });
  scan.push(text);
  scan.end();
  return scan.takeMatches();
}

const NO_MATCHES: readonly Match[] = [];
