import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['ird', 'inland revenue', ...TAX_WORDS]);

export default detector({
  name: 'nz-ird',
  family: 'pii',
  summary: 'New Zealand IRD numbers (eight or nine digits, modulo 11 with a second row of weights) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  pattern: /\b\d{2,3}(?:-\d{3}-| \d{3} |\d{3})\d{3}\b/,
  check: isIrd,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['IRD 129-297-530', 'ird number: 149381155', '"ird":"49091850"', 'Inland Revenue no 49-091-850', 'IRD 122 168 387'],
  ignores: ['IRD 129-297-531', 'order 149381155', '129-297-530', 'ird 0.149381155', 'bird 149381155'],
});

/** The check of a candidate (Inland Revenue, "Resident withholding tax: file upload specification"); issued from 10,000,000 on. */
function isIrd(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate).padStart(9, '0');
  const first = (11 - (weightedSum(digits, FIRST) % 11)) % 11;
  const check = first < 10 ? first : (11 - (weightedSum(digits, SECOND) % 11)) % 11;
  if (check !== Number(digits[8]) || Number(digits) < 10_000_000 || Number(digits) > 150_000_000) return false;
  return !continuesNumber(candidate, before);
}

const FIRST = [3, 2, 7, 6, 5, 4, 3, 2];
const SECOND = [7, 4, 3, 2, 5, 2, 7, 6];
