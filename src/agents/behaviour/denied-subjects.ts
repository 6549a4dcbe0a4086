import type { BehaviourFinding } from './finding.ts';
import { MINUTE_MS } from './settings.ts';

/** Findings whose action is `deny`, by the fingerprint of their subject: what is let through is asked here. */
export interface DeniedSubjects {
  readonly size: number;
  /** Denies the subject for as long as the finding's window, ten minutes at least; seen again, from then on. */
  hold(finding: BehaviourFinding, subject: number): void;
  /** What denies a subject now, and how long still. */
  of(subject: number, nowMs: number): readonly { readonly finding: BehaviourFinding; readonly untilMs: number }[];
  release(subject: number): void;
}

const HOLD_MS_MIN = 10 * MINUTE_MS;

/** Of more than `subjectsMax` the one that was denied first is let go. */
export function createDeniedSubjects(subjectsMax: number): DeniedSubjects {
  const held = new Map<number, readonly { readonly finding: BehaviourFinding; readonly untilMs: number }[]>();
  return {
    get size() {
      return held.size;
    },
    hold(finding, subject) {
      const others = (held.get(subject) ?? []).filter((one) => one.finding.id !== finding.id);
      const [first] = held.keys();
      if (!held.has(subject) && held.size >= subjectsMax && first !== undefined) held.delete(first);
      held.set(subject, [...others, { finding, untilMs: finding.unixMs + Math.max(finding.windowMs, HOLD_MS_MIN) }]);
    },
    of(subject, nowMs) {
      const all = held.get(subject);
      if (all === undefined) return [];
      const now = all.filter(({ untilMs }) => untilMs > nowMs);
      if (now.length === 0) held.delete(subject);
      return now;
    },
    release: (subject) => void held.delete(subject),
  };
}
