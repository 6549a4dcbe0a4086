import type { Direction, Lane } from '../text/lane.ts';
import type { Context } from './context.ts';
import type { Glance } from './glance.ts';

export const FAMILIES = ['pii', 'secret', 'injection', 'leak', 'exfil', 'tool', 'output', 'topic'] as const;
export type Family = (typeof FAMILIES)[number];

export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** `block`: near-certain, may stop traffic. `flag`: worth seeing. */
export type Tier = 'block' | 'flag';

/** Of a second witness about a text: whether it is one that tells a model what to do. `undecided`: it cannot say. */
export type Opinion = 'agrees' | 'disagrees' | 'undecided';

/** One kind of thing to find: a file of its own under `src/detect/<family folder>/`, default-exported through `detector()`. */
export interface Detector {
  /** File name without ending; the detector's id is `<family>.<name>`. Lower case, digits, hyphens. */
  readonly name: string;
  readonly family: Family;
  /** One line for the docs table: what it finds and what keeps look-alikes out. */
  readonly summary: string;
  readonly tier: Tier;
  readonly severity: Severity;
  /** Probability that a finding is right, 0–1, before anything is known about the deployment. */
  readonly confidence: number;
  /**
   * What it looks like, in ECMAScript syntax (flags `i`, `s` and `u`). Only the syntax tree is used: it is never run as a backtracking RegExp.
   * `\b` is Unicode-aware at the edges. No look-around, no back-references. Every repetition counts at most 1,000 (`+` means 1 to 1,000).
   */
  readonly pattern: RegExp;
  /**
   * Decides a candidate: its text, and up to 64 units to the left of it (`FIXED.contextUnits`). With a check, ends are tried longest first,
   * then the next start; the longest match must be ≤ 128 units. Without one, the pattern's own preference (leftmost, greedy as written) decides.
   */
  readonly check?: (candidate: string, before: string) => boolean;
  /** How many of the first units of an accepted candidate are the match; what follows only tells what they are. Default: all. */
  readonly matchUnits?: (candidate: string) => number;
  /** Whether the digits of whatever the check accepts pass Luhn. Most candidates are then rejected without the check, in constant time. */
  readonly checksum?: 'luhn';
  /**
   * What must stand in the 64 units left of the match, a label for most. Candidates are looked for only where one of its words stands near,
   * and it is asked for those that the check accepts. Makes the detector a checked one.
   */
  readonly context?: Context;
  /** Lower-case words of which one must stand in the match or in the 64 units left of it. Makes the detector a checked one. */
  readonly nearby?: readonly string[];
  /**
   * For things without a longest match: `pattern` is the start marker and the first key-shaped characters after it; everything from
   * there to the end of `until`, or to the end of the lane, belongs to the finding.
   */
  readonly until?: RegExp;
  /**
   * Decides about a whole text (folded, at most one stretch of a lane), by what a glance at it says too, instead of `pattern`, which is
   * `NO_PATTERN` then. It has no places: a finding is the whole text. It only observes, whatever policy says, and not in answers that stream.
   */
  readonly judge?: (text: string, glance: Glance) => boolean;
  /**
   * A second witness: asked about the neighbourhood of phrases about what a model is told to do that only flag, instead of `pattern`, which is
   * `NO_PATTERN` then. Where it agrees, its findings stand at those phrases, and act as policy says; not in answers that stream.
   */
  readonly witness?: (text: string) => Opinion;
  /** A phrase that is common in harmless texts too: it is no finding where a second witness disagrees. Of the flag tier. Default: false. */
  readonly weak?: true;
  /**
   * Stands in for phrases of the block tier that somebody quotes, where no second witness agrees; `pattern` is `NO_PATTERN`. Default: false.
   */
  readonly quotes?: true;
  /**
   * What it finds is told by a list of the operator's instead of `pattern`, which is `NO_PATTERN` then. It reads the text as given, not
   * folded: a look-alike of an allowed host is another host.
   */
  readonly spans?: SpanRule;
  /** It is decided by what an exchange says as a whole, not by any text of it; `pattern` is `NO_PATTERN`. Default: false. */
  readonly ofExchange?: true;
  /**
   * Finds passages of the request's system text in an answer instead of `pattern`, which is `NO_PATTERN` then. The value is the system
   * text that the samples are compared with.
   */
  readonly compares?: string;
  /** Lanes it makes sense in; every lane when absent. */
  readonly lanes?: readonly Lane[];
  /** Which way the text must go; both when absent. */
  readonly direction?: Direction;
  /** Public catalogues, e.g. `owasp-llm:LLM02:2026`. */
  readonly references: readonly string[];
  /** Texts that must give exactly one finding of this detector, whole and at every split. Assemble secrets from parts. */
  readonly finds: readonly string[];
  /** Look-alikes that must give none. */
  readonly ignores: readonly string[];
}

/**
 * `urls`: links to hosts that are not in `allow` (undefined: every host is) or are in `deny`; entries as `hostList` reads them.
 * `code`: fenced blocks in languages that are not in `allow` (undefined: every language is) or are in `deny`, as `languageList` reads them.
 */
export interface SpanRule {
  readonly kind: 'urls' | 'code';
  readonly allow: readonly string[] | undefined;
  readonly deny: readonly string[];
}

/** The pattern of a detector that judges, is a witness, quotes, compares or has a list: U+FFFF is no character, and never in a folded text. */
export const NO_PATTERN = /\uffff/;

/** Declares a detector; the identity function that makes a detector file read as one literal. */
export function detector(definition: Detector): Detector {
  return definition;
}

/** `<family>.<name>`: the name in policy, telemetry and replacements. */
export function detectorId(definition: Pick<Detector, 'family' | 'name'>): string {
  return `${definition.family}.${definition.name}`;
}
