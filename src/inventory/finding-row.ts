import { createHash } from 'node:crypto';

/** One finding as the inventory keeps it: where, what kind and what was done, never the text. */
export interface FindingRow {
  /** The same for every delivery of the finding, from whichever span it was read. */
  readonly id: string;
  /** End of the exchange, whole Unix milliseconds. */
  readonly timeMs: number;
  /** Empty when a foreign guardrail reported it without one. */
  readonly exchangeId: string;
  readonly detector: string;
  readonly family: string;
  readonly severity: string;
  /** Thousandths, 0 to 1000. */
  readonly confidence: number;
  readonly lane: string;
  readonly direction: string;
  /** What policy wanted, and what was done. */
  readonly action: string;
  readonly taken: string;
  readonly start: number;
  readonly length: number;
  readonly method: string;
  readonly host: string;
  /** Templated. */
  readonly path: string;
  readonly callerKind: string;
  readonly callerId: string;
  readonly agent: string;
  readonly model: string;
  readonly route: string;
  readonly policyVersion: string;
}

/** What of a finding stands in one line of `sluice.finding.rows`, in this order. */
const PARTS = ['detector', 'family', 'severity', 'confidence', 'lane', 'direction', 'action', 'taken', 'start', 'length'] as const;

export type FindingParts = Pick<FindingRow, (typeof PARTS)[number]>;
export type FindingContext = Omit<FindingRow, keyof FindingParts | 'id'>;

/** Findings kept of one exchange; the filter has no more by default. */
export const FINDINGS_MAX = 256;

const SEVERITIES: ReadonlySet<string> = new Set(['info', 'low', 'medium', 'high', 'critical']);
const ACTIONS: ReadonlySet<string> = new Set(['observe', 'redact', 'tokenize', 'deny']);
const DIRECTIONS: ReadonlySet<string> = new Set(['request', 'response']);

/** Reads one line; undefined when it is none. */
export function readFindingLine(line: string, safe: (name: string) => string): FindingParts | undefined {
  const parts = line.split('|');
  if (parts.length !== PARTS.length) return undefined;
  const [detector, family, severity, confidence, lane, direction, action, taken, start, length] = parts as [string, ...string[]];
  return checkedParts({
    detector: safe(detector),
    family: safe(family ?? ''),
    severity: severity ?? '',
    confidence: thousandths(Number(confidence)),
    lane: safe(lane ?? ''),
    direction: direction ?? '',
    action: action ?? '',
    taken: taken ?? '',
    start: whole(Number(start)),
    length: whole(Number(length)),
  });
}

/** Undefined when a word from a closed list is not in it. */
export function checkedParts(parts: FindingParts): FindingParts | undefined {
  const known =
    parts.detector !== '' &&
    SEVERITIES.has(parts.severity) &&
    ACTIONS.has(parts.action) &&
    ACTIONS.has(parts.taken) &&
    DIRECTIONS.has(parts.direction);
  return known ? parts : undefined;
}

/** The exchange's id (or, without one, the ids of trace and span) and the place in it name a finding. */
export function findingRow(parts: FindingParts, context: FindingContext, fallbackId: string): FindingRow {
  const place = [parts.detector, parts.lane, parts.direction, String(parts.start), String(parts.length)];
  const id = createHash('sha256')
    .update([context.exchangeId || fallbackId, ...place].join('\0'))
    .digest('hex')
    .slice(0, 24);
  return { id, ...parts, ...context };
}

export const thousandths = (value: number): number => (value >= 0 && value <= 1 ? Math.round(value * 1000) : 0);
export const whole = (value: number): number => (Number.isSafeInteger(value) && value >= 0 ? value : 0);
