import { FIXED } from '../../lib/limits.ts';
import { type Utf16Offset, utf16Offset } from '../../lib/units.ts';
import type { LaneEdit } from '../../text/segment.ts';
import { replacementOf } from '../matches.ts';
import { type LaneScan, type Match, NO_LIMITS, type Rule } from '../scan.ts';
import { openPassages, type Passage, type Passages } from './passages.ts';
import { sharesShingle } from './shingle-search.ts';
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
export function openComparison(fingerprint: Fingerprint, options: ComparisonOptions): LaneScan {
  return new Comparison(fingerprint, options);
}

class Comparison implements LaneScan {
  edits: LaneEdit[] = [];
  denied: Match | undefined;
  settled = utf16Offset(0);
  readonly exceeded = NO_LIMITS;
  readonly #options: ComparisonOptions;
  readonly #passages: Passages;
  #matches: Match[] = [];
  #ended = false;

  constructor(fingerprint: Fingerprint, options: ComparisonOptions) {
    this.#options = options;
    this.#passages = openPassages(fingerprint, {
      letters: FIXED.passageLetters,
      reached: (passage) => this.#reached(passage),
      ended: (passage) => this.#over(passage),
    });
  }

  push(text: string): void {
    if (this.denied !== undefined) return;
    this.#passages.push(text);
    this.#settle();
  }

  end(): void {
    if (this.#ended || this.denied !== undefined) return;
    this.#ended = true;
    this.#passages.end();
    this.#settle();
  }

  takeMatches(): Match[] {
    const taken = this.#matches;
    if (taken.length > 0) this.#matches = [];
    return taken;
  }

  forgetBefore(offset: Utf16Offset): void {
    if (this.edits.length > 0 && this.edits[0]!.end <= offset) this.edits = this.edits.filter((edit) => edit.end > offset);
  }

  get length(): Utf16Offset {
    return utf16Offset(this.#passages.length);
  }

  #settle(): void {
    if (this.denied === undefined) this.settled = utf16Offset(this.#ended ? this.#passages.length : this.#passages.settled);
  }

  #reached(passage: Passage): void {
    const { rule } = this.#options;
    if (this.denied !== undefined) return;
    if (rule.action === 'deny') this.#take(passage);
    if (rule.action === 'redact') this.edits.push({ start: utf16Offset(passage.start), end: OPEN_END, replacement: replacementOf(rule) });
  }

  #over(passage: Passage): void {
    const { rule } = this.#options;
    if (rule.action === 'deny') return;
    if (rule.action === 'redact') this.edits.at(-1)!.end = utf16Offset(passage.end);
    this.#take(passage);
  }

  #take({ start, end }: Passage): void {
    const { rule, stopAtDenial } = this.#options;
    const match = { rule, start: utf16Offset(start), end: utf16Offset(end) };
    this.#matches.push(match);
    if (!stopAtDenial || rule.action !== 'deny') return;
    this.denied = match;
    this.settled = match.start;
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
