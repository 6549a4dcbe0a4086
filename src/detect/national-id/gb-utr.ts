import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['utr', 'taxpayer reference', 'self assessment', 'hmrc', ...TAX_WORDS]);

export default detector({
  name: 'gb-utr',
  family: 'pii',
  summary: 'UK unique taxpayer references (ten digits, the first one a check digit modulo 11) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  pattern: /\b\d{5} ?\d{5}K?\b/i,
  check: isUtr,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'UTR 19558 39661',
    'utr: 1955839661',
    'unique taxpayer reference 11157 58663',
    '"utr":"1115758663"',
    'self assessment number 1955839661K',
  ],
  ignores: ['UTR 19558 39662', 'order 1955839661', 'utr 0000000000', 'at 1732190400', 'utr 0.1955839661'],
});

/** The check of a candidate (HMRC): weights 6 to 10 and 5 to 2 over the last nine, modulo 11. */
function isUtr(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  if ('21987654321'[weightedSum(digits, WEIGHTS) % 11] !== digits[0] || isOneDigit(digits)) return false;
  return !continuesNumber(candidate, before);
}

const WEIGHTS = [0, 6, 7, 8, 9, 10, 5, 4, 3, 2];
