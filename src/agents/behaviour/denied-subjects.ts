import { z } from 'zod';
import { SEVERITIES } from '../../detect/detector.ts';
import { BEHAVIOUR_NAMES, type BehaviourFinding, MEASURES, type Measure } from './finding.ts';
import { MINUTE_MS } from './settings.ts';

/** What denies a subject; who it is knows who asks. */
export interface HeldFinding {
  /** Without `object` when it comes from a snapshot. */
  readonly finding: Omit<BehaviourFinding, 'subject'>;
  readonly untilMs: number;
}

/** Findings whose action is `deny`, by the fingerprint of their subject: what is let through is asked here. */
export interface DeniedSubjects {
  readonly size: number;
  /** Denies the subject for as long as the finding's window, ten minutes at least; seen again, from then on. */
  hold(finding: BehaviourFinding, subject: number): void;
  /** What denies a subject now, and how long still. */
  of(subject: number, nowMs: number): readonly HeldFinding[];
  release(subject: number): void;
  clear(): void;
  /** All of them as they are at the beginning, so many to a piece; with no name. */
  snapshot(): Generator<readonly DeniedRow[]>;
  /** Takes a piece of a snapshot. False: it is none. */
  restore(piece: unknown): boolean;
}

const HOLD_MS_MIN = 10 * MINUTE_MS;
const ROWS_AT_ONCE = 1_000;

/** A subject, by its fingerprint, and what denies it. */
interface DeniedRow {
  readonly subject: number;
  readonly held: readonly HeldFinding[];
}

/** Of more than `subjectsMax` the one that was denied first is let go. */
export function createDeniedSubjects(subjectsMax: number): DeniedSubjects {
  const held = new Map<number, readonly HeldFinding[]>();

  function put(subject: number, findings: readonly HeldFinding[]): void {
    const [first] = held.keys();
    if (!held.has(subject) && held.size >= subjectsMax && first !== undefined) held.delete(first);
    held.set(subject, findings);
  }

  return {
    get size() {
      return held.size;
    },
    hold(found, subject) {
      const { subject: _, ...finding } = found;
      const others = (held.get(subject) ?? []).filter((one) => one.finding.id !== finding.id);
      put(subject, [...others, { finding, untilMs: finding.unixMs + Math.max(finding.windowMs, HOLD_MS_MIN) }]);
    },
    of(subject, nowMs) {
      const all = held.get(subject);
      if (all === undefined) return [];
      const now = all.filter(({ untilMs }) => untilMs > nowMs);
      if (now.length === 0) held.delete(subject);
      return now;
    },
    release: (subject) => void held.delete(subject),
    clear: () => held.clear(),
    *snapshot() {
      const then = [...held];
      for (let from = 0; from < then.length; from += ROWS_AT_ONCE) {
        yield then.slice(from, from + ROWS_AT_ONCE).map(([subject, findings]) => ({ subject, held: findings.map(nameless) }));
      }
    },
    restore(piece) {
      const rows = z.array(deniedRow).safeParse(piece).data;
      for (const { subject, held: findings } of rows ?? []) put(subject, findings);
      return rows !== undefined;
    },
  };
}

function nameless({ finding: held, untilMs }: HeldFinding): HeldFinding {
  const { object: _, ...finding } = held;
  return { finding, untilMs };
}

const deniedRow = z.strictObject({
  subject: z.int().positive(),
  held: z.array(
    z.strictObject({
      finding: z.strictObject({
        id: z.enum(BEHAVIOUR_NAMES.map((name) => `behaviour.${name}` as const)),
        family: z.literal('behaviour'),
        severity: z.enum(SEVERITIES),
        confidence: z.number(),
        action: z.literal('deny'),
        measure: z.enum(Object.keys(MEASURES) as Measure[]), // the keys of a literal
        expected: z.number(),
        seen: z.number(),
        windowMs: z.number(),
        basis: z.enum(['policy', 'learned', 'default']),
        unixMs: z.number(),
        references: z.array(z.string()),
      }),
      untilMs: z.number(),
    }),
  ),
});
