import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['nhs', 'CHI', 'health service', 'health and care']);

export default detector({
  name: 'gb-nhs-number',
  family: 'pii',
  summary: 'UK NHS numbers (ten digits, modulo 11) after a context word; phone numbers written the same way pass.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b\d{3}(?: \d{3} |-\d{3}-|\d{3})\d{4}\b/,
  check: isNhsNumber,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'NHS number 943 476 5919',
    'nhs: 4274839400',
    'nhs_number=958-157-8293',
    '"nhsNumber":"4551159840"',
    'his CHI number is 151 913 5688',
  ],
  ignores: [
    'NHS number 943 476 5918',
    'call 943 476 5919',
    'order 4274839400',
    'NHS helpline 415 555 2672',
    'at 1732190400 the NHS closed',
    'nhs 0000000000',
  ],
});

/** The check of a candidate (NHS Data Dictionary, "NHS NUMBER"): weights 10 to 2, modulo 11; a check digit of 10 is never issued. */
function isNhsNumber(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  if (weightedSum(digits, WEIGHTS) % 11 !== 0 || isOneDigit(digits)) return false;
  return !continuesNumber(candidate, before);
}

const WEIGHTS = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
