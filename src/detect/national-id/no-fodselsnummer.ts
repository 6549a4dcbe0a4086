import { isDate } from '../checks/calendar.ts';
import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { IDENTITY_WORDS, TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'no-fodselsnummer',
  family: 'pii',
  summary:
    'Norwegian birth and D numbers (birth date, two check digits modulo 11) as printed with a space, bare ones after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /\b[0-7]\d[0-9]\d{3} ?\d{5}\b/,
  check: isFodselsnummer,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['fødselsnummer 26087517968', '130452 47141', '"fnr":"13067020485"', 'D-nummer 53045230518', 'personnr: 26064331611'],
  ignores: ['fødselsnummer 26087517969', '320452 47141', '261375 17968', 'ordre 26087517968', '00000000000', '0.26087517968'],
});

/** The check of a candidate (Skatteetaten): D numbers add 40 to the day, numbers of hospitals and tests 40 or 80 to the month. */
function isFodselsnummer(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  if (weightedSum(digits, FIRST) % 11 !== 0 || weightedSum(digits, SECOND) % 11 !== 0) return false;
  const [day, month] = [Number(digits.slice(0, 2)) % 40, Number(digits.slice(2, 4)) % 40];
  const isBirth = isDate({ year: 2000 + Number(digits.slice(4, 6)), month, day });
  return isBirth && !continuesNumber(candidate, before) && (candidate.includes(' ') || isNamed(before));
}

const FIRST = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];
const SECOND = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];
const isNamed = wordNearby(['fødsel', 'fodsels', 'fnr', 'personnummer', 'personnr', 'd nummer', ...TAX_WORDS, ...IDENTITY_WORDS]);
