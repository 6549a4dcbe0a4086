import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { IDENTITY_WORDS, TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['bsn', 'burgerservice', 'sofi', 'sofinummer', 'persoonsnummer', ...TAX_WORDS, ...IDENTITY_WORDS]);

export default detector({
  name: 'nl-bsn',
  family: 'pii',
  summary: 'Dutch citizen service numbers (nine digits, the eleven test) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b(?:\d{4}(?:\.\d{2}\.\d{3}| \d{2} \d{3}|\d{5})|\d{3}(?:\.\d{3}\.\d{3}| \d{3} \d{3}))\b/,
  check: isBsn,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'BSN 941 761 034',
    'BSN 9417.61.034',
    'BSN 9417 61 034',
    'BSN 941761034',
    'burgerservicenummer: 8742.19.401',
    '"bsn":"752879911"',
    'sofinummer 229106122',
    'Tax ID 174559434',
  ],
  ignores: [
    'BSN 941 761 035',
    'order 941 761 034',
    'BSN 941761035',
    'order 941761034',
    'bsn 000000000',
    'version 8742.19.401',
    'tel 0.941761034',
    'jobsnap 941761034',
  ],
});

/** The check of a candidate (Logisch Ontwerp BSN): weights 9 to 2 and −1, modulo 11. */
function isBsn(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  return weightedSum(digits, WEIGHTS) % 11 === 0 && !isOneDigit(digits) && !continuesNumber(candidate, before);
}

const WEIGHTS = [9, 8, 7, 6, 5, 4, 3, 2, -1];
