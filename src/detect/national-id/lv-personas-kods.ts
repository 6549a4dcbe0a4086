import { isDate } from '../checks/calendar.ts';
import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { IDENTITY_WORDS, TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'lv-personas-kods',
  family: 'pii',
  summary: 'Latvian personal codes: birth date and check digit with hyphen, bare ones and the new ones (32…) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  pattern: /\b(?:[0-2]\d[01]\d{3}-?[0-2]\d{4}|3[01][01]\d{3}-?[0-2]\d{4}|3[2-9]\d{4}-?\d{5})\b/,
  check: isPersonasKods,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'personas kods 010199-02341',
    '161175-19997 dzīvo Rīgā',
    'personas kods: 325794-61005',
    '"personasKods":"16117519997"',
    'PK 01019902341',
  ],
  ignores: ['personas kods 010199-02342', '161175-19998', '325794-61005', 'pasūtījums 16117519997', '290217-22343', 'log 241121-10302'],
});

/** The check of a candidate (Law on the population register): weights, 1101 less their sum, modulo 11. Since 2017 codes are random. */
function isPersonasKods(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  if (continuesNumber(candidate, before)) return false;
  if (Number(digits.slice(0, 2)) >= 32) return isNamed(before);
  const check = ((1101 - weightedSum(digits, WEIGHTS)) % 11) % 10;
  const century = 1800 + 100 * Number(digits[6]);
  const birth = { year: century + Number(digits.slice(4, 6)), month: Number(digits.slice(2, 4)), day: Number(digits.slice(0, 2)) };
  return check === Number(digits[10]) && isDate(birth) && (candidate.includes('-') || isNamed(before));
}

const WEIGHTS = [1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const isNamed = wordNearby(['personas kod', 'personaskod', 'PK', ...TAX_WORDS, ...IDENTITY_WORDS]);
