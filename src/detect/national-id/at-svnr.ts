import { isDate } from '../checks/calendar.ts';
import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { IDENTITY_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['svnr', 'sv nr', 'sv nummer', 'sozialversicherung', 'versicherungsnummer', 'vers. nr', ...IDENTITY_WORDS]);

export default detector({
  name: 'at-svnr',
  family: 'pii',
  summary: 'Austrian social insurance numbers (serial, check digit modulo 11, birth date) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b[1-9]\d{3}[ /-]?[0-3]\d[0-2]\d{3}\b/,
  check: isSvnr,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'SVNR 5378/020890',
    'SVNR 5378 020890',
    'Sozialversicherungsnummer: 1075190659',
    '"svnr":"5823170361"',
    'Vers.-Nr. 4937 211024',
    'sv nummer 3741240742',
  ],
  ignores: [
    'SVNR 5379/020890',
    'SVNR 5379 020890',
    'Bestellung 1075190659',
    '5378 020890',
    'SVNR 5378 321390',
    'at 1732190400',
    'svnr 0.1075190659',
  ],
});

/** The check of a candidate (Dachverband der Sozialversicherungsträger). Months 13–15 are used when the serials of a day ran out. */
function isSvnr(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  if (weightedSum(digits, WEIGHTS) % 11 !== Number(digits[3]) || continuesNumber(candidate, before)) return false;
  const month = Math.min(Number(digits.slice(6, 8)), 12);
  return isDate({ year: 2000 + Number(digits.slice(8)), month, day: Number(digits.slice(4, 6)) });
}

const WEIGHTS = [3, 7, 9, 0, 5, 8, 4, 2, 1, 6];
