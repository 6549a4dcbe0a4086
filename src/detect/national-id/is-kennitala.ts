import { isClockTime, isDate } from '../checks/calendar.ts';
import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { IDENTITY_WORDS, TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'is-kennitala',
  family: 'pii',
  summary: 'Icelandic kennitala (birth date, modulo 11, century) with hyphen, bare ones and those like a time stamp after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b[0-7]\d[01]\d{3}[- ]?[2-9]\d{2}[089]\b/,
  check: isKennitala,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'kennitala 120174-3399',
    '450401-3150 er kennitala þeirra',
    'kt. 1201743399',
    '"kennitala":"4504013150"',
    '120174-3399, Reykjavík',
  ],
  ignores: ['kennitala 120174-3389', 'pöntun 1201743399', '121374-3399', 'log 211124-2039', '120174-3391'],
});

/** The check of a candidate (Þjóðskrá): weights 3, 2, 7 to 2, 1, modulo 11; companies add 40 to the day. */
function isKennitala(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  if (weightedSum(digits, WEIGHTS) % 11 !== 0 || continuesNumber(candidate, before)) return false;
  const century = digits[9] === '0' ? 2000 : digits[9] === '9' ? 1900 : 1800;
  const birth = { year: century + Number(digits.slice(4, 6)), month: Number(digits.slice(2, 4)), day: Number(digits.slice(0, 2)) % 40 };
  return isDate(birth) && ((candidate.includes('-') && !isClockTime(digits.slice(6))) || isNamed(before));
}

const WEIGHTS = [3, 2, 7, 6, 5, 4, 3, 2, 1];
const isNamed = wordNearby(['kennitala', 'kennitolu', 'kt', ...TAX_WORDS, ...IDENTITY_WORDS]);
