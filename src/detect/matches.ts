import { SEVERITIES } from './detector.ts';
import { ACTIONS, type Match, type Rule } from './scan.ts';

/** What stands in place of a redacted text. It matches no rule, so redacting twice changes nothing. */
export function replacementOf(rule: Pick<Rule, 'id'>): string {
  return `[REDACTED:${rule.id}]`;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
/** By start, then end, then id. */
export const byStart = (a: Match, b: Match): number => a.start - b.start || a.end - b.end || compareText(a.rule.id, b.rule.id);

/** By end; at one end what does not deny comes first, by start and id, then denials, the gravest first. */
export function byEnd(a: Match, b: Match): number {
  const denies = ({ rule }: Match): number => (rule.action === 'deny' ? 1 : 0);
  const first = denies(a) === 1 && denies(b) === 1 ? compareSeverity(a.rule, b.rule) : a.start - b.start;
  return a.end - b.end || denies(a) - denies(b) || first || compareText(a.rule.id, b.rule.id);
}

const compareSeverity = (a: Rule, b: Rule): number => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity);

/** Negative when `a` names a replacement: highest action, then severity, then length, then id. */
export const compareMatches = (a: Match, b: Match): number =>
  ACTIONS.indexOf(b.rule.action) - ACTIONS.indexOf(a.rule.action) ||
  compareSeverity(a.rule, b.rule) ||
  b.end - b.start - (a.end - a.start) ||
  compareText(a.rule.id, b.rule.id);
