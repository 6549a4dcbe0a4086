import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['tfn', 'tax file', 'taxfile', ...TAX_WORDS]);

export default detector({
  name: 'au-tfn',
  family: 'pii',
  summary: 'Australian tax file numbers (nine digits, modulo 11) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b\d{3}(?: \d{3} |-\d{3}-|\d{3})\d{3}\b/,
  check: isTfn,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['TFN 471 066 377', 'tax file number: 459430589', '"tfn":"218-604-230"', 'my tfn is 126796047', 'Tax File No 991679381'],
  ignores: ['TFN 471 066 378', 'order 471066377', 'tel 471 066 377', 'tfn 000000000', 'tfn 0.471066377', '2024-471-066-377'],
});

/** The check of a candidate (Australian Taxation Office): weighted sum modulo 11. */
function isTfn(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  return weightedSum(digits, WEIGHTS) % 11 === 0 && !isOneDigit(digits) && !continuesNumber(candidate, before);
}

const WEIGHTS = [1, 4, 3, 7, 5, 8, 6, 9, 10];
