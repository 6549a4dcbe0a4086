import type { Family, Severity } from '../detect/detector.ts';
import type { Action } from '../detect/scan.ts';
import type { Direction, Lane } from '../text/lane.ts';

/** One decided match as telemetry, logs and the command line see it: never the text. */
export interface Finding {
  readonly detector: string;
  readonly family: Family;
  readonly severity: Severity;
  readonly confidence: number;
  readonly lane: Lane;
  readonly direction: Direction;
  /** UTF-16 offsets in the lane's text. */
  readonly start: number;
  readonly end: number;
  /** What policy wants. */
  readonly action: Action;
  /** What was done: `observe` in observe mode, and for text that had already left when it was recognised. */
  readonly taken: Action;
  readonly references: readonly string[];
}
