import { FAMILIES, type Severity } from '../detect/detector.ts';
import type { Action } from '../detect/scan.ts';
import type { Direction, Lane } from '../text/lane.ts';

/** Families of detectors, and those of what is found about who acts. */
export const FINDING_FAMILIES = [...FAMILIES, 'agent', 'behaviour'] as const;
export type FindingFamily = (typeof FINDING_FAMILIES)[number];

/** What is done about a finding. `tokenize`: redacted with a token that the answer has its value for again. */
export type FindingAction = Action | 'tokenize';

/** One decided match as telemetry, logs and the command line see it: never the text. */
export interface Finding {
  readonly detector: string;
  readonly family: FindingFamily;
  readonly severity: Severity;
  readonly confidence: number;
  readonly lane: Lane;
  readonly direction: Direction;
  /** UTF-16 offsets in the lane's text. */
  readonly start: number;
  readonly end: number;
  /** What policy wants. */
  readonly action: FindingAction;
  /** What was done: `observe` in observe mode, and for text that had already left when it was recognised. */
  readonly taken: FindingAction;
  readonly references: readonly string[];
  /** A name from traffic it is about (a tool, a model): through `safeName` before it leaves. */
  readonly subject?: string | undefined;
  /** The place in the policy that decided. */
  readonly rule?: string | undefined;
  /** A reason from a closed list. */
  readonly reason?: string | undefined;
  /** A sentence of ours; nothing from traffic. */
  readonly explanation?: string | undefined;
}
