import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['medicare', 'irn']);

export default detector({
  name: 'au-medicare',
  family: 'pii',
  summary: "Australian Medicare card numbers (ten digits, or eleven with the person's place) after a context word.",
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b[2-6]\d{3}(?: \d{5} \d(?:[ /]?\d)?|-\d{5}-\d(?:[-/]?\d)?|\d{6}(?:[ /-]?\d)?)\b/,
  check: isMedicareNumber,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'Medicare 2123 45670 1',
    'medicare card: 2123456701',
    'medicare_no=2123-45670-1',
    'Medicare number 2123 45670 1/2, expires 04/2027',
    '"medicareNumber":"21234567012"',
  ],
  ignores: [
    'Medicare 2123 45671 1',
    'order 2123456701',
    '2123 45670 1',
    'Medicare 7123 45670 1',
    'Medicare 2123 45670 0',
    'medicare costs 2123 45678',
  ],
});

/** The check of a candidate (Australian Institute of Health and Welfare, METeOR 270101): weighted sum modulo 10, then the card's issue. */
function isMedicareNumber(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  if (weightedSum(digits, WEIGHTS) % 10 !== Number(digits[8]) || digits[9] === '0' || digits[10] === '0') return false;
  return !continuesNumber(candidate, before);
}

const WEIGHTS = [1, 3, 7, 9, 1, 3, 7, 9];
