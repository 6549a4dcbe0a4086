import type { Slices } from '../lib/slices.ts';
import type { Utf16Offset } from '../lib/units.ts';
import type { LaneEdit } from '../text/segment.ts';
import type { Fingerprint } from './comparison/shingle-set.ts';
import type { Detector, Severity } from './detector.ts';

/** What policy wants for a match; the order is the precedence. */
export const ACTIONS = ['observe', 'redact', 'deny'] as const;
export type Action = (typeof ACTIONS)[number];

/** A detector with what policy made of it, for one lane. */
export interface Rule {
  readonly id: string;
  readonly detector: Detector;
  readonly severity: Severity;
  readonly confidence: number;
  readonly action: Action;
  /** Its redactions are reversible: a token stands in place of the value. Only with the action `redact`. Default: false. */
  readonly tokenizes?: true;
  /** The exception of the policy that has it only observe, e.g. `exceptions[0]`. */
  readonly exception?: string;
}

/** A decided match in one lane's text. */
export interface Match {
  readonly rule: Rule;
  readonly start: Utf16Offset;
  readonly end: Utf16Offset;
}

/** Why a part of a lane was not read: a block without a longest match grew past `FIXED.blockUnits`; it hides more than `FIXED.viewBudgetUnits`. */
export type LaneLimit = 'block-limit' | 'view-limit';

export const NO_LIMITS: readonly LaneLimit[] = [];

/** All rules of one lane, compiled once, when first needed, and shared by every exchange. */
export interface Engine {
  readonly rules: readonly Rule[];
  /** Makes what reading a text needs. Whoever does not ask for it pays with the first text. */
  warm(): void;
  /** Longest text that can stay undecided, in UTF-16 units. */
  readonly longest: number;
  /** Whether a scan of a text that is complete as it is would find nothing, in a fraction of its time. False says nothing: open a scan. */
  isQuiet(text: string, fingerprint?: Fingerprint): boolean;
  /** The same for a long text, a slice of bounded work in each step; a text that is compared with a fingerprint is left to the scan. */
  isQuietInSlices(text: string, fingerprint?: Fingerprint): Slices<boolean>;
  open(options: OpenOptions): LaneScan;
}

export interface OpenOptions {
  /** A denying match ends the scan (enforce); otherwise it is one match among others (observe). */
  readonly stopAtDenial: boolean;
  /** Of the request's system text, for the rule that compares. Default: there is nothing to compare with. */
  readonly fingerprint?: Fingerprint | undefined;
  /** The text comes in one piece and is known to be complete: disguises that only a whole text shows are undone to compare it. Default: false. */
  readonly whole?: boolean;
}

/**
 * The scan of one lane's text, fed in any pieces. What it says does not depend on how the text was cut.
 * A denying match ends it: `denied` is set, `settled` stays, later text is ignored.
 */
export interface LaneScan {
  /** Adds text. */
  push(text: string): void;
  /** Says that no more text follows; everything is settled afterwards. */
  end(): void;
  /** Text before this offset is final: its matches and edits are known. */
  readonly settled: Utf16Offset;
  /** Length of all text pushed so far. */
  readonly length: Utf16Offset;
  /** Replacements of redacting rules, sorted; final before `settled`. The consumer may drop those it has passed (`forgetBefore`). */
  readonly edits: readonly LaneEdit[];
  /**
   * Matches decided since the last call, by end; at one end by start and id, then what denies, the gravest first, then blocks that only
   * the end of the lane ended. After a denial the denying match is the last.
   */
  takeMatches(): readonly Match[];
  /** The denying match with the lowest end, then highest severity, then id. */
  readonly denied: Match | undefined;
  /** Limits that the text went over before any denial, each once; `failMode.onLimit` decides. */
  readonly exceeded: readonly LaneLimit[];
  forgetBefore(offset: Utf16Offset): void;
}
