import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['taj', 'tajszam', 'tarsadalombiztositas']);

export default detector({
  name: 'hu-taj',
  family: 'pii',
  summary: 'Hungarian social insurance numbers (TAJ, nine digits, modulo 10) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  pattern: /\b\d{3}(?: \d{3} |-\d{3}-|\d{3})\d{3}\b/,
  check: isTaj,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['TAJ 123 456 788', 'TAJ-szám: 111111110', '"taj":"037687210"', 'társadalombiztosítási azonosító 123-456-788'],
  ignores: ['TAJ 123 456 789', 'rendelés 123456788', 'taj 000000000', 'taj 0.123456788', 'tajga 123456788'],
});

/** The check of a candidate (Act XX of 1996): three times the odd places, seven times the even ones, modulo 10. */
function isTaj(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  if (weightedSum(digits, WEIGHTS) % 10 !== Number(digits[8]) || isOneDigit(digits)) return false;
  return !continuesNumber(candidate, before);
}

const WEIGHTS = [3, 7, 3, 7, 3, 7, 3, 7];
