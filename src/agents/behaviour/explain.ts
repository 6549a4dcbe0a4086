import { type BehaviourFinding, MEASURES } from './finding.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './settings.ts';

/** Makes a name fit to be shown: no value in it, bounded. The caller brings it (`telemetry`'s `safeName` with its detectors). */
export type NameShown = (name: string) => string;

/** A finding as a sentence: who, what was seen, over which time, what was expected and why. Numbers and safe names only. */
export function explainFinding(finding: BehaviourFinding, shown: NameShown): string {
  const { subject, object, measure } = finding;
  const who = `${subject.kind} ${shown(subject.name)}`;
  const where = object === undefined ? '' : ` at ${object.kind} ${shown(object.name)}`;
  if (measure === 'firstUse')
    return `${who} used ${object === undefined ? 'something' : `${object.kind} ${shown(object.name)}`} for the first time`;
  const what = MEASURES[measure];
  return `${who}: ${amount(finding, finding.seen)} ${what}${where} ${windowWords(finding.windowMs)}, where ${expectation(finding)}`;
}

/** A budget is told of when it is full: what was seen and what is allowed are then the same. */
function expectation(finding: BehaviourFinding): string {
  if (finding.basis === 'policy') return `the policy allows ${amount(finding, finding.expected)}`;
  const most = finding.expected === 0 ? 'none were' : `at most ${amount(finding, finding.expected)} were`;
  return `${most} expected (${REASONS[finding.basis]})`;
}

const REASONS = { learned: 'learned from its past', default: 'the default' } as const satisfies Record<
  Exclude<BehaviourFinding['basis'], 'policy'>,
  string
>;

function amount({ measure }: BehaviourFinding, value: number): string {
  if (measure === 'microUsd') return (value / 1e6).toFixed(2);
  return Math.round(value).toLocaleString('en-US');
}

function windowWords(windowMs: number): string {
  if (windowMs === 0) return 'in one turn or run';
  for (const [unitMs, one, many] of UNITS) {
    const count = windowMs / unitMs;
    if (Number.isInteger(count)) return count === 1 ? `in ${one}` : `in ${count} ${many}`;
  }
  return `in ${Math.round(windowMs / 1_000)} seconds`;
}

const UNITS = [
  [DAY_MS, 'one day', 'days'],
  [HOUR_MS, 'one hour', 'hours'],
  [MINUTE_MS, 'one minute', 'minutes'],
] as const;
