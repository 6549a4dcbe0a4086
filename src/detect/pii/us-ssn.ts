import { contextWords } from '../checks/context-words.ts';
import { isFraction, leadingDigits } from '../checks/digits.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'us-ssn',
  family: 'pii',
  summary: 'US social security numbers with hyphens or spaces, bare ones after a context word; area, group and serial rules.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  pattern: /\b(?:\d{3}-\d{2}-\d{4}|\d{3} \d{2} \d{4}|\d{9})\b/,
  check: isSsn,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'my SSN is 536-22-1234',
    '536 22 1234 is hers',
    'social security number: 536221234',
    '"ssn":"001-01-0001"',
    'SSN 899-99-9999.',
    'ssn=123-45-6789',
    'row 7,536-22-1234',
  ],
  ignores: [
    '000-12-3456',
    '666-12-3456',
    '900-12-3456',
    '536-00-1234',
    '536-22-0000',
    'order 536221234',
    'zip 12345-6789',
    'on 2024-12-1234',
    'ssn ratio 0.536221234',
    'the sample card showed 078-05-1120',
    'tel +1 536 22 1234',
  ],
});

/** Numbers that were printed in advertisements and are never issued (SSA, "Social Security cards issued by Woolworth"). */
const NEVER_ISSUED = [78_05_1120, 219_09_9999];
const mentionsSsn = contextWords(['ssn', 'social security', 'social-security', 'social_security', 'socialsecurity', 'soc sec']);

/** The check of a candidate: SSA's rules since 2011, and a context word to the left of a bare nine-digit number. */
function isSsn(candidate: string, before: string): boolean {
  const number = leadingDigits(candidate, 9);
  const [area, group, serial] = [Math.floor(number / 1_000_000), Math.floor(number / 10_000) % 100, number % 10_000];
  if (area === 0 || area === 666 || area >= 900 || group === 0 || serial === 0) return false;
  if (NEVER_ISSUED.includes(number) || isFraction(candidate, before) || continuesGroups(before)) return false;
  return candidate.length > 9 || mentionsSsn(before);
}

/** Whether the candidate is the tail of a longer row of digit groups or of an international number. */
function continuesGroups(before: string): boolean {
  const separator = before.at(-1) ?? '';
  const previous = before.at(-2) ?? '';
  if (separator === '+') return true;
  if (separator !== ' ' && separator !== '-') return false;
  return previous >= '0' && previous <= '9' && (separator === '-' || startsWithPlus(before.slice(0, -1)));
}

/** Whether the text ends in `+` and digits. */
function startsWithPlus(text: string): boolean {
  let at = text.length - 1;
  while (at >= 0 && text[at]! >= '0' && text[at]! <= '9') at--;
  return text[at] === '+';
}
