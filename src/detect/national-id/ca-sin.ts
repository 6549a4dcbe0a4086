import { digitsOf } from '../checks/digits.ts';
import { passesLuhn } from '../checks/luhn.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['SIN', 'NAS', 'social insurance', 'assurance sociale', ...TAX_WORDS]);

export default detector({
  name: 'ca-sin',
  family: 'pii',
  summary: 'Canadian social insurance numbers (nine digits, Luhn, an issued first digit) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b[0-79]\d{2}(?: \d{3} |-\d{3}-|\d{3})\d{3}\b/,
  check: isSin,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'SIN 733 872 659',
    'social insurance number: 797-818-358',
    '"sin": "794885533"',
    "numéro d'assurance sociale 774 171 847",
    'mon NAS est 724-264-981',
  ],
  ignores: [
    'SIN 733 872 658',
    'order 733872659',
    'sin 2 euros en 733872659',
    'phone 733-872-659',
    'SIN 846 454 284',
    'SIN 000 000 000',
    'business of 797818358',
  ],
});

/** The check of a candidate (Employment and Social Development Canada): Luhn. The tax office gives numbers from 0, nobody from 8. */
function isSin(candidate: string, before: string): boolean {
  return passesLuhn(candidate) && !isOneDigit(digitsOf(candidate)) && !continuesNumber(candidate, before);
}
